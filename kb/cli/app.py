"""The commands. Exit codes: 0 fine, 1 problems found, 2 wrong usage."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from importlib import metadata
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal
from urllib.parse import quote

import typer

from kb.authoring.checks import report
from kb.authoring.checks.corpus import check_corpus, silenced
from kb.authoring.content_folder import ContentFolder, load_corpus
from kb.authoring.new_case import write_new
from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import Problem
from kb.authoring.rules import RULES, Level
from kb.authoring.schema import schema_text
from kb.building.builder import PROCESSES, build
from kb.building.changes import look_at
from kb.cli import printing, ranking
from kb.cli.doctor import examine
from kb.cli.mending import case_files, mend
from kb.cli.serving import serve_site
from kb.cli.starting import Given, Interview, is_at_terminal
from kb.errors import ContentError, GenerationError, KbError, NoGeneration, SettingsError, ShortageError
from kb.exporting.whole import ExportForm, export
from kb.hints import nearest
from kb.index.generation import Generation
from kb.index.index import Index
from kb.index.manifest import Origin
from kb.index.opening import open_index
from kb.model.kinds import Kind
from kb.model.vocabulary import Term, Vocabulary
from kb.notices import in_words
from kb.search.fields import FACETS, FACETS_BY_NAME
from kb.search.naming import read_terms
from kb.search.request import Sort
from kb.search.searching import make_request
from kb.settings import Settings, load_settings
from kb.shortages import shortage_behind
from kb.signatures import with_parameters
from kb.wording import cases_in_words, counted

app = typer.Typer(
    help="Crossing Boundaries: an open, searchable knowledge base of local practice in preventing violent extremism.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

_OFFLINE = frozenset({Fate.OFFLINE.value, Fate.WITHDRAWN.value})

ContentOption = Annotated[Path | None, typer.Option(help="Folder with cases/ and vocabularies/ (KB_CONTENT).")]
IndexOption = Annotated[Path | None, typer.Option(help="Folder for built indexes (KB_INDEX).")]

QueryArgument = Annotated[
    list[str] | None,
    typer.Argument(help="What to search for; all cases if omitted. Put `--` before a query with `-words`."),
]
IDS_SHOWN = 12
"""How many ids a message lists when a value is not known."""

SortOption = Annotated[Sort, typer.Option(help="Order of the hits.", case_sensitive=False)]


def main() -> None:
    """Run the command line; every error of ours becomes a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Names contain letters that not every terminal can show: better a question mark than no answer.
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="kb")
    except KbError as error:
        printing.print_error(error)
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except Exception as error:
        reason = shortage_behind(error)
        if reason is None:
            raise
        printing.print_error(ShortageError(reason))
        sys.exit(1)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"kb {metadata.version('crossing-boundaries')}")
        raise typer.Exit


@app.callback()
def before_any_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options that come before any command."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (KB_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one (KB_PORT).")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that answer requests (KB_WORKERS).")] = None,
    content: ContentOption = None,
    index: IndexOption = None,
    watch: Annotated[bool, typer.Option(help="Build again when a content file changes.")] = True,
    fd: Annotated[
        int | None,
        typer.Option(min=0, help="A socket that is already listening, by its number, instead of host and port."),
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Show drafts at /preview, on this machine only.")] = False,
) -> None:
    """Build what is missing or stale, then serve the site and the API."""
    settings = load_settings(host=host, port=port, workers=workers, content=content, index=index, drafts=drafts or None)
    serve_site(settings, watch=watch, fd=fd)


@app.command()
def preview(
    file: Annotated[Path | None, typer.Argument(help="A case file; without one, all drafts are listed.")] = None,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 0,
    content: ContentOption = None,
    index: IndexOption = None,
) -> None:
    """Show drafts and files with errors as pages, in a browser on this machine; they follow each save."""
    settings = load_settings(
        host="127.0.0.1", port=port, workers=1, content=content, index=index, drafts=True,
        base_url="", trusted_hops=0, rate_limit="",
    )  # fmt: skip
    slug = _case_named(file, ContentFolder(settings.content)) if file else ""
    serve_site(settings, watch=True, preview=f"/cases/{quote(slug)}" if slug else "")


