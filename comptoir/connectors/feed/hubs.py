"""Hubs of feeds: WebSub (W3C, 2018), as a subscriber."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode, urljoin, urlsplit

from comptoir.networks.connector import Http, Hub, Intent, Refused, TryLater

ADDRESS_MOST = 2_000
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*=\s*(?:"[^"]*"|[^\s;,"]+))*)')
_REL = re.compile(r'(?i);\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))')
_ALGORITHMS = frozenset({"sha1", "sha256", "sha384", "sha512"})


def links_of(header: str, base: str) -> dict[str, str]:
    """Where the header Link leads, by relation, the first of each."""
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(header[:10_000]):
        for quoted, bare in _REL.findall(parameters):
            for relation in (quoted or bare).lower().split():
                found.setdefault(relation, address)
    return {relation: whole for relation, address in found.items() if (whole := _whole(base, address))}


def hub_of(header: str, named: Mapping[str, str], address: str) -> Hub | None:
    """The hub that a feed names, in its header Link or else in itself, and what it is called there."""
    said = links_of(header, address)
    found = {
        relation: said.get(relation) or _whole(address, named.get(relation, ""))
        for relation in ("hub", "self")
    }
    return Hub(found["hub"], found["self"] or address) if found["hub"] else None


def subscribe(http: Http, hub: Hub, callback: str, secret: str, lease: timedelta, on: bool) -> None:
    """Ask a hub to call us, or no longer. It asks back at `callback` whether we meant it."""
    asked = {
        "hub.mode": "subscribe" if on else "unsubscribe",
        "hub.topic": hub.topic,
        "hub.callback": callback,
    }
    if on:
        asked |= {"hub.secret": secret, "hub.lease_seconds": str(int(lease.total_seconds()))}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = http.request(
        "POST", hub.address, content=urlencode(asked).encode(), headers=form, max_bytes=100_000
    )
    if answer.status == 429 or answer.status >= 500:
        raise TryLater("server_error", status=answer.status)
    if not 200 <= answer.status < 300:
        raise Refused("refused", status=answer.status)


def intent(parameters: Mapping[str, str]) -> Intent | None:
    """What a hub asks back, or tells; None when it makes no sense."""
    mode, topic = parameters.get("hub.mode", ""), parameters.get("hub.topic", "")
    challenge, lease = parameters.get("hub.challenge", ""), parameters.get("hub.lease_seconds", "")
    if mode == "denied" and topic:
        return Intent(mode, topic)
    if (
        mode not in ("subscribe", "unsubscribe")
        or not topic
        or not challenge
        or len(challenge) > ADDRESS_MOST
    ):
        return None
    seconds = int(lease) if lease.isascii() and lease.isdigit() and len(lease) < 10 else 0
    return Intent(mode, topic, challenge, timedelta(seconds=seconds))


def is_genuine(signature: str, body: bytes, secret: str) -> bool:
    """Whether a call has the signature of whoever knows the secret: "sha256=" and the HMAC in hexadecimal."""
    algorithm, _equals, given = signature.strip().partition("=")
    if algorithm not in _ALGORITHMS or not given.isascii():
        return False
    return hmac.compare_digest(hmac.new(secret.encode(), body, algorithm).hexdigest(), given.lower())


def _whole(base: str, address: str) -> str:
    try:
        whole = urljoin(base, address.strip()) if address.strip() else ""
        return whole if urlsplit(whole).scheme in ("http", "https") and len(whole) <= ADDRESS_MOST else ""
    except ValueError:
        return ""
