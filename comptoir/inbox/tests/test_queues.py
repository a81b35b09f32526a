"""Queues: made and changed by managers, and what is put into one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox import jobs
from comptoir.inbox.models import Assignment, Clerk, Queue, QueueMember, Thread
from comptoir.inbox.queueing import queue_up, queue_up_all
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.organisation.models import AuditEntry, NameTaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0")])
    return made


def queue(verdier: House, name: str = "Refunds", **wishes: Any) -> Queue:
    return Queue.make(verdier.brand, verdier.people["manager"], name=name, **wishes)


def codes(verdier: House) -> list[str]:
    return list(AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True))


def test_a_queue_keeps_its_wishes_tidy(verdier: House) -> None:
    agent = verdier.people["agent"]
    made = queue(
        verdier, languages=["FR", "pt-BR"], countries=["fr"], words=["Lost  Luggage", "«»", "valise"],
        skills=["Refunds", "refunds"], members=[agent, verdier.stranger],
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.languages, made.countries, made.skills) == (["fr", "pt"], ["FR"], ["refunds"])
    assert (made.words, made.sought) == (["lost luggage", "valise"], "('lost' <-> 'luggage') | ('valise')")
    assert list(made.members.all()) == [agent]
    with pytest.raises(NameTaken):
        queue(verdier)
    made.change(verdier.people["manager"], members=[], name="Money back", words=[])
    assert (made.name, made.sought, made.members.count()) == ("Money back", "", 0)
    assert codes(verdier) == ["queue_made", "queue_changed"]


def test_queues_are_asked_in_their_order(verdier: House) -> None:
    manager = verdier.people["manager"]
    first, second, third = (queue(verdier, name) for name in ("A", "B", "C"))
    assert third.move(manager, up=True)
    assert not first.move(manager, up=True)
    assert [str(each) for each in Queue.objects.of(verdier.brand).in_order()] == ["A", "C", "B"]
    assert not second.move(manager, up=False)


def test_what_is_given_to_a_queue_waits_for_whoever_works_in_it(verdier: House) -> None:
    agent, made, found = verdier.people["agent"], queue(verdier), verdier.thread()
    found.assign(agent, agent)
    act = found.assign(made, agent)
    found = verdier.thread()
    assert (found.assignee, found.team, found.queue) == (None, None, made)
    found.assign(agent, agent)
    assert verdier.thread().queue == made, "who takes it from a queue leaves it there"
    found.assign(None, agent)
    assert verdier.thread().queue == made
    assert codes(verdier)[1:] == ["assigned", "queued", "assigned", "unassigned"]
    assert not act.undo()
    assert Assignment.objects.order_by("-pk")[0].undo()
    assert verdier.thread().assignee == agent


def test_put_in_leaves_it_with_who_has_it(verdier: House) -> None:
    agent, made, found = verdier.people["agent"], queue(verdier), verdier.thread()
    found.assign(agent, agent)
    act = found.put_in(made, None)
    assert (verdier.thread().assignee, verdier.thread().queue) == (agent, made)
    act = verdier.thread().put_in(None, agent)
    assert verdier.thread().queue is None
    assert codes(verdier)[1:] == ["assigned", "queued", "unqueued"]
    assert act.undo()
    assert verdier.thread().queue == made


def test_where_it_waits_is_no_work_on_it(verdier: House) -> None:
    agent, made = verdier.people["agent"], queue(verdier)
    queue_up_all(verdier.brand.pk)
    assert (verdier.thread().queue, verdier.thread().state) == (made, "new")
    verdier.thread().put_in(None, agent)
    queue_up_all(verdier.brand.pk)
    assert (verdier.thread().queue, verdier.thread().state) == (None, "new"), "taken out, it stays out"
    act = verdier.thread().assign(made, agent)
    assert (verdier.thread().queue, verdier.thread().state) == (made, "new")
    assert act.undo()
    assert (verdier.thread().queue, verdier.thread().state) == (None, "new")
    verdier.thread().assign(agent, agent)
    assert verdier.thread().state == "open"
    verdier.thread().assign(made, agent)
    assert verdier.thread().state == "open", "it was somebody's before"


def test_what_waited_in_a_queue_that_is_no_more_waits_in_none(verdier: House) -> None:
    made = queue(verdier)
    verdier.thread().assign(made, verdier.people["agent"])
    made.dissolve(verdier.people["manager"])
    assert verdier.thread().queue is None
    assert not Queue.objects.of(verdier.brand).exists()


def test_who_leaves_works_in_no_queue(verdier: House) -> None:
    agent, manager = verdier.people["agent"], verdier.people["manager"]
    queue(verdier, members=[agent, manager])
    assert Clerk.settle(verdier.brand, agent, manager, ["fr-FR"], ["Refunds"], 5)
    assert not Clerk.settle(verdier.brand, agent, manager, ["fr"], ["refunds"], 5)
    verdier.brand.dismiss(agent, manager)
    for _time in range(2):
        jobs.work_ended.func(brand_id=verdier.brand.pk, user_id=agent.pk, by_id=manager.pk)
    assert [row.user for row in QueueMember.objects.all()] == [manager]
    assert not Clerk.objects.of(verdier.brand).exists()


def test_a_queue_stands_on_its_own_side_of_the_wall(verdier: House) -> None:
    other = house("other")
    theirs = queue(other)
    assert not Queue.objects.of(verdier.brand).exists()
    assert Thread.objects.of(other.brand).filter(queue=theirs).count() == 0


def written(verdier: House, name: str, text: str, channel: Any = None, **rest: Any) -> str:
    """The queue that a new thread with this message goes into."""
    channel = channel or verdier.channel
    hear(channel, [said(name, text, **rest)])
    found = Thread.objects.of(verdier.brand).get(conversation=name)
    for _time in range(2):
        jobs.read.func(threads=[found.pk])
    found.refresh_from_db()
    return str(found.queue or "")


def test_a_new_thread_goes_into_the_first_queue_that_wants_it(verdier: House) -> None:
    queue(verdier, "By rules", takes=False)
    queue(verdier, "Lost", languages=["fr"], words=["valise perdue", "bagage"])
    queue(verdier, "French", languages=["fr"])
    queue(verdier, "Canada", countries=["CA"])
    french = "Bonjour, est-ce que quelqu’un pourrait me répondre au sujet de ma commande ?"
    assert written(verdier, "a", french, language="fr") == "French"
    assert written(verdier, "b", "Ma valise perdue n'est pas revenue", language="fr") == "Lost"
    assert written(verdier, "c", "La valise n'est pas perdue", language="fr") == "French"
    assert written(verdier, "d", "Hello, is anybody there?", language="en") == ""
    verdier.channel.choose("", {}, country="CA")
    assert written(verdier, "e", "Hello, is anybody there?", language="en") == "Canada"
    assert written(verdier, "f", french) == "French", "the language may be guessed"


def test_what_a_colleague_has_touched_stays_where_it_is(verdier: House) -> None:
    everything = queue(verdier, "Everything", takes=False)
    assert written(verdier, "a", "Hello there") == ""
    Thread.objects.of(verdier.brand).get(conversation="a").note("Mine", verdier.people["agent"])
    assert written(verdier, "b", "Hello there") == ""
    everything.change(verdier.people["manager"], takes=True)
    jobs.queues_changed.func(brand_id=verdier.brand.pk)
    rows = Thread.objects.of(verdier.brand).order_by("conversation")
    assert [str(each.queue or "") for each in rows] == ["", "Everything", "Everything"]


def test_a_batch_goes_into_queues_in_as_many_statements_as_one(verdier: House) -> None:
    queue(verdier, "Lost", words=["bagage"])
    queue(verdier, "Everything")

    def asked(count: int) -> int:
        Thread.objects.of(verdier.brand).update(queue=None)
        ids = list(Thread.objects.of(verdier.brand).values_list("pk", flat=True)[:count])
        with CaptureQueriesContext(connection) as caught:
            queue_up(ids)
        assert Thread.objects.of(verdier.brand).filter(queue__isnull=False).count() == len(ids)
        return len(caught)

    alone = asked(1)
    hear(verdier.channel, [said(f"n{n}", by=n) for n in range(40)])
    assert asked(41) == alone
