"""Every setting, documented once. Each is read from the environment with the prefix ``KB_``.

``KB_CONTENT=/srv/content kb serve`` and ``kb serve --content /srv/content`` do the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.errors import SettingsError
from kb.logs import LogFormat

SHIPPED_CONTENT = (Path(__file__).parent / "content", Path(__file__).parent.parent / "content")
"""Where the content that comes with the product is: in an installed package, and in a checkout."""


_SPACE = re.compile(r"\s")
_PATH = "/:@!$&'()*+,;=~"
"""What the path of an address may contain apart from letters, digits and -._ (RFC 3986, section 3.3)."""

_NO_STEPS = frozenset({"", ".", ".."})
"""Segments of a path that browsers and proxies resolve, each in its own way."""

_HOST_NAME = re.compile(r"[\w-]+(\.[\w-]+)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_MAIL_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def default_content() -> Path:
    """The folder `content` here if there is one, otherwise the content that comes with the product."""
    here = Path("content")
    return here if here.is_dir() else next((path for path in SHIPPED_CONTENT if path.is_dir()), here)


def case_template_path() -> Path:
    """The file that a new case is copied from; it belongs to the product, as the format does."""
    return next(path / "TEMPLATE.md" for path in SHIPPED_CONTENT if (path / "TEMPLATE.md").is_file())


class Settings(BaseSettings):
    """How this installation is set up. Made once, by the command or the application, and never changed."""

    # An empty variable, as container tools set them, is the same as none.
    model_config = SettingsConfigDict(env_prefix="KB_", env_ignore_empty=True, frozen=True, extra="ignore")

    content: Path = Field(
        default_factory=default_content,
        description="The folder with `cases/` and `vocabularies/`. Default: `content` in the working "
        "folder, or else the content that comes with the product.",
    )
    index: Path = Field(
        default=Path("var/index"), description="The folder for built indexes. It can be deleted at any time."
    )
    engine: str = Field(default="whoosh", description="The search engine. `whoosh` needs nothing else.")
    host: str = Field(default="127.0.0.1", description="The address `kb serve` listens on. 0.0.0.0 is every address.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port `kb serve` listens on. 0 takes a free one.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes that answer requests.")
    request_seconds: float = Field(
        default=2.0, gt=0, le=600, description="How long a request may take, waiting included, before it is refused."
    )
    rate_limit: str = Field(
        default="",
        description="Requests that one client may make, such as `120/minute` or `10/second;1000/hour`, counted by each "
        "of `--workers`. Default: no limit.",
    )
    trusted_hops: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Proxies in front of the server that add to `X-Forwarded-For`. With 0 the header is ignored.",
    )
    base_url: str = Field(
        default="",
        description="The public address, such as https://cases.example.org or https://example.org/kb, used in links "
        "that leave the site; its path, if any, begins every address. Default: the address of the socket that each "
        "request came to.",
    )
    repository_url: str = Field(
        default="",
        description="Where the content is hosted, such as https://code.example.org/org/repo; for “Edit this page”.",
    )
    contact: str = Field(default="", description="A mail address for corrections; for “Report a mistake”.")
    allowed_hosts: str = Field(
        default="",
        description="Further host names that the site answers to, separated by commas; that of `KB_BASE_URL` and "
        "localhost are always included. Default: any name, unless `KB_BASE_URL` is set.",
    )
    metrics_token: str = Field(
        default="",
        repr=False,
        description="Whoever sends it (`Authorization: Bearer …`) may read `/metrics`. Default: only programs on the "
        "same machine, not through a proxy.",
    )
    drafts: bool = Field(
        default=False,
        description="Show drafts and files with errors at `/preview`, as `kb preview` does: only to browsers on this "
        "machine, and only while the server listens to no other.",
    )
    log_format: LogFormat = Field(default=LogFormat.TEXT, description="The format of the log: `text` or `json`.")
    access_log: bool = Field(
        default=False, description="Log every response: method, route, status and time; nothing about who asked."
    )

    @field_validator("base_url", "repository_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"https", "http"} or not parts.hostname or _SPACE.search(value)):
            raise ValueError("must be an address such as https://example.org")
        return value.rstrip("/")

    @field_validator("rate_limit")
    @classmethod
    def _rate(cls, value: str) -> str:
        if value.strip():
            from limits import parse_many  # takes a tenth of a second, so only if it is set

            try:
                parse_many(value)
            except ValueError:
                raise ValueError("must be a number of requests per unit of time, such as 120/minute") from None
        return value.strip()

    @field_validator("base_url")
    @classmethod
    def _public_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.query or parts.fragment or value.endswith(("?", "#")):
            raise ValueError("must be an address without ? and #, such as https://example.org/kb")
        path = unquote(parts.path)
        if any(step in _NO_STEPS for step in path.split("/")[1:]):
            raise ValueError("must have a path without empty segments, `.` or `..`, such as https://example.org/kb")
        if "\ufffd" in path:
            raise ValueError("must have a path that is UTF-8 text, such as https://example.org/kb")
        return parts._replace(path=quote(path, safe=_PATH)).geturl()

    @field_validator("allowed_hosts")
    @classmethod
    def _host_names(cls, value: str) -> str:
        names = [name.strip() for name in value.split(",") if name.strip()]
        if not all(map(_HOST_NAME.fullmatch, names)):
            raise ValueError("must be names such as cases.example.org, without a port, separated by commas")
        return ",".join(names)

    @field_validator("metrics_token")
    @classmethod
    def _without_spaces_around(cls, value: str) -> str:
        # A token that is read from a file often ends with a line break.
        return value.strip()

    @field_validator("contact")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if value and not _MAIL_ADDRESS.fullmatch(value):
            raise ValueError("must be a mail address")
        return value


def load_settings(**given: Any) -> Settings:
    """The settings from the environment; `given` ones that are not None come first.

    Raises SettingsError that names each setting that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(
            f"KB_{'_'.join(map(str, problem['loc'])).upper()} = {problem['input']!r}: {problem['msg']}"
            for problem in error.errors()
        )
        raise SettingsError(f"A setting cannot be used. {wrong}.") from error
