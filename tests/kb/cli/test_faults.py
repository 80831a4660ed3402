"""Faults of the machine, for real: processes killed, disks full and read-only, few descriptors, little memory."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.builders import case_markdown
from tests.library import GOOD, Library
from tests.processes import KB, end, is_running, serving, start, until, workers_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them"),
]

CAN_MOUNT = (
    shutil.which("unshare") is not None
    and subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode == 0  # noqa: S607
)
needs_mounts = pytest.mark.skipif(not CAN_MOUNT, reason="mounts file systems of its own")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(tmp_path_factory.mktemp("template"), {"apple": GOOD, "berry": GOOD})
    made.build()
    return made


@pytest.fixture
def library(template: Library, tmp_path: Path) -> Library:
    return template.copy_to(tmp_path)


def title(address: str) -> str:
    """The title of a case that a server shows."""
    answer = httpx2.get(f"{address}/api/v1/cases/apple", timeout=30)
    return str(answer.json()["title"])


def titles(address: str) -> set[str]:
    """Those that it shows, whichever process answers."""
    return {title(address) for _ in range(16)}


def problems(address: str) -> list[str]:
    """What keeps newer content from being shown, according to any of the processes that answer."""
    answers = [httpx2.get(f"{address}/readyz", timeout=30) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    return sorted({problem for answer in answers for problem in answer.json()["problems"]})


def metric(address: str, name: str) -> float:
    """The value of a metric without labels."""
    lines = httpx2.get(f"{address}/metrics", timeout=30).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


# Processes


@pytest.fixture
def workers() -> Iterator[list[int]]:
    """Processes that a test must not leave behind."""
    pids: list[int] = []
    yield pids
    for pid in pids:
        end(pid)


def test_no_worker_outlives_its_parent_and_the_port_is_free_again(library: Library, workers: list[int]) -> None:
    with serving(library, "--workers", "2") as (process, address):
        assert title(address)
        workers += workers_of(process.pid)
        port = urlsplit(address).port
        assert port
        process.kill()
        process.wait(30)

        assert until(lambda: not any(map(is_running, workers)), seconds=6)

    with serving(library, "--workers", "2", port=port) as (process, address):
        assert title(address)
        workers += workers_of(process.pid)
        process.terminate()
        process.wait(30)


def has_opened(pid: int, folder: Path) -> bool:
    """Whether a process has opened a file in a folder."""
    return any(Path(os.path.realpath(file)).is_relative_to(folder) for file in Path(f"/proc/{pid}/fd").iterdir())


def test_a_worker_that_cannot_start_is_replaced_after_a_pause_with_one_line(
    library: Library, workers: list[int]
) -> None:
    with serving(library, "--workers", "2", "--no-watch") as (process, address):
        assert title(address)
        before = workers_of(process.pid)
        workers += before
        assert until(lambda: all(has_opened(worker, library.index.root) for worker in before))
        library.pointer().write_text("garbled", "utf-8")
        os.kill(before[-1], signal.SIGKILL)
        time.sleep(7)
        workers += workers_of(process.pid)

        assert title(address)
        process.terminate()
        _, complaint = process.communicate(timeout=30)
    assert 1 <= complaint.count("cannot start") <= 2
    assert "Traceback" not in complaint


def test_a_worker_that_is_killed_is_replaced_with_a_line_in_the_log(library: Library, workers: list[int]) -> None:
    with serving(library, "--workers", "2") as (process, address):
        assert title(address)
        before = workers_of(process.pid)
        workers += before
        os.kill(before[-1], signal.SIGTERM)
        assert until(lambda: len(set(workers_of(process.pid)) - set(before)) == 1)
        assert titles(address) == {"A door for concerns"}
        process.terminate()
        _, complaint = process.communicate(timeout=30)

    assert f"Worker {before[-1]} ended with code" in complaint


IMPATIENT = "import kb.cli.serving as serving; serving.ANSWER_SECONDS = 10; from kb.cli import main; main()"


def test_a_worker_that_does_not_respond_is_replaced_with_a_line_in_the_log(
    library: Library, workers: list[int]
) -> None:
    with serving(library, "--workers", "2", command=(sys.executable, "-c", IMPATIENT)) as (process, address):
        assert title(address)
        before = workers_of(process.pid)
        workers += before
        os.kill(before[-1], signal.SIGSTOP)
        assert until(lambda: not is_running(before[-1]), seconds=60)
        assert until(lambda: len(set(workers_of(process.pid)) - set(before)) == 1)
        process.terminate()
        _, complaint = process.communicate(timeout=30)

    assert f"Worker {before[-1]} did not respond" in complaint


def test_processes_that_read_content_end_with_the_build_that_started_them(library: Library, workers: list[int]) -> None:
    for number in range(1500):
        library.write(f"case-{number}")
    process = start(library, "index", "--rebuild")
    try:
        assert until(lambda: len(workers_of(process.pid)) >= 2)
        workers += workers_of(process.pid)
    finally:
        process.kill()
        process.communicate(timeout=30)

    assert until(lambda: not any(map(is_running, workers)), seconds=8)


# What the server says of its content


@pytest.mark.parametrize("number", ["1", "2"])
def test_every_worker_says_when_the_content_cannot_be_seen(library: Library, number: str) -> None:
    with serving(library, "--workers", number) as (process, address):
        assert until(lambda: problems(address) == [])
        library.content.root.rename(library.root / "away")

        expected = "The content folder cannot be found or read, so edits do not appear."
        assert until(lambda: problems(address) == [expected])
        assert metric(address, "kb_content_seen") == 0
        assert title(address) == "A door for concerns"
        (library.root / "away").rename(library.content.root)
        assert until(lambda: problems(address) == [])
        assert metric(address, "kb_content_seen") == 1
        library.write("apple", case_markdown(title="Ripe"))
        assert until(lambda: titles(address) == {"Ripe"})
        process.terminate()
        process.wait(30)


def test_a_server_that_was_stopped_from_watching_says_nothing_of_it(library: Library) -> None:
    with serving(library, "--no-watch") as (process, address):
        assert problems(address) == []
        assert "kb_content_seen" not in httpx2.get(f"{address}/metrics", timeout=30).text
        process.terminate()


# Disks


def mounted(script: str) -> tuple[str, ...]:
    """The command `kb` where this has been mounted first; nobody else sees it."""
    return ("unshare", "-rm", "sh", "-c", f'{script} && exec "$0" "$@"', *KB)


def inside(process: subprocess.Popen[str], path: Path) -> Path:
    """A path as a process sees it."""
    return Path(f"/proc/{process.pid}/root{path}")


def fill(path: Path) -> None:
    """Write a file until there is no room left."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(65536))


