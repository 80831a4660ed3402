"""Places and times in plain words: "mentors in Scandinavia since 2015"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kb.model.vocabulary import Vocabularies, continent_adjectives
from kb.notices import Notice
from kb.search.query.tree import Having, Query, Word, Years
from kb.search.words.analysis import STOP_WORDS, fold, words
from kb.search.words.line import Line
from kb.search.words.synonyms import Synonyms

REGION_FACET = "country"
"""What a region narrows: its countries."""

EARLIEST = 1950
"""Earlier four-digit numbers are seldom meant as years of a practice."""

OPEN_END = 9999

GENERIC = frozenset(
    "case cases study studies example examples project projects practice practices initiative initiatives programme"
    " programmes program programs work what where everything all".split()
)
"""Words for what the whole collection consists of: beside a place or a time they add nothing."""

_ALSO_WORDS = frozenset(
    "bath bar cork deal essen hull lens male mobile most nice of orange ore polish reading same sale split swede swedes"
    " tours troy".split()
)
"""Names of places that are words of everyday language, too."""

_OF_ORIGIN = frozenset(
    "ancestry background born descent diaspora heritage immigrant immigrants language languages"
    " migrant migrants origin origins refugee refugees roots speaker speakers speaking".split()
)
"""Words before which an adjective says where people come from, not where they are: "African immigrants"."""

_OUTSIDE = frozenset({"not", "outside", "except", "excluding"})
"""Words that leave out the place or time after them: "not in Denmark"."""

_SINCE = frozenset({"since", "after"})
_UNTIL = frozenset({"before", "until", "till"})
_TO = frozenset({"to", "till", "until", "through"})
_FILLERS = frozenset({"year", "years", "between", "during"})
_PARTS = {"early": (0, 4), "mid": (3, 7), "late": (5, 9)}
"""Parts of a decade: the years that they begin and end with."""

_DECADE = re.compile(r"((?:19|20)\d0)s")
_SPOKEN_DECADES = {
    "sixties": 1960, "seventies": 1970, "eighties": 1980, "nineties": 1990, "60s": 1960, "70s": 1970, "80s": 1980,
    "90s": 1990,
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A place or a time that a run of words names."""

    name: str
    """For people: "Denmark", "2015 to 2019"."""
    query: Having | Years
    words: tuple[str, ...]
    """The words that name it."""
    is_excluded: bool = False
    """Whether it is to be left out: "not in Denmark"."""


@dataclass(frozen=True)
class Places:
    """The names of cities, countries, regions and continents."""

    by_name: Mapping[tuple[str, ...], tuple[str, Having]] = field(default_factory=dict)
    """For the folded words of a name the label of the place and which cases are there."""
    by_adjective: Mapping[tuple[str, ...], tuple[str, Having]] = field(default_factory=dict)
    """The same for the words for things and people from there: "Danish", "Danes"."""

    @classmethod
    def of(cls, vocabularies: Vocabularies) -> Places:
        """The places of a collection. One name for several places means the nearest to the ground."""
        return cls(_by_name(_places(vocabularies)), _by_name(_adjectives(vocabularies)))

    def in_line(self, typed: Sequence[str], written: Sequence[str]) -> Places:
        """The same, with adjectives among the names, unless these words name a place: "Moroccan youth in Amsterdam" is
        about Amsterdam.
        """
        is_named = any(self._place(typed[start:], written[start:]) for start in range(len(typed)))
        return self if is_named else replace(self, by_name={**self.by_adjective, **self.by_name})

    def at_start(self, typed: Sequence[str], written: Sequence[str]) -> Found | None:
        """The place or time that these words begin with; `written` is how each of them was typed."""
        return self._place(typed, written) or _time(typed)

    def _place(self, typed: Sequence[str], written: Sequence[str]) -> Found | None:
        for length in range(min(len(typed), 5), 0, -1):
            name = tuple(typed[:length])
            if place := self.by_name.get(name):
                label, having = place
                if length == 1 and _is_a_word(typed[0], written[0]):
                    continue
                if name in self.by_adjective and not _OF_ORIGIN.isdisjoint(typed[length : length + 1]):
                    continue
                return Found(label, having, name)
        return None


def _places(vocabularies: Vocabularies) -> Iterator[tuple[Iterable[str], str, Having]]:
    for facet, terms in (("city", vocabularies.cities), ("country", vocabularies.countries)):
        for term in terms:
            yield (term.label, *term.aliases), term.label, Having(facet, (term.id,))
    for region in vocabularies.regions:
        yield (region.label, *region.aliases), region.label, Having(REGION_FACET, region.countries)
    for continent in vocabularies.continents:
        yield (continent.label,), continent.label, Having("continent", (continent.id,))


def _adjectives(vocabularies: Vocabularies) -> Iterator[tuple[Iterable[str], str, Having]]:
    for country in vocabularies.countries:
        yield country.adjectives, country.label, Having("country", (country.id,))
    for region in vocabularies.regions:
        yield region.adjectives, region.label, Having(REGION_FACET, region.countries)
    for continent in vocabularies.continents:
        yield continent_adjectives(continent.label), continent.label, Having("continent", (continent.id,))


