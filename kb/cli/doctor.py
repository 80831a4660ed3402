"""Checks an installation part by part, and reports for each what is in order or what to do."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import socket
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from kb.authoring.content_folder import ContentFolder, load_corpus
from kb.authoring.rules import Level
from kb.building.changes import look_at
from kb.errors import GenerationError, KbError, NoGeneration
from kb.hints import nearest
from kb.index.opening import open_index
from kb.settings import Settings
from kb.wording import cases_in_words, counted

OLDEST_PYTHON = (3, 11)
LEAST_FILES = 1024
SPARE_BYTES = 100 * 1024 * 1024
"""Room for a new generation beside the one in use, beyond its size."""

DISTRIBUTION = "crossing-boundaries"


@dataclass(frozen=True)
class Finding:
    """What was found of one part."""

    part: str
    found: str
    """As a sentence."""
    to_do: str = ""
    """What to do about it, as a sentence; empty if it is in order."""


def examine(settings: Settings, environment: Mapping[str, str]) -> list[Finding]:
    """Check everything; nothing is changed, and no other machine is contacted."""
    examinations: dict[str, Callable[[], Iterator[Finding]]] = {
        "Python": _python,
        "packages": _packages,
        "settings": lambda: _settings(settings, environment),
        "content": lambda: _content(settings.content),
        "index": lambda: _index(settings),
        "permissions": lambda: _permissions(settings.index),
        "open files": _open_files,
        "port": lambda: _port(settings),
        "proxy": lambda: _proxy(settings),
    }
    return [finding for part, look in examinations.items() for finding in _examined(part, look)]


def _examined(part: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What is found of a part. Whatever prevents it from being checked is a finding, too."""
    try:
        return list(look())
    except KbError as error:
        return [Finding(part, "It cannot be used.", str(error))]
    except OSError as error:
        return [Finding(part, f"It cannot be checked: {error}.", "Let the user who runs `kb` read it.")]


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, OLDEST_PYTHON))
    to_do = "" if sys.version_info >= OLDEST_PYTHON else f"Install Python {wanted} or newer."
    yield Finding("Python", f"This is Python {version}.", to_do)


def _packages() -> Iterator[Finding]:
    try:
        required = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield Finding("packages", f"`{DISTRIBUTION}` is not installed.", "Install it: `pip install .`.")
        return
    needed = [line for line in required if "extra ==" not in line]
    wrong = [complaint for line in needed if (complaint := _complaint_about(line))]
    for complaint in wrong:
        yield Finding("packages", complaint, "Install the product again: `pip install .`.")
    if not wrong:
        yield Finding("packages", f"All {len(needed)} packages are installed in versions that fit.")


def _complaint_about(requirement: str) -> str | None:
    """What is wrong with the package that a requirement such as `uvicorn>=0.37` names."""
    name = re.split(r"[<>=!~; \[]", requirement, maxsplit=1)[0]
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"`{name}` is not installed."
    for sign, wanted in re.findall(r"(>=|<)\s*([\d.]+)", requirement.partition(";")[0]):
        if (_numbers(version) >= _numbers(wanted)) != (sign == ">="):
            return f"`{name}` is {version}, where {sign}{wanted} is needed."
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def _settings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    known = [f"KB_{name.upper()}" for name in type(settings).model_fields]
    unknown = [name for name in sorted(environment) if name.startswith("KB_") and name not in known]
    for name in unknown:
        near = nearest(name, known)
        hint = f"Did you mean `{near}`?" if near else f"The settings are: {', '.join(known)}."
        yield Finding("settings", f"`{name}` is not a setting, so it has no effect.", hint)
    if not unknown:
        given = sum(name in environment for name in known)
        found = f"{counted(given, 'is', 'are')} set in the environment and valid." if given else "None is set."
        yield Finding("settings", found)


def _content(root: Path) -> Iterator[Finding]:
    folder = ContentFolder(root)
    corpus = load_corpus(folder)
    wrong = {problem.path for problem in corpus.problems if problem.level is Level.ERROR}
    if wrong:
        found = f"{counted(len(wrong), 'file has', 'files have')} errors: {', '.join(sorted(wrong)[:5])}."
        yield Finding("content", found, "Fix what `kb check` reports.")
    elif not corpus.cases:
        yield Finding("content", f"`{root}` contains no cases.", "Add files to `cases/`, or set KB_CONTENT.")
    else:
        yield Finding("content", f"`{root}` contains {cases_in_words(len(corpus.cases))} without errors.")


