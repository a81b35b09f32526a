"""Next: what matters most goes to one person, whoever else asks at the same moment."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import connection

from comptoir.inbox.models import Assignment, Clerk, Queue, Thread
from comptoir.inbox.models.handing import Full, hand_out
from comptoir.inbox.models.writing import hold, lock_of
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.organisation.models import Membership, Team, User


@pytest.fixture
def verdier(db: None) -> House:
    made = house()
    hear(made.channel, [said(f"m{n}", minutes_ago=60 - n, by=n) for n in range(5)])
    return made


def names(verdier: House, who: str = "agent", most: int = 9) -> list[str]:
    found: list[str] = []
    while len(found) < most and (thread := hand_out(verdier.brand.pk, verdier.people[who])):
        thread.read(verdier.people[who])
        found.append(thread.conversation)
    return found


def thread(verdier: House, name: str) -> Any:
    return Thread.objects.of(verdier.brand).get(conversation=name)


def test_what_presses_then_who_waited_longest(verdier: House) -> None:
    owner = verdier.people["owner"]
    thread(verdier, "m3").prioritise(2, owner)
    thread(verdier, "m0").prioritise(-1, owner)
    assert names(verdier) == ["m3", "m1", "m2", "m4", "m0"]
    assert names(verdier, "owner") == []


def test_what_is_somebody_s_or_waits_or_is_answered_is_not_handed_out(verdier: House) -> None:
    owner = verdier.people["owner"]
    thread(verdier, "m0").assign(owner, owner)
    thread(verdier, "m0").read(owner)
    thread(verdier, "m1").pause("person", owner)
    thread(verdier, "m2").close(owner)
    thread(verdier, "m3").reply("Here we are", owner)
    hold(thread(verdier, "m4"), owner)
    assert names(verdier) == []
    assert names(verdier, "owner") == ["m4"]


def test_what_is_a_team_s_goes_to_its_people(verdier: House) -> None:
    owner = verdier.people["owner"]
    night = Team.make(verdier.brand, "Night", [owner], owner)
    thread(verdier, "m0").assign(night, owner)
    assert names(verdier, most=1) == ["m1"]
    assert names(verdier, "owner", most=1) == ["m0"]
    assert thread(verdier, "m0").team == night


def test_what_never_reached_them_is_handed_to_them_again(verdier: House) -> None:
    agent = verdier.people["agent"]
    assert [hand_out(verdier.brand.pk, agent).conversation for _time in range(3)] == ["m0"] * 3  # type: ignore[union-attr]
    assert Assignment.objects.count() == 1
    thread(verdier, "m0").read(agent)
    thread(verdier, "m4").assign(agent, verdier.people["owner"])
    assert names(verdier, most=2) == ["m4", "m1"]


def test_it_opens_and_is_theirs(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    page = client.post(verdier.url("next/"), follow=True).content.decode()
    assert "It is yours: you answer it now." in page
    assert lock_of(thread(verdier, "m0")).by == verdier.people["agent"]  # type: ignore[union-attr]
    there = client.post(verdier.url("next/"), **HTMX)
    assert json.loads(there["HX-Location"]) == {
        "path": verdier.url(f"{thread(verdier, 'm1').pk}/"), "target": "#desk", "swap": "innerHTML",
    }  # fmt: skip
    client.get(verdier.url(f"{thread(verdier, 'm1').pk}/"))
    names(verdier, "owner")
    page = client.post(verdier.url("next/"), follow=True).content.decode()
    assert "Nothing waits that is nobody’s. Well done." in page
    assert browser(verdier.people["reader"]).post(verdier.url("next/")).status_code == 403


def test_what_is_late_goes_before_what_presses_and_many_followers_before_few(verdier: House) -> None:
    rows = Thread.objects.of(verdier.brand)
    rows.filter(conversation="m4").update(lateness=2)
    rows.filter(conversation="m2").update(priority=1)
    rows.filter(conversation="m3").update(reach=2)
    rows.filter(conversation="m1").update(due_at=clock.now())
    assert names(verdier) == ["m4", "m2", "m3", "m1", "m0"]


def test_of_queues_only_those_that_one_works_in_and_can(verdier: House) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    mine = Queue.make(verdier.brand, owner, name="Mine", members=[agent])
    theirs = Queue.make(verdier.brand, owner, name="Theirs", members=[owner])
    skilled = Queue.make(verdier.brand, owner, name="Skilled", skills=["Refunds"])
    for name, queue in (("m0", theirs), ("m1", mine), ("m2", skilled)):
        thread(verdier, name).put_in(queue, None)
    assert names(verdier) == ["m1", "m3", "m4"]
    Clerk.settle(verdier.brand, agent, owner, [], ["refunds"], None)
    assert names(verdier) == ["m2"]
    assert names(verdier, "owner") == ["m0"]


def test_only_in_languages_that_one_answers_in(verdier: House) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    Clerk.settle(verdier.brand, agent, owner, ["fr", "en"], [], None)
    for name, language in (("m0", "de"), ("m1", "fr"), ("m2", "")):
        Thread.objects.of(verdier.brand).filter(conversation=name).update(language=language)
    Thread.objects.of(verdier.brand).filter(conversation__in=["m3", "m4"]).update(language="ja")
    assert names(verdier) == ["m1", "m2"]
    assert names(verdier, "owner") == ["m0", "m3", "m4"]


def test_who_has_their_hands_full_gets_no_more_until_they_answer(verdier: House) -> None:
    agent = verdier.people["agent"]
    Clerk.settle(verdier.brand, agent, verdier.people["owner"], [], [], 2)
    with pytest.raises(Full) as full:
        names(verdier)
    assert full.value.most == 2
    page = browser(agent).post(verdier.url("next/"), follow=True).content.decode()
    assert "You have 2 in hand, as many as you take at once: answer or hand on one of them first." in page
    thread(verdier, "m1").reply("Here we are", agent)
    assert hand_out(verdier.brand.pk, agent).conversation == "m2"  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_never_the_same_one_to_two() -> None:
    made = house()
    hear(made.channel, [said(f"m{n}", minutes_ago=90 - n, by=n) for n in range(60)])
    people = [User.objects.create_user(f"a{n}@example.org", name=f"A{n}") for n in range(6)]
    for user in people:
        Membership.objects.create(brand=made.brand, user=user, role="agent")
    both = Queue.make(made.brand, made.people["owner"], name="Both", members=people)
    Thread.objects.of(made.brand).filter(conversation__in=[f"m{n}" for n in range(0, 60, 2)]).update(
        queue=both
    )
    given: list[int] = []
    start = threading.Barrier(len(people))

    def take(user: User) -> None:
        try:
            start.wait()
            while found := hand_out(made.brand.pk, user):
                found.read(user)
                given.append(found.pk)
        finally:
            connection.close()

    takers = [threading.Thread(target=take, args=(user,)) for user in people]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert len(given) == len(set(given)) == 60
    assert Assignment.objects.count() == 60
