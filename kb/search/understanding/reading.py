"""What a visitor meant by what was typed: read once, whatever it is narrowed by, and reported in notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Prefix

from kb.notices import Notice
from kb.search.engine import SearchEngine
from kb.search.query.parser import MAX_WORDS
from kb.search.query.tree import (
    And,
    Boosted,
    DisMax,
    Having,
    MatchAll,
    MinimumShouldMatch,
    Not,
    Or,
    Query,
    Synonym,
    Weighted,
    Word,
)
from kb.search.request import SearchRequest
from kb.search.understanding.boosting import boosts_of
from kb.search.understanding.language import Language
from kb.search.understanding.places import Found, find_places, found_notice
from kb.search.understanding.respelling import readings_of, with_compounds, with_readings
from kb.search.understanding.telling import telling_words
from kb.search.understanding.wildcards import wildcard_notices
from kb.search.words.analysis import STOP_WORDS, fold, words
from kb.search.words.line import Line
from kb.search.words.synonyms import Used

FEW_WORDS = 3
"""Up to this many plain words must all match; of more, most of their weight."""

MOST = 0.4
"""The share of the weight of words that is enough of it. "How do youth workers keep trust when police are at the table"
has seven words that count; a case that contains the telling ones of them may well answer it."""

MANY_WORDS = 20
"""More than this many are a text rather than a question. It is matched as well as can be, as it was written: in a long
text a rare word is seldom a slip, and other names of its words lead astray."""


@dataclass(frozen=True)
class Reading:
    """What a search was read as."""

    words: tuple[Query, ...] = ()
    """Words and names, in the order typed. Looser levels ask for fewer of them."""
    unknown: tuple[str, ...] = ()
    """Words that no case contains. They count towards the length of a search, so that fewer of its words have to
    match."""
    places: tuple[tuple[Query, Query], ...] = ()
    """Places and times: what they mean, and the words that name them. Only the loosest level is content with these."""
    required: tuple[Query, ...] = ()
    """Phrases, fields, alternatives and exclusions. Like filters they only narrow: they never decide which level is
    taken, so that what is asked for in addition never finds more."""
    boosts: tuple[tuple[Query, float], ...] = ()
    """What else a good answer contains, with the boost of its score that is added."""
    notices: tuple[Notice, ...] = ()
    place_notices: tuple[Notice, ...] = ()
    """Those of places and times: true of every level that is not content with their names."""
    place_names: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[Query, ...]:
        """What must match of the words and places, from the strictest to the loosest."""
        return tuple(dict.fromkeys(self._levels()))

    def _levels(self) -> Iterator[Query]:
        firm = tuple(meant for meant, _ in self.places)
        count = len(self.words) + len(self.unknown)
        if count <= FEW_WORDS:
            yield _all_of((*dict.fromkeys(self.words), *firm))
        if FEW_WORDS <= count <= MANY_WORDS:
            yield _all_of((MinimumShouldMatch(self.words, MOST), *firm))
        if self.words:
            yield _all_of((_any_of(self.words), *firm))
        if self.places:
            yield _any_of((*self.words, *(named for _, named in self.places)))

    @property
    def loosest(self) -> Query:
        """Everything that was searched for, as needed for marking it in a text."""
        return self.narrowed(self.levels[-1])

    def narrowed(self, level: Query) -> Query:
        """A level with what is required."""
        return _all_of(self.required if level == MatchAll() and self.required else (level, *self.required))

    def ranked(self, query: Query) -> Query:
        """A query with the boosts that order what it finds."""
        return Boosted(query, self.boosts) if self.boosts else query

    def notices_of(self, level: Query) -> tuple[Notice, ...]:
        """The notices that are true of a level, with one of its own if it is not the strictest."""
        number, last = self.levels.index(level), len(self.levels) - 1
        if self.places and number == last:
            key = "relaxed.place" if self.words else "relaxed.place-alone"
            return (*self.notices, Notice.of(key, places=self.place_names))
        relaxed = [Notice.of("relaxed.any" if number == last - bool(self.places) else "relaxed.most")] if number else []
        return (*self.notices, *self.place_notices, *relaxed)


def read(engine: SearchEngine, request: SearchRequest, language: Language) -> Reading:
    """What a search means.

    Unknown words are read as the nearest known ones, places and times are understood as such, and names are searched
    for under their other names too. A long text is taken as it is.
    """
    plain, required = _divided(_clauses(request.query))
    boosts = tuple(boosts_of(request, language.synonyms))
    if len(plain) > MANY_WORDS:
        return Reading(_weighted(engine, plain), required=required, boosts=boosts)
    readings = readings_of(engine, request.query, language, request.line)
    known = replace(language, synonyms=language.synonyms.in_line(request.line))
    reading = _Reader(engine, request.line, known).read(with_readings(request.query, readings))
    notices = (
        *_respelled_notices(readings, request.line, language),
        *reading.notices,
        *wildcard_notices(engine, request.query),
    )
    return replace(reading, boosts=boosts, notices=tuple(dict.fromkeys(notices)))


class _Reader:
    """Reads a query, and each of its alternatives and exclusions in the same way."""

    def __init__(self, engine: SearchEngine, line: Line, language: Language) -> None:
        self._engine = engine
        self._line = line
        self._language = language

    def read(self, query: Query, used: str = "synonyms.searched") -> Reading:
        """What a query means; `used` is the notice of other names."""
        plain, others = _divided(_clauses(query))
        rest, found = find_places(plain, self._line, self._language.places, self._language.synonyms)
        expanded = self._language.synonyms.expand(rest)
        words, unknown = self._known(with_compounds(self._engine, expanded.clauses, self._language))
        notices = [*_name_notices(expanded.used, used)]
        if unknown:
            notices.append(Notice.of("unknown-word", names=unknown[:MOST_NAMES]))
        required = []
        for clause in (*others, *(Not(place.query) for place in found if place.is_excluded)):
            query, more = self._required(clause)
            required.append(query)
            notices += more
        meant = [place for place in found if not place.is_excluded]
        return Reading(
            words,
            unknown,
            tuple(_places(meant, self._language)),
            tuple(required),
            notices=tuple(notices),
            place_notices=tuple(found_notice(place, self._line) for place in found),
            place_names=tuple(place.name for place in meant),
        )

    def _known(self, clauses: Sequence[Query]) -> tuple[tuple[Query, ...], tuple[str, ...]]:
        """The clauses without the words that no case contains, and those words; all clauses if no others remain."""
        unknown = [clause for clause in clauses if isinstance(clause, Word) and not self._engine.contains(clause.text)]
        known = tuple(clause for clause in clauses if clause not in unknown)
        if not known or not unknown:
            return tuple(clauses), ()
        return known, tuple(dict.fromkeys(self._line.written(clause.text) for clause in unknown))

    def _required(self, clause: Query) -> tuple[Query, Sequence[Notice]]:
        """The clauses that are required or excluded, however little is found."""
        match clause:
            case Or(alternatives):
                read = [self._taken(self.read(alternative)) for alternative in alternatives]
                return Or(tuple(query for query, _ in read)), [notice for _, notices in read for notice in notices]
            case Not(excluded):
                reading = self.read(excluded, "synonyms.excluded")
                notices = (*reading.notices, *reading.place_notices)
                return Not(reading.narrowed(reading.levels[0])), notices
            case And():
                return self._taken(self.read(clause))
        (either,) = with_compounds(self._engine, (clause,), self._language)
        return either, ()

    def _taken(self, reading: Reading) -> tuple[Query, Sequence[Notice]]:
        """The strictest level that finds anything, as it would be taken if nothing else had been typed."""
        for level in reading.levels:
            if self._engine.total(SearchRequest(query=level)):
                return reading.narrowed(level), reading.notices_of(level)
        return reading.narrowed(reading.levels[0]), (*reading.notices, *reading.place_notices)


def is_plain(clause: Query) -> bool:
    """Whether a clause is a word or a name that was typed without any operator."""
    if isinstance(clause, Weighted):
        return is_plain(clause.clause)
    return isinstance(clause, Synonym | DisMax) or (isinstance(clause, Word) and clause.field is None)


def _weighted(engine: SearchEngine, plain: Sequence[Query]) -> tuple[Query, ...]:
    """The words of a text, each once with the number of times it occurs; of very many those that tell most."""
    counts: dict[str, float] = {}
    for clause in plain:
        word, weight = (clause.clause, clause.weight) if isinstance(clause, Weighted) else (clause, 1.0)
        if isinstance(word, Word):
            counts[word.text] = counts.get(word.text, 0.0) + weight
    if len(counts) > MAX_WORDS:
        counts = telling_words(engine, counts) or dict(list(counts.items())[:MAX_WORDS])
    return tuple(Word(word) if weight == 1 else Weighted(Word(word), weight) for word, weight in counts.items())


def _divided(clauses: Sequence[Query]) -> tuple[tuple[Query, ...], tuple[Query, ...]]:
    """What was typed without any operator, and the rest."""
    return tuple(filter(is_plain, clauses)), tuple(clause for clause in clauses if not is_plain(clause))


def _places(found: Sequence[Found], language: Language) -> Iterator[tuple[Query, Query]]:
    """What places and times mean, and the words of their names. Of two countries or two cities, either is meant."""
    by_facet: dict[str, list[Found]] = {}
    for place in found:
        by_facet.setdefault(place.query.facet if isinstance(place.query, Having) else place.name, []).append(place)
    for places in by_facet.values():
        meant, named = zip(*(_meant_and_named(place, language) for place in places), strict=True)
        if _are_apart([place.query.values for place in places if isinstance(place.query, Having)]):
            yield _any_of(meant), _any_of(named)
        else:
            yield from zip(meant, named, strict=True)


def _are_apart(several: Sequence[Sequence[str]]) -> bool:
    """Whether no value is in two of them."""
    return len({value for values in several for value in values}) == sum(map(len, several))


def _meant_and_named(place: Found, language: Language) -> tuple[Query, Query]:
    """What a place or time means, best where its name is; and the words of its name."""
    words = tuple(map(Word, place.words))
    named = _all_of(language.synonyms.expand(words).clauses)
    return Boosted(place.query, ((named, 1.0),)), named


def _clauses(query: Query) -> tuple[Query, ...]:
    return query.clauses if isinstance(query, And) else (query,)


def _all_of(clauses: Sequence[Query]) -> Query:
    if not clauses:
        return MatchAll()
    return clauses[0] if len(clauses) == 1 else And(tuple(clauses))


def _any_of(clauses: Sequence[Query]) -> Query:
    return clauses[0] if len(clauses) == 1 else Or(tuple(clauses))


def _respelled_notices(readings: Mapping[str, str], line: Line, language: Language) -> Iterator[Notice]:
    """The notices of words that were read as others. That a compound was written in two words is no surprise."""
    for word, meant in readings.items():
        if meant.replace(" ", "") != word:
            yield Notice.of("respelled", typed=line.written(word), meant=language.written.get(meant, meant))


MOST_NAMES = 3
"""Other names that a notice mentions."""


def _name_notices(used: Iterable[Used], key: str) -> Iterator[Notice]:
    """The notices of other names; forms of the same word are no surprise."""
    for name, others in dict.fromkeys(used):
        surprising = [other for other in others if not _looks_like(name, other) and not _is_half(other)]
        if surprising:
            yield Notice.of(key, name=name, others=tuple(surprising[:MOST_NAMES]))


def _is_half(name: str) -> bool:
    """Whether a name only leads to what is meant, as "back from" does."""
    return not STOP_WORDS.isdisjoint(words(name)[-1:])


def _looks_like(name: str, other: str) -> bool:
    """Whether two names begin alike, as "religion" and "religious" do, or one contains the other."""
    one, two = fold(name), fold(other)
    alike = Prefix.similarity(one, two)
    return one in two or two in one or alike >= max(4, 0.6 * min(len(one), len(two)))
