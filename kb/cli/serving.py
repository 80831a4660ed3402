"""Serving the site: a port, an index, a thread that watches the content, and the server."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import uvicorn
from uvicorn.importer import import_from_string

from kb.authoring.content_folder import ContentFolder
from kb.authoring.draft import preview_page
from kb.building.builder import PROCESSES, Builder
from kb.building.report import BuildReport
from kb.building.state import BuildingState
from kb.building.watching import watch_content
from kb.cli import printing
from kb.cli.draining import ANSWERING_SECONDS, DrainingServer, DrainingWorkers, exit_in_time
from kb.errors import GenerationError, KbError
from kb.index.opening import open_index
from kb.logs import LogFormat, set_up_logging
from kb.processes import end_with_parent
from kb.settings import Settings

ANSWER_SECONDS = 30
"""Seconds after which a worker that does not respond is replaced: on an overloaded machine, five are too few."""

RETRY_SECONDS = 5
"""Seconds until a worker that could not start is replaced."""

FIRST_PASSED_SOCKET = 3
"""The number that systemd gives to the first socket it passes on (`sd_listen_fds(3)`)."""

log = logging.getLogger("kb")

UNNAMED = (
    "KB_BASE_URL is not set. Links in feeds, data and citations begin with the address of this socket, which others "
    "may not reach, and requests for any host are answered."
)


@dataclass(frozen=True)
class Application:
    """Makes the application in each process that answers."""

    state: BuildingState

    def __call__(self) -> Any:
        end_with_parent()
        # It is named, not imported: the core knows no web.
        make: Callable[[BuildingState], Any] = import_from_string("api.app:application")
        try:
            return make(self.state)
        except KbError as error:
            if multiprocessing.parent_process() is None:
                raise  # the command reports it
            # Another worker takes its place at once, and would not find it better.
            log.error("This worker cannot start, and tries again in %s seconds: %s", RETRY_SECONDS, error)
            time.sleep(RETRY_SECONDS)
            sys.exit(1)


def serve_site(settings: Settings, *, watch: bool, fd: int | None = None, preview: str = "") -> None:
    """Build what is missing or stale, then serve until stopped.

    `fd` is the number of a socket that is already listening, such as one that outlives this process. Without it the
    socket that systemd has passed is used, or one is opened. `preview` is the slug of the case file
    whose address is printed, if drafts are shown.
    """
    set_up_logging(settings.log_format)
    if settings.log_format is LogFormat.JSON:
        printing.print_to_log()
    builder = Builder(open_index(settings), PROCESSES)
    passed = _passed_by_systemd() if fd is None else fd
    with closing(_listen(settings) if passed is None else _passed_on(passed)) as listening:
        if settings.drafts:
            _refuse_others(settings, listening)
        signal.signal(signal.SIGTERM, exit_in_time)
        _build(settings, builder)
        count = open_index(settings).manifest().count
        printing.print_serving(count, _shown_address(listening))
        if settings.drafts:
            printing.print_preview(f"{_shown_address(listening)}{preview_page(preview)}")
        if not settings.base_url and not _is_for_this_machine(settings.host):
            printing.print_warning(UNNAMED)
        stop, state = threading.Event(), BuildingState()
        if watch:
            _start_watching(settings, builder, stop, state)
        try:
            _run_server(settings, listening, Application(state))
        finally:
            stop.set()


def _refuse_others(settings: Settings, listening: socket.socket) -> None:
    """Raise KbError unless only this machine can reach the server: drafts are for nobody else."""
    name = listening.getsockname()
    is_local = not isinstance(name, str) and _is_for_this_machine(name[0])
    if not is_local or settings.trusted_hops or settings.base_url:
        where = "drafts are shown only on an address of this machine, without a proxy or a public address"
        raise KbError(f"Not started: {where}. Leave out KB_HOST, KB_BASE_URL and KB_TRUSTED_HOPS, or KB_DRAFTS.")


def _is_for_this_machine(host: str) -> bool:
    """Whether this address can only be reached from the same machine."""
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


def _passed_by_systemd() -> int | None:
    """The number of the socket that systemd has opened for this process, if it has."""
    pid, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    # Both are for one process only: they may be here because its parent did not remove them.
    if pid != str(os.getpid()) or count in ("", "0"):
        return None
    if count != "1":
        raise KbError(f"systemd has passed {count} sockets. Leave one `ListenStream=` in the socket unit.")
    return FIRST_PASSED_SOCKET


def _passed_on(fd: int) -> socket.socket:
    """The socket with this number, which must be listening."""
    try:
        listening = socket.socket(fileno=fd)
        is_listening = listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise KbError(f"Descriptor {fd} is not a socket to listen on: {reason}.") from error
    if listening.type is not socket.SOCK_STREAM or not is_listening:
        listening.detach()
        raise KbError(f"Descriptor {fd} is a socket that does not listen. Call `listen` before it is passed on.")
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
    name = listening.getsockname()
    if isinstance(name, str):
        return f"unix:{name}"
    host, port = name[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _start_watching(settings: Settings, builder: Builder, stop: threading.Event, state: BuildingState) -> None:
    is_failing = False

    def report(result: BuildReport | KbError) -> None:
        nonlocal is_failing
        if isinstance(result, KbError):
            printing.print_still_served(result)
        elif is_failing or result.kind != "nothing":
            printing.print_build(result)
        is_failing = isinstance(result, KbError)

    arguments = (settings.content, builder, report, stop, state)
    threading.Thread(target=watch_content, args=arguments, name="kb-watch", daemon=True).start()


def _run_server(settings: Settings, listening: socket.socket, application: Application) -> None:
    # Workers read the same settings.
    for name in type(settings).model_fields:
        os.environ[f"KB_{name.upper()}"] = str(getattr(settings, name))
    config = uvicorn.Config(
        application,
        factory=True,
        workers=settings.workers,
        http="api.server.arrival.protocol:LimitedProtocol",
        # No route speaks WebSocket, and refusing each attempt would fill the log.
        ws="none",
        timeout_graceful_shutdown=ANSWERING_SECONDS,
        log_level="warning",
        # Its messages go through our own handler.
        log_config=None,
        access_log=False,
        # The application decides which proxies to trust, by `trusted_hops`.
        proxy_headers=False,
        server_header=False,
        timeout_worker_healthcheck=ANSWER_SECONDS,
    )
    # Ctrl+C is how a server is stopped, not something that went wrong.
    with suppress(KeyboardInterrupt):
        if settings.workers > 1:
            DrainingWorkers(config, sockets=[listening]).run()
        else:
            DrainingServer(config).run(sockets=[listening])
