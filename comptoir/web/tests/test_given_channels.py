"""Whoever is given some channels works on these alone: lists, acts on many, the next one, notices, figures."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.inbox import jobs
from comptoir.inbox.models import Assignment, Bulk, Thread
from comptoir.inbox.tests.building import HTMX, TOWN, House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.measurement import counting
from comptoir.networks.models import Channel
from comptoir.organisation import reaching
from comptoir.organisation.models import Dispatch, Membership, Notice, Reach, User
from comptoir.organisation.models.terms import Terms
from comptoir.organisation.tests.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house()


@pytest.fixture
def second(verdier: House) -> Channel:
    """Another channel of the brand; on each of the two a thread."""
    first = verdier.channel
    made = Channel.objects.create(
        brand=verdier.brand, network=TOWN, remote_id="second", handle="@second", name="Second",
        settings=first.settings, next_fetch=first.next_fetch, next_recheck=first.next_recheck, history_done=True,
    )  # fmt: skip
    hear(first, [said("a1", "first words about tea")])
    hear(made, [said("b1", "second words about tea", by=7)])
    return made


@pytest.fixture
def anna(verdier: House, second: Channel) -> User:
    """An agency's person, given the second channel."""
    made = User.objects.create_user("anna@agence.example", name="Anna")
    verdier.brand.admit(made, "agent", terms=Terms(on_behalf_of="Agence X", channels=(second.pk,)))
    return made


def body(response: Any) -> str:
    return str(response.content.decode())


def on(channel: Channel) -> Thread:
    return Thread.objects.of(channel.brand_id).get(channel=channel)


def test_lists_counts_and_searches(verdier: House, second: Channel, anna: User) -> None:
    client = browser(anna)
    for query in ("", "?show=all", "?q=tea", "?q=words+AND+tea", "?show=closed", "?q=channel:verdier"):
        page = body(client.get(verdier.url() + query))
        assert "first words" not in page, query
    assert "second words" in body(client.get(verdier.url("?q=tea")))
    assert client.get(verdier.url(f"{on(verdier.channel).pk}/")).status_code == 404
    theirs = body(client.get(verdier.url(f"{on(second).pk}/")))
    assert "second words" in theirs
    program = Program(anna)
    assert [each["id"] for each in program.get("brands/verdier/threads")["items"]] == [on(second).pk]
    assert [each["id"] for each in program.get("brands/verdier/channels")["items"]] == [second.pk]
    assert program.ask("GET", f"brands/verdier/threads/{on(verdier.channel).pk}").status_code == 404
    assert "@verdier" not in body(client.get("/b/verdier/channels/"))


def test_all_that_match_are_all_that_they_see(verdier: House, second: Channel, anna: User) -> None:
    theirs = Bulk.ask(verdier.brand, anna, "close", {}, show="open", q="tea")
    named = Bulk.ask(
        verdier.brand, anna, "tag", {"tag": "x"}, threads=[on(second).pk, on(verdier.channel).pk]
    )
    for each in (theirs, named):
        jobs.bulk.func(bulk_id=each.pk)
        each.refresh_from_db()
        assert (each.state, each.threads) == ("done", [on(second).pk])
    assert on(second).closed_at is not None
    assert on(verdier.channel).closed_at is None
    before = Bulk.ask(verdier.brand, verdier.people["agent"], "close", {}, show="open", q="")
    assert browser(anna).get(f"/b/verdier/bulk/{before.pk}/").status_code == 404


def test_the_next_thread_is_one_of_theirs(verdier: House, second: Channel, anna: User) -> None:
    hear(verdier.channel, [said("a2", "waits longest", minutes_ago=900, by=3)])
    client = browser(anna)
    for _again in range(2):
        client.post(verdier.url("next/"))
    assert [each.assignee for each in Thread.objects.of(verdier.brand).filter(channel=second)] == [anna]
    assert not Thread.objects.of(verdier.brand).filter(channel=verdier.channel, assignee=anna).exists()


def test_they_are_given_nothing_that_they_may_not_see(verdier: House, second: Channel, anna: User) -> None:
    agent, thread = verdier.people["agent"], on(verdier.channel)
    client, program = browser(agent), Program(agent)
    assert "Anna" not in body(client.get(verdier.url(f"{thread.pk}/")))
    assert "Anna" in body(client.get(verdier.url(f"{on(second).pk}/")))
    answer = client.post(verdier.url(f"{thread.pk}/assignment/"), {"to": anna.pk}, **HTMX)
    assert answer.status_code == 400
    place = f"brands/verdier/threads/{thread.pk}/assignment"
    assert program.ask("POST", place, {"to": anna.pk}).status_code == 422
    many = Bulk.ask(verdier.brand, agent, "assign", {"to": anna.pk}, threads=[thread.pk, on(second).pk])
    jobs.bulk.func(bulk_id=many.pk)
    assert (on(verdier.channel).assignee, on(second).assignee) == (None, anna)


