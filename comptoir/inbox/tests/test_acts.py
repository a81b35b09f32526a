"""What people do with a thread, over HTTP: each act, its undo, who may, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from comptoir.inbox import jobs
from comptoir.inbox.models import Reading, Reply, Thread
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks import sending
from comptoir.networks.connector import Counts
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Channel, Delivery, Hold, Snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def say(verdier: House) -> Any:
    hear(verdier.channel, [said("m0", minutes_ago=30)])
    return verdier.thread()


def post(verdier: House, thread: Any, noun: str, who: str = "agent", htmx: bool = False, **data: Any) -> Any:
    client = browser(verdier.people[who])
    return client.post(verdier.url(f"{thread.pk}/{noun}/"), data, follow=not htmx, **(HTMX if htmx else {}))


@pytest.mark.parametrize("htmx", [False, True])
def test_reply_and_undo(verdier: House, htmx: bool, settings: Any) -> None:
    settings.SEND_DELAY = 4
    thread = say(verdier)
    page = post(verdier, thread, "replies", htmx=htmx, text="Hello Person", seen="0", key="a" * 32)
    assert page.status_code == 200
    assert "Hello Person" in body(page)
    assert "Your reply leaves in a moment." in body(page)
    reply = Reply.objects.get(thread=thread)
    assert reply.delivery.text == "Hello Person"
    undone = post(verdier, thread, f"replies/{reply.pk}/withdrawal", htmx=htmx)
    assert "Hello Person</textarea>" in body(undone)
    assert Delivery.objects.of(verdier.brand).get().state == "withdrawn"
    late = post(verdier, thread, f"replies/{reply.pk}/withdrawal", htmx=htmx)
    assert "Too late to undo" in body(late)


def test_an_answer_that_left_is_taken_back(verdier: House) -> None:
    thread = say(verdier)
    reply = thread.reply("Too fast", verdier.people["owner"])
    url = f"replies/{reply.pk}/deletion"
    assert "nothing was taken back" in body(post(verdier, thread, url))
    sending.attempt(Delivery.objects.of(verdier.brand).select_related("channel", "target__actor").get())
    jobs.gather.func(verdier.channel.pk, [Row.objects.everywhere().latest("pk").pk], [])
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{thread.pk}/")))
    assert f"/{url}/" in page
    assert page.count("Too fast</p>") == 1
    assert "The network is asked to delete it." in body(post(verdier, thread, url))
    assert Delivery.objects.of(verdier.brand).filter(act="delete").count() == 1
    assert post(verdier, thread, "replies/999/deletion").status_code == 404
    assert post(verdier, thread, url, who="reader").status_code == 403


def test_what_the_network_counts_is_shown(verdier: House) -> None:
    thread = say(verdier)
    message = thread.entries.get().activity_id
    Snapshot.keep({message: Counts("m0", likes=1, reposts=0, quotes=None)})
    Snapshot.keep({message: Counts("m0", likes=3, reposts=1, quotes=None)})
    assert "3 likes, 1 repost<" in body(browser(verdier.people["reader"]).get(verdier.url(f"{thread.pk}/")))


def test_a_form_sent_twice_is_one_reply(verdier: House) -> None:
    thread = say(verdier)
    for _ in range(2):
        post(verdier, thread, "replies", text="Once", seen="0", key="b" * 32)
    assert Reply.objects.filter(thread=thread).count() == 1


def test_a_colleague_who_was_faster_is_shown(verdier: House) -> None:
    thread = say(verdier)
    thread.reply("I have it", verdier.people["owner"])
    page = post(verdier, thread, "replies", htmx=True, text="Me too", seen="0", key="c" * 32)
    assert page.status_code == 409
    assert "Owner answered" in body(page)
    assert "Send anyway" in body(page)
    seen = re.search(r'name="seen" value="(\d+)"', body(page))
    assert seen
    again = post(verdier, thread, "replies", htmx=True, text="Me too", seen=seen[1], key="c" * 32)
    assert again.status_code == 200
    assert Reply.objects.filter(thread=thread).count() == 2


@pytest.mark.parametrize(
    ("text", "word"), [("", "Write something"), ("x" * 301, "too long"), ("x" * 200_000, "100000")]
)
def test_words_that_do_not_fit_come_back(verdier: House, text: str, word: str) -> None:
    thread = say(verdier)
    page = post(verdier, thread, "replies", text=text, seen="0", key="d" * 32)
    assert page.status_code == 422
    assert word in body(page)
    assert not Reply.objects.exists()


def test_the_network_counts(verdier: House) -> None:
    thread = say(verdier)
    client = browser(verdier.people["agent"])
    counted = client.post(verdier.url(f"{thread.pk}/length/"), {"text": "👨‍👩‍👧‍👦é"}).json()
    assert counted == {"count": 2, "limit": 300, "over": -298}


def test_note_and_undo(verdier: House) -> None:
    thread = say(verdier)
    page = post(verdier, thread, "notes", text="only us")
    assert "only us" in body(page)
    note = thread.notes.get()
    assert "only us" not in body(post(verdier, thread, f"notes/{note.pk}/withdrawal"))
    assert post(verdier, thread, "notes", text="").status_code == 422


def test_assign_take_give_back_and_undo(verdier: House) -> None:
    thread = say(verdier)
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    assert "You have it now." in body(post(verdier, thread, "assignment", to=agent.pk))
    assert "Owner has it now." in body(post(verdier, thread, "assignment", to=owner.pk))
    last = thread.assignments.latest("pk")
    post(verdier, thread, f"assignments/{last.pk}/withdrawal")
    assert Thread.objects.of(verdier.brand).get().assignee == agent
    assert "Nobody has it now." in body(post(verdier, thread, "assignment", to=""))
    for wrong in (verdier.people["reader"].pk, verdier.stranger.pk, "x", 10**30, -1):
        assert post(verdier, thread, "assignment", to=wrong).status_code == 400


def test_close_reopen_undo(verdier: House) -> None:
    thread = say(verdier)
    assert "Closed." in body(post(verdier, thread, "closure"))
    assert not Thread.objects.of(verdier.brand).filter(closed_at=None).exists()
    assert "Open again." in body(post(verdier, thread, "closure", state="open"))
    client = browser(verdier.people["agent"])
    post(verdier, thread, "closure")
    assert client.delete(verdier.url(f"{thread.pk}/closure/"), **HTMX).status_code == 200
    assert Thread.objects.of(verdier.brand).filter(closed_at=None).count() == 1


def test_unread_again(verdier: House) -> None:
    thread = say(verdier)
    reader = verdier.people["reader"]
    browser(reader).get(verdier.url(f"{thread.pk}/"))
    assert browser(reader).post(verdier.url(f"{thread.pk}/reading/"), {"state": "unread"}).status_code == 302
    assert not Reading.objects.filter(user=reader).exists()
    assert (
        browser(reader).delete(verdier.url(f"{thread.pk}/reading/"), **HTMX)["HX-Location"] == verdier.url()
    )


def test_undo_is_for_one_s_own_acts(verdier: House) -> None:
    thread = say(verdier)
    note = thread.note("mine", verdier.people["owner"])
    assert post(verdier, thread, f"notes/{note.pk}/withdrawal").status_code == 404


def test_a_reader_sees_and_does_nothing(verdier: House) -> None:
    thread = say(verdier)
    page = body(browser(verdier.people["reader"]).get(verdier.url(f"{thread.pk}/")))
    assert "<textarea" not in page
    assert 'id="closure"' not in page
    for noun in ("replies", "notes", "assignment", "closure", "length", "replies/1/withdrawal"):
        answer = post(verdier, thread, noun, who="reader", text="x")
        assert answer.status_code == 403
        assert "role" in body(answer)


def test_a_lost_channel_says_why_nothing_can_leave(verdier: House) -> None:
    thread = say(verdier)
    Channel.objects.of(verdier.brand).update(state="reconnect")
    page = body(browser(verdier.people["manager"]).get(verdier.url(f"{thread.pk}/")))
    assert "has to be connected again" in page
    assert "Connect it again" in page
    assert post(verdier, thread, "replies", text="x", key="e" * 32).status_code == 400


def test_what_became_of_an_answer_is_shown(verdier: House) -> None:
    thread = say(verdier)
    reply = thread.reply("Hello", verdier.people["agent"])
    client = browser(verdier.people["agent"])
    Delivery.objects.of(verdier.brand).update(state="uncertain", code="uncertain")
    page = body(client.get(verdier.url(f"{thread.pk}/")))
    assert "It is not there: send it" in page
    assert f"/b/verdier/deliveries/{reply.delivery_id}/settlement/" in page
    Delivery.objects.of(verdier.brand).update(state="refused", code="target_gone")
    page = body(client.get(verdier.url(f"{thread.pk}/")))
    assert "was taken back by its author" in page
    again = body(client.get(verdier.url(f"{thread.pk}/?again={reply.delivery_id}")))
    assert "Hello</textarea>" in again


def test_an_answer_that_a_hold_kept_says_that_somebody_decides(verdier: House) -> None:
    thread = say(verdier)
    thread.reply("Hello", verdier.people["agent"])
    client = browser(verdier.people["agent"])
    assert "a hold kept it" not in body(client.get(verdier.url(f"{thread.pk}/")))
    hold = Hold.place("storm", verdier.people["owner"], verdier.brand, replies=True)
    Delivery.objects.of(verdier.brand).update(not_before=clock.now())
    hold.lift(verdier.people["owner"])
    page = body(client.get(verdier.url(f"{thread.pk}/")))
    assert "a hold kept it" in page
    assert 'href="/b/verdier/decisions/"' in page
