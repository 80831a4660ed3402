"""The command `kb`. Exit codes: 0 fine, 1 problems found, 2 wrong usage."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import uvicorn
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text
from uvicorn.supervisors import Multiprocess

from kb.checks import report
from kb.checks.rules import check_corpus
from kb.content import ContentFolder, load_corpus
from kb.errors import ContentError, GenerationError, KbError, NoGeneration
from kb.generations import Generation, IndexFolder
from kb.indexing import BuildReport, build
from kb.live import watch_content
from kb.problem import Level, Problem
from kb.search.fields import FACETS, FACETS_BY_NAME
from kb.search.request import Sort
from kb.search.result import Hit, SearchResult, Snippet
from kb.search.searching import make_request
from kb.settings import Settings, load_settings

T = TypeVar("T")

app = typer.Typer(
    help="Crossing Boundaries: an open, searchable knowledge base of local practice in preventing violent extremism.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)

ContentOption = Annotated[Path | None, typer.Option(help="Folder with cases/ and vocabularies/ (KB_CONTENT).")]
IndexOption = Annotated[Path | None, typer.Option(help="Folder for built indexes (KB_INDEX).")]


def main() -> None:
    """Run the command line; every error of ours becomes a message and exit code 1."""
    try:
        app()
    except ContentError as error:
        _print_problems(error.problems)
        _fail(str(error))
    except KbError as error:
        _fail(str(error))
    except BrokenPipeError:
        # The reader of a pipe (`kb search … | head`) has seen enough. Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (KB_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one (KB_PORT).")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that answer requests (KB_WORKERS).")] = None,
    content: ContentOption = None,
    index: IndexOption = None,
    watch: Annotated[bool, typer.Option(help="Build again when a content file changes.")] = True,
) -> None:
    """Build what is missing or stale, then serve the site and the API."""
    settings = load_settings(host=host, port=port, workers=workers, content=content, index=index)
    listening = _listen(settings)
    _build_for_serving(settings)
    address = _shown_address(listening)
    generation = IndexFolder(settings.index).manifest()
    out.print(f"Serving {_cases(generation.count)} at [bold]{address}[/] (stop with Ctrl+C)")
    stop = threading.Event()
    if watch:
        _start_watching(settings, stop)
    try:
        _run_server(settings, listening)
    finally:
        stop.set()
        listening.close()


@app.command(name="index")
def index_command(
    content: ContentOption = None,
    index: IndexOption = None,
    rebuild: Annotated[bool, typer.Option(help="Build everything anew.")] = False,
) -> None:
    """Bring the index up to date with the content."""
    settings = load_settings(content=content, index=index)
    with _progress() as progress:
        folder, target = ContentFolder(settings.content), IndexFolder(settings.index)
        result = build(folder, target, rebuild=rebuild, progress=progress)
    _print_build(result)
    if result.errors:
        raise typer.Exit(1)


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files to report on; all of them if none is named.")
    ] = None,
    content: ContentOption = None,
    output: Annotated[report.Format, typer.Option("--format", help="How problems are told.")] = report.Format.TEXT,
    strict: Annotated[bool, typer.Option(help="Exit code 1 for warnings too.")] = False,
) -> None:
    """Check content files and say what to mend, with file and line."""
    settings = load_settings(content=content)
    folder = ContentFolder(settings.content)
    wanted = _wanted_paths(paths or [], folder)
    with _progress() as progress:
        problems = _all_problems(folder, progress)
    if wanted:
        problems = tuple(problem for problem in problems if problem.path in wanted)
    files = len(wanted) or len(folder.case_paths()) + len(folder.guide_paths()) + len(folder.vocabulary_paths())
    _print_check(problems, files, output, settings)
    if any(strict or problem.level is Level.ERROR for problem in problems):
        raise typer.Exit(1)


@app.command()
def search(
    query: Annotated[list[str] | None, typer.Argument(help="What to look for; all cases if nothing.")] = None,
    arrangement: Annotated[list[str] | None, typer.Option(help="Arrangement id; may be repeated.")] = None,
    challenge: Annotated[list[str] | None, typer.Option(help="Challenge id; may be repeated.")] = None,
    city: Annotated[list[str] | None, typer.Option(help="City id; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Country id; may be repeated.")] = None,
    audience: Annotated[list[str] | None, typer.Option(help="Audience id; may be repeated.")] = None,
    evidence: Annotated[list[str] | None, typer.Option(help="Evidence level; may be repeated.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="ongoing, ended or unknown; may be repeated.")] = None,
    sort: Annotated[Sort, typer.Option(help="Order of the hits.")] = Sort.RELEVANCE,
    page: Annotated[int, typer.Option(min=1)] = 1,
    size: Annotated[int, typer.Option(min=1, max=100, help="Hits on a page.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    content: ContentOption = None,
    index: IndexOption = None,
) -> None:
    """Search the cases at the terminal."""
    settings = load_settings(content=content, index=index)
    chosen = {
        "arrangement": arrangement, "challenge": challenge, "city": city, "country": country,
        "audience": audience, "evidence": evidence, "status": status,
    }  # fmt: skip
    generation = _fresh_generation(settings)
    try:
        filters = _known_filters(chosen, generation)
        text = " ".join(query or [])
        request = make_request(text, filters, sort=sort, page=page, size=size)
        result = generation.search(request)
        if as_json:
            out.print_json(data=_result_data(result, generation))
        else:
            _print_result(result, generation)
    finally:
        generation.close()


@app.command()
def status(content: ContentOption = None, index: IndexOption = None) -> None:
    """Say what is indexed, and whether the content has changed since."""
    settings = load_settings(content=content, index=index)
    folder = ContentFolder(settings.content)
    target = IndexFolder(settings.index)
    table = Table.grid(padding=(0, 2))
    table.add_row("Content", str(settings.content.resolve()))
    table.add_row("", f"{_cases(len(folder.case_paths()))} in files, {len(folder.guide_paths())} guide pages")
    table.add_row("Index", str(settings.index.resolve()))
    healthy = _add_index_rows(table, folder, target)
    out.print(table)
    if not healthy:
        raise typer.Exit(1)


# Serving


def _listen(settings: Settings) -> socket.socket:
    """A socket on the wanted port, taken before anything is built, so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        message = f"Cannot listen on {settings.host} port {settings.port}: {reason}. Choose another with `--port`."
        raise KbError(message) from error
    listening.set_inheritable(True)
    return listening


