// Makes a search on the search page instant. Without this script the same form and links load whole pages; the server
// makes every page, and what is shown always belongs to the address in the browser's address bar.

const PARTS = ["results", "filters"];
const form = document.getElementById("search");
const announcement = document.getElementById("announce");
let running = new AbortController();
let shown = location.search;

history.replaceState({ ...history.state, scroll: scrollY }, "");
prepareFacets();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await go(addressOfForm(), { toTop: true });
  if (inFilters()) closeFilters();
});

form.addEventListener("change", (event) => {
  if (event.target.matches("input[type=checkbox], select")) go(addressOfForm());
});

form.addEventListener("input", (event) => {
  if (event.target.matches(".facet-find input")) filterValues(event.target);
});

form.addEventListener("keydown", (event) => {
  // Enter in the box that finds values must not send the form.
  if (event.key === "Enter" && event.target.matches(".facet-find input")) event.preventDefault();
  if (event.key === "Escape" && inFilters()) closeFilters();
});

form.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-live], .pagination a, .close-filters");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.matches(".close-filters")) closeFilters();
  // A link is a separate search: it leaves out text typed but not submitted.
  else go(new URL(link.href), { toTop: !link.dataset.live, restoreForm: true });
});

addEventListener("popstate", (event) => {
  // Opening and closing the filters is a step in the history too, but not a new search.
  if (location.search !== shown) show(new URL(location), { scroll: event.state?.scroll, restoreForm: true });
});

document.addEventListener("list-changed", () => (shown = location.search));

/** On a phone the filters are a separate view, opened by the fragment. */
function inFilters() {
  return location.hash === "#filters";
}

/** A new fragment leaves the filters, which pushState would not do; Back then returns to where they were opened. */
function closeFilters() {
  location.replace("#results");
  document.querySelector(".to-filters").focus();
}

/** The address of the text and filters in the form; defaults are left out. */
function addressOfForm() {
  const query = new URLSearchParams();
  const usual = document.getElementById("sort").dataset.usual;
  for (const [name, value] of new FormData(form)) {
    if (value.trim() && !(name === "sort" && value === usual)) query.append(name, value.trim());
  }
  const order = ["q", ...form.dataset.facets.split(" "), "sort", "size", "view", "shelf", "list"];
  const sorted = [...query].sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
  const address = new URL(form.action);
  address.search = new URLSearchParams(sorted);
  return address;
}

/** Shows a search and makes it a step in the history. */
async function go(address, { toTop = false, restoreForm = false } = {}) {
  history.replaceState({ ...history.state, scroll: scrollY }, "");
  await show(address, { pushed: true, toTop, restoreForm });
}

async function show(address, { pushed = false, toTop = false, scroll, restoreForm = false } = {}) {
  running.abort();
  running = new AbortController();
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  // The number on the button is that of the result shown so far.
  const button = form.querySelector("[data-counting]");
  button.textContent = button.dataset.counting;
  let page;
  try {
    page = await window.pageFrom(address, running.signal);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return;
  }
  if (pushed) addToHistory(address, toTop ? 0 : scrollY);
  shown = address.search;
  replaceParts(page, restoreForm);
  results.removeAttribute("aria-busy");
  if (toTop && !inFilters()) goToHeading();
  if (scroll !== undefined) scrollTo({ top: scroll, behavior: "instant" });
}

/** Repeating a search is not a step; nor is each tick while the filters are open, so that one Back leaves them. */
function addToHistory(address, scroll) {
  if (inFilters()) address.hash = "filters";
  const replacing = inFilters() || address.search === shown;
  history[replacing ? "replaceState" : "pushState"]({ scroll }, "", address);
}

function goToHeading() {
  const heading = document.querySelector("#results h1");
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
}

function replaceParts(page, restoreForm) {
  const focus = whereFocusIs();
  const open = openDetails();
  document.title = page.title;
  replaceLinksOfHead(page);
  // Their contents, not the elements themselves: the one that the fragment opened must stay.
  for (const id of PARTS) document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  if (restoreForm) form.elements.q.value = page.getElementById("q").value;
  for (const detail of form.querySelectorAll("#filters details")) {
    if (open.has(keyOf(detail))) detail.open = open.get(keyOf(detail));
  }
  prepareFacets();
  document.dispatchEvent(new Event("content-changed"));
  announcement.textContent = document.querySelector("#results h1").textContent;
  giveFocus(focus);
}

/** Feed, data and canonical address are those of the search that is shown. */
function replaceLinksOfHead(page) {
  const own = "link[rel=canonical], link[rel=alternate], link[rel=prev], link[rel=next]";
  for (const link of document.head.querySelectorAll(own)) link.remove();
  document.head.append(...page.head.querySelectorAll(own));
}

/** Which control has the focus, as a selector that finds it again in the new page. */
function whereFocusIs() {
  const active = document.activeElement;
  if (!form.contains(active)) return null;
  if (active.matches("input[type=checkbox]")) return `input[name="${active.name}"][value="${CSS.escape(active.value)}"]`;
  if (active.dataset.live) return `[data-live="${active.dataset.live}"]`;
  return active.id ? `#${active.id}` : "#results h1";
}

function giveFocus(selector) {
  if (!selector) return;
  const target = form.querySelector(selector) ?? document.querySelector("#results h1");
  const hidden = target.closest("details:not([open])");
  if (hidden) hidden.open = true;
  if (target !== document.activeElement) target.focus({ preventScroll: true });
}

function openDetails() {
  return new Map([...form.querySelectorAll("#filters details")].map((detail) => [keyOf(detail), detail.open]));
}

function keyOf(detail) {
  return `${detail.closest("[data-facet]").dataset.facet} ${detail.className}`;
}

/** Long facets get a box that finds values. */
function prepareFacets() {
  for (const box of form.querySelectorAll(".facet-find")) box.hidden = false;
}

function filterValues(box) {
  const facet = box.closest("[data-facet]");
  const wanted = fold(box.value);
  const more = facet.querySelector(".facet-more");
  if (wanted) more.open = true;
  const lines = [...facet.querySelectorAll("li")];
  for (const line of lines) {
    const isFound = fold(line.querySelector("label > span").textContent).includes(wanted);
    // What is ticked narrows the search: it stays in sight.
    line.hidden = !isFound && !line.querySelector("input").checked;
  }
  facet.querySelector(".facet-none").hidden = lines.some((line) => !line.hidden);
  if (!wanted) more.open = false;
}

/** Without accents and capitals, as the search itself reads words. */
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