def test_notices_of_other_channels_do_not_reach_them(verdier: House, second: Channel, anna: User) -> None:
    owner = verdier.people["owner"]
    for channel in (verdier.channel, second):
        on(channel).note("@Anna look at this", owner)
        Notice.post(verdier.brand.pk, "channel_silent", f"channel:{channel.pk}", channel=channel.handle)
    reaching.spread(list(Notice.objects.of(verdier.brand).values_list("pk", flat=True)))
    assert [each.notice.about for each in Reach.objects.filter(user=anna)] == [f"thread:{on(second).pk}"]
    client = browser(anna)
    page = body(client.get(verdier.url()))
    assert "@second has not been heard" in page
    assert "@verdier has not been heard" not in page
    assert "@verdier" not in body(client.get("/notices/"))


def test_what_was_on_its_way_is_not_told_after_it_was_taken(verdier: House, second: Channel) -> None:
    agent = verdier.people["agent"]
    on(verdier.channel).note("@Agent look at this", verdier.people["owner"])
    reaching.spread(list(Notice.objects.of(verdier.brand).values_list("pk", flat=True)))
    rows = Dispatch.objects.filter(reach__user=agent, way="mail")
    assert rows.exists()
    Membership.objects.get(user=agent).agree(Terms(channels=(second.pk,)), verdier.people["owner"])
    rows.update(state="sending", due=clock.now())
    reaching.send(list(rows.values_list("pk", flat=True)))
    assert {each.state for each in rows} == {"dropped"}


def test_threads_of_channels_that_are_taken_go_back(verdier: House, second: Channel) -> None:
    agent = verdier.people["agent"]
    for channel in (verdier.channel, second):
        on(channel).assign(agent, agent)
    Membership.objects.get(user=agent).agree(Terms(channels=(second.pk,)), verdier.people["owner"])
    for _twice in range(2):
        jobs.sight_narrowed.func(verdier.brand.pk, agent.pk, verdier.people["owner"].pk)
    assert (on(verdier.channel).assignee, on(second).assignee) == (None, agent)
    assert Assignment.objects.filter(thread=on(verdier.channel), to=None).count() == 1


def test_figures_are_those_of_their_channels(verdier: House, second: Channel, anna: User) -> None:
    counting.count_due()
    sheets = {}
    for who in (anna, verdier.people["reader"]):
        answer: Any = browser(who).get("/b/verdier/figures/channels.csv")
        sheets[who] = b"".join(answer.streaming_content).decode()
    assert "@verdier" in sheets[verdier.people["reader"]]
    assert "@verdier" not in sheets[anna]
    assert "@second" in sheets[anna]
    page = body(browser(anna).get("/b/verdier/figures/"))
    assert "@verdier" not in page
    told = str(Program(anna).get("brands/verdier/figures"))
    assert "@verdier" not in told


def test_answers_and_notes_of_theirs_are_written_as_ever(verdier: House, second: Channel, anna: User) -> None:
    client, thread = browser(anna), on(second)
    client.post(verdier.url(f"{thread.pk}/replies/"), {"text": "From Anna.", "seen": "0", "key": "b" * 32})
    client.post(verdier.url(f"{thread.pk}/notes/"), {"text": "@Owner done"})
    client.post(verdier.url(f"{thread.pk}/following/"), {"state": "on"})
    client.post(verdier.url(f"{thread.pk}/tags/"), {"tag": "tea", "state": "on"})
    client.post(verdier.url(f"{thread.pk}/assignment/"), {"to": verdier.people["agent"].pk})
    client.post(verdier.url(f"{thread.pk}/closure/"), {"state": "closed"})
    page = body(browser(verdier.people["owner"]).get(verdier.url(f"{thread.pk}/")))
    assert "From Anna." in page
    assert page.count("Anna, Agence X") == 2
    found = on(second)
    assert (found.closed_at is not None, found.assignee) == (True, verdier.people["agent"])
    named = Notice.objects.of(verdier.brand).filter(code__in=["note_mention", "thread_assigned"])
    assert {each.to for each in named} == {verdier.people["owner"], verdier.people["agent"]}


def test_another_brand_of_theirs_is_seen_whole(verdier: House, second: Channel, anna: User) -> None:
    other = house("other")
    hear(other.channel, [said("o1", "words of the other house")])
    other.brand.admit(anna, "manager")
    client = browser(anna)
    assert "words of the other house" in body(client.get(other.url()))
    assert client.get(f"/b/other/channels/{other.channel.pk}/").status_code == 200
    assert "first words" not in body(client.get(verdier.url()))
