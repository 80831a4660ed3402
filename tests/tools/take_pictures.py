"""Takes the pictures of the way to a case, for `/contribute`: `python -m tests.tools.take_pictures`.

It starts the site and a preview of a draft on this machine, opens them in Chromium, in light and in dark, and writes
`api/static/pictures/`. Take them again when these pages have changed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "api" / "static" / "pictures"
SIZE = {"width": 880, "height": 560}
EXAMPLE = "oslo-salto"
"""The case that the pictures show: with mistakes that are easily made."""

MISTAKES = (
    ("publication: published", "publication: draft"),
    ("status: unknown", "status: not known"),
    ("In 2015 the city issued guidance on what to do with a concern about either [@s1].",
     "In 2015 the city issued guidance on what to do with a concern about either (@s1)."),
)  # fmt: skip

Scheme = Literal["light", "dark"]


def main() -> None:
    """Take all of them."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for name, show in WAYS.items():
                _take(browser, address, scheme, name, show)
        browser.close()


def _chromium() -> str:
    found = filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome")))
    return next(found, "") or sys.exit("Chromium is not installed (on Debian: apt-get install chromium).")


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a site that shows drafts, over a copy of the collection with an unfinished case."""
    shutil.copytree(ROOT / "content", folder / "content")
    (folder / "content" / "cases" / f"{EXAMPLE}.md").write_text(_unfinished(), "utf-8")
    command = [sys.executable, "-m", "kb", "preview", "--content", "content", "--index", "index"]
    with subprocess.Popen(command, cwd=folder, env={"PYTHONPATH": str(ROOT), "COLUMNS": "300"},
                          stdout=subprocess.PIPE, text=True) as process:  # fmt: skip
        try:
            yield _address(process)
        finally:
            process.kill()


def _unfinished() -> str:
    """The case with its mistakes."""
    text = (ROOT / "content" / "cases" / f"{EXAMPLE}.md").read_text("utf-8")
    for right, wrong in MISTAKES:
        if right not in text:
            sys.exit(f"`{EXAMPLE}.md` no longer says “{right}”. Choose another place for the mistake in MISTAKES.")
        text = text.replace(right, wrong, 1)
    return text


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := re.search(r"Drafts, .*(http://[^/]+)/", line):
            return found[1]
    sys.exit("The preview ended before it showed anything.")


def _take(browser: Browser, address: str, scheme: Scheme, name: str, show: Callable[[Page], None]) -> None:
    context = browser.new_context(base_url=address, viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]  # a mapping of exactly these keys
    page = context.new_page()
    show(page)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{name}-{scheme}.png")
    context.close()


def _form(page: Page) -> None:
    """The form for a new case, with its first answers."""
    page.goto("/contribute/new")
    page.locator("#f-title").fill("A door for concerns")
    page.locator("#f-summary").fill("In Aarhus, one telephone line takes concerns about young people.")
    page.locator(".live-page").get_by_text("A door for concerns").wait_for()
    page.evaluate("scrollTo(0, 280)")


def _check(page: Page) -> None:
    """What is wrong with a text that was pasted."""
    page.goto("/contribute/check")
    page.get_by_label("Or its text").fill(_unfinished())
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("note").wait_for()
    page.evaluate("scrollTo(0, 80)")


def _preview(page: Page) -> None:
    """A draft beside its problems."""
    page.goto(f"/preview/cases/{EXAMPLE}")
    page.get_by_text("It follows each save.").wait_for()
    page.evaluate("scrollTo(0, 80)")


WAYS: dict[str, Callable[[Page], None]] = {"form": _form, "check": _check, "preview": _preview}
"""How to reach what each picture shows."""

if __name__ == "__main__":
    main()
