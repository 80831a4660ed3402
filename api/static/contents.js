// Marks where the reader is in a list of contents.

const links = [...document.querySelectorAll('.contents a[href^="#"]')];
const heads = new Map(links.map((link) => [document.getElementById(link.hash.slice(1)), link]));
const passed = new Set();

// A heading has been passed once it is in the upper third of the window or above it.
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) passed[isIntersecting ? "add" : "delete"](target);
    const here = [...heads.keys()].filter((head) => passed.has(head)).pop();
    for (const [head, link] of heads) {
      if (head === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  },
  { rootMargin: "100000px 0px -67% 0px" },
);

for (const head of heads.keys()) if (head) observer.observe(head);
