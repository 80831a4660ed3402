"""What a visitor typed, to a query and notices. Never an error.

The language: words, "exact phrase", -not, OR between two words, (brackets), letters* left open, and title: city:
country: partner: year:2015..2019; `kb.search.query.examples` shows it. What cannot be understood is read as plain text,
and a notice says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.hints import nearest
from kb.notices import Notice
from kb.search.query.lexer import FIELD_NAMES, Kind, Token, cut, folded, is_in_capitals
from kb.search.query.tree import And, MatchAll, Not, Or, Phrase, Query, Weighted, Wildcard, Word
from kb.search.query.years import read_years
from kb.search.words.analysis import STOP_WORDS, words
from kb.search.words.wildcards import has_wildcard

MAX_CHARACTERS = 4000
"""Of a text that an address can carry."""

MAX_WORDS = 40
"""A long question has twenty words. More is pasted text: all of its words are plain ones."""

LINE_CHARACTERS = 1000
"""Of a line with so few words."""

_DATE = re.compile(r"\d{1,2}/\d{1,2}", re.ASCII)
"""As in "9/11": the two numbers alone mean nothing."""

_WEIGHTED = re.compile(r"(?P<word>[^\^]+)\^(?P<weight>\d{1,3}(?:\.\d{1,2})?)", re.ASCII)

FEWEST_LETTERS = 2
"""Of a pattern: with fewer it stands for half of all words."""

_COMMAS = ",;|"
_BETWEEN_VALUES = re.compile(f"[{_COMMAS}]")

# A question mark at the end of a word ends a question; between letters it is one of them.
_ONE_LETTER = re.compile(r"(?<=[^\W_])\?+(?=[^\W_*])|(?<=\*)\?+(?=[^\W_])|\?+(?=\*[^\W_])")
_AS_LETTERS = str.maketrans("*?", "\U00013000\U00013001")
"""Hieroglyphs in place of what is open: `words` folds what is around them, and leaves them as they are."""
_AS_SIGNS = str.maketrans("\U00013000\U00013001", "*?")


@dataclass(frozen=True)
class ParsedQuery:
    """A query and the notices about it."""

    query: Query
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class _Operand:
    """One item of the query line."""

    query: Query
    is_plain: bool = False
    """True for a bare word, of which most are enough; what has an operator is always required."""


def parse_query(text: str) -> ParsedQuery:
    """Read a query line.

    >>> str(parse_query('youth "info house" NOT prison city: aarhus').query)
    'youth "info house" city:aarhus -prison'
    """
    return _Parser().parse(text)


class _Parser:
    """Reads one line: an item is a word, a phrase, a field with its values, or what is in brackets; OR joins two."""

    def __init__(self) -> None:
        self._tokens: list[Token] = []
        self._place = 0
        self._notices: list[Notice] = []

    def parse(self, text: str) -> ParsedQuery:
        if len(text.split()) > MAX_WORDS:
            return self._pasted(text)
        self._tokens = self._with_title_words(self._cut(self._shortened(text)))
        operands = self._operands(None)
        included = _required([each for each in operands if not isinstance(each.query, Not)])
        excluded = [each.query for each in operands if isinstance(each.query, Not)]
        query = _all_of([*included, *dict.fromkeys(excluded)], something_wanted=bool(included))
        if query == MatchAll() and text.strip():
            self._note(Notice.of("no-words"))
        return ParsedQuery(query, tuple(dict.fromkeys(self._notices)))

    def _pasted(self, text: str) -> ParsedQuery:
        """A text that is too long for a query: nothing in it is an operator, and each word counts each time."""
        found = words(self._cut_off(text, MAX_CHARACTERS))
        return ParsedQuery(_all_of([Word(word) for word in found if word not in STOP_WORDS]), tuple(self._notices))

    def _cut_off(self, text: str, most: int) -> str:
        text = text.strip()
        if len(text) <= most:
            return text
        self._note(Notice.of("too-long", most=most))
        return text[:most].rsplit(maxsplit=1)[0]

    def _shortened(self, text: str) -> str:
        return " ".join(folded(self._cut_off(text, LINE_CHARACTERS)).split())

    def _cut(self, line: str) -> list[Token]:
        """The tokens of a line. In capitals it is a pasted title, and its words are no operators."""
        if not is_in_capitals(line):
            return cut(line, with_operators=True)
        if {"OR", "NOT"}.intersection(line.split()):
            self._note(Notice.of("capitals"))
        return cut(line, with_operators=False)

    def _with_title_words(self, tokens: list[Token]) -> list[Token]:
        """The tokens, in which the NOT of a pasted title ("NOT In Our Town") is a word."""
        if len(tokens) > 2 and tokens[0].kind is Kind.NOT and tokens[1].kind is tokens[2].kind is Kind.WORD:
            following = tokens[1].text
            starts_title = following[:1].isupper() and not following.isupper()
            if starts_title or following in STOP_WORDS:
                self._note(Notice.of("title-with-not", following=_first_meaningful(tokens[1:])))
                return [Token(Kind.WORD, "NOT"), *tokens[1:]]
        return tokens

    def _peek(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self) -> Token | None:
        token = self._peek()
        self._place += token is not None
        return token

    def _take_item(self) -> Token | None:
        """The first token of what OR, NOT or a field applies to; None if nothing follows them."""
        token = self._peek()
        return None if token is None or token.kind in (Kind.OR, Kind.AND, Kind.CLOSE) else self._take()

    def _operands(self, field: str | None) -> list[_Operand]:
        """What is meant up to the end of the line, or of the brackets, with the neighbours of each OR joined."""
        items: list[list[_Operand]] = []
        joined: Query | None = None
        is_pending = False
        while (token := self._take()) and token.kind is not Kind.CLOSE:
            if token.kind is Kind.OR:
                if is_pending or not items:
                    self._note(Notice.of("lonely-or"))
                is_pending = bool(items)
            elif token.kind is not Kind.AND and (operands := self._item(token, field)):
                if is_pending:
                    joined = _either(_together(items.pop()), _together(operands))
                    operands = [_Operand(joined)]
                items.append(operands)
                is_pending = False
        if is_pending:
            self._note(Notice.of("lonely-or"))
        found = [operand for item in items for operand in item]
        if joined and any(operand.is_plain for operand in found):
            self._note(Notice.of("or-joins", joined=str(joined)))
        return found

    def _item(self, token: Token, field: str | None) -> list[_Operand]:
        """What one item means: nothing, one thing, or several, as the two words of `info-house`."""
        match token.kind:
            case Kind.NOT | Kind.DASH:
                return self._exclusion(token, field)
            case Kind.FIELD:
                return self._in_field(token, field)
            case Kind.OPEN:
                return self._operands(field)
        return self._value(token, field)

    def _exclusion(self, sign: Token, field: str | None) -> list[_Operand]:
        """What is meant by `-prison`, and by "NOT in prison"."""
        while (following := self._peek()) and self._is_skipped(sign, following):
            self._take()
        first = self._take_item()
        if first is None:
            if sign.kind is Kind.NOT:
                self._note(Notice.of("lonely-not"))
            return []
        operands = self._item(first, field)
        is_acronym = bool(operands) and first.kind is Kind.WORD and first.text.isupper()
        if not _meaningful(operands) and not is_acronym:
            # Nobody searches for all cases without "those": it is the dash of a sentence. "US" is another word.
            return operands
        return [_Operand(_negated(_all_of([each.query for each in operands])))]

    def _is_skipped(self, sign: Token, following: Token) -> bool:
        """Whether what follows changes nothing: another sign, or the first word of "NOT in prison"."""
        if following.kind in (Kind.NOT, Kind.DASH):
            return True
        is_last = self._place + 1 >= len(self._tokens) or self._tokens[self._place + 1].kind is not Kind.WORD
        return sign.kind is Kind.NOT and following.kind is Kind.WORD and following.text in STOP_WORDS and not is_last

    def _in_field(self, token: Token, field: str | None) -> list[_Operand]:
        """What is meant by `city:vienna`, `city:(vienna OR liege)` and `city:vienna,liege`."""
        names = [token, *self._take_fields()]
        unknown = [name.text for name in names if name.text not in FIELD_NAMES]
        if unknown:
            self._note(_unknown_field(unknown[0]))
        leading = [operand for name in unknown for operand in self._words(name, None)]
        known = next((name.text for name in reversed(names) if name.text in FIELD_NAMES), None)
        first = self._take_item()
        if first is None:
            operands = []
        elif known not in (None, "year") and first.kind in (Kind.WORD, Kind.QUOTED):
            operands = self._any_value(first, known)
        else:
            operands = self._item(first, known or field)
        if known and not operands and (first is None or known != "year"):
            example = "year:2015" if known == "year" else f"{known}:word"
            self._note(Notice.of("empty-field", field=known, example=example))
        return [*leading, *operands]

    def _take_fields(self) -> Iterator[Token]:
        while (token := self._peek()) and token.kind is Kind.FIELD:
            self._place += 1
            yield token

    def _any_value(self, token: Token, field: str | None) -> list[_Operand]:
        """Values with commas between them: any of them is wanted."""
        values: list[list[_Operand]] = []
        is_spaced = False
        while True:
            values += filter(None, (self._value(part, field) for part in _values_in(token)))
            following = self._peek()
            if following is None or not _goes_on(token, following):
                break
            is_spaced |= following.kind is Kind.WORD and following.text[0] not in _COMMAS
            token = following
            self._take()
        if len(values) < 2:
            return values[0] if values else []
        query = Or(tuple(map(_together, values)))
        if is_spaced:
            self._note(Notice.of("value-list", query=str(query)))
        return [_Operand(query)]

    def _value(self, token: Token, field: str | None) -> list[_Operand]:
        if not token.is_whole:
            self._note(Notice.of("open-quote"))
        if field == "year":
            return self._years(token.text)
        if token.kind is Kind.WORD or not token.is_whole:
            return self._words(token.text, field)
        if "*" in token.text:
            self._note(Notice.of("pattern-in-quotes"))
        found = tuple(words(token.text))
        return [_Operand(Phrase(found, field))] if found else []

    def _words(self, text: str, field: str | None) -> list[_Operand]:
        if match := _WEIGHTED.fullmatch(text):
            weight = float(match.group("weight"))
            plain = [_Operand(Word(word, field), is_plain=field is None) for word in words(match.group("word"))]
            return [replace(each, query=Weighted(each.query, weight)) for each in plain]
        if _DATE.fullmatch(text):
            return [_Operand(Phrase(tuple(words(text)), field))]
        if "://" not in text:
            text = _ONE_LETTER.sub(lambda match: match.group().translate(_AS_LETTERS), text)
            text = re.sub(r"\*+", "*", text).replace("*", "*".translate(_AS_LETTERS))
        found = [word.translate(_AS_SIGNS) for word in words(text)]
        if field and len(found) > 1 and not any(map(has_wildcard, found)):
            return [_Operand(Phrase(tuple(found), field))]
        return [operand for word in found for operand in self._word(word, field)]

    def _word(self, word: str, field: str | None) -> list[_Operand]:
        if not has_wildcard(word):
            return [_Operand(Word(word, field), is_plain=field is None)]
        letters = words(word)
        if sum(map(len, letters)) >= FEWEST_LETTERS:
            return [_Operand(Wildcard(word, field))]
        if letters:
            self._note(Notice.of("short-pattern", pattern=word))
        return [_Operand(Word(letter, field), is_plain=field is None) for letter in letters]

    def _years(self, text: str) -> list[_Operand]:
        found = read_years(text.strip())
        if not found:
            self._note(Notice.of("bad-years", typed=text))
            return self._words(text, None)
        for read in found:
            if read.is_backward:
                self._note(Notice.of("bad-years.backward", typed=text, range=str(read.years)))
        years = tuple(read.years for read in found)
        return [_Operand(years[0] if len(years) == 1 else Or(years))]

    def _note(self, notice: Notice) -> None:
        self._notices.append(notice)


def _unknown_field(name: str) -> Notice:
    if near := nearest(name, FIELD_NAMES):
        return Notice.of("unknown-field", field=name, near=f"{near}:")
    return Notice.of("unknown-field.listed", field=name, known=", ".join(f"{known}:" for known in FIELD_NAMES))


def _first_meaningful(tokens: Sequence[Token]) -> str:
    """The first word that is no stop word; the first if there is no other."""
    found = [word for token in tokens for word in words(token.text)]
    return next((word for word in found if word not in STOP_WORDS), found[0] if found else "word")


def _values_in(token: Token) -> list[Token]:
    """The values between the commas of a word; a quotation is one."""
    if token.kind is Kind.QUOTED:
        return [token]
    return [Token(Kind.WORD, part) for part in _BETWEEN_VALUES.split(token.text)]


def _goes_on(token: Token, following: Token) -> bool:
    """Whether a list of values with commas between them goes on after one of them."""
    if following.kind is Kind.WORD and following.text[0] in _COMMAS:
        return True
    ends_with_comma = token.kind is Kind.WORD and token.text[-1:] in set(_COMMAS)
    is_value = following.kind in (Kind.WORD, Kind.QUOTED) and following.text.lower() not in STOP_WORDS
    return ends_with_comma and is_value


def _required(operands: Sequence[_Operand]) -> list[Query]:
    """What must match, in the order typed, so that the query prints as it was written. Words that say nothing are left
    out, unless there are no others.
    """
    return [operand.query for operand in _meaningful(operands) or operands]


def _together(operands: Sequence[_Operand]) -> Query:
    """What is on one side of an OR, as one query that means what the same means alone."""
    return _all_of([operand.query for operand in _meaningful(operands) or operands])


def _either(first: Query, second: Query) -> Query:
    clauses = [*(first.clauses if isinstance(first, Or) else (first,)), second]
    return Or(tuple(clauses))


def _negated(query: Query) -> Query:
    return query.clause if isinstance(query, Not) else Not(query)


def _meaningful(operands: Sequence[_Operand]) -> list[_Operand]:
    """Leave out the words that say nothing."""
    return [
        operand
        for operand in operands
        if not (operand.is_plain and isinstance(operand.query, Word) and operand.query.text in STOP_WORDS)
    ]


def _all_of(clauses: Sequence[Query], *, something_wanted: bool = True) -> Query:
    if not clauses:
        return MatchAll()
    if not something_wanted:
        return And((MatchAll(), *clauses))
    return clauses[0] if len(clauses) == 1 else And(tuple(clauses))