@needs_mounts
def test_a_full_disk_is_reported_and_survived_and_the_build_done_when_there_is_room(library: Library) -> None:
    place = library.root / "disk"
    place.mkdir()
    library.index = type(library.index)(place)
    command = mounted(f"mount -t tmpfs -o size=4m none '{place}'")
    with serving(library, "--workers", "2", command=command) as (process, address):
        filler = inside(process, place) / "filler"
        with pytest.raises(OSError, match="No space left"):
            fill(filler)

        library.write("apple", case_markdown(title="Ripe"))
        assert until(lambda: metric(address, "kb_builds_failed") >= 2)
        assert problems(address) == ["The last build failed, so edits do not appear. It is being retried; see the log."]
        assert titles(address) == {"A door for concerns"}
        filler.unlink()

        assert until(lambda: titles(address) == {"Ripe"})
        assert until(lambda: problems(address) == [])
        process.terminate()
        _, complaint = process.communicate(timeout=30)

    assert "Traceback" not in complaint
    assert complaint.count("the disk is full. Free some space on it.") == 1


@needs_mounts
def test_a_read_only_disk_is_enough_when_there_is_nothing_to_build(library: Library) -> None:
    command = mounted(
        f"mount --bind '{library.index.root}' '{library.index.root}' && mount -o remount,bind,ro '{library.index.root}'"
    )

    process = start(library, "index", command=command)
    out, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (0, "")
    assert out.startswith("Nothing to do")

    library.write("apple", case_markdown(title="Ripe"))
    process = start(library, "index", command=command)
    out, complaint = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert complaint == (
        f"Nothing was written to `{library.index.root}`: the file system is read-only. "
        "Mount it for writing, or choose another folder.\n"
    )

    with serving(library, command=command) as (process, address):
        assert title(address) == "A door for concerns"
        assert until(lambda: problems(address) != [])
        process.terminate()
        _, complaint = process.communicate(timeout=30)
    assert "Traceback" not in complaint
    assert "the file system is read-only" in complaint


