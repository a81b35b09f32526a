"""What the history offers, on the page."""

from typing import Any

import pytest

from comptoir.inbox import jobs
from comptoir.inbox.models import Thread
from comptoir.inbox.tests.building import House, browser, house, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house()


def offered(verdier: House) -> None:
    ids = verdier.channel.receive([said("old", minutes_ago=60 * 30)], historic=True)
    jobs.gather.func(channel_id=verdier.channel.pk, new=ids, changed=[])


def page(verdier: House, role: str, query: str = "") -> str:
    return str(browser(verdier.people[role]).get(verdier.url(query)).content.decode())


def test_threads_from_before_are_offered_seen_and_taken_up(verdier: House) -> None:
    offered(verdier)
    assert "1 thread from before was never answered." in page(verdier, "agent")
    assert '<li id="t' in page(verdier, "agent", "?show=offered")
    assert "Take them up" not in page(verdier, "reader")
    answer: Any = browser(verdier.people["agent"]).post(
        verdier.url().replace("threads/", "offers/"), {"do": "take"}
    )
    assert answer.status_code == 302
    assert Thread.objects.of(verdier.brand).filter(closed_at=None).count() == 1
    assert "from before" not in page(verdier, "agent")


def test_they_can_be_left_and_readers_decide_nothing(verdier: House) -> None:
    offered(verdier)
    url = verdier.url().replace("threads/", "offers/")
    assert browser(verdier.people["reader"]).post(url, {"do": "leave"}).status_code == 403
    assert browser(verdier.people["agent"]).post(url, {"do": "dance"}).status_code == 400
    browser(verdier.people["agent"]).post(url, {"do": "leave"})
    assert "from before" not in page(verdier, "agent")
    assert not Thread.objects.of(verdier.brand).filter(closed_at=None).exists()
