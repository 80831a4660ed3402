"""What there is to do for editors: found in a generation, and in the content folder for those who have it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from kb.editorial import REVIEW_YEARS, STALE_YEARS, Chapter, Files, Overview, overview
from tests.builders import case_markdown
from tests.library import BROKEN, GOOD, Library

DAY = datetime.date(2026, 6, 15)
ALLOWED = case_markdown(body={"Context": "They meet with John Doe [@s1]. <!-- allow harm-name: made up -->"})


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path, {"plain": GOOD})


def found(library: Library, day: datetime.date = DAY) -> Overview:
    """What everybody may see."""
    library.build()
    return overview(library.open(), day)


def found_with_files(library: Library, most: int | None = None) -> Overview:
    """What those see who have the folder."""
    library.build()
    generation = library.open()
    return overview(generation, DAY, Files(library.content, library.index.origin(generation.manifest)), most)


def chapter(seen: Overview, name: str) -> Chapter:
    return next(chapter for chapter in seen.chapters if chapter.id == name)


def names(seen: Overview, name: str) -> list[str]:
    return [entry.name for entry in chapter(seen, name).entries]


def reviewed(date: str) -> str:
    return GOOD.replace("{state: unreviewed}", f'{{state: reviewed, date: {date}, by: "a city office"}}')


def test_cases_without_a_review_and_those_reviewed_long_ago_are_found(library: Library) -> None:
    library.write("late", reviewed(f"{DAY.year - REVIEW_YEARS}-06-14"))
    library.write("today", reviewed(f"{DAY.year - REVIEW_YEARS}-06-15"))
    library.write("leap", reviewed("2024-02-29"))

    assert names(found(library), "unreviewed") == ["plain"]
    assert names(found(library), "overdue") == ["leap", "late"]
    assert chapter(found(library), "overdue").entries[1].detail == "reviewed on 2024-06-14"
    assert names(found(library, datetime.date(2026, 2, 28)), "overdue") == []
    assert names(found(library, datetime.date(2026, 3, 1)), "overdue") == ["leap"]


def test_an_ongoing_practice_that_no_source_has_shown_lately_is_found(library: Library) -> None:
    limit = DAY.year - STALE_YEARS
    for year in (limit, limit - 1):
        library.write(f"said-{year}", case_markdown(extra=f"last_reported: {{year: {year}, source: s1}}\n").replace(
            "year: 2020, url", f"year: {limit}, url"))  # fmt: skip
        library.write(f"source-{year}", GOOD.replace("year: 2020, url", f"year: {year}, url"))
    library.write("undated", case_markdown(started=1999).replace("year: 2020, ", ""))
    library.write("over", case_markdown(status="ended", ended=2012))
    library.write("unknown", case_markdown(status="unknown"))

    assert names(found(library), "stale") == ["undated", "plain", f"said-{limit - 1}", f"source-{limit - 1}"]


def test_sources_without_a_link_are_named_by_their_ids(library: Library) -> None:
    library.write("unlinked", GOOD.replace(', url: "https://example.org/report"', ""))

    assert [(entry.name, entry.detail) for entry in chapter(found(library), "unlinked").entries] == [("unlinked", "s1")]


def test_terms_and_combinations_without_a_case_are_found(library: Library) -> None:
    library.write("other", case_markdown(arrangements=["knowledge-exchange"], challenges=["no-real-say"]))
    seen = found(library)

    assert {"arrangement/intelligence-link", "city/vienna", "handled/no-real-say"} <= set(names(seen, "terms"))
    assert "arrangement/knowledge-exchange" not in names(seen, "terms")
    assert names(seen, "cells") == [
        "informing-and-intervening/no-real-say", "knowledge-exchange/fragile-trust",
        "intelligence-link/fragile-trust", "intelligence-link/no-real-say",
    ]  # fmt: skip


def test_files_that_are_not_online_are_counted_for_all_and_named_for_those_who_have_them(library: Library) -> None:
    library.write("draft", case_markdown(publication="draft"))
    library.write("strange", case_markdown(publication="secret"))
    library.write("broken", BROKEN)
    library.write("gone", case_markdown(publication="withdrawn"))
    seen, own = found(library), found_with_files(library)

    assert [(chapter(seen, name).count, names(seen, name)) for name in ("offline", "withdrawn")] == [(3, []), (1, [])]
    assert {entry.name: entry.detail for entry in chapter(own, "offline").entries} == {
        "cases/broken.md": "it has errors, and there is no good version of it yet",
        "cases/draft.md": "it says `publication: draft`",
        "cases/strange.md": "line 18 reads as not published: `publication: secret`",
    }
    assert names(own, "withdrawn") == ["cases/gone.md"]
    assert chapter(own, "offline").count == 3


def test_problems_and_allowed_findings_of_what_is_online_are_counted_by_rule(library: Library) -> None:
    untold = GOOD.replace("Coffee helped [@s1].", "Coffee helped.")
    library.write("warned", untold)
    library.write("allowed", ALLOWED)
    library.write("hidden", untold.replace("publication: published", "publication: draft"))
    library.write("hidden-too", ALLOWED.replace("publication: published", "publication: withdrawn"))
    seen, own = found(library), found_with_files(library)

    assert [(entry.name, entry.detail) for entry in chapter(seen, "problems").entries] == [
        ("uncited-statement", "1 time")
    ]
    assert [(entry.name, entry.detail) for entry in chapter(seen, "allowed").entries] == [("harm-name", "1 time")]
    assert [(entry.name, entry.detail) for entry in chapter(own, "allowed").entries] == [
        ("cases/allowed.md:27", "harm-name: made up"), ("cases/hidden-too.md:27", "harm-name: made up"),
    ]  # fmt: skip
    assert names(own, "problems") == ["cases/hidden.md", "cases/warned.md"]


def test_an_edit_keeps_what_was_found_in_other_files(library: Library) -> None:
    library.write("warned", GOOD.replace("Coffee helped [@s1].", "Coffee helped."))
    library.write("allowed", ALLOWED)
    before = found(library)
    library.write("plain", case_markdown(title="Another"))
    after = found(library)

    assert library.parsed == ["cases/plain.md"]
    assert [chapter(after, name) for name in ("problems", "allowed")] == [
        chapter(before, name) for name in ("problems", "allowed")
    ]


def test_what_was_mended_is_no_longer_found(library: Library) -> None:
    library.write("warned", GOOD.replace("Coffee helped [@s1].", "Coffee helped."))
    library.write("allowed", ALLOWED)
    found(library)
    library.write("warned", GOOD)
    library.case("allowed").unlink()

    assert [chapter(found(library), name).count for name in ("problems", "allowed", "offline")] == [0, 0, 0]


def test_only_the_first_files_of_a_chapter_are_read(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        library.write(f"draft-{number}", case_markdown(publication="draft"))

    entries = chapter(found_with_files(library, most=2), "offline").entries

    assert [bool(entry.detail) for entry in entries] == [True, True, False, False, False]


def test_an_empty_collection_has_an_overview(tmp_path: Path) -> None:
    seen = found(Library(tmp_path, {}))

    assert [chapter(seen, name).count for name in ("offline", "unreviewed", "stale", "unlinked")] == [0, 0, 0, 0]
    assert len(names(seen, "cells")) == 6


def test_every_chapter_says_what_to_do(library: Library) -> None:
    assert all(chapter.to_do.endswith((".", "`.")) and chapter.label for chapter in found(library).chapters)
