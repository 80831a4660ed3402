"""The query language: what a visitor may type, how it is interpreted, and the notices about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.query.parser import MAX_CHARACTERS, MAX_WORDS, ParsedQuery, parse_query
from kb.search.query.tree import And, MatchAll, Not, Or, Phrase, Prefix, Query, Word, Years
from kb.search.request import Notice
from kb.search.searching import make_request
from kb.search.understanding.language import Language
from tests.builders import case_markdown
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine
from tests.scan_engine import search_scan as search

MANUAL: list[tuple[str, str, str]] = [
    # What is typed, how it is interpreted, and the codes of the notices about it.
    #
    # Words. Case and accents make no difference.
    ("", "*", ""),
    ("   ", "*", ""),
    ("police", "police", ""),
    ("  Police   SCHOOL ", "police school", ""),
    ("Århus", "arhus", ""),
    ("police police", "police police", ""),
    # Up to three words must all match; of more, most.
    ("trust police school", "trust police school", ""),
    ("trust police school youth", "trust police school youth", ""),
    ("trust police school youth family", "trust police school youth family", ""),
    ("trust trust police school", "trust trust police school", ""),
    # Words that say nothing are left out, unless there are no others.
    ("the police and the school", "police school", ""),
    (
        "How do youth workers keep trust when police are at the table?",
        "youth workers keep trust police table",
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
    # "Quotation marks" of any kind make a phrase, whose words are searched as they are.
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
    ("https://example.org/door", "https example org door", "unknown-field"),
    ("10:30", "10 30", ""),
    # Years: practices that were alive in them.
    ("year:2015", "year:2015..2015", ""),
    ("year:2015..2019", "year:2015..2019", ""),
    ("year:2019..2015", "year:2015..2019", "bad-years"),
    ("year:2015..", "year:2015..9999", ""),
    ("year:..2015", "year:0..2015", ""),
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


@pytest.mark.parametrize(("typed", "understood", "notices"), MANUAL, ids=[ascii(row[0]) for row in MANUAL])
def test_the_query_language(typed: str, understood: str, notices: str) -> None:
    parsed = parse_query(typed)

    assert str(parsed.query) == understood
    assert codes(parsed) == notices.split()


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", MatchAll()),
        ("police", Word("police")),
        ("city:vienna", Word("vienna", "city")),
        ("pol*", Prefix("pol")),
        ('"info house"', Phrase(("info", "house"))),
        ("title:info-house", Phrase(("info", "house"), "title")),
        ("year:2015..", Years(2015, 9999)),
        ("-prison", And((MatchAll(), Not(Word("prison"))))),
        ("a-b OR c", Or((And((Word("a"), Word("b"))), Word("c")))),
        ("one two three four", And((Word("one"), Word("two"), Word("three"), Word("four")))),
        ('one two "three"', And((Word("one"), Word("two"), Phrase(("three",))))),
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
            Notice("open-quote", "A quotation mark is not closed. The words after it are read as plain words."),
        ),
        ("police OR", Notice("lonely-or", "OR needs a word on each side. It was left out.")),
        ("p*", Notice("short-prefix", "`p*` is too short to search for all words that start like that.")),
        (
            "year:soon",
            Notice("bad-years", "`year:soon` is not a year or a range of years. Write year:2015 or year:2015..2019."),
        ),
        (
            "titel:door",
            Notice(
                "unknown-field",
                "`titel:` is not a field that can be searched, and was read as a plain word. Did you mean `title:`?",
            ),
        ),
        (
            "author:smith",
            Notice(
                "unknown-field",
                "`author:` is not a field that can be searched, and was read as a plain word. "
                "The fields are title:, city:, country:, partner:, year:.",
            ),
        ),
        ("word " * 41, Notice("too-long", "The search is long. Only its first 40 words were used.")),
        ("wordswords " * 100, Notice("too-long", "The search is long. Only its first 1000 characters were used.")),
    ],
)
def test_what_notices_say(typed: str, notice: Notice) -> None:
    assert notice in parse_query(typed).notices


def test_the_same_notice_is_given_once() -> None:
    assert codes(parse_query("OR author:a OR OR author:b OR")) == ["unknown-field", "lonely-or"]


# Long ones


def test_only_the_first_words_of_a_long_text_are_searched() -> None:
    typed = " ".join(f"word{number}" for number in range(2000))
    parsed = parse_query(typed)

    assert parsed.query == And(tuple(Word(f"word{number}") for number in range(MAX_WORDS)))
    assert codes(parsed) == ["too-long", "too-long"]


def test_a_text_of_exactly_the_allowed_length_is_read_completely() -> None:
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
def test_ten_thousand_characters_are_no_problem(typed: str) -> None:
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
def test_anything_typed_can_be_searched(typed: str) -> None:
    cases = Cases({"a": case_markdown()})

    result = search(ScanEngine(cases.documents(), cases), make_request(typed), Language())
    assert result.total in (0, 1)


@given(typed_texts)
def test_nothing_is_searched_that_was_not_typed(typed: str) -> None:
    parsed = parse_query(typed)

    if not any(character.isalnum() for character in typed):
        assert parsed.query == MatchAll()


# Asking for less
