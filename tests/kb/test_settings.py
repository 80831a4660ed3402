"""Settings: one documented place, from options or the environment, refused with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kb.errors import SettingsError
from kb.index.opening import open_index
from kb.logs import LogFormat
from kb.settings import SHIPPED_CONTENT, Settings, case_template_path, load_settings


def test_defaults_are_safe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    loaded = load_settings()

    assert loaded.content in SHIPPED_CONTENT
    assert loaded.content.is_dir()
    assert loaded.index == Path("var/index")
    assert (loaded.host, loaded.port, loaded.workers) == ("127.0.0.1", 8000, 1)
    assert (loaded.base_url, loaded.repository_url, loaded.contact) == ("", "", "")


def test_a_content_folder_here_comes_before_the_shipped_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    monkeypatch.chdir(tmp_path)

    assert load_settings().content == Path("content")


def test_a_file_called_content_is_not_a_content_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "content").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)

    assert load_settings().content in SHIPPED_CONTENT


FROM_ENVIRONMENT = [
    ("content", "/srv/content", Path("/srv/content")),
    ("engine", "whoosh", "whoosh"),
    ("index", "/srv/index", Path("/srv/index")),
    ("host", "0.0.0.0", "0.0.0.0"),  # noqa: S104 - an address, not a socket
    ("port", "0", 0),
    ("port", "65535", 65535),
    ("workers", "64", 64),
    ("request_seconds", "0.5", 0.5),
    ("rate_limit", "10/second;1000/hour", "10/second;1000/hour"),
    ("trusted_hops", "2", 2),
    ("base_url", "https://cases.example.org/", "https://cases.example.org"),
    ("base_url", "http://localhost:8000", "http://localhost:8000"),
    ("base_url", "https://example.org/a/b//", "https://example.org/a/b"),
    ("base_url", "https://[::1]:8000", "https://[::1]:8000"),
    ("base_url", "https://example.org/prävention/", "https://example.org/pr%C3%A4vention"),
    ("base_url", 'https://example.org/50%/"<', "https://example.org/50%25/%22%3C"),
    ("base_url", "https://example.org/a%20b", "https://example.org/a%20b"),
    ("repository_url", "https://code.example.org/org/repo", "https://code.example.org/org/repo"),
    ("contact", "cases@example.org", "cases@example.org"),
    ("allowed_hosts", "cases.example.org, www.example.org,", "cases.example.org,www.example.org"),
    ("allowed_hosts", "::1", "::1"),
    ("metrics_token", " an-example-token\n", "an-example-token"),
    ("log_format", "json", LogFormat.JSON),
    ("access_log", "true", True),
    ("drafts", "1", True),
]


@pytest.mark.parametrize(("name", "text", "value"), FROM_ENVIRONMENT)
def test_each_setting_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    monkeypatch.setenv(f"KB_{name.upper()}", text)

    assert getattr(load_settings(), name) == value


def test_every_setting_is_in_the_table() -> None:
    assert {name for name, _, _ in FROM_ENVIRONMENT} == set(Settings.model_fields)


def test_every_setting_has_a_description() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_an_option_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_PORT", "9000")

    assert load_settings(port=9001).port == 9001


def test_an_option_that_is_not_given_leaves_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_PORT", "9000")

    assert load_settings(port=None).port == 9000


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_an_empty_variable_is_the_same_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    default = getattr(load_settings(), name)
    monkeypatch.setenv(f"KB_{name.upper()}", "")

    assert getattr(load_settings(), name) == default


def test_a_variable_of_something_else_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("KB_UNHEARD_OF", "9000")

    assert load_settings().port == 8000


NOT_HOST_NAMES = "Value error, must be names such as cases.example.org, without a port, separated by commas"
NOT_AN_ADDRESS = "Value error, must be an address such as https://example.org"
NOT_A_WHOLE_ADDRESS = "Value error, must be an address without ? and #, such as https://example.org/kb"
NOT_A_PATH = "Value error, must have a path without empty segments, `.` or `..`, such as https://example.org/kb"
REFUSED: list[tuple[str, Any, str]] = [
    ("port", -1, "KB_PORT = -1: Input should be greater than or equal to 0"),
    ("port", 65536, "KB_PORT = 65536: Input should be less than or equal to 65535"),
    ("port", "http", "KB_PORT = 'http': Input should be a valid integer, unable to parse string as an integer"),
    ("workers", 0, "KB_WORKERS = 0: Input should be greater than or equal to 1"),
    ("workers", 65, "KB_WORKERS = 65: Input should be less than or equal to 64"),
    ("contact", "nobody", "KB_CONTACT = 'nobody': Value error, must be a mail address"),
    ("contact", "@", "KB_CONTACT = '@': Value error, must be a mail address"),
    ("contact", "a@b c", "KB_CONTACT = 'a@b c': Value error, must be a mail address"),
    ("contact", "a@b\n", r"KB_CONTACT = 'a@b\n': Value error, must be a mail address"),
    ("base_url", "example.org", f"KB_BASE_URL = 'example.org': {NOT_AN_ADDRESS}"),
    ("base_url", "https://", f"KB_BASE_URL = 'https://': {NOT_AN_ADDRESS}"),
    ("base_url", "https:///path", f"KB_BASE_URL = 'https:///path': {NOT_AN_ADDRESS}"),
    ("base_url", "https://:8000", f"KB_BASE_URL = 'https://:8000': {NOT_AN_ADDRESS}"),
    ("base_url", "https://a b", f"KB_BASE_URL = 'https://a b': {NOT_AN_ADDRESS}"),
    ("base_url", "https://a\n", rf"KB_BASE_URL = 'https://a\n': {NOT_AN_ADDRESS}"),
    ("base_url", "https://a/kb?x=1", f"KB_BASE_URL = 'https://a/kb?x=1': {NOT_A_WHOLE_ADDRESS}"),
    ("base_url", "https://a/kb#x", f"KB_BASE_URL = 'https://a/kb#x': {NOT_A_WHOLE_ADDRESS}"),
    ("base_url", "https://a/kb?", f"KB_BASE_URL = 'https://a/kb?': {NOT_A_WHOLE_ADDRESS}"),
    ("base_url", "https://a//kb", f"KB_BASE_URL = 'https://a//kb': {NOT_A_PATH}"),
    ("base_url", "https://a/../kb", f"KB_BASE_URL = 'https://a/../kb': {NOT_A_PATH}"),
    ("base_url", "https://a/%2e/kb", f"KB_BASE_URL = 'https://a/%2e/kb': {NOT_A_PATH}"),
    (
        "base_url",
        "https://a/%ff",
        "KB_BASE_URL = 'https://a/%ff': Value error, must have a path that is UTF-8 text, "
        "such as https://example.org/kb",
    ),
    ("base_url", "http://[", "KB_BASE_URL = 'http://[': Value error, Invalid IPv6 URL"),
    ("allowed_hosts", "example.org:80", f"KB_ALLOWED_HOSTS = 'example.org:80': {NOT_HOST_NAMES}"),
    ("allowed_hosts", "*", f"KB_ALLOWED_HOSTS = '*': {NOT_HOST_NAMES}"),
    ("allowed_hosts", "a b", f"KB_ALLOWED_HOSTS = 'a b': {NOT_HOST_NAMES}"),
    ("log_format", "xml", "KB_LOG_FORMAT = 'xml': Input should be 'text' or 'json'"),
    ("access_log", "perhaps", "KB_ACCESS_LOG = 'perhaps': Input should be a valid boolean, unable to interpret input"),
    ("repository_url", "javascript:alert(1)", f"KB_REPOSITORY_URL = 'javascript:alert(1)': {NOT_AN_ADDRESS}"),
    ("repository_url", "git@x:y.git", f"KB_REPOSITORY_URL = 'git@x:y.git': {NOT_AN_ADDRESS}"),
]


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_an_unusable_setting_is_named_with_the_reason(name: str, value: object, reason: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(**{name: value})

    assert str(raised.value) == f"A setting cannot be used. {reason}."


def test_all_wrong_settings_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_PORT", "-1")
    monkeypatch.setenv("KB_CONTACT", "nobody")

    with pytest.raises(SettingsError) as raised:
        load_settings()

    assert str(raised.value) == (
        "A setting cannot be used. KB_PORT = '-1': Input should be greater than or equal to 0; "
        "KB_CONTACT = 'nobody': Value error, must be a mail address."
    )


@given(st.text(max_size=40))
def test_any_address_is_refused_or_safe_to_build_links_with(text: str) -> None:
    try:
        base_url = load_settings(base_url=f"https://{text}").base_url
    except SettingsError:
        return

    assert base_url.startswith("https://")
    assert len(base_url) > len("https://")
    assert not base_url.endswith("/")
    assert base_url.split() == [base_url]


def test_settings_never_change() -> None:
    loaded = load_settings()

    with pytest.raises(ValidationError):
        loaded.port = 1  # type: ignore[misc]  # the point of the test


def test_the_case_template_exists() -> None:
    assert case_template_path().read_text("utf-8").startswith("---\n")


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        SettingsError, match=r"KB_ENGINE = 'lucene': there is no such engine\. The engines are: `whoosh`\."
    ):
        open_index(Settings(engine="lucene"))
