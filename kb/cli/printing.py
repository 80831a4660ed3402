"""What the commands print: answers to standard output, everything else to standard error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from kb.authoring.checks import report
from kb.authoring.checks.harm import Silenced
from kb.authoring.content_folder import ContentFolder, Progress
from kb.authoring.new_case import Addition
from kb.authoring.problems import Problem
from kb.authoring.rules import RULES, Level, shown_example
from kb.building.report import BuildReport
from kb.cli.doctor import Finding
from kb.cli.mending import Mended
from kb.errors import ContentError, KbError
from kb.index.generation import Generation
from kb.logs import LinesToLog, one_line
from kb.notices import in_words
from kb.search.fields import FACETS
from kb.search.result import Hit, SearchResult, Snippet
from kb.wording import cases_in_words, counted, years_in_words

# Texts are printed as they are: nothing in them is markup, an emoji code or too long for a line.
out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
err = Console(highlight=False, soft_wrap=True, markup=False, emoji=False, stderr=True)


def print_to_log() -> None:
    """From now on, everything written to standard error becomes an event of the log, so that programs can read it."""
    err.file = LinesToLog()


@contextmanager
def progress() -> Iterator[Progress[PurePosixPath]]:
    """Something that wraps loops in a progress bar, if a person is watching."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:

        def track(items: Sequence[PurePosixPath], doing: str) -> Iterable[PurePosixPath]:
            return bar.track(items, description=doing)

        yield track


# Errors and problems


def print_error(error: KbError) -> None:
    """An error, with the problems behind it."""
    _print_reason(error, Text())


def print_still_served(error: KbError) -> None:
    """An error that does not stop the site from being served."""
    _print_reason(error, Text(" The previous index is still being served."))


def _print_reason(error: KbError, consequence: Text) -> None:
    if isinstance(error, ContentError):
        print_problems(error.problems)
    err.print(Text(one_line(str(error)), style="red") + consequence)


def print_warning(message: str) -> None:
    """Something worth knowing that stops nothing."""
    err.print(message, style="yellow")


def print_problems(problems: Iterable[Problem], to: Console = err) -> None:
    """One line for each."""
    for problem in problems:
        colour = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTICE: "cyan"}[problem.level]
        line = Text(one_line(f"{problem.path}:{problem.line}:{problem.column}: "), style="bold")
        line.append(f"{problem.level}: ", style=colour)
        line.append(one_line(problem.message), style="not bold")
        line.append(one_line(f" {problem.hint}") if problem.hint else "", style="not bold green")
        line.append(f" [{problem.rule}]", style="not bold dim")
        to.print(line)
        for written in report.lines_to_write(problem):
            to.print(Text(written, style="green"))


def print_check(problems: Sequence[Problem], files: int, output: report.Format, content: Path, base_url: str) -> None:
    """The outcome of a check."""
    match output:
        case report.Format.JSON:
            out.print(report.as_json(problems, base_url))
        case report.Format.GITHUB:
            if problems:
                out.print(report.as_github(problems, content.as_posix()))
        case report.Format.TEXT:
            print_problems(problems, to=out)
            colour = "red" if any(problem.level is Level.ERROR for problem in problems) else "green"
            out.print(report.summary(problems, files), style=colour)


def print_mended(outcomes: Sequence[Mended], *, is_written: bool) -> None:
    """The lines that were mended, or would be, and how many files."""
    for outcome in outcomes:
        print_problems(outcome.problems)
        for line in outcome.diff:
            colour = next((colour for sign, colour in _DIFF_COLOURS if line.startswith(sign)), "default")
            out.print(Text(one_line(line), style=colour))
        for change in outcome.changes:
            err.print(Text(f"{outcome.name}: ", style="bold").append(str(change), style="not bold"))
    mended = sum(bool(outcome.changes) for outcome in outcomes)
    files = counted(mended, "file", "files")
    if not mended:
        err.print("Nothing to mend.", style="green")
    elif is_written:
        err.print(f"Mended {files}. `kb check` reports what is left.", style="green")
    else:
        err.print(f"{files} would change; `--write` writes {'it' if mended == 1 else 'them'}.", style="yellow")


