"""What stands in `deploy/` is what runs here: nginx before a house, and the units as systemd reads them."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from comptoir.kernel.ports import free_port
from tests.command.started import COMPTOIR, Up, data_folder, until
from tests.servers.certificates import certificates
from tests.servers.fixtures import do_without
from tests.servers.install import ROOT, reason_for, sbin
from tests.servers.running import end

DEPLOY = ROOT / "deploy"
NAME = "counter.example.org"
HERE = "localhost"
FORGED = "203.0.113.9"


def configured(folder: Path, house: int, plain: int, tls: int) -> str:
    """The very configuration of `deploy/`, with the test's ports and files in the places of the example's."""
    text = (DEPLOY / "nginx" / "comptoir.conf").read_text()
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{house}",
        "127.0.0.1:8001": f"127.0.0.1:{house + 1}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        f"/etc/ssl/{NAME}/fullchain.pem": f"{folder}/server.pem",
        f"/etc/ssl/{NAME}/privkey.pem": f"{folder}/server.key",
        f"server_name {NAME};": f"server_name {HERE};",
    }.items():
        assert old in text, f"deploy/nginx/comptoir.conf has no {old}"
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, site: str) -> Iterator[None]:
    """nginx with one site, stopped afterwards."""
    program = sbin("nginx")
    if program is None:
        do_without(reason_for("debian") or "nginx is not installed: python -m tests.servers.install")
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(
        f"daemon off;\nuser root;\npid {folder}/pid;\nerror_log {folder}/errors;\nevents {{}}\n"
        f"http {{\n access_log {folder}/access;\n client_body_temp_path {folder}/body;\n"
        f" proxy_temp_path {folder}/proxy;\n fastcgi_temp_path {folder}/f;\n uwsgi_temp_path {folder}/u;\n"
        f" scgi_temp_path {folder}/s;\n include {folder}/site.conf;\n}}\n"
    )
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        yield
    finally:
        end(process, signal.SIGQUIT)


@dataclass
class Proxied:
    """A house behind nginx."""

    house: Up
    tls: int
    plain: int
    authority: Path
    folder: Path
    cookies: dict[str, str]

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """Ask through TLS, as a browser does: cookies kept, the certificate verified."""
        trust = ssl.create_default_context(cafile=str(self.authority))
        line = http.client.HTTPSConnection("127.0.0.1", self.tls, timeout=20, context=trust)
        sent = {"Host": f"{HERE}:{self.tls}", "X-Forwarded-For": FORGED, **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, body or None, sent)
        answer = line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            assert "; Secure" in cookie, cookie
        return answer

    def page(self, path: str) -> str:
        """A page's text."""
        return self.ask("GET", path).read().decode()

    @property
    def origin(self) -> str:
        return f"https://{HERE}:{self.tls}"


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("nginx")
    certificates(folder)
    tls, plain = free_port(), free_port()
    url = f"https://{HERE}:{tls}"
    with data_folder() as data:
        house = Up(data, PUBLIC_URL=url, LIVE_URL=f"{url}/live", TRUSTED_PROXIES="1")
        try:
            with nginx(folder, configured(folder, house.port, plain, tls)):
                until(lambda: _open(tls))
                yield Proxied(house, tls, plain, folder / "authority.pem", folder, {})
        finally:
            house.stop()


def _open(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def sign_in(proxied: Proxied) -> str:
    """Sign the owner in; what the page after it says."""
    link = urlsplit(proxied.house.run("owner-link").strip())
    assert f"{link.scheme}://{link.netloc}" == proxied.origin
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', proxied.page(link.path))
    assert token
    form = urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": proxied.origin}
    elsewhere = proxied.ask("POST", link.path, form, **{**sent, "Origin": "https://evil.example"})
    assert elsewhere.status == 403, "a form from another origin"
    answer = proxied.ask("POST", link.path, form, **sent)
    assert answer.status == 302
    return proxied.page("/settings/")


def test_through_the_proxy(proxied: Proxied) -> None:
    """Sign-in, secure cookies, forms of our own origin alone, and the client's own address in the audit log."""
    assert "owner@" in sign_in(proxied)
    answer = proxied.ask("GET", "/settings/")
    assert answer.status == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert f"connect-src 'self' {proxied.origin}" in answer.headers["Content-Security-Policy"]
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"]), "the proxy's number for the request"
    with psycopg.connect(proxied.house.url()) as line:
        rows = line.execute(
            "SELECT DISTINCT address FROM organisation_auditentry WHERE via = 'page'"
        ).fetchall()
    assert rows == [("127.0.0.1",)], "not the forged one"


def test_plain_http_is_sent_to_tls(proxied: Proxied) -> None:
    line = http.client.HTTPConnection("127.0.0.1", proxied.plain, timeout=10)
    line.request("GET", "/settings/?a=b", headers={"Host": HERE})
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HERE}/settings/?a=b")


