"""What docs/operate.md prints is run as it is printed."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx2
import pytest
import yaml
from fastapi.testclient import TestClient

from tests.builders import case_markdown
from tests.crawling import Crawl
from tests.library import GUIDE, Library
from tests.metrics import AUTHORISED
from tests.serving import PATIENCE, ROOT, answering_port, get, listening, serving, started

PUBLIC = "example.net"
"""In place of the host that is printed, which the sources of cases in tests are on."""

BASE = f"https://{PUBLIC}/kb"


@cache
def printed() -> Mapping[str, str]:
    """The files that the document prints, by name."""
    text = (ROOT / "docs" / "operate.md").read_text("utf-8")
    return dict(re.findall(r"^`([^`\n]+)`[^\n]*:\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


@cache
def commands() -> tuple[str, ...]:
    """The lines that it says to type."""
    text = (ROOT / "docs" / "operate.md").read_text("utf-8")
    return tuple(line for block in re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S) for line in block.splitlines())


def program(name: str) -> str:
    """The path of a program; skips the test where it is not installed."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def replaced(text: str, **values: str) -> str:
    """A text with something else in places that must be there."""
    for old, new in values.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Four cases with a guide page that links to one of them, built."""
    cases = {slug: case_markdown(title=f"Case {slug}", city=city) for slug, city in CITIES.items()}
    cases["apple"] = cases["apple"].replace("Coffee helped", "As [elsewhere](berry.md), coffee helped")
    made = Library(tmp_path_factory.mktemp("operated"), cases)
    made.write_guide(GUIDE.replace("In silence", "In silence, as in [a case](../cases/apple.md)"))
    made.build()
    return made


CITIES = {"aarhus-info-house": "aarhus", "apple": "copenhagen", "berry": "vienna", "cherry": "vienna"}
"""The first is the example of the page about the API."""


@contextmanager
def running(*command: str, port: int) -> Iterator[None]:
    """A proxy, once it takes connections."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@contextmanager
def nginx(folder: Path, port: int, site: int, *, removes: bool) -> Iterator[str]:
    """nginx as printed, on a free port, with a certificate of its own; the address at which it answers."""
    binary = program("nginx")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", f"/CN={PUBLIC}", "-addext", f"subjectAltName=DNS:{PUBLIC}"]
    made = [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = replaced(
        printed()["/etc/nginx/conf.d/kb.conf"],
        **{
            "listen 443 ": f"listen 127.0.0.1:{port} ",
            "listen [::]:443 ssl http2;": "",
            "127.0.0.1:8000": f"127.0.0.1:{site}",
            "/etc/ssl/example.org/fullchain.pem": str(certificate),
            "/etc/ssl/example.org/privkey.pem": str(key),
            "server_name example.org;": f"server_name {PUBLIC};",
        },
        **({"proxy_pass http://kb;": "proxy_pass http://kb/;"} if removes else {}),
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n"
        + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in NGINX_FOLDERS)
        + f"{text}}}\n"
    )
    with running(binary, "-p", str(folder), "-c", str(folder / "nginx.conf"), port=port):
        yield f"https://127.0.0.1:{port}"