_DIFF_COLOURS = (("+++", "bold"), ("---", "bold"), ("@@", "cyan"), ("+", "green"), ("-", "red"))


def print_new_case(path: Path, additions: Iterable[Addition], by_hand: Iterable[str]) -> None:
    """Where a new case is, and what to do next."""
    for entry in additions:
        err.print(f"Added `{entry.id}` to `vocabularies/{entry.vocabulary}.yaml`.")
    out.print(str(path))
    err.print("A draft, shown nowhere. Next:", style="bold")
    for lines in by_hand:
        err.print(f"- Fill in these lines and add them to `vocabularies/cities.yaml`:\n\n{lines}\n")
    err.print(
        "- Open the file in an editor and replace what the template says, line by line.\n"
        f"- `kb check {path}` says what is missing; `kb fix {path}` mends spaces, quotation marks and the like.\n"
        "- When two people have read it, write `publication: published`. While a sentence of the template is left, "
        "it cannot be published."
    )


def print_rules() -> None:
    """All rules, one line each."""
    width = max(map(len, RULES))
    for name, rule in RULES.items():
        line = Text(name.ljust(width), style="bold").append(f"  {rule.level:<8}", style="not bold dim")
        out.print(line.append(rule.says, style="not bold"))


def print_rule(name: str) -> None:
    """One rule with its examples."""
    rule = RULES[name]
    levels = f"{rule.level}, in drafts {rule.level_in_draft}" if rule.level_in_draft != rule.level else str(rule.level)
    out.print(Text(name, style="bold").append(f" ({levels})", style="not bold dim"))
    out.print(f"{rule.says}\n{rule.why}")
    for title, example, style in (("Breaks it", rule.fails, "red"), ("Fine", rule.passes, "green")):
        out.print(f"\n{title}. {rule.where}:\n")
        out.print(Text("\n".join(f"    {line}" for line in shown_example(example).split("\n")), style=style))


# The index


def print_build(result: BuildReport) -> None:
    """What a build did."""
    print_problems(result.problems)
    for slug in result.kept:
        err.print(f"The last good version of `{slug}` stays online until its file is fixed.", style="yellow")
    for slug, reason in result.offline.items():
        err.print(f"`{slug}` is offline: {reason}.", style="yellow")
    match result.kind:
        case "nothing":
            out.print(f"Nothing to do: the index with {cases_in_words(result.count)} is up to date.")
        case "all":
            out.print(
                f"Built the index with {cases_in_words(result.count)} in {result.seconds:.1f} s: {result.reason}."
            )
        case "changes":
            counts = (("added", result.added), ("updated", result.updated), ("removed", result.removed))
            changes = ", ".join(f"{len(slugs)} {what}" for what, slugs in counts if slugs) or "no case touched"
            out.print(
                f"Updated the index in {result.seconds:.2f} s: {changes}. It contains {cases_in_words(result.count)}."
            )


def print_content(folder: ContentFolder) -> None:
    """What the content folder contains."""
    guides = len(folder.guide_paths())
    pages = counted(guides, "guide page", "guide pages")
    out.print(f"Content  {folder.root.resolve()}")
    out.print(f"         {cases_in_words(len(folder.case_paths()))} in files, {pages}")


def print_silenced(findings: Sequence[Silenced]) -> None:
    """Findings of possible harm that authors have allowed, with their reasons."""
    for one in findings:
        problem = one.problem
        out.print(f"         {problem.path}:{problem.line} allows {problem.rule}: {one.reason}")


def print_index(place: str, lines: Iterable[str]) -> None:
    """The state of the index."""
    out.print(f"Index    {place}")
    for line in lines:
        out.print(f"         {line}")


def print_serving(count: int, address: str) -> None:
    """Where the site is."""
    out.print(Text(f"Serving {cases_in_words(count)} at ").append(address, style="bold").append(" (stop with Ctrl+C)"))


