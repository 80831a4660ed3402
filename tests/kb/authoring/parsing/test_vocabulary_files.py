"""The vocabularies: terms are content, and all problems of a broken one are reported before it is used."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.vocabulary_files import parse_vocabularies
from kb.errors import ContentError
from kb.model.vocabulary import Answer, Arrangement, City, Country, Note, Question, Term
from tests.builders import VOCABULARY_FILES, vocabularies


def files(name: str = "", text: str | bytes = "") -> dict[str, bytes]:
    """Good files, one of them with another content."""
    good = {key: dedent(value).lstrip("\n").encode() for key, value in VOCABULARY_FILES.items()}
    return good | ({name: text.encode() if isinstance(text, str) else text} if name else {})


def reported(name: str, text: str | bytes) -> list[str]:
    """The problems of one file that is put among good ones, without its path."""
    try:
        problems = parse_vocabularies(files(name, text))[1]
    except ContentError as error:
        problems = error.problems
    found = [str(problem) for problem in problems]
    return [problem.removeprefix(f"vocabularies/{name}.yaml:") for problem in found]


def test_every_kind_of_term_is_read_completely() -> None:
    read = vocabularies()

    assert read.challenges["fragile-trust"] == Term(
        "fragile-trust", "Fragile trust", "Trust is easily lost.", ("mistrust",)
    )
    assert read.cities["aarhus"] == City("aarhus", "Aarhus", "", ("Århus",), "denmark", 56.16, 10.2)
    assert read.countries["belgium"] == Country("belgium", "Belgium", "", ("België",), "Europe")
    assert read.arrangements["intelligence-link"] == Arrangement(
        "intelligence-link", "Intelligence link", "One way, towards police.", ("hotline",), "Pass on particulars.",
        "Often none.", "One way.", "one-way", True, "No.",
    )  # fmt: skip
    assert read.questions["together"] == Question(
        "together", "Must you agree?", "", (), "decides_together",
        (Answer("yes", "We must", ("yes",)), Answer("no", "We need not", ("seldom", "no"))),
    )  # fmt: skip
    text = "Call for help first."
    assert read.questions["person"].answers[0].note == Note("Read this first", text, before=text)
    assert read.synonyms == (("CVE", "P/CVE"), ("safety house", "veiligheidshuis"))
    assert read.everyday_words == (("mum", ("mothers", "parents")), ("locked up", ("prison",)))


def test_terms_keep_the_order_of_their_file() -> None:
    assert [term.id for term in vocabularies().cities] == ["aarhus", "copenhagen", "vienna", "liege"]


def test_no_is_read_as_a_word() -> None:
    assert vocabularies().arrangements["knowledge-exchange"].named_person is False


def test_a_new_term_needs_no_code() -> None:
    read, problems = parse_vocabularies(files("audiences", "mayors: {label: Mayors}\n"))

    assert read.audiences["mayors"] == Term("mayors", "Mayors", "", ())
    assert problems == ()


def test_a_note_may_have_a_heading_and_a_line_shown_before_any_answer() -> None:
    note = "note: Call., note_heading: In danger, note_before: Call first., "
    read, problems = parse_vocabularies(files("questions", QUESTION.replace("So, ", f"So, {note}")))

    assert read.questions["person"].answers[0].note == Note("In danger", "Call.", before="Call first.")
    assert [problem for problem in problems if problem.rule != "no-answer"] == []


def test_an_arrangement_that_no_answer_fits_is_a_warning() -> None:
    text = "hears: {label: Who?, looks_at: flow_kind, answers: {all: {label: All, fits: [circle, one-way]}}}\n"
    read, problems = parse_vocabularies(files("questions", text))

    assert [str(problem) for problem in problems] == [
        "vocabularies/questions.yaml:1:52: warning: No answer fits `knowledge-exchange`, which says `exchange`. "
        "Add the word to the `fits` of an answer. [no-answer]"
    ]
    assert read.questions["hears"].answers[0].fits == ("circle", "one-way")


QUESTION = "person: {label: A person?, looks_at: named_person, answers: {yes: {label: So, fits: [yes, no]}}}\n"
CITY = "aarhus: {label: Aarhus, country: denmark, latitude: 56, longitude: 10}\n"


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        ("audiences", "youth: {}",
         ["1:8: error: `youth.label` is missing. Every file needs it. [missing-key]"]),
        ("audiences", "youth: Young people",
         ["1:1: error: `youth` has no fields. Add a `label:` below it. [wrong-type]"]),
        ("audiences", "- youth",
         ["1:1: error: A vocabulary consists of `id:` lines, each with fields below it. [wrong-type]"]),
        ("audiences", "Young People: {label: Y}",
         ["1:1: error: `Young People` cannot be an id. Write `young-people`. [file-name]"]),
        ("audiences", "youth: {label: Y}\nyouth: {label: Z}",
         ["2:1: error: The key `youth` appears here a second time. Keep one of the two. [duplicate-key]"]),
        ("audiences", "youth: {label: Y, alias: [kids]}",
         ["1:19: error: There is no key `youth.alias`. Did you mean `aliases`? [unknown-key]"]),
        ("audiences", "youth: {label: Y, aliases: kids}",
         ["1:28: error: `youth.aliases` must be a list such as `[one, two]`. See `content/TEMPLATE.md`. [wrong-type]"]),
        ("audiences", "a: {label: A, aliases: [Kids]}\nb: {label: B, aliases: [kids]}",
         ["2:25: error: `kids` is an alias of `a` as well. Keep it in one of the two. [duplicate-alias]"]),
        ("audiences", "a: {label: A, aliases: [x}",
         ["1:24: error: The list that opens here with `[` is not closed. Close it with `]`. [yaml-syntax]"]),
        ("audiences", b"a: {label: \xe5}",
         ["1:12: error: The file is not UTF-8 text from here on. Save it again as UTF-8. [not-utf-8]"]),
        ("cities", CITY.replace("denmark", "denmarc"),
         ["1:34: error: `denmarc` is not in the vocabulary `countries`. "
          "Did you mean `denmark`? The known ones are: austria, belgium, denmark. [unknown-term]"]),
        ("cities", CITY.replace("56", "-90.1"),
         ["1:53: error: `latitude: -90.1` is not a valid coordinate. "
          "Write decimal degrees from -90 to 90, such as 56.16. [bad-coordinates]"]),
        ("cities", CITY.replace("longitude: 10", "longitude: 10° E"),
         ["1:68: error: `longitude: 10° E` is not a valid coordinate. "
          "Write decimal degrees from -180 to 180, such as 56.16. [bad-coordinates]"]),
        ("cities", CITY.replace(", longitude: 10", ""),
         ["1:9: error: `aarhus.longitude` is missing. Every file needs it. [missing-key]"]),
        ("questions", QUESTION.replace("named_person", "named"),
         ["1:38: error: `person.looks_at` cannot be `named`. "
          "Write one of: named_person, decides_together, flow_kind. [unknown-term]"]),
        ("questions", QUESTION.replace("[yes, no]", "[yes, no, perhaps]"),
         ["1:95: error: `person.answers.yes.fits` cannot be `perhaps`. Write one of: yes, no. [unknown-term]"]),
        ("questions", QUESTION.replace("{yes: ", "{so: [so], yes: "),
         ["1:66: error: `person.answers.so` must be `key: value` pairs. See `content/TEMPLATE.md`. [wrong-type]"]),
        ("questions", QUESTION.replace("{yes: ", "{Yes!: "),
         ["1:68: error: `Yes!` cannot be an id. Use lower-case letters, digits and hyphens. [file-name]"]),
        ("questions", QUESTION.replace("So, ", "So, leads_to: x, "),
         ["1:79: error: There is no key `person.answers.yes.leads_to`. "
          "The keys are: fits, label, note, note_before, note_heading. [unknown-key]"]),
        ("questions", QUESTION.replace("So, ", "So, note_heading: In danger, "),
         ["1:67: error: `person.answers.yes.note` is missing. Every file needs it. [missing-key]"]),
        ("questions", QUESTION.replace("So, ", "So, note_before: Call for help., "),
         ["1:67: error: `person.answers.yes.note` is missing. Every file needs it. [missing-key]"]),
        ("questions", QUESTION.replace("So, ", "So, note: {heading: In danger}, "),
         ["1:85: error: `person.answers.yes.note` must be a single text. See `content/TEMPLATE.md`. [wrong-type]"]),
        ("synonyms", "- [CVE]",
         ['1:3: error: A group of synonyms is a list of at least two words. Write `- ["CVE", "P/CVE"]`. [wrong-type]']),
        ("synonyms", "- [CVE, '']",
         ['1:3: error: A group of synonyms is a list of at least two words. Write `- ["CVE", "P/CVE"]`. [wrong-type]']),
        ("synonyms", "- [CVE, PVE]\n- [cve, P/CVE]",
         ["2:4: error: `cve` is in two groups. Merge the groups. [duplicate-alias]"]),
        ("everyday_words", "- mum",
         ['1:1: error: Everyday words are lines such as `"mum": ["mothers", "parents"]`. [wrong-type]']),
        ("everyday_words", "mum: mothers",
         ["1:6: error: `mum` must be a list such as `[one, two]`. See `content/TEMPLATE.md`. [wrong-type]"]),
        ("everyday_words", "mum: []",
         ["1:6: error: `mum` is empty. Every file needs it. [missing-key]"]),
        ("everyday_words", "mum: [mothers]\nmum: [parents]",
         ["2:1: error: The key `mum` appears here a second time. Keep one of the two. [duplicate-key]"]),
        ("synonyms", "CVE: PVE",
         ['1:1: error: Synonyms are a list of groups such as `- ["CVE", "P/CVE"]`. [wrong-type]']),
    ],
)  # fmt: skip
def test_a_broken_vocabulary_is_reported(name: str, text: str | bytes, problems: list[str]) -> None:
    assert [problem for problem in reported(name, text) if not problem.startswith("vocabularies/")] == problems


@pytest.mark.parametrize("degrees", ["nan", "inf", "-inf", "1e999", "north", "56,16"])
def test_coordinates_must_be_numbers(degrees: str) -> None:
    found = reported("cities", CITY.replace("56", f'"{degrees}"'))

    assert found[0].startswith(f"1:53: error: `latitude: {degrees}` is not a valid coordinate.")


@pytest.mark.parametrize(
    ("key", "value"), [("flow_kind", "upwards"), ("named_person", "maybe"), ("named_person", "false")]
)
def test_words_that_describe_an_arrangement_come_from_a_fixed_set(key: str, value: str) -> None:
    text = dedent(VOCABULARY_FILES["arrangements"])
    old = {"flow_kind": "flow_kind: circle", "named_person": "named_person: no"}[key]
    found = reported("arrangements", text.replace(old, f"{key}: {value}", 1))

    assert f"{key}` cannot be `{value}`. Write one of: " in found[0]


def test_decides_together_begins_with_a_word_that_questions_can_use() -> None:
    text = (
        dedent(VOCABULARY_FILES["arrangements"]).lstrip("\n").replace('"Yes, a joint plan."', '"Often, a joint plan."')
    )

    assert reported("arrangements", text)[0] == (
        "10:21: error: `decides_together` cannot begin with `often`. Begin with one of: yes, rarely, seldom, no. "
        "[unknown-term]"
    )


def test_all_problems_in_all_vocabularies_are_reported_in_one_run() -> None:
    broken = files("audiences", "youth: {}") | files("statuses", "a: b") | {"evidence": b"\xff: a"}
    broken["audiences"] = b"youth: {}"
    with pytest.raises(ContentError) as error:
        parse_vocabularies(broken)

    assert {problem.path for problem in error.value.problems} == {
        "vocabularies/audiences.yaml", "vocabularies/evidence.yaml", "vocabularies/statuses.yaml",
    }  # fmt: skip
    assert str(error.value) == (
        "The vocabularies cannot be used: 5 problems to fix, and nothing is left of `evidence.yaml`, `statuses.yaml`."
    )


BAD_CITIES = [
    "oslo: {label: Oslo, country: denmark, latitude: 159, longitude: 10}",
    "oslo: {label: Oslo, country: norwegia, latitude: 59, longitude: 10}",
    "oslo: {country: denmark, latitude: 59, longitude: 10}",
    "oslo: Oslo",
    "oslo:",
    "oslo: {label: Oslo, country: denmark, latitude: 59, longitude: @}",
    "oslo:\n  label: Oslo: the city\n  country: denmark\n  latitude: north\n  longitude: 10",
]


@pytest.mark.parametrize("bad", BAD_CITIES)
def test_a_broken_entry_costs_that_entry_only(bad: str) -> None:
    good = dedent(VOCABULARY_FILES["cities"]).strip()
    read, problems = parse_vocabularies(files("cities", f"{bad}\n{good}\n"))

    assert [term.id for term in read.cities] == ["aarhus", "copenhagen", "vienna", "liege"]
    assert read.cities.unusable == ("oslo",)
    assert problems


def test_a_line_in_another_encoding_costs_its_entry_only() -> None:
    good = dedent(VOCABULARY_FILES["cities"]).strip().encode()
    read, problems = parse_vocabularies(files("cities", "oslo: {label: Å}\n".encode("latin-1") + good))

    assert [term.id for term in read.cities] == ["aarhus", "copenhagen", "vienna", "liege"]
    assert {problem.rule for problem in problems} >= {"not-utf-8"}


def test_what_rests_on_a_broken_entry_is_left_out_with_it() -> None:
    broken = dedent(VOCABULARY_FILES["countries"]).replace(
        "continent: Europe, aliases: [Danmark]", "aliases: [Danmark]"
    )
    read, problems = parse_vocabularies(files("countries", broken))

    assert [term.id for term in read.cities] == ["vienna", "liege"]
    assert [problem.rule for problem in problems if problem.path.endswith("cities.yaml")] == ["unusable-term"] * 2


def test_swapped_coordinates_are_reported() -> None:
    swapped = dedent(VOCABULARY_FILES["cities"]).replace(
        "latitude: 56.16, longitude: 10.2", "latitude: 10.2, longitude: 56.16"
    )
    _, problems = parse_vocabularies(files("cities", swapped))

    assert [problem.rule for problem in problems] == ["swapped-coordinates"]


@given(
    st.sampled_from(sorted(VOCABULARY_FILES)),
    st.binary(max_size=100) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")),
)
def test_any_bytes_are_read_or_reported(name: str, data: bytes) -> None:
    try:
        read, _ = parse_vocabularies(files(name, data))
    except ContentError as error:
        problems = error.problems
    else:
        problems = ()
        assert all(term.label for term in read.cities)

    assert all(problem.line >= 1 for problem in problems)
