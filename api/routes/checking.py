"""A case file is checked for somebody who has no terminal: the problems, the page and the corrected file.

Nothing is stored, and no response is cached. Nor does a request change anything, so a page of another site that sends
one in a visitor's name (CSRF) achieves nothing: it cannot read the response, and all that was sent came from itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api import pages
from api.deps import FrameDep, GenerationDep
from api.pages.parts.saving import Frame
from api.server.arrival.limits import UPLOAD_BYTES
from api.server.errors import ApiProblem
from api.server.headers import NOT_STORED
from api.server.rendering import render
from kb import ContentError

MOST_FIELDS = 20

_HEADERS = {"Cache-Control": NOT_STORED}

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@dataclass(frozen=True)
class Sent:
    """What came with a form."""

    data: bytes
    """The file or, without one, the text in the box."""
    name: str
    """What the file is called, according to whoever sent it."""
    is_file: bool
    is_to_be_corrected: bool


@dataclass(frozen=True)
class _Field:
    data: bytes
    file_name: str = ""


async def get_sent(request: Request) -> Sent:
    """The file or text in the body of a request. Raises ApiProblem if it is no form."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > UPLOAD_BYTES:
            raise ApiProblem(413, f"The file is too large: at most {UPLOAD_BYTES // 1024} kB are read.")
    fields = _read_form(bytes(body), request.headers.get("content-type", ""))
    empty = _Field(b"")
    file, text = fields.get("file", empty), fields.get("text", empty)
    name = fields.get("name", empty).data.decode("utf-8", "replace")
    if file.data or file.file_name:
        return Sent(file.data, file.file_name or name, is_file=True, is_to_be_corrected=False)
    return Sent(text.data, name, is_file=False, is_to_be_corrected="correct" in fields)


SentDep = Annotated[Sent, Depends(get_sent)]


@router.get("/contribute/check")
def check(frame: FrameDep) -> Response:
    return render("check.html", pages.check_page(UPLOAD_BYTES), frame)


@router.post("/contribute/check")
def checked(sent: SentDep, generation: GenerationDep, frame: FrameDep) -> Response:
    def make() -> Response:
        page = pages.checked_page(sent.data, sent.name, sent.is_to_be_corrected, generation.vocabularies, frame.site)
        return render("checked.html", page, frame, headers=_HEADERS)

    return _answered(make, sent, frame)


@router.post("/contribute/check/file")
def corrected_file(sent: SentDep, generation: GenerationDep, frame: FrameDep) -> Response:
    def make() -> Response:
        slug, text = pages.corrected_file(sent.data, sent.name, generation.vocabularies)
        headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{slug}.md"'}
        return Response(text.encode(), media_type="text/markdown; charset=utf-8", headers=headers)

    return _answered(make, sent, frame)


def _answered(make: Callable[[], Response], sent: Sent, frame: Frame) -> Response:
    """The response, or the form with the reason why there is none."""
    try:
        return make()
    except ContentError as error:
        # Whoever sent a file has it; a text may be nowhere else.
        text = "" if sent.is_file else sent.data[: pages.LONGEST_SHOWN].decode("utf-8", "replace")
        return render("check.html", pages.check_page(UPLOAD_BYTES, str(error), text), frame, 422, headers=_HEADERS)


def _read_form(body: bytes, content_type: str) -> Mapping[str, _Field]:
    """The fields of a form by name, the first of each. A text that is sent as such is the field `text`."""
    kind, _, rest = content_type.partition(";")
    match kind.strip().lower():
        case "multipart/form-data":
            return _read_parts(body, rest)
        case "application/x-www-form-urlencoded":
            try:
                pairs = parse_qsl(body.decode("utf-8", "replace"), errors="replace", max_num_fields=MOST_FIELDS)
            except ValueError as error:
                raise ApiProblem(400, f"The form has more than {MOST_FIELDS} fields.") from error
            return {name: _Field(value.encode()) for name, value in reversed(pairs)}
    return {"text": _Field(body)}


_BOUNDARY = re.compile(r"""boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
_NAME = re.compile(r"""[;\s]name="([^"]*)\"""", re.IGNORECASE)
_FILE_NAME = re.compile(r"""[;\s]filename="([^"]*)\"""", re.IGNORECASE)


def _read_parts(body: bytes, parameters: str) -> Mapping[str, _Field]:
    """The fields of a form with a file (RFC 7578), as browsers write it. Nothing of it leaves the memory."""
    boundary = _BOUNDARY.search(parameters)
    if not boundary:
        raise ApiProblem(400, "The form does not say where its fields begin.")
    delimiter = f"\r\n--{boundary[1] or boundary[2]}".encode("latin-1", "replace")
    fields: dict[str, _Field] = {}
    for part in (b"\r\n" + body).split(delimiter, MOST_FIELDS + 1)[1 : MOST_FIELDS + 1]:
        head, found, data = part.partition(b"\r\n\r\n")
        words = head[:8000].decode("utf-8", "replace")
        name, file_name = _NAME.search(words), _FILE_NAME.search(words)
        if found and name:
            fields.setdefault(name[1], _Field(data, file_name[1] if file_name else ""))
    return fields
