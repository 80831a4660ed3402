"""On a live server, a case that is taken offline in any way is gone everywhere within two seconds of the save."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.builders import case_markdown, write_content

WITHIN_SECONDS = 2.0
SECRET = "zanzibar"  # noqa: S105 - a word to search for
LINE = "publication: published"


def text(slug: str) -> str:
    """A published case that says its secret and its slug."""
    return case_markdown(
        title=f"{SECRET}: {slug}", aliases=[f"old-{slug}"], body={"Context": f"{SECRET}: {slug} [@s1]."}
    )


def write_instead(written: str) -> Callable[[Path], object]:
    """Saves a file with something else in place of its line on publication."""
    return lambda path: path.write_text(text(path.stem).replace(LINE, written), "utf-8")


def replace_by_a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.md")


WAYS: dict[str, Callable[[Path], object]] = {
    "capitals": write_instead("Publication: Draft"),
    "empty": write_instead("publication:"),
    "commented": write_instead("# publication: published"),
    "removed": write_instead(""),
    "draft-flag": write_instead(f"{LINE}\ndraft: true"),
    "published-flag": write_instead(f"{LINE}\npublished: false"),
    "dutch": write_instead("publicatie: concept"),
    "full-width": write_instead("publication：draft"),
    "full-width-broken": write_instead("publication：draft\ncity: ["),
    "withdrawn": write_instead("publication: withdrawn"),
    "draft": write_instead("publication: draft"),
    "twice": write_instead(f"{LINE}\n{LINE}"),
    "emptied": lambda path: path.write_bytes(b""),
    "binary": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "too-large": lambda path: path.write_text(text(path.stem) + "x" * 500_000, "utf-8"),
    "utf-16": lambda path: path.write_bytes(text(path.stem).encode("utf-16")),
    "deleted": lambda path: path.unlink(),
    "renamed": lambda path: path.rename(path.with_suffix(".off")),
    "replaced-by-a-link": replace_by_a_link,
}


@dataclass(frozen=True)
class Site:
    """A running server and the content that it serves."""

    address: str
    content: Path

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body of an answer."""
        request = Request(self.address + path, headers=headers)  # noqa: S310 - our own server
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def traces(self, slug: str) -> list[str]:
        """The addresses at which a case can still be seen, in any way that does not come from the address itself."""
        seen = [path for path in LISTS if f"{SECRET}: {slug}" in self.get(path.format(slug=slug))[1]]
        pages = [f"/cases/{slug}{form}" for form in FORMS] + [f"/cases/old-{slug}", f"/api/v1/cases/{slug}"]
        return seen + [path for path in pages if self.get(path)[0] not in {404, 410}]


FORMS = ("", ".md", ".json", ".bib", ".ris", ".csl.json", ".jsonld")
LISTS = (
    "/", "/cases?size=100", f"/cases?q={SECRET}+{{slug}}", "/cases?city=aarhus&size=100", "/cities/aarhus",
    "/arrangements/informing-and-intervening", "/challenges/fragile-trust", "/feed.atom", f"/feed.atom?q={SECRET}",
    f"/api/v1/search?q={SECRET}&size=100", "/api/v1/cases?size=100", "/api/v1/export.csv", "/api/v1/export.ndjson",
    f"/api/v1/suggest?q={SECRET}+{{slug}}", "/map", "/compare?case={slug}&case=stays",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`kb serve`, as a maintainer runs it, over a small collection."""
    root = tmp_path_factory.mktemp("live")
    cases = {slug: text(slug) for slug in (*WAYS, "stays")}
    content = write_content(root / "content", cases).root
    command = [
        sys.executable,
        "-m",
        "kb",
        "serve",
        "--port",
        "0",
        "--content",
        str(content),
        "--index",
        str(root / "i"),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as served:
        try:
            assert served.stdout is not None
            line = next(line for line in served.stdout if "Serving" in line)
            yield Site(next(word for word in line.split() if word.startswith("http")), content)
        finally:
            served.terminate()
            served.wait(timeout=30)


def test_a_case_is_visible_before_and_gone_everywhere_afterwards(site: Site) -> None:
    for slug in WAYS:
        assert len(site.traces(slug)) > len(FORMS), slug
    tag = site.get("/cases/draft")

    for slug, take_offline in WAYS.items():
        take_offline(site.content / "cases" / f"{slug}.md")
    saved = time.monotonic()
    gone = 0
    while time.monotonic() < saved + WITHIN_SECONDS:
        gone = json.loads(site.get("/api/v1/search?size=1")[1])["total"]
        if gone == 1:
            break
        time.sleep(0.02)

    assert gone == 1, f"{gone - 1} cases are still online after {WITHIN_SECONDS} s"
    assert {slug: site.traces(slug) for slug in WAYS if site.traces(slug)} == {}
    assert site.get("/cases/draft") != tag
    assert site.get("/cases/stays")[0] == 200


@pytest.mark.parametrize("form", FORMS)
def test_a_case_is_sent_with_headers_that_forbid_lasting_copies(site: Site, form: str) -> None:
    request = Request(f"{site.address}/cases/stays{form}")  # noqa: S310 - our own server
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.headers["Cache-Control"] == "no-cache"