@app.command(name="index")
def index_command(
    content: ContentOption = None,
    index: IndexOption = None,
    rebuild: Annotated[bool, typer.Option(help="Rebuild everything.")] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Publish the collection even if all cases are gone.")
    ] = False,
) -> None:
    """Bring the index up to date with the content."""
    settings = load_settings(content=content, index=index)
    with printing.progress() as progress:
        folder, target = ContentFolder(settings.content), open_index(settings)
        result = build(folder, target, rebuild=rebuild, allow_empty=allow_empty, processes=PROCESSES, progress=progress)
    printing.print_build(result)
    if result.errors:
        raise typer.Exit(1)


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files to report on; all of them if none are named.")
    ] = None,
    content: ContentOption = None,
    output: Annotated[report.Format, typer.Option("--format", help="How problems are reported.")] = report.Format.TEXT,
    strict: Annotated[bool, typer.Option(help="Exit code 1 for warnings too.")] = False,
) -> None:
    """Check content files and report what to fix, with file and line."""
    settings = load_settings(content=content)
    folder = ContentFolder(settings.content)
    wanted = _wanted_paths(paths or [], folder)
    files = len(wanted or _all_paths(folder))
    try:
        with printing.progress() as progress:
            problems = check_corpus(load_corpus(folder, progress))
    except ContentError as error:
        if not error.problems:
            raise
        # Without vocabularies no other file can be checked, so these are reported even if other files were named.
        problems, files = error.problems, len(folder.vocabulary_paths())
    else:
        problems = tuple(problem for problem in problems if not wanted or problem.path in wanted)
    printing.print_check(problems, files, output, settings.content, settings.base_url)
    if any(_is_failure(problem, strict=strict) for problem in problems):
        raise typer.Exit(1)


def _is_failure(problem: Problem, *, strict: bool) -> bool:
    """Whether a problem makes the check fail: an error, what keeps a file offline, or a warning if it is strict."""
    if problem.level is Level.NOTICE:
        return problem.blocks
    return strict or problem.level is Level.ERROR


@app.command()
def new(
    title: Annotated[str, typer.Option(help="What it is, in at most 90 characters.")] = "",
    city: Annotated[list[str] | None, typer.Option(help="An id or a name; may be repeated.")] = None,
    arrangement: Annotated[list[str] | None, typer.Option(help="An id or a name; may be repeated.")] = None,
    challenge: Annotated[list[str] | None, typer.Option(help="An id or a name; may be repeated.")] = None,
    slug: Annotated[str, typer.Option(help="The file name without `.md`; by default, made of city and title.")] = "",
    content: ContentOption = None,
) -> None:
    """Begin a case: asks for what is not given by an option, and writes a draft from the template."""
    folder = ContentFolder(load_settings(content=content).content)
    vocabularies, _ = folder.vocabularies()
    interview = Interview(folder, vocabularies, is_at_terminal())
    case = interview.new_case(Given(title.strip(), city or (), arrangement or (), challenge or (), slug.strip()))
    path = write_new(case, tuple(interview.additions), folder)
    printing.print_new_case(path, interview.additions, interview.by_hand)


