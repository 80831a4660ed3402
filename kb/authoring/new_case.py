"""A new case file, made from the template, and the entry of a new city in its vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.case_file import SLUG, TITLE_LENGTH
from kb.authoring.parsing.fields import new_city, slug_of
from kb.authoring.parsing.text_file import CONTROL, INVISIBLE
from kb.authoring.parsing.vocabulary_files import FOLDER
from kb.authoring.parsing.yaml.repairs import quoted
from kb.authoring.writing.file import corrected
from kb.authoring.writing.values import values_in
from kb.errors import ContentError, KbError
from kb.files import replace_content
from kb.settings import case_template_path

LONGEST_SLUG = 60


@dataclass(frozen=True)
class NewCase:
    """What is known of a case before it is written."""

    slug: str
    title: str
    cities: tuple[str, ...]
    arrangements: tuple[str, ...]
    challenges: tuple[str, ...]


@dataclass(frozen=True)
class Addition:
    """An entry to add to a vocabulary."""

    vocabulary: str
    id: str
    lines: str


def slug_for(title: str, city: str) -> str:
    """A file name for a case: its city, and its title as far as the first colon.

    >>> slug_for("The Info-house: one door", "aarhus"), slug_for("Aarhus Info-house", "aarhus")
    ('aarhus-info-house', 'aarhus-info-house')
    """
    words = slug_of(re.split(r"[:：]", title, maxsplit=1)[0]).split("-")
    words = words[1:] if words[0] in ("the", "a", "an") else words
    slug = "-".join(filter(None, words))
    slug = slug if slug == city or slug.startswith(f"{city}-") else f"{city}-{slug}"
    cut = slug if len(slug) <= LONGEST_SLUG else slug[:LONGEST_SLUG].rpartition("-")[0] or slug[:LONGEST_SLUG]
    return cut.strip("-")


def new_city_entry(name: str, country: str) -> Addition | None:
    """The entry of a new city, to be completed with its position; None for a name without letters of ours."""
    lines = new_city(name)
    if not lines:
        return None
    lines = lines.replace("country: ", f"country: {country}", 1)
    return Addition("cities", lines.partition(":")[0], f"{lines}\n  aliases: []")


def new_country_entry(name: str) -> Addition | None:
    """The entry of a new country, to be completed with its continent; None for a name without letters of ours."""
    term_id = slug_of(name)
    lines = f"{term_id}:\n  label: {quoted(name)}\n  continent: \n  aliases: []"
    return Addition("countries", term_id, lines) if term_id else None


def problem_with_title(title: str) -> str:
    """Why a title cannot be used, as a sentence; empty if it can."""
    if not re.search(r"\w", title):
        return "A title needs words."
    if CONTROL.search(title) or INVISIBLE.search(title) or "\n" in title or not title.isprintable():
        return "The title contains a character that cannot be seen."
    if len(title) > TITLE_LENGTH:
        return f"The title has {len(title)} characters; the limit is {TITLE_LENGTH}."
    return ""


def problem_with_slug(slug: str, folder: ContentFolder) -> str:
    """Why a file name cannot be used, as a sentence; empty if it can."""
    if not SLUG.fullmatch(slug):
        better = slug_of(slug)
        return "Use lower-case letters, digits and hyphens" + (f": `{better}`." if better else ".")
    path = path_of(slug, folder)
    return f"`{path}` exists already." if path.is_symlink() or path.exists() else ""


def path_of(slug: str, folder: ContentFolder) -> Path:
    """The file of a case."""
    return folder.root / "cases" / f"{slug}.md"


def text_of(new: NewCase) -> str:
    """The text of a new case: the template with what is known, as a draft.

    What the template has as an example only, and could be mistaken for a fact, is empty.
    """
    text = re.sub(r"\A---\n(?:#.*\n)*", "---\n", case_template_path().read_text("utf-8"))
    example = values_in(text)
    why, (_, showed, handled) = example.arrangements[0][1], example.challenges[0]
    changes = replace(
        example,
        title=new.title,
        city=new.cities,
        started="",
        audiences=(),
        arrangements=tuple((term_id, why) for term_id in new.arrangements),
        challenges=tuple((term_id, showed, handled) for term_id in new.challenges),
    )
    return corrected(text, changes)


def with_entry(text: str, entry: Addition) -> str:
    """The text of a vocabulary file with another entry, at its place in the alphabet if the others are at theirs."""
    lines = text.rstrip("\n").split("\n")
    starts = [(number, line.split(":")[0]) for number, line in enumerate(lines) if re.match(r"[a-z0-9-]+:", line)]
    ids = [term_id for _, term_id in starts]
    behind = next((number for number, term_id in starts if term_id > entry.id), None)
    if behind is None or ids != sorted(ids):
        return "\n".join(lines) + f"\n\n{entry.lines}\n"
    while behind > 0 and lines[behind - 1].startswith("#"):
        behind -= 1
    return "\n".join([*lines[:behind], *entry.lines.split("\n"), "", *lines[behind:]]) + "\n"


def write_new(new: NewCase, additions: tuple[Addition, ...], folder: ContentFolder) -> Path:
    """Write a new case, and the entries that it needs; all of them or, whatever happens, none. Returns its path.

    Never writes over a file. Raises KbError if something cannot be written, or if an entry does not fit its file.
    """
    path = path_of(new.slug, folder)
    text = text_of(new)
    try:
        with _added(additions, folder):
            _check_added(additions, folder)
            path.parent.mkdir(exist_ok=True)
            with path.open("xb") as file:
                try:
                    file.write(text.encode())
                except BaseException:
                    path.unlink()
                    raise
    except FileExistsError as error:
        raise KbError(f"`{path}` exists already, and is left as it is.") from error
    except OSError as error:
        raise KbError(f"`{error.filename or path}` cannot be written: {error.strerror or error}.") from error
    return path


@contextmanager
def _added(additions: tuple[Addition, ...], folder: ContentFolder) -> Iterator[None]:
    """Vocabulary files with these entries, which are as they were if anything fails."""
    before: dict[Path, bytes] = {}
    written: dict[Path, bytes] = {}
    try:
        for entry in additions:
            path = (folder.root / FOLDER / f"{entry.vocabulary}.yaml").resolve()
            data = path.read_bytes()
            before.setdefault(path, data)
            written[path] = with_entry(data.decode(), entry).encode()
            if not replace_content(path, data, written[path]):
                raise KbError(f"`{path}` has been changed in the meantime. Try again.")
        yield
    except BaseException:
        for path, data in before.items():
            replace_content(path, written.get(path, data), data)
        raise


def _check_added(additions: tuple[Addition, ...], folder: ContentFolder) -> None:
    if not additions:
        return
    vocabularies, _ = folder.vocabularies()
    known: Mapping[str, object] = {"cities": vocabularies.cities, "countries": vocabularies.countries}
    for entry in additions:
        vocabulary = known[entry.vocabulary]
        if entry.id not in vocabulary:  # type: ignore[operator]  # all of them are vocabularies
            raise ContentError(f"`{entry.id}` could not be added to `{entry.vocabulary}.yaml`. Add it by hand.")
