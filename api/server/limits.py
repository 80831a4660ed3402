"""How much of anything is taken from a stranger. `docs/limits.md` says the same to people, with what is answered.

The limits of what is typed into a search are in `kb.search.query.parser`.
"""

from __future__ import annotations

ADDRESS_BYTES = 16 * 1024
"""Of path and query. The longest text that a search reads takes 4,000 letters; nginx passes 8 kB on."""

MOST_PARAMETERS = 500
"""In one address: more than anyone ticks."""

MOST_HEADERS = 100
"""Of one request. Browsers send twenty."""

HEAD_BYTES = 32 * 1024
"""Of the first line and all headers of a request together."""

BODY_BYTES = 64 * 1024
"""Of a body, whatever the method: 2,000 words take about 14,000, and up to four times as many where every letter is
escaped."""

MOST_PIPELINED = 16
"""Requests sent ahead on one connection. Browsers send none."""

MOST_CONNECTIONS = 800
"""Open at a time, in each server process: systems usually allow 1,024 open files. For one more, the one that has waited
longest without a request is closed; if there is none, the new one is refused."""

HEAD_SECONDS = 10.0
"""From the first byte of a request to the end of its headers."""

BODY_SECONDS = 20.0
"""From there to the end of its body."""

IDLE_SECONDS = 10.0
"""Without a request, on a connection that was just opened."""

KEEP_ALIVE_SECONDS = 5
"""The same after an answer."""

STALLED_SECONDS = 30.0
"""In which a client takes nothing of an answer that waits for it."""

LINGER_SECONDS = 1.0
"""For which a refused client may go on sending, so that it reads the refusal."""

LINGER_BYTES = 512 * 1024
"""Of what it sends, at most, that are read to be thrown away."""

QUEUE_SHARE = 0.5
"""The part of its time (`KB_REQUEST_SECONDS`) for which a request waits for its turn: the rest is for the work, or all
of it would be in vain."""

STREAM_SECONDS = 300.0
"""For the whole of an answer that is sent in pieces."""

MOST_WAITING = 64
"""Requests that wait for their turn, in each server process."""

MOST_STREAMS = 8
"""Answers being sent in pieces, such as whole exports, in each server process."""

RETRY_SECONDS = 2
"""When to try again after being turned away because there is too much to do."""
