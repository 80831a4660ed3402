"""What is new: what happened to cases, by day, and nothing of what is not online."""

from __future__ import annotations

import os
import re
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.site.changes import MOST_CHANGES, new_page
from kb import Generation, Settings
from tests.builders import case_markdown
from tests.library import Library


def test_days_come_newest_first_and_each_once(collection: Generation) -> None:
    page = new_page(collection)
    days = [each.day.iso for each in page.days]

    assert days == sorted(set(days), reverse=True)
    assert sum(len(each.changes) for each in page.days) == MOST_CHANGES
    assert not page.is_all


def test_what_is_listed_is_what_happened_last(collection: Generation) -> None:
    everything = sorted(
        (
            change.date.isoformat()
            for slug in collection.cases.slugs()
            if (stored := collection.cases.stored(slug))
            for change in stored.history
        ),
        reverse=True,
    )
    listed = [each.day.iso for each in new_page(collection).days for _ in each.changes]

    # Without the history of the repository, every case has one entry: the day of its file.
    assert listed == everything[:MOST_CHANGES] or not everything


def test_without_a_history_the_day_of_the_file_is_all_that_is_known(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": case_markdown(title="Coffee"), "berry": case_markdown(title="Tea")})
    library.write("cherry", case_markdown(title="Secret", publication="draft"))
    for slug, time in (("apple", 1_700_000_000), ("berry", 1_800_000_000)):
        os.utime(library.content.root / "cases" / f"{slug}.md", (time, time))
    library.build()
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as client:
        html = client.get("/new").text

    assert re.findall(r'<time datetime="([^"]+)">', html) == ["2027-01-15", "2023-11-14"]
    assert re.findall(r'href="/cases/(\w+)"', html) == ["berry", "apple"]
    assert html.count("Last changed.") == 2
    assert "Secret" not in html
    assert "Everything that happened" in html
