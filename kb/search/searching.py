"""From what was typed to a result: understand, ask the engine, and help where little or nothing is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kb.model.vocabulary import Vocabularies
from kb.search.answering import PassageReader, answer
from kb.search.engine import SearchEngine
from kb.search.fields import reason_word
from kb.search.query.parser import looser, parse_query
from kb.search.query.tree import And, Most, Near, Or, Phrase, Preferring, Query, Word, positive_leaves
from kb.search.request import DEFAULT_SIZE, Notice, SearchRequest, Sort
from kb.search.result import Removal, SearchResult, Suggestion
from kb.search.words.analysis import fold, stem, tokens, words
from kb.search.words.english import english_words
from kb.search.words.spelling import nearest_word, respelled
from kb.search.words.synonyms import Synonyms

EXACT_FORM = 0.15
"""What the very form that was typed adds: "schools" before "schooling", where all else is equal."""

SIDE_BY_SIDE = 0.5
"""What two words add that stand side by side as typed: "safety house" before a house and its safety. Those with a word
between them, even one that is not searched, were not typed so: "people who come" is not about "people come"."""

NEARBY = 0.15
"""What two neighbouring words of a search add that stand within a sentence of each other."""

NEARBY_WORDS = 12
"""The distance of `NEARBY`: half a sentence."""

IN_THE_REASON = 1.5
"""What a word adds in the reason of the very challenge or arrangement that the search is narrowed by."""

REASON_WORDS = 80
"""Longer than any reason, shorter than the gap to the next one."""

RARE = 1
"""Cases that hold a word which may still be a slip of the pen, somebody else's or the visitor's."""

MUCH_MORE = 3
"""How many times more another spelling must find to be offered: "cites" finds one case, "cities" dozens."""

FEW_RESULTS = 8
"""With fewer cases than this a looser reading completes the list, said to be so: one hit is seldom all that
helps, and a visitor should not have to guess which word was one too many."""

ON_TOP = 10.0
"""Lifts what holds all the words above everything that holds some."""

MOST_WISHES = 8
"""Words that wishes are made for. A longer question gains nothing from more, and costs."""


@dataclass(frozen=True)
class Language:
    """What is known of the words of a collection."""

    synonyms: Synonyms = field(default_factory=Synonyms)
    written: Mapping[str, str] = field(default_factory=dict)
    """How a folded word is written: "malmo" is "Malmö"."""

    @classmethod
    def of(cls, vocabularies: Vocabularies) -> Language:
        """The language of a collection with these vocabularies."""
        places = (*vocabularies.cities, *vocabularies.countries)
        names = (name for place in places for name in (*reversed(place.aliases), place.label))
        written = {token.exact: name[token.start : token.end] for name in names for token in tokens(name)}
        return cls(Synonyms.of(vocabularies), written)


def make_request(
    text: str = "",
    filters: Mapping[str, tuple[str, ...]] | None = None,
    *,
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    size: int = DEFAULT_SIZE,
    notices: tuple[Notice, ...] = (),
) -> SearchRequest:
    """The request for a line of text; `notices` are those that its other parameters gave rise to."""
    parsed = parse_query(text)
    return SearchRequest(text, parsed.query, (*parsed.notices, *notices), filters or {}, sort, page, size)


def search(engine: SearchEngine, passages: PassageReader, request: SearchRequest, language: Language) -> SearchResult:
    """The result of a request.

    A word that no case holds is read as the nearest one that some do. With little or nothing found, a looser
    reading completes the list; where filters keep everything out, the result says which one to take away. All
    of it is told.
    """
    asked = understand(engine, request, language)
    total = engine.total(asked)
    if total < FEW_RESULTS:
        asked, total = _relaxed(engine, request, language, asked, total)
    result = answer(engine, passages, asked)
    if total == 0:
        return replace(result, removals=tuple(_removals(engine, request, language)))
    return replace(result, suggestion=_suggestion(engine, request, language, total))


def totals_by_value(engine: SearchEngine, request: SearchRequest, language: Language, facet: str) -> dict[str, int]:
    """For each value of a facet, how many cases `search` finds with that value alone chosen in it.

    The counts of a facet tell how many cases hold the words as they were read for all of them. Narrowed to one value
    fewer may be left, and the words are read more loosely; this tells what comes of it without a search for each.
    """
    others = {name: values for name, values in request.filters.items() if name != facet}
    asked = replace(request, filters=others, page=1, size=0, marked=False)
    totals: dict[str, int] = {}
    query: Query | None = asked.query
    while query is not None:
        # The same step for all values: each goes on to looser readings only as long as it has too few.
        reading = understand(engine, replace(asked, query=query), language)
        for value, cases, _ in engine.search(reading).facets[facet]:
            if totals.get(value, 0) < FEW_RESULTS:
                totals[value] = max(cases, totals.get(value, 0))
        query = looser(query)
    return totals


def understand(engine: SearchEngine, request: SearchRequest, language: Language) -> SearchRequest:
    """The request with unknown words read as the nearest known ones, with other names beside those typed, and with
    what puts a case further up.
    """
    readings = _readings(engine, request.query, language)
    expanded = language.synonyms.expand(_respelled_query(request.query, readings))
    query = expanded.query
    if wishes := tuple(_wishes(request)):
        query = Preferring(query, wishes)
    told = [_reading_notice(typed, language.written.get(meant, meant)) for typed, meant in readings.items()]
    told += [_synonym_notice(names) for names in dict.fromkeys(expanded.used)]
    # How words were read comes before what became of the search.
    before = [notice for notice in request.notices if notice.code != "relaxed"]
    after = [notice for notice in request.notices if notice.code == "relaxed"]
    return replace(request, query=query, notices=(*before, *told, *after))


def _readings(engine: SearchEngine, query: Query, language: Language) -> dict[str, str]:
    """For each typed word that no case holds in any form, nor under another name, the nearest one that some hold."""
    found = {}
    for leaf in positive_leaves(query):
        if isinstance(leaf, Word) and (stem(leaf.text),) not in language.synonyms.alternatives:
            if engine.contains(leaf.text) or leaf.text in english_words():
                continue
            if meant := nearest_word(leaf.text, engine.nearest):
                found[leaf.text] = meant
    return found


def _respelled_query(query: Query, readings: Mapping[str, str]) -> Query:
    """The query with words replaced by their readings."""
    match query:
        case Word(text, field) if text in readings:
            return Word(readings[text], field)
        case And(parts):
            return And(tuple(_respelled_query(part, readings) for part in parts))
        case Or(parts):
            return Or(tuple(_respelled_query(part, readings) for part in parts))
        case Most(parts, minimum):
            return Most(tuple(_respelled_query(part, readings) for part in parts), minimum)
        case Preferring(wanted, wishes):
            respelled_wishes = tuple((_respelled_query(wish, readings), part) for wish, part in wishes)
            return Preferring(_respelled_query(wanted, readings), respelled_wishes)
    return query


def _reading_notice(typed: str, meant: str) -> Notice:
    return Notice("respelled", f"No case holds “{typed}”. It was read as “{meant}”.")


def _total(engine: SearchEngine, request: SearchRequest, language: Language) -> int:
    """How many cases a request finds."""
    return engine.total(understand(engine, request, language))


def _wishes(request: SearchRequest) -> Iterator[tuple[Query, float]]:
    """What else a good answer would hold, each with the part of its score that it adds."""
    if request.sort is not Sort.RELEVANCE:
        return
    plain = [word.text for word in _plain_words(request.query)][:MOST_WISHES]
    for word in plain:
        yield Phrase((word,)), EXACT_FORM
    neighbours = set(pairwise(words(request.text)))
    for first, second in pairwise(plain):
        if (first, second) in neighbours:
            yield Phrase((first, second)), SIDE_BY_SIDE
        yield Near((first, second), NEARBY_WORDS), NEARBY
    for key in request.reason_keys:
        for word in plain:
            yield Near((reason_word(key), word), REASON_WORDS, "reasons"), IN_THE_REASON


def _plain_words(query: Query) -> Iterator[Word]:
    """The words that were typed without any operator, in order."""
    if isinstance(query, Preferring):
        yield from _plain_words(query.wanted)
        return
    parts = query.parts if isinstance(query, And | Most) else (query,)
    for part in parts:
        if isinstance(part, Word) and part.field is None:
            yield part
        elif isinstance(part, Most):
            yield from _plain_words(part)


def _synonym_notice(used: tuple[str, tuple[str, ...]]) -> Notice:
    name, others = used
    told = ", ".join(f"“{other}”" for other in others)
    return Notice("synonyms", f"“{name}” was also looked for as {told}.")


def _suggestion(engine: SearchEngine, request: SearchRequest, language: Language, total: int) -> Suggestion | None:
    """Another spelling of what was typed, if it finds more.

    Only for words that next to no case holds: a word that several cases hold is not a slip.
    """
    typed = {leaf.text for leaf in positive_leaves(request.query) if isinstance(leaf, Word)}
    rare = {word for word, cases in engine.frequencies(typed).items() if cases <= RARE}
    text = respelled(request.text, rare, engine.nearest, language.written) if rare else None
    if text is None or fold(text) == fold(request.text):
        return None
    better = _total(engine, make_request(text, request.filters), language)
    return Suggestion(text, better) if better >= MUCH_MORE * total else None


def _relaxed(
    engine: SearchEngine, request: SearchRequest, language: Language, strict: SearchRequest, total: int
) -> tuple[SearchRequest, int]:
    """The first looser reading that finds enough, or the one that finds most, and how many it finds; the strict one if
    none finds more.

    What holds all the words stays on top.
    """
    best, most = strict, total
    query = request.query
    while (fewer := looser(query)) is not None:
        query = fewer
        looked_for = Preferring(query, ((request.query, ON_TOP),)) if total else query
        reading = understand(engine, request.with_query(looked_for, _relaxed_notice(total, query)), language)
        found = engine.total(reading)
        if found > most:
            best, most = reading, found
        if found >= FEW_RESULTS:
            break
    return best, most


def _removals(engine: SearchEngine, request: SearchRequest, language: Language) -> Iterator[Removal]:
    """The filters without which there would be something, the most helpful first."""
    found = []
    for facet in request.filters:
        others = {name: values for name, values in request.filters.items() if name != facet}
        total = _total(engine, replace(request, filters=others), language)
        if total:
            found.append(Removal(facet, total))
    yield from sorted(found, key=lambda removal: -removal.total)


def _relaxed_notice(strict: int, query: Query) -> Notice:
    """What to say of a looser reading."""
    part = "at least one of them" if _is_any(query) else "most of them"
    if strict == 0:
        return Notice("relaxed", f"No case holds all these words. These hold {part}.")
    told = "Only one case holds" if strict == 1 else f"Only {strict} cases hold"
    return Notice("relaxed", f"{told} all these words; the others hold {part}.")


def _is_any(query: Query) -> bool:
    parts = query.parts if isinstance(query, And) else (query,)
    return any(isinstance(part, Most) and part.minimum == 1 for part in parts)
