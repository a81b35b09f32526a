"""What the doctor sees from where people's browsers are: pages, proxy, live stream, and whether mail leaves."""

import os
import ssl
import time
from contextlib import closing
from urllib.parse import urlsplit

from comptoir.command.findings import Finding, Findings, fine, note, wrong
from comptoir.kernel import config
from comptoir.kernel.http import Outside, OutsideError, Patience, Response

_PATIENCE = Patience(connect=5, read=5, total=10)
_SOON = 14
"""Days before its end at which a certificate should have been renewed."""
_WHY = {
    "dns": "its name is not known",
    "refused": "nobody listens there",
    "tls": "its certificate is not one that browsers believe, or of another name",
    "connect_timeout": "it does not answer",
    "timeout": "it does not answer",
    "no_route": "there is no way to it",
}


def pages() -> Findings:
    """Whether `PUBLIC_URL` leads to our pages, through a proxy that says what it should."""
    url = config.public_url()
    finding, said = _leads(url, "pages", "PUBLIC_URL")
    yield finding
    if said:
        yield from _proxy(url, said)
        yield from _certificate(url)


def short_hosts() -> Findings:
    """Whether each of `SHORT_HOSTS` leads here: links that left with posts are dead otherwise."""
    scheme = urlsplit(config.public_url()).scheme
    for host in config.words("SHORT_HOSTS"):
        url = f"{scheme}://{host}"
        finding, said = _leads(url, "short links", "SHORT_HOSTS")
        yield finding
        if said:
            yield from _certificate(url)


def _leads(url: str, name: str, setting: str) -> tuple[Finding, dict[str, str]]:
    """Whether an address leads to us, and if so how our question arrived."""
    try:
        answer = _get(url, "/health/seen")
    except OutsideError as error:
        why = _WHY.get(error.code, error.code)
        return wrong(name, f"{url} is not reached: {why}. Is {setting} right?"), {}
    if answer.status == 400:
        unknown = "we do not know ourselves by the name that arrives: the proxy must pass Host on."
        return wrong(name, f"{url}: {unknown}"), {}
    said = dict(line.split(" ", 1) for line in answer.text.splitlines() if " " in line)
    if answer.status != 200 or "scheme" not in said:
        elsewhere = f"leads to something else (status {answer.status}): is {setting} right?"
        return wrong(name, f"{url} {elsewhere}"), {}
    return fine(name, f"{url} leads to us"), said


def _get(url: str, path: str) -> Response:
    """Ask an address of our own: it may well be inside, so that this one place is allowed."""
    parts = urlsplit(url)
    place = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    with Outside(frozenset({place}), _PATIENCE, trust=ssl.create_default_context()) as outside:
        return outside.request("GET", f"{url}{path}")


def _proxy(url: str, said: dict[str, str]) -> Findings:
    """Whether the request arrived as it left."""
    parts = urlsplit(url)
    trusted = int(os.environ.get("TRUSTED_PROXIES") or 0)
    if said["scheme"] != parts.scheme:
        yield wrong(
            "proxy",
            f"what is asked by {parts.scheme} arrives as {said['scheme']}: the proxy must set X-Forwarded-Proto,"
            " and TRUSTED_PROXIES say how many proxies there are.",
        )
    if said["host"] != parts.netloc:
        yield wrong(
            "proxy", f"{parts.netloc} arrives as {said['host']}: the proxy must pass Host on as it came."
        )
    passed = int(said["forwarded"])
    if passed != trusted:
        yield wrong("proxy", f"{passed} proxies add to X-Forwarded-For, and TRUSTED_PROXIES is {trusted}.")
    elif trusted:
        yield fine("proxy", f"{trusted} believed: scheme, name and client's address arrive")


def _certificate(url: str) -> Findings:
    parts = urlsplit(url)
    if parts.scheme != "https":
        return
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            Outside(frozenset({f"{host}:{port}"}), trust=ssl.create_default_context()) as outside,
            closing(outside.dial(host, port, tls=True, timeout=5)) as line,
        ):
            ends = str(line.getpeercert()["notAfter"])  # type: ignore[attr-defined]
    except (OutsideError, OSError, KeyError):
        return
    days = int((ssl.cert_time_to_seconds(ends) - time.time()) // 86_400)
    if days < _SOON:
        yield wrong("certificate", f"that of {host} ends in {days} days: is it renewed?")
    else:
        yield fine("certificate", f"that of {host} is believed, and ends in {days} days")


def live() -> Findings:
    """Whether `LIVE_URL` leads to the live stream."""
    url = (os.environ.get("LIVE_URL") or f"http://localhost:{config.port() + 1}").rstrip("/")
    try:
        answer = _get(url, "/health")
    except OutsideError as error:
        yield wrong("live", f"{url} is not reached: {_WHY.get(error.code, error.code)}. Is LIVE_URL right?")
        return
    if answer.status == 503:
        yield wrong("live", f"{url}: it does not hear the database.")
    elif answer.status != 200 or answer.text != "ok":
        yield wrong("live", f"{url} leads to something else (status {answer.status}): is LIVE_URL right?")
    else:
        yield fine("live", f"{url} leads to the live stream, and it hears the database")


def mail(to: str) -> Findings:
    """Whether the mail server takes our mail; with an address, one is sent there. Django is set up."""
    host = os.environ.get("EMAIL_HOST")
    if not host:
        yield note("mail", "is printed in the terminal: set EMAIL_HOST to send it")
        if to:
            yield wrong("mail", f"nothing was sent to {to}: EMAIL_HOST is empty.")
        return
    from smtplib import SMTPException

    from django.core.mail import EmailMessage, mailers

    port = os.environ.get("EMAIL_PORT") or "587"
    server = mailers["default"]
    server.timeout = 10  # type: ignore[attr-defined]
    try:
        server.open()
        how = {"587": "with STARTTLS", "465": "with TLS"}.get(port, "in clear")
        signed = ", signed in" if os.environ.get("EMAIL_HOST_USER") else ""
        yield fine("mail", f"{host}:{port} takes it {how}{signed}")
        if to:
            words = (
                "This mail was sent by: comptoir doctor --mail. If you read it, mail from Comptoir arrives."
            )
            server.send_messages([EmailMessage("Comptoir: mail arrives", words, None, [to])])
            yield fine("mail", f"one was sent to {to}: look whether it arrives, and not among the spam")
    except ssl.SSLError as error:
        yield wrong(
            "mail", f"{host}:{port}: {error.reason or error}. Does its certificate bear the name {host}?"
        )
    except (OSError, SMTPException) as error:
        yield wrong("mail", f"{host}:{port} does not take it: {' '.join(str(error).split())}")
    finally:
        server.close()
