"""Long texts that come by POST: what becomes of them is an address."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from api.server.arrival.limits import BODY_BYTES
from api.server.errors import ApiProblem
from kb import Generation

MOST_FIELDS = 100


async def condensed_address(request: Request, generation: Generation, path: str) -> str:
    """The address at `path` of a search with the text in the body of a request, and the other parameters it has.

    The body is a form with the field `q`, or plain text. Raises ApiProblem when it is too large or no text.
    """
    fields = _fields(await _body(request), request.headers.get("content-type", ""))
    others = [(name, value) for name, value in (*request.query_params.multi_items(), *fields.items()) if name != "q"]
    line = generation.condensed(fields.get("q", ""))
    query = urlencode([*([("q", line)] if line else []), *others])
    return f"{path}?{query}" if query else path


async def form_items(request: Request, most: int) -> list[tuple[str, str]]:
    """The names and values of a form in the body of a request, in their order; empty ones too.

    Raises ApiProblem when it is too large, no text, or has more than `most` fields.
    """
    return _items(_text(await _body(request)), most, keep_blank_values=True)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise ApiProblem(413, f"The text is too long: at most {BODY_BYTES // 1024} kB are read.")
    return bytes(body)


def _fields(body: bytes, content_type: str) -> Mapping[str, str]:
    text = _text(body)
    if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        return dict(_items(text, MOST_FIELDS))
    return {"q": text}


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise ApiProblem(400, "The text is not UTF-8.") from error


def _items(text: str, most: int, *, keep_blank_values: bool = False) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=keep_blank_values, max_num_fields=most)
    except ValueError as error:
        raise ApiProblem(400, f"The form has more than {most} fields.") from error
