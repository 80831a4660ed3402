"""A real server over the real collection, and a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kb import IndexFolder
from tests.conftest import CONTENT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


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


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    """A fresh page on the site; anything it asks of another host fails the test."""
    context = browser.new_context(base_url=server, java_script_enabled=request.param == "with JavaScript")
    opened = context.new_page()
    elsewhere: list[str] = []
    opened.on("request", lambda asked: None if asked.url.startswith(server) else elsewhere.append(asked.url))
    yield opened
    context.close()
    assert elsewhere == []


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    """A page on a small phone."""
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 740}, has_touch=True)
    yield context.new_page()
    context.close()
