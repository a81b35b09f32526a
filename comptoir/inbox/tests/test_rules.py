"""Rules: what fits them, what they do once to each message, and whose doing that is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox import jobs, ruling
from comptoir.inbox.models import Assignment, Entry, Queue, Rule, SavedReply, Tag, Tagging
from comptoir.inbox.models.rule import NotTried
from comptoir.inbox.models.sorting import take_off
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.inbox.tests.ruling import comes, deeds, fits, rule
from comptoir.networks.connector import Actor, Kind
from comptoir.organisation.audit_sentences import audit_sentence
from comptoir.organisation.models import AuditEntry, Notice, Team
from comptoir.organisation.models.hours import Hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house()


def tags(verdier: House) -> list[str]:
    return sorted(Tagging.objects.filter(thread__brand=verdier.brand).values_list("tag__name", flat=True))


def test_a_rule_acts_on_what_fits_it_once(verdier: House) -> None:
    rule(verdier)
    comes(verdier, said("m1", "I want a refund", by=1), said("m2", "Lovely shop", by=2), times=2)
    assert tags(verdier) == ["money"]
    assert deeds(verdier) == [("Refunds", {"tags": ["money"]}, {})]


def test_what_is_off_and_what_is_history_is_left_alone(verdier: House) -> None:
    rule(verdier, on=False)
    comes(verdier, said("m1", "refund please"))
    made = Rule.objects.of(verdier.brand).get()
    made.switch(True, verdier.people["manager"], made.version)
    ids = verdier.channel.receive([said("old", "refund of long ago", by=3)], historic=True)
    jobs.gather.func(channel_id=verdier.channel.pk, new=ids, changed=[])
    jobs.rule.func(channel_id=verdier.channel.pk, activities=ids)
    assert Entry.objects.filter(activity__in=ids).exists()
    assert deeds(verdier) == []


def test_gathering_hands_what_came_to_the_rules(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(ruling, "apply", lambda channel, activities: told.append((channel.pk, activities)))
    hear(verdier.channel, [said("m1", "refund")])
    ordered = ProcrastinateJob.objects.filter(task_name="comptoir.inbox.jobs.rule")
    assert not ordered.exists()
    rule(verdier)
    hear(verdier.channel, [said("m2", "refund")])
    waiting = ordered.get()
    assert waiting.lock == f"rule:{verdier.channel.pk}"
    jobs.rule.func(**waiting.args)
    assert len(told) == 1


def test_conditions_stand_beside_the_query(verdier: House) -> None:
    people = {
        "big": Actor("big", "@nasa@space.example", "NASA", followers=90_000),
        "small": Actor("small", "@ana@home.example", "Ana", followers=12),
    }
    night = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    day = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
    hear(
        verdier.channel,
        [
            said("m1", "tea one", actor=people["big"], published=day),
            said("m2", "tea two", actor=people["small"], published=night),
            said(
                "m3", "tea three", actor=people["small"], published=day, kind=Kind.MESSAGE, conversation="x"
            ),
        ],
    )
    week = [[(540, 1080)]] * 5 + [[], []]
    Hours.settle(verdier.brand, "UTC", week, [], verdier.people["owner"])

    def found(query: str = "tea", **conditions: Any) -> list[str]:
        return sorted(fits(Rule(brand=verdier.brand, query=query, conditions=conditions)))

    assert found() == ["tea one", "tea three", "tea two"]
    assert found("tea NOT two", kinds=["mention"]) == ["tea one"]
    assert found(followers=1_000) == ["tea one"]
    assert found(authors=["nasa", "nobody"]) == ["tea one"]
    assert found(hours="shut") == ["tea two"]
    assert found(hours="open") == ["tea one", "tea three"]
    assert found("", kinds=["message"]) == ["tea three"]
    assert found(channels=[verdier.channel.pk + 1]) == []
    assert found(channels=[verdier.channel.pk], followers=13) == ["tea one"]
    assert found("tea AND (one") == []


def test_each_message_is_asked_for_its_own_language_and_tone(verdier: House) -> None:
    hear(
        verdier.channel,
        [
            said("m1", "Merci beaucoup, vous êtes formidables !", minutes_ago=9),
            said(
                "m2", "This is terrible, I am very angry.", minutes_ago=8, kind=Kind.REPLY, in_reply_to="m1"
            ),
        ],
    )
    praise = Rule(brand=verdier.brand, query="sentiment:positive AND lang:fr")
    assert fits(praise) == ["Merci beaucoup, vous êtes formidables !"]
    assert fits(Rule(brand=verdier.brand, query="sentiment:negative")) == [
        "This is terrible, I am very angry."
    ]


def test_all_that_fit_act_in_order_and_the_first_to_give_wins(verdier: House) -> None:
    agent, manager = verdier.people["agent"], verdier.people["manager"]
    rule(verdier, "First", actions={"assign": {"person": agent.pk}, "priority": 1})
    second = rule(verdier, "Second", actions={"assign": {"person": manager.pk}, "priority": 2})
    rule(verdier, "Last")
    comes(verdier, said("m1", "refund"))
    thread = verdier.thread()
    assert (thread.assignee, thread.priority, tags(verdier)) == (agent, 1, ["money"])
    assert [(name, did) for name, did, _ in deeds(verdier)][1] == ("Second", {})
    second.move(-1, manager)
    assert [each.name for each in Rule.objects.of(verdier.brand).in_order()] == ["Second", "First", "Last"]
    Rule.objects.of(verdier.brand).filter(name="Second").update(stops=True)
    comes(verdier, said("m2", "refund", by=7, minutes_ago=1))
    assert verdier.thread().assignee == manager
    assert len(deeds(verdier)) == 4


def test_colleagues_have_the_last_word(verdier: House) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    rule(verdier, actions={"tags": [Tag.called(verdier.brand, "money", owner).pk],
                           "assign": {"person": agent.pk}, "priority": 2})  # fmt: skip
    comes(verdier, said("m1", "refund"))
    thread = verdier.thread()
    assert (thread.assignee, thread.priority, thread.state) == (agent, 2, "new")
    take_off(thread, Tag.objects.of(verdier.brand).get(), owner)
    thread.prioritise(0, owner)
    thread.assign(None, owner)
    comes(verdier, said("m2", "refund, again", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=3))
    thread.refresh_from_db()
    assert (thread.assignee, thread.priority, tags(verdier)) == (None, 0, [])
    thread.close(owner)
    comes(verdier, said("m3", "refund of something else", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=1))
    thread.refresh_from_db()
    assert (thread.assignee, thread.priority, tags(verdier)) == (agent, 2, ["money"])


def test_what_somebody_has_is_left_with_them(verdier: House) -> None:
    agent, manager = verdier.people["agent"], verdier.people["manager"]
    team = Team.make(verdier.brand, "Night", [agent], manager)
    hear(verdier.channel, [said("m1", "hello")])
    verdier.thread().assign(manager, manager)
    rule(verdier, actions={"assign": {"team": team.pk}})
    comes(verdier, said("m2", "refund", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=2))
    assert verdier.thread().assignee == manager
    comes(verdier, said("m3", "refund", by=5))
    assert Assignment.objects.get(team=team).by is None


def test_who_is_to_know_is_told_once(verdier: House) -> None:
    agent, manager, reader = (verdier.people[role] for role in ("agent", "manager", "reader"))
    team = Team.make(verdier.brand, "Night", [agent, manager], manager)
    rule(verdier, actions={"notify": {"people": [reader.pk, agent.pk], "teams": [team.pk]}})
    comes(verdier, said("m1", "refund"), times=2)
    told = Notice.objects.of(verdier.brand).filter(code="rule_matched")
    assert {notice.to for notice in told} == {agent, manager, reader}
    assert told.count() == 3


def test_one_that_cannot_says_why_and_stops_no_other(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    agent, manager = verdier.people["agent"], verdier.people["manager"]
    tag = Tag.called(verdier.brand, "gone", manager)
    kept = SavedReply.make(verdier.brand, manager, "Sorry", "sorry", {"en": "Sorry."})
    actions = {
        "tags": [tag.pk], "assign": {"person": agent.pk}, "saved": kept.pk,
        "hide": {"verdict": "remove", "reason": "hate"}, "notify": {"people": [agent.pk]},
    }  # fmt: skip
    rule(verdier, "Broken", actions=actions)
    rule(verdier, "Well")
    tag.remove(manager)
    kept.remove(manager)
    verdier.brand.dismiss(agent, manager)
    comes(verdier, said("m1", "refund"))
    gone = {"tags": "gone", "assign": "gone", "saved": "gone", "hide": "cannot", "notify": "gone"}
    assert deeds(verdier) == [("Broken", {}, gone), ("Well", {"tags": ["money"]}, {})]
    Rule.objects.of(verdier.brand).filter(name="Broken").update(actions={"priority": "nonsense"})
    comes(verdier, said("m2", "refund", by=4))
    assert deeds(verdier)[2:] == [("Broken", {}, {"rule": "broken"}), ("Well", {"tags": ["money"]}, {})]


def test_the_log_says_which_rule_did_what(verdier: House) -> None:
    rule(verdier, actions={"tags": [Tag.called(verdier.brand, "money", None).pk], "priority": 2})
    comes(verdier, said("m1", "refund"))
    found = AuditEntry.objects.of(verdier.brand).filter(about_kind="thread").order_by("pk")
    assert [(each.what, each.user_id, each.via) for each in found] == [
        ("tagged", None, "job"),
        ("prioritised", None, "job"),
    ]
    words = [audit_sentence(each.what, each.who, each.about_id, each.facts) for each in found]
    assert words[0] == f"The rule “Refunds” put the tag money on thread {verdier.thread().pk}."


def test_what_was_tried_is_what_is_switched_on(verdier: House) -> None:
    manager = verdier.people["manager"]
    made = rule(verdier, on=False)
    with pytest.raises(NotTried):
        made.switch(True, manager)
    assert made.switch(True, manager, 1) is True
    assert made.switch(True, manager, 1) is False
    given = {
        "name": "Money back",
        "query": "refund",
        "conditions": {},
        "actions": made.actions,
        "stops": False,
    }
    made.change(manager, given)
    assert (made.on, made.version, made.name) == (True, 1, "Money back")
    made.change(manager, given | {"query": "refund*"})
    assert (made.on, made.version) == (False, 2)
    with pytest.raises(NotTried):
        made.switch(True, manager, 1)
    last = AuditEntry.objects.of(verdier.brand).filter(what="rule_changed").latest("pk")
    assert last.facts["before"] == {"query": "refund"}
    assert last.facts["after"] == {"query": "refund*"}
    assert last.user_id == manager.pk


def test_what_a_rule_did_stays_when_the_rule_goes(verdier: House) -> None:
    made = rule(verdier)
    comes(verdier, said("m1", "refund"))
    made.remove(verdier.people["manager"])
    assert deeds(verdier) == [("Refunds", {"tags": ["money"]}, {})]


def test_a_persons_own_acts_are_not_the_rules(verdier: House) -> None:
    """What is recorded under a rule names it; what a person does in the same process does not."""
    rule(verdier)
    comes(verdier, said("m1", "refund"))
    assert verdier.thread().state == "new"
    verdier.thread().prioritise(2, verdier.people["agent"])
    assert "by_rule" not in AuditEntry.objects.of(verdier.brand).get(what="prioritised").facts
    assert verdier.thread().state == "open"


def test_a_thread_is_put_in_a_queue_and_stays_with_who_has_it(verdier: House) -> None:
    owner = verdier.people["owner"]
    press = Queue.make(verdier.brand, owner, name="Press", takes=False)
    made = rule(verdier, actions={"queue": press.pk})
    hear(verdier.channel, [said("m1", "hello")])
    verdier.thread().assign(owner, owner)
    comes(verdier, said("m2", "refund", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=2))
    thread = verdier.thread()
    assert (thread.queue, thread.assignee) == (press, owner)
    assert fits(Rule(brand=verdier.brand, query="queue:press")) == ["refund", "hello"]
    press.dissolve(owner)
    comes(verdier, said("m3", "refund", by=5, minutes_ago=1))
    assert deeds(verdier)[-1] == ("Refunds", {}, {"queue": "gone"})
    assert made.deeds.count() == 2