NGINX_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def caddy(folder: Path, port: int, site: int, *, removes: bool) -> Iterator[str]:
    """Caddy as printed, on a free port and without obtaining a certificate, which needs a public name."""
    text = replaced(
        printed()["/etc/caddy/Caddyfile"],
        **{"example.org {": f"http://{PUBLIC}:{port} {{", "127.0.0.1:8000": f"127.0.0.1:{site}"},
        **({"handle /kb/* {": "handle_path /kb/* {"} if removes else {}),
    )
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}\n}}\n{text}")
    with running(program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile"), port=port):
        yield f"http://127.0.0.1:{port}"


STARTS = ("/", "/robots.txt", "/llms.txt", "/sitemap.xml", "/opensearch.xml", "/feed.atom", "/api/openapi.json")


@pytest.mark.slow
@pytest.mark.parametrize("removes", [False, True], ids=["passes the path on", "removes the path"])
@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_every_link_leads_through_the_proxy(library: Library, tmp_path: Path, proxy: type, removes: bool) -> None:
    port = free_port()
    with (
        serving(library, KB_BASE_URL=BASE) as server,
        proxy(tmp_path, port, server.port, removes=removes) as address,
        # The certificate is our own, of this minute.
        httpx2.Client(base_url=address, verify=False, headers={"Host": PUBLIC}, timeout=PATIENCE) as visitor,
    ):
        made = Crawl(visitor.get, BASE).run(*STARTS)
        metrics = visitor.get("/kb/metrics")
        bare = visitor.get("/kb?q=a")
        described = visitor.post("/kb/cases", data={"q": "coffee and trust"})
        too_much = visitor.post("/kb/cases", content=b"q=" + b"a" * 100_000)

    assert not made.outside
    assert not made.broken
    assert len(made.read) > 100
    assert metrics.status_code == 404
    assert (bare.status_code, bare.headers["location"]) == (308, "/kb/")
    assert (described.status_code, described.headers["location"].partition("?")[0]) == (303, "/kb/cases")
    assert too_much.status_code == 413


@pytest.mark.slow
def test_a_restart_behind_a_proxy_is_noticed_by_nobody(library: Library, tmp_path: Path) -> None:
    port = free_port()
    with listening() as passed:
        fd = passed.fileno()
        server = started(library, "--fd", str(fd), passed=[fd], KB_BASE_URL=BASE)
        try:
            site = answering_port(server)
            with (
                nginx(tmp_path, port, site, removes=False) as address,
                httpx2.Client(base_url=address, verify=False, headers={"Host": PUBLIC}, timeout=PATIENCE) as visitor,
            ):
                assert visitor.get("/kb/cases").status_code == 200
                server.terminate()
                server.communicate(timeout=PATIENCE)
                server = started(library, "--fd", str(fd), passed=[fd], KB_BASE_URL=BASE)
                assert visitor.get("/kb/cases?q=coffee").status_code == 200
        finally:
            server.terminate()
            server.communicate(timeout=PATIENCE)


def write_units(folder: Path) -> list[str]:
    """The units of systemd, with a program that is here in place of the installed one."""
    units = {Path(name).name: text for name, text in printed().items() if name.startswith("/etc/systemd/")}
    units["kb.service"] = replaced(units["kb.service"], **{"/opt/kb/current/bin/kb": sys.executable})
    for name, text in units.items():
        (folder / name).write_text(text)
    return [str(folder / name) for name in units]


@pytest.mark.slow
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", *write_units(tmp_path)],
        capture_output=True,
        encoding="utf-8",
    )

    assert (done.returncode, [line for line in done.stderr.splitlines() if "kb." in line]) == (0, [])


@pytest.mark.slow
def test_systemd_rates_the_unit_as_well_confined(tmp_path: Path) -> None:
    service = write_units(tmp_path)[1]
    command = [program("systemd-analyze"), "security", "--offline=true", "--threshold=10", "--no-pager", service]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")

    assert done.returncode == 0, done.stdout[-400:] + done.stderr


@pytest.mark.slow
def test_a_server_without_a_network_answers_at_the_socket_that_it_was_given(library: Library) -> None:
    apart = [program("unshare"), "--net"]
    if subprocess.run([*apart, "true"], capture_output=True).returncode:
        pytest.skip("this user may not make a network")
    with listening() as passed:
        fd, port = passed.fileno(), passed.getsockname()[1]
        command = [*apart, sys.executable, "-m", "kb", "serve", "--workers", "2", "--fd", str(fd)]
        settings = {"KB_CONTENT": str(library.content.root), "KB_INDEX": str(library.index.root)}
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **settings}
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", pass_fds=[fd]
        )
        try:
            assert answering_port(process) == port
            assert b"Case apple" in get(port, "/cases")
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def test_the_socket_of_systemd_is_the_one_that_the_proxies_ask() -> None:
    units = printed()

    assert "ListenStream=127.0.0.1:8000\n" in units["/etc/systemd/system/kb.socket"]
    assert "KB_BASE_URL=https://example.org/kb\n" in units["/etc/systemd/system/kb.service"]
    assert "server 127.0.0.1:8000;" in units["/etc/nginx/conf.d/kb.conf"]
    assert "reverse_proxy 127.0.0.1:8000 " in units["/etc/caddy/Caddyfile"]


