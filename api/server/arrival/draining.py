"""Connections that end without losing a request, when the server stops."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LINGERING_SECONDS = 0.5
"""How long a connection without a request stays open: one may be on its way, or sent and not yet read."""

_CLOSE = (b"connection", b"close")


class DrainingProtocol(HttpToolsProtocol):
    """A connection that announces its end with its next response, so that no request is lost on its way."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection that was accepted just before the server stopped listening ends as the others do."""
        super().connection_made(transport)  # type: ignore[arg-type]  # as asyncio declares it
        if _CLOSE in self.server_state.default_headers:
            self.shutdown()

    def shutdown(self) -> None:
        """Answer the requests that have arrived, or arrive within a moment, and end."""
        state = self.server_state
        if _CLOSE not in state.default_headers:
            state.default_headers = [*state.default_headers, _CLOSE]
        if self._is_idle():
            self.loop.call_later(LINGERING_SECONDS, super().shutdown)
        else:
            super().shutdown()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete
