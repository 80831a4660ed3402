"""A word that no case contains is read as the nearest one that some do."""

from __future__ import annotations

from collections.abc import Mapping

from kb.search.engine import SearchEngine
from kb.search.query.tree import And, Boosted, MinimumShouldMatch, Or, Query, Word, positive_leaves
from kb.search.request import Notice
from kb.search.understanding.language import Language
from kb.search.words.analysis import base_form
from kb.search.words.english import english_words
from kb.search.words.spelling import nearest_word


def readings_of(engine: SearchEngine, query: Query, language: Language) -> dict[str, str]:
    """For each typed word that no case contains, in any form or under another name, the nearest one that some do."""
    found = {}
    for leaf in positive_leaves(query):
        if isinstance(leaf, Word) and (base_form(leaf.text),) not in language.synonyms.alternatives:
            if engine.contains(leaf.text) or leaf.text in english_words():
                continue
            if meant := nearest_word(leaf.text, engine.nearest):
                found[leaf.text] = meant
    return found


def with_readings(query: Query, readings: Mapping[str, str]) -> Query:
    """The query with words replaced by their readings."""
    match query:
        case Word(text, field) if text in readings:
            return Word(readings[text], field)
        case And(clauses):
            return And(tuple(with_readings(clause, readings) for clause in clauses))
        case Or(clauses):
            return Or(tuple(with_readings(clause, readings) for clause in clauses))
        case MinimumShouldMatch(clauses, minimum):
            return MinimumShouldMatch(tuple(with_readings(clause, readings) for clause in clauses), minimum)
        case Boosted(wanted, boosts):
            respelled_boosts = tuple((with_readings(clause, readings), boost) for clause, boost in boosts)
            return Boosted(with_readings(wanted, readings), respelled_boosts)
    return query


def reading_notice(typed: str, meant: str) -> Notice:
    """The notice of a word that was read as another."""
    return Notice("respelled", f"No case contains “{typed}”. It was read as “{meant}”.")
