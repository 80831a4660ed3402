// Suggestions while typing, following the ARIA combobox pattern: the focus stays in the field, arrows choose, Enter follows,
// Escape closes. Without this script the field is a plain search field.

const PAUSE = 90; // milliseconds without a key before anything is asked

const field = document.getElementById("q");
const WORDS = JSON.parse(field.dataset.words);
const list = document.createElement("div");
const announcement = document.createElement("p");
let waiting;
let running = new AbortController();
let chosen = -1;

Object.assign(list, { id: "suggestions", className: "suggestions", hidden: true });
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", WORDS.list);
announcement.className = "visually-hidden";
announcement.setAttribute("role", "status");
field.after(list, announcement);
for (const [name, value] of Object.entries({
  role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
})) field.setAttribute(name, value);

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
field.addEventListener("keydown", onKey);
field.addEventListener("blur", close);
field.form.addEventListener("submit", close);
// The field must keep the focus, or the list would close before the click arrives.
list.addEventListener("mousedown", (event) => event.preventDefault());

async function ask() {
  running.abort();
  running = new AbortController();
  const text = field.value.trim();
  if (text.length < 2) return close();
  try {
    const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(text)}`, { signal: running.signal });
    if (answer.ok && document.activeElement === field) show(await answer.json());
  } catch (error) {
    // Suggestions are a help, not the search: without an answer there are none.
    if (error.name !== "AbortError") close();
  }
}

function show(suggestions) {
  chosen = -1;
  field.removeAttribute("aria-activedescendant");
  const kinds = Object.keys(WORDS.kinds).map((kind) => suggestions.filter((suggestion) => suggestion.kind === kind));
  // What was found by another name than the one shown needs a second look, so it comes last.
  const [named, others] = [true, false].map((isNamed) => kinds.filter((found) => found.some(({ alias }) => !alias) === isNamed));
  const groups = [...named, ...others].filter((found) => found.length);
  list.replaceChildren(...groups.map((found) => group(WORDS.kinds[found[0].kind], found)));
  options().forEach((option, place) => { option.id = `suggestion-${place}`; });
  list.hidden = suggestions.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  announcement.textContent = list.hidden ? "" : counted(suggestions.length, WORDS.one, WORDS.many);
}

function counted(count, one, many) {
  return count === 1 ? one : many.replace("{count}", count);
}

function group(label, suggestions) {
  const made = document.createElement("div");
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", label);
  const heading = document.createElement("div");
  heading.className = "suggestions-kind";
  heading.setAttribute("aria-hidden", "true");
  heading.textContent = label;
  made.append(heading, ...suggestions.map(option));
  return made;
}

function option(suggestion) {
  const link = document.createElement("a");
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  link.tabIndex = -1;
  link.href = addressOf(suggestion);
  link.append(...marked(suggestion.label, suggestion.ranges));
  if (suggestion.alias) link.append(aside(WORDS.also.replace("{name}", () => suggestion.alias)));
  if (suggestion.kind !== "case") link.append(aside(counted(suggestion.count, WORDS.case, WORDS.cases)));
  return link;
}

/** Links carry the saved list. */
function addressOf(suggestion) {
  const address = new URL(suggestion.url);
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name === "shelf" || name === "list") address.searchParams.append(name, value);
  }
  return address.pathname + address.search;
}

function marked(text, ranges) {
  // Ranges count characters as Python does, by code points.
  const characters = [...text];
  const pieces = [];
  let position = 0;
  for (const [start, end] of ranges) {
    pieces.push(characters.slice(position, start).join(""));
    const strong = document.createElement("b");
    strong.textContent = characters.slice(start, end).join("");
    pieces.push(strong);
    position = end;
  }
  pieces.push(characters.slice(position).join(""));
  return pieces;
}

function aside(text) {
  const made = document.createElement("small");
  made.textContent = ` ${text}`;
  return made;
}

function onKey(event) {
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    close();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (list.hidden) return ask();
    event.preventDefault();
    // An answer still on its way would replace the list while the visitor is choosing from it.
    clearTimeout(waiting);
    running.abort();
    choose(event.key === "ArrowDown" ? chosen + 1 : chosen - 1);
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    options()[chosen].click();
  }
}

/** One step past either end is the field itself, with nothing selected. */
function choose(place) {
  const all = options();
  all[chosen]?.setAttribute("aria-selected", "false");
  chosen = place < -1 ? all.length - 1 : place >= all.length ? -1 : place;
  if (chosen < 0) return field.removeAttribute("aria-activedescendant");
  all[chosen].setAttribute("aria-selected", "true");
  all[chosen].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", all[chosen].id);
}

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function close() {
  clearTimeout(waiting);
  running.abort();
  list.hidden = true;
  chosen = -1;
  announcement.textContent = "";
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}
