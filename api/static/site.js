// What every page gets if scripts run: buttons that copy and print, and cases saved without loading the page again.

const LIST = ["shelf", "list"]; // the parameters of the saved list
const STORED = "saved-list";
const announcement = document.getElementById("announce");
// The site's policy lets no text become markup, but what this names: our own pages, in which scripts do not run.
const own = window.trustedTypes?.createPolicy("pages", { createHTML: (page) => page }) ?? { createHTML: (page) => page };

// For the scripts of single pages, which run after this one.
Object.assign(window, { pageFrom, parsePage });

reveal();
document.addEventListener("content-changed", reveal);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy, button.share, button.print-page");
  if (button?.matches(".print-page")) print();
  else if (button?.matches(".share")) await share(button);
  else if (button) await copy(button);
});

function reveal() {
  // Without a secure address browsers offer no clipboard: then there is nothing to press.
  for (const button of document.querySelectorAll("button.copy")) button.hidden = !navigator.clipboard;
  for (const button of document.querySelectorAll("button.share")) button.hidden = !navigator.share;
  for (const button of document.querySelectorAll("button.print-page")) button.hidden = false;
  countChosen();
}

async function share(button) {
  // Whoever closes the sheet of the phone has changed their mind: nothing to report.
  await navigator.share({ title: document.title, url: button.dataset.share }).catch(() => null);
}

async function copy(button) {
  const words = document.getElementById("saved-bar").dataset;
  button.dataset.label ??= button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = words.copied;
  } catch {
    button.textContent = words.notCopied;
  }
  announcement.textContent = button.textContent;
  setTimeout(() => (button.textContent = button.dataset.label), 2500);
}

/** The page at an address as a document. Throws an error if there is none. */
async function pageFrom(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return parsePage(await answer.text());
}

function parsePage(text) {
  return new DOMParser().parseFromString(own.createHTML(text), "text/html");
}

// The saved list. It is always the one in the browser's address bar; every link of a page carries it on, so all of them
// change with it. Without this script the same links load whole pages.

let changing = null; // while the server answers with the page for the changed list

// Whoever goes on before that would leave with the old list: what they press waits for the moment that it takes.
document.addEventListener(
  "click",
  (event) => {
    const control = changing && isPlain(event) && event.target.closest("a[href], button[type=submit]");
    if (!control) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    changing.then(() => {
      const inBar = document.querySelector(`#saved-bar .${control.classList[0] || "saved-open"}`);
      (control.isConnected ? control : (document.getElementById(control.id) ?? inBar))?.click();
    });
  },
  { capture: true },
);

function isPlain(event) {
  return !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-save]");
  if (!link || !isPlain(event)) return;
  event.preventDefault();
  const isSaving = !link.matches(".is-saved");
  const bar = await show(new URL(link.href));
  if (bar) announcement.textContent = isSaving ? bar.dataset.onSave : bar.dataset.onRemove;
});

// On the page of the list: another order, or a case less. What had the focus keeps it, or what takes its place gets it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-change]");
  if (!link || !isPlain(event)) return;
  event.preventDefault();
  const address = new URL(link.href);
  const ticked = [...document.querySelectorAll(".picking :checked")].map((box) => box.value);
  if (!(await show(address, { withContent: true }))) return;
  for (const box of document.querySelectorAll(".picking [type=checkbox]")) box.checked = ticked.includes(box.value);
  document.dispatchEvent(new Event("content-changed"));
  document.getElementById(link.hash.slice(1))?.focus({ preventScroll: false });
  announcement.textContent = link.dataset.change;
});

document.addEventListener("change", (event) => event.target.matches(".picking [type=checkbox]") && countChosen());

function countChosen() {
  for (const button of document.querySelectorAll("button[data-chosen]")) {
    button.dataset.label ??= button.textContent;
    const count = button.form.querySelectorAll(":checked").length;
    button.textContent = count ? button.dataset.chosen.replace("{n}", count) : button.dataset.label;
  }
}

// A list of links that folds over the page closes when one of them was followed.
document.addEventListener("click", (event) => {
  const fold = event.target.closest("details.row-links a")?.closest("details");
  if (fold) fold.open = false;
});

// Back leads to a page that was left before the last case was saved: the list of this tab goes on.
addEventListener("pageshow", (event) => {
  const isBack = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const stored = recall();
  if (!isBack || stored === null || stored === listIn(location)) return remember();
  const address = new URL(location);
  for (const name of LIST) address.searchParams.delete(name);
  for (const [name, value] of new URLSearchParams(stored)) address.searchParams.append(name, value);
  show(address);
});

/** Makes this page the one at `address`, which differs from it in the list alone, or in its content too. Returns the bar. */
function show(address, options = {}) {
  changing = adoptPage(address, options).finally(() => (changing = null));
  return changing;
}

async function adoptPage(address, { withContent = false }) {
  const page = await pageFrom(address).catch(() => null);
  if (page && withContent) {
    const content = document.importNode(page.getElementById("content"), true);
    document.getElementById("content").replaceChildren(...content.childNodes);
    document.title = page.title;
  }
  const [mine, its] = [linksOf(document), page ? linksOf(page) : []];
  if (mine.length !== its.length) return location.assign(address);
  for (const [place, link] of mine.entries()) adopt(link, its[place]);
  const itsForms = [...page.forms];
  for (const [place, form] of [...document.forms].entries()) carry(form, itsForms[place]);
  const bar = document.getElementById("saved-bar");
  const itsBar = page.getElementById("saved-bar");
  bar.replaceChildren(...itsBar.childNodes);
  bar.hidden = itsBar.hidden;
  Object.assign(bar.dataset, itsBar.dataset);
  address.hash = withContent ? "" : location.hash;
  history.replaceState(history.state, "", address);
  remember();
  document.dispatchEvent(new Event("list-changed"));
  return bar;
}

function linksOf(page) {
  return [...page.querySelectorAll("a[href]")].filter((link) => !link.closest("#saved-bar, .suggestions"));
}

function adopt(link, its) {
  link.setAttribute("href", its.getAttribute("href"));
  if (!its.matches(".save")) return;
  for (const { name } of [...link.attributes]) if (!its.hasAttribute(name)) link.removeAttribute(name);
  for (const { name, value } of its.attributes) link.setAttribute(name, value);
  link.replaceChildren(...its.childNodes);
}

function carry(form, its) {
  if (!its || form.matches("[data-own-list]")) return;
  const fields = LIST.map((name) => `input[type=hidden][name=${name}]`).join();
  for (const field of form.querySelectorAll(fields)) field.remove();
  form.prepend(...its.querySelectorAll(fields));
  form.setAttribute("action", its.getAttribute("action") ?? "");
}

function listIn(address) {
  const given = [...new URLSearchParams(address.search)].filter(([name]) => LIST.includes(name));
  return String(new URLSearchParams(given));
}

function remember() {
  const list = listIn(location);
  try {
    // Who has saved nothing leaves nothing in the browser.
    if (list || recall() !== null) sessionStorage.setItem(STORED, list);
  } catch {
    // A browser that stores nothing: then Back shows the page as it was.
  }
}

function recall() {
  try {
    return sessionStorage.getItem(STORED);
  } catch {
    return null;
  }
}
