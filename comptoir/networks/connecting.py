"""Connecting: a person's answers become a channel, or a channel whose grant died speaks again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.faults import OutsideError, Unreachable
from comptoir.kernel.live import nudge
from comptoir.kernel.secrets import seal
from comptoir.networks.connector import (
    Authorisation,
    Authorises,
    Connected,
    Connects,
    Field,
    Refused,
    TryLater,
)
from comptoir.networks.found import UnknownNetwork, connector_class
from comptoir.networks.models import Channel, Grant
from comptoir.networks.outside import http
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, Notice

LONGEST = 2_000
"""Characters of one answer."""


class _NoGrant(dict[str, str]):
    """The secrets of an account that is not connected yet; those that turn up on the way are kept with the rest."""

    def keep(self, **changes: str) -> None:
        self.update(changes)


def connect(
    brand: Brand, network: str, answers: Mapping[str, str], by: Any = None, again: Channel | None = None
) -> Channel:
    """Connect an account to a brand with the answers to its network's form, asking the network now.

    The same account that was lost or switched off comes back as the channel that it was; `again` says which channel
    is meant. Refused when the answers are wrong (`answer_missing`, `answer_invalid`, what the network says), when the
    account is connected already (`already_connected`) or is not the one meant (`another_account`); TryLater when the
    network does not answer; UnknownNetwork when no such connector is installed.
    """
    return store(brand, network, ask(network, answers, again.settings if again else {}), by, again)


def ask(network: str, answers: Mapping[str, str], known: Mapping[str, Any] | None = None) -> Connected:
    """What a network says to the answers; nothing is stored. The errors are those of `connect`.

    `known` are the settings of the channel that is connected again.
    """
    kind = connector_class(network)
    if not issubclass(kind, Connects):
        raise UnknownNetwork(network)
    with _asking(kind, known) as connector:
        return _with_found(connector, connector.connect(_checked(kind.form, answers)))


def authorise(network: str, answers: Mapping[str, str], back: str, state: str) -> Authorisation | None:
    """Where a person's browser is asked for the grant, None for networks, or answers, that need no asking there."""
    kind = connector_class(network)
    if not issubclass(kind, Authorises):
        return None
    with _asking(kind) as connector:
        given: Authorisation | None = connector.authorise(_checked(kind.form, answers), back, state)
    return given


def authorised(network: str, kept: Mapping[str, str], parameters: Mapping[str, str]) -> Connected:
    """The grant that the browser came back with. The errors are those of `connect`."""
    with _asking(connector_class(network)) as connector:
        return _with_found(connector, connector.authorised(kept, parameters))


@contextmanager
def _asking(kind: Any, known: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """A connector of no channel yet. What the way out raises becomes an error of the contract."""
    try:
        yield kind(http=http(), grant=_NoGrant(), settings=dict(known or {}))
    except Unreachable as fault:
        raise TryLater("unreachable", host=fault.host) from fault
    except OutsideError as fault:
        raise Refused(fault.code, host=fault.host) from fault


def _with_found(connector: Any, connected: Connected) -> Connected:
    return Connected(connected.me, {**connector.grant, **connected.grant}, connected.settings)


def store(
    brand: Brand, network: str, connected: Connected, by: Any = None, again: Channel | None = None
) -> Channel:
    """Keep what a network accepted as a channel of the brand, with its grant sealed."""
    me = connected.me
    if again is not None and (again.network, again.remote_id) != (network, me.remote_id):
        raise Refused("another_account", handle=me.handle, meant=again.handle)
    with transaction.atomic():
        # One who connects at a time, so that two do not both find that there is no such channel yet.
        Brand.objects.of(brand).select_for_update().get()
        channel = Channel.objects.of(brand).filter(network=network, remote_id=me.remote_id).first()
        new = channel is None
        if channel is None:
            channel = Channel(brand=brand, network=network, remote_id=me.remote_id)
        elif channel.state == Channel.State.ACTIVE:
            raise Refused("already_connected", handle=me.handle)
        channel.handle, channel.name, channel.avatar = me.handle, me.name, me.avatar
        channel.settings = {**channel.settings, **connected.settings}
        channel.state, channel.code, channel.facts, channel.failures = Channel.State.ACTIVE, "", {}, 0
        channel.next_fetch = clock.now()
        channel.save()
        sealed = seal(json.dumps(dict(connected.grant)))
        Grant.objects.update_or_create(channel=channel, defaults={"sealed": sealed})
        Notice.settle(brand.pk, f"channel:{channel.pk}")
        record(
            "channel_connected" if new else "channel_reconnected", brand, channel, by, channel=str(channel)
        )
        announce(brand.pk, "channel.connected", channel=channel.pk, again=not new)
        nudge(brand.pk, what="channels")
    return channel


def defaults(network: str) -> dict[str, str]:
    """The answers that a network's form proposes by itself."""
    return {field.name: field.default for field in connector_class(network).form}


def _checked(form: tuple[Field, ...], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to the form's own questions, without blanks around. Refused names the one that will not do."""
    checked: dict[str, str] = {}
    for field in form:
        given = str(answers.get(field.name, "") or "")
        # A password may begin or end with a blank.
        answer = given if field.secret or field.kind == "password" else given.strip()
        if not answer:
            if field.required:
                raise Refused("answer_missing", field=field.name)
        elif not _fits(field, answer):
            raise Refused("answer_invalid", field=field.name)
        checked[field.name] = answer
    return checked


def _fits(field: Field, answer: str) -> bool:
    if len(answer) > LONGEST or "\x00" in answer:
        return False
    match field.kind:
        case "choice":
            return answer in {value for value, _label in field.choices}
        case "number":
            return answer.lstrip("-").isascii() and answer.lstrip("-").isdigit() and len(answer) < 19
        case "url":
            return _is_web_address(answer)
    return True


def _is_web_address(answer: str) -> bool:
    try:
        parts = urlsplit(answer)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
