"""Where threads stand, how they get there and back, and who hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from time_machine import travel

from comptoir.inbox.jobs import wake_up
from comptoir.inbox.models import Follow, Pause, Thread
from comptoir.inbox.models.listed import listed
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Kind
from comptoir.organisation.models import AuditEntry, NameTaken, Notice, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0", minutes_ago=30)])
    return made


def body(response: Any) -> str:
    return str(response.content.decode())


def post(verdier: House, noun: str, who: str = "agent", **data: Any) -> Any:
    return browser(verdier.people[who]).post(verdier.url(f"{verdier.thread().pk}/{noun}/"), data, **HTMX)


def shown(verdier: House, show: str, who: str = "agent") -> list[int]:
    return [row.pk for row in listed(verdier.brand.pk, verdier.people[who].pk, show)]


def told(verdier: House, who: str) -> list[str]:
    rows = Notice.objects.of(verdier.brand).filter(to=verdier.people[who], settled_at=None)
    return sorted(rows.values_list("code", flat=True))


def again(verdier: House) -> None:
    hear(verdier.channel, [said("m1", kind=Kind.REPLY, in_reply_to="m0", minutes_ago=1)])


def test_a_thread_is_new_until_a_colleague_does_something(verdier: House) -> None:
    assert verdier.thread().state == "new"
    browser(verdier.people["agent"]).get(verdier.url(f"{verdier.thread().pk}/"))
    assert verdier.thread().state == "new"
    verdier.thread().note("Seen", verdier.people["agent"])
    assert verdier.thread().state == "open"


@pytest.mark.parametrize(
    ("until", "state", "words"),
    [
        ("person", "person", "Set aside until they answer."),
        ("colleague", "colleague", "Set aside until a colleague says something."),
        ("hour", "moment", "Put off until"),
        ("tomorrow", "moment", "Put off until"),
    ],
)
def test_what_is_set_aside_is_in_a_list_of_its_own(
    verdier: House, until: str, state: str, words: str
) -> None:
    thread = verdier.thread()
    page = body(post(verdier, "pause", until=until))
    assert words in page
    assert verdier.thread().state == state
    assert shown(verdier, "open") == shown(verdier, "unread") == []
    assert shown(verdier, "waiting") == [thread.pk]
    assert f'action="{verdier.url(f"{thread.pk}/pause/")}"' in page
    assert "Open again." in body(post(verdier, "pause", state="open"))
    assert shown(verdier, "open") == [thread.pk]
    assert Pause.objects.get().ended_by == verdier.people["agent"]


def test_whatever_comes_in_takes_it_up_again(verdier: House) -> None:
    verdier.thread().pause("moment", verdier.people["agent"], clock.now() + timedelta(days=3))
    again(verdier)
    thread = verdier.thread()
    assert thread.state == "open"
    assert thread.wakes_at is None
    assert Pause.objects.get().ended_at is not None


def test_what_was_put_off_comes_back_and_tells_who_did_it(verdier: House) -> None:
    agent = verdier.people["agent"]
    verdier.thread().pause("moment", agent, clock.now() + timedelta(hours=1))
    wake_up.func(timestamp=0)
    assert verdier.thread().state == "moment"
    with travel(clock.now() + timedelta(hours=2)):
        wake_up.func(timestamp=0)
        wake_up.func(timestamp=0)
    assert verdier.thread().state == "open"
    assert told(verdier, "agent") == ["thread_awake"]
    assert Notice.objects.of(verdier.brand).filter(code="thread_awake").count() == 1


def test_a_colleague_s_word_ends_the_wait_for_one(verdier: House) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    verdier.thread().pause("colleague", agent)
    verdier.thread().note("Does anybody know?", agent)
    assert verdier.thread().state == "colleague"
    verdier.thread().note("I do", owner)
    assert verdier.thread().state == "open"


@pytest.mark.parametrize("at", [timedelta(minutes=-1), timedelta(days=367)])
def test_no_moment_of_the_past_and_none_too_far(verdier: House, at: timedelta) -> None:
    moment = (clock.now() + at).strftime("%Y-%m-%dT%H:%M")
    refused = post(verdier, "pause", until="date", at=moment)
    assert refused.status_code == 422
    assert "Choose a moment that is still to come" in body(refused)
    assert post(verdier, "pause", until="date").status_code == 422
    assert post(verdier, "pause", until="date", at="soon").status_code == 422
    assert post(verdier, "pause", until="never").status_code == 422
    assert verdier.thread().state == "new"


def test_closing_ends_a_wait_and_what_is_closed_does_not_wait(verdier: House) -> None:
    agent = verdier.people["agent"]
    verdier.thread().pause("person", agent)
    verdier.thread().close(agent)
    assert verdier.thread().state == "closed"
    assert verdier.thread().waits == ""
    assert Pause.objects.get().ended_at is not None
    assert "It is closed: reopen it first." in body(post(verdier, "pause", until="person"))


def test_how_much_it_presses(verdier: House) -> None:
    assert "Urgent" in body(post(verdier, "priority", priority="2"))
    assert verdier.thread().priority == 2
    page = body(browser(verdier.people["reader"]).get(verdier.url()))
    assert '<span class="unseen">Urgent</span>' in page
    assert post(verdier, "priority", priority="9").status_code == 422
    verdier.thread().prioritise(2, verdier.people["agent"])
    assert AuditEntry.objects.of(verdier.brand).filter(what="prioritised").count() == 1


def test_who_follows_hears_of_it(verdier: House) -> None:
    assert "You follow it" in body(post(verdier, "following", who="reader"))
    post(verdier, "following", who="reader")
    assert Follow.objects.count() == 1
    assert shown(verdier, "followed", "reader") == [verdier.thread().pk]
    verdier.thread().close(verdier.people["agent"])
    assert told(verdier, "reader") == ["thread_followed"]
    assert told(verdier, "agent") == []
    again(verdier)
    assert told(verdier, "reader") == ["thread_answered", "thread_followed"]
    browser(verdier.people["reader"]).get(verdier.url(f"{verdier.thread().pk}/"))
    assert told(verdier, "reader") == []
    post(verdier, "following", who="reader", state="off")
    verdier.thread().close(verdier.people["agent"])
    assert told(verdier, "reader") == []


# --- teams


def team(verdier: House, name: str = "Night", *roles: str) -> Team:
    members = [verdier.people[role] for role in roles or ("agent",)]
    return Team.make(verdier.brand, name, [*members, verdier.stranger], verdier.people["owner"])


def test_what_is_a_team_s_waits_for_any_of_them(verdier: House) -> None:
    night, thread = team(verdier), verdier.thread()
    assert [user.name for user in night.members.all()] == ["Agent"]
    page = body(post(verdier, "assignment", who="owner", team=night.pk))
    assert "Night has it now." in page
    assert shown(verdier, "team") == [thread.pk]
    assert shown(verdier, "team", "owner") == []
    post(verdier, "assignment", to=verdier.people["agent"].pk)
    assert (verdier.thread().assignee, verdier.thread().team) == (verdier.people["agent"], night)
    act = thread.assignments.order_by("-pk")[0]
    act.undo()
    assert (verdier.thread().assignee, verdier.thread().team) == (None, night)
    post(verdier, "assignment", who="owner", to="")
    assert (verdier.thread().assignee, verdier.thread().team) == (None, None)
    number = night.pk
    night.dissolve(verdier.people["owner"])
    assert post(verdier, "assignment", team=number).status_code == 400


def test_teams_have_names_of_their_own(verdier: House) -> None:
    night = team(verdier)
    with pytest.raises(NameTaken):
        team(verdier)
    day = team(verdier, "Day", "owner", "agent")
    with pytest.raises(NameTaken):
        day.change("Night", [], verdier.people["owner"])
    night.change("Late", [verdier.people["owner"]], verdier.people["owner"])
    assert [user.name for user in night.members.all()] == ["Owner"]
    verdier.brand.dismiss(verdier.people["agent"])
    assert [user.name for user in day.members.all()] == ["Owner"]


# --- merging


def two(verdier: House) -> tuple[Any, Any]:
    """Two conversations of one person: the earlier and the later one."""
    hear(verdier.channel, [said("x0", minutes_ago=20)])
    later, first = Thread.objects.of(verdier.brand).order_by("-last_at")
    return first, later


def spoken(thread: Any) -> list[str]:
    return list(thread.entries.order_by("at").values_list("activity__remote_id", flat=True))


def test_two_threads_become_one_and_two_again(verdier: House) -> None:
    first, later = two(verdier)
    agent = verdier.people["agent"]
    first.note("From before", agent)
    first.reply("We are looking into it", agent)
    merged = browser(agent).post(verdier.url(f"{first.pk}/merges/"), {"into": ["", str(later.pk)]}, **HTMX)
    assert f"Everything of thread {first.pk} is here now." in body(merged)
    assert "From before" in body(merged)
    assert spoken(later) == ["m0", "x0"]
    later.refresh_from_db()
    assert later.messages == 2
    assert shown(verdier, "all") == shown(verdier, "open") == [later.pk]
    gone = body(browser(agent).get(verdier.url(f"{first.pk}/")))
    assert f"Merged into thread {later.pk}" in gone
    hear(verdier.channel, [said("m1", kind=Kind.REPLY, in_reply_to="m0", minutes_ago=1)])
    hear(verdier.channel, [said("m2", conversation="m0", minutes_ago=1)])
    assert set(spoken(later)) == {"m0", "x0", "m1", "m2"}
    act = first.merges.get()
    back = browser(agent).post(verdier.url(f"{first.pk}/merges/{act.pk}/withdrawal/"), **HTMX)
    assert "It is as it was." in body(back)
    assert spoken(first) == ["m0"]
    assert first.replies.count() == first.notes.count() == 1
    assert set(spoken(later)) == {"x0", "m1", "m2"}
    assert not act.undo()
    assert set(shown(verdier, "open")) == {first.pk, later.pk}


def test_what_cannot_be_merged_says_why(verdier: House) -> None:
    first, later = two(verdier)
    other = house("lebrun")
    hear(other.channel, [said("y0", minutes_ago=20)])
    for into, words in [
        (first.pk, "That is this thread itself."),
        (other.thread().pk, "There is no thread of that number"),
        ("", "Give the number of a thread"),
        ("none", "Give the number of a thread"),
    ]:
        refused = browser(verdier.people["agent"]).post(
            verdier.url(f"{first.pk}/merges/"), {"into": str(into)}, **HTMX
        )
        assert refused.status_code == 422
        assert words in body(refused)
    assert spoken(first) == ["m0"]
    assert spoken(later) == ["x0"]


def test_one_thread_becomes_two_and_one_again(verdier: House) -> None:
    again(verdier)
    thread = verdier.thread()
    first, second = thread.entries.order_by("at")
    refused = post(verdier, f"messages/{first.pk}/splits")
    assert refused.status_code == 422
    made = post(verdier, f"messages/{second.pk}/splits")
    assert "These messages are a thread of their own now." in body(made)
    fresh = Thread.objects.of(verdier.brand).exclude(pk=thread.pk).get()
    assert spoken(thread) == ["m0"]
    assert spoken(fresh) == ["m1"]
    assert fresh.person == thread.person
    hear(verdier.channel, [said("m2", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=0.5)])
    assert spoken(fresh) == ["m1", "m2"]
    assert thread.merges.get().undo()
    assert spoken(thread) == ["m0", "m1", "m2"]
    assert shown(verdier, "all") == [thread.pk]
