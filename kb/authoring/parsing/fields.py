"""Front matter, read field by field.

The caller states what each field must be. Every failure becomes a problem with its line, and reading continues, so that
an author sees all problems together. One cause gives one problem: a value that cannot be read is reported once, and not
as missing or unknown as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from kb.authoring.parsing import typed_by_habit
from kb.authoring.parsing.dates_and_years import dates_in, plain_digits, years_in
from kb.authoring.parsing.text_file import INVISIBLE, character_name
from kb.authoring.parsing.yaml.nodes import Entry, Mapping, Node, Scalar, Unreadable
from kb.authoring.parsing.yaml.nodes import Sequence as YamlSequence
from kb.authoring.parsing.yaml.repairs import as_entry, quoted
from kb.authoring.problems import ProblemList
from kb.authoring.written import Place
from kb.hints import nearest
from kb.model.vocabulary import YEARS, Vocabulary

E = TypeVar("E", bound=StrEnum)

FEW = 12
"""The most ids that a hint lists."""

_ANY_MAPPING = "`key: value` pairs"
_TEMPLATE = "See `content/TEMPLATE.md`."


@dataclass(frozen=True)
class Text:
    """A text value and its position."""

    value: str
    place: Place


@dataclass(frozen=True)
class Keys:
    """The keys that a mapping may have, for hints."""

    names: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    """What to paste for a key that is missing."""

    def line(self, key: str) -> str:
        """The lines to paste for a missing key; empty if none are known."""
        return dict(self.lines).get(key, "")


class FieldReader:
    """Reads the fields of one mapping and notes what is wrong with them."""

    def __init__(
        self, mapping: Mapping | Unreadable, problems: ProblemList, within: str = "", keys: Keys | None = None
    ) -> None:
        self.problems = problems
        self._within = within
        self._keys = keys or Keys()
        self._asked: set[str] = set()
        self._is_readable = isinstance(mapping, Mapping)
        self._mapping = self._meant(mapping) if isinstance(mapping, Mapping) else Mapping((), mapping.place)
        for entry in self._mapping.repeated():
            message = f"The key `{within}{entry.key}` appears here a second time."
            self.note("duplicate-key", message, "Keep one of the two.", entry.place)

    @property
    def is_empty(self) -> bool:
        """Whether there is no field to read."""
        return not self._mapping.entries

    @property
    def is_readable(self) -> bool:
        """Whether it could be read at all; if not, this has been reported."""
        return self._is_readable

    def has(self, key: str) -> bool:
        """Whether there is a value under a key, whatever it is."""
        node = self._mapping.get(key)
        return node is not None and not _is_empty(node)

    def text(self, key: str, *, required: bool = True, longest: int | None = None, free: bool = False) -> str:
        """A single text; empty if it is missing. Text in the author's own words is `free` or has a limit."""
        scalar = self._scalar(key, required)
        if scalar is None:
            return ""
        if longest:
            self.check_length(key, scalar.text, longest, scalar.place)
        if longest or free:
            self.check_words(key, scalar)
        return scalar.text

    def check_length(self, key: str, text: str, longest: int, place: Place) -> None:
        """Note a text of more than `longest` characters."""
        if len(text) > longest:
            message = f"`{self._within}{key}` has {len(text)} characters; the limit is {longest}."
            self.note("too-long", message, "Shorten it.", place)

    def check_words(self, key: str, scalar: Scalar) -> None:
        """Note what readers would stumble over in a text in the author's own words."""
        typed_by_habit.check_value(f"{self._within}{key}", scalar, self.problems)

    def year(self, key: str, *, required: bool = True) -> int | None:
        """A year; None if it is missing or wrong."""
        scalar = self._scalar(key, required)
        if scalar is None:
            return None
        text, name = scalar.text, f"{self._within}{key}"
        if re.fullmatch(r"[0-9]{4}", text) and int(text) in YEARS:
            if int(text) > date.today().year:
                self.note("in-the-future", f"`{name}: {text}` is in the future.", "Check the year.", scalar.place)
            return int(text)
        self._note_bad_year(key, scalar)
        return None

    def _note_bad_year(self, key: str, scalar: Scalar) -> None:
        text, name = scalar.text, f"{self._within}{key}"
        message, paste, swap = f"`{name}: {text}` is not a year.", "", None
        match years_in(text):
            case [year]:
                hint, swap = f"Write the year alone: `{key}: {year}`.", (text, str(year))
            case [first, last] if key == "started" and first < last:
                hint, swap, paste = (
                    f"Write `started: {first}` and `ended: {last}`.",
                    (text, str(first)),
                    f"ended: {last}",
                )
            case _:
                hint = "Write four digits."
                if re.fullmatch(r"[0-9]{4}", plain_digits(text)):
                    message = f"`{name}: {text}` cannot be right."
                    hint = f"Years lie between {YEARS[0]} and {YEARS[-1]}."
        self._add("bad-year", message, hint, scalar.place, swap=swap, paste=paste)

    def day(self, key: str, *, required: bool = True) -> date | None:
        """A date in ISO format; None if it is missing or wrong."""
        scalar = self._scalar(key, required)
        if scalar is None:
            return None
        text, name = scalar.text, f"{self._within}{key}"
        found = dates_in(text)
        if len(found) == 1 and text == found[0].isoformat():
            if found[0] > date.today():
                self.note("in-the-future", f"`{name}: {text}` is in the future.", "Check the date.", scalar.place)
            return found[0]
        hint = "Write it as 2026-03-31." if len(found) != 1 else f"Write it as {found[0]}."
        if len(found) == 2:
            hint = f"Write it as {found[0]} or {found[1]}, whichever is meant."
        if not found and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            hint = "There is no such day; check the month."
        swap = (text, found[0].isoformat()) if len(found) == 1 else None
        message = f"`{name}: {text}` is not a date."
        self._add("bad-date", message, hint, scalar.place, swap=swap, is_sure=bool(swap))
        return None

    def choice(self, key: str, choices: Iterable[str], *, default: str = "", required: bool = True) -> str:
        """One of a few fixed words; `default` if it is missing or wrong."""
        text = self.text(key, required=required)
        allowed = tuple(choices)
        return text if text and self._allowed(key, Text(text, self.place(key)), allowed) else default

    def state(self, key: str, default: E, *, required: bool = True) -> E:
        """A member of the same enumeration as `default`; `default` if it is missing or wrong."""
        states = type(default)
        return states(self.choice(key, states, default=default, required=required))

    def words(self, key: str, choices: Iterable[str]) -> tuple[str, ...]:
        """A list of words from a fixed set; any other word is noted and left out."""
        allowed = tuple(choices)
        return tuple(text.value for text in self.texts(key, required=True) if self._allowed(key, text, allowed))

    def _allowed(self, key: str, text: Text, allowed: tuple[str, ...]) -> bool:
        if text.value in allowed:
            return True
        near = nearest(text.value, allowed)
        message = f"`{self._within}{key}` cannot be `{text.value}`."
        strange = _strange_character(text.value, near) if near else ""
        hint = f"{strange}Write one of: {', '.join(allowed)}."
        self._add("unknown-term", message, hint, text.place, swap=(text.value, near) if near else None)
        return False

    def is_list(self, key: str) -> bool:
        """Whether the value of a key is a list."""
        return isinstance(self._mapping.get(key), YamlSequence)

    def texts(
        self,
        key: str,
        *,
        required: bool = False,
        free: bool = False,
        meant: Callable[[str], str | None] = lambda text: None,
    ) -> tuple[Text, ...]:
        """A list of texts, empty ones left out; those in the author's own words are `free`.

        `meant` returns the id that a text surely means: in place of a list, it is taken for it.
        """
        node = self._value(key, required)
        if node is None:
            return ()
        if not isinstance(node, YamlSequence):
            return self._in_place_of_list(key, node, meant)
        found = []
        for item in typed_by_habit.joined_at_commas(node, self.problems):
            if isinstance(item, Scalar):
                if item.text:
                    found.append(Text(item.text, item.place))
                if free:
                    self.check_words(key, item)
            elif not isinstance(item, Unreadable):
                self._note_no_text(key, item)
        return tuple(found)

    def _note_no_text(self, key: str, item: Node) -> None:
        line, start = self.problems.line(item.place.line), item.place.column - 1
        if isinstance(item, Mapping) and not item.is_flow and len(item.entries) == 1 and line[:start].strip() == "-":
            message = "Text without quotes cannot contain a colon followed by a space."
            fix = line[:start] + quoted(line[start:].rstrip())
            self.problems.add("yaml-syntax", message, "Put the text in double quotes.", place=item.place, fix=fix)
        else:
            self._wrong_type(key, "a list of texts", item.place)

    def terms(self, key: str, vocabulary: Vocabulary[Any], *, required: bool = False) -> tuple[str, ...]:
        """A list of ids of a vocabulary; unknown and repeated ones are noted and left out."""

        def meant(text: str) -> str | None:
            return text if text in vocabulary else _surely_meant(text, vocabulary)

        return self._known(self.texts(key, required=required, meant=meant), vocabulary)

    def term(self, key: str, vocabulary: Vocabulary[Any], *, required: bool = True) -> str:
        """One id of a vocabulary; empty if it is missing or unknown."""
        text = self.text(key, required=required)
        known = self._known((Text(text, self.place(key)),), vocabulary) if text else ()
        return known[0] if known else ""

    def entries(
        self, key: str, *, required: bool = False, shape: str = _ANY_MAPPING, fix: str = ""
    ) -> tuple[Entry, ...]:
        """The entries of a mapping; repeated keys are noted and left out."""
        return tuple(self.inside(key, required=required, shape=shape, fix=fix).first_entries())

    def first_entries(self) -> Iterable[Entry]:
        """All entries that can be read, each key once."""
        return (entry for entry in self.all_entries() if not isinstance(entry.value, Unreadable))

    def all_entries(self) -> Iterable[Entry]:
        """The same with those that cannot be read."""
        seen: set[str] = set()
        for entry in self._mapping.entries:
            if entry.key not in seen:
                yield entry
            seen.add(entry.key)

    def items(self, key: str) -> tuple[Node, ...]:
        """The items of a list of anything; none if it is missing or something else."""
        self._asked.add(key)
        node = self._mapping.get(key)
        return node.items if isinstance(node, YamlSequence) else ()

    def inside(
        self,
        key: str,
        *,
        required: bool = False,
        shape: str = _ANY_MAPPING,
        keys: Keys | None = None,
        fix: str = "",
    ) -> FieldReader:
        """A reader for the mapping under `key`; an empty one if it is missing.

        `fix` is the value to write in place of one that is no mapping.
        """
        within, node = f"{self._within}{key}.", self._value(key, required)
        if isinstance(node, Mapping):
            return FieldReader(typed_by_habit.joined_keys(node, self.problems), self.problems, within, keys)
        if node is not None and not self._noted_as_entry(node):
            swap = (node.text, fix) if isinstance(node, Scalar) and fix else None
            self._wrong_type(key, shape, node.place, swap)
        # What is missing, empty or unreadable has been reported, or may be missing.
        return FieldReader(Unreadable(self.place(key)), self.problems, within, keys)

    def _noted_as_entry(self, node: Node) -> bool:
        """Whether a text in place of a mapping was meant as one of its lines, which is then noted."""
        if not isinstance(node, Scalar) or not node.is_plain:
            return False
        line = self.problems.line(node.place.line)
        repair = as_entry(line, node.place.column)
        if repair:
            at = Place(node.place.line, repair.column)
            self.problems.add("yaml-syntax", repair.message, repair.hint, place=at, fix=repair.line)
        return repair is not None

    def finish(self) -> None:
        """Note the keys that were never read."""
        known = tuple(sorted(self._asked | set(self._keys.names)))
        reported: set[str] = set()
        for entry in self._mapping.entries:
            if entry.key in known or entry.key in reported or isinstance(entry.value, Unreadable):
                continue
            reported.add(entry.key)
            if typed_by_habit.note_cut_at_comma(self._mapping, entry, self.problems):
                continue
            if glued := _glued(entry, known):
                message = f"There is no space after the colon of `{glued.key}`."
                self._add("yaml-syntax", message, "Put a space there.", entry.place,
                          swap=(f"{glued.key}:", f"{glued.key}: "))  # fmt: skip
                continue
            same = typed_by_habit.same_as(entry.key) if not self._within else ""
            near = same or _plainly_meant(entry.key, known) or nearest(entry.key, known)
            swap = (entry.key, near) if near else None
            strange = _strange_character(entry.key, near) if near else ""
            hint = typed_by_habit.instead_of(entry.key) if not self._within else ""
            hint = hint or (f"{strange}Did you mean `{near}`?" if near else f"The keys are: {', '.join(known)}.")
            message = f"There is no key `{self._within}{entry.key}`."
            self._add("unknown-key", message, hint, entry.place, swap=swap)

    def _meant(self, mapping: Mapping) -> Mapping:
        """The mapping in which a misspelt key counts as the missing one that was plainly meant.

        `finish` reports it, so such a file is never valid; but what it says is checked, and not missing as well.
        """
        written = {entry.key for entry in mapping.entries}
        if written.issubset(self._keys.names) or not self._keys.names:
            return mapping
        meant: dict[str, str] = {}
        for entry in mapping.entries:
            if entry.key not in self._keys.names:
                free = [name for name in self._keys.names if name not in written and name not in meant.values()]
                glued = _glued(entry, free)
                near = glued.key if glued else _plainly_meant(entry.key, free) or nearest(entry.key, free)
                if not self._within and typed_by_habit.same_as(entry.key) in free:
                    near = typed_by_habit.same_as(entry.key)
                if near:
                    meant[entry.key] = near
        copies = tuple(
            _glued(entry, self._keys.names) or Entry(meant[entry.key], entry.place, entry.value)
            for entry in mapping.entries
            if entry.key in meant
        )
        return replace(mapping, entries=mapping.entries + copies)

    def _scalar(self, key: str, required: bool) -> Scalar | None:
        """The single value of a key; None if it is missing, empty, or of another kind."""
        node = self._value(key, required)
        if node is None or isinstance(node, Scalar):
            return node
        only = node.items[0] if isinstance(node, YamlSequence) and len(node.items) == 1 else None
        self._wrong_type(key, "a single text", node.place, self._without_brackets(node, only), is_sure=True)
        return None

    def _without_brackets(self, node: Node, only: Node | None) -> tuple[str, str] | None:
        line = self.problems.line(node.place.line)[node.place.column - 1 :]
        found = re.match(r"\[(.*)\](?=\s*(?:#.*)?$)", line)
        if not found or not isinstance(only, Scalar):
            return None
        return found.group(), only.text if only.text.isalnum() else quoted(only.text)

    def _value(self, key: str, required: bool) -> Node | None:
        """The value of a key; None if it is missing or empty, with a problem if it is required."""
        self._asked.add(key)
        node = self._mapping.get(key)
        if isinstance(node, Unreadable):
            return None
        empty = node is None or _is_empty(node)
        if empty and required and self._is_readable and not self._is_said_otherwise(key):
            self._note_missing(key, node)
        return None if empty else node

    def _is_said_otherwise(self, key: str) -> bool:
        """Whether a key of another system says what this one should, which is noted there."""
        return key == "publication" and any(self._mapping.get(name) for name in ("draft", "published"))

    def _note_missing(self, key: str, node: Node | None) -> None:
        place = self.place(key)
        line = self.problems.line(place.line)
        hidden = re.search(rf"\b{re.escape(key)}:\s+(#\S.*)", line) if node is not None else None
        if hidden:
            message = f"`{self._within}{key}` is empty: a `#` after a space begins a comment."
            fix = line[: hidden.start(1)] + quoted(hidden[1])
            self.problems.add("missing-key", message, "Put the text in double quotes.", place=place, fix=fix)
            return
        message = f"`{self._within}{key}` {'is missing' if node is None else 'is empty'}."
        self._add("missing-key", message, "Every file needs it.", place, paste=self._keys.line(key))

    def _known(self, texts: Iterable[Text], vocabulary: Vocabulary[Any]) -> tuple[str, ...]:
        found: list[str] = []
        for text in texts:
            if text.value in found:
                self.note("duplicate-key", f"`{text.value}` appears here a second time.", "Keep one.", text.place)
            elif self.known(text, vocabulary):
                found.append(text.value)
        return tuple(found)

    def known(self, text: Text, vocabulary: Vocabulary[Any]) -> bool:
        """Whether a text is an id of a vocabulary; if not, a problem is noted."""
        if text.value in vocabulary:
            return True
        if text.value in vocabulary.unusable:
            message = f"`{text.value}` cannot be used: its entry in `vocabularies/{vocabulary.name}.yaml` has errors."
            self.note("unusable-term", message, "Fix them there.", text.place)
            return False
        sure = _surely_meant(text.value, vocabulary)
        near = vocabulary[sure] if sure else vocabulary.nearest(text.value)
        hint = ""
        if near:
            hint = f"{_strange_character(text.value, near.id)}Did you mean `{near.id}`? "
        if len(vocabulary) <= FEW:
            hint += f"The known ones are: {', '.join(term.id for term in vocabulary)}."
        else:
            hint += f"All of them are in `vocabularies/{vocabulary.name}.yaml`; add new ones there."
        message = f"`{text.value}` is not in the vocabulary `{vocabulary.name}`."
        paste = new_city(text.value) if vocabulary.name == "cities" and not sure else ""
        if paste:
            hint += " For a new one, add these lines to `vocabularies/cities.yaml` and fill them in."
        swap = (text.value, near.id) if near else None
        self._add("unknown-term", message, hint, text.place, swap=swap, paste=paste, is_sure=bool(sure))
        return False

    def place(self, key: str) -> Place:
        """The position of a key's value; the start of the mapping if there is none."""
        node = self._mapping.get(key)
        return node.place if node else self._mapping.place

    def _in_place_of_list(self, key: str, node: Node, meant: Callable[[str], str | None]) -> tuple[Text, ...]:
        """The items that a value contains although it is not a list, which is reported."""
        wanted = "a list such as `[one, two]`"
        if not isinstance(node, Scalar):
            self._wrong_type(key, wanted, node.place)
            return ()
        items = [item for item in re.split(r"\s*[,;]\s*|\s+and\s+|\s+&\s+", node.text) if item]
        if meant(node.text):  # a name such as Bosnia and Herzegovina
            items = [node.text]
        is_sure = len(items) == 1 or all(map(meant, items))
        items = [meant(item) or item for item in items]
        self._wrong_type(key, wanted, node.place, (node.text, f"[{', '.join(items)}]"), is_sure=is_sure)
        return tuple(Text(item, node.place) for item in items)

    def _wrong_type(
        self, key: str, wanted: str, place: Place, swap: tuple[str, str] | None = None, *, is_sure: bool = False
    ) -> None:
        message = f"`{self._within}{key}` must be {wanted}."
        self._add("wrong-type", message, _TEMPLATE, place, swap=swap, is_sure=is_sure)

    def note(self, rule: str, message: str, hint: str, place: Place) -> None:
        """Note a problem at a place."""
        self._add(rule, message, hint, place)

    def _add(
        self,
        rule: str,
        message: str,
        hint: str,
        place: Place,
        *,
        swap: tuple[str, str] | None = None,
        paste: str = "",
        is_sure: bool = False,
    ) -> None:
        self.problems.add(rule, message, hint, place=place, swap=swap, paste=paste, is_sure=is_sure)