def _by_name(
    places: Iterable[tuple[Iterable[str], str, Having]],
) -> dict[tuple[str, ...], tuple[str, Having]]:
    """Places by the folded words of each of their names."""
    found: dict[tuple[str, ...], tuple[str, Having]] = {}
    for names, label, having in places:
        for name in names:
            if key := tuple(word for word in words(name) if word not in STOP_WORDS):
                found.setdefault(key, (label, having))
    return found


def _is_a_word(typed: str, written: str) -> bool:
    """Whether the name of a place is rather meant as the English word it also is: "nice" is not Nice."""
    return written.islower() and typed in _ALSO_WORDS


def _time(typed: Sequence[str]) -> Found | None:
    """The years that these words begin with."""
    start = next((number for number, word in enumerate(typed) if word not in _FILLERS), len(typed))
    first, second, third = (*typed[start : start + 3], "", "", "")[:3]
    if first in _SINCE | _UNTIL and (year := _year(second)):
        years = Years(year + (first == "after"), OPEN_END) if first in _SINCE else Years(0, year - (first == "before"))
        return Found(f"{first} {year}", years, tuple(typed[: start + 2]))
    if first in _PARTS and (decade := _decade(second)):
        begins, ends = _PARTS[first]
        return Found(f"the {first} {decade}s", Years(decade + begins, decade + ends), tuple(typed[: start + 2]))
    if decade := _decade(first):
        return Found(f"the {decade}s", Years(decade, decade + 9), tuple(typed[: start + 1]))
    if year := _year(first):
        last = _year(third if second in _TO else second) or 0
        if last > year:
            return Found(f"{year} to {last}", Years(year, last), tuple(typed[: start + 2 + (second in _TO)]))
        return Found(str(year), Years(year, year), tuple(typed[: start + 1]))
    return None


def _year(word: str) -> int | None:
    """The year that a word is: not of the future, which would find everything that goes on."""
    is_year = len(word) == 4 and word.isascii() and word.isdigit()
    return int(word) if is_year and EARLIEST <= int(word) <= datetime.now(UTC).year else None


def _decade(word: str) -> int | None:
    if match := _DECADE.fullmatch(word):
        return int(match.group(1))
    return _SPOKEN_DECADES.get(word)


def find_places(
    plain: Sequence[Query], line: Line, places: Places, names: Synonyms
) -> tuple[tuple[Query, ...], tuple[Found, ...]]:
    """The places and times that plain words name, and the other words.

    A longer name that begins with a place is no place ("Aarhus model"). Words for what the whole collection consists of
    ("cases in Germany") are left out where nothing else is asked for.
    """
    typed = [clause.text if isinstance(clause, Word) and clause.field is None else "" for clause in plain]
    written = [line.written(word) for word in typed]
    places = places.in_line(typed, written)
    rest: list[Query] = []
    found: list[Found] = []
    position = 0
    while position < len(plain):
        place = places.at_start(typed[position:], written[position:])
        name = names.longest_name(plain[position:])
        if place and len(place.words) >= len(name):
            if rest and isinstance(rest[-1], Word) and rest[-1].text in _OUTSIDE:
                place = replace(place, is_excluded=True, words=(rest[-1].text, *place.words))
                rest.pop()
                position -= 1
            found.append(place)
            position += len(place.words)
        elif len(name) > 1:
            rest += name
            position += len(name)
        else:
            rest.append(plain[position])
            position += 1
    if found and all(isinstance(clause, Word) and clause.text in GENERIC for clause in rest):
        return (), tuple(found)
    return tuple(rest), tuple(found)


def found_notice(found: Found, line: Line) -> Notice:
    """The notice of a place or time, with the search that takes it as words."""
    typed, instead = _typed(found, line), _quoted(line, found)
    is_time = isinstance(found.query, Years)
    if found.is_excluded:
        key = "understood.time-left-out" if is_time else "understood.place-left-out"
        return Notice.of(key, typed=typed, instead=instead)
    if is_time:
        return Notice.of("understood.time", typed=typed, instead=instead)
    if fold(typed) == fold(found.name):
        return Notice.of("understood.place", typed=found.name, instead=instead)
    return Notice.of("understood.place-named", typed=typed, place=found.name, instead=instead)


def _typed(found: Found, line: Line) -> str:
    """How a place or time was typed: from its first word to its last."""
    spans = [span for span in map(line.span, found.words) if span]
    return line.text[min(spans)[0] : max(spans)[1]] if len(spans) == len(found.words) else found.name


def _quoted(line: Line, found: Found) -> str | None:
    """The line with a name in quotation marks: it is then searched for as it is. None if it is not in the line."""
    wanted = [word for word in found.words if isinstance(found.query, Having) or word[:1].isdigit()] or found.words
    spans = [span for span in map(line.span, wanted) if span]
    if len(spans) < len(wanted):
        return None
    if isinstance(found.query, Having):
        spans = [(spans[0][0], spans[-1][1])]
    text = line.text
    for start, end in sorted(spans, reverse=True):
        text = f'{text[:start]}"{text[start:end]}"{text[end:]}'
    return text
