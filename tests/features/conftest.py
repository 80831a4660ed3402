"""A real server over the real collection, and a real browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from kb import IndexFolder
from tests.conftest import CONTENT

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture(scope="session")
def server(collection_index: IndexFolder) -> Iterator[str]:
    """The address of `kb serve` in a process of its own."""
    places = ["--content", str(CONTENT), "--index", str(collection_index.root)]
    command = [sys.executable, "-m", "kb", "serve", "--port", "0", *places]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if "Serving" in line:
            return next(word for word in line.split() if word.startswith("http"))
    raise AssertionError("kb serve ended without serving")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from the system; no other is downloaded."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and in CI the browser tests must run.")
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        # Root, as in many containers, cannot use Chromium's sandbox.
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


class Pages:
    """Pages on the site, lent to one test after another: to open one takes longer than most tests take on it.

    A page comes back as it was: empty, as large as before, on a screen, in the colours of its context. What a test adds
    to it that stays (`add_init_script`) belongs on a page of its own.
    """

    def __init__(self, browser: Browser, server: str) -> None:
        self._browser = browser
        self._server = server
        self._free: dict[str, list[Page]] = {}

    @contextmanager
    def lent(self, **options: Any) -> Iterator[Page]:
        """A page in a context with these options; anything it asks of another host fails the test."""
        free = self._free.setdefault(json.dumps(options, sort_keys=True), [])
        page = free.pop() if free else self._browser.new_context(base_url=self._server, **options).new_page()
        size = page.viewport_size
        elsewhere: list[str] = []

        def note(asked: Request) -> None:
            if not asked.url.startswith(self._server):
                elsewhere.append(asked.url)

        page.on("request", note)
        yield page
        page.remove_listener("request", note)
        page.unroute_all()
        page.goto("about:blank")
        page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
        if size:
            page.set_viewport_size(size)
        free.append(page)
        assert elsewhere == []


@pytest.fixture(scope="session")
def pages(browser: Browser, server: str) -> Pages:
    """Lends pages on the site."""
    return Pages(browser, server)


@pytest.fixture(params=["with JavaScript", pytest.param("without JavaScript", marks=pytest.mark.slow)])
def page(request: pytest.FixtureRequest, pages: Pages) -> Iterator[Page]:
    """A page on the site, with and without scripts."""
    with pages.lent(java_script_enabled=request.param == "with JavaScript") as lent:
        yield lent


@pytest.fixture
def scripted(pages: Pages) -> Iterator[Page]:
    """A page with JavaScript."""
    with pages.lent() as lent:
        yield lent


@pytest.fixture
def phone(pages: Pages) -> Iterator[Page]:
    """A page on a small phone."""
    with pages.lent(viewport={"width": 360, "height": 740}, has_touch=True) as lent:
        yield lent