def test_the_live_stream_comes_through_as_it_is_told(proxied: Proxied) -> None:
    sign_in(proxied)
    given = json.loads(proxied.page("/live-token/"))
    assert given["url"] == f"{proxied.origin}/live/"
    stream = proxied.ask("GET", f"/live/?token={given['token']}", Origin=proxied.origin)
    assert stream.status == 200
    assert stream.readline() == b"event: hello\n", "at once, not when a buffer is full"
    proxied.house.run("rehearse", "volcano", "--rate", "5", "--seconds", "10")
    for line in stream:
        if line == b"event: nudge\n":
            break
    told = next(line for line in stream if line.startswith(b"data: "))
    assert "threads" in json.loads(told[6:])["what"], "with what else happened in the same moment"
    stranger = proxied.ask("GET", f"/live/?token={given['token']}", Origin="https://evil.example")
    assert stranger.status == 403


def test_what_is_too_large_is_refused_and_what_is_not_is_passed_on(proxied: Proxied) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": proxied.origin}
    assert proxied.ask("POST", "/settings/", b"name=" + b"x" * 12_700_000, **kind).status == 413
    assert proxied.ask("POST", "/settings/", b"name=" + b"x" * 11_000_000, **kind).status == 403, (
        "it was read"
    )
    picture = proxied.ask("POST", "/b/verdier/threads/1/enclosures/", b"name=" + b"x" * 12_700_000, **kind)
    assert picture.status == 400, "the house itself takes no such form"


def test_figures_stay_inside_and_health_is_told(proxied: Proxied) -> None:
    assert proxied.ask("GET", "/metrics").status == 404
    until(lambda: proxied.ask("GET", "/health/ready").status == 200)


def doctor(proxied: Proxied, **given: str) -> str:
    """What the doctor says of the house behind the proxy."""
    settings = {**proxied.house.environment, "SSL_CERT_FILE": str(proxied.authority), **given}
    done = subprocess.run(
        [*COMPTOIR, "doctor"], env=settings, capture_output=True, text=True, timeout=120, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def test_the_doctor_looks_through_the_proxy(proxied: Proxied) -> None:
    until(lambda: proxied.ask("GET", "/health/ready").status == 200)
    short = proxied.origin.removeprefix("https://")
    said = doctor(proxied, SHORT_HOSTS=f"{short},go.verdier.invalid")
    wrong = [line for line in said.splitlines() if line.startswith("WRONG")]
    renewed = f"WRONG  certificate that of {HERE} ends in 1 days: is it renewed?"
    lost = "https://go.verdier.invalid is not reached: its name is not known. Is SHORT_HOSTS right?"
    assert wrong == [renewed, renewed, f"WRONG  short links {lost}"], said
    assert f"short links {proxied.origin} leads to us" in said
    for line in ("leads to us", "1 believed", "leads to the live stream"):
        assert line in said, said
    assert "its certificate is not one that browsers believe" in doctor(proxied, SSL_CERT_FILE="/dev/null")
    assert "1 proxies add to X-Forwarded-For, and TRUSTED_PROXIES is 2" in doctor(
        proxied, TRUSTED_PROXIES="2"
    )
    elsewhere = doctor(proxied, LIVE_URL=proxied.origin)
    assert f"{proxied.origin} leads to something else" in elsewhere
    plain = f"http://{HERE}:{proxied.plain}"
    assert f"{plain} leads to something else (status 301)" in doctor(proxied, PUBLIC_URL=plain)


def test_the_proxy_writes_down_nobody(proxied: Proxied) -> None:
    sign_in(proxied)
    assert not (proxied.folder / "access").exists() or not (proxied.folder / "access").read_text()


@pytest.mark.parametrize("unit", ["comptoir.service", "comptoir@web.service"])
def test_the_units_are_sound(unit: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        do_without("systemd-analyze is not on this machine")
    template = re.sub(r"@\w+", "@", unit)
    text = (DEPLOY / "systemd" / template).read_text()
    assert "/opt/comptoir/bin/comptoir" in text
    ours = text.replace("/opt/comptoir/bin/comptoir", sys.executable).replace("=comptoir\n", "=daemon\n")
    (tmp_path / unit).write_text(ours)
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(tmp_path / unit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_docs_show_the_very_files() -> None:
    """What docs/run.md quotes of the proxy's configuration stands in it, line by line."""
    text = (ROOT / "docs" / "run.md").read_text()
    quoted = re.search(r"<!-- from deploy/nginx/comptoir.conf -->\n\n((?:    .*\n|\n)+)", text)
    assert quoted
    there = {line.strip() for line in (DEPLOY / "nginx" / "comptoir.conf").read_text().splitlines()}
    assert [line for line in quoted[1].splitlines() if line.strip() not in {*there, ""}] == []
    assert "UNTESTED" in (DEPLOY / "Containerfile").read_text()
