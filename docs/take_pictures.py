"""Takes the pictures of the README, next to a running `kb serve`: `python docs/take_pictures.py http://127.0.0.1:8000`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PICTURES = {
    "search": ("/cases?q=schools+and+police&challenge=fragile-trust&shelf=aarhus-info-house", 1280, 800, "light"),
    "case": ("/cases/london-waltham-forest-brit", 1280, 800, "light"),
    "compare": ("/compare?case=aarhus-info-house&case=vilvoorde-partner-round-table", 1280, 800, "dark"),
    "matrix": ("/matrix", 1280, 800, "light"),
    "map": ("/map/europe", 1280, 800, "dark"),
    "arrangements": ("/arrangements", 1280, 800, "light"),
    "phone": ("/cases?q=schools+and+police#filters", 390, 800, "light"),
}
"""For each picture the page, width and height in pixels, and the colour scheme."""

HERE = Path(__file__).parent


def main(site: str) -> None:
    """Take them all."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in PICTURES:
            take(browser, site, name)
        browser.close()


def take(browser: Browser, site: str, name: str) -> None:
    """Take one picture."""
    path, width, height, scheme = PICTURES[name]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(site + path, wait_until="networkidle")
    page.screenshot(path=HERE / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
