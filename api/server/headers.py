"""The headers that every response has, unless it sets its own."""

from __future__ import annotations

# No scripts, styles, fonts or pictures from elsewhere, no framing, and no trace of what anyone read
# here on the site they go to next: being seen to search for help with extremism can be dangerous.
# And every cached copy is revalidated before it is shown, for no copy may outlive a case that was taken offline.
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
