"""Where a mailbox lives: its servers, as a person said or as the address lets one guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from comptoir.networks.connector import Http, Refused

PORTS = {
    "imap": {"tls": 993, "starttls": 143, "none": 143},
    "smtp": {"tls": 465, "starttls": 587, "none": 25},
}
_USUAL = {993: "tls", 465: "tls", 143: "starttls", 587: "starttls", 25: "starttls"}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,62}\.)*[a-z0-9_-]{0,62}[a-z0-9]|[0-9a-f:.]{2,45}")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,190}")
PATIENCE = 20.0
"""Seconds for each step on a line."""
FIRST = 5.0
"""Seconds to connect to a server that is only guessed."""


@dataclass(frozen=True, slots=True)
class Place:
    """One server. `security` is tls (from the start), starttls or none."""

    host: str
    port: int
    security: str

    @classmethod
    def of(cls, settings: Mapping[str, Any], service: str) -> Place:
        """The server for "imap" or "smtp" that a channel's settings name."""
        port = int(settings[f"{service}_port"])
        return cls(str(settings[f"{service}_host"]), port, str(settings[f"{service}_security"]))

    def settings(self, service: str) -> dict[str, Any]:
        """The same for a channel's settings."""
        return {
            f"{service}_host": self.host,
            f"{service}_port": self.port,
            f"{service}_security": self.security,
        }

    def dial(self, http: Http, timeout: float = PATIENCE) -> Any:
        """A line to it, handed in. Refused("insecure_mail") where a password could be read on its way.

        The guard lets nobody inside but where the house allows it, so a line that leads inside was allowed.
        """
        line = http.dial(self.host, self.port, tls=self.security == "tls", timeout=timeout)
        if self.security == "none" and not is_inside(line):
            line.close()
            raise Refused("insecure_mail", host=self.host)
        return line


def is_inside(line: Any) -> bool:
    """Whether a line ends on this machine or in a network of one's own."""
    peer = str(line.getpeername()[0]).split("%")[0]
    return not ip_address(peer).is_global


def is_address(text: str) -> bool:
    """Whether mail could be sent to it."""
    return bool(_ADDRESS.fullmatch(text)) and "." in text.rsplit("@", 1)[1].strip(".")


def candidates(service: str, answers: Mapping[str, str], domain: str, near: str = "") -> Iterator[Place]:
    """Where "imap" or "smtp" may be, the likeliest first. `near` is the other service's host, once that is known.

    Refused("answer_invalid") names what a person wrote that cannot be right.
    """
    host = answers.get(f"{service}_host", "").strip().lower().rstrip(".")
    if host and not _HOST.fullmatch(host):
        raise Refused("answer_invalid", field=f"{service}_host")
    asked = answers.get(f"{service}_port", "").strip()
    port = int(asked) if asked else 0
    if asked and not 0 < port < 65536:
        raise Refused("answer_invalid", field=f"{service}_port")
    security = answers.get(f"{service}_security", "") or "auto"
    for name in [host] if host else _guesses(service, domain, near):
        for way in _ways(security, port):
            yield Place(name, port or PORTS[service][way], way)


def _guesses(service: str, domain: str, near: str) -> list[str]:
    names = [f"{service}.{domain}", f"mail.{domain}", domain]
    if near:
        first, _dot, rest = near.partition(".")
        names = [f"{service}.{rest}" if first in PORTS and rest else near, near, *names]
    return list(dict.fromkeys(names))


def _ways(security: str, port: int) -> tuple[str, ...]:
    if security in ("tls", "starttls", "none"):
        return (security,)
    return (_USUAL[port],) if port in _USUAL else ("tls", "starttls")
