"""The site below a path of its host, such as `https://example.org/kb`.

Nothing else knows about it. Pages, routes and the cache use addresses as at the root of a host: here the prefix is
removed from the address of a request, and put before the addresses in a response.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from markupsafe import escape
from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ADDRESSES = ("action", "data-suggestions", "formaction", "href", "poster", "src", "srcset")
"""The attributes that contain the address of a page or file. A `srcset` contains one address here, not several."""

# Text contains no "<" that is not escaped, and neither do values. Scripts are data, which `tojson` has escaped.
_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")

_LOCAL = re.compile(rf'(\s(?:{"|".join(ADDRESSES)})=")(/(?!/))')


def with_prefix(html: str, prefix: str) -> str:
    """A page with a prefix before each address on this site in its tags, and nowhere else.

    >>> with_prefix('<a href="/cases" title="/cases">"/cases"</a> <a href="https://example.org/">elsewhere</a>', "/kb")
    '<a href="/kb/cases" title="/cases">"/cases"</a> <a href="https://example.org/">elsewhere</a>'
    """
    if not prefix:
        return html
    written = str(escape(prefix))
    return _TAG.sub(lambda tag: _LOCAL.sub(lambda found: f"{found[1]}{written}{found[2]}", tag[0]), html)


class BelowPrefix:
    """Accepts requests with the prefix, as from a proxy that changes nothing, and without, as from one that removes it;
    and adds it to redirects within the site."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix
        self._path = unquote(prefix)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_below(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if (location := headers.get("location", "")).startswith("/"):
                    headers["location"] = f"{self._prefix}{location}"
            await send(message)

        if scope["path"] == self._path:
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"/?{query}" if query else "/", status_code=308)(scope, receive, send_below)
            return
        if scope["path"].startswith(f"{self._path}/"):
            # In place, so that an error that is answered outside this class has the same address.
            scope["path"] = scope["path"].removeprefix(self._path)
            if raw := scope.get("raw_path"):
                scope["raw_path"] = b"/" + raw.split(b"/", self._path.count("/") + 1)[-1]
        await self._app(scope, receive, send_below)
