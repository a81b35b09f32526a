"""What webhooks are told of the counter: every event once, in batches, with nothing that strangers wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox import jobs
from comptoir.inbox.models.contact import promise
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.inbox.tests.ruling import comes, rule
from comptoir.inbox.tests.test_release import ask, prepare, send
from comptoir.kernel import clock
from comptoir.networks.connecting import store
from comptoir.networks.connector import Connected, Gone, Kind, Reconnect
from comptoir.networks.jobs import deliver
from comptoir.networks.models import Activity, Channel, Delivery
from comptoir.organisation.leaving import leave
from comptoir.organisation.models import Notice, Webhook, WebhookCall
from comptoir.organisation.models.webhook import EVENTS
from comptoir.organisation.tests.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> House:
    made = house()
    Webhook.make(made.brand, "https://example.org/hook", EVENTS, made.people["owner"])
    return made


def told(ours: House) -> list[tuple[str, Any]]:
    """What was told since the last time."""
    rows = WebhookCall.objects.of(ours.brand).order_by("pk")
    found = [(call.kind, call.data) for call in rows]
    rows.delete()
    return found


def test_a_batch_of_messages_is_one_call(ours: House) -> None:
    hear(ours.channel, [said(f"m{n}", f"secret {n}", by=n) for n in range(30)])
    (opened, threads), (received, messages) = told(ours)
    assert (opened, received) == ("thread.opened", "message.received")
    assert len(threads["threads"]) == len(messages["messages"]) == 30
    assert "secret" not in str(messages)
    first = messages["messages"][0]
    program = Program(ours.people["agent"])
    found = program.get(f"brands/verdier/threads/{first['thread']}/messages/{first['id']}")
    assert found["text"].startswith("secret")


def test_what_is_heard_twice_is_told_once(ours: House) -> None:
    hear(ours.channel, [said("m1")])
    told(ours)
    ids = list(Activity.objects.of(ours.brand).values_list("pk", flat=True))
    jobs.gather.func(channel_id=ours.channel.pk, new=ids, changed=[])
    assert told(ours) == []


def test_history_and_our_own_words_are_no_news(ours: House) -> None:
    ids = ours.channel.receive([said("old", minutes_ago=600)], historic=True)
    jobs.gather.func(channel_id=ours.channel.pk, new=ids, changed=[])
    hear(ours.channel, [said("mine", actor=ours.channel.me, kind=Kind.POST)])
    assert told(ours) == []


def test_edits_and_deletions(ours: House) -> None:
    hear(ours.channel, [said("m1", "one"), said("m2", "two", by=2)])
    told(ours)
    changed = ours.channel.receive([said("m1", "one, changed", edited=clock.now()), Gone("m2")])
    jobs.gather.func(channel_id=ours.channel.pk, new=[], changed=changed)
    (edited, one), (deleted, two) = told(ours)
    assert (edited, deleted) == ("message.edited", "message.deleted")
    assert len(one["messages"]) == len(two["messages"]) == 1
    assert one["messages"] != two["messages"]


def test_acts_of_people(ours: House) -> None:
    hear(ours.channel, [said("m1")])
    told(ours)
    thread, agent, owner = ours.thread(), ours.people["agent"], ours.people["owner"]
    thread.assign(owner, agent)
    thread.close(agent)
    thread.close(agent)
    hear(ours.channel, [said("m2", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=1)])
    thread.refresh_from_db()
    thread.close(agent)
    thread.reopen(agent)
    kinds = [
        "thread.assigned",
        "thread.closed",
        "thread.reopened",
        "message.received",
        "thread.closed",
        "thread.reopened",
    ]
    found = told(ours)
    assert [kind for kind, _data in found] == kinds
    assert found[0][1] == {
        "threads": [thread.pk],
        "by": agent.pk,
        "to": owner.pk,
        "team": None,
        "queue": None,
    }
    assert [data["by"] for kind, data in found if kind == "thread.reopened"] == [None, agent.pk]


def test_who_leaves_gives_threads_back(ours: House) -> None:
    hear(ours.channel, [said("m1")])
    agent = ours.people["agent"]
    ours.thread().assign(agent, agent)
    told(ours)
    leave(agent, ours.brand)
    jobs.work_ended.func(brand_id=ours.brand.pk, user_id=agent.pk, by_id=None)
    assert ("thread.assigned", {"threads": [ours.thread().pk], "by": None, "to": None}) in told(ours)


def test_what_became_of_answers(ours: House) -> None:
    hear(ours.channel, [said("m1")])
    reply = ours.thread().reply("Hello.", ours.people["agent"])
    told(ours)
    for old, new in (
        ("waiting", "sending"),
        ("sending", "uncertain"),
        ("uncertain", "sent"),
        ("sent", "returned"),
    ):
        assert reply.delivery.move(old, new)
        jobs.delivery_moved.func(delivery_id=reply.delivery_id)
    outcomes = [(kind, data["reply"]) for kind, data in told(ours) if kind.startswith("reply.")]
    assert outcomes == [(f"reply.{state}", reply.pk) for state in ("uncertain", "sent", "returned")]


def test_a_job_that_comes_late_tells_no_state_twice(ours: House) -> None:
    hear(ours.channel, [said("m1")])
    thread, agent = ours.thread(), ours.people["agent"]
    thread.block(agent, reason="spam")
    reply = thread.reply("Hello.", agent)
    told(ours)
    for delivery in (Delivery.objects.of(ours.brand).get(act="block"), reply.delivery):
        for old, new in (("waiting", "sending"), ("sending", "sent")):
            assert delivery.move(old, new)
        for state in ("sending", "sent"):
            jobs.delivery_moved.func(delivery_id=delivery.pk, state=state)
    assert [kind for kind, _data in told(ours)] == ["person.blocked", "reply.sent"]


def test_decisions_about_people(ours: House) -> None:
    hear(ours.channel, [said("m1", "You secret idiots!")])
    told(ours)
    thread, agent = ours.thread(), ours.people["agent"]
    entry = thread.entries.get()
    decided = [thread.block(agent, reason="harassment", words="Secret.")]
    leaves(ours)
    decided.append(thread.unblock(agent))
    decided.append(thread.report(agent, ground="rude", words="Secret.", message=entry.activity))
    decided.append(thread.report(agent, ground="spam"))
    leaves(ours)
    taken_back = thread.block(agent, reason="spam")
    assert taken_back.undo(agent)
    leaves(ours)
    person = {"person": thread.person_id, "channel": ours.channel.pk, "by": agent.pk}
    blocked, unblocked, message, account = (each.pk for each in decided)
    found = told(ours)
    assert "ecret" not in str(found)
    assert found == [
        ("person.blocked", {**person, "decision": blocked, "reason": "harassment"}),
        ("person.unblocked", {**person, "decision": unblocked, "reason": ""}),
        (
            "person.reported",
            {**person, "decision": message, "reason": "rude", "message": entry.pk, "thread": thread.pk},
        ),
        ("person.reported", {**person, "decision": account, "reason": "spam", "message": None}),
    ]


def leaves(ours: House) -> None:
    """All that waits is on the network."""
    Delivery.objects.of(ours.brand).filter(state="waiting").update(not_before=clock.now())
    for delivery in Delivery.objects.of(ours.brand).filter(state="waiting").order_by("pk"):
        deliver.func(delivery_id=delivery.pk)
        jobs.delivery_moved.func(delivery_id=delivery.pk)


def test_channels_and_notices(ours: House) -> None:
    ours.channel.lose(Reconnect("token_expired"))
    ours.channel.lose(Reconnect("token_expired"))
    again = Channel.objects.of(ours.brand).get()
    store(ours.brand, again.network, Connected(again.me, {}), ours.people["owner"])
    Notice.post(ours.brand.pk, "thread_assigned", "thread:1", to=ours.people["agent"].pk)
    about = f"channel:{ours.channel.pk}"
    assert told(ours) == [
        ("channel.lost", {"channel": again.pk, "code": "token_expired"}),
        ("notice.posted", {"code": "channel_reconnect", "about": about}),
        ("channel.connected", {"channel": again.pk, "again": True}),
    ]


def test_what_a_rule_does_names_it(ours: House) -> None:
    manager = ours.people["manager"]
    made = rule(ours, actions={"priority": 2, "assign": {"person": manager.pk}})
    comes(ours, said("m1", "refund"))
    found = {kind: data for kind, data in told(ours) if kind in ("thread.prioritised", "thread.assigned")}
    assert len(found) == 2
    for data in found.values():
        assert (data["by"], data["rule"]) == (None, {"id": made.pk, "name": "Refunds"})
    ours.thread().prioritise(0, manager)
    assert told(ours) == [("thread.prioritised", {"threads": [ours.thread().pk], "by": manager.pk})]


def test_answers_to_many(ours: House) -> None:
    ask(ours)
    agent = ours.people["agent"].pk
    made = prepare(ours)
    send(made)
    assert made.stop(ours.people["manager"])
    found = [(kind, data) for kind, data in told(ours) if kind.startswith("release.")]
    same = {"release": made.pk, "cluster": made.cluster_id, "chosen": 6}
    assert found == [
        ("release.prepared", {**same, "answered": 0, "by": agent}),
        ("release.released", {**same, "answered": 0, "by": agent}),
        ("release.done", {**same, "answered": 6, "by": agent}),
        ("release.stopped", {**same, "answered": 6, "by": ours.people["manager"].pk}),
    ]


def test_promises(ours: House) -> None:
    hear(ours.channel, [said("m1")])
    told(ours)
    thread, agent = ours.thread(), ours.people["agent"]
    yesterday = clock.now().date() - timedelta(days=1)
    made, broken = (promise(ours.brand, thread.person, "Secret", yesterday, agent, thread) for _n in range(2))
    broken.settle(False, agent)
    for _time in range(2):
        jobs.remind_of_promises.func(timestamp=0)
    made.settle(True, agent)
    made.settle(None, agent)
    jobs.remind_of_promises.func(timestamp=0)
    made.remove(agent)
    found = [(kind, data) for kind, data in told(ours) if kind.startswith("promise.")]
    assert [(kind, data["promise"] == broken.pk, data["by"]) for kind, data in found] == [
        ("promise.made", False, agent.pk),
        ("promise.made", True, agent.pk),
        ("promise.broken", True, agent.pk),
        ("promise.overdue", False, None),
        ("promise.kept", False, agent.pk),
        ("promise.reopened", False, agent.pk),
        ("promise.removed", False, agent.pk),
    ]
    assert found[0][1] == {
        "promise": found[3][1]["promise"], "person": thread.person_id, "thread": thread.pk,
        "due": yesterday.isoformat(), "by": agent.pk,
    }  # fmt: skip


def test_without_webhooks_it_costs_next_to_nothing(ours: House) -> None:
    Webhook.objects.of(ours.brand).update(on=False)
    hear(ours.channel, [said("m1")])
    with CaptureQueriesContext(connection) as asked:
        ours.thread().close(ours.people["agent"])
    assert sum("organisation_webhook" in each["sql"] for each in asked) == 1
    assert told(ours) == []