def print_preview(address: str) -> None:
    """Where drafts are."""
    out.print(Text("Drafts, for this machine only: ").append(address, style="bold"))


# The installation


def print_findings(findings: Sequence[Finding]) -> None:
    """What was found in each part, and what to do."""
    width = max(len(finding.part) for finding in findings)
    for finding in findings:
        line = Text("to do  " if finding.to_do else "well   ", style="yellow" if finding.to_do else "green")
        out.print(line.append(f"{finding.part:<{width}}  ", style="bold").append(finding.found, style="default"))
        if finding.to_do:
            out.print(Text(f"       {'':<{width}}  {finding.to_do}", style="green"))


def print_findings_as_json(findings: Iterable[Finding]) -> None:
    """The same for a program."""
    rows = [
        {"part": found.part, "well": not found.to_do, "found": found.found, "to_do": found.to_do} for found in findings
    ]
    out.print_json(data=rows)


# Search results


def print_written(count: int, path: Path) -> None:
    """Where an export went."""
    err.print(f"Wrote {cases_in_words(count)} to {path}.")


def print_result(result: SearchResult, generation: Generation) -> None:
    """A result for a person."""
    for notice in result.notices:
        print_warning(in_words(notice))
    out.print(cases_in_words(result.total), style="bold")
    first = (result.request.page - 1) * result.request.size + 1
    for number, hit in enumerate(result.hits, start=first):
        _print_hit(number, hit, generation)
    if result.partial_hits:
        out.print("\nThese match some of your words", style="bold")
    for number, hit in enumerate(result.partial_hits, start=1):
        _print_hit(number, hit, generation)
    for facet in filter(attrgetter("leads"), FACETS):
        counts = [count for count in result.facets[facet.name] if count.cases or count.selected][:6]
        labels = facet.vocabulary(generation.vocabularies)
        values = ", ".join(f"{labels.label(count.value)} {count.cases}" for count in counts)
        if values:
            out.print(Text(f"\n{facet.label}: ", style="bold").append(values, style="not bold"), end="")
    out.print()


def _print_hit(number: int, hit: Hit, generation: Generation) -> None:
    case = generation.cases.summary(hit.slug)
    if case is None:
        return
    cities = ", ".join(generation.vocabularies.cities.label(city) for city in case.cities)
    years = years_in_words(case)
    out.print(Text(f"\n{number:>2}  ").append(case.title, style="bold").append(f"  {cities}, {years}", style="dim"))
    out.print(Text(f"    {case.slug}", style="cyan"))
    out.print(_marked(hit.snippet) if hit.snippet else Text(f"    {case.summary}"))


def _marked(snippet: Snippet) -> Text:
    text = Text(snippet.text)
    for start, end in snippet.ranges:
        text.stylize("bold yellow", start, end)
    return Text(f"    {snippet.heading}: ", style="dim").append_text(text)


def print_result_as_json(result: SearchResult, generation: Generation) -> None:
    """A result for a program."""
    out.print_json(data=_result_data(result, generation))


def _result_data(result: SearchResult, generation: Generation) -> dict[str, Any]:
    return {
        "total": result.total,
        "page": result.request.page,
        "pages": result.pages,
        "notices": [in_words(notice) for notice in result.notices],
        "hits": _hits_data(result.hits, generation),
        "partial_hits": _hits_data(result.partial_hits, generation),
        "facets": {name: {count.value: count.cases for count in counts} for name, counts in result.facets.items()},
    }


def _hits_data(hits: Iterable[Hit], generation: Generation) -> list[dict[str, Any]]:
    return [
        {
            "slug": hit.slug,
            "title": case.title,
            "score": round(hit.score, 4),
            "section": hit.snippet.section if hit.snippet else None,
            "snippet": hit.snippet.text if hit.snippet else None,
        }
        for hit in hits
        if (case := generation.cases.summary(hit.slug))
    ]
