"""Serving the site: a port, an index, a thread that watches the content, and the server."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import closing, suppress
from ipaddress import ip_address

import uvicorn
from uvicorn.supervisors import Multiprocess

from kb.authoring.content_folder import ContentFolder
from kb.building.builder import PROCESSES, Builder
from kb.building.report import BuildReport
from kb.building.watching import watch_content
from kb.cli import printing
from kb.errors import GenerationError, KbError
from kb.index.opening import open_index
from kb.logs import LogFormat, set_up_logging
from kb.settings import Settings

UNNAMED = (
    "KB_BASE_URL is not set. Links in feeds, data and citations begin with the address of this socket, which others "
    "may not reach, and requests for any host are answered."
)


def serve_site(settings: Settings, *, watch: bool) -> None:
    """Build what is missing or stale, then serve until stopped."""
    set_up_logging(settings.log_format)
    if settings.log_format is LogFormat.JSON:
        printing.print_to_log()
    builder = Builder(open_index(settings), PROCESSES)
    with closing(_listen(settings)) as listening:
        _build(settings, builder)
        count = open_index(settings).manifest().count
        printing.print_serving(count, _shown_address(listening))
        if not settings.base_url and not _is_for_this_machine(settings.host):
            printing.print_warning(UNNAMED)
        stop = threading.Event()
        if watch and settings.content.is_dir():
            _start_watching(settings, builder, stop)
        try:
            _run_server(settings, listening)
        finally:
            stop.set()


def _is_for_this_machine(host: str) -> bool:
    """Whether nobody on another machine can reach this address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(settings: Settings) -> socket.socket:
    """A socket on the wanted port, taken before anything is built, so that a port in use is reported immediately."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named: asyncio sends small answers immediately (TCP_NODELAY) only if it knows that this is TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except (OSError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        message = f"Cannot listen on {settings.host} port {settings.port}: {reason}. Choose another with `--port`."
        raise KbError(message) from error
    listening.set_inheritable(True)
    return listening


def _build(settings: Settings, builder: Builder) -> None:
    """Build; if that cannot be done but there is an index, that one is served."""
    try:
        with printing.progress() as progress:
            result = builder.build(ContentFolder(settings.content), progress=progress)
        printing.print_build(result)
    except KbError as error:
        try:
            open_index(settings).open_current().close()
        except GenerationError:
            raise error from None
        printing.print_still_served(error)


def _shown_address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _start_watching(settings: Settings, builder: Builder, stop: threading.Event) -> None:
    def report(result: BuildReport | KbError) -> None:
        if isinstance(result, KbError):
            printing.print_still_served(result)
        elif result.kind != "nothing":
            printing.print_build(result)

    arguments = (settings.content, builder, report, stop)
    threading.Thread(target=watch_content, args=arguments, name="kb-watch", daemon=True).start()


def _run_server(settings: Settings, listening: socket.socket) -> None:
    # The application is named, not imported: the core knows no web. Workers read the same settings.
    for name in ("content", "index", "base_url", "repository_url", "contact", "workers"):
        os.environ[f"KB_{name.upper()}"] = str(getattr(settings, name))
    config = uvicorn.Config(
        "api.app:application",
        factory=True,
        http="api.server.protocol:LimitedProtocol",
        workers=settings.workers,
        log_level="warning",
        # Its lines go through our own handler, too.
        log_config=None,
        access_log=False,
        # There is nothing to speak about: asking to is one more way to fill the log.
        ws="none",
        proxy_headers=True,
        server_header=False,
    )
    # Ctrl+C is how a server is stopped, not something that went wrong.
    with suppress(KeyboardInterrupt):
        if settings.workers > 1:
            Multiprocess(config, sockets=[listening]).run()
        else:
            uvicorn.Server(config).run(sockets=[listening])
