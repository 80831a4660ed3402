"""The query language: what a visitor may type, how it is understood, and what is said about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.query.parser import MAX_CHARACTERS, MAX_WORDS, ParsedQuery, looser, parse_query
from kb.search.query.tree import And, MatchAll, MinimumShouldMatch, Not, Or, Phrase, Query, Wildcard, Word, Years
from kb.search.request import Notice
from kb.search.searching import make_request
from kb.search.understanding.language import Language
from tests.builders import case_markdown
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine
from tests.scan_engine import search_scan as search

MANUAL: list[tuple[str, str, str]] = [
    # What is typed, how it is understood, and the codes of what is said about it.
    #
    # Words. Case and accents make no difference.
    ("", "*", ""),
    ("   ", "*", ""),
    ("police", "police", ""),
    ("  Police   SCHOOL ", "police school", ""),
    ("Århus", "arhus", ""),
    ("police police", "police", ""),
    # Up to three words must all match; of more, most.
    ("trust police school", "trust police school", ""),
    ("trust police school youth", "3 of (trust, police, school, youth)", ""),
    ("trust police school youth family", "3 of (trust, police, school, youth, family)", ""),
    ("trust trust police school", "trust police school", ""),
    # Words that say nothing are left out, unless there are no others.
    ("the police and the school", "police school", ""),
    (
        "How do youth workers keep trust when police are at the table?",
        "4 of (youth, workers, keep, trust, police, table)",
        "",
    ),
    ("the", "the", ""),
    ("what is it", "what is it", ""),
    ('the "info house"', '"info house"', ""),
    ("the -prison", "the -prison", ""),
    # A word with a hyphen or another sign inside is its parts, and an apostrophe parts nothing.
    ("info-house", "info house", ""),
    ("and/or", "and or", ""),
    ("P/CVE", "p cve", ""),
    ("Coeur d'Alene", "coeur dalene", ""),
    ("the city’s plan", "city plan", ""),
    ("police, school; youth.", "police school youth", ""),
    ("(police)", "police", ""),
    # "Quotation marks" of any kind make a phrase, whose words are looked for as they are.
    ('"info house"', '"info house"', ""),
    ("“info house”", '"info house"', ""),
    ("„info house‟", '"info house"', ""),
    ("«info house»", '"info house"', ""),
    ("＂info house＂", '"info house"', ""),
    ('"Info-House"', '"info house"', ""),
    ('"the"', '"the"', ""),
    ('police"info house"school', 'police "info house" school', ""),
    ('""', "*", "no-words"),
    ('"..." police', "police", ""),
    ('"info house', "info house", "open-quote"),
    ('police "', "police", "open-quote"),
    ('"', "*", "open-quote no-words"),
    ('"info house" "open', '"info house" open', "open-quote"),
    # A hyphen at the start of a word or phrase excludes it.
    ("police -prison", "police -prison", ""),
    ("-prison police", "police -prison", ""),
    ("-prison", "* -prison", ""),
    ("-prison -court", "* -prison -court", ""),
    ('-"info house" police', 'police -"info house"', ""),
    ("-info-house police", "police -(info house)", ""),
    ("-pol*", "* -pol*", ""),
    ("-city:vienna", "* -city:vienna", ""),
    ("-year:2015", "* -year:2015..2015", ""),
    ("-the", "* -the", ""),
    ("- prison", "prison", ""),
    ("--prison", "* -prison", ""),
    ("-", "*", "no-words"),
    ("post-prison", "post prison", ""),
    # OR between two words finds either. It binds more tightly than the space.
    ("police OR school", "police OR school", ""),
    ("police OR school OR youth", "police OR school OR youth", ""),
    ("trust police OR school", "trust (police OR school)", ""),
    ("police OR school trust OR fear", "(police OR school) (trust OR fear)", ""),
    ('"info house" OR hub*', '"info house" OR hub*', ""),
    ("info-house OR hub", "(info house) OR hub", ""),
    ("hub OR info-house OR table", "hub OR (info house) OR table", ""),
    ("city:vienna OR city:liege", "city:vienna OR city:liege", ""),
    ("year:2010 OR year:2012..2014", "year:2010..2010 OR year:2012..2014", ""),
    ("police or school", "police school", ""),
    ('"OR"', '"or"', ""),
    ("OR", "*", "lonely-or no-words"),
    ("OR OR OR", "*", "lonely-or no-words"),
    ("OR police", "police", "lonely-or"),
    ("police OR", "police", "lonely-or"),
    ("police OR OR school", "police OR school", "lonely-or"),
    ("police OR -prison", "police -prison", "lonely-or"),
    ("police OR ...", "police", "lonely-or"),
    # An asterisk at the end stands for any ending.
    ("radical*", "radical*", ""),
    ("Århu*", "arhu*", ""),
    ("info-hou*", "info hou*", ""),
    ("the*", "the*", ""),
    ("po*", "po*", ""),
    ("p*", "p", "short-prefix"),
    ("*", "*", "no-words"),
    ("*ism", "ism", ""),
    ("pol*ice", "pol ice", ""),
    ('"radical*"', '"radical"', ""),
    # A field name and a colon look in one part of a case.
    ("title:door", "title:door", ""),
    ("city:vienna", "city:vienna", ""),
    ("country:denmark", "country:denmark", ""),
    ("partner:university", "partner:university", ""),
    ("CITY:Vienna", "city:vienna", ""),
    ("city:den-haag", 'city:"den haag"', ""),
    ('city:"den haag"', 'city:"den haag"', ""),
    ("city:vie*", "city:vie*", ""),
    ("city:v*", "city:v", "short-prefix"),
    ("title:the", "title:the", ""),
    ('title:"info house', 'title:"info house"', "open-quote"),
    ('title:""', "*", "no-words"),
    ("title: door", "title door", ""),
    ("title:", "title", ""),
    (":door", "door", ""),
    ("title::door", "title door", ""),
    ("ｃｉｔｙ：vienna", "city vienna", ""),
    # A field that there is not is a word like any other.
    ("author:smith", "author smith", "unknown-field"),
    ("titel:door", "titel door", "unknown-field"),
    ('author:"jane smith"', 'author "jane smith"', "unknown-field"),
    ('author:"jane smith', "author jane smith", "open-quote unknown-field"),
    ("author:smi*", "author smi*", "unknown-field"),
    ("-author:smith", "* -(author smith)", "unknown-field"),
    ("body:title:door", "body title door", "unknown-field"),
    ("https://example.org/door", "3 of (https, example, org, door)", "unknown-field"),
    ("10:30", "10 30", ""),
    # Years: practices that were alive in them.
    ("year:2015", "year:2015..2015", ""),
    ("year:2015..2019", "year:2015..2019", ""),
    ("year:2019..2015", "year:2015..2019", "bad-years"),
    ("year:2015..", "year:2015..9999", ""),
    ("year:..2015", "year:0000..2015", ""),
    ("YEAR:2015", "year:2015..2015", ""),
    ('year:"2015..2019"', "year:2015..2019", ""),
    ("police year:2015", "police year:2015..2015", ""),
    ("year:2015-2019", "2015 2019", "bad-years"),
    ("year:15", "15", "bad-years"),
    ("year:20155", "20155", "bad-years"),
    ("year:..", "*", "bad-years no-words"),
    ("year:soon", "soon", "bad-years"),
    ("year:٢٠١٥", "٢٠١٥", "bad-years"),
    ("year:2015,", "2015", "bad-years"),
    ("year:", "year", ""),
    # Other scripts, and no words at all.
    ("المدينة الشرطة", "المدينة الشرطة", ""),
    ("北京", "北京", ""),
    ("ｐｏｌｉｃｅ　ｓｃｈｏｏｌ", "police school", ""),
    ("\u200fpolice\u200f", "police", ""),
    ("police\x00school", "police school", ""),
    ("police\u00a0school", "police school", ""),
    ("???", "*", "no-words"),
    ("🙂", "*", "no-words"),
    ("\ud800", "*", "no-words"),
]


def codes(parsed: ParsedQuery) -> list[str]:
    return [notice.code for notice in parsed.notices]


@pytest.mark.parametrize(("typed", "understood", "said"), MANUAL, ids=[ascii(row[0]) for row in MANUAL])
def test_the_query_language(typed: str, understood: str, said: str) -> None:
    parsed = parse_query(typed)

    assert str(parsed.query) == understood
    assert codes(parsed) == said.split()


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", MatchAll()),
        ("police", Word("police")),
        ("city:vienna", Word("vienna", "city")),
        ("pol*", Wildcard("pol*")),
        ('"info house"', Phrase(("info", "house"))),
        ("title:info-house", Phrase(("info", "house"), "title")),
        ("year:2015..", Years(2015, 9999)),
        ("-prison", And((MatchAll(), Not(Word("prison"))))),
        ("a-b OR c", Or((And((Word("a"), Word("b"))), Word("c")))),
        ("one two three four", MinimumShouldMatch((Word("one"), Word("two"), Word("three"), Word("four")), 3)),
        (
            'one two three four "five"',
            And((MinimumShouldMatch(tuple(map(Word, "one two three four".split())), 3), Phrase(("five",)))),
        ),
    ],
)
def test_a_query_is_a_tree(typed: str, query: Query) -> None:
    assert parse_query(typed).query == query


@pytest.mark.parametrize(
    ("typed", "notice"),
    [
        ("???", Notice("no-words", "There is no word to search for. All cases are shown.")),
        (
            '"info house',
            Notice("open-quote", "A quotation mark has no partner. The words after it are read as plain words."),
        ),
        ("police OR", Notice("lonely-or", "OR needs a word on each side. It was left out.")),
        ("p*", Notice("short-prefix", "`p*` is too short to search for all words that start so.")),
        (
            "year:soon",
            Notice("bad-years", "`year:soon` is not understood. Write year:2015 or year:2015..2019."),
        ),
        (
            "titel:door",
            Notice(
                "unknown-field",
                "`titel:` cannot be searched by itself and was read as a plain word. Did you mean `title:`?",
            ),
        ),
        (
            "author:smith",
            Notice(
                "unknown-field",
                "`author:` cannot be searched by itself and was read as a plain word. "
                "There are title:, city:, country:, partner:, year:.",
            ),
        ),
        ("word " * 41, Notice("too-long", "The search is long. Only its first 40 words were used.")),
        ("wordswords " * 100, Notice("too-long", "The search is long. Only its first 1000 characters were used.")),
    ],
)
def test_what_is_said_to_the_visitor(typed: str, notice: Notice) -> None:
    assert notice in parse_query(typed).notices


def test_the_same_thing_is_said_once() -> None:
    assert codes(parse_query("OR author:a OR OR author:b OR")) == ["unknown-field", "lonely-or"]


# Long ones


def test_of_a_long_text_the_first_words_are_looked_for() -> None:
    typed = " ".join(f"word{number}" for number in range(2000))
    parsed = parse_query(typed)

    assert parsed.query == MinimumShouldMatch(tuple(Word(f"word{number}") for number in range(MAX_WORDS)), 21)
    assert codes(parsed) == ["too-long", "too-long"]


def test_a_text_of_just_the_allowed_length_is_read_whole() -> None:
    typed = "x" * (MAX_CHARACTERS - 4) + " end"

    assert parse_query(typed) == ParsedQuery(And((Word("x" * (MAX_CHARACTERS - 4)), Word("end"))), ())


def test_a_text_is_not_cut_within_a_word() -> None:
    typed = "start " + "x" * MAX_CHARACTERS

    assert str(parse_query(typed).query) == "start"


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 10_000,
        "police " * 1500,
        " " * 10_000,
        " " * 10_000 + "police",
        '"' * 10_000,
        '"' + "police " * 1500,
        "-" * 10_000,
        "-police " * 1500,
        "OR " * 3000,
        "police OR " * 1000,
        "a:" * 5000,
        "title:" * 1700,
        "author:x " * 1200,
        "year:" * 2000,
        "x-" * 5000,
        "x*" * 5000,
        "(" * 10_000,
        "'" * 10_000,
        "a'" * 5000,
        "\u0301" * 10_000,
        "e\u0301" * 5000,
        "ﷺ" * 10_000,
        "🙂" * 10_000,
    ],
    ids=lambda typed: ascii(typed[:12]),
)
def test_ten_thousand_characters_are_no_trouble(typed: str) -> None:
    parsed = parse_query(typed)

    assert len(str(parsed.query)) < 30 * MAX_CHARACTERS
    assert len(parsed.notices) <= MAX_WORDS + 2


# Anything


PIECES = ["police", "info-house", "the", "OR", "-", "*", '"', ":", "title:", "year:", "2015", "..", "x:", " ", "“", "’"]

typed_texts = st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@given(typed_texts)
def test_anything_typed_is_a_query(typed: str) -> None:
    parsed = parse_query(typed)

    assert str(parsed.query)
    assert len(codes(parsed)) == len(set(parsed.notices))


@given(typed_texts)
def test_anything_typed_can_be_searched_for(typed: str) -> None:
    cases = Cases({"a": case_markdown()})

    result = search(ScanEngine(cases.documents(), cases), make_request(typed), Language())
    assert result.total in (0, 1)


@given(typed_texts)
def test_nothing_is_searched_for_that_was_not_typed(typed: str) -> None:
    parsed = parse_query(typed)

    if not any(character.isalnum() for character in typed):
        assert parsed.query == MatchAll()


# Asking for less


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        ("", []),
        ("police", []),
        ('"info house" city:vienna', []),
        ("police OR school", []),
        ("police city:vienna", []),
        ("police school", ["1 of (police, school)"]),
        ("trust police school", ["2 of (trust, police, school)", "1 of (trust, police, school)"]),
        (
            "a1 a2 a3 a4 a5 a6 a7",
            [f"{fewer} of (a1, a2, a3, a4, a5, a6, a7)" for fewer in (2, 1)],
        ),
        ('police school "info house" -prison', ['1 of (police, school) "info house" -prison']),
        ("police school year:2015", ["1 of (police, school) year:2015..2015"]),
        ("police school youth OR families", ["1 of (police, school) (youth OR families)"]),
    ],
)
def test_words_are_asked_for_less_and_less_and_the_rest_stays(typed: str, steps: list[str]) -> None:
    taken = []
    query = looser(parse_query(typed).query)
    while query is not None:
        taken.append(str(query))
        query = looser(query)

    assert taken == steps


@given(typed_texts)
def test_asking_for_less_comes_to_an_end(typed: str) -> None:
    query: Query | None = parse_query(typed).query
    steps = 0
    while query is not None:
        query = looser(query)
        steps += 1

    assert steps <= 12
