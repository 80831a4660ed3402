"""What a visitor meant by what was typed: read once, whatever it is narrowed by, and reported in notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Prefix

from kb.notices import Notice
from kb.search.engine import SearchEngine
from kb.search.query.parser import FEW_WORDS, MAX_WORDS, MOST
from kb.search.query.tree import And, Boosted, DisMax, Having, MinimumShouldMatch, Or, Query, Synonym, Weighted, Word
from kb.search.request import SearchRequest
from kb.search.understanding.boosting import boosts_of
from kb.search.understanding.language import Language
from kb.search.understanding.places import Found, find_places, found_notice
from kb.search.understanding.respelling import readings_of, with_compounds, with_readings
from kb.search.understanding.telling import telling_words
from kb.search.understanding.wildcards import wildcard_notices
from kb.search.words.analysis import fold
from kb.search.words.line import Line
from kb.search.words.synonyms import Used

MANY_WORDS = 20
"""More than this many are a text rather than a question. It is matched as well as can be, as it was written: in a long
text a rare word is seldom a slip, and other names of its words lead astray."""


@dataclass(frozen=True)
class Reading:
    """What a search was read as."""

    words: tuple[Query, ...] = ()
    """Words and names, in the order typed. Looser levels ask for fewer of them."""
    places: tuple[tuple[Query, Query], ...] = ()
    """Places and times: what they mean, and the words that name them. Only the loosest level is content with these."""
    required: tuple[Query, ...] = ()
    """Phrases, fields and exclusions: what was asked for explicitly stays required."""
    boosts: tuple[tuple[Query, float], ...] = ()
    """What else a good answer contains, with the boost of its score that is added."""
    notices: tuple[Notice, ...] = ()

    @property
    def levels(self) -> tuple[Query, ...]:
        """What must match, from the strictest to the loosest."""
        return tuple(dict.fromkeys(self._levels()))

    def _levels(self) -> Iterator[Query]:
        firm = (*(meant for meant, _ in self.places), *self.required)
        if len(self.words) <= FEW_WORDS:
            yield _all_of((*dict.fromkeys(self.words), *firm))
        if FEW_WORDS <= len(self.words) <= MANY_WORDS:
            yield _all_of((MinimumShouldMatch(self.words, MOST), *firm))
        if self.words:
            yield _all_of((_any_of(self.words), *firm))
        if self.places:
            yield _all_of((_any_of((*self.words, *(named for _, named in self.places))), *self.required))

    def ranked(self, query: Query) -> Query:
        """A query with the boosts that order what it finds."""
        return Boosted(query, self.boosts) if self.boosts else query


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
    plain, required = _divided(_clauses(with_readings(request.query, readings)))
    rest, found = find_places(plain, request.line, language.places, language.synonyms)
    query = And((*rest, *required))
    expanded = language.synonyms.in_line(request.line).expand(query)
    words, required = _divided(with_compounds(engine, _clauses(expanded.query), language))
    notices = [*_respelled_notices(readings, request.line, language)]
    notices += [found_notice(place, request.line) for place in found]
    notices += _name_notices(expanded.used, "synonyms.searched")
    notices += _name_notices(expanded.excluded, "synonyms.excluded")
    notices += wildcard_notices(engine, query)
    places = tuple(_places(found, language))
    return Reading(words, places, required, boosts, tuple(notices))


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
    named = _all_of(_clauses(language.synonyms.expand(And(words)).query))
    return Boosted(place.query, ((named, 1.0),)), named


def _clauses(query: Query) -> tuple[Query, ...]:
    return query.clauses if isinstance(query, And) else (query,)


def _all_of(clauses: Sequence[Query]) -> Query:
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
        surprising = [other for other in others if not _looks_like(name, other)]
        if surprising:
            yield Notice.of(key, name=name, others=tuple(surprising[:MOST_NAMES]))


def _looks_like(name: str, other: str) -> bool:
    """Whether two names begin alike, as "religion" and "religious" do, or one contains the other."""
    one, two = fold(name), fold(other)
    alike = Prefix.similarity(one, two)
    return one in two or two in one or alike >= max(4, 0.6 * min(len(one), len(two)))


def relaxed_notice(reading: Reading, level: int) -> Notice:
    """The notice that a looser level was taken."""
    return Notice.of("relaxed.any" if level == len(reading.levels) - 1 else "relaxed.most")
