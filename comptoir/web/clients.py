"""Who asks: the client's address, the name of its device, and whether we have seen that device before."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as Sessions
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from comptoir.organisation.sessions import Client

COOKIE = "device"
KEPT = timedelta(days=400)
"""As long as browsers keep a cookie at most."""
_PEOPLE = 12
"""How many people a device is known for, the latest ones."""
_IPV6_HOME = 64
_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def client_address(request: HttpRequest) -> str:
    """The address of the client that asks: the connection's own, or what the outermost trusted proxy saw."""
    trusted: int = settings.TRUSTED_PROXIES
    own = str(request.META.get("REMOTE_ADDR") or "")
    passed = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()]
    seen = _address(passed[-trusted]) if trusted and len(passed) >= trusted else ""
    return seen or _address(own) or "unknown"


def _address(written: str) -> str:
    """An address in its one form, "" for what is none: without a port, and IPv4 as IPv4 however it is wrapped."""
    if found := _PORT.fullmatch(written):
        written = found[1] or found[2]
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        return ""
    return str((isinstance(address, IPv6Address) and address.ipv4_mapped) or address)


def client_home(request: HttpRequest) -> str:
    """Where tries are counted together: an IPv4 address, or the /64 of an IPv6 one, of which a client has all."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(IPv6Network((address, _IPV6_HOME), strict=False).network_address)


def device_name(agent: str) -> str:
    """What a browser calls itself, in a word or two: "Firefox, Linux". "" when it says nothing that we know."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return ", ".join(name for name in (browser, system) if name)


def client(request: HttpRequest) -> Client:
    """The client as a session keeps it."""
    return Client(client_address(request), device_name(request.headers.get("User-Agent", "")))


class SessionMiddleware(Sessions):
    """Django's; each session also knows who holds it."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.session.client = lambda: client(request)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that somebody signed in with. It opens no door: it is what tries are counted by instead of the address.

    `name` is a random word of ours, "" for a browser that we do not know. `people` are digests of accounts.
    """

    name: str = ""
    people: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Device:
        """The browser that asks."""
        try:
            said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KEPT)
            return cls(said["name"], tuple(said["people"]))
        except (signing.BadSignature, KeyError, TypeError):
            return cls()

    def knows(self, email: str) -> bool:
        """Whether the person of this address has signed in from here."""
        return account(email) in self.people

    def meet(self, email: str, response: HttpResponse) -> None:
        """Remember that they did."""
        others = [each for each in self.people if each != account(email)]
        said = {
            "name": self.name or secrets.token_urlsafe(12),
            "people": [account(email), *others][:_PEOPLE],
        }
        response.set_cookie(
            COOKIE, signing.dumps(said, salt=COOKIE), max_age=KEPT, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip


def account(email: str) -> str:
    """An account's digest by its address. It does not say whether there is one."""
    return salted_hmac("comptoir.account", email.strip().lower(), algorithm="sha256").hexdigest()[:32]


def place(request: HttpRequest) -> str:
    """The digest of the client's home."""
    return sha256(f"{settings.SECRET_KEY}:{client_home(request)}".encode()).hexdigest()
