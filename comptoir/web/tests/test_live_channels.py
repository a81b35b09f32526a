"""Whoever is given some channels of a brand hears of their threads alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from comptoir.inbox.tests.building import browser, hear, house, said
from comptoir.kernel import tokens
from comptoir.kernel.live import CHANNEL, nudge
from comptoir.organisation.models import Membership
from comptoir.organisation.models.terms import Terms
from comptoir.web.live import PURPOSE
from comptoir.web.live_hub import Hub, Stream

BRAND, OURS, THEIRS = 7, 3, 4


def told(given: dict[str, list[int]] | None, *nudges: dict[str, Any]) -> list[dict[str, Any]]:
    """What a stream is told of these."""
    hub = Hub()
    hub.opened()
    stream = Stream(1, [BRAND], 60, given=given)
    hub.add(stream, "")
    for each in nudges:
        hub.hear(
            {"brand": BRAND, "what": "threads", "n": len(each.get("threads", ())), "threads": [], **each}
        )
    return [what for _name, what in hub.news(stream)]


def test_threads_of_other_channels_are_not_named() -> None:
    both = {"threads": [5, 6], "of": [OURS, THEIRS]}
    theirs = {"threads": [8], "of": [THEIRS]}
    assert told({str(BRAND): [OURS]}, both, theirs) == [
        {"brand": BRAND, "what": ["threads"], "threads": [5], "n": 1, "many": False}
    ]
    assert told({str(BRAND): [OURS]}, theirs) == []
    assert told({str(BRAND): []}, both) == []
    assert told(None, both, theirs)[0]["threads"] == [5, 6, 8]
    assert told({"99": [OURS]}, theirs)[0]["threads"] == [8], "less of another brand is all of this one"


def test_threads_whose_channel_is_not_known_are_nobodys_guess() -> None:
    assert told({str(BRAND): [OURS]}, {"threads": [5], "of": [0]}, {"threads": [6]}) == []


def test_what_names_no_thread_is_heard_by_all() -> None:
    (heard,) = told({str(BRAND): [OURS]}, {"what": "channels"}, {"n": 500})
    assert (heard["what"], heard["many"]) == (["channels", "threads"], True)


@pytest.mark.django_db(transaction=True)
def test_a_nudge_says_which_channel_each_thread_is_on() -> None:
    verdier = house()
    hear(verdier.channel, [said("m1"), said("m2", by=3)])
    one, other = verdier.brand.threads.order_by("pk").values_list("pk", flat=True)
    line: Any = connection.connection
    line.execute(f"LISTEN {CHANNEL}")
    list(line.notifies(timeout=0))
    nudge(verdier.brand.pk, [other, 999_999, one])
    payloads = [json.loads(each.payload) for each in line.notifies(timeout=2, stop_after=1)]
    assert payloads == [
        {"brand": verdier.brand.pk, "what": "threads", "threads": [other, 999_999, one], "n": 3,
         "of": [verdier.channel.pk, 0, verdier.channel.pk]},
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_token_says_which_channels_are_theirs() -> None:
    verdier = house()
    agent = verdier.people["agent"]
    for channels, given in (
        (None, {}),
        ((verdier.channel.pk,), {str(verdier.brand.pk): [verdier.channel.pk]}),
    ):
        Membership.objects.get(user=agent).agree(Terms(channels=channels), verdier.people["owner"])
        answer = browser(agent).get("/live-token/").json()
        assert tokens.read(PURPOSE, answer["token"], settings.SECRET_KEY).said["given"] == given
