"""Which passage is shown, and what in it is marked."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model.case import Case, Challenge
from kb.search.highlighting.passages import SNIPPET_LENGTH, Passages, passages_of
from kb.search.highlighting.snippets import (
    IN_CHOSEN_REASON,
    IN_HANDLING,
    IN_OTHER_REASON,
    IN_QUESTION,
    Highlighter,
    Marks,
    marks,
)
from kb.search.query.parser import parse_query
from kb.search.query.tree import And, MatchAll, Not, Or, Phrase, Query, Wildcard, Word, Years, positive_leaves
from kb.search.result import Snippet
from kb.search.words.analysis import words
from tests.builders import make_case, section_of


def marked(typed: str, text: str, field: str | None = None) -> list[str]:
    """What is marked in a text for a query line."""
    ranges = Highlighter.of(parse_query(typed).query).ranges(text, field)
    return [text[start:end] for start, end in ranges]


def case_of(*texts: str) -> Case:
    """A case whose sections contain these texts."""
    sections = tuple(
        section_of(f"section-{number}", f"Section {number}", *text.split("\n")) for number, text in enumerate(texts)
    )
    return replace(make_case(), sections=sections)


def marks_of(case: Case, highlighter: Highlighter, chosen: Collection[str] = ()) -> Marks:
    """What to show of one case."""
    (found,) = marks([Passages.of(case)], highlighter, chosen)
    return found


def shown(typed: str, *texts: str) -> Snippet | None:
    """The snippet of a case whose sections contain these texts."""
    return marks_of(case_of(*texts), Highlighter.of(parse_query(typed).query)).snippet


def shown_text(typed: str, *texts: str) -> str | None:
    snippet = shown(typed, *texts)
    return snippet.text if snippet else None


# What is marked


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("school", "Schools and the school; schooling, not scholars.", ["Schools", "school", "schooling"]),
        ("radicalisation", "Radicalization and radicalised.", ["Radicalization", "radicalised"]),
        ("arhus", "In Århus and Aarhus.", ["Århus"]),
        ("Århus", "in ARHUS", ["ARHUS"]),
        ("århus", "In A\u030arhus it began.", ["A\u030arhus"]),
        ("kobenhavn", "København", ["København"]),
        ("strasse", "Die Straße.", ["Straße"]),
        ("city", "The city’s plan and the cities' plans.", ["city’s", "cities"]),
        ("dalene", "Coeur d’Alene", ["d’Alene"]),
        ("info-house", "The Info-house informs houses.", ["Info", "house", "houses"]),
        ("the police", "The police", ["police"]),
        ("the", "The police", ["The"]),
        ("pol*", "Police policy, interpol, POLS.", ["Police", "policy", "POLS"]),
        ('"info house"', "An info-house. Info! House of house info.", ["info", "house", "Info", "House"]),
        ('"info house"', "House info houses", []),
        ('"a a"', "a a a b a", ["a", "a", "a"]),
        ("police OR school", "School police", ["School", "police"]),
        ("police -school", "School police", ["police"]),
        ("-school", "School police", []),
        ("title:police school", "School police", ["School"]),
        ("year:2015", "It was 2015.", []),
        ("zeppelin", "School police", []),
        ("", "School police", []),
        ("police", "", []),
        ("police", "<b>police</b>&police;", ["police", "police"]),
        ("المدينة", "عن المدينة كلها", ["المدينة"]),
    ],
)  # fmt: skip
def test_whole_words_are_marked_as_they_are_spelled(typed: str, text: str, expected: list[str]) -> None:
    assert marked(typed, text) == expected


def test_a_word_searched_in_a_field_is_marked_in_that_field_only() -> None:
    assert marked("title:door city:vienna table", "Door, table, Vienna", "title") == ["Door", "table"]
    assert marked("title:door city:vienna table", "Door, table, Vienna", "city") == ["table", "Vienna"]
    assert marked("title:door city:vienna table", "Door, table, Vienna") == ["table"]


@pytest.mark.parametrize(
    "query", [MatchAll(), Years(2000, 2001), Not(Word("prison")), And((MatchAll(), Not(Wildcard("pri*"))))]
)
def test_a_query_without_words_marks_none(query: Query) -> None:
    assert Highlighter.of(query).sought == ()


def test_words_side_by_side_in_any_form_are_marked() -> None:
    highlighter = Highlighter.of(Phrase(("case", "conference"), any_form=True))

    text = "Case conferences, a case, one conference, cases: conferences."
    found = [text[start:end] for start, end in highlighter.ranges(text)]
    assert found == ["Case", "conferences", "cases", "conferences"]


def test_title_and_summary_are_marked_for_a_list() -> None:
    case = replace(make_case(), title="A door for pupils", summary="Pupils find doors.", sections=())
    query = parse_query("title:door pupil").query

    shown_in_list = marks_of(case, Highlighter.of(query))

    assert shown_in_list == Marks(title=((2, 6), (11, 17)), summary=((0, 6),), snippet=None)


LETTERS = st.sampled_from("aAåÅe\u030a\u0301ßøﬁﬀ’' \n.-!*\"")

texts = st.text() | st.text(alphabet=LETTERS, max_size=80)


@given(texts, texts)
def test_ranges_lie_inside_the_text_in_order_and_never_overlap(typed: str, text: str) -> None:
    ranges = Highlighter.of(parse_query(typed).query).ranges(text)

    edges = [edge for marked_range in ranges for edge in marked_range]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in ranges)


@given(texts)
def test_every_marked_piece_is_one_whole_word(text: str) -> None:
    wanted = Or((Wildcard("a*"), Word("fi"), Phrase(("e", "a"))))
    for start, end in Highlighter.of(wanted).ranges(text):
        assert len(words(text[start:end])) == 1
        assert len(words(text[:start])) + 1 + len(words(text[end:])) == len(words(text))


@given(texts.filter(lambda text: bool(words(text))), st.data())
def test_every_word_of_a_text_is_marked_when_it_is_searched(text: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words(text)))

    for query in (Word(word), Wildcard(f"{word}*"), Phrase((word,))):
        found = [text[start:end] for start, end in Highlighter.of(query).ranges(text)]
        assert word in [exact for piece in found for exact in words(piece)]


def test_a_phrase_across_two_paragraphs_is_not_shown_as_one() -> None:
    assert shown('"info house"', "The info.\nHouse rules.") is None


# Which passage is shown

FILLER = "Nobody wrote down what else was said on that long and rainy afternoon in the town hall of the city."
LONG = " ".join([FILLER] * 3)


def test_a_snippet_names_its_section_and_what_to_mark() -> None:
    assert shown("mentors", "It began.", "Two mentors met. They talked.") == Snippet(
        section="section-1", heading="Section 1", text="Two mentors met. They talked.", ranges=((4, 11),)
    )


def test_the_passage_with_most_of_the_searched_words_is_shown() -> None:
    one_word_often = "Mentors, mentors, mentors."

    assert shown_text("mentors imams", one_word_often, "Mentors met imams.") == "Mentors met imams."


def test_among_passages_with_equally_many_words_the_one_with_more_marks_is_shown() -> None:
    assert shown_text("mentors", "Mentors met.", "Mentors met mentors.") == "Mentors met mentors."


def test_the_earlier_of_equal_passages_is_shown() -> None:
    assert shown_text("mentors", "It began.", "One mentor met.", "Two mentors met.") == "One mentor met."


def test_a_passage_has_as_many_whole_sentences_as_fit() -> None:
    text = f"{LONG} Mentors met imams. They drank coffee. {LONG}"
    snippet = shown("mentors", text)

    assert snippet is not None
    assert snippet.text.startswith("Nobody wrote")
    assert snippet.text.endswith("Mentors met imams. They drank coffee.")
    assert len(snippet.text) <= SNIPPET_LENGTH


def test_a_passage_stays_within_its_paragraph() -> None:
    assert shown_text("mentors", "It began.\nMentors met.\nThey talked.") == "Mentors met."


def test_words_of_two_paragraphs_do_not_add_up() -> None:
    assert shown_text("mentors imams", "Mentors met.\nImams met.\nMentors met imams.") == "Mentors met imams."


def test_a_sentence_longer_than_a_snippet_is_shown_alone_and_whole() -> None:
    sentence = f"Mentors {'and others ' * 50}met."

    assert shown_text("mentors", f"It began. {sentence} It ended.") == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Of 3.5 million euros mentors got 1.2 percent.",
        "Did mentors come?",
        "Mentors came!",
        "Mentors came?! ",
        "He said: “Mentors came.”",
        "She asked (did mentors come?)",
        "Mentors came to www.example.org and left.",
        "Mentors without an end",
        "... mentors ...",
    ],
)
def test_a_sentence_is_shown_whole(sentence: str) -> None:
    assert shown_text("mentors", f"{LONG}\n{sentence}\n{LONG}") == sentence.strip()


@pytest.mark.parametrize("typed", ["zeppelin", "", "-mentors", "title:mentors", "year:2015", "???"])
def test_if_no_section_matches_there_is_no_snippet(typed: str) -> None:
    assert shown(typed, "Mentors met.", "They talked in 2015.") is None


@pytest.mark.parametrize("texts", [(), ("",), ("\n\n", "  ")])
def test_a_case_without_text_has_no_snippet(texts: tuple[str, ...]) -> None:
    assert shown("mentors", *texts) is None


pieces = st.lists(
    st.sampled_from(["mentors", "imams", "Århus", "a", ". ", "! ", "? ", ".", "\n", " ", "”", FILLER]), max_size=30
).map(" ".join)


@given(st.lists(pieces | st.text(), max_size=3))
def test_a_snippet_is_a_piece_of_its_section_with_its_marks_inside(texts: list[str]) -> None:
    case = case_of(*texts)
    highlighter = Highlighter.of(Or((Word("mentor"), Word("imam"), Phrase(("arhus", "a")))))

    snippet = marks_of(case, highlighter).snippet
    if snippet is None:
        assert not any(highlighter.ranges(block) for text in texts for block in text.split("\n"))
    else:
        section = case.section(snippet.section)
        assert section is not None
        assert snippet.text in section.text
        assert snippet.text == snippet.text.strip()
        assert "\n" not in snippet.text
        assert set(snippet.ranges) >= set(highlighter.ranges(snippet.text))
        assert snippet.ranges


def test_a_search_for_handling_a_challenge_shows_what_was_done_and_not_how_it_showed() -> None:
    sentences = Challenge("fragile-trust", "Imams and mentors fell silent.", "Mentors came back to imams.")
    case = replace(make_case(), challenges=(sentences,))
    highlighter = Highlighter.of(parse_query("mentors").query)

    showed = marks_of(case, highlighter, ["fragile-trust"]).snippet
    handled = marks_of(case, highlighter, ["fragile-trust-handled"]).snippet

    assert showed is not None
    assert handled is not None
    assert (showed.section, showed.heading, showed.text) == (
        "challenges", "How a challenge showed", "Imams and mentors fell silent.",
    )  # fmt: skip
    assert (handled.section, handled.heading, handled.text) == (
        "challenges", "How a challenge was handled", "Mentors came back to imams.",
    )  # fmt: skip


# Against the plain way of finding it


def plain_snippet(
    case: Case, query: Query, weights: Mapping[Word | Wildcard | Phrase, float], chosen: Sequence[str]
) -> Snippet | None:
    """What `marks` does with arrays, passage by passage and word by word."""
    best, snippet = (0.0, 0), None
    for section, heading, keys, text in blocks_of(case):
        factor = (
            IN_QUESTION
            if section == "questions"
            else (IN_CHOSEN_REASON if keys & set(chosen) else IN_OTHER_REASON)
            if keys
            else IN_HANDLING
            if chosen and heading == "What helped"
            else 1.0
        )
        found = {leaf: Highlighter.of(leaf).ranges(text) for leaf in positive_leaves(query) if leaf.field is None}
        for start, end in passages_of(text):
            inside = {leaf: [span for span in spans if start <= span[0] < end] for leaf, spans in found.items()}
            weight = sum(weights[leaf] for leaf, spans in inside.items() if spans)
            places = sorted({span for spans in inside.values() for span in spans})
            worth = (round(weight * factor, 9), len(places))
            if weight and worth > best:
                best = worth
                shifted = tuple((first - start, last - start) for first, last in places)
                snippet = Snippet(section, heading, text[start:end], shifted)
    return snippet


def blocks_of(case: Case) -> Iterator[tuple[str, str, set[str], str]]:
    for section in case.sections:
        for text in section.texts:
            yield section.id, section.heading, set(), text
    yield "resources", "What it takes", set(), case.resources or ""
    for reason in case.arrangements:
        yield "arrangement", "Arrangement", {reason.id}, reason.why
    for challenge in case.challenges:
        yield "challenges", "How a challenge showed", {challenge.id}, challenge.showed or ""
    for challenge in case.challenges:
        keys = {challenge.id, f"{challenge.id}-handled"}
        yield "challenges", "How a challenge was handled", keys, challenge.handled or ""
    for question in case.questions:
        yield "questions", "Questions this case helps to answer", set(), question


asked = st.recursive(
    st.one_of(
        st.sampled_from(["mentors", "imam", "arhus", "absent"]).map(Word),
        st.just(Word("mentors", "title")),
        st.sampled_from(["men*", "a*", "*s", "m?n*", "absent*"]).map(Wildcard),
        st.builds(
            Phrase,
            st.sampled_from([("mentors", "imams"), ("arhus", "a"), ("a",), ("imam", "mentor")]),
            any_form=st.booleans(),
        ),
    ),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple).map(Or),
    max_leaves=5,
)


chosen_reasons = st.sampled_from([(), ("fragile-trust",), ("fragile-trust-handled",), ("no-real-say",)])
sentences = st.none() | pieces.map(lambda text: text.replace("\n", " "))


@given(st.lists(pieces, max_size=3), sentences, sentences, sentences, asked, chosen_reasons, st.data())
def test_indexed_passages_give_the_same_snippets_as_reading_the_text(
    texts: list[str],
    showed: str | None,
    handled: str | None,
    resources: str | None,
    query: Query,
    chosen: Sequence[str],
    data: st.DataObject,
) -> None:
    weights = {leaf: data.draw(st.sampled_from([0.5, 1.0, 1.25])) for leaf in dict.fromkeys(positive_leaves(query))}
    case = replace(
        make_case(),
        sections=tuple(section_of("what-helped", "What helped", *text.split("\n")) for text in texts),
        challenges=(Challenge("fragile-trust", showed, handled), Challenge("no-real-say", "No imam came.", None)),
        resources=resources,
        questions=("Do mentors and imams meet?", "An imam?"),
    )

    found = marks_of(case, Highlighter.of(query, weights.__getitem__), chosen).snippet

    assert found == plain_snippet(case, query, weights, chosen)


@given(st.lists(st.lists(pieces, max_size=2), max_size=4), asked, chosen_reasons)
def test_a_page_of_cases_is_marked_like_each_case_alone(
    texts: list[list[str]], query: Query, chosen: Sequence[str]
) -> None:
    cases = [case_of(*each) for each in texts]
    highlighter = Highlighter.of(query)

    together = marks([Passages.of(case) for case in cases], highlighter, chosen)

    assert together == [marks_of(case, highlighter, chosen) for case in cases]


@given(st.lists(pieces | st.text(alphabet=LETTERS), max_size=3), asked)
def test_stored_passages_come_back_unchanged(texts: list[str], query: Query) -> None:
    passages = Passages.of(case_of(*texts))
    stored = Passages.from_bytes(passages.to_bytes())

    assert stored.listed == passages.listed
    assert stored.blocks.tolist() == passages.blocks.tolist()
    assert stored.passages.tolist() == passages.passages.tolist()
    assert stored.analysed.distinct_words == passages.analysed.distinct_words
    assert marks([stored], Highlighter.of(query)) == marks([passages], Highlighter.of(query))


@given(st.integers(min_value=0), st.integers(1, 255))
def test_passages_with_any_byte_changed_are_refused(place: int, change: int) -> None:
    data = bytearray(Passages.of(make_case()).to_bytes())
    data[place % len(data)] ^= change

    with pytest.raises(ValueError, match="checksum"):
        Passages.from_bytes(bytes(data))


@pytest.mark.parametrize("size", [0, 1, 3, 4, 20, 100])
def test_passages_that_are_cut_off_are_refused(size: int) -> None:
    with pytest.raises((ValueError, struct.error)):
        Passages.from_bytes(Passages.of(make_case()).to_bytes()[:size])
