"""The content folder: which files are read, which are not, and what is reported when they cannot be."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from kb.authoring.content_folder import MAX_BYTES, ContentFolder, load_corpus
from kb.authoring.parsing.publication import Fate
from kb.authoring.parsing.vocabulary_files import OPTIONAL_FILES
from kb.authoring.problems import ProblemList
from kb.building.history import committed
from kb.errors import ContentError
from tests.builders import VOCABULARY_FILES, case_markdown, write_case, write_content


def reported(folder: ContentFolder, path: str) -> list[str]:
    """The problems of one case file, without its path."""
    file = folder.case_file(PurePosixPath(path), folder.vocabularies()[0])
    assert file.case is None
    assert file.decision.fate is Fate.OFFLINE
    return [str(problem).removeprefix(f"{path}:") for problem in file.problems]


OUTSIDE = [
    "1:1: error: This is a link to a file outside the content folder. "
    "Put a copy of the file itself into the content folder. [file-unreadable]"
]


def test_a_missing_folder_is_reported_with_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as error:
        ContentFolder(tmp_path / "none")

    assert str(error.value) == (
        f"There is no content folder at `{tmp_path / 'none'}`. "
        "Set KB_CONTENT or `--content` to the folder that contains `cases/` and `vocabularies/`."
    )


def test_a_wrong_folder_is_reported_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="contains no folder `vocabularies/`"):
        ContentFolder(tmp_path).vocabularies()


def test_files_are_listed_sorted_and_relative_to_the_folder(tmp_path: Path) -> None:
    folder = write_content(tmp_path, {"b-case": case_markdown(), "a-case": case_markdown()})
    for name in ("arrangements/z.md", "arrangements/y.md", "challenges/a.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert folder.case_paths() == (PurePosixPath("cases/a-case.md"), PurePosixPath("cases/b-case.md"))
    assert [str(path) for path in folder.guide_paths()] == ["arrangements/y.md", "arrangements/z.md", "challenges/a.md"]


@pytest.mark.parametrize(
    "name", [".a-case.md.swp", ".hidden.md", "#a-case.md#", "~a-case.md", "a-case.md~", "notes.txt", "deeper/b.md"]
)
def test_what_editors_leave_behind_is_not_content(tmp_path: Path, name: str) -> None:
    folder = write_content(tmp_path, {"a-case": case_markdown()})
    path = tmp_path / "cases" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(case_markdown(), "utf-8")

    assert folder.case_paths() == (PurePosixPath("cases/a-case.md"),)


def test_an_empty_collection_is_fine(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    (tmp_path / "cases").rmdir()
    corpus = load_corpus(folder)

    assert (corpus.cases, corpus.guides, corpus.problems) == ((), (), ())


def test_only_published_cases_may_be_served(tmp_path: Path) -> None:
    corpus = load_corpus(
        write_content(
            tmp_path,
            {
                "a-draft": case_markdown(publication="draft"),
                "b-case": case_markdown(),
                "broken": case_markdown(city="nowhere"),
                "withdrawn": case_markdown(publication="withdrawn"),
            },
        )
    )

    assert [file.slug for file in corpus.cases] == ["a-draft", "b-case", "broken", "withdrawn"]
    assert [file.slug for file in corpus.published] == ["b-case"]
    assert {problem.path for problem in corpus.problems} == {"cases/broken.md"}


def test_progress_reports_every_case_file(tmp_path: Path) -> None:
    folder = write_content(tmp_path, {"a-case": case_markdown(), "b-case": case_markdown()})
    seen: list[str] = []

    def watch(paths: object, doing: str) -> list[PurePosixPath]:
        assert isinstance(paths, tuple)
        seen.extend([doing, *map(str, paths)])
        return list(paths)

    load_corpus(folder, watch)

    assert seen == ["Reading cases", "cases/a-case.md", "cases/b-case.md"]


# Files that cannot be read


def test_a_file_that_has_gone_is_reported(tmp_path: Path) -> None:
    assert reported(write_content(tmp_path), "cases/none.md") == [
        "1:1: error: The file cannot be read: No such file or directory. "
        "Check that it exists and that its permissions let the user who runs `kb` read it. [file-unreadable]"
    ]


def test_a_folder_with_the_name_of_a_file_is_reported(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    (tmp_path / "cases" / "a-case.md").mkdir()

    assert reported(folder, "cases/a-case.md") == [
        "1:1: error: This is a folder, not a file. Put a text file in its place, or remove it. [file-unreadable]"
    ]


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made, pytest.MonkeyPatch.context() as patched:
        patched.chdir(path.parent)  # the name of a socket may be a hundred characters long
        made.bind(path.name)


def make_device(path: Path) -> None:
    try:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # as /dev/zero, which never ends
    except PermissionError:
        pytest.skip("only the administrator may make devices")


SPECIAL = {"a named pipe": os.mkfifo, "a socket": make_socket, "a device": make_device}


@pytest.mark.parametrize("is_linked", [False, True])
@pytest.mark.parametrize(("what", "make"), SPECIAL.items())
def test_what_is_no_file_is_reported_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, make: Callable[[Path], None], is_linked: bool
) -> None:
    folder = write_content(tmp_path)
    place = tmp_path / "elsewhere" if is_linked else tmp_path / "cases" / "a-case.md"
    make(place)
    if is_linked:
        (tmp_path / "cases" / "a-case.md").symlink_to(place)
    read = Path.read_bytes

    def read_a_file(path: Path) -> bytes:
        assert path.is_file()
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_a_file)

    assert reported(folder, "cases/a-case.md") == [
        f"1:1: error: This is {what}, not a file. Put a text file in its place, or remove it. [file-unreadable]"
    ]


@pytest.mark.parametrize("path", ["vocabularies/cities.yaml", "challenges/fragile-trust.md", "cases/a-case.md"])
@pytest.mark.slow
def test_a_pipe_stalls_nothing_wherever_it_is(tmp_path: Path, path: str) -> None:
    write_content(tmp_path / "content", {"b-case": case_markdown()})
    pipe = tmp_path / "content" / path
    pipe.parent.mkdir(exist_ok=True)
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    arguments = ["--content", str(tmp_path / "content")]

    for command in (["check"], ["index", "--index", str(tmp_path / "index")]):
        done = subprocess.run(
            [sys.executable, "-m", "kb", *command, *arguments], check=False, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 1
        assert f"{path}:1:1: error: This is a named pipe, not a file." in done.stdout + done.stderr


def test_a_pipe_in_the_place_of_a_file_that_git_knows_stalls_nothing(tmp_path: Path) -> None:
    write_content(tmp_path, {"a-case": case_markdown()})
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "a"]):
        subprocess.run([*git, *arguments], check=True)
    (tmp_path / "cases" / "a-case.md").unlink()
    os.mkfifo(tmp_path / "cases" / "a-case.md")

    assert committed(tmp_path, {"cases/a-case.md"}) == frozenset()


def test_a_folder_that_cannot_be_listed_is_not_one_without_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_content(tmp_path, {"a-case": case_markdown()})

    def stale(path: object) -> list[str]:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(os, "listdir", stale)

    with pytest.raises(ContentError) as raised:
        folder.case_names()
    assert str(raised.value) == (
        f"`{tmp_path}/cases` cannot be read: Stale file handle. Let the user who runs `kb` read it."
    )


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_a_shortage_is_no_fault_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    folder = write_content(tmp_path, {"a-case": case_markdown()})

    def short(path: Path) -> bytes:
        raise OSError(number, "not now")

    monkeypatch.setattr(Path, "read_bytes", short)

    with pytest.raises(OSError, match="not now"):
        reported(folder, "cases/a-case.md")


def test_a_file_without_read_permission_is_reported(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    path = write_case(tmp_path, "a-case", case_markdown())
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        assert reported(folder, "cases/a-case.md")[0].startswith(
            "1:1: error: The file cannot be read: Permission denied."
        )
    else:
        pytest.skip("the user who runs the tests may read everything")


def test_a_file_of_exactly_the_maximum_size_is_read(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    write_case(tmp_path, "a-case", "x" * MAX_BYTES)
    problems = ProblemList(PurePosixPath("cases/a-case.md"))

    assert folder.read(problems.path, problems) == b"x" * MAX_BYTES
    assert problems.found == []


def test_a_file_that_is_too_large_is_reported(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    write_case(tmp_path, "a-case", "x" * (MAX_BYTES + 1))

    assert reported(folder, "cases/a-case.md") == [
        "1:1: error: The file is larger than 500 kB. Shorten or split it. [file-too-large]"
    ]


@pytest.mark.parametrize("target", ["../../secret.md", "/etc/hostname", "../../missing.md"])
def test_a_link_out_of_the_folder_is_never_followed(tmp_path: Path, target: str) -> None:
    folder = write_content(tmp_path / "content")
    (tmp_path / "secret.md").write_text(case_markdown(), "utf-8")
    (folder.root / "cases" / "a-case.md").symlink_to(target)

    assert reported(folder, "cases/a-case.md") == OUTSIDE


def test_a_folder_that_is_a_link_out_of_the_folder_is_never_followed(tmp_path: Path) -> None:
    folder = write_content(tmp_path / "content")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "a-case.md").write_text(case_markdown(), "utf-8")
    (folder.root / "cases").rmdir()
    (folder.root / "cases").symlink_to("../secrets")

    assert reported(folder, "cases/a-case.md") == OUTSIDE


@pytest.mark.parametrize("path", ["cases/../../secret.md", "../secret.md"])
def test_a_path_out_of_the_folder_is_never_followed(tmp_path: Path, path: str) -> None:
    folder = write_content(tmp_path / "content")
    (tmp_path / "secret.md").write_text(case_markdown(), "utf-8")
    problems = ProblemList(PurePosixPath(path))

    assert folder.read(PurePosixPath(path), problems) is None
    assert [problem.rule for problem in problems.found] == ["file-unreadable"]


def test_a_link_that_points_to_itself_is_reported(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    (tmp_path / "cases" / "a-case.md").symlink_to("a-case.md")

    assert reported(folder, "cases/a-case.md")[0].startswith("1:1: error: The file cannot be read: Too many levels")


def test_a_link_inside_the_folder_is_read(tmp_path: Path) -> None:
    folder = write_content(tmp_path, {"a-case": case_markdown()})
    (tmp_path / "cases" / "b-case.md").symlink_to("a-case.md")
    file = folder.case_file(PurePosixPath("cases/b-case.md"), folder.vocabularies()[0])

    assert file.is_published
    assert file.slug == "b-case"


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write_content(tmp_path / "real", {"a-case": case_markdown()})
    (tmp_path / "link").symlink_to("real")

    assert [file.slug for file in load_corpus(ContentFolder(tmp_path / "link")).published] == ["a-case"]


def test_an_unreadable_guide_page_is_reported(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    (tmp_path / "challenges" / "no-real-say.md").mkdir(parents=True)
    file = folder.guide_file(PurePosixPath("challenges/no-real-say.md"), folder.vocabularies()[0])

    assert file.guide is None
    assert [problem.rule for problem in file.problems] == ["file-unreadable"]


def test_a_file_whose_name_is_not_utf_8_is_reported_readably(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    (tmp_path / "cases" / "caf\udce9.md").write_text(case_markdown(), "utf-8")
    corpus = load_corpus(folder)

    assert [problem.rule for problem in corpus.problems] == ["file-name"]


# Vocabularies


@pytest.mark.parametrize("name", sorted(set(VOCABULARY_FILES) - OPTIONAL_FILES))
def test_a_missing_vocabulary_is_reported(tmp_path: Path, name: str) -> None:
    folder = write_content(tmp_path)
    (tmp_path / "vocabularies" / f"{name}.yaml").unlink()
    with pytest.raises(ContentError) as error:
        folder.vocabularies()

    assert str(error.value) == f"The vocabularies in `{tmp_path}` are not complete: vocabularies/{name}.yaml."
    assert [problem.rule for problem in error.value.problems] == ["file-unreadable"]


def test_everyday_words_and_questions_may_be_missing(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    for name in OPTIONAL_FILES:
        (tmp_path / "vocabularies" / f"{name}.yaml").unlink()

    vocabularies, problems = folder.vocabularies()

    assert (vocabularies.everyday_words, tuple(vocabularies.questions), problems) == ((), (), ())


def test_a_case_that_names_a_broken_entry_is_kept_offline_and_the_rest_is_checked(tmp_path: Path) -> None:
    folder = write_content(tmp_path, {"a-case": case_markdown(city="aarhus"), "b-case": case_markdown(city="vienna")})
    path = tmp_path / "vocabularies" / "cities.yaml"
    path.write_text(path.read_text("utf-8").replace("latitude: 56.16", "latitude: 156.16"), "utf-8")
    corpus = load_corpus(folder)

    assert [file.slug for file in corpus.published] == ["b-case"]
    assert [problem.rule for problem in corpus.problems] == ["bad-coordinates", "unusable-term"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("cases/b-case.md.txt", "Rename it to `cases/b-case.md`."),
        ("cases/B-Case.MD", "Rename it to `cases/b-case.md`."),
        ("cases/b-case.markdown", "Rename it to `cases/b-case.md`."),
        ("cases/b-case.md.bak", "Rename it to `cases/b-case-md-bak.md`."),
        ("cases/Århus.docx", "Save its text as `cases/arhus.md`, with the front matter of `content/TEMPLATE.md`."),
        ("cases/2024/b-case.md", "Files in folders below `cases/` are not read: move it to `cases/b-case.md`."),
        ("challenges/Fragile Trust.txt", "Rename it to `challenges/fragile-trust.md`."),
    ],
)
def test_a_file_that_is_not_read_is_reported_with_what_to_do(tmp_path: Path, name: str, hint: str) -> None:
    folder = write_content(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(case_markdown(), "utf-8")

    assert [(found.path, found.rule, found.hint) for found in load_corpus(folder).problems] == [
        (name, "ignored-file", hint)
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_with_the_name_of_a_case_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    os.mkfifo(tmp_path / "cases" / "a-case.md")

    assert [problem.rule for problem in load_corpus(folder).problems] == ["file-unreadable"]


def test_a_name_in_decomposed_letters_is_offered_as_a_slug(tmp_path: Path) -> None:
    problems = load_corpus(write_content(tmp_path, {"A\u030arhus": case_markdown()})).problems

    assert [(found.rule, found.hint) for found in problems] == [
        ("file-name", "Use lower-case letters, digits and hyphens: `arhus.md`.")
    ]


def test_nothing_is_checked_against_a_broken_vocabulary(tmp_path: Path) -> None:
    folder = write_content(tmp_path, {"a-case": case_markdown(city="nowhere")})
    (tmp_path / "vocabularies" / "cities.yaml").write_text("aarhus: {label: Aarhus}", "utf-8")
    with pytest.raises(ContentError) as error:
        load_corpus(folder)

    assert {problem.path for problem in error.value.problems} == {"vocabularies/cities.yaml"}
