// Helps to fill in the form for a case. Without this script the same buttons load whole pages; the server makes every
// page. What is written stays in this tab (sessionStorage) until it is cleared or the tab is closed.

const root = document.getElementById("case-form");
const kept = document.getElementById("kept");
const status = document.getElementById("form-status");
const key = `case form ${root.dataset.case}`;
const PAUSE = 700;
let running = new AbortController();
let timer = 0;
let going = 0;

offerWhatIsKept();
reveal();

root.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (button?.value === "download") return;
  event.preventDefault();
  const asked = button?.name ? [[button.name, button.value]] : [];
  await go(asked);
});

root.addEventListener("input", (event) => {
  count(event.target);
  keep();
  clearTimeout(timer);
  timer = setTimeout(renewLive, PAUSE);
});

root.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea")) event.target.dataset.visited = "yes";
});

root.addEventListener("click", (event) => {
  const button = event.target.closest(".cite-source");
  const link = event.target.closest("a[data-step]");
  if (button) cite(document.getElementById(button.dataset.box), button.dataset.mark);
  if (link) goTo(link, event);
  if (event.target.closest("#clear")) forget();
});

document.getElementById("continue").addEventListener("click", async () => {
  kept.hidden = true;
  const page = await ask(new URLSearchParams(read()));
  if (page) showAll(page);
});

document.getElementById("forget").addEventListener("click", () => {
  forget();
  kept.hidden = true;
  document.querySelector(".step.current h2").focus();
  status.textContent = status.dataset.deleted;
});

function form() {
  return root.querySelector("form");
}

function answered() {
  return new URLSearchParams(new FormData(form()));
}

function offerWhatIsKept() {
  kept.hidden = !read();
}

function read() {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep() {
  kept.hidden = true;
  try {
    sessionStorage.setItem(key, answered());
  } catch {
    status.textContent = status.dataset.notKept;
  }
}

function forget() {
  clearTimeout(timer);
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Where nothing can be kept, nothing is.
  }
}

/** The page that comes of answers; nothing if another one was asked for meanwhile, or if there is none. */
async function ask(answers) {
  clearTimeout(timer);
  running.abort();
  running = new AbortController();
  try {
    const answer = await fetch(form().action, { method: "POST", body: answers, signal: running.signal });
    if (!answer.ok) throw new Error(answer.status === 413 ? status.dataset.tooLong : status.dataset.noAnswer);
    status.textContent = "";
    return window.parsePage(await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") {
      status.textContent = error instanceof TypeError ? status.dataset.noAnswer : error.message;
    }
    return null;
  }
}

/** Shows what a button leads to. What is typed while the answer is on its way is sent as well. */
async function go(asked, focus = "") {
  going += 1;
  root.setAttribute("aria-busy", "true");
  try {
    for (;;) {
      const sent = answered().toString();
      const page = await ask(new URLSearchParams([...new URLSearchParams(sent), ...asked]));
      if (!page) return;
      if (answered().toString() === sent) {
        showAll(page, focus);
        return;
      }
    }
  } finally {
    going -= 1;
    if (!going) root.removeAttribute("aria-busy");
  }
}

async function renewLive() {
  if (going) return;
  const page = await ask(answered());
  if (page) document.getElementById("live").replaceChildren(...page.getElementById("live").childNodes);
}

function showAll(page, focus = "") {
  const from = page.getElementById("case-form");
  root.dataset.step = from.dataset.step;
  root.replaceChildren(...from.childNodes);
  document.title = page.title;
  keep();
  reveal();
  document.dispatchEvent(new Event("content-changed"));
  const target = (focus && document.getElementById(focus)) || root.querySelector("[autofocus]");
  if (target) {
    target.closest("details")?.setAttribute("open", "");
    target.focus();
    return;
  }
  const heading = root.querySelector(".step.current h2");
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
}

/** What only works with this script. */
function reveal() {
  for (const shown of root.querySelectorAll(".cite-source, .with-script")) shown.hidden = false;
}

function goTo(link, event) {
  event.preventDefault();
  go([["go", link.dataset.step]], link.hash.slice(1));
}

/** Puts the mark of a source where the cursor is, before the full stop if it is behind one. */
function cite(box, mark) {
  let at = box.dataset.visited ? box.selectionEnd : box.value.trimEnd().length;
  if (/[.!?]/.test(box.value.charAt(at - 1))) at -= 1;
  const space = at && !/\s/.test(box.value.charAt(at - 1)) ? " " : "";
  box.setRangeText(`${space}${mark}`, at, at, "end");
  if (/[.!?]/.test(box.value.charAt(box.selectionEnd))) box.selectionEnd = box.selectionStart = box.selectionEnd + 1;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function count(field) {
  const shown = document.getElementById(`${field.id}-count`);
  if (!shown) return;
  if (field.dataset.limit) shown.textContent = `${field.value.length} of ${field.dataset.limit} characters`;
  else {
    const words = (field.value.match(/[\p{L}\p{N}_][\p{L}\p{N}_'’-]*/gu) ?? []).length;
    shown.textContent = `${words} word${words === 1 ? "" : "s"}`;
  }
}
