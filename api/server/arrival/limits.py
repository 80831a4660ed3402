"""How much is accepted from a client. `docs/limits.md` documents these limits, with the responses to more.

The limits of search text are in `kb.search.query.parser`.
"""

from __future__ import annotations

from api.address import paths

UPLOADS = (paths.CHECK, paths.CHECK_FILE)
"""Addresses to which files are sent."""

ADDRESS_BYTES = 16 * 1024
"""Bytes of path and query. The longest text that a search reads has 4,000 letters; nginx passes on 8 kB."""

MOST_PARAMETERS = 500
"""Parameters of one address: more than anyone ticks."""

MOST_HEADERS = 100
"""Headers of one request. Browsers send about twenty."""

HEAD_BYTES = 32 * 1024
"""Bytes of the first line and all headers of a request together."""

BODY_BYTES = 64 * 1024
"""Bytes of a body without a file: 2,000 words take about 14,000, and up to four times as many where every letter is
escaped."""

UPLOAD_BYTES = 2 * 1024 * 1024
"""Bytes of a body with a file, at one of `UPLOADS`. A document without pictures has some
50,000."""

UPLOAD_READ_BYTES = 8 * 1024 * 1024
"""Bytes of such a body that are read, although those beyond the limit are discarded: browsers show a refusal only after
they have sent everything."""

MOST_UPLOADS = 8
"""Files being received or checked, in each server process: each is in memory."""

MOST_PIPELINED = 16
"""Requests sent ahead on one connection. Browsers send none."""

MOST_CONNECTIONS = 800
"""Open at a time, in each server process: systems usually allow 1,024 open files. For one more, the one that has waited
longest without a request is closed; if there is none, the new one is refused."""

HEAD_SECONDS = 10.0
"""Seconds from the first byte of a request to the end of its headers."""

BODY_SECONDS = 20.0
"""Seconds from there to the end of its body."""

IDLE_SECONDS = 10.0
"""Seconds without a request on a newly opened connection."""

KEEP_ALIVE_SECONDS = 5
"""The same after a response."""

STALLED_SECONDS = 30.0
"""Seconds in which a client reads nothing of a response that waits for it."""

LINGER_SECONDS = 1.0
"""Seconds for which a refused client may continue to send, so that it reads the refusal."""

LINGER_BYTES = 512 * 1024
"""Bytes, at most, that are read from it and discarded."""

QUEUE_SHARE = 0.5
"""The part of its time (`KB_REQUEST_SECONDS`) that a request may wait for its turn; the rest is for the work."""

STREAM_SECONDS = 300.0
"""Seconds for the whole of a streamed response."""

MOST_WAITING = 64
"""Requests that wait for their turn, in each server process."""

MOST_STREAMS = 8
"""Responses being streamed, such as whole exports, in each server process."""

RETRY_SECONDS = 2
"""When to try again after a refusal because of an overload."""
