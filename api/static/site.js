// What every page gets if scripts run: buttons that copy, and buttons that print.

reveal();
document.addEventListener("content-changed", reveal);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy, button.print-page");
  if (button?.matches(".print-page")) print();
  else if (button) await copy(button);
});

function reveal() {
  // Without a secure address browsers offer no clipboard: then there is nothing to press.
  for (const button of document.querySelectorAll("button.copy")) button.hidden = !navigator.clipboard;
  for (const button of document.querySelectorAll("button.print-page")) button.hidden = false;
}

async function copy(button) {
  button.dataset.label ??= button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied: your browser does not allow it";
  }
  setTimeout(() => (button.textContent = button.dataset.label), 2500);
}