@pytest.mark.slow
def test_prometheus_accepts_the_rules_and_the_scrape(tmp_path: Path) -> None:
    promtool = program("promtool")
    rules, scrape = tmp_path / "kb.yml", tmp_path / "prometheus.yml"
    rules.write_text(printed()["/etc/prometheus/rules/kb.yml"])
    scrape.write_text(printed()["/etc/prometheus/kb-scrape.yml"])

    for kind, path in (("rules", rules), ("config", scrape)):
        done = subprocess.run([promtool, "check", kind, path], capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr


UNHEALTHY = [
    ("KbDown", {'up{job="kb"}': "0x120"}),
    ("KbFails", {
        'kb_http_requests_total{job="kb",route="/cases",status="200"}': "0+100x120",
        'kb_http_requests_total{job="kb",route="/cases",status="500"}': "0+2x120",
    }),
    ("KbSlow", {
        'kb_http_request_duration_seconds_bucket{job="kb",le="1.0"}': "0+95x120",
        'kb_http_request_duration_seconds_bucket{job="kb",le="2.5"}': "0+100x120",
        'kb_http_request_duration_seconds_bucket{job="kb",le="+Inf"}': "0+100x120",
    }),
    ("KbLostCases", {'kb_cases{job="kb"}': "68x100 50x20"}),
    ("KbMemory", {'process_resident_memory_bytes{job="kb"}': "2e9x120"}),
    ("KbFiles", {'process_open_fds{job="kb"}': "900x120", 'process_max_fds{job="kb"}': "1000x120"}),
    ("KbRestarts", {'process_start_time_seconds{job="kb"}': "0+60x120"}),
]  # fmt: skip

HEALTHY = {
    'up{job="kb"}': "1x120",
    'kb_http_requests_total{job="kb",route="/cases",status="200"}': "0+100x120",
    'kb_http_requests_total{job="kb",route="unknown",status="404"}': "0+50x120",
    'kb_http_request_duration_seconds_bucket{job="kb",le="1.0"}': "0+100x120",
    'kb_http_request_duration_seconds_bucket{job="kb",le="+Inf"}': "0+100x120",
    'kb_cases{job="kb"}': "68x100 66x20",
    'process_resident_memory_bytes{job="kb"}': "3e8x120",
    'process_open_fds{job="kb"}': "40x120",
    'process_max_fds{job="kb"}': "1000x120",
    'process_start_time_seconds{job="kb"}': "-60+0x120",
}


@pytest.mark.slow
@pytest.mark.parametrize(("alert", "series"), [*UNHEALTHY, ("", HEALTHY)], ids=[*(name for name, _ in UNHEALTHY), "no"])
def test_each_alert_fires_when_it_should_and_none_else(tmp_path: Path, alert: str, series: Mapping[str, str]) -> None:
    promtool = program("promtool")
    rules = yaml.safe_load(printed()["/etc/prometheus/rules/kb.yml"])["groups"][0]["rules"]
    (tmp_path / "kb.yml").write_text(printed()["/etc/prometheus/rules/kb.yml"])
    expected = [
        {
            "eval_time": "2h",
            "alertname": rule["alert"],
            "exp_alerts": [alert_of(rule)] if rule["alert"] == alert else [],
        }
        for rule in rules
    ]
    inputs = [{"series": name, "values": values} for name, values in series.items()]
    test = {
        "rule_files": ["kb.yml"],
        "tests": [{"interval": "1m", "input_series": inputs, "alert_rule_test": expected}],
    }
    (tmp_path / "test.yml").write_text(yaml.safe_dump(test))

    done = subprocess.run([promtool, "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, encoding="utf-8")

    assert done.returncode == 0, done.stdout + done.stderr


def alert_of(rule: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """What promtool has to find: labels that the query drops are those of sums."""
    is_sum = "sum" in str(rule["expr"])
    labels = {**rule["labels"], **({} if is_sum else {"job": "kb"})}
    return {"exp_labels": labels, "exp_annotations": dict(rule["annotations"])}


def test_the_rules_speak_of_metrics_that_there_are(client: TestClient) -> None:
    client.get("/about")
    names = set(re.findall(r"^(\w+)", client.get("/metrics", headers=AUTHORISED).text, re.MULTILINE)) | {"up"}
    rules = yaml.safe_load(printed()["/etc/prometheus/rules/kb.yml"])["groups"][0]["rules"]
    used = {name for rule in rules for name in re.findall(r"\b(?:up|(?:kb|process)_\w+)\b(?=\{)", rule["expr"])}

    assert len(used) > 6
    assert used <= names


@pytest.mark.slow
def test_the_content_alone_brings_everything_back(library: Library, tmp_path: Path) -> None:
    """Also after cases were written at different times, with the command that the document prints."""
    pack = next(line for line in commands() if line.startswith("tar -czf"))
    unpack = next(line for line in commands() if line.startswith("tar -xzf"))
    archive = str(tmp_path / "kb-content.tar.gz")
    new = tmp_path / "new"
    new.mkdir()
    for line, folder in ((pack, library.root), (unpack, new)):
        command = replaced(line, **{"/srv/kb": str(folder), "kb-content.tar.gz": archive})
        subprocess.run(command.split(), check=True)

    restored = Library.__new__(Library)
    restored.root, restored.content = new, type(library.content)(new / "content")
    restored.index = type(library.index)(new / "index")
    restored.build()

    with serving(library, KB_BASE_URL=BASE) as old, serving(restored, KB_BASE_URL=BASE) as again:
        for path in ("/api/v1/export.ndjson", "/feed.atom", "/cases", "/sitemap.xml", "/challenges/fragile-trust"):
            assert get(old.port, path) == get(again.port, path)


def test_the_readme_leads_here() -> None:
    assert "(docs/operate.md)" in (ROOT / "README.md").read_text("utf-8")
