"""Moderation at the counter: what waits for approval is work, what is hidden is none, and each decision shows.

The connector here is a stand-in for a place of the brand's own; a real one is in the journeys.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox import jobs
from comptoir.inbox.models import Thread
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.inbox.tests.ruling import comes, rule
from comptoir.kernel import clock
from comptoir.networks import fetching
from comptoir.networks import jobs as ways
from comptoir.networks.connector import (
    Connector,
    Fetches,
    Kind,
    Length,
    Moderates,
    Page,
    Refused,
    Replies,
    Sent,
    Verdict,
)
from comptoir.networks.models import Activity, Channel, Delivery, Moderation
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.calling import body_of
from comptoir.organisation.models import AuditEntry, Webhook, WebhookCall
from comptoir.organisation.models.webhook import EVENTS

pytestmark = pytest.mark.django_db


class Place(Fetches, Moderates, Replies, Connector):
    page: ClassVar[tuple[Any, ...]] = ()
    network = "standin"
    label = "Stand-in"
    verdicts = (Verdict.APPROVE, Verdict.HOLD, Verdict.SPAM, Verdict.REMOVE)
    refuses: ClassVar[bool] = False

    def moderate(self, remote_id: str, verdict: Verdict) -> None:
        if self.refuses:
            raise Refused("not_allowed")

    def fetch(self, cursor: Any, said: Any) -> Page:
        return Page(self.page, {})

    def history(self, since: Any, cursor: Any) -> Page:
        return Page((), {})

    def length(self, text: str) -> Length:
        return Length(len(text), 300, len(text) - 300)

    def reply(self, to: Any, text: str, media: Any, key: str, at: Any) -> Sent:
        return Sent(f"said-{key}")


@pytest.fixture
def place(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    made = house()
    made.channel.network = "standin"
    made.channel.save()
    every_network_is(monkeypatch, Place)
    yield made
    Place.refuses = False


@pytest.fixture
def agent(place: House) -> Client:
    return browser(place.people["agent"])


def comment(place: House, name: str = "c1", standing: str = "held", **rest: Any) -> Any:
    """A comment, heard; its thread."""
    given = {"kind": Kind.COMMENT, "conversation": "post/anna", "title": "Opening hours", **rest}
    hear(place.channel, [said(name, standing=standing, **given)])
    return Thread.objects.of(place.brand).get(entries__activity__remote_id=name)


def becomes(place: House, name: str, standing: str, **rest: Any) -> None:
    """The network says that a comment stands otherwise now."""
    given = {"kind": Kind.COMMENT, "conversation": "post/anna", **rest}
    ids = place.channel.receive([said(name, standing=standing, **given)])
    jobs.gather.func(channel_id=place.channel.pk, new=[], changed=ids)


def carried_out(place: House) -> None:
    """All that waits leaves, and the inbox hears of it."""
    for delivery in Delivery.objects.of(place.brand).filter(state="waiting"):
        ways.deliver.func(delivery_id=delivery.pk)
        jobs.delivery_moved.func(delivery_id=delivery.pk)
    ids = list(Activity.objects.of(place.brand).values_list("pk", flat=True))
    jobs.gather.func(channel_id=place.channel.pk, new=[], changed=ids)


def address(place: House, thread: Any, name: str = "c1") -> str:
    entry = thread.entries.get(activity__remote_id=name)
    return place.url(f"{thread.pk}/messages/{entry.pk}/moderations/")


# Threads


def test_what_waits_for_approval_is_open_work(place: House, agent: Client) -> None:
    thread = comment(place)
    assert (thread.is_open, thread.answered, thread.held) == (True, False, 1)
    page = agent.get(place.url())
    assert "1 thread waits for approval." in page.text
    found = agent.get(place.url("?show=held"))
    assert f'id="t{thread.pk}"' in found.text
    assert "Waits for approval" in found.text


@pytest.mark.parametrize("standing", ["spam", "removed"])
def test_what_is_hidden_when_it_comes_is_no_work(place: House, agent: Client, standing: str) -> None:
    thread = comment(place, standing=standing)
    assert (thread.is_open, thread.answered, thread.last_in, thread.hidden) == (False, True, None, 1)
    assert f'id="t{thread.pk}"' not in agent.get(place.url("?show=unread")).text
    assert f'id="t{thread.pk}"' in agent.get(place.url("?show=all")).text


def test_hiding_the_only_message_closes_and_showing_it_again_opens(place: House) -> None:
    thread = comment(place, standing="")
    becomes(place, "c1", "spam")
    thread.refresh_from_db()
    assert (thread.is_open, thread.answered) == (False, True)
    becomes(place, "c1", "")
    thread.refresh_from_db()
    assert (thread.is_open, thread.answered) == (True, False)


def test_hiding_one_message_leaves_a_thread_open_where_another_waits(place: House) -> None:
    thread = comment(place, "c1", "", minutes_ago=9)
    comment(place, "c2", "", minutes_ago=3)
    becomes(place, "c2", "spam", minutes_ago=3)
    thread.refresh_from_db()
    assert (thread.is_open, thread.answered, thread.hidden) == (True, False, 1)


def test_an_edit_neither_closes_nor_opens(place: House) -> None:
    thread = comment(place, standing="")
    thread.close(place.people["agent"])
    activity = Activity.objects.of(place.brand).get(remote_id="c1")
    jobs.gather.func(channel_id=place.channel.pk, new=[], changed=[activity.pk])
    thread.refresh_from_db()
    assert not thread.is_open


def test_spam_that_comes_later_opens_no_closed_thread(place: House) -> None:
    thread = comment(place, "c1", "", minutes_ago=9)
    thread.close(place.people["agent"])
    comment(place, "c2", "spam", minutes_ago=3)
    thread.refresh_from_db()
    assert not thread.is_open


# Pages


def test_approving_from_the_page(place: House, agent: Client) -> None:
    thread = comment(place)
    page = agent.get(place.url(f"{thread.pk}/"))
    assert "Waits for approval: nobody else sees it yet." in page.text
    assert "Approve it first, then answer." in page.text
    assert "Below “Opening hours”" in page.text
    done = agent.post(address(place, thread), {"verdict": "approve"}, **HTMX)
    assert "Approved: everybody will see it in a moment." in done.text
    assert "Approval on its way…" in done.text
    carried_out(place)
    page = agent.get(place.url(f"{thread.pk}/"))
    assert "nobody else sees it" not in page.text
    assert "Agent approved a message" in page.text
    assert 'name="text"' in page.text
    assert Moderation.objects.of(place.brand).get().by == place.people["agent"]


def test_removing_takes_a_reason_and_says_it(place: House, agent: Client) -> None:
    thread = comment(place, standing="")
    refused = agent.post(address(place, thread), {"verdict": "remove"}, **HTMX)
    assert refused.status_code == 422
    assert "Say why" in refused.text
    agent.post(
        address(place, thread), {"verdict": "remove", "reason": "hate", "words": "Insults a people."}, **HTMX
    )
    carried_out(place)
    page = agent.get(place.url(f"{thread.pk}/")).text
    assert "Agent removed a message · Hate speech · “Insults a people.”" in page
    assert "Removed: nobody else sees it." in page
    assert "Put it back" in page


def test_spam_is_its_own_reason_and_can_be_undone(place: House, agent: Client) -> None:
    thread = comment(place)
    agent.post(address(place, thread), {"verdict": "spam"}, **HTMX)
    made = Moderation.objects.of(place.brand).get()
    assert made.reason == "spam"
    carried_out(place)
    undone = agent.post(place.url(f"{thread.pk}/moderations/{made.pk}/withdrawal/"), **HTMX)
    assert "In a moment it is as it was." in undone.text
    carried_out(place)
    thread.refresh_from_db()
    assert (thread.is_open, thread.held) == (True, 1)


def test_a_refusal_is_said_beside_the_message_and_can_be_tried_again(place: House, agent: Client) -> None:
    thread = comment(place)
    Place.refuses = True
    agent.post(address(place, thread), {"verdict": "approve"}, **HTMX)
    carried_out(place)
    page = agent.get(place.url(f"{thread.pk}/")).text
    assert "Stand-in does not let this account answer there." in page
    assert 'value="approve"' in page


def test_a_reader_sees_the_standing_and_decides_nothing(place: House) -> None:
    thread = comment(place)
    reader = browser(place.people["reader"])
    page = reader.get(place.url(f"{thread.pk}/")).text
    assert "Waits for approval: nobody else sees it yet." in page
    assert 'value="approve"' not in page
    assert reader.post(address(place, thread), {"verdict": "approve"}).status_code == 403


def test_one_only_undoes_ones_own_decisions(place: House, agent: Client) -> None:
    thread = comment(place)
    agent.post(address(place, thread), {"verdict": "approve"})
    made = Moderation.objects.of(place.brand).get()
    manager = browser(place.people["manager"])
    assert manager.post(place.url(f"{thread.pk}/moderations/{made.pk}/withdrawal/")).status_code == 404


def test_where_nothing_can_be_moderated_nothing_is_offered(db: None) -> None:
    plain = house()
    hear(plain.channel, [said("m1")])
    thread = plain.thread()
    agent = browser(plain.people["agent"])
    assert "Moderate" not in agent.get(plain.url(f"{thread.pk}/")).text
    entry = thread.entries.get()
    said_no = agent.post(
        plain.url(f"{thread.pk}/messages/{entry.pk}/moderations/"), {"verdict": "approve"}, **HTMX
    )
    assert "Nothing can be decided about this message." in said_no.text


def test_a_rule_hides_with_its_reason_and_a_colleague_puts_it_back(place: House, agent: Client) -> None:
    hide = {"hide": {"verdict": "remove", "reason": "hate"}}
    made = rule(place, "Insults", "idiot*", actions=hide)
    words: dict[str, Any] = {"kind": Kind.COMMENT, "conversation": "post/anna"}
    comes(place, said("c1", "You idiots!", **words), said("c2", "Kind regards", by=2, **words), times=2)
    decision = Moderation.objects.of(place.brand).get()
    assert (decision.verdict, decision.reason, decision.by) == ("remove", "hate", None)
    entry = AuditEntry.objects.of(place.brand).get(what="message_removed")
    assert (entry.user_id, entry.facts["by_rule"], entry.facts["reason"]) == (None, "Insults", "hate")
    carried_out(place)
    assert Activity.objects.of(place.brand).get(remote_id="c1").standing == "removed"
    thread = decision.activity.entries.get().thread
    page = agent.get(place.url(f"{thread.pk}/")).content.decode()
    assert "The rule “Insults”: removed · Hate speech" in page
    assert "Somebody removed" not in page
    assert "Put it back" in page
    address_of = place.url(f"{thread.pk}/messages/{decision.activity.entries.get().pk}/moderations/")
    agent.post(address_of, {"verdict": "approve"})
    carried_out(place)
    assert Activity.objects.of(place.brand).get(remote_id="c1").standing == ""
    # What a colleague put back is not hidden again.
    comes(place, said("c1", "You idiots!", **words))
    assert Activity.objects.of(place.brand).get(remote_id="c1").standing == ""
    assert made.deeds.count() == 1


def test_programs_are_told_what_the_network_did(place: House) -> None:
    agent = place.people["agent"]
    Webhook.make(place.brand, "https://example.org/hook", EVENTS, place.people["owner"])
    made = rule(place, actions={"hide": {"verdict": "spam", "reason": "spam"}})
    comes(place, said("c1", "refund my secret", standing="", kind=Kind.COMMENT, conversation="post/anna"))
    thread = Thread.objects.of(place.brand).get()
    entry = thread.entries.get()
    carried_out(place)
    entry.activity.refresh_from_db()
    shown = thread.moderate(entry.activity, Verdict.APPROVE, agent)
    carried_out(place)
    entry.activity.refresh_from_db()
    Place.refuses = True
    refused = thread.moderate(entry.activity, Verdict.REMOVE, agent, reason="hate", words="secret")
    carried_out(place)
    rows = WebhookCall.objects.of(place.brand).order_by("pk")
    calls = [(each.kind, each.data) for each in rows if each.data.get("decision")]
    about = {"message": entry.pk, "thread": thread.pk, "channel": place.channel.pk}
    first = Moderation.objects.of(place.brand).order_by("pk")[0]
    by_rule = {"reason": "spam", "by": None, "rule": {"id": made.pk, "name": "Refunds"}}
    assert calls == [
        ("message.spam", {**about, "decision": first.pk, **by_rule}),
        ("message.approved", {**about, "decision": shown.pk, "reason": "", "by": agent.pk}),
        (
            "decision.refused",
            {
                **about,
                "decision": refused.pk,
                "reason": "hate",
                "by": agent.pk,
                "act": "remove",
                "code": "not_allowed",
            },
        ),
    ]
    assert "secret" not in str(calls)


def webhook(place: House) -> Webhook:
    made, _secret = Webhook.make(place.brand, "https://example.org/hook", EVENTS, place.people["owner"])
    return made


def told(made: Webhook) -> list[dict[str, Any]]:
    """The bodies of the calls about messages since the last time."""
    rows = WebhookCall.objects.of(made.brand_id).filter(kind__startswith="message.")
    calls = list(rows.order_by("pk"))
    bodies = [json.loads(body_of(made, call)) for call in calls]
    WebhookCall.objects.of(made.brand_id).delete()
    return bodies


def heard_of(place: House, *page: Any) -> None:
    """A page of the connector comes in, and whoever listens hears of it, once."""
    Place.page = page
    with told_events() as events:
        fetching.fetch(Channel.objects.of(place.brand).get(pk=place.channel.pk))
    for event in events:
        jobs.gather.func(**event)


@contextmanager
def told_events() -> Iterator[list[dict[str, Any]]]:
    """What was told meanwhile to the inbox, as its job is given it."""
    rows = ProcrastinateJob.objects.filter(task_name="comptoir.inbox.jobs.gather")
    before, found = set(rows.values_list("id", flat=True)), list[dict[str, Any]]()
    yield found
    found += [row.args for row in rows.order_by("id") if row.id not in before]


COMMENT: dict[str, Any] = {"kind": Kind.COMMENT, "conversation": "post/anna"}


@pytest.mark.parametrize(("standing", "kind"), [("spam", "message.spam"), ("removed", "message.removed"),
                                                ("held", "message.held")])  # fmt: skip
def test_what_a_colleague_decides_in_the_networks_own_place_is_told_as_what_it_is(
    place: House, standing: str, kind: str
) -> None:
    made = webhook(place)
    heard_of(place, said("c1", "My words", **COMMENT), said("c2", "Others", by=2, **COMMENT))
    told(made)
    heard_of(place, said("c1", "My words", standing=standing, **COMMENT))
    entry = Thread.objects.of(place.brand).get().entries.get(activity__remote_id="c1")
    about = {"message": entry.pk, "thread": entry.thread_id, "channel": place.channel.pk}
    nobody = {"decision": None, "reason": "", "by": None}
    assert [(each["type"], each["data"]) for each in told(made)] == [(kind, {**about, **nobody})]
    heard_of(place, said("c1", "My words", standing=standing, **COMMENT))
    assert told(made) == [], "once"
    heard_of(place, said("c1", "Other words", edited=clock.now(), **COMMENT))
    assert sorted(each["type"] for each in told(made)) == ["message.approved", "message.edited"]


def test_a_hiding_of_our_own_does_not_come_back_as_the_networks(place: House) -> None:
    made = webhook(place)
    heard_of(place, said("c1", "My words", **COMMENT))
    thread = Thread.objects.of(place.brand).get()
    told(made)
    thread.moderate(thread.entries.get().activity, Verdict.SPAM, place.people["agent"], reason="spam")
    delivery = Delivery.objects.of(place.brand).get(state="waiting")
    assert delivery.claim()
    # The network has done it, and says so before its answer has reached us; a page asked for before is behind it.
    heard_of(place, said("c1", "My words", standing="spam", **COMMENT))
    with told_events() as events:
        ways.deliver.func(delivery_id=delivery.pk)
    for event in events:
        jobs.gather.func(**event)
    jobs.delivery_moved.func(delivery_id=delivery.pk)
    heard_of(place, said("c1", "My words", standing="", **COMMENT))
    heard_of(place, said("c1", "My words", standing="spam", **COMMENT))
    assert [(each["type"], each["data"]["by"]) for each in told(made)] == [
        ("message.spam", place.people["agent"].pk)
    ]
