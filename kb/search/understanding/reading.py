"""What a visitor meant by what was typed: read once, whatever it is narrowed by, and reported in notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.search.engine import SearchEngine
from kb.search.query.tree import And, Boosted, DisMax, MinimumShouldMatch, Or, Query, Synonym, Word
from kb.search.request import Notice, SearchRequest
from kb.search.understanding.boosting import boosts_of
from kb.search.understanding.language import Language
from kb.search.understanding.respelling import reading_notice, readings_of, with_readings

FEW_WORDS = 3
"""Up to this many plain words must all match; of more, most of their weight."""

MANY_WORDS = 12
"""More than this many are a text rather than a question. It is matched as well as can be, as it was written: in a long
text a rare word is seldom a slip, and other names of its words lead astray."""

MOST = 0.5
"""The share of the weight of words that is most of it. "How do youth workers keep trust when police are at the table"
has seven words that count; a case that contains the telling half of them may well answer it."""


@dataclass(frozen=True)
class Reading:
    """What a search was read as."""

    clauses: tuple[Query, ...]
    """What was asked for, in the order typed."""
    boosts: tuple[tuple[Query, float], ...]
    """What else a good answer contains, with the boost of its score that is added."""
    notices: tuple[Notice, ...]

    @property
    def levels(self) -> tuple[Query, ...]:
        """What must match, from the strictest to the loosest.

        Words and names may be missing in looser ones. Phrases, fields and exclusions were asked for explicitly and stay
        required.
        """
        plain = [clause for clause in self.clauses if is_plain(clause)]
        required = [clause for clause in self.clauses if not is_plain(clause)]
        any_of = _all_of([Or(tuple(plain)), *required])
        if len(plain) < 2:
            return (_all_of(self.clauses),)
        if len(plain) > MANY_WORDS:
            return (any_of,)
        most_of = _all_of([MinimumShouldMatch(tuple(plain), MOST), *required])
        if len(plain) > FEW_WORDS:
            return (most_of, any_of)
        if len(plain) == FEW_WORDS:
            return (_all_of(self.clauses), most_of, any_of)
        return (_all_of(self.clauses), any_of)

    def ranked(self, query: Query) -> Query:
        """A query with the boosts that order what it finds."""
        return Boosted(query, self.boosts) if self.boosts else query


def read(engine: SearchEngine, request: SearchRequest, language: Language) -> Reading:
    """What a search means: unknown words are read as the nearest known ones, and names are searched for under their
    other names too.
    """
    query = request.query
    typed = _clauses(query)
    if len(typed) > MANY_WORDS:
        return Reading(typed, tuple(boosts_of(request)), ())
    readings = readings_of(engine, query, language)
    expanded = language.synonyms.expand(with_readings(query, readings))
    notices = [reading_notice(word, language.written.get(meant, meant)) for word, meant in readings.items()]
    notices += [_synonym_notice(names) for names in dict.fromkeys(expanded.used)]
    return Reading(_clauses(expanded.query), tuple(boosts_of(request)), tuple(notices))


def is_plain(clause: Query) -> bool:
    """Whether a clause is a word or a name that was typed without any operator."""
    return isinstance(clause, Synonym | DisMax) or (isinstance(clause, Word) and clause.field is None)


def _clauses(query: Query) -> tuple[Query, ...]:
    return query.clauses if isinstance(query, And) else (query,)


def _all_of(clauses: Sequence[Query]) -> Query:
    return clauses[0] if len(clauses) == 1 else And(tuple(clauses))


def _synonym_notice(used: tuple[str, tuple[str, ...]]) -> Notice:
    name, others = used
    names = ", ".join(f"“{other}”" for other in others)
    return Notice("synonyms", f"“{name}” was also searched for as {names}.")


def relaxed_notice(reading: Reading, level: int) -> Notice:
    """The notice that a looser level was taken."""
    how_many = "at least one of them" if level == len(reading.levels) - 1 else "most of them"
    return Notice("relaxed", f"No case contains all these words. These contain {how_many}.")
