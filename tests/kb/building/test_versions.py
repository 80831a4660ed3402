"""What happened to a case, told from the git history of its file: when and of which kind, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.content_folder import ContentFolder
from kb.building import versions
from kb.building.builder import build
from kb.building.history import Revision
from kb.building.versions import Timeline, changes_of
from kb.index.folder import IndexFolder
from kb.model.case import Review, ReviewState
from kb.model.history import CaseChange, ChangeKind
from tests.builders import case_markdown, vocabularies, write_content
from tests.repository import ADDRESS, NAME, Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

GOOD = case_markdown()
UNREVIEWED = "review: {state: unreviewed}"
DAY = 24 * 60 * 60
START = int(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp())


UNKNOWN = Review(ReviewState.UNREVIEWED, None, None)


class Told:
    """A case whose versions are committed one day after another, and what is told of them."""

    def __init__(self, root: Path) -> None:
        self.repository = Repository(root / "repository")
        write_content(self.repository.content, {"beside": GOOD})
        self.index = IndexFolder(root / "index")
        self.day = 0

    def commit(self, *texts: str, subject: str = "A change") -> None:
        """Commit each text as the next version, a day later."""
        for text in texts:
            self.repository.write("cases/a.md", text)
            self.commit_all(subject)

    def commit_all(self, subject: str = "A change") -> None:
        """Commit what the folder contains, a day later."""
        self.day += 1
        self.repository.commit(START + self.day * DAY, subject)

    def path(self, slug: str) -> Path:
        """The file of a case."""
        return self.repository.content / "cases" / f"{slug}.md"

    def history(self, slug: str = "a", content: Path | None = None) -> tuple[CaseChange, ...]:
        """What is told of a case, once the index is up to date."""
        build(ContentFolder(content or self.repository.content), self.index)
        generation = self.index.open_current()
        stored = generation.cases.stored(slug)
        generation.close()
        assert stored is not None
        return stored.history

    def in_short(self, slug: str = "a") -> list[str]:
        """The same, a line for each day."""
        return [f"{change.date.day - 1} {' '.join(change.kinds)}" for change in self.history(slug)]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


REVIEWED = GOOD.replace(UNREVIEWED, 'review: {state: reviewed, date: 2026-01-02, by: "a city office"}')

KINDS = {
    "a sentence": (GOOD.replace("Coffee helped", "Tea helped"), "text"),
    "a section removed": (case_markdown(body={"Context": None}), "text"),
    "the title": (case_markdown(title="Another"), "facts"),
    "why it is an arrangement": (GOOD.replace("Why it is", "The reason why it is"), "facts"),
    "a source": (GOOD.replace("A report", "The report"), "sources"),
    "a citation": (GOOD.replace("Coffee helped [@s1].", "Coffee helped [@s1, p. 4]."), "sources"),
    "a review": (REVIEWED, "reviewed"),
    "a review and the text": (REVIEWED.replace("Coffee", "Tea"), "reviewed text"),
    "everything": (
        case_markdown(title="Another").replace("Coffee", "Tea").replace("A report", "R"),
        "facts text sources",
    ),
}


@pytest.mark.parametrize(("changed", "kinds"), KINDS.values(), ids=KINDS.keys())
def test_the_kind_of_a_change_is_told(told: Told, changed: str, kinds: str) -> None:
    told.commit(GOOD, changed)

    assert told.in_short() == ["1 published", f"2 {kinds}"]


SAME: dict[str, Callable[[str], str]] = {
    "quotation marks": lambda text: text.replace('title: "A door for concerns"', "title: 'A door for concerns'"),
    "a list on lines": lambda text: text.replace("city: [aarhus]", "city:\n  - aarhus"),
    "a comment": lambda text: text.replace("started: 2010", "started: 2010  # as the city says"),
    "keys in another order": lambda text: text.replace("language: en\n", "").replace("city:", "language: en\ncity:"),
    "lines broken elsewhere": lambda text: text.replace("It began in a", "It began\nin a"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "a byte order mark": lambda text: f"\ufeff{text}",
    "an allowed finding": lambda text: text.replace("[@s1].\n", "[@s1].\n<!-- allow harm-name: a district -->\n", 1),
    "an alias": lambda text: text.replace("aliases: []", "aliases: [once]"),
}


@pytest.mark.parametrize("rewrite", SAME.values(), ids=SAME.keys())
def test_what_does_not_show_is_no_change(told: Told, rewrite: Callable[[str], str]) -> None:
    told.commit(GOOD)
    told.repository.content.joinpath("cases/a.md").write_bytes(rewrite(GOOD).encode())
    told.commit_all()

    assert told.in_short() == ["1 published"]


def test_nothing_is_told_of_the_time_before_publication(told: Told) -> None:
    told.commit(
        case_markdown(publication="draft", title="Quicksilver"), case_markdown(publication="draft"),
        GOOD.replace("publication: published\n", ""), GOOD,
    )  # fmt: skip

    assert told.in_short() == ["4 published"]


OFFLINE = {
    "withdrawn": GOOD.replace("publication: published", "publication: withdrawn"),
    "a draft again": GOOD.replace("publication: published", "publication: draft"),
    "the line gone": GOOD.replace("publication: published\n", ""),
    "draft: true": case_markdown(extra="draft: true\n"),
    "empty": "",
    "a review that is a draft": GOOD.replace("state: unreviewed", "state: draft"),
    "broken and withdrawn": GOOD.replace("publication: published", "publication: withdrawn\nx: ["),
}


@pytest.mark.parametrize("offline", OFFLINE.values(), ids=OFFLINE.keys())
def test_only_that_a_case_was_offline_is_told_not_what_happened_meanwhile(told: Told, offline: str) -> None:
    told.commit(GOOD, offline, offline.replace("Coffee", "Xylophone").replace("A city", "Zanzibar") + "\n")
    told.commit(case_markdown(title="Another").replace("Coffee", "Tea"), GOOD)

    assert told.in_short() == ["1 published", "2 taken-offline", "4 published-again", "5 facts text"]


def test_a_file_that_was_deleted_was_offline(told: Told) -> None:
    told.commit(GOOD)
    told.path("a").unlink()
    told.commit_all()
    told.commit(GOOD)

    assert told.in_short() == ["1 published", "2 taken-offline", "3 published-again"]


def test_a_summary_that_reads_like_a_draft_does_not_take_a_valid_file_offline(told: Told) -> None:
    odd = GOOD.replace(
        'summary: "Police and town hall share one door."', "summary: Police share a\n  concept\n  of a door"
    )
    told.commit(odd, odd.replace("Coffee", "Tea"), odd.replace("2010", "2011"))

    assert told.in_short() == ["1 published", "2 text", "3 facts text"]


def test_an_earlier_address_that_is_an_alias_belongs_to_the_history(told: Told) -> None:
    told.commit(GOOD, GOOD.replace("Coffee", "Tea"))
    told.path("a").rename(told.path("b"))
    told.repository.write("cases/b.md", case_markdown(aliases=["a"]).replace("Coffee", "Tea"))
    told.commit_all()
    told.path("b").rename(told.path("c"))
    told.repository.write("cases/c.md", case_markdown(aliases=["a", "b"]))
    told.commit_all()

    assert told.in_short("c") == ["1 published", "2 text", "3 moved", "4 moved text"]


def test_an_earlier_address_that_the_case_does_not_name_is_not_told(told: Told) -> None:
    told.commit(GOOD, GOOD.replace("Coffee", "Tea"))
    told.path("a").rename(told.path("b"))
    told.commit_all()

    assert told.in_short("b") == ["3 published"]


def test_a_case_that_took_in_another_has_only_its_own_history(told: Told) -> None:
    told.commit(GOOD, GOOD.replace("Coffee", "Tea"))
    told.repository.write("cases/b.md", GOOD)
    told.commit_all()
    told.path("a").unlink()
    told.repository.write("cases/b.md", case_markdown(aliases=["a"]))
    told.commit_all()

    assert told.in_short("b") == ["3 published"]


def test_several_changes_of_a_day_are_one_entry(told: Told) -> None:
    told.commit(GOOD)
    for number, text in enumerate([GOOD.replace("Coffee", "Tea"), case_markdown(title="Another")]):
        told.repository.write("cases/a.md", text)
        told.repository.commit(START + 2 * DAY + number)

    assert told.in_short() == ["1 published", "2 facts text"]


def test_what_is_corrected_on_the_day_of_publication_goes_without_saying(told: Told) -> None:
    told.commit(GOOD)
    told.repository.write("cases/a.md", GOOD.replace("Coffee", "Tea"))
    told.repository.commit(START + DAY + 5)

    assert told.in_short() == ["1 published"]


def test_work_on_another_branch_counts_as_one_change_from_when_it_was_merged(told: Told) -> None:
    told.commit(GOOD)
    told.repository.git("checkout", "--quiet", "-b", "work")
    told.commit(case_markdown(publication="withdrawn"), case_markdown(title="Half"), GOOD.replace("Coffee", "Tea"))
    told.repository.git("checkout", "--quiet", "main")
    told.repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "work", at=START + 5 * DAY)

    assert told.in_short() == ["1 published", "5 text"]


def test_the_reviewer_is_named_by_the_role_that_the_case_gives_today(told: Told) -> None:
    earlier = REVIEWED.replace("a city office", "John Xylophone").replace("2026-01-02", "2026-01-01")
    told.commit(GOOD, earlier, REVIEWED)

    first, second, third = told.history()
    assert (first.by, second.by, third.by) == (None, None, "a city office")
    assert second.kinds == third.kinds == (ChangeKind.REVIEWED,)


def test_a_name_that_was_replaced_by_a_role_is_told_nowhere(told: Told) -> None:
    told.commit(GOOD, REVIEWED.replace("a city office", "John Xylophone"), REVIEWED)

    assert [change.by for change in told.history()] == [None, None]


def test_no_word_of_the_history_is_in_the_index(told: Told) -> None:
    told.commit(
        case_markdown(publication="draft", title="Zanzibar"), GOOD.replace("Coffee", "Quicksilver"),
        REVIEWED.replace("a city office", "Jane Marzipan"), OFFLINE["withdrawn"].replace("Coffee", "Wolfram"), GOOD,
        subject="Remove Obsidian",
    )  # fmt: skip
    told.history()

    data = (
        b"".join(path.read_bytes() for path in told.index.root.rglob("*") if path.is_file()).decode("latin-1").lower()
    )
    words = ("zanzibar", "quicksilver", "marzipan", "wolfram", "obsidian", NAME.split()[0].lower(), ADDRESS)
    assert [word for word in words if word in data] == []
    assert "coffee" in data


def test_without_a_whole_history_nothing_is_told(told: Told, tmp_path: Path) -> None:
    told.commit(GOOD, GOOD.replace("Coffee", "Tea"))
    address = f"file://{told.repository.root}"
    told.repository.git("clone", "--quiet", "--depth", "2", address, str(tmp_path / "shallow"))
    told.repository.git("config", "uploadpack.allowFilter", "true")
    told.repository.git("clone", "--quiet", "--filter=blob:none", address, str(tmp_path / "partial"))
    shutil.copytree(told.repository.content, tmp_path / "no-git" / "content")

    for copy in ("shallow", "partial", "no-git"):
        told.index = IndexFolder(tmp_path / f"index-{copy}")
        assert told.history(content=tmp_path / copy / "content") == ()


def test_of_a_text_that_is_not_committed_nothing_is_told_until_it_is(told: Told) -> None:
    told.commit(GOOD)
    told.repository.write("cases/a.md", GOOD.replace("Coffee", "Tea"))
    told.repository.write("cases/new.md", GOOD)
    assert (told.in_short(), told.in_short("new")) == ([], [])

    told.commit_all()

    assert (told.in_short(), told.in_short("new")) == (["1 published", "2 text"], ["2 published"])


def test_a_commit_of_other_files_reads_no_case_again(told: Told) -> None:
    told.commit(GOOD)
    told.history()
    told.repository.write("README.md", "Read me.")
    told.commit_all()

    report = build(ContentFolder(told.repository.content), told.index)

    assert (report.kind, report.updated) == ("nothing", ())


def test_an_edit_keeps_what_is_told_of_the_others(told: Told) -> None:
    told.commit(GOOD)
    before = told.history("beside")
    told.commit(GOOD.replace("Coffee", "Tea"))

    report = build(ContentFolder(told.repository.content), told.index)

    assert report.updated == ("a",)
    assert told.history("beside") == before != ()


def test_a_broken_file_keeps_what_was_told_of_its_last_good_version(told: Told) -> None:
    told.commit(GOOD, GOOD.replace("Coffee", "Tea"))
    before = told.history()
    told.commit(case_markdown(city="atlantis"))

    assert told.history() == before
    build(ContentFolder(told.repository.content), told.index, rebuild=True)
    assert told.history() == before


def test_where_the_beginning_is_too_long_ago_it_is_not_told(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST_REVISIONS", 3)
    told.commit(GOOD, *(GOOD.replace("Coffee", drink) for drink in ("Tea", "Milk", "Juice")))

    assert told.in_short() == ["3 text", "4 text"]


def test_many_cases_are_told_of_as_few_are(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        told.repository.write(f"cases/case-{number}.md", GOOD)
    told.commit(GOOD, GOOD.replace("Coffee", "Tea"))
    for number in range(12):
        told.repository.write(f"cases/case-{number}.md", GOOD.replace("2010", "2011"))
    told.commit_all()
    monkeypatch.setattr("kb.building.reading.VERSIONS", 4)
    monkeypatch.setattr("kb.building.history.FEW", 3)

    assert told.in_short() == ["1 published", "2 text"]
    assert told.in_short("case-7") == ["1 published", "3 facts"]


PIECES = st.sampled_from([
    "---\n", "publication: published\n", "publication: draft\n", "title: x\n", "review: {state: reviewed}\n", "x: [\n",
    "sources: &a [*a]\n", "## Context\n", "\n", "[@s1]", "<!-- allow harm-name: x -->", "\ufeff", "\x00", "review: y\n",
])  # fmt: skip
WRITTEN = st.lists(PIECES, max_size=8).map(lambda pieces: "".join(pieces).encode())
VERSIONS = st.none() | st.binary(max_size=60) | WRITTEN


@given(st.lists(VERSIONS, max_size=6), st.booleans())
def test_whatever_the_versions_were_something_honest_is_told(contents: list[bytes | None], whole: bool) -> None:
    revisions = tuple(
        Revision(f"c{n}", (START + n * DAY) * 1_000_000_000, None if data is None else f"b{n}")
        for n, data in enumerate(contents)
    )
    blobs = {f"b{n}": data for n, data in enumerate(contents) if data is not None}
    found = changes_of(Timeline(revisions, whole), blobs, UNKNOWN, vocabularies())

    kinds = [kind for change in found for kind in change.kinds]
    assert kinds.count(ChangeKind.PUBLISHED) == (1 if whole and contents else 0)
    assert sorted(change.date for change in found) == [change.date for change in found]
    assert not any(change.by for change in found)
    assert_that_states_alternate(iter(kinds))


def assert_that_states_alternate(kinds: Iterator[ChangeKind]) -> None:
    """Published again only after having been taken offline, and so on."""
    states = {ChangeKind.PUBLISHED: True, ChangeKind.AGAIN: True, ChangeKind.OFFLINE: False}
    online = [states[kind] for kind in kinds if kind in states]
    assert all(before != after for before, after in pairwise(online))


def test_a_day_is_one_in_utc() -> None:
    moment = int(datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC).timestamp())
    revisions = (Revision("c", moment * 1_000_000_000, "b"),)

    assert changes_of(Timeline(revisions), {}, UNKNOWN, vocabularies())[0].date == date(2026, 3, 31)
