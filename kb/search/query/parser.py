"""What a visitor typed, to a query and notices. Never an error.

The language: words, "exact phrase", -not, OR between two words, prefix*, and title: city: country:
partner: year:2015..2019. What cannot be understood is read as plain text, and a notice says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.hints import nearest
from kb.search.fields import QUERY_FIELDS
from kb.search.query.tree import And, MatchAll, MinimumShouldMatch, Not, Or, Phrase, Query, Wildcard, Word, Years
from kb.search.request import Notice
from kb.search.words.analysis import STOP_WORDS, words

MAX_CHARACTERS = 1000
MAX_WORDS = 40
"""A long question has twenty words. More is pasted text; its first words are searched."""

FEW_WORDS = 3
"""Up to this many plain words must all match; of more, most."""

_FIELD_NAMES = (*QUERY_FIELDS, "year")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_ITEM = re.compile(
    r"""(?P<not>(?<!\S)-)?              # a hyphen at the start of a word excludes it
        (?:(?P<field>[A-Za-z]+):(?=[^\s:]))?
        (?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"]+))""",
    re.VERBOSE,
)
_YEARS = re.compile(r"(?P<only>\d{4})|(?P<first>\d{4})\.\.(?P<last>\d{4})?|\.\.(?P<until>\d{4})", re.ASCII)


@dataclass(frozen=True)
class ParsedQuery:
    """A query and the notices about it."""

    query: Query
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class _Operand:
    """One item of the query line."""

    query: Query
    is_plain: bool
    """True for a bare word, of which most are enough; what has an operator is always required."""


class _Or:
    """The word OR between two items."""


def parse_query(text: str) -> ParsedQuery:
    """Read a query line.

    >>> str(parse_query('youth "info house" -prison city:aarhus').query)
    'youth "info house" city:aarhus -prison'
    """
    return _Parser().parse(text)


class _Parser:
    def __init__(self) -> None:
        self._notices: list[Notice] = []

    def parse(self, text: str) -> ParsedQuery:
        items: list[list[_Operand] | _Or] = []
        excluded: list[Query] = []
        for match in _ITEM.finditer(self._shortened(text.translate(_QUOTES))):
            if match.group("word") == "OR" and not match.group("not") and not match.group("field"):
                items.append(_Or())
            elif operands := self._operands(match):
                if match.group("not"):
                    excluded.append(Not(_together(operands)))
                else:
                    items.append(operands)
        included = self._required(_without_stop_words(self._alternatives(items)))
        query = _all_of([*included, *excluded], something_wanted=bool(included))
        if query == MatchAll() and text.strip():
            self._note("no-words", "There is no word to search for. All cases are shown.")
        return ParsedQuery(query, tuple(dict.fromkeys(self._notices)))

    def _shortened(self, text: str) -> str:
        text = text.strip()
        if len(text) > MAX_CHARACTERS:
            text = text[:MAX_CHARACTERS].rsplit(maxsplit=1)[0]
            self._note("too-long", f"The search is long. Only its first {MAX_CHARACTERS} characters were used.")
        pieces = text.split()
        if len(pieces) > MAX_WORDS:
            self._note("too-long", f"The search is long. Only its first {MAX_WORDS} words were used.")
        return " ".join(pieces[:MAX_WORDS])

    def _operands(self, match: re.Match[str]) -> list[_Operand]:
        """What one item of the line means: nothing, one thing, or several plain words."""
        field, phrase, word = match.group("field"), match.group("phrase"), match.group("word")
        value = phrase if phrase is not None else word
        leading: list[_Operand] = []
        if phrase is not None and not match.group("end"):
            self._note("open-quote", "A quotation mark has no partner. The words after it are read as plain words.")
        if field and field.lower() not in _FIELD_NAMES:
            self._note_unknown_field(field)
            leading, field = self._words(field, None), None
        if field and field.lower() == "year":
            return self._years(value)
        name = field.lower() if field else None
        if phrase is not None and match.group("end"):
            return [*leading, *_phrase(phrase, name)]
        return [*leading, *self._words(value, name)]

    def _words(self, text: str, field: str | None) -> list[_Operand]:
        found = words(text)
        if text.endswith("*") and found:
            if len(found[-1]) > 1:
                leading = [_Operand(Word(word, field), field is None) for word in found[:-1]]
                return [*leading, _Operand(Wildcard(f"{found[-1]}*", field), is_plain=False)]
            self._note("short-prefix", f"`{text}` is too short to search for all words that start so.")
        if field and len(found) > 1:
            return [_Operand(Phrase(tuple(found), field), is_plain=False)]
        return [_Operand(Word(word, field), field is None) for word in found]

    def _years(self, text: str) -> list[_Operand]:
        match = _YEARS.fullmatch(text)
        if not match:
            self._note("bad-years", f"`year:{text}` is not understood. Write year:2015 or year:2015..2019.")
            return self._words(text, None)
        if match.group("only"):
            first = last = int(match.group("only"))
        else:
            first, last = int(match.group("first") or 0), int(match.group("last") or match.group("until") or 9999)
        if last < first:
            self._note("bad-years", f"`year:{text}` runs backwards. It was read as year:{last}..{first}.")
        return [_Operand(Years(min(first, last), max(first, last)), is_plain=False)]

    def _alternatives(self, items: Sequence[list[_Operand] | _Or]) -> list[_Operand]:
        """Join the neighbours of each OR."""
        alternatives: list[list[_Operand]] = []
        pending = False
        for item in items:
            if isinstance(item, _Or):
                if pending or not alternatives:
                    self._note_lonely_or()
                pending = bool(alternatives)
            elif pending:
                before = _together(alternatives.pop())
                clauses = before.clauses if isinstance(before, Or) else (before,)
                alternatives.append([_Operand(Or((*clauses, _together(item))), is_plain=False)])
                pending = False
            else:
                alternatives.append(item)
        if pending:
            self._note_lonely_or()
        return [operand for item in alternatives for operand in item]

    def _required(self, operands: Sequence[_Operand]) -> list[Query]:
        """The clauses that must match: all of few plain words, or most of many."""
        required = [operand.query for operand in operands if not operand.is_plain]
        plain = list(dict.fromkeys(operand.query for operand in operands if operand.is_plain))
        if len(plain) > FEW_WORDS:
            return [MinimumShouldMatch(tuple(plain), _most_of(len(plain))), *required]
        # In the order typed, so that the query prints as it was written.
        return list(dict.fromkeys(operand.query for operand in operands))

    def _note_lonely_or(self) -> None:
        self._note("lonely-or", "OR needs a word on each side. It was left out.")

    def _note_unknown_field(self, field: str) -> None:
        near = nearest(field, _FIELD_NAMES)
        hint = f"Did you mean `{near}:`?" if near else f"There are {', '.join(f'{n}:' for n in _FIELD_NAMES)}."
        self._note("unknown-field", f"`{field}:` cannot be searched by itself and was read as a plain word. {hint}")

    def _note(self, code: str, text: str) -> None:
        self._notices.append(Notice(code, text))


