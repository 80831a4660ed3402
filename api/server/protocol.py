"""HTTP/1.1 as uvicorn reads it with httptools; what cannot be read is answered as safely as anything else."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.server.headers import HEADERS, NOT_STORED


class LimitedProtocol(HttpToolsProtocol):
    """One connection."""

    def send_400_response(self, msg: str) -> None:
        """Answer that this was not HTTP, with the headers of every answer."""
        headers = HEADERS | {
            "Cache-Control": NOT_STORED,
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(msg)),
            "Connection": "close",
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.transport.write(STATUS_LINE[400] + f"{lines}\r\n{msg}".encode())
        self.transport.close()
