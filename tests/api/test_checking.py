"""A case file is checked in the browser: what is wrong, how it looks, and the corrected file. Nothing of it stays."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.server.arrival.limits import MOST_UPLOADS, UPLOAD_BYTES
from kb import IndexFolder, Settings
from kb.authoring.handed_in import LONGEST
from tests.attacks import ATTACKS, ELSEWHERE, name_of
from tests.builders import case_markdown
from tests.conftest import CONTENT
from tests.marking import most_slow
from tests.metrics import TOKEN
from tests.properties import on_one_fixture
from tests.word_files import paragraph, table, word_file

CHECK = "/contribute/check"
FILE = "/contribute/check/file"
GOOD = CONTENT.joinpath("cases/oslo-salto.md").read_text("utf-8")
BROKEN = GOOD.replace("status: ", "status: not ").replace("## Context", "### context")
WORD = word_file(
    paragraph("A door", "Title"),
    table(["City", "Oslo"], ["Started", "2007"]),
    paragraph("Context", "H1"),
    paragraph("They met."),
)


def sent(client: TestClient, data: bytes, name: str = "notes.md", path: str = CHECK) -> Response:
    return client.post(path, files={"file": (name, data, "application/octet-stream")})


def pasted(client: TestClient, text: str, path: str = CHECK, **others: str) -> Response:
    return client.post(path, data={"text": text, **others})


def box(response: Response) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", response.text, re.DOTALL)
    assert found
    return unescape(found[1]).removesuffix("\n")


def test_the_form_needs_no_script(client: TestClient) -> None:
    html = client.get(CHECK).text

    assert f'action="{CHECK}" method="post" enctype="multipart/form-data"' in html
    assert '<input type="file" id="file" name="file"' in html
    assert '<textarea id="text" name="text"' in html
    assert f'href="{CHECK}"' in client.get("/contribute").text


@pytest.mark.parametrize("as_file", [True, False])
def test_problems_are_beside_the_lines_and_the_page_is_rendered(client: TestClient, as_file: bool) -> None:
    text = GOOD.replace("status: ", "status: not ")
    response = sent(client, text.encode()) if as_file else pasted(client, text)

    assert response.status_code == 200
    line = next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith("status:"))
    assert f'<li id="line-{line}" value="{line}" class="has-problem">' in response.text
    assert "1 error has to be mended before this case can be published." in response.text
    assert '<h2 id="context">Context</h2>' in response.text
    assert box(response) == text.removesuffix("\n")


def test_a_good_file_has_nothing_to_mend(client: TestClient) -> None:
    response = pasted(client, GOOD, name="oslo-salto")

    assert "This file can be published as it is." in response.text
    assert "Nothing to mend" in response.text
    assert "oslo-salto.md" in response.text


def test_what_can_be_corrected_is_said_then_corrected_then_taken_away(client: TestClient) -> None:
    text = BROKEN.replace("status: not ", "status: ")
    first = pasted(client, text)
    assert "Can be corrected without changing what it says: " in first.text
    assert box(first) == text.removesuffix("\n")

    second = pasted(client, box(first), correct="yes")
    assert "Corrected in the text: " in second.text
    assert "## Context" in box(second)

    file = pasted(client, text, FILE, name="oslo-salto")
    assert file.content.decode().removesuffix("\n") == box(second)
    assert file.headers["content-disposition"] == 'attachment; filename="oslo-salto.md"'
    assert file.headers["content-type"] == "text/markdown; charset=utf-8"


def test_a_document_becomes_the_beginning_of_a_case(client: TestClient) -> None:
    response = sent(client, WORD, "My notes.docx")

    assert "This was made from your document. It is a beginning" in response.text
    assert 'title: "A door"' in box(response)
    assert "city: [oslo]" in box(response)
    assert "## Context\n\nThey met." in box(response)
    assert 'name="name" value="my-notes"' in response.text
    assert sent(client, WORD, "x.docx", FILE).content.decode().removesuffix("\n") == box(response)


def test_what_a_file_is_does_not_depend_on_its_name(client: TestClient) -> None:
    assert "made from your document" in sent(client, WORD, "a.md").text
    assert "Nothing to mend" in sent(client, GOOD.encode(), "a.docx").text


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Århus Info-house.docx", "arhus-info-house"),
        ("../../etc/passwd", "passwd"),
        ("C:\\notes\\A b.MD", "a-b"),
        ("x.md\r\nSet-Cookie: a=b", "x-md-set-cookie-a-b"),
        ('a"; filename="evil.html', "a-22-filename-22evil-html"),
        ("<script>alert(1)</script>.md", "script"),
        ("x" * 5000, "x" * 60),
        ("東京.md", "the-salto-house"),
        ("", "the-salto-house"),
    ],
)
def test_a_name_is_only_a_name(client: TestClient, name: str, slug: str) -> None:
    text = re.sub(r"(?m)^title:.*$", 'title: "The SaLTo house: one"', GOOD)
    by_file = sent(client, text.encode(), name, FILE) if name else pasted(client, text, FILE)
    by_field = pasted(client, text, FILE, name=name)

    for response in (by_file, by_field):
        assert re.fullmatch(r'attachment; filename="[a-z0-9-]{1,60}\.md"', response.headers["content-disposition"])
        assert "set-cookie" not in response.headers
    if '"' not in name and "\r" not in name and "</" not in name:
        assert by_file.headers["content-disposition"] == f'attachment; filename="{slug}.md"'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "There is no text to check."),
        (b" \n\t", "There is no text to check."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protected by a password"),
        (b"%PDF-1.4", "It is a PDF: go back"),
        (b"PK\x03\x04", "is no .docx file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "This file is not text."),
        (b"x" * (LONGEST + 1), "This text is too long"),
        (b"x" * (UPLOAD_BYTES - 1000), "This text is too long"),
    ],
)
@pytest.mark.parametrize("path", [CHECK, FILE])
def test_what_cannot_be_checked_is_refused_with_the_reason(
    client: TestClient, data: bytes, said: str, path: str
) -> None:
    response = sent(client, data, "a", path)

    assert response.status_code == 422
    assert said in unescape(response.text)
    assert '<form class="check-form"' in response.text
    assert box(response) == ""
    assert response.headers["cache-control"] == "no-store"


def test_a_text_that_is_refused_is_not_lost(client: TestClient) -> None:
    text = "Words </textarea> " * 4000

    assert box(pasted(client, text)) == text


def test_too_large_a_file_is_refused_with_the_limit(client: TestClient) -> None:
    response = sent(client, b"x" * UPLOAD_BYTES)

    assert response.status_code == 413
    assert "at most 2048 kB" in response.text


@pytest.mark.parametrize("text", ["\n\nWords", "Words\r\nmore\r\n", "Words\rmore", "\ufeffWords", "a\x0bb"])
def test_the_text_in_the_box_is_the_text(client: TestClient, text: str) -> None:
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    assert box(pasted(client, text)) == plain.removesuffix("\n")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_text_in_another_encoding_is_read(client: TestClient, encoding: str) -> None:
    assert "Århus" in box(sent(client, GOOD.replace("## Context\n", "## Context\n\nÅrhus.\n").encode(encoding)))


def test_many_problems_are_shown_a_hundred_at_a_time_errors_first(client: TestClient) -> None:
    text = GOOD.replace("## Context\n", "## Context\n\n" + "Nobody said so.\n\n" * 200 + "<b>x</b>\n\n")
    html = pasted(client, text).text

    assert len(re.findall(r'<li class="\w+"><a href="#problem-', html)) == 100
    assert re.search(r"\d+ more problems are not shown", html)
    assert "<strong>Error</strong>, line" in html


def test_it_works_below_a_path(collection_index: IndexFolder) -> None:
    settings = Settings(content=CONTENT, index=collection_index.root, base_url="https://example.net/kb")
    with TestClient(create_app(settings), base_url="https://example.net") as opened:
        form = opened.get(f"/kb{CHECK}")
        response = sent(opened, WORD, path=f"/kb{CHECK}")

    assert f'action="/kb{CHECK}"' in form.text
    assert f'action="/kb{CHECK}"' in response.text
    assert f'formaction="/kb{FILE}"' in response.text


# What is sent as a form


def test_a_file_comes_before_a_text(client: TestClient) -> None:
    response = client.post(CHECK, files={"file": ("a.md", b"A file")}, data={"text": "A text"})

    assert box(response) == "A file"


def test_a_form_without_a_file_sends_its_text(client: TestClient) -> None:
    body = (
        '--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nA text\r\nof two lines\r\n--b--\r\n'
    )
    response = client.post(CHECK, content=body, headers={"Content-Type": "multipart/form-data; boundary=b"})

    assert box(response) == "A text\nof two lines"


def test_plain_text_is_taken_as_well(client: TestClient) -> None:
    assert box(client.post(CHECK, content="A text", headers={"Content-Type": "text/markdown"})) == "A text"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"--b", "multipart/form-data; boundary=c"),
        (b"a=1&" * 200, "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_form_is_refused(client: TestClient, body: bytes, kind: str) -> None:
    assert client.post(CHECK, content=body, headers={"Content-Type": kind}).status_code in {400, 422}


@on_one_fixture
@given(
    st.binary(max_size=300), st.sampled_from(["multipart/form-data; boundary=b", "text/plain", "", "a/b; boundary="])
)
def test_any_body_gets_an_answer(client: TestClient, body: bytes, kind: str) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n' + body + b"\r\n--b"
    for content in (body, form, form.replace(b"\r\n--b", body, 1)):
        for path in (CHECK, FILE):
            response = client.post(path, content=content, headers={"Content-Type": kind})
            assert response.status_code in {200, 400, 422}


@on_one_fixture
@given(st.binary(max_size=200), st.integers(0, len(WORD)), st.integers(0, 90), st.text(max_size=30))
def test_any_file_gets_an_answer(client: TestClient, data: bytes, position: int, gone: int, name: str) -> None:
    good = BROKEN.encode()
    for content in (data, WORD[:position] + data + WORD[position + gone :], good[:position] + data + good[position:]):
        for path in (CHECK, FILE):
            assert sent(client, content, name or "a", path).status_code in {200, 422}


# What must not happen


@pytest.mark.parametrize("attack", most_slow(ATTACKS, every=8, ids=name_of))
def test_what_is_sent_does_not_run(client: TestClient, attack: str) -> None:
    text = GOOD.replace("## Context\n", f"## Context\n\n{attack}\n\n", 1).replace("title: ", f"title: {attack} ", 1)
    word = word_file(
        paragraph(attack, "Title"),
        table(["City", attack], ["Lead", attack]),
        paragraph(attack, "H1"),
        paragraph(attack),
        paragraph("Sources", "H1"),
        paragraph(attack),
    )
    answers = [
        pasted(client, text, name=attack),
        pasted(client, attack, name=attack),
        pasted(client, attack + "x" * LONGEST, name=attack),
        pasted(client, text, name=attack, correct=attack),
        sent(client, word, f"{attack}.docx"),
    ]

    for response in answers:
        tags = " ".join(re.findall(r"<[^>]*>", response.text))
        harmless = re.sub(r'(?:content|alt|value)="[^"]*"', "", tags)
        assert "alert(" not in harmless
        assert f"{ELSEWHERE}/x" not in re.sub(r'<a href="[^"]*"', "", harmless)
        assert not re.search(r"<(?:iframe|object|embed|base|svg onload|style|img)\b", response.text)
        assert set(re.findall(r'action="([^"]*)"', response.text)) <= {CHECK, FILE}
        assert all("/static/" in tag for tag in re.findall(r"<script\b[^>]*>", response.text))
        assert response.text.count("<textarea") == response.text.count("</textarea>") == 1
    file = pasted(client, text, FILE, name=attack)
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.md"', file.headers["content-disposition"])
    assert file.headers["x-content-type-options"] == "nosniff"


SAID = "zanzibarquicksilver"


@pytest.fixture
def logging_client(collection_index: IndexFolder) -> Iterator[TestClient]:
    """A client of an application that logs every access."""
    settings = Settings(
        content=CONTENT,
        index=collection_index.root,
        allowed_hosts="testserver",
        metrics_token=TOKEN,
        access_log=True,
    )
    with TestClient(create_app(settings), base_url="http://testserver", raise_server_exceptions=False) as opened:
        yield opened


def test_nothing_of_it_stays(
    logging_client: TestClient, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("tempfile._candidate_tempdir_list", lambda: [str(tmp_path)])
    opened: list[str] = []
    watch_opened_files(opened)
    caplog.set_level(logging.DEBUG)
    large = word_file(paragraph("Context", "H1"), paragraph(SAID)) + os.urandom(1_500_000)
    secret = GOOD.replace("## Context\n", f"## Context\n\n{SAID}\n")

    answers = [
        pasted(logging_client, secret, name=SAID),
        pasted(logging_client, secret, FILE, name=SAID),
        sent(logging_client, secret.encode(), f"{SAID}.md"),
        sent(logging_client, large, f"{SAID}.docx"),
        sent(logging_client, b"PK\x03\x04" + SAID.encode(), f"{SAID}.docx"),
        pasted(logging_client, SAID + "x" * LONGEST),
        sent(logging_client, SAID.encode() * 200_000),
    ]
    opened_meanwhile = [*opened]
    opened.clear()

    assert {response.status_code for response in answers} == {200, 413, 422}
    assert {response.headers["cache-control"] for response in answers} == {"no-store"}
    assert all("etag" not in response.headers for response in answers)
    assert SAID not in caplog.text.lower()
    assert CHECK in caplog.text
    assert [*tmp_path.iterdir()] == []
    assert opened_meanwhile == []
    metrics = logging_client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert SAID not in metrics
    for address in (CHECK, FILE, f"{CHECK}?x", "/contribute", f"/cases/{SAID}", f"/cases?q={SAID}"):
        found = logging_client.get(address)
        assert SAID not in found.text.replace(f"/cases/{SAID}", "") or address.endswith(SAID)
        assert "Nothing to mend" not in found.text


_WATCHED: list[list[str]] = []


def watch_opened_files(names: list[str]) -> None:
    """Take note of every file that this process opens for writing, from now on."""
    import sys

    if not _WATCHED:
        sys.addaudithook(_note_opened)
    _WATCHED[:] = [names]


def _note_opened(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _WATCHED and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        _WATCHED[0].append(str(arguments[0]))


def test_no_response_is_cached(client: TestClient) -> None:
    assert "They met" in sent(client, WORD).text
    assert "They met" not in client.get(CHECK).text
    assert "no-store" not in client.get(CHECK).headers["cache-control"]


# Time


SLOW = {
    "headings": "## x\n" * 8000,
    "lines": "a\n" * 24_000,
    "keys": f"---\n{'a: 1' + chr(10)}" * 5000,
    "unknown terms": f"---\ncity: [{'x, ' * 15_000}]\n---\n",
    "template": case_markdown().replace("## Context\n", "## Context\n" + "TBD.\n\n" * 6000),
    "invisible": "\u200bx\n" * 15_000,
    "brackets": "[@s1, p. 4; " * 4000,
    "one line with many problems": "\\[@s1\\] " * 6000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW.keys())
def test_the_worst_text_keeps_nobody_waiting(client: TestClient, text: str) -> None:
    assert len(text) <= LONGEST
    began = time.process_time()

    response = pasted(client, text)

    assert response.status_code in {200, 422, 503}
    assert time.process_time() - began < 2.5
    assert len(response.content) < 8_000_000


def test_the_number_of_files_at_a_time_is_limited() -> None:
    assert MOST_UPLOADS * UPLOAD_BYTES <= 32 * 1024 * 1024
