"""Problems in the words of the form: nobody who fills it in needs to know what a file looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kb import Finding

_EMPTY: Mapping[str, str] = {
    "title": "Give the case a title.",
    "summary": "Write one or two sentences that say what it is, and in which city.",
    "city": "Name the city.",
    "started": "Write the year in which it began.",
    "status": "Choose whether it is still running.",
    "arrangements": "Open at least one arrangement, and say why this case is one.",
    "challenges": "Open at least one challenge, and say how it showed.",
    "lead": "Name who leads it, and choose a sector.",
    "evidence.level": "Choose how much is known about results.",
    "evidence.note": "Write what is known about results, even if it is that nobody has looked.",
    "language": "Choose the language of the text.",
    "contributors": "Say who wrote this case: a role or an organisation.",
    "sources": "Add at least one source.",
    "last_reported.year": "Write the year in which the source shows it running, or choose no source.",
    "last_reported.source": "Choose the source, or leave the year empty.",
}

_LENGTH = re.compile(r"has (\d+) characters; the limit is (\d+)")
_LATIN = re.compile(r" If it is needed, allow it in a comment.*$", re.DOTALL)
_CODE = re.compile(r"`([^`]*)`")


def told(finding: Finding, label: str, value: str) -> str:
    """What is wrong, and what to do, as sentences; `label` is that of the question, `value` what was answered."""
    problem = finding.problem
    typed = f"“{value[:60]}”" if value else "This"
    match problem.rule:
        case "missing-key":
            rows = finding.field[1:] and finding.field[0] in ("lead", "partners")
            default = "Write a name and choose a sector." if rows else f"{label}: this is still empty."
            return _EMPTY.get(".".join(finding.field), default)
        case "too-long" if length := _LENGTH.search(problem.message):
            return f"This has {length[1]} characters; the limit is {length[2]}. Shorten it."
        case "bad-year" if "before" not in problem.message:
            return f"{typed} is not a year. Write four digits, such as 2015."
        case "in-the-future":
            return f"{typed} is in the future. Check the year."
        case "status-and-end":
            return "You wrote a year in which it ended. Choose “ended”, or clear that year."
        case "unknown-term" | "bad-language":
            return f"{typed} is not in the list. Choose one that is."
        case "bad-url":
            return f"{typed} is not a web address. Copy the whole address from your browser: it begins with https://."
        case "uncited-source":
            return ("The text does not cite this source yet. Put its mark, such as "
                    f"[@{finding.field[1]}], behind a sentence that rests on it, or remove the source.")  # fmt: skip
        case "uncited-statement":
            return f"{_quoted(finding.excerpt)} names no source. End it with the mark of one, such as [@s1]."
        case "unknown-source":
            return f"{_marks(problem.message)} There is no such source in your list. Add it, or cite another one."
        case "bad-citation":
            return f"{_quoted(finding.excerpt)} has a mark that cannot be read. A source is cited as [@s1]."
        case "missing-section" | "no-text" | "empty-section":
            return "Nothing is written here yet. If the sources say nothing about it, say that."
        case "not-a-question":
            return f"{_marks(problem.message)} Write what somebody would ask, and end it with a question mark."
        case "template-text":
            return "This only keeps a place. Write what is meant."
        case "duplicate-key":
            return "The same name is there twice. Remove one of the two."
        case "last-reported":
            return _marks(f"{problem.message} {problem.hint}") if "source from" in problem.message else (
                "This is for what is still running. Under “What it is”, choose “ongoing”, or leave this empty."
            )  # fmt: skip
    said = _marks(f"{problem.message} {_LATIN.sub('', problem.hint)}".strip())
    return f"In {_quoted(finding.excerpt)}: {said}" if finding.excerpt and not problem.rule.startswith("harm") else said


def _quoted(excerpt: str) -> str:
    return f"“{excerpt[:80].rstrip()}{'…' if len(excerpt) > 80 else ''}”"


def _marks(text: str) -> str:
    """A sentence with quotation marks in place of backticks."""
    return _CODE.sub(r"“\1”", text)
