"""Whether a file puts its page online: when in doubt, offline."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.case_file import CaseFile, parse_case_file, unreadable_case_file
from kb.authoring.parsing.publication import Fate, decide
from kb.authoring.problems import ProblemList
from tests.builders import case_markdown, vocabularies

GOOD = case_markdown()
BROKEN = case_markdown(city="atlantis")
LINE = "publication: published"


def parse(data: bytes | str) -> CaseFile:
    bytes_ = data.encode() if isinstance(data, str) else data
    return parse_case_file(PurePosixPath("cases/a-case.md"), bytes_, vocabularies())


def containing(written: str, text: str = GOOD) -> str:
    """A file with something else in place of its line on publication."""
    assert LINE in text
    return text.replace(LINE, written)


@pytest.mark.parametrize(
    "written", [LINE, 'publication: "published"', "publication:   published  # since May", "'publication': published"]
)
def test_a_valid_file_that_says_so_is_online(written: str) -> None:
    file = parse(containing(written))

    assert file.decision.fate is Fate.ONLINE
    assert file.is_published
    assert file.case is not None


@pytest.mark.parametrize(("publication", "fate"), [("draft", Fate.OFFLINE), ("withdrawn", Fate.WITHDRAWN)])
def test_a_valid_file_that_says_otherwise_is_not(publication: str, fate: Fate) -> None:
    file = parse(containing(f"publication: {publication}"))

    assert file.problems == ()
    assert not file.is_published
    assert (file.decision.fate, file.decision.reason) == (fate, f"it says `publication: {publication}`")


SAYS_OTHERWISE = {
    "a draft under a capital": "Publication: Draft",
    "empty": "publication:",
    "null": "publication: ~",
    "an empty text": "publication: ''",
    "commented out": "# publication: published",
    "the line removed": "",
    "a flag next to it": f"{LINE}\ndraft: true",
    "a flag without a value": f"{LINE}\ndraft:",
    "the flag of another program": f"{LINE}\npublished: false",
    "its opposite": f"{LINE}\nunpublished: yes",
    "a Dutch key": "publicatie: concept",
    "a Dutch key next to it": f"{LINE}\npublicatie: concept",
    "a German key next to it": f"{LINE}\nVeröffentlichung: Entwurf",
    "a German flag": f"{LINE}\nEntwurf: ja",
    "a French flag": f"{LINE}\nBROUILLON: oui",
    "a full-width colon": "publication：draft",
    "a full-width colon, in doubt": "publication：published",
    "an equals sign": "publication = draft",
    "a slip in the key": f"{LINE}\npublcation: draft",
    "a slip in the word": "publication: publishd",
    "capitals": "publication: PUBLISHED",
    "a list": "publication: [withdrawn]",
    "a list of the right word": "publication: [published]",
    "twice the same": f"{LINE}\n{LINE}",
    "twice, differing": f"{LINE}\npublication: draft",
    "once more below another key": f"{LINE}\nreview: {{state: draft}}",
    "a status of draft": f"{LINE}\nstatus: draft",
    "no, as other programs say it": f"{LINE}\nonline: no",
    "hidden": f"{LINE}\nhidden: true",
    "a word alone": f"{LINE}\nDRAFT",
    "invisible letters": "publi\u200bcation: dra\u00adft",
    "a no-break space": "publication:\u00a0draft",
    "no space after the colon": "publication:draft",
    "indented": "  publication: published",
    "the right word under a list": "publication:\n  - published",
    "a sentence": "publication: not published yet",
    "a state that is not known": "publication: archived",
}


@pytest.mark.parametrize("written", SAYS_OTHERWISE.values(), ids=SAYS_OTHERWISE.keys())
@pytest.mark.parametrize("text", [GOOD, BROKEN], ids=["otherwise good", "broken elsewhere"])
def test_anything_else_in_a_file_takes_its_page_offline(written: str, text: str) -> None:
    file = parse(containing(written, text))

    assert not file.is_published
    assert file.decision.fate in {Fate.OFFLINE, Fate.WITHDRAWN}
    assert file.decision.reason


WITHDRAWN = case_markdown(publication="withdrawn")


@pytest.mark.parametrize(
    "data",
    [
        WITHDRAWN.replace("city: [aarhus]", "city: [").encode(),
        WITHDRAWN.replace("city: [aarhus]", "city: [nowhere]").encode(),
        WITHDRAWN.replace("city: [aarhus]", "\tcity: x").encode(),
        WITHDRAWN.replace("\n---\n", "\n", 1).encode(),
        WITHDRAWN.removeprefix("---\n").encode(),
        WITHDRAWN.replace("\n", "\r\n").replace("city: [aarhus]", "city: [").encode(),
        WITHDRAWN.replace("door", "dør").encode("latin-1"),
        WITHDRAWN.replace("door", "do\x00or").encode(),
        WITHDRAWN.replace("## Context", "## Zzz").encode(),
        WITHDRAWN.encode("utf-16"),
        GOOD.replace(LINE, f"{LINE}\npublication: withdrawn").encode(),
        GOOD.replace("publication:", "<<<<<<<\npublication: withdrawn\n=======\npublication:").encode(),
        BROKEN.replace(LINE, "Publication : Withdrawn!").encode(),
    ],
)
def test_a_withdrawal_is_honoured_in_a_broken_file(data: bytes) -> None:
    file = parse(data)

    assert file.case is None
    assert file.decision.fate is Fate.WITHDRAWN


BROKEN_ELSEWHERE = {
    "an unknown city": BROKEN,
    "an open bracket": GOOD.replace("city: [aarhus]", "city: ["),
    "an unknown key": containing(f"{LINE}\ncolour: red"),
    "a key of a source that is near in meaning": GOOD.replace('by: "A city"', 'by: "A city", published: 2019'),
    "an application": containing(f"{LINE}\napplication: none"),
    "a publisher": GOOD.replace('by: "A city"', 'by: "A city", publisher: X'),
    "a flag that says it is no draft": containing(f"{LINE}\ndraft: false"),
    "a commented flag": containing(f"{LINE}\n# draft: true", BROKEN),
    "quotes around the word": containing('publication: "published"', BROKEN),
    "a comment after it": containing(f"{LINE} # not a draft any more", BROKEN),
    "no end of the front matter": GOOD.replace("\n---\n", "\n", 1),
    "Windows line ends": BROKEN.replace("\n", "\r\n"),
    "a word of the body": BROKEN.replace("Coffee helped", "Draft: a coffee. Withdrawn"),
    "a summary about withdrawal": BROKEN.replace("share one door.", "withdrew: a draft plan was unpublished."),
    "an unknown section": GOOD.replace("## Context", "## Contxt"),
}


@pytest.mark.parametrize("text", BROKEN_ELSEWHERE.values(), ids=BROKEN_ELSEWHERE.keys())
def test_a_file_that_is_broken_elsewhere_leaves_the_last_good_version_online(text: str) -> None:
    file = parse(text)

    assert file.case is None
    assert file.decision.fate is Fate.LAST_GOOD, file.decision.reason
    assert file.text.splitlines()[file.decision.line - 1].startswith("publication")


def test_a_letter_of_another_encoding_in_the_text_is_broken_elsewhere() -> None:
    assert parse(GOOD.replace("quiet", "cafés").encode("latin-1")).decision.fate is Fate.LAST_GOOD


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xff\xfe\x00", b"\x00", GOOD.encode("utf-16"), b"---\n---\n"])
def test_an_empty_or_binary_file_is_offline(data: bytes) -> None:
    assert parse(data).decision.fate is Fate.OFFLINE


def test_a_file_that_cannot_be_read_is_offline() -> None:
    path = PurePosixPath("cases/a-case.md")

    file = unreadable_case_file(path, ProblemList(path))

    assert (file.case, file.decision.fate, file.decision.reason) == (None, Fate.OFFLINE, "it cannot be read")


def test_the_reason_names_the_line_that_decides() -> None:
    decision = parse(containing(f"{LINE}\ndraft: true")).decision

    assert decision.line == GOOD.splitlines().index(LINE) + 2
    assert decision.reason == f"line {decision.line} reads as not published: `draft: true`"


@given(st.text(max_size=200), st.booleans())
def test_no_text_is_online_unless_it_is_valid_and_says_so(text: str, is_valid: bool) -> None:
    decision = decide(text, is_valid=is_valid, declared=None)

    assert decision.fate is not Fate.ONLINE
    assert 1 <= decision.line <= max(1, len(text.splitlines()))


@given(
    st.sampled_from(["draft", "Concept", "WITHDRAWN", "unpublished"]),
    st.sampled_from(["publication", "Publication", "PUBLICATION", "publicaton", "publicatie", "publikation"]),
    st.sampled_from([":", ": ", " : ", "：", "﹕", " =", ":\t", ":\u00a0"]),
    st.sampled_from(["", '"', "'", "“"]),
)
def test_a_draft_is_offline_in_any_case_with_any_colon_under_a_near_key(
    word: str, key: str, colon: str, quote: str
) -> None:
    for text in (containing(f"{key}{colon}{quote}{word}"), containing(f"{LINE}\n{key}{colon}{quote}{word}", BROKEN)):
        assert parse(text).decision.fate in {Fate.OFFLINE, Fate.WITHDRAWN}
