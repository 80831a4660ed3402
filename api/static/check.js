// A file can be dropped anywhere on the page, and one that is too large is not sent at all.

const form = document.querySelector(".check-form");
const input = form.elements.namedItem("file");
const tooLarge = document.getElementById("too-large");

addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});

addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});

addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (event.dataTransfer.files.length === 0) return;
  event.preventDefault();
  input.files = event.dataTransfer.files;
  if (mayBeSent()) form.requestSubmit();
});

input.addEventListener("change", mayBeSent);

form.addEventListener("submit", (event) => {
  if (!mayBeSent()) event.preventDefault();
});

function mayBeSent() {
  const size = input.files[0]?.size ?? 0;
  tooLarge.hidden = size <= Number(form.dataset.mostBytes);
  return tooLarge.hidden;
}