def _most_of(count: int) -> int:
    """More than half. "How do youth workers keep trust when police are at the table" has seven words that count; a
    case that contains four of them may well answer it.
    """
    return count // 2 + 1


def _phrase(text: str, field: str | None) -> list[_Operand]:
    found = tuple(words(text))
    return [_Operand(Phrase(found, field), is_plain=False)] if found else []


def _together(operands: Sequence[_Operand]) -> Query:
    """What was typed as one item, as one query: `info-house` is both words."""
    return _all_of([operand.query for operand in operands], something_wanted=True)


def _without_stop_words(operands: Sequence[_Operand]) -> list[_Operand]:
    """Leave out the words that say nothing, unless there are no others."""
    meaningful = [
        operand
        for operand in operands
        if not (operand.is_plain and isinstance(operand.query, Word) and operand.query.text in STOP_WORDS)
    ]
    return meaningful or list(operands)


def _all_of(clauses: Sequence[Query], *, something_wanted: bool) -> Query:
    if not clauses:
        return MatchAll()
    if not something_wanted:
        return And((MatchAll(), *clauses))
    return clauses[0] if len(clauses) == 1 else And(tuple(clauses))


def looser(query: Query) -> Query | None:
    """A reading of a query that asks for less: most words instead of all, then any; None where there is none.

    Phrases, fields and exclusions were asked for explicitly and stay required.
    """
    clauses = query.clauses if isinstance(query, And) else (query,)
    loose = [word for clause in clauses for word in _loose_words(clause)]
    if len(loose) < 2:
        return None
    fixed = [clause for clause in clauses if not list(_loose_words(clause))]
    minimum = _minimum_of(clauses, len(loose))
    fewer = 1 if minimum <= 2 else -(-minimum // 2)
    if fewer >= minimum:
        return None
    return _all_of([MinimumShouldMatch(tuple(loose), fewer), *fixed], something_wanted=True)


def _loose_words(clause: Query) -> Sequence[Query]:
    match clause:
        case Word(_, None):
            return (clause,)
        case MinimumShouldMatch(words_, _):
            return words_
    return ()


def _minimum_of(clauses: Sequence[Query], count: int) -> int:
    return next((clause.minimum for clause in clauses if isinstance(clause, MinimumShouldMatch)), count)