def _build_for_serving(settings: Settings) -> None:
    """Build; if that cannot be done but there is an index, serve that one."""
    try:
        with _progress() as progress:
            result = build(ContentFolder(settings.content), IndexFolder(settings.index), progress=progress)
        _print_build(result)
    except ContentError as error:
        _print_problems(error.problems)
        try:
            IndexFolder(settings.index).open_current().close()
        except GenerationError:
            raise error from None
        err.print(f"[yellow]{escape(str(error))} The index built before is served on.[/]")


def _shown_address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _start_watching(settings: Settings, stop: threading.Event) -> None:
    def tell(result: BuildReport | KbError) -> None:
        if isinstance(result, BuildReport):
            if result.kind != "nothing" or result.errors:
                _print_build(result)
        else:
            _print_problems(getattr(result, "problems", ()))
            err.print(f"[red]{escape(str(result))}[/] The index built before is served on.")

    arguments = (settings.content, IndexFolder(settings.index), tell, stop)
    threading.Thread(target=watch_content, args=arguments, name="kb-watch", daemon=True).start()


def _run_server(settings: Settings, listening: socket.socket) -> None:
    # The application is named, not imported: the core knows no web. Workers read the same settings.
    for name in ("content", "index", "base_url", "repository_url", "contact"):
        os.environ[f"KB_{name.upper()}"] = str(getattr(settings, name))
    config = uvicorn.Config(
        "api.app:application",
        factory=True,
        workers=settings.workers,
        log_level="warning",
        proxy_headers=True,
        server_header=False,
    )
    if settings.workers > 1:
        Multiprocess(config, sockets=[listening]).run()
    else:
        uvicorn.Server(config).run(sockets=[listening])


# Checking


