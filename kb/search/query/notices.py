"""What there is to say of a query line: each notice once, short, and naming what it was read as."""

from __future__ import annotations

from kb.hints import nearest
from kb.search.query.lexer import FIELD_NAMES
from kb.search.request import Notice


def no_words() -> Notice:
    """Signs were typed, and nothing else."""
    return Notice("no-words", "There is no word to search for. All cases are shown.")


def too_long(limit: int, unit: str) -> Notice:
    """More was typed than is read."""
    return Notice("too-long", f"The search is long. Only its first {limit} {unit} were used.")


def open_quote() -> Notice:
    """A quotation mark that no other one closes."""
    return Notice("open-quote", "A quotation mark is not closed. The words after it are read as plain words.")


def lonely_operator(name: str) -> Notice:
    """OR or NOT without the words that it needs."""
    needs = "a word on each side" if name == "OR" else "a word after it"
    return Notice(f"lonely-{name.lower()}", f"{name} needs {needs}. It was left out.")


def capitals() -> Notice:
    """Operators in a line that is all in capitals, as pasted titles are."""
    return Notice("capitals", "In a line of capitals, OR and NOT are read as words.")


def title_with_not(following: str) -> Notice:
    """A NOT at the beginning of what looks like a title."""
    return Notice("title-with-not", f"NOT was read as the first word of a title. `-{following}` leaves a word out.")


def unknown_field(name: str) -> Notice:
    """A field that there is not."""
    near = nearest(name, FIELD_NAMES)
    fields = ", ".join(f"{known}:" for known in FIELD_NAMES)
    hint = f"Did you mean `{near}:`?" if near else f"The fields are {fields}."
    return Notice(
        "unknown-field", f"`{name}:` is not a field that can be searched, and was read as a plain word. {hint}"
    )


def empty_field(name: str) -> Notice:
    """A field without a word."""
    example = "year:2015" if name == "year" else f"{name}:word"
    return Notice("empty-field", f"`{name}:` needs a word right after it, as in `{example}`. It was left out.")


def value_list(query: str) -> Notice:
    """Words after a field, with commas and spaces between them."""
    return Notice("value-list", f"The words between commas were read as `{query}`.")


def bad_years(text: str) -> Notice:
    """Something after `year:` that is no year."""
    return Notice("bad-years", f"`year:{text}` is not a year or a range of years. Write year:2015 or year:2015..2019.")


def backward_years(text: str, first: int, last: int) -> Notice:
    """A range that ends before it begins."""
    return Notice("bad-years", f"`year:{text}` runs backwards. It was read as year:{first}..{last}.")


def short_pattern(text: str) -> Notice:
    """Too few letters for a choice of words."""
    return Notice("short-pattern", f"`{text}` leaves too much open. At least two letters are needed.")


def pattern_in_quotes() -> Notice:
    """An asterisk within quotation marks."""
    return Notice("pattern-in-quotes", "Inside quotation marks `*` is not read: the words are searched as they are.")
