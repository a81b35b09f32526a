"""Who is at a thread, whose hand is on the answer, and words that have not left yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from time_machine import travel

from comptoir.inbox.jobs import sweep_presence, work_ended
from comptoir.inbox.models import Draft, Lock, Locked, Presence, Reply
from comptoir.inbox.models.writing import (
    HELD,
    HERE,
    LEFT,
    hold,
    lock_of,
    look,
    release,
    take_over,
    who_is_here,
)
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.organisation.models import AuditEntry, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0", minutes_ago=30)])
    return made


def body(response: Any) -> str:
    return str(response.content.decode())


def post(verdier: House, who: str, noun: str, **data: Any) -> Any:
    return browser(verdier.people[who]).post(verdier.url(f"{verdier.thread().pk}/{noun}/"), data, **HTMX)


def states(verdier: House, of: str) -> dict[str, str]:
    found = who_is_here(verdier.brand.pk, verdier.people[of].pk)
    return {here.name: here.state for here in found}


# --- the lock


def test_one_hand_on_an_answer(verdier: House) -> None:
    thread, agent, owner = verdier.thread(), verdier.people["agent"], verdier.people["owner"]
    hold(thread, agent)
    hold(thread, agent)
    with pytest.raises(Locked) as theirs:
        hold(thread, owner)
    assert theirs.value.lock.by == agent
    release(thread, owner)
    assert lock_of(thread) is not None
    release(thread, agent)
    hold(thread, owner)


def test_a_lock_lapses_and_what_is_written_on_begins_anew(verdier: House) -> None:
    thread, agent, owner = verdier.thread(), verdier.people["agent"], verdier.people["owner"]
    hold(thread, agent)
    begun = Lock.objects.get().since
    with travel(clock.now() + HELD / 2):
        hold(thread, agent)
        assert Lock.objects.get().since == begun
    with travel(clock.now() + HELD * 2):
        hold(thread, owner)
        assert Lock.objects.get().by == owner
        assert Lock.objects.get().since > begun


def test_taking_over_tells_whoever_was_writing(verdier: House) -> None:
    thread, agent, owner = verdier.thread(), verdier.people["agent"], verdier.people["owner"]
    assert take_over(thread, owner) is None
    assert take_over(thread, owner) is None
    assert take_over(thread, agent) == owner
    told = Notice.objects.of(verdier.brand).get(code="thread_taken_over")
    assert told.to == owner
    assert AuditEntry.objects.of(verdier.brand).get(what="taken_over").facts["colleague"] == "Owner"
    with pytest.raises(Locked):
        hold(thread, owner)


def test_nothing_leaves_under_a_colleague_s_hand(verdier: House) -> None:
    thread = verdier.thread()
    hold(thread, verdier.people["owner"])
    refused = post(verdier, "agent", "replies", text="Mine", seen="0", key="a" * 32)
    assert refused.status_code == 409
    assert "Owner is writing the answer. Yours did not leave" in body(refused)
    assert "Mine</textarea>" in body(refused)
    assert not Reply.objects.exists()
    assert Draft.objects.get().text == "Mine"
    taken = post(verdier, "agent", "lock")
    assert "You answer it now, and Owner has been told." in body(taken)
    assert "Mine</textarea>" in body(taken)
    assert post(verdier, "agent", "replies", text="Mine", seen="0", key="a" * 32).status_code == 200
    assert Reply.objects.get().author == verdier.people["agent"]
    assert not Lock.objects.exists()
    assert not Draft.objects.exists()


def test_the_page_of_a_locked_thread_says_so(verdier: House) -> None:
    thread = verdier.thread()
    hold(thread, verdier.people["owner"])
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{thread.pk}/")))
    assert "Owner is writing the answer. What you write here is kept" in page
    assert "readonly" in page
    own = body(browser(verdier.people["owner"]).get(verdier.url(f"{thread.pk}/")))
    assert "readonly" not in own
    reader = body(browser(verdier.people["reader"]).get(verdier.url(f"{thread.pk}/")))
    assert "Take over" not in reader
    assert "Owner is writing an answer" in reader


def test_letting_go(verdier: House) -> None:
    hold(verdier.thread(), verdier.people["agent"])
    assert "Colleagues can answer it now." in body(post(verdier, "agent", "lock", do="release"))
    assert not Lock.objects.exists()


# --- drafts


def test_what_is_written_is_kept_for_another_browser(verdier: House) -> None:
    thread = verdier.thread()
    kept = post(verdier, "agent", "draft", kind="reply", text="Dear\r\nPerson", key="a" * 32)
    assert kept.status_code == 200
    assert lock_of(thread).by == verdier.people["agent"]  # type: ignore[union-attr]
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{thread.pk}/")))
    assert "Dear\nPerson</textarea>" in page
    assert "Dear" not in body(browser(verdier.people["owner"]).get(verdier.url(f"{thread.pk}/")))
    assert post(verdier, "agent", "draft", kind="reply", text=" ").status_code == 200
    assert not Draft.objects.exists()
    assert not Lock.objects.exists()


def test_a_colleague_s_lock_keeps_no_words_from_being_kept(verdier: House) -> None:
    hold(verdier.thread(), verdier.people["owner"])
    late = post(verdier, "agent", "draft", kind="reply", text="Late words")
    assert late.status_code == 409
    assert "Owner is writing the answer" in body(late)
    assert Draft.objects.get().text == "Late words"
    note = post(verdier, "agent", "draft", kind="note", text="Colleagues!")
    assert note.status_code == 200
    assert Draft.objects.count() == 2


def test_a_note_begun_opens_as_a_note(verdier: House) -> None:
    post(verdier, "agent", "draft", kind="note", text="For us")
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{verdier.thread().pk}/")))
    assert "For us</textarea>" in page
    assert 'value="note" checked' in page


def test_what_was_sent_is_not_kept_by_a_save_that_comes_late(verdier: House) -> None:
    post(verdier, "agent", "replies", text="Sent", seen="0", key="b" * 32)
    post(verdier, "agent", "draft", kind="reply", text="Sent", key="b" * 32)
    post(verdier, "agent", "notes", text="Noted")
    post(verdier, "agent", "draft", kind="note", text="Noted ")
    assert not Draft.objects.exists()
    post(verdier, "agent", "draft", kind="reply", text="Another", key="c" * 32)
    assert Draft.objects.get().text == "Another"


@pytest.mark.parametrize(
    "data", [{}, {"kind": "tweet", "text": "x"}, {"kind": "note", "text": "x" * 100_001}]
)
def test_what_cannot_be_kept_is_refused(verdier: House, data: dict[str, str]) -> None:
    assert post(verdier, "agent", "draft", **data).status_code == 400
    assert post(verdier, "reader", "draft", kind="note", text="x").status_code == 403


# --- presence


def test_colleagues_see_who_reads_who_is_away_and_who_writes(verdier: House) -> None:
    post(verdier, "agent", "presence", state="reading")
    assert states(verdier, "owner") == {"Agent": "reading"}
    assert states(verdier, "agent") == {}
    post(verdier, "agent", "presence", state="away")
    assert states(verdier, "owner") == {"Agent": "away"}
    post(verdier, "agent", "draft", kind="reply", text="Dear")
    assert states(verdier, "owner") == {"Agent": "writing"}
    assert post(verdier, "agent", "presence", state="left").status_code == 204
    assert states(verdier, "owner") == {"Agent": "writing"}
    assert post(verdier, "agent", "presence", state="asleep").status_code == 400
    assert not who_is_here(verdier.brand.pk + 1_000, 0)


def test_a_page_that_says_nothing_fades_and_goes(verdier: House) -> None:
    look(verdier.thread(), verdier.people["agent"])
    with travel(clock.now() + HERE + timedelta(seconds=1)):
        assert states(verdier, "owner") == {"Agent": "away"}
    with travel(clock.now() + LEFT + timedelta(seconds=1)):
        assert states(verdier, "owner") == {}
        sweep_presence.func(timestamp=0)
        assert Presence.objects.count() == 1
    with travel(clock.now() + timedelta(hours=2)):
        sweep_presence.func(timestamp=0)
        sweep_presence.func(timestamp=0)
    assert not Presence.objects.exists()


def test_the_list_asks_once_for_all_threads(verdier: House) -> None:
    thread = verdier.thread()
    look(thread, verdier.people["agent"])
    look(thread, verdier.people["reader"])
    hold(thread, verdier.people["reader"])
    told = browser(verdier.people["owner"]).get(verdier.url("presence/")).json()
    assert told == {
        str(thread.pk): {"sign": "R", "state": "writing", "words": "Reader is writing an answer", "more": 1}
    }
    assert browser(verdier.stranger).get(verdier.url("presence/")).status_code == 404


def test_who_leaves_leaves_nothing_half_written(verdier: House) -> None:
    agent = verdier.people["agent"]
    post(verdier, "agent", "draft", kind="reply", text="Dear")
    post(verdier, "agent", "presence", state="reading")
    verdier.brand.dismiss(agent)
    for _twice in range(2):
        work_ended.func(verdier.brand.pk, agent.pk, None)
    assert not Draft.objects.exists()
    assert not Lock.objects.exists()
    assert states(verdier, "owner") == {}


def test_only_what_changed_is_told(
    verdier: House, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "comptoir.inbox.models.writing.nudge", lambda brand, threads=(), what="threads": told.append(what)
    )
    thread, agent = verdier.thread(), verdier.people["agent"]
    look(thread, agent)
    look(thread, agent)
    hold(thread, agent)
    hold(thread, agent)
    look(thread, agent, away=True)
    assert told == [f"presence:{thread.pk}"] * 3
