"""Hubs: who calls when a place has something new.

A call only wakes: the place is asked for what came as always, so that a hub that lies brings nothing in, and one
that is late or silent keeps nothing out.

Nothing secret is stored: the address that a hub calls and the secret it signs with are made of the place's name and
the house's key.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from comptoir.kernel import clock
from comptoir.kernel.faults import OutsideError
from comptoir.listening.models import Source
from comptoir.listening.models.source import Stranger
from comptoir.listening.places import is_public
from comptoir.networks.connector import ConnectorError, Hub, Woken
from comptoir.networks.found import connector_class, installed
from comptoir.networks.outside import http

log = logging.getLogger(__name__)
LEASE = timedelta(days=7)
LEASE_LEAST, LEASE_MOST = timedelta(minutes=5), timedelta(days=30)
ANSWERED_WITHIN = timedelta(hours=1)
"""A hub that has not asked back by then is asked again."""
SELDOM = timedelta(hours=2)
"""How often a place is asked all the same while its hub calls in time."""
APART = timedelta(seconds=30)
"""Calls closer together are one."""
_SALT = "comptoir.hub"


def is_reachable() -> bool:
    """Whether a hub can call us: the house has an address of the world."""
    public = urlsplit(settings.PUBLIC_URL)
    return public.netloc in settings.INSIDE_ALLOWED or (
        public.scheme == "https" and is_public(public.hostname or "")
    )


def callback(network: str, address: str) -> str:
    """Where a hub calls for a place."""
    return str(settings.PUBLIC_URL + reverse("hub", args=[token_of(network, address)]))


def token_of(network: str, address: str) -> str:
    """The part of that address that nobody guesses; the same at any time, so that a hub knows it again."""
    return signing.Signer(salt=_SALT).sign_object([network, address], compress=True)


def place_of(token: str) -> tuple[str, str] | None:
    """The network and address of the place that a token is of; None for one that we did not make."""
    try:
        network, address = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    kind = installed(network)
    return (network, address) if kind is not None and issubclass(kind, Woken) else None


def keep_subscribed() -> None:
    """Have the hubs that places name call us, and ask again before they stop."""
    if not is_reachable():
        return
    asked: set[tuple[str, str]] = set()
    for source in Source.objects.everywhere().filter(on=True, words="", failures=0).order_by("pk"):
        place, kind = (source.network, source.address), installed(source.network)
        if place in asked or kind is None or not issubclass(kind, Woken):
            continue
        asked.add(place)
        hub = kind(http=http(), grant=Stranger(), settings=source.settings).hub(source.cursor)
        if hub is not None and _is_due(source.hub, hub):
            _subscribe(source, hub)


def _is_due(state: dict[str, Any] | None, hub: Hub) -> bool:
    if not state or (state["address"], state["topic"]) != (hub.address, hub.topic):
        return True
    now, asked, until = clock.now(), _moment(state["asked"]), _moment(state["until"])
    if asked and now - asked < ANSWERED_WITHIN:
        return False
    # Asked again when a third of the time is left, or when nothing came of the last time.
    return not until or not asked or until - now < (until - asked) / 3


def _subscribe(source: Source, hub: Hub) -> None:
    state = source.hub if source.hub and source.hub["topic"] == hub.topic else {}
    known = {
        "until": "",
        "woken": "",
        "proved": False,
        **(state if state.get("address") == hub.address else {}),
    }
    # Hubs ask back while we wait for their answer: what we asked is written down before.
    _write(source, {**known, "address": hub.address, "topic": hub.topic, "asked": clock.now().isoformat()})
    try:
        _ask(source.network, source.address, source.settings, hub, on=True)
    except (ConnectorError, OutsideError) as error:
        log.info("hub of %s: %s", source.name, error)


def leave(network: str, address: str, known: dict[str, Any], hub: str, topic: str) -> None:
    """Have a hub call no longer, unless somebody listens there again. One that is away stops when its time is over."""
    if not _rows(network, address).exists() and is_reachable():
        try:
            _ask(network, address, known, Hub(hub, topic), on=False)
        except (ConnectorError, OutsideError) as error:
            log.info("leaving a hub: %s", error)


def _ask(network: str, address: str, known: Mapping[str, Any], hub: Hub, on: bool) -> None:
    connector: Any = connector_class(network)(http=http(), grant=Stranger(), settings=known)
    connector.subscribe(hub, callback(network, address), _secret(network, address), LEASE, on)


def confirmed(network: str, address: str, parameters: Mapping[str, str]) -> str | None:
    """The challenge to say back to a hub that asks whether we meant it; None where we did not."""
    kind: Any = installed(network)
    intent = kind.intent(parameters)
    source = _rows(network, address).filter(hub__isnull=False).first()
    if intent is None:
        return None
    if intent.mode == "unsubscribe":
        return None if source else intent.challenge
    if source is None or source.hub is None or source.hub["topic"] != intent.topic:
        return None
    lease = min(max(intent.lease or LEASE, LEASE_LEAST), LEASE_MOST)
    until = "" if intent.mode == "denied" else (clock.now() + lease).isoformat()
    _write(source, {**source.hub, "until": until, "proved": source.hub["proved"] and bool(until)})
    return str(intent.challenge)


def called(network: str, address: str, headers: Mapping[str, str], body: bytes) -> bool:
    """A hub calls: the place is asked soon, where the call is signed as we agreed. False where nobody listens."""
    source = _rows(network, address).filter(hub__isnull=False).first()
    if source is None or source.hub is None:
        return False
    kind: Any = installed(network)
    if kind.is_genuine(headers, body, _secret(network, address)):
        now, last = clock.now(), _moment(source.hub["woken"])
        at = max(now, last + APART) if last else now
        _write(source, {**source.hub, "woken": now.isoformat()})
        _rows(network, address).filter(failures=0, next_try__gt=at).update(next_try=at)
    return True


def paced(source: Source, moved: dict[str, Any], began: datetime) -> dict[str, Any]:
    """When to ask a place again, after it was asked at `began`: at once when its hub called meanwhile, seldom while it
    calls in time, else as always. It does while what comes is what it called for."""
    if source.hub is None or "next_try" not in moved or moved.get("failures"):
        return moved
    now = _rows(source.network, source.address).filter(pk=source.pk).first()
    if now is None or now.hub is None:
        return moved
    state, woken = now.hub, _moment(now.hub["woken"])
    if woken and woken > began:
        return {**moved, "next_try": clock.now()}
    came = bool(now.heard_at and now.heard_at >= began)
    if came or woken:
        state = {**state, "woken": "", "proved": came and bool(woken)}
        _write(now, state)
    until = _moment(state["until"])
    if state["proved"] and until and until > clock.now():
        return {**moved, "next_try": max(moved["next_try"], clock.now() + SELDOM)}
    return moved


def _write(source: Source, state: dict[str, Any]) -> None:
    """For everybody who listens there."""
    _rows(source.network, source.address).update(hub=state)


def _rows(network: str, address: str) -> Any:
    return Source.objects.everywhere().heard_there(Source(network=network, address=address))


def _secret(network: str, address: str) -> str:
    return salted_hmac(_SALT, token_of(network, address), algorithm="sha256").hexdigest()


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