def new_city(name: str) -> str:
    """The lines that add a city to its vocabulary, to be filled in; empty for a name without letters of ours.

    >>> new_city("Łódź").split("\\n")
    ['lodz:', '  label: "Łódź"', '  country: ', '  latitude: ', '  longitude: ']
    """
    city_id = slug_of(name)
    label = name if name != city_id else name.replace("-", " ").title()
    return f"{city_id}:\n  label: {quoted(label)}\n  country: \n  latitude: \n  longitude: " if city_id else ""


_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "å": "a", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "ı": "i", "ħ": "h"}
)


def slug_of(name: str) -> str:
    """The slug for a name: lower-case letters, digits and hyphens; empty if it contains none of them.

    >>> slug_of("Århus: the “Info-house”"), slug_of("Łódź"), slug_of("東京")
    ('arhus-the-info-house', 'lodz', '')
    """
    apart = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    plain = "".join(char for char in apart if not unicodedata.combining(char) and char not in "'’")
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _is_empty(node: Node) -> bool:
    if isinstance(node, Scalar):
        return not node.text
    if isinstance(node, YamlSequence):
        return all(isinstance(item, Scalar) and not item.text for item in node.items)
    return isinstance(node, Mapping) and not node.entries


def _surely_meant(text: str, vocabulary: Vocabulary[Any]) -> str | None:
    """The id of the one term whose id, label or alias a text is, but for case, accents and signs."""
    plain = slug_of(text)
    found = {term.id for term in vocabulary if plain and plain in map(slug_of, (term.id, term.label, *term.aliases))}
    return found.pop() if len(found) == 1 else None


def _glued(entry: Entry, names: Iterable[str]) -> Entry | None:
    """The entry that `{level:described}` was meant to be."""
    key, colon, value = entry.key.partition(":")
    is_empty = isinstance(entry.value, Scalar) and not entry.value.text
    return (
        Entry(key, entry.place, Scalar(value, entry.place)) if colon and value and is_empty and key in names else None
    )


def _plainly_meant(key: str, names: Sequence[str]) -> str | None:
    """The name that differs from a key only in case, spaces, hyphens, accents or invisible characters."""
    plain = slug_of(key).replace("-", "_")
    return next((name for name in names if plain == name), None)


def _strange_character(text: str, meant: str) -> str:
    """The character by which a text differs from what it looks like, as a sentence to begin a hint; or nothing."""
    for character in text:
        is_unseen = INVISIBLE.match(character) or unicodedata.category(character) in ("Cf", "Zs", "Mn")
        is_alien = character.isalpha() and not character.isascii() and "LATIN" not in unicodedata.name(character, "")
        if character not in meant and character != " " and (is_unseen or is_alien):
            return f"It contains a {character_name(character)}. "
    return ""
