"""What somebody writes into the composer and does not keep: theirs alone, and there when they come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.kernel import clock
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand, Membership, User
from comptoir.publishing import jobs
from comptoir.publishing.models import Post, Unkept
from comptoir.publishing.models.unkept import KEPT_FOR, WRITING_FOR
from comptoir.publishing.tests.building import House, Wall, browser, draft, house

pytestmark = pytest.mark.django_db
NEW = "/b/verdier/posts/new/"
LOOKS = "/b/verdier/posts/looks/"


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


def form(of: House, text: str, number: int = 0, **more: Any) -> dict[str, Any]:
    """What the composer sends."""
    return {"number": str(number), "language": "en", "part-||": text, "channel": [str(of.channel.pk)], **more}


def page(client: Any, address: str) -> str:
    return str(client.get(address).content.decode())


def test_what_was_written_is_there_when_its_writer_comes_back(verdier: House) -> None:
    agent, other = browser(verdier.people["agent"]), browser(verdier.people["manager"])
    assert "did not keep it" not in page(agent, NEW)
    assert agent.post(LOOKS, form(verdier, "Half a sen")).status_code == 200
    agent.post(LOOKS, form(verdier, "Half a sentence"))
    assert Unkept.objects.of(verdier.brand).count() == 1
    assert "did not keep it" in page(agent, NEW)
    assert "Half a sentence" not in page(agent, NEW)
    assert "Half a sentence" in page(agent, f"{NEW}?taking=1")
    assert "did not keep it" not in page(other, NEW)
    assert agent.post(NEW, form(verdier, "A whole sentence", act="keep")).status_code == 302
    assert not Unkept.objects.of(verdier.brand).exists()
    assert Post.objects.of(verdier.brand).get().name == "A whole sentence"


def test_it_is_forgotten_where_that_is_wished(verdier: House) -> None:
    agent = browser(verdier.people["agent"])
    agent.post(LOOKS, form(verdier, "No"))
    assert agent.post(NEW, {"act": "forget"}).status_code == 302
    assert "did not keep it" not in page(agent, NEW)


def test_what_is_kept_already_is_not_offered(verdier: House) -> None:
    agent = browser(verdier.people["agent"])
    post = draft(verdier.brand, verdier.people["agent"], verdier.channel, text="Open at nine")
    place = f"/b/verdier/posts/{post.pk}/"
    same = form(verdier, "Open at nine", post.number, reason="a test")
    agent.post(f"{LOOKS}?post={post.pk}", same)
    assert "did not keep it" not in page(agent, place)
    agent.post(f"{LOOKS}?post={post.pk}", same | {"part-||": "Open at ten"})
    assert "did not keep it" in page(agent, place)
    assert "did not keep it" not in page(agent, NEW)


def test_what_was_changed_meanwhile_is_shown_against_it(verdier: House) -> None:
    agent, other = browser(verdier.people["agent"]), browser(verdier.people["manager"])
    post = draft(verdier.brand, verdier.people["agent"], verdier.channel, text="Open at nine")
    place = f"/b/verdier/posts/{post.pk}/"
    agent.post(f"{LOOKS}?post={post.pk}", form(verdier, "Open at ten", 1))
    other.post(place, form(verdier, "Open at eleven", 1, act="keep", reason="a test"))
    taken = page(agent, f"{place}?taking=1")
    assert "Open at ten" in taken
    assert '<input type="hidden" name="number" value="1">' in taken
    assert agent.post(place, form(verdier, "Open at ten", 1, act="keep")).status_code == 409


def test_who_else_writes_in_a_post_is_said_for_a_while(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, other = browser(verdier.people["agent"]), browser(verdier.people["manager"])
    post = draft(verdier.brand, verdier.people["agent"], verdier.channel)
    address = f"{LOOKS}?post={post.pk}"
    agent.post(address, form(verdier, "Mine", 1))
    assert (
        "Agent is writing in this post as well" in other.post(address, form(verdier, "x", 1)).content.decode()
    )
    assert "Manager is writing in this post as well" in page(agent, f"/b/verdier/posts/{post.pk}/")
    later = clock.now() + WRITING_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "is writing in this post" not in page(agent, f"/b/verdier/posts/{post.pk}/")


def test_nothing_is_noted_of_another_brands_post(verdier: House) -> None:
    agent = browser(verdier.people["agent"])
    other = Brand.objects.create(name="Other", slug="other")
    theirs = draft(other, User.objects.create_user("x@example.org"))
    agent.post(f"{LOOKS}?post={theirs.pk}", form(verdier, "Mine"))
    assert not Unkept.objects.everywhere().exists()
    assert browser(verdier.people["reader"]).post(LOOKS, form(verdier, "Mine")).status_code == 403


def test_whoever_sees_some_channels_has_theirs_as_well(verdier: House) -> None:
    agent = verdier.people["agent"]
    post = draft(verdier.brand, agent, verdier.channel)
    Membership.objects.filter(user=agent).update(channels=[verdier.channel.pk])
    for address in (LOOKS, f"{LOOKS}?post={post.pk}"):
        for text in ("Half", "Half a sentence"):
            assert browser(agent).post(address, form(verdier, text)).status_code == 200
    assert "did not keep it" in page(browser(agent), NEW)
    assert "did not keep it" in page(browser(agent), f"/b/verdier/posts/{post.pk}/")


def test_it_goes_with_the_work_of_its_writer_and_with_time(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("agent", "manager"):
        browser(verdier.people[who]).post(LOOKS, form(verdier, "Mine"))
    agent = verdier.people["agent"]
    Membership.objects.filter(user=agent).delete()
    jobs.forget_unkept.func(brand_id=verdier.brand.pk, user_id=agent.pk, by_id=None)
    assert list(Unkept.objects.of(verdier.brand).values_list("user", flat=True)) == [
        verdier.people["manager"].pk
    ]
    later = clock.now() + KEPT_FOR + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    jobs.turn_calendar.func(timestamp=0)
    assert not Unkept.objects.everywhere().exists()
