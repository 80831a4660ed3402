// What is written on a worksheet is kept in this browser, and nowhere else, until it is cleared.

const form = document.getElementById("worksheet");
const key = `worksheet:${form.dataset.worksheet}`;
const clear = document.getElementById("clear-worksheet");
const fields = [...form.querySelectorAll("textarea, input")];

restore();
fit();
form.addEventListener("input", () => {
  keep();
  fit();
});
addEventListener("beforeprint", fit);
clear.addEventListener("click", () => {
  for (const field of fields) {
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
  keep();
  fit();
  document.getElementById("announce").textContent = clear.dataset.done ?? "";
  fields[0].focus();
});

function keep() {
  const written = fields.filter((field) => (field.type === "checkbox" ? field.checked : field.value));
  const values = written.map((field) => [field.name, field.value]);
  try {
    if (values.length) localStorage.setItem(key, JSON.stringify(Object.fromEntries(values)));
    else localStorage.removeItem(key);
  } catch {
    return; // A browser that stores nothing: the page says nothing of keeping, and works.
  }
  clear.hidden = !values.length;
}

function restore() {
  let values = {};
  try {
    values = JSON.parse(localStorage.getItem(key) ?? "{}");
    document.getElementById("stays-here").hidden = false;
  } catch {
    return;
  }
  for (const field of fields) {
    if (field.value && field.type !== "checkbox") continue;
    if (!(field.name in values)) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = values[field.name];
  }
  keep();
}

/** Makes each field as high as what is written in it. */
function fit() {
  for (const area of form.querySelectorAll("textarea")) {
    area.style.height = "";
    if (area.scrollHeight > area.clientHeight) area.style.height = `${area.scrollHeight + 2}px`;
  }
}
