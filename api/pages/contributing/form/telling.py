"""Problems in the words of the form: nobody who fills it in needs to know what a file looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kb import Finding, gettext, gettext_noop

_EMPTY: Mapping[str, str] = {
    "title": gettext_noop("Give the case a title."),
    "summary": gettext_noop("Write one or two sentences that say what it is, and in which city."),
    "city": gettext_noop("Name the city."),
    "started": gettext_noop("Write the year in which it began."),
    "status": gettext_noop("Choose whether it is still running."),
    "arrangements": gettext_noop("Open at least one arrangement, and say why this case is one."),
    "challenges": gettext_noop("Open at least one challenge, and say how it showed."),
    "lead": gettext_noop("Name who leads it, and choose a sector."),
    "evidence.level": gettext_noop("Choose how much is known about results."),
    "evidence.note": gettext_noop("Write what is known about results, even if it is that nobody has looked."),
    "language": gettext_noop("Choose the language of the text."),
    "contributors": gettext_noop("Say who wrote this case: a role or an organisation."),
    "sources": gettext_noop("Add at least one source."),
    "last_reported.year": gettext_noop("Write the year in which the source shows it running, or choose no source."),
    "last_reported.source": gettext_noop("Choose the source, or leave the year empty."),
}

_LENGTH = re.compile(r"has (\d+) characters; the limit is (\d+)")
_LATIN = re.compile(r" If it is needed, allow it in a comment.*$", re.DOTALL)
_CODE = re.compile(r"`([^`]*)`")


def told(finding: Finding, label: str, value: str) -> str:
    """What is wrong, and what to do, as sentences; `label` is that of the question, `value` what was answered."""
    problem = finding.problem
    typed = f"“{value[:60]}”" if value else gettext("This")
    match problem.rule:
        case "missing-key":
            rows = finding.field[1:] and finding.field[0] in ("lead", "partners")
            if said := _EMPTY.get(".".join(finding.field)):
                return gettext(said)
            still_empty = gettext("{question}: this is still empty.").format(question=label)
            return gettext("Write a name and choose a sector.") if rows else still_empty
        case "too-long" if length := _LENGTH.search(problem.message):
            text = gettext("This has {count} characters; the limit is {limit}. Shorten it.")
            return text.format(count=length[1], limit=length[2])
        case "bad-year" if "before" not in problem.message:
            return gettext("{typed} is not a year. Write four digits, such as 2015.").format(typed=typed)
        case "in-the-future":
            return gettext("{typed} is in the future. Check the year.").format(typed=typed)
        case "status-and-end":
            return gettext("You wrote a year in which it ended. Choose “ended”, or clear that year.")
        case "unknown-term" | "bad-language":
            return gettext("{typed} is not in the list. Choose one that is.").format(typed=typed)
        case "bad-url":
            text = gettext(
                "{typed} is not a web address. Copy the whole address from your browser: it begins with https://."
            )
            return text.format(typed=typed)
        case "uncited-source":
            text = gettext(
                "The text does not cite this source yet. Put its mark, such as {mark}, behind a sentence that rests on "
                "it, or remove the source."
            )
            return text.format(mark=f"[@{finding.field[1]}]")
        case "uncited-statement":
            text = gettext("{sentence} names no source. End it with the mark of one, such as [@s1].")
            return text.format(sentence=_quoted(finding.excerpt))
        case "unknown-source":
            to_do = gettext("There is no such source in your list. Add it, or cite another one.")
            return f"{_marks(problem.message)} {to_do}"
        case "bad-citation":
            text = gettext("{sentence} has a mark that cannot be read. A source is cited as [@s1].")
            return text.format(sentence=_quoted(finding.excerpt))
        case "missing-section" | "no-text" | "empty-section":
            return gettext("Nothing is written here yet. If the sources say nothing about it, say that.")
        case "not-a-question":
            to_do = gettext("Write what somebody would ask, and end it with a question mark.")
            return f"{_marks(problem.message)} {to_do}"
        case "template-text":
            return gettext("This only keeps a place. Write what is meant.")
        case "duplicate-key":
            return gettext("The same name is there twice. Remove one of the two.")
        case "last-reported":
            return (
                _marks(f"{problem.message} {problem.hint}")
                if "source from" in problem.message
                else (
                    gettext(
                        "This is for what is still running. Under “What it is”, choose “ongoing”, or leave this empty."
                    )
                )
            )
    said = _marks(f"{problem.message} {_LATIN.sub('', problem.hint)}".strip())
    if not finding.excerpt or problem.rule.startswith("harm"):
        return said
    return gettext("In {sentence}: {problem}").format(sentence=_quoted(finding.excerpt), problem=said)


def _quoted(excerpt: str) -> str:
    return f"“{excerpt[:80].rstrip()}{'…' if len(excerpt) > 80 else ''}”"


def _marks(text: str) -> str:
    """A sentence with quotation marks in place of backticks."""
    return _CODE.sub(r"“\1”", text)