def _wanted_paths(paths: Sequence[Path], folder: ContentFolder) -> set[str]:
    """The named files as paths in the content folder."""
    known = {str(path) for path in (*folder.case_paths(), *folder.guide_paths(), *folder.vocabulary_paths())}
    wanted = set()
    for path in paths:
        # Both `content/cases/a.md` from outside and `cases/a.md` mean the same file.
        inside = path if path.exists() else folder.root / path
        name = os.path.relpath(inside.resolve(), folder.root.resolve()).replace(os.sep, "/")
        if name not in known:
            raise typer.BadParameter(f"`{path}` is not a content file in `{folder.root}`.")
        wanted.add(name)
    return wanted


def _all_problems(folder: ContentFolder, progress: Any) -> tuple[Problem, ...]:
    try:
        return check_corpus(load_corpus(folder, progress))
    except ContentError as error:
        if error.problems:
            return error.problems
        raise


def _print_check(problems: Sequence[Problem], files: int, output: report.Format, settings: Settings) -> None:
    match output:
        case report.Format.JSON:
            out.print(report.as_json(problems), markup=False)
        case report.Format.GITHUB:
            if problems:
                out.print(report.as_github(problems, str(settings.content)), markup=False)
        case report.Format.TEXT:
            _print_problems(problems, to=out)
            colour = "red" if any(problem.level is Level.ERROR for problem in problems) else "green"
            out.print(f"[{colour}]{report.summary(problems, files)}[/]")


def _print_problems(problems: Iterable[Problem], to: Console = err) -> None:
    for problem in problems:
        colour = "red" if problem.level is Level.ERROR else "yellow"
        line = Text(f"{problem.path}:{problem.line}:{problem.column}: ", style="bold")
        line.append(f"{problem.level}: ", style=colour)
        line.append(problem.message, style="not bold")
        line.append(f" {problem.hint}" if problem.hint else "", style="not bold green")
        line.append(f" [{problem.rule}]", style="not bold dim")
        to.print(line)


# Building


def _fresh_generation(settings: Settings) -> Generation:
    """The generation in use, built first if there is none."""
    index = IndexFolder(settings.index)
    try:
        return index.open_current()
    except GenerationError as error:
        if not isinstance(error, NoGeneration):
            err.print(f"[yellow]{escape(str(error))}[/]")
        with _progress() as progress:
            build(ContentFolder(settings.content), index, progress=progress)
        return index.open_current()


def _print_build(result: BuildReport) -> None:
    _print_problems(result.problems)
    for slug in result.kept:
        err.print(f"[yellow]The last good version of `{slug}` is served until its file is mended.[/]")
    for slug in result.lost:
        err.print(f"[red]`{slug}` is not served: there is no good version of it yet.[/]")
    if result.kind == "nothing":
        out.print(f"Nothing to do: the index with {_cases(result.count)} is up to date.")
        return
    if result.kind == "all":
        out.print(f"Built the index with {_cases(result.count)} in {result.seconds:.1f} s: {result.reason}.")
        return
    counts = (("added", result.added), ("updated", result.updated), ("removed", result.removed))
    told = ", ".join(f"{len(slugs)} {what}" for what, slugs in counts if slugs) or "no case touched"
    out.print(f"Updated the index in {result.seconds:.2f} s: {told}. It holds {_cases(result.count)}.")


def _add_index_rows(table: Table, folder: ContentFolder, target: IndexFolder) -> bool:
    """Describe the index; False where `kb index` has something to do or to mend."""
    try:
        generation = target.open_current()
    except GenerationError as error:
        table.add_row("", Text(str(error), style="red"))
        return False
    manifest = generation.manifest
    table.add_row("", f"{_cases(manifest.count)}, built {manifest.created} ({manifest.id})")
    changed = _changed_files(folder, manifest.files.keys())
    broken = sorted(path for path, record in manifest.files.items() if record.state == "broken")
    for path in broken:
        kept = generation.cases.case(Path(path).stem) is not None
        served = "its last good version is served" if kept else "it is not served"
        table.add_row("", Text(f"{path} is broken; {served}. See `kb check`.", style="red"))
    stale = changed or _stale_files(folder, generation)
    table.add_row(
        "", Text("The content has changed since: run `kb index`.", style="yellow") if stale else "Up to date."
    )
    generation.close()
    return not stale and not broken


