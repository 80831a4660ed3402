"""The headers of every response that does not set its own."""

from __future__ import annotations

UNREADABLE_SECONDS = 60
"""When to try again while the collection cannot be read; the text for 503 in `errors` says the same."""

NOT_STORED = "no-store"
"""`Cache-Control` of what is only about this moment: errors, health, metrics, what is overdue."""

_POLICY = {
    # Whatever is not named may not be loaded from anywhere, and nothing at all from another site.
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    # No text becomes markup or a script in the browser, except a whole page of ours that `search.js` reads.
    "require-trusted-types-for": "'script'",
    "trusted-types": "pages",
}

_UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)

# No framing, and no trace of what anyone read here on the site they go to next: being seen to search for help with
# extremism can be dangerous. And every cached copy is revalidated before it is shown, for no copy may outlive a case
# that was taken offline.
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED_FEATURES),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_YEAR = 365 * 24 * 60 * 60


def headers_of_site(base_url: str) -> dict[str, str]:
    """`HEADERS`, and for a site at a secure address the promise to remain at one (HSTS, RFC 6797).

    Not for subdomains: they may belong to other sites.

    >>> headers_of_site("https://cases.example.org")["Strict-Transport-Security"]
    'max-age=31536000'
    >>> "Strict-Transport-Security" in headers_of_site("http://localhost:8000")
    False
    """
    secure = {"Strict-Transport-Security": f"max-age={_YEAR}"} if base_url.startswith("https://") else {}
    return {**HEADERS, **secure}
