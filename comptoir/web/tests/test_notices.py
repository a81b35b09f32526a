"""The bell, the page of notices, and the choices of how to be told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.organisation import jobs
from comptoir.organisation.models import Device, Notice, Reach, Taste
from comptoir.organisation.tests.test_pushing import Browser

pytestmark = pytest.mark.django_db
SETTINGS = "/settings/notices/"


@pytest.fixture
def built() -> House:
    built = house()
    hear(built.channel, [said("m1")])
    return built


def body(response: Any) -> str:
    return str(response.content.decode())


def spread() -> None:
    jobs.spread_notices.func(ids=list(Notice.objects.everywhere().values_list("pk", flat=True)))


def test_what_is_given_to_a_person_rings_until_they_look(built: House) -> None:
    thread, agent = built.thread(), built.people["agent"]
    thread.assign(agent, built.people["owner"])
    spread()
    client = browser(built.people["agent"])
    assert "data-bell>1<" in body(client.get(built.url()))
    assert body(client.get("/notices/bell/")) == "1"
    page = body(client.get("/notices/"))
    assert "gave you a conversation on" in page
    assert built.url(f"{thread.pk}/") in page
    assert "data-bell hidden><" in body(client.get(built.url()))
    assert body(client.get("/notices/bell/")) == ""
    assert "gave you" not in body(browser(built.people["owner"]).get("/notices/"))


def test_reading_the_thread_is_being_told(built: House) -> None:
    thread, agent = built.thread(), built.people["agent"]
    thread.assign(agent, built.people["owner"])
    thread.read(agent)
    assert not Notice.objects.of(built.brand).filter(settled_at=None).exists()


def test_giving_it_to_oneself_or_away_tells_nobody(built: House) -> None:
    thread, agent = built.thread(), built.people["agent"]
    thread.assign(agent, agent)
    assert not Notice.objects.of(built.brand).exists()
    thread.assign(agent, built.people["owner"])
    thread.assign(None, built.people["owner"])
    assert not Notice.objects.of(built.brand).filter(settled_at=None).exists()


def test_a_note_tells_those_whom_it_names(built: House) -> None:
    thread, agent = built.thread(), built.people["agent"]
    agent.name = "Élodie Brun"
    agent.save()
    thread.note(
        "Seen with @elodie brun, and @nobody; mail@agent.example is an address", built.people["owner"]
    )
    assert [n.to for n in Notice.objects.of(built.brand).filter(code="note_mention")] == [agent]


def test_another_brand_s_notices_are_not_there(built: House) -> None:
    Notice.post(built.brand.pk, "channel_reconnect", "channel:1", channel="@verdier")
    spread()
    owner = built.people["owner"]
    assert Reach.objects.filter(user=owner).exists()
    client = browser(built.people["owner"])
    built.brand.memberships.filter(user=owner).delete()
    assert "@verdier" not in body(client.get("/notices/"))


def test_choices_are_kept_and_nonsense_is_named(built: House) -> None:
    client = browser(built.people["agent"])
    assert "How you are told" in body(client.get(SETTINGS))
    good = {
        "thread_assigned-mail": "now", "thread_assigned-push": "never", "zone": "Europe/Paris", "quiet_from": "20:00",
        "quiet_until": "07:30", "quiet_days": ["5", "6"], "digest_at": "09:00",
        "chat": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    }  # fmt: skip
    assert client.post(SETTINGS, good).status_code == 302
    taste = Taste.objects.get()
    assert taste.choice("thread_assigned", "mail") == "now"
    assert taste.quiet_days == [5, 6]
    page = body(client.get(SETTINGS))
    assert "Messages go to Discord." in page
    assert "4174216298" not in page
    assert b"4174216298" not in bytes(taste.chat or b"")
    for wrong, (value, words) in {
        "zone": ("Mars/Olympus", "There is no such time zone."),
        "quiet_from": ("late", "Write a time as 08:30."),
        "quiet_until": ("", "Quiet hours have a beginning and an end."),
        "quiet_days": (list("0123456"), "Leave one day a week"),
        "chat": ("http://127.0.0.1/", "no whole address"),
    }.items():
        answer = client.post(SETTINGS, {**good, wrong: value})
        assert answer.status_code == 422
        assert words in body(answer)
    assert Taste.objects.get().zone == "Europe/Paris"
    client.post(SETTINGS, {**good, "chat": "", "chat_off": "on"})
    assert Taste.objects.get().chat is None


def test_a_way_can_be_tried(built: House) -> None:
    client = browser(built.people["agent"])
    assert "on its way" in body(client.post(SETTINGS, {"try": "mail"}, follow=True))
    assert "what a notice looks like" in mail.outbox[0].body
    assert "nowhere to send it" in body(client.post(SETTINGS, {"try": "push"}, follow=True))
    assert "nowhere to send it" in body(client.post(SETTINGS, {"try": "chat"}, follow=True))
    assert client.post(SETTINGS, {"try": "pigeon"}).status_code == 400


def test_a_browser_is_enrolled_and_forgotten(built: House) -> None:
    client, other = browser(built.people["agent"]), browser(built.people["owner"])
    offer = {"subscription": Browser("https://push.test/1").subscription, "name": "Chromium, Linux"}
    answer = client.post("/settings/notices/devices/", json.dumps(offer), content_type="application/json")
    assert answer.status_code == 201
    device = Device.objects.get()
    other.post(SETTINGS, {"forget": device.pk})
    assert Device.objects.exists()
    assert "Chromium, Linux" in body(client.get(SETTINGS))
    client.post(SETTINGS, {"forget": device.pk})
    assert not Device.objects.exists()
    for wrong in ("", "[]", '{"subscription": 3}', "\x00"):
        answer = client.post("/settings/notices/devices/", wrong, content_type="application/json")
        assert answer.status_code == 422


def test_the_script_that_shows_messages_serves_the_whole_house() -> None:
    answer = Client().get("/service-worker.js")
    assert answer["content-type"].startswith("text/javascript")
    assert "showNotification" in body(answer)


def test_the_bell_costs_no_question_more(built: House, django_assert_max_num_queries: Any) -> None:
    client = browser(built.people["agent"])
    client.get(built.url())
    with django_assert_max_num_queries(6):
        client.get(built.url())