def _index(settings: Settings) -> Iterator[Finding]:
    index = open_index(settings)
    try:
        with closing(index.open_current()) as generation:
            manifest = generation.manifest
        origin = index.origin(manifest)
    except NoGeneration:
        yield Finding("index", f"There is none in `{index.place}` yet.", "Build it: `kb index`.")
        return
    except GenerationError as error:
        yield Finding("index", str(error), "Build it again: `kb index --rebuild`.")
        return
    found = f"`{index.place}` contains {cases_in_words(manifest.count)}, as they were written {manifest.created}."
    if settings.content.is_dir():
        now = look_at(ContentFolder(settings.content), origin, index.fingerprint)
        if now.differs_from(origin):
            yield Finding("index", f"{found} The content has changed since.", "Run `kb index`, or `kb serve`.")
            return
    yield Finding("index", found)


def _permissions(root: Path) -> Iterator[Finding]:
    """Whether an index can be built here, and whether there is room for another beside it."""
    place = next(path for path in (root, *root.absolute().parents) if path.exists())
    if not place.is_dir():
        yield Finding("permissions", f"`{place}` is not a folder.", "Set KB_INDEX to a folder.")
        return
    if not os.access(place, os.W_OK | os.X_OK):
        to_do = "Let the user who runs `kb` write there, or set KB_INDEX to another folder."
        yield Finding("permissions", f"`{place}` cannot be written to.", to_do)
        return
    used = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file())
    free = shutil.disk_usage(place).free
    if free < used + SPARE_BYTES:
        found = f"There are {free // 1024**2} MB free for `{root}`, which takes {used // 1024**2} MB."
        yield Finding("permissions", found, "Free some space: a new index is built beside the old one.")
    else:
        yield Finding("permissions", f"`{place}` can be written to, and {free // 1024**2} MB are free.")


def _open_files() -> Iterator[Finding]:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= limit < LEAST_FILES:
        to_do = f"Allow {LEAST_FILES}: `ulimit -n {LEAST_FILES}`, or `LimitNOFILE=` in the unit of systemd."
        yield Finding("open files", f"A process may have {limit} files and connections open.", to_do)
    else:
        allowed = "any number of" if limit < 0 else f"{limit:,}"
        yield Finding("open files", f"A process may have {allowed} files and connections open.")


def _port(settings: Settings) -> Iterator[Finding]:
    where = f"{settings.host} port {settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except (OSError, UnicodeError) as error:
            if _is_served(settings):
                yield Finding("port", f"A server of this kind responds on {where}.")
            else:
                reason = getattr(error, "strerror", None) or str(error)
                to_do = "Stop the program that uses it, or choose another with KB_HOST and KB_PORT."
                yield Finding("port", f"{where} cannot be listened on: {reason}.", to_do)
        else:
            yield Finding("port", f"{where} is free.")


def _is_served(settings: Settings) -> bool:
    """Whether a server of ours responds on the wanted port of this machine."""
    # The keys are compared with, and nothing listens on them.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # nosec B104
    shown = f"[{host}]" if ":" in host else host
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{shown}:{settings.port}/healthz", timeout=3) as answer:
            return bool(answer.read(10) == b"ok\n")
    except (OSError, ValueError):
        return False


def _proxy(settings: Settings) -> Iterator[Finding]:
    """How many proxies are trusted, and what links begin with."""
    if not settings.base_url and not _is_loopback(settings.host):
        found = f"The site listens on {settings.host}, and links begin with that address."
        yield Finding("proxy", found, "Set KB_BASE_URL to the public address.")
    else:
        links = settings.base_url or "the address of the socket"
        hops = counted(settings.trusted_hops, "proxy is", "proxies are") if settings.trusted_hops else "no proxy is"
        yield Finding("proxy", f"Links begin with {links}; {hops} trusted (KB_TRUSTED_HOPS).")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
