"""The whole collection, file by file and across files."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from api.pages import wanted_terms
from kb import FACETS, Generation
from kb.authoring.checks.corpus import check_corpus
from kb.authoring.checks.report import as_text
from kb.authoring.content_folder import ContentFolder, Corpus, load_corpus
from kb.model.case import CASE_SECTIONS, Case
from tests.conftest import CONTENT

PRAISE = re.compile(
    r"\b(innovative|successful(?:ly)?|groundbreaking|ground-breaking|best practice|inspiring|pioneering|world-leading|"
    r"state-of-the-art|holistic|cutting-edge|award-winning|renowned)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus(ContentFolder(CONTENT))


@pytest.fixture(scope="module")
def cases(corpus: Corpus) -> list[Case]:
    return [file.case for file in corpus.published if file.case]


def test_the_collection_breaks_no_rule(corpus: Corpus) -> None:
    """Valid files, resolved citations, cited sources, live links, full sections, no repeated sentence."""
    assert as_text(check_corpus(corpus)) == ""


def test_every_file_is_published(corpus: Corpus) -> None:
    assert [file.path for file in corpus.cases if not file.is_published] == []


def test_every_case_has_all_seven_sections(cases: list[Case]) -> None:
    short = {case.slug for case in cases if [section.heading for section in case.sections] != list(CASE_SECTIONS)}

    assert short == set()


def test_every_case_has_the_length_a_busy_reader_can_take(cases: list[Case]) -> None:
    lengths = {case.slug: sum(len(section.text.split()) for section in case.sections) for case in cases}

    assert {slug: length for slug, length in lengths.items() if not 500 <= length <= 1100} == {}


def test_every_term_is_used_or_listed_as_an_invitation(collection: Generation) -> None:
    wanted = {(term.facet, term.label) for term in wanted_terms(collection)}
    used = {
        (facet.label, facet.vocabulary(collection.vocabularies).label(value))
        for facet in FACETS
        for case in map(collection.cases.case, collection.cases.slugs())
        if case
        for value in facet.values(case, collection.vocabularies)
    }
    every = {
        (facet.label, term.label)
        for facet in FACETS
        if facet.is_wanted
        for term in facet.vocabulary(collection.vocabularies)
    }

    assert every - used == wanted


def test_every_arrangement_is_shown_by_several_cases_on_three_continents(
    cases: list[Case], collection: Generation
) -> None:
    shown = Counter(reason.id for case in cases for reason in case.arrangements)
    vocabularies = collection.vocabularies
    continents = {
        vocabularies.countries[vocabularies.cities[city].country].continent for case in cases for city in case.cities
    }

    assert all(shown[term.id] >= 3 for term in vocabularies.arrangements)
    assert len(continents) >= 3


def test_praise_is_only_reported(cases: list[Case]) -> None:
    """A word of praise appears only in a sentence that says whose it is."""
    reported = re.compile(
        r"\b(call(?:s|ed)|said|says|spoke|prais|describ|named|report|wrote|writes|according)|'s word\b", re.IGNORECASE
    )
    found = [
        (case.slug, sentence)
        for case in cases
        for text in (case.title, case.summary, *(section.text for section in case.sections))
        for sentence in re.split(r"(?<=[.!?])\s+", text)
        if PRAISE.search(sentence) and not reported.search(sentence)
    ]

    assert found == []


def test_cases_say_when_the_city_has_not_reviewed_them(cases: list[Case]) -> None:
    assert {case.review.state for case in cases} <= {"unreviewed", "reviewed"}
    assert all(case.review.by and case.review.date for case in cases if case.review.state == "reviewed")


def test_synonyms_are_not_aliases_of_two_terms(collection: Generation) -> None:
    words = Counter(word.casefold() for group in collection.vocabularies.synonyms for word in group)

    assert [word for word, count in words.items() if count > 1] == []


def test_other_names_are_words_and_never_ids(collection: Generation) -> None:
    v = collection.vocabularies
    ids = {term.id for vocabulary in (v.arrangements, v.challenges) for term in vocabulary if "-" in term.id}
    other_names = {name for _, names in v.everyday_words for name in names}

    assert not ids & other_names
