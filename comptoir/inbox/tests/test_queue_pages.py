"""Queues, targets and due times on the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox import jobs
from comptoir.inbox.forms_of_queues import Span, said_of
from comptoir.inbox.models import Bulk, Clerk, Queue, Target, Thread
from comptoir.inbox.models.listed import listed
from comptoir.inbox.models.staffing import staffing
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said(f"m{n}", minutes_ago=60 - n, by=n) for n in range(3)])
    return made


def url(verdier: House, rest: str) -> str:
    return f"/b/{verdier.brand.slug}/{rest}"


def page(verdier: House, rest: str, who: str = "agent") -> str:
    return str(browser(verdier.people[who]).get(url(verdier, rest)).content.decode())


def thread(verdier: House, name: str) -> Any:
    return Thread.objects.of(verdier.brand).get(conversation=name)


def test_a_manager_makes_orders_changes_and_dissolves_queues(verdier: House) -> None:
    client, agent = browser(verdier.people["manager"]), verdier.people["agent"]
    given = {
        "name": "Lost luggage", "takes": "on", "languages": "fr, en", "countries": "fr",
        "words": "valise\nlost luggage", "skills": "Refunds", "members": [agent.pk],
    }  # fmt: skip
    assert client.post(url(verdier, "queues/"), given).status_code == 302
    made = Queue.objects.of(verdier.brand).get()
    assert (made.languages, made.countries, made.words) == (["en", "fr"], ["FR"], ["lost luggage", "valise"])
    assert client.post(url(verdier, "queues/"), given).status_code == 422
    assert "There is a queue of this name." in client.post(url(verdier, "queues/"), given).content.decode()
    client.post(url(verdier, "queues/"), {"name": "Everything"})
    last = Queue.objects.of(verdier.brand).get(name="Everything")
    client.post(url(verdier, f"queues/{last.pk}/place/"), {"to": "up"})
    assert Queue.objects.of(verdier.brand).in_order()[0] == last
    client.post(url(verdier, f"queues/{made.pk}/"), {**given, "name": "Luggage", "words": ""})
    made.refresh_from_db()
    assert (made.name, made.sought) == ("Luggage", "")
    shown = page(verdier, "queues/", "reader")
    assert "Luggage" in shown
    assert "Make the queue" not in shown
    client.post(url(verdier, f"queues/{last.pk}/dissolution/"))
    assert Queue.objects.of(verdier.brand).get() == made
    assert browser(agent).post(url(verdier, "queues/"), given).status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("languages", "français!"),
        ("countries", "France"),
        ("words", "x" * 61),
        ("words", "ﷺ" * 4),
        ("skills", "ﷺ" * 3),
        ("name", "«»"),
        ("members", "999"),
    ],
)
def test_what_will_not_do_is_said(verdier: House, name: str, value: str) -> None:
    answer = browser(verdier.people["manager"]).post(url(verdier, "queues/"), {"name": "Lost", name: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Queue.objects.of(verdier.brand).exists()


@pytest.mark.parametrize(
    ("given", "minutes"), [("30", 30), ("30 min", 30), ("4h", 240), ("2 d", 2880), ("2 j", 2880)]
)
def test_spans_are_read_as_people_write_them(given: str, minutes: int) -> None:
    assert Span("x").clean(given) == minutes
    assert Span("x").clean(said_of(minutes)) == minutes


def test_targets_are_set_and_unset(verdier: House) -> None:
    client = browser(verdier.people["manager"])
    made = Queue.make(verdier.brand, verdier.people["manager"], name="Lost")
    given = {"first": "30 min", "resolution": "2 d", "warns": "80", "escalates": "0"}
    assert client.post(url(verdier, "queues/target/"), given).status_code == 302
    usual = Target.objects.of(verdier.brand).get(queue=None)
    assert (usual.first, usual.next, usual.resolution, usual.open_hours) == (30, None, 2880, False)
    client.post(url(verdier, f"queues/{made.pk}/target/"), {"first": "1 h", "open_hours": "on"})
    own = Target.objects.of(verdier.brand).get(queue=made)
    assert (own.first, own.open_hours, own.warns, own.escalates) == (60, True, None, None)
    assert "first answer within 1 h · in business hours" in page(verdier, "queues/", "reader")
    assert client.post(url(verdier, "queues/target/"), {"first": "soon"}).status_code == 422
    client.post(url(verdier, "queues/target/"), {"first": ""})
    assert not Target.objects.of(verdier.brand).filter(queue=None).exists()


def test_what_each_can_is_said_by_a_manager(verdier: House) -> None:
    agent = verdier.people["agent"]
    client = browser(verdier.people["manager"])
    client.post(
        url(verdier, f"clerks/{agent.pk}/"), {"languages": "fr", "skills": "Refunds, Légal", "most": "4"}
    )
    known = Clerk.objects.of(verdier.brand).get(user=agent)
    assert (known.languages, known.skills, known.most) == (["fr"], ["legal", "refunds"], 4)
    assert "4 in hand at most" in page(verdier, "clerks/")
    assert browser(agent).post(url(verdier, f"clerks/{agent.pk}/"), {"most": "9"}).status_code == 403
    assert client.post(url(verdier, f"clerks/{verdier.stranger.pk}/"), {"most": "9"}).status_code == 404


def test_a_thread_is_put_into_a_queue_and_that_is_undone(verdier: House) -> None:
    made = Queue.make(verdier.brand, verdier.people["manager"], name="Lost", takes=False)
    client, found = browser(verdier.people["agent"]), thread(verdier, "m0")
    shown = client.post(verdier.url(f"{found.pk}/assignment/"), {"queue": made.pk}, **HTMX).content.decode()
    assert "It waits in the queue Lost now." in shown
    assert thread(verdier, "m0").queue == made
    act = found.assignments.get()
    client.post(verdier.url(f"{found.pk}/assignments/{act.pk}/withdrawal/"), **HTMX)
    assert thread(verdier, "m0").queue is None
    client.post(verdier.url(f"{found.pk}/assignment/"), {"queue": made.pk}, **HTMX)
    shown = client.post(verdier.url(f"{found.pk}/assignment/"), {"queue": 0}, **HTMX).content.decode()
    assert "It waits in no queue now." in shown
    theirs = Queue.make(house("theirs").brand, verdier.people["manager"], name="Theirs")
    assert (
        client.post(verdier.url(f"{found.pk}/assignment/"), {"queue": theirs.pk}, **HTMX).status_code == 400
    )


def test_each_queue_is_a_list(verdier: House) -> None:
    made = Queue.make(verdier.brand, verdier.people["manager"], name="Lost", takes=False)
    thread(verdier, "m1").put_in(made, None)
    shown = page(verdier, f"threads/?show=q{made.pk}")
    assert f'id="t{thread(verdier, "m1").pk}"' in shown
    assert f'id="t{thread(verdier, "m0").pk}"' not in shown
    other = house("theirs")
    assert "Nothing in this queue" in page(other, f"threads/?show=q{made.pk}"), "nobody sees another brand's"
    answer = browser(verdier.people["agent"]).get(url(verdier, f"queues/{made.pk}/threads/"))
    assert answer["Location"].endswith(f"?show=q{made.pk}")
    assert browser(other.people["agent"]).get(url(other, f"queues/{made.pk}/threads/")).status_code == 404
    assert (
        browser(other.people["agent"]).get(url(other, "queues/0/threads/"))["Location"].endswith("show=due")
    )
    for nonsense in ("q0", "qq", "q9999999999", "q-1"):
        assert browser(verdier.people["agent"]).get(verdier.url(f"?show={nonsense}")).status_code == 400


def test_many_are_put_into_a_queue_at_once_and_that_is_undone(verdier: House) -> None:
    agent = verdier.people["agent"]
    made = Queue.make(verdier.brand, verdier.people["manager"], name="Lost", takes=False)
    thread(verdier, "m0").assign(agent, agent)
    chosen = list(Thread.objects.of(verdier.brand).values_list("pk", flat=True))
    data = {"do": "assign", "to": f"queue:{made.pk}", "thread": chosen}
    assert browser(agent).post(url(verdier, "bulk/"), data).status_code == 302
    done = Bulk.objects.of(verdier.brand).get()
    jobs.bulk.func(bulk_id=done.pk)
    assert {each.queue for each in Thread.objects.of(verdier.brand)} == {made}
    done.refresh_from_db()
    assert done.undo(agent)
    jobs.bulk.func(bulk_id=done.pk)
    assert {each.queue for each in Thread.objects.of(verdier.brand)} == {None}
    assert thread(verdier, "m0").assignee == agent


def due(verdier: House, **minutes: int) -> None:
    for name, away in minutes.items():
        at = clock.now() + timedelta(minutes=away, seconds=5)
        Thread.objects.of(verdier.brand).filter(conversation=name).update(due_at=at, due_for="first")


def test_when_it_is_due_stands_in_the_row_and_on_the_thread(verdier: House) -> None:
    due(verdier, m0=12, m1=-20, m2=60 * 30)
    shown = page(verdier, "threads/")
    for words in ("in 12 min", "late since 20 min", "in 1 d", "1 thread is late."):
        assert words in shown, words
    assert "First answer late since 20 min" in page(verdier, f"threads/{thread(verdier, 'm1').pk}/")


def test_due_first_is_a_list_of_its_own_order(verdier: House) -> None:
    due(verdier, m0=50, m1=-20, m2=12)
    names = {each.pk: each.conversation for each in Thread.objects.of(verdier.brand)}
    agent = verdier.people["agent"]

    def asked(**place: Any) -> list[str]:
        return [names[row.pk] for row in listed(verdier.brand.pk, agent.pk, "due", "", **place)]

    assert asked() == ["m1", "m2", "m0"]
    rows = listed(verdier.brand.pk, agent.pk, "due")
    assert asked(older=rows[0].place("due")) == ["m2", "m0"]
    assert asked(newer=rows[2].place("due")) == ["m2", "m1"], "the nearest first"
    thread(verdier, "m1").close(agent)
    assert asked() == ["m2", "m0"]


def test_pages_ask_as_often_with_queues_and_targets_as_without(verdier: House) -> None:
    client = browser(verdier.people["agent"])

    def asked() -> tuple[int, int]:
        found = []
        for rest in ("", f"{thread(verdier, 'm0').pk}/"):
            client.get(verdier.url(rest))
            with CaptureQueriesContext(connection) as caught:
                client.get(verdier.url(rest))
            found.append(len(caught))
        return found[0], found[1]

    before = asked()
    for n in range(5):
        made = Queue.make(verdier.brand, verdier.people["manager"], name=f"Q{n}", takes=False)
    Thread.objects.of(verdier.brand).update(queue=made)
    due(verdier, m0=5, m1=6, m2=7)
    assert asked() == before


def test_how_queues_stand(verdier: House) -> None:
    manager, agent = verdier.people["manager"], verdier.people["agent"]
    named = Queue.make(verdier.brand, manager, [agent], name="Named")
    skilled = Queue.make(verdier.brand, manager, name="Skilled", skills=["refunds"])
    thread(verdier, "m0").put_in(named, None)
    thread(verdier, "m1").put_in(named, None)
    thread(verdier, "m1").assign(agent, agent)
    due(verdier, m0=-1)
    Clerk.settle(verdier.brand, agent, manager, [], [], 5)
    rows = {row.name: row for row in staffing(verdier.brand.pk)}
    assert rows["Named"][2:5] == (2, 1, 1)
    assert (rows["Named"].people, rows["Named"].room) == (1, 4)
    assert (rows["Skilled"].pk, rows["Skilled"].people, rows["Skilled"].room) == (skilled.pk, 0, 0)
    assert (rows[""].waiting, rows[""].people, rows[""].room) == (1, 3, None)
    assert "nobody can answer it" in page(verdier, "queues/")
