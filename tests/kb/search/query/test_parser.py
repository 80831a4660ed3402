"""The query language: what a visitor may type, how it is interpreted, and the notices about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.notices import in_words
from kb.search.query.parser import LINE_CHARACTERS, MAX_CHARACTERS, MAX_WORDS, ParsedQuery, parse_query
from kb.search.query.tree import And, MatchAll, MinimumShouldMatch, Not, Or, Phrase, Query, Wildcard, Word, Years
from kb.search.searching import make_request
from kb.search.understanding.language import Language
from kb.search.words.analysis import STOP_WORDS
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
    ('NOT "info house" police', 'police -"info house"', ""),
    ("police NOT prison", "police -prison", ""),
    ("NOT prison", "* -prison", ""),
    ("NOT Prison", "* -prison", ""),
    ("police AND NOT prison", "police -prison", ""),
    ("NOT -prison", "* -prison", ""),
    ("NOT -NOT -prison police", "police -prison", ""),
    ("police NOT in prison", "police -prison", ""),
    ("police NOT city:vienna", "police -city:vienna", ""),
    ("police NOT city: vienna", "police -city:vienna", ""),
    ("police not prison", "police not prison", ""),
    ("police Not prison", "police not prison", ""),
    ("-(prison court)", "* -(prison court)", ""),
    ("-(-prison)", "prison", ""),
    ("police NOT(prison OR court)", "police -(prison OR court)", ""),
    ("police NOT", "police", "lonely-not"),
    ("NOT OR police", "police", "lonely-not lonely-or"),
    *((f"police {dash}prison", "police -prison", "") for dash in "-‐‑‒–—―−﹣－"),
    *((f"police {dash} prison", "police prison", "") for dash in "-‐‑‒–—―−﹣－"),
    ("police -- prison", "police prison", ""),
    ("Aarhus – info house", "aarhus info house", ""),
    ("\u200e-prison", "* -prison", ""),
    # The dash of a sentence, and of a range of years, excludes nothing.
    ("youth –those at risk– get help", "youth risk get help", ""),
    ("-the", "the", ""),
    ("NOT the", "the", ""),
    ("police -US", "police -usa", ""),
    ("police -Ⓐ NOT …", "police", ""),
    ("2015 –2019", "2015 2019", ""),
    ("- prison", "prison", ""),
    ("--prison", "* -prison", ""),
    ("-", "*", "no-words"),
    ("post-prison", "post prison", ""),
    # OR between two words finds either. It binds more tightly than the space.
    ("police OR school", "police OR school", ""),
    ("police OR school OR youth", "police OR school OR youth", ""),
    ("trust police OR school", "trust (police OR school)", "or-joins"),
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
    ("police OR -prison", "police OR -prison", ""),
    ("police OR NOT prison", "police OR -prison", ""),
    ("police OR NOT", "police", "lonely-not lonely-or"),
    ("police | school", "police school", ""),
    ("trust police school youth OR family", "trust police school (youth OR family)", "or-joins"),
    ("a1-b1-c1-d1 OR hub", "(a1 b1 c1 d1) OR hub", ""),
    ("state-of-the-art OR hub", "(state art) OR hub", ""),
    # AND says what is true anyway.
    ("police AND school", "police school", ""),
    ("AND police AND AND school AND", "police school", ""),
    ("police and school", "police school", ""),
    # A line in capitals is a pasted title, but acronyms are not. So is a NOT before words that go on as a title does.
    ("NOT IN OUR TOWN: FACING HATE OR FEAR", "not town facing hate fear", "capitals"),
    ("YOUTH WORKERS OR POLICE", "youth workers police", "capitals"),
    ("POLICE AND SCHOOL", "police school", ""),
    ("USA OR UK", "usa OR uk", ""),
    ("US NOT UK", "usa -uk", ""),
    ("北京 OR 上海", "北京 OR 上海", ""),
    # The two numbers of a date belong together.
    ("attacks of 9/11", 'attacks "9 11"', ""),
    # A time in plain words is one item.
    ("youth OR since 2015", "youth OR (since 2015)", ""),
    ("youth -since 2015", "youth -(since 2015)", ""),
    ("youth since 2015", "youth since 2015", ""),
    ("city:VIENNA OR city:LIEGE", "city:vienna OR city:liege", ""),
    ("NOT In Our Town: a platform", "not town platform", "title-with-not"),
    ("NOT in our town", "not town", "title-with-not"),
    ("NOT Welcome Here", "not welcome here", "title-with-not"),
    ("police NOT Welcome", "police -welcome", ""),
    # Brackets group what OR, NOT or a field applies to; elsewhere they are punctuation.
    ("(police school) OR youth", "(police school) OR youth", ""),
    ("youth OR (police -school)", "youth OR (police -school)", ""),
    ("trust (police OR school)", "trust (police OR school)", ""),
    ("(police OR school) (trust OR fear)", "(police OR school) (trust OR fear)", ""),
    ("((police OR school) youth) OR fear", "((police OR school) youth) OR fear", ""),
    ("(-prison) OR police", "-prison OR police", ""),
    ("police(school)youth", "police school youth", ""),
    ("prison (2015)", "prison 2015", ""),
    ("prison(s) OR jail", "(prison s) OR jail", ""),
    ("(police school", "police school", ""),
    ("police) OR (school", "police OR school", ""),
    (":-) police :(", "police", ""),
    ("(((((((((((((police) OR school))))))))))))", "police OR school", ""),
    ("[police] {school}", "police school", ""),
    ("police OR ...", "police", "lonely-or"),
    # An asterisk stands for any letters, a question mark between letters for one.
    ("radical*", "radical*", ""),
    ("Århu*", "arhu*", ""),
    ("info-hou*", "info hou*", ""),
    ("the*", "the*", ""),
    ("po*", "po*", ""),
    ("p*", "p", "short-pattern"),
    ("*", "*", "no-words"),
    ("*ism", "*ism", ""),
    ("radicali*ation", "radicali*ation", ""),
    ("te*m", "te*m", ""),
    ("*work*", "*work*", ""),
    ("**work**", "*work*", ""),
    ("*Rådg*ning", "*radg*ning", ""),
    ("wom?n", "wom?n", ""),
    ("w??k?", "w??k", ""),
    ("wom?n*", "wom?n*", ""),
    ("*?work", "*?work", ""),
    ("what is prison?", "prison", ""),
    ("prison??? police?", "prison police", ""),
    ("¿prison? (police?)", "prison police", ""),
    ("police? *", "police", ""),
    ("*a*", "a", "short-pattern"),
    ("?", "*", "no-words"),
    ("*-*", "*", "no-words"),
    ("police-*work", "police *work", ""),
    ("d'al*ne", "dal*ne", ""),
    ('"radical*"', '"radical"', "pattern-in-quotes"),
    ("-*work", "* -*work", ""),
    ("te*m OR wom?n", "te*m OR wom?n", ""),
    ("https://example.org/a?q=b*c", "https example org q b c", ""),
    # A field name and a colon look in one part of a case.
    ("title:door", "title:door", ""),
    ("city:vienna", "city:vienna", ""),
    ("country:denmark", "country:denmark", ""),
    ("partner:university", "partner:university", ""),
    ("CITY:Vienna", "city:vienna", ""),
    ("city:den-haag", 'city:"den haag"', ""),
    ('city:"den haag"', 'city:"den haag"', ""),
    ("city:vie*", "city:vie*", ""),
    ("city:v*", "city:v", "short-pattern"),
    ("title:the", "title:the", ""),
    ('title:"info house', 'title:"info house"', "open-quote"),
    ('title:""', "*", "empty-field no-words"),
    ("title: door", "title:door", ""),
    ("title : door", "title:door", ""),
    ("title :door", "title:door", ""),
    ('title: "info house"', 'title:"info house"', ""),
    ("police city: vienna", "police city:vienna", ""),
    ("city: vienna police school youth", "city:vienna police school youth", ""),
    ("cities:vienna", "city:vienna", ""),
    ("city:-vienna police", "police -city:vienna", ""),
    ("city:vienna,liege", "city:vienna OR city:liege", ""),
    ("city:Vienna;Liège|Aarhus", "city:vienna OR city:liege OR city:aarhus", ""),
    ('city:"den haag","vienna"', 'city:"den haag" OR city:"vienna"', ""),
    ("city:(vienna OR den-haag)", 'city:vienna OR city:"den haag"', ""),
    ("city:(vienna OR country:denmark)", "city:vienna OR country:denmark", ""),
    ("-city:vienna,liege", "* -(city:vienna OR city:liege)", ""),
    ("city:vienna, liege police", "(city:vienna OR city:liege) police", "value-list"),
    ("city:vienna, city:liege", "city:vienna city:liege", ""),
    ("city:vienna, and police", "city:vienna police", ""),
    ("city:vienna,", "city:vienna", ""),
    ("title:", "*", "empty-field no-words"),
    ("police city:", "police", "empty-field"),
    ("city: OR police", "police", "empty-field lonely-or"),
    ("(city:) police", "police", "empty-field"),
    ("city:... police", "police", "empty-field"),
    ("city:*", "*", "empty-field no-words"),
    # A word with a colon in a sentence is a word.
    ("Denmark: a model", "denmark model", ""),
    ("Note: this", "note", ""),
    ("One city: a model", "one city model", ""),
    ("In the city: police", "city police", ""),
    ("Lessons for a small city: trust takes time", "lessons small city trust takes time", ""),
    ("A divided city: the walls", "divided city walls", ""),
    ("The first year: police", "first year police", ""),
    ("a new partner : police", "new partner police", ""),
    (":door", "door", ""),
    ("title::door", "title:door", ""),
    ("ｃｉｔｙ：vienna", "city:vienna", ""),
    # A field that there is not is a word like any other.
    ("author:smith", "author smith", "unknown-field"),
    ("titel:door", "titel door", "unknown-field"),
    ('author:"jane smith"', 'author "jane smith"', "unknown-field"),
    ('author:"jane smith', "author jane smith", "unknown-field open-quote"),
    ("author:smi*", "author smi*", "unknown-field"),
    ("-author:smith", "* -(author smith)", "unknown-field"),
    ("body:title:door", "body title:door", "unknown-field"),
    ("https://example.org/door", "https example org door", ""),
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
    *(
        (f"{year}{range_}2019", "year:2015..2019", "")
        for year in ("year:2015", "year: 2015", "Year : 2015", "years:2015", "year=2015", "ｙｅａｒ：２０１５")
        for range_ in ("-", "–", "—", "−", "…", "...", "..", "--", "/", " - ", " – ", "- ", " -", " to ", " .. ")
    ),
    ("year:２０１５－２０１９", "year:2015..2019", ""),
    ("year:٢٠١٥", "year:2015..2015", ""),
    ("year:2015-16", "year:2015..2016", ""),
    ("year:2015/2016", "year:2015..2016", ""),
    ("year:2015-", "year:2015..9999", ""),
    ("year:-2019", "year:0000..2019", ""),
    ("year:–2019 police", "year:0000..2019 police", ""),
    ("year:>2015", "year:2016..9999", ""),
    ("year:> 2015", "year:2016..9999", ""),
    ("year: >=2015", "year:2015..9999", ""),
    ("year≥2015", "year:2015..9999", ""),
    ("year<2015", "year:0000..2014", ""),
    ("year:<=2015", "year:0000..2015", ""),
    ("year:<0000", "year:0000..0000", ""),
    ("year:>9999", "year:9999..9999", ""),
    ("year:2010s", "year:2010..2019", ""),
    ("year:2010’s", "year:2010..2019", ""),
    ("year:201*", "year:2010..2019", ""),
    ("year:201?", "year:2010..2019", ""),
    ("year:20*", "year:2000..2099", ""),
    ("year:2015,2017", "year:2015..2015 OR year:2017..2017", ""),
    ("year:2015, 2017-2018, police", "(year:2015..2015 OR year:2017..2018) police", ""),
    ("year:(2015 OR 2017)", "year:2015..2015 OR year:2017..2017", ""),
    ("-year:2015-2019", "* -year:2015..2019", ""),
    ("year:2015 -prison", "year:2015..2015 -prison", ""),
    ("year:2015 - prison", "year:2015..2015 prison", ""),
    ("(year:2015)", "year:2015..2015", ""),
    ("year:2015.", "year:2015..2015", ""),
    ("year:2015?", "year:2015..2015", ""),
    ("year:2015, police", "year:2015..2015 police", ""),
    ("year:2015,", "year:2015..2015", ""),
    ("year:2019-2015", "year:2015..2019", "bad-years"),
    ("year:15", "15", "bad-years"),
    ("year:20155", "20155", "bad-years"),
    ("year:2015-prison", "2015 prison", "bad-years"),
    ("year:2015-06-01", "2015 06 01", "bad-years"),
    ("year:2015s", "2015s", "bad-years"),
    ("year:..", "*", "bad-years no-words"),
    ("year:soon", "soon", "bad-years"),
    ("year: soon", "year soon", ""),
    ("year:", "*", "empty-field no-words"),
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
        ("pol*", Wildcard("pol*")),
        ('"info house"', Phrase(("info", "house"))),
        ("title:info-house", Phrase(("info", "house"), "title")),
        ("year:2015..", Years(2015, 9999)),
        ("-prison", And((MatchAll(), Not(Word("prison"))))),
        ("x-b OR c", Or((And((Word("x"), Word("b"))), Word("c")))),
        ("one two three four", And((Word("one"), Word("two"), Word("three"), Word("four")))),
        ('one two "three"', And((Word("one"), Word("two"), Phrase(("three",))))),
    ],
)
def test_a_query_is_a_tree(typed: str, query: Query) -> None:
    assert parse_query(typed).query == query


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("???", "There is no word to search for. All cases are shown."),
        (
            '"info house',
            "A quotation mark is not closed. The words after it were read as plain words.",
        ),
        ("police OR", "OR needs a word on each side. It was left out."),
        ("p*", "In `p*` only the letters were read: a pattern needs at least two."),
        (
            "year:soon",
            "`year:soon` is not a year or a range of years. Write `year:2015` or `year:2015..2019`.",
        ),
        (
            "titel:door",
            "`titel:` is not a field that can be searched, and was read as a plain word. Did you mean “title:”?",
        ),
        (
            "author:smith",
            "`author:` is not a field that can be searched, and was read as a plain word. "
            "The fields are title:, city:, country:, partner:, year:.",
        ),
        ("police NOT", "NOT needs a word after it. It was left out."),
        ("YOUTH OR PRISON", "In a line that is all in capitals, OR and NOT are read as words."),
        (
            "NOT in our town",
            "NOT was read as the first word of a title. To leave the word out, write `-town`.",
        ),
        ("city:", "`city:` needs a word right after it, as in `city:word`. It was left out."),
        ("year:", "`year:` needs a word right after it, as in `year:2015`. It was left out."),
        (
            "city:oslo, rome",
            "The words separated by commas were read as `city:oslo OR city:rome`.",
        ),
        (
            "year:2019-2015",
            "`year:2019-2015` runs backwards. It was read as `year:2015..2019`.",
        ),
        (
            '"radical*"',
            "Inside quotation marks `*` has no meaning. The words were searched for as they are.",
        ),
        ("x" * 1001, "The search is long. Only its first 1,000 characters were used."),
    ],
)
def test_what_notices_say(typed: str, text: str) -> None:
    assert text in map(in_words, parse_query(typed).notices)


def test_the_same_notice_is_given_once() -> None:
    assert codes(parse_query("OR author:a OR OR author:b OR")) == ["lonely-or", "unknown-field"]


# Long ones


def test_a_pasted_text_is_read_as_plain_words() -> None:
    typed = 'We OR they -said "so much": city:oslo (and more) NOT here* ' + "word " * MAX_WORDS
    parsed = parse_query(typed)

    assert str(parsed.query).startswith("said much city oslo more not here word word")
    assert codes(parsed) == []


def test_of_a_very_long_text_the_beginning_is_searched() -> None:
    parsed = parse_query(" ".join(f"word{number}" for number in range(2000)))

    assert str(parsed.query).startswith("word0 word1 word2")
    assert len(str(parsed.query)) <= MAX_CHARACTERS
    assert codes(parsed) == ["too-long"]


def test_a_line_of_exactly_the_allowed_length_is_read_completely() -> None:
    typed = "x" * (LINE_CHARACTERS - 4) + " end"

    assert parse_query(typed) == ParsedQuery(And((Word("x" * (LINE_CHARACTERS - 4)), Word("end"))), ())


def test_a_line_is_not_cut_within_a_word() -> None:
    typed = "start " + "x" * LINE_CHARACTERS

    assert str(parse_query(typed).query) == "start"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("mosque^3 imam", "mosque^3 imam"),
        ("info-house^2.5", "info^2.5 house^2.5"),
        ("mosque^", "mosque"),
        ("mosque^x", "mosque x"),
        ("mosque^-1", "mosque 1"),
        ("^3", "3"),
        ("mosque^9999", "mosque 9999"),
    ],
)
def test_a_word_can_have_a_weight(typed: str, printed: str) -> None:
    assert str(parse_query(typed).query) == printed


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


PIECES = """
police info-house the US Town OR AND NOT or not - – − ＂ " “ « ’ * ? ... .. … ( ) [ , ; : ： / | 2015 ２０１９ 201*
2010s > <= city: city:( City title : year: year years: partner x: http:// te*m wom?n \u00ad \u200e \u0301
""".split()

typed_texts = st.text(max_size=80) | st.lists(st.sampled_from([*PIECES, " ", " ", " "]), max_size=25).map("".join)


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


def can_be_typed(query: Query) -> bool:
    """Whether a query can be printed as one types it: not "most of many", nor the exclusion of a stop word."""
    match query:
        case MinimumShouldMatch():
            return False
        case Not(Word(text, None)):
            return text not in STOP_WORDS
        case Not(clause):
            return can_be_typed(clause)
        case And(clauses) | Or(clauses):
            return all(map(can_be_typed, clauses))
    return True


@given(typed_texts)
def test_what_was_understood_is_printed_so_that_it_is_understood_again(typed: str) -> None:
    query = parse_query(typed).query

    if can_be_typed(query):
        assert parse_query(str(query)).query == query


@given(st.lists(typed_texts, max_size=3).map(" ".join))
def test_lower_case_words_are_no_operators(typed: str) -> None:
    for operator in ("OR", "AND", "NOT"):
        typed = typed.replace(operator, operator.lower())

    assert not {"lonely-or", "lonely-not", "capitals", "title-with-not"}.intersection(codes(parse_query(typed)))


# Asking for less