@needs_mounts
def test_a_full_disk_at_the_first_build_is_reported(library: Library) -> None:
    place = library.root / "disk"
    place.mkdir()
    library.index = type(library.index)(place)

    process = start(library, "index", command=mounted(f"mount -t tmpfs -o size=64k none '{place}'"))
    out, complaint = process.communicate(timeout=60)

    assert (process.returncode, out) == (1, "")
    assert complaint == f"Nothing was written to `{place}`: the disk is full. Free some space on it.\n"


# Descriptors


def test_a_passing_shortage_of_descriptors_pins_no_old_generation(library: Library) -> None:
    with serving(library, "--no-watch", "--workers", "2") as (process, address):
        assert titles(address) == {"A door for concerns"}
        before = {pid: resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in workers_of(process.pid)}
        for pid, (_, hard) in before.items():
            opened = max(int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir())
            # Room for a visitor, and perhaps for a file or two of those that a generation needs.
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (opened + 3, hard))
        library.write("apple", case_markdown(title="Ripe"))
        library.build()
        time.sleep(3)
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)

        assert until(lambda: titles(address) == {"Ripe"}, seconds=15)
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize("spare", range(12))
def test_with_few_descriptors_a_build_fails_with_a_message_or_succeeds_and_loses_nothing(
    library: Library, spare: int
) -> None:
    """A file that is fine must not go offline because it could not be opened."""
    library.write("apple", case_markdown(city="atlantis"))
    library.build()
    library.write("berry", case_markdown(title="Ripe"))
    script = (
        "import os, resource, kb.cli.app; from kb.cli import main;"
        f"limit = max(map(int, os.listdir('/proc/self/fd'))) + {spare};"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)); main()"
    )

    process = start(library, "index", command=(sys.executable, "-c", script))
    _, complaint = process.communicate(timeout=60)

    assert library.slugs() == ("apple", "berry")
    assert "Traceback" not in complaint
    if library.title("berry") != "Ripe":
        assert process.returncode == 1
        assert "oo many files are open" in complaint


# Memory


@pytest.mark.parametrize("spare_mb", [1, 2, 4, 8, 16, 32, 64])
def test_with_little_memory_a_build_fails_with_a_message_or_succeeds(library: Library, spare_mb: int) -> None:
    script = (
        "import resource, kb.cli.app; from kb.cli import main;"
        "pages = int(open('/proc/self/statm').read().split()[0]);"
        f"limit = pages * resource.getpagesize() + {spare_mb} * 1024 * 1024;"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit)); main()"
    )
    for number in range(100):
        library.write(f"case-{number}", case_markdown(body={"Context": f"Word{number} " * 20_000}))

    process = start(library, "index", "--rebuild", command=(sys.executable, "-c", script))
    out, complaint = process.communicate(timeout=120)

    assert "Traceback" not in complaint
    if process.returncode:
        assert (out, process.returncode) == ("", 1)
        assert "ot enough memory" in complaint or "o further thread" in complaint
        assert library.slugs() == ("apple", "berry")
    else:
        assert len(library.slugs()) == 102
