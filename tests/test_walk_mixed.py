"""Mixed teams on every address of the house: an agency's person with one channel, and whose access has expired."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from comptoir.inbox.tests.building import House, hear, said
from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.models import ApiToken, User
from comptoir.organisation.models.api_token import SCOPES
from comptoir.organisation.models.terms import Terms
from tests.asked import ask, inside
from tests.programs import API
from tests.test_walk import MARK, METHODS, OF_BRANDS, ROUTES, _parts, ours
from tests.test_walk_programs import OF_PROGRAMS
from tests.test_walk_programs import _ask as _ask_program

pytestmark = pytest.mark.django_db
__all__ = ["ours"]
OF_A_CHANNEL = re.compile(r"b/<slug:brand>/(threads|channels|deliveries|files|set-aside|bulk)/<number:pk>/")
"""Addresses of what came or left by a channel."""
OTHERS = ("words", "note", "reply", "more", "why", "delivery", "raw", "notice")
"""What the fixture says by the channel that the agency is not given."""


def agency_of(ours: House, **terms: Any) -> User:
    """An agency's person who answers on one channel of the brand, in which something is said too."""
    given = Channel.objects.create(
        brand=ours.brand, network="rehearsal", remote_id="agency", handle="@agency", settings=ours.channel.settings,
        next_fetch=ours.channel.next_fetch, next_recheck=ours.channel.next_recheck, history_done=True,
    )  # fmt: skip
    hear(given, [said("g1", "for the agency", minutes_ago=500, by=9)])
    anna = User.objects.create_user("anna@agency.example", name="Anna")
    agreed = Terms(on_behalf_of="Agence X", channels=(given.pk,), **terms)
    ours.brand.admit(anna, "agent", terms=agreed)
    return anna


def tells_of_others(content: bytes) -> list[str]:
    """What of another channel stands in an answer."""
    return [
        words for words in (*(f"{MARK} {each}" for each in OTHERS), "@verdier") if words.encode() in content
    ]


def test_an_agencys_person_sees_their_channel_alone(ours: House) -> None:
    client, seen = inside(agency_of(ours)), 0
    for route in ROUTES:
        path = route.path(_parts(route, ours))
        for method in METHODS:
            answer = ask(client, method, path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert not tells_of_others(content), (method, path)
            seen += b"for the agency" in content
            if OF_A_CHANNEL.match(route.pattern):
                assert answer.status_code in {403, 404, 405}, (method, path)
    assert seen, "what is theirs they do see"


def test_whose_access_has_expired_is_told_so_and_sees_nothing(ours: House) -> None:
    anna = agency_of(ours, until=clock.now() + timedelta(hours=1))
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        client = inside(anna)
        for route in OF_BRANDS:
            path = route.path(_parts(route, ours))
            for method in METHODS:
                answer = ask(client, method, path)
                assert answer.status_code in {404, 405}, (method, path)
                assert (
                    answer.status_code == 405
                    or method == "HEAD"
                    or b"was agreed for a time" in answer.content
                )
                assert not tells_of_others(answer.content), (method, path)


ROWS_OF_A_CHANNEL = re.compile(r"(threads|channels|bulk)/<number:pk>")


def test_an_agencys_program_sees_its_channel_alone(ours: House) -> None:
    _token, key = ApiToken.make(agency_of(ours), "agency", SCOPES)
    seen = 0
    for route in OF_PROGRAMS:
        path = route.path(_parts(route, ours))
        for method in METHODS:
            answer = _ask_program(key, method, path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert not tells_of_others(content), (method, path)
            seen += b"for the agency" in content
            if ROWS_OF_A_CHANNEL.match(route.pattern.removeprefix(API)):
                assert answer.status_code in {204, 403, 404, 405, 422}, (method, path)
    assert seen, "what is theirs they do see"


def test_a_program_whose_persons_access_has_expired_is_told_so(ours: House) -> None:
    _token, key = ApiToken.make(agency_of(ours, until=clock.now() + timedelta(hours=1)), "agency", SCOPES)
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        for route in OF_PROGRAMS:
            path = route.path(_parts(route, ours))
            for method in METHODS:
                answer = _ask_program(key, method, path)
                assert not tells_of_others(answer.content), (method, path)
                if "brand" in route.parts:
                    assert answer.status_code in {204, 403, 405, 422}, (method, path)