@app.command(name="fix")
def fix_command(
    paths: Annotated[list[Path] | None, typer.Argument(help="Case files; all of them if none are named.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the mended files.")] = False,
    content: ContentOption = None,
) -> None:
    """Mend in case files what is safe to mend, and show it; exit code 1 if something would change.

    Nothing is written without `--write`, and what a case says never changes.
    """
    folder = ContentFolder(load_settings(content=content).content)
    vocabularies, _ = folder.vocabularies()
    outcomes = [mend(path, vocabularies, write=write) for path in paths or case_files(folder)]
    printing.print_mended(outcomes, is_written=write)
    if any(outcome.problems or (outcome.changes and not write) for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def rules(
    rule: Annotated[str | None, typer.Argument(help="The rule to explain; all are listed if none is named.")] = None,
) -> None:
    """List the rules of `kb check`, or explain one with examples."""
    if rule is None:
        printing.print_rules()
        return
    name = rule.strip().strip("[]").lower()
    if name not in RULES:
        near = nearest(name, RULES)
        hint = f" Did you mean `{near}`?" if near else " `kb rules` lists them."
        raise typer.BadParameter(f"There is no rule `{rule}`.{hint}")
    printing.print_rule(name)


@app.command()
def schema(content: ContentOption = None) -> None:
    """Print the JSON Schema of the front matter of a case, for editors."""
    vocabularies, _ = ContentFolder(load_settings(content=content).content).vocabularies()
    sys.stdout.buffer.write(schema_text(vocabularies).encode())


_with_facet_options = with_parameters(
    {
        facet.name: Annotated[
            list[str] | None, typer.Option(help=f"{facet.description} An id or a name; may be repeated.")
        ]
        for facet in FACETS
    },
    default=None,
    after="query",
)


@app.command()
@_with_facet_options
def search(
    query: QueryArgument = None,
    sort: SortOption = Sort.RELEVANCE,
    page: Annotated[int, typer.Option(min=1)] = 1,
    size: Annotated[int, typer.Option(min=1, max=100, help="Hits on a page.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    content: ContentOption = None,
    index: IndexOption = None,
    **facets: list[str] | None,
) -> None:
    """Search the cases at the terminal."""
    settings = load_settings(content=content, index=index)
    generation = _open_or_build(settings)
    try:
        filters = _known_filters(facets, generation)
        request = make_request(" ".join(query or []), filters, sort=sort, page=page, size=size)
        result = generation.search(request)
        if result.is_beyond_end:
            pages = counted(result.pages, "page", "pages")
            raise KbError(f"There is no page {page}: the result has {pages}.")
        if as_json:
            printing.print_result_as_json(result, generation)
        else:
            printing.print_result(result, generation)
    finally:
        generation.close()


@app.command(name="export")
@_with_facet_options
def export_command(
    query: QueryArgument = None,
    sort: SortOption = Sort.RELEVANCE,
    form: Annotated[
        ExportForm, typer.Option("--format", help="One whole case on each line, or a table.")
    ] = ExportForm.NDJSON,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead of the terminal.")
    ] = None,
    content: ContentOption = None,
    index: IndexOption = None,
    **facets: list[str] | None,
) -> None:
    """Write all cases of a search, as JSON lines or as a table; addresses in it begin with KB_BASE_URL."""
    settings = load_settings(content=content, index=index)
    generation = _open_or_build(settings)
    try:
        request = make_request(" ".join(query or []), _known_filters(facets, generation), sort=sort)
        made = export(generation, request, form, settings.base_url)
        for notice in made.notices:
            printing.print_warning(in_words(notice))
        _write_pieces(made.pieces, output)
        if output:
            printing.print_written(made.total, output)
    finally:
        generation.close()


@app.command()
def rank(
    folder: Annotated[Path, typer.Argument(help="Folder with queries and judgements.")] = Path("tests/ranking"),
    compare: Annotated[Literal["fts5"] | None, typer.Option(help="Run the same queries through SQLite FTS5.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Save these figures as the ones to compare with.")] = False,
    content: ContentOption = None,
    index: IndexOption = None,
) -> None:
    """Run judged queries through the search; exit code 1 if a figure fell since it was accepted."""
    settings = load_settings(content=content, index=index)
    if not folder.is_dir():
        raise typer.BadParameter(f"There is no folder `{folder}`.")
    with printing.progress() as progress:
        build(ContentFolder(settings.content), open_index(settings), processes=PROCESSES, progress=progress)
    generation = open_index(settings).open_current()
    try:
        if not ranking.rank(folder, generation, compare=compare is not None, accept=accept):
            raise typer.Exit(1)
    finally:
        generation.close()


@app.command()
def status(content: ContentOption = None, index: IndexOption = None) -> None:
    """Report what is indexed, and whether the content has changed since."""
    settings = load_settings(content=content, index=index)
    folder = ContentFolder(settings.content)
    printing.print_content(folder)
    with suppress(ContentError):  # `kb check` reports what is wrong with the vocabularies
        printing.print_silenced(silenced(load_corpus(folder)))
    opened = open_index(settings)
    try:
        with closing(opened.open_current()) as generation:
            lines, is_well = _state_of(folder, opened, generation)
    except GenerationError as error:
        lines, is_well = [str(error)], False
    printing.print_index(opened.place, lines)
    if not is_well:
        raise typer.Exit(1)


@app.command()
def doctor(
    content: ContentOption = None,
    index: IndexOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the installation and report what is in order and what to do; exit code 1 if there is something to do."""
    settings = load_settings(content=content, index=index)
    findings = examine(settings, os.environ)
    if as_json:
        printing.print_findings_as_json(findings)
    else:
        printing.print_findings(findings)
    if any(finding.to_do for finding in findings):
        raise typer.Exit(1)


def _state_of(folder: ContentFolder, index: Index, generation: Generation) -> tuple[list[str], bool]:
    """What is indexed, line by line, and whether it is up to date."""
    manifest, origin = generation.manifest, index.origin(generation.manifest)
    is_stale = look_at(folder, origin, index.fingerprint).differs_from(origin)
    wrong = sorted(path for path, record in origin.files.items() if record.has_errors)
    offline = _offline(folder, origin, generation)
    lines = [
        f"{cases_in_words(manifest.count)}, built {manifest.created} ({manifest.id})",
        *(f"{path} is offline: {reason}." for path, reason in offline.items()),
        *(
            f"{path} has errors; {_what_is_served(path, generation)}. See `kb check`."
            for path in wrong
            if path not in offline
        ),
        "The content has changed since: run `kb index`." if is_stale else "Up to date.",
    ]
    return lines, not is_stale and not wrong


def _all_paths(folder: ContentFolder) -> set[str]:
    return {str(path) for path in (*folder.case_paths(), *folder.guide_paths(), *folder.vocabulary_paths())}


def _wanted_paths(paths: Sequence[Path], folder: ContentFolder) -> set[str]:
    """The named files as paths in the content folder."""
    known = _all_paths(folder) | {problem.path for problem in folder.ignored_files()}
    wanted = set()
    for path in paths:
        # Both `content/cases/a.md` from outside and `cases/a.md` mean the same file.
        inside = path if path.exists() else folder.root / path
        name = os.path.relpath(inside.resolve(), folder.root.resolve()).replace(os.sep, "/")
        if name not in known:
            raise typer.BadParameter(f"`{path}` is not a content file in `{folder.root}`.")
        wanted.add(name)
    return wanted


def _case_named(path: Path, folder: ContentFolder) -> str:
    """The slug of a case file."""
    name = PurePosixPath(next(iter(_wanted_paths([path], folder))))
    if name.parent.name != "cases":
        raise typer.BadParameter(f"`{path}` is not a case file: previews show those in `cases/`.")
    return name.stem


def _write_pieces(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write bytes as they are: a table is UTF-8 even if the terminal cannot show it."""
    if output is None:
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
        return
    try:
        with output.open("wb") as file:
            file.writelines(pieces)
    except OSError as error:
        raise KbError(f"`{output}` cannot be written: {error.strerror or error}.") from error


def _open_or_build(settings: Settings) -> Generation:
    """The generation in use; one is built if none can be opened."""
    index = open_index(settings)
    try:
        return index.open_current()
    except GenerationError as error:
        if not isinstance(error, NoGeneration):
            printing.print_warning(str(error))
        with printing.progress() as progress:
            build(ContentFolder(settings.content), index, processes=PROCESSES, progress=progress)
        return index.open_current()


def _known_filters(facets: Mapping[str, list[str] | None], generation: Generation) -> dict[str, tuple[str, ...]]:
    """The ids that are named of each facet; raises a usage error for a value that names none."""
    filters = {}
    for name, values in facets.items():
        vocabulary = FACETS_BY_NAME[name].vocabulary(generation.vocabularies)
        named = read_terms(vocabulary, values or ())
        # An empty value may come from a variable that was never set: all cases are not what was meant.
        empty = (value for value in values or () if not value.strip())
        for value in (*named.unknown, *empty):
            raise typer.BadParameter(f"There is no {name} `{value}`.{_alternatives(value, vocabulary)}")
        if named.ids:
            filters[name] = named.ids
    return filters


def _alternatives(value: str, vocabulary: Vocabulary[Term]) -> str:
    if near := vocabulary.nearest(value):
        return f" Did you mean `{near.id}`?"
    first = ", ".join(term.id for term in islice(vocabulary, IDS_SHOWN))
    return f" Choose one of: {first}{', …' if len(vocabulary) > IDS_SHOWN else ''}."


def _offline(folder: ContentFolder, origin: Origin, generation: Generation) -> dict[str, str]:
    """The case files whose content takes their pages offline, each with the reason."""
    paths = sorted(path for path, record in origin.files.items() if record.state in _OFFLINE)
    files = (folder.case_file(PurePosixPath(path), generation.vocabularies) for path in paths)
    return {file.path: file.decision.reason for file in files}


def _what_is_served(path: str, generation: Generation) -> str:
    kind, name = Kind.of_folder(Path(path).parent.name), Path(path).stem
    if kind is None:
        return "it is not served"
    store = generation.cases
    served = store.case(name) if kind is Kind.CASE else store.guide(kind, name)
    return "its last good version is served" if served else "it is not served"
