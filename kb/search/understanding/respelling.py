"""A word that no case contains is read as a compound of two that some do, or as the nearest one.

A word that some cases write in one and others in two is searched for in both ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.deadline import check
from kb.search.engine import SearchEngine
from kb.search.query.tree import And, DisMax, Not, Or, Phrase, Query, Synonym, Word, positive_leaves
from kb.search.request import SearchRequest
from kb.search.understanding.language import Language
from kb.search.words.analysis import base_form
from kb.search.words.compounds import joined, parts_of
from kb.search.words.english import english_words
from kb.search.words.line import Line
from kb.search.words.spelling import nearest_word
from kb.search.words.synonyms import OTHER_NAME, one_term


def readings_of(engine: SearchEngine, query: Query, language: Language, line: Line) -> dict[str, str]:
    """For each typed word that no case contains, in any form or under another name, what it is read as: two words that
    it consists of ("street work"), or the nearest word that some cases contain. Names are never read as another word.
    """
    found = {}
    for leaf in positive_leaves(query):
        check()
        if not isinstance(leaf, Word) or _is_known(engine, leaf.text, language):
            continue
        if parts := _parts(engine, leaf, language):
            found[leaf.text] = " ".join(parts)
        elif leaf.text not in english_words():
            meant = nearest_word(leaf.text, engine.nearest)
            if meant and line.may_mean(leaf.text, meant):
                found[leaf.text] = meant
    return found


def _is_known(engine: SearchEngine, word: str, language: Language) -> bool:
    """Whether a word is in a case, in any form, or in a name that the collection knows."""
    return word in language.written or base_form(word) in language.synonyms.base_forms or engine.contains(word)


def with_readings(query: Query, readings: Mapping[str, str]) -> Query:
    """The query with words replaced by their readings."""
    match query:
        case Word(text, field) if text in readings:
            words = tuple(Word(word, field) for word in readings[text].split())
            return words[0] if len(words) == 1 else And(words)
        case And(clauses):
            read = (with_readings(clause, readings) for clause in clauses)
            return And(
                tuple(part for clause in read for part in (clause.clauses if isinstance(clause, And) else (clause,)))
            )
        case Or(clauses):
            return Or(tuple(with_readings(clause, readings) for clause in clauses))
    return query


def with_compounds(engine: SearchEngine, clauses: Sequence[Query], language: Language) -> tuple[Query, ...]:
    """The clauses with what was typed in one word searched for in two as well, and the other way round."""
    either: list[Query] = []
    rest = list(clauses)
    while rest:
        match rest:
            case [Word(first, None), Word(second, None), *_] if word := joined(first, second, engine.frequencies):
                either.append(one_term((Word(first), Word(second)), ((Word(word), OTHER_NAME),)))
                rest = rest[2:]
            case _:
                either.append(_with_compound(engine, rest.pop(0), language))
    return tuple(either)


def _with_compound(engine: SearchEngine, clause: Query, language: Language) -> Query:
    match clause:
        case Word(_, field):
            parts = _parts(engine, clause, language)
            return Synonym(clause, ((Phrase(parts, field, any_form=True), OTHER_NAME),)) if parts else clause
        case DisMax((Synonym(Phrase((first, second)) as typed, others), *apart)):
            word = joined(first, second, engine.frequencies)
            return DisMax((Synonym(typed, (*others, (Word(word), OTHER_NAME))), *apart)) if word else clause
        case Or(alternatives):
            return Or(tuple(_with_compound(engine, each, language) for each in alternatives))
        case Not(excluded):
            return Not(_with_compound(engine, excluded, language))
    return clause


def _parts(engine: SearchEngine, word: Word, language: Language) -> tuple[str, str] | None:
    """The two words that a word consists of, in its field: words of a name, or side by side in some case."""

    def side_by_side(first: str, second: str) -> int:
        phrase = Phrase((first, second), word.field, any_form=True)
        is_name = (base_form(first), base_form(second)) in language.synonyms.alternatives
        return engine.total(SearchRequest(str(phrase), phrase)) or is_name

    return parts_of(word.text, engine.frequencies, side_by_side)
