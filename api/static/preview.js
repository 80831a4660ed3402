// A page of a draft loads itself again after each save; the browser keeps the place on the page.

const shown = document.querySelector('meta[name="kb-version"]');

follow();

function follow() {
  const changes = new EventSource(shown.dataset.changes);
  changes.onmessage = (event) => {
    if (event.data !== shown.content) location.reload();
  };
  changes.onopen = () => {
    for (const note of document.querySelectorAll(".follows")) note.hidden = false;
    for (const note of document.querySelectorAll(".stays")) note.hidden = true;
  };
  changes.onerror = () => {
    // Browsers try again by themselves, except after a refusal.
    if (changes.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
  };
}