def _changed_files(folder: ContentFolder, known: Iterable[str]) -> bool:
    now = {str(path) for path in (*folder.case_paths(), *folder.guide_paths(), *folder.vocabulary_paths())}
    return now != set(known)


def _stale_files(folder: ContentFolder, generation: Generation) -> bool:
    """Whether a file is not as it was; by size and time, which errs on the side of "changed"."""
    for path, record in generation.manifest.files.items():
        stat = (folder.root / path).stat()
        if (stat.st_size, stat.st_mtime_ns) != (record.size, record.mtime_ns):
            return True
    return False


# Searching


def _known_filters(chosen: dict[str, list[str] | None], generation: Generation) -> dict[str, tuple[str, ...]]:
    """The filters; raises a usage error for a value that no vocabulary holds."""
    filters = {}
    for name, values in chosen.items():
        vocabulary = FACETS_BY_NAME[name].vocabulary(generation.vocabularies)
        for value in values or []:
            if value not in vocabulary:
                near = vocabulary.nearest(value)
                hint = f" Did you mean `{near.id}`?" if near else f" See `vocabularies/{vocabulary.name}.yaml`."
                raise typer.BadParameter(f"There is no {name} `{value}`.{hint}")
        if values:
            filters[name] = tuple(values)
    return filters


def _print_result(result: SearchResult, generation: Generation) -> None:
    for notice in result.notices:
        err.print(f"[yellow]{escape(notice.text)}[/]")
    if result.is_beyond_end:
        last = f"{result.pages} page{'' if result.pages == 1 else 's'}"
        raise KbError(f"There is no page {result.request.page}: the result has {last}.")
    out.print(f"[bold]{_cases(result.total)}[/]")
    first = (result.request.page - 1) * result.request.size + 1
    for number, hit in enumerate(result.hits, start=first):
        _print_hit(number, hit, generation)
    for facet in FACETS[:3]:
        counts = [count for count in result.facets[facet.name] if count.count or count.selected][:6]
        labels = facet.vocabulary(generation.vocabularies)
        told = ", ".join(f"{labels.label(count.value)} {count.count}" for count in counts)
        if told:
            out.print(Text(f"\n{facet.label}: ", style="bold").append(told, style="not bold"), end="")
    out.print()


def _print_hit(number: int, hit: Hit, generation: Generation) -> None:
    case = generation.cases.case(hit.slug)
    if case is None:
        return
    cities = ", ".join(generation.vocabularies.cities.label(city) for city in case.cities)
    years = f"{case.started}–{case.ended or ''}"
    out.print(Text(f"\n{number:>2}  ").append(case.title, style="bold").append(f"  {cities}, {years}", style="dim"))
    out.print(Text(f"    {case.slug}", style="cyan"))
    out.print(_marked(hit.snippet) if hit.snippet else Text(f"    {case.summary}"))


def _marked(snippet: Snippet) -> Text:
    text = Text(snippet.text)
    for start, end in snippet.ranges:
        text.stylize("bold yellow", start, end)
    return Text(f"    {snippet.heading}: ", style="dim").append_text(text)


def _result_data(result: SearchResult, generation: Generation) -> dict[str, Any]:
    return {
        "total": result.total,
        "page": result.request.page,
        "pages": result.pages,
        "notices": [notice.text for notice in result.notices],
        "hits": [
            {
                "slug": hit.slug,
                "title": case.title,
                "score": round(hit.score, 4),
                "section": hit.snippet.section if hit.snippet else None,
                "snippet": hit.snippet.text if hit.snippet else None,
            }
            for hit in result.hits
            if (case := generation.cases.case(hit.slug))
        ],
        "facets": {name: {count.value: count.count for count in counts} for name, counts in result.facets.items()},
    }


# Telling


def _cases(count: int) -> str:
    return f"{count} case" if count == 1 else f"{count} cases"


def _fail(message: str) -> None:
    err.print(f"[red]{escape(message)}[/]")
    sys.exit(1)


@contextmanager
def _progress() -> Iterator[Any]:
    """Something that wraps loops in a progress bar, if a person is watching."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:

        def track(items: Sequence[T], doing: str) -> Iterable[T]:
            return bar.track(items, description=doing)

        yield track


if __name__ == "__main__":
    main()
