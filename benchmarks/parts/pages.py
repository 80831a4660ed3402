"""How pages load for a first visit, by Lighthouse.

Measured, and why it is fair:

- The collection as it is shipped, served by `kb serve`; home, a search, and a case, each with an empty cache.
- Lighthouse in its default settings: a slow phone on a slow network, simulated from what Chromium measured.
  It is taken from the npm registry by `npx`, in the version named here; Chromium is the system's.
- The bytes are those that went over the wire, compressed, with everything the page loads.

Without `npx` or Chromium nothing can be measured, and the part says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import Check, Section, Table, number
from benchmarks.servers import HOST, Server, kb_serve, serving
from benchmarks.stage import OWN_CONTENT, Stage, build_collection

LIGHTHOUSE = "lighthouse@12.8.2"
LIGHTHOUSE_SECONDS = 240.0
ATTEMPTS = 3
"""Now and then Lighthouse misses the start of a page and asks to be run again."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

PAGES = {
    "home": "/",
    "search": "/cases?q=school",
    "case": "/cases/aarhus-info-house",
}
CATEGORIES = {"accessibility": 100.0, "best-practices": 100.0, "seo": 100.0, "performance": 95.0}
"""Points wanted of each, of 100."""

FIRST_VISIT_KB = 100.0
"""Kilobytes that a first visit to the search page may transfer."""


@dataclass(frozen=True)
class Visit:
    """What Lighthouse says of one visit."""

    points: Mapping[str, float]
    kilobytes: float
    layout_shift: float
    contentful_seconds: float
    """Until the largest part of the page is there, on the simulated phone."""


def run(stage: Stage, plots: Path) -> Section:
    """Measure, and report."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    npx = shutil.which("npx")
    if browser is None or npx is None:
        raise SystemExit("The part `pages` needs Chromium and `npx` (Debian: apt-get install chromium npm).")
    index = stage.folder / "pages"
    build_collection(OWN_CONTENT, index)
    command, port = kb_serve(OWN_CONTENT, index)
    visits: dict[str, list[Visit]] = {name: [] for name in PAGES}
    with serving("kb serve", command, port, "/readyz") as server:
        turns = [page for _ in range(stage.options.runs) for page in PAGES.items()]
        for name, path in stage.track(turns, "Visiting pages with Lighthouse"):
            visits[name].append(_visit(server, path, npx, browser))
    return Section(
        name="pages",
        title="Pages on a first visit",
        how=_how(stage),
        checks=list(_checks(visits)),
        tables=[_table(visits)],
    )


def _visit(server: Server, path: str, npx: str, browser: str) -> Visit:
    flags = "--headless=new --disable-gpu" + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = [
        npx, "--yes", LIGHTHOUSE, f"http://{HOST}:{server.port}{path}", "--quiet", "--output=json",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}",
    ]  # fmt: skip
    reason = b""
    for _ in range(ATTEMPTS):
        done = subprocess.run(
            command,
            env={**os.environ, "CHROME_PATH": browser},
            capture_output=True,
            timeout=LIGHTHOUSE_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            return read_visit(json.loads(done.stdout))
        reason = done.stderr
    raise SystemExit(f"Lighthouse failed on {path}: {reason.decode(errors='replace')[-500:]}")


def read_visit(report: Mapping[str, Any]) -> Visit:
    """The figures that matter here, from Lighthouse's own report."""
    audits = report["audits"]
    return Visit(
        points={name: 100 * float(report["categories"][name]["score"]) for name in CATEGORIES},
        kilobytes=audits["total-byte-weight"]["numericValue"] / 1000,
        layout_shift=audits["cumulative-layout-shift"]["numericValue"],
        contentful_seconds=audits["largest-contentful-paint"]["numericValue"] / 1000,
    )


def _checks(visits: Mapping[str, Sequence[Visit]]) -> Iterator[Check]:
    for page, seen in visits.items():
        for category, wanted in CATEGORIES.items():
            points = median(visit.points[category] for visit in seen)
            yield Check(f"{page}: {category}", points, wanted, "points", at_least=True)
        yield Check(f"{page}: layout shift", max(visit.layout_shift for visit in seen), 0.0, "")
    yield Check("search: transferred", max(visit.kilobytes for visit in visits["search"]), FIRST_VISIT_KB, "kB")


def _table(visits: Mapping[str, Sequence[Visit]]) -> Table:
    headings = ("", *CATEGORIES, "layout shift", "largest paint, s", "transferred, kB")
    return Table(
        headings,
        [
            (
                page,
                *(number(median(visit.points[category] for visit in seen)) for category in CATEGORIES),
                number(median(visit.layout_shift for visit in seen)),
                number(median(visit.contentful_seconds for visit in seen)),
                number(median(visit.kilobytes for visit in seen)),
            )
            for page, seen in visits.items()
        ],
    )


def _how(stage: Stage) -> str:
    visits = "once" if stage.options.runs == 1 else f"{stage.options.runs} times"
    return (
        f"The collection as shipped, each page visited {visits} with an empty cache; {LIGHTHOUSE}, a simulated phone."
    )
