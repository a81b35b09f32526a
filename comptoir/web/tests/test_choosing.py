"""What people choose about a connected channel: a name for themselves, and what its connector asks."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.inbox.tests.building import House, browser, house
from comptoir.networks.models import Channel
from comptoir.organisation.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    Channel.objects.of(made.brand).update(network="bluesky", settings={"service": "https://x.example"})
    return made


def url(verdier: House) -> str:
    return f"/b/verdier/channels/{verdier.channel.pk}/settings/"


def body(response: Any) -> str:
    return str(response.content.decode())


def test_a_channel_is_called_and_marks_its_language(verdier: House) -> None:
    client = browser(verdier.people["manager"])
    page = client.post(url(verdier), {"called": " Paris shop ", "option_language": "fr"}, follow=True)
    assert "Kept." in body(page)
    assert "<h1><bdi>Paris shop</bdi></h1>" in body(page)
    assert "Paris shop" in body(client.get("/b/verdier/channels/"))
    channel = Channel.objects.of(verdier.brand).get()
    assert channel.settings["service"] == "https://x.example", "what the connector keeps is untouched"
    assert channel.connector().option("language") == "fr"
    again = client.post(url(verdier), {"called": "Paris shop", "option_language": "fr"}, follow=True)
    assert "Kept." not in body(again)
    assert AuditEntry.objects.of(verdier.brand).filter(what="channel_settled").count() == 1


def test_unanswered_an_option_is_what_it_proposes(verdier: House) -> None:
    channel = Channel.objects.of(verdier.brand).get()
    assert channel.connector().option("language") == ""
    with pytest.raises(KeyError):
        channel.connector().option("colour")


@pytest.mark.parametrize("wrong", [{"option_language": "xx"}, {"called": "x" * 81}])
def test_what_makes_no_sense_is_said_at_the_field(verdier: House, wrong: dict[str, str]) -> None:
    answer = browser(verdier.people["owner"]).post(
        url(verdier), {"called": "", "option_language": "", **wrong}
    )
    assert answer.status_code == 422
    assert 'role="alert"' in body(answer)


@pytest.mark.parametrize("role", ["reader", "agent"])
def test_it_takes_a_manager(verdier: House, role: str) -> None:
    client = browser(verdier.people[role])
    assert client.post(url(verdier), {"called": "x"}).status_code == 403
    assert "Called here" not in body(client.get(f"/b/verdier/channels/{verdier.channel.pk}/"))
    assert browser(verdier.stranger).post(url(verdier), {}).status_code == 404
