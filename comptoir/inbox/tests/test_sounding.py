"""Whoever is on duty is called by what is late and by rules: once for a storm, through to the mail that leaves."""

from __future__ import annotations

import threading
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection

from comptoir.inbox import jobs
from comptoir.inbox.models import Deed, Queue, Rule, Target, Thread
from comptoir.inbox.ruling import trial_of
from comptoir.inbox.tests.building import TOWN, House, browser, hear, house, said
from comptoir.inbox.tests.ruling import comes, deeds, rule
from comptoir.inbox.tests.test_due import FRIDAY, says, want, write
from comptoir.networks.models import Activity, Channel
from comptoir.organisation.audit_sentences import audit_sentence
from comptoir.organisation.models import Alarm, AuditEntry, Membership, Shift, Webhook, WebhookCall
from comptoir.organisation.models.terms import Terms
from comptoir.organisation.models.webhook import EVENTS
from comptoir.organisation.tests.programs import Program
from comptoir.organisation.tests.test_alarms import tell_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(FRIDAY, tick=False) as travelled:
        yield travelled


@pytest.fixture
def verdier(clock: Any) -> House:
    """The agent is on duty at all hours, the manager after them."""
    made = house()
    made.brand.time_zone = "Europe/Paris"
    made.brand.save(update_fields=["time_zone"])
    for place, role in enumerate(("agent", "manager"), 1):
        Shift.weekly(made.brand, made.people[role], place, range(7), 0, 0, made.people["owner"])
    return made


def after(clock: Any, minutes: float) -> None:
    """It is so much later; what is late is told, twice."""
    clock.move_to(FRIDAY + timedelta(minutes=minutes))
    for _time in range(2):
        jobs.ring_up.func(timestamp=0)


def alarms(verdier: House) -> list[Alarm]:
    return list(Alarm.objects.of(verdier.brand).order_by("pk"))


def page(verdier: House, path: str, who: str = "manager") -> str:
    response = browser(verdier.people[who]).get(path)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_many_that_are_late_together_are_one_call_that_reaches_somebody(verdier: House, clock: Any) -> None:
    manager = verdier.people["manager"]
    refunds = Queue.make(verdier.brand, manager, name="Refunds", takes=True, words=["refund"])
    want(verdier, first=60, calls=True)
    want(verdier, refunds, first=60, calls=True)
    write(verdier, *(says(clock, f"m{n}", text=("refund", "hello")[n % 2], by=n) for n in range(40)))
    after(clock, 59)
    assert alarms(verdier) == []
    after(clock, 61)
    (alarm,) = alarms(verdier)
    assert (alarm.reason, alarm.about, alarm.by) == ("late", "late", None)
    assert [str(call.user) for call in alarm.calls.all()] == ["Agent"]
    tell_people()
    (letter,) = [
        each for each in mail.outbox if each.to == ["agent@verdier.example"] and "called" in each.body
    ]
    assert "Answers are later than was promised: Refunds, Maison Verdier." in letter.body
    assert f"/b/verdier/alarms/{alarm.pk}/" in letter.body
    shown = page(verdier, f"/b/verdier/alarms/{alarm.pk}/")
    assert 'href="/b/verdier/threads/?show=due"' in shown
    assert "See what is late" in shown
    alarm.acknowledge(manager)
    write(verdier, says(clock, "more", by=90))
    after(clock, 120)
    assert len(alarms(verdier)) == 1, "somebody took it less than an hour ago"
    write(verdier, says(clock, "again", by=91))
    after(clock, 185)
    assert len(alarms(verdier)) == 2
    Alarm.objects.of(verdier.brand).update(next_at=None)
    write(verdier, says(clock, "much later", by=92))
    after(clock, 250)
    assert [each.acknowledged_at is None for each in alarms(verdier)] == [False, False, True], "a day went by"


def test_a_call_is_over_when_nothing_is_late_any_more(verdier: House, clock: Any) -> None:
    agent = verdier.people["agent"]
    Webhook.make(verdier.brand, "https://example.org/hook", ["alarm.acknowledged"], verdier.people["owner"])
    quiet = Queue.make(verdier.brand, agent, name="Quiet", words=["parrot"])
    want(verdier, quiet, first=30)
    write(verdier, says(clock, "other", text="parrot", by=5))
    after(clock, 31)
    assert alarms(verdier) == [], "this target calls nobody"
    want(verdier, first=60, calls=True)
    write(verdier, says(clock, "m0"))
    after(clock, 92)
    (alarm,) = alarms(verdier)
    Thread.objects.of(verdier.brand).get(queue=None).reply("Here we are.", agent)
    after(clock, 93)
    alarm.refresh_from_db()
    assert (alarm.acknowledged_by, alarm.next_at) == (None, None)
    assert alarm.acknowledged_at is not None
    assert "It was over," in page(verdier, f"/b/verdier/alarms/{alarm.pk}/")
    entry = AuditEntry.objects.of(verdier.brand).get(what="alarm_over")
    assert "was over before anybody took it" in audit_sentence(entry.what, "", entry.about_id, {})
    (call,) = WebhookCall.objects.of(verdier.brand)
    assert call.data == {**alarm.named(), "by": None}


def test_who_sees_other_channels_only_is_passed_over(verdier: House, clock: Any) -> None:
    first = verdier.channel
    other = Channel.objects.create(
        brand=verdier.brand, network=TOWN, remote_id="second", handle="@second", settings=first.settings,
        next_fetch=first.next_fetch, next_recheck=first.next_recheck, history_done=True,
    )  # fmt: skip
    member = Membership.objects.get(brand=verdier.brand, user=verdier.people["agent"])
    member.agree(Terms(channels=(other.pk,)), verdier.people["owner"])
    want(verdier, first=60, calls=True)
    write(verdier, says(clock, "m0"))
    after(clock, 61)
    (alarm,) = alarms(verdier)
    assert [str(call.user) for call in alarm.calls.all()] == ["Manager"]
    assert browser(verdier.people["agent"]).get(f"/b/verdier/alarms/{alarm.pk}/").status_code == 404


def test_a_target_says_on_its_page_and_to_programs_that_it_calls(verdier: House) -> None:
    manager = browser(verdier.people["manager"])
    given = {"first": "1 h", "open_hours": "on", "warns": "75", "escalates": "0 min", "calls": "on"}
    assert manager.post("/b/verdier/queues/target/", given).status_code == 302
    assert Target.objects.of(verdier.brand).get().calls is True
    assert "calls whoever is on duty" in page(verdier, "/b/verdier/queues/", "reader")
    program = Program(verdier.people["manager"])
    assert program.get("brands/verdier/queues")["usual"]["calls"] is True
    usual = program.ask("PUT", "brands/verdier/queues/usual-target", {"first": 5}).json()["usual"]
    assert usual["calls"] is False


def test_a_storm_that_a_rule_fits_is_one_call(verdier: House, clock: Any) -> None:
    Webhook.make(verdier.brand, "https://example.org/hook", EVENTS, verdier.people["owner"])
    made = rule(verdier, "Fire", "fire", actions={"call": 60, "priority": 2})
    rule(verdier, "Second", "fire", actions={"call": 15})
    comes(verdier, *(said(f"f{n}", "There is a fire!", by=n) for n in range(30)), times=2)
    alarm, other = alarms(verdier)
    assert (alarm.reason, alarm.facts["rule"], other.facts["rule"]) == ("rule", "Fire", "Second")
    assert [did for name, did, _failed in deeds(verdier) if "call" in did and name == "Fire"] == [
        {"call": alarm.pk, "priority": 2}
    ]
    tell_people()
    letters = [each.body for each in mail.outbox if each.to == ["agent@verdier.example"]]
    assert sum("The rule Fire calls whoever is on duty." in each for each in letters) == 1
    thread = page(verdier, verdier.url(f"{alarm.about.removeprefix('thread:')}/"))
    assert "The rule “Fire”: made urgent, whoever is on duty called" in thread
    assert "Whoever is on duty was called" not in thread
    told = WebhookCall.objects.of(verdier.brand).filter(kind__in=["alarm.sounded", "thread.prioritised"])
    assert told.filter(kind="alarm.sounded").count() == 2
    assert all(each.data["by"] is None for each in told)
    assert {"id": made.pk, "name": "Fire"} in [each.data["rule"] for each in told]
    entry = AuditEntry.objects.of(verdier.brand).filter(what="alarm_sounded").order_by("pk")[0]
    assert audit_sentence(entry.what, entry.who, entry.about_id, entry.facts).startswith(
        "The rule “Fire” called"
    )


def test_a_rule_calls_again_once_it_has_rested_and_for_another_thread(verdier: House, clock: Any) -> None:
    rule(verdier, "Fire", "fire", actions={"call": 60})
    comes(verdier, says(clock, "f0", text="fire"))
    comes(verdier, says(clock, "f1", text="fire", by=1))
    (alarm,) = alarms(verdier)
    clock.shift(timedelta(hours=2))
    comes(verdier, says(clock, "f2", text="fire", by=2))
    assert len(alarms(verdier)) == 1, "they are still being called"
    alarm.acknowledge(verdier.people["agent"])
    clock.shift(timedelta(minutes=59))
    comes(verdier, says(clock, "f3", text="fire", by=3))
    assert len(alarms(verdier)) == 1
    clock.shift(timedelta(minutes=2))
    comes(verdier, says(clock, "f4", text="fire", by=0, in_reply_to="f0"))
    assert len(alarms(verdier)) == 1, "it called for this one before"
    comes(verdier, says(clock, "f5", text="fire", by=5))
    assert len(alarms(verdier)) == 2
    Alarm.objects.of(verdier.brand).update(next_at=None, acknowledged_at=None)
    clock.shift(timedelta(hours=1))
    comes(verdier, says(clock, "f6", text="fire", by=6))
    assert len(alarms(verdier)) == 3, "nobody took the one before, and nobody is called for it any more"


def test_a_trial_says_how_often_it_would_have_called_and_calls_nobody(verdier: House) -> None:
    hear(verdier.channel, [said(f"f{n}", "fire", 100 - n, by=n) for n in range(90)])
    hear(verdier.channel, [said("again", "fire", 1, in_reply_to="f0", by=0)])
    manager = browser(verdier.people["manager"])
    given = {"name": "Fire", "query": "fire", "call": "15"}
    shown = unescape(manager.post("/b/verdier/rules/new/", given, follow=True).content.decode())
    assert "It would have called whoever is on duty 6 times." in shown
    assert "Call whoever is on duty, once in 15 min at the most" in shown
    assert "called a short while before" in shown
    made = Rule.objects.of(verdier.brand).get()
    assert made.actions == {"call": 15}
    assert len(trial_of(made).calls) == 6
    program = Program(verdier.people["manager"])
    tried = program.get(f"brands/verdier/rules/{made.pk}/trial")
    assert (tried["matched"], tried["calls"]) == (91, 6)
    assert sorted({each["outlook"]["call"] for each in tried["items"]}) == ["do", "rests"]
    other = program.ask("POST", "brands/verdier/rules", {
        "name": "Flood", "query": "flood", "actions": {"call": 240},
    }).json()  # fmt: skip
    assert other["actions"]["call"] == 240
    assert program.ask("POST", "brands/verdier/rules", {
        "name": "No", "query": "flood", "actions": {"call": 7},
    }).status_code == 422  # fmt: skip
    assert 'value="15" selected' in page(verdier, f"/b/verdier/rules/{made.pk}/edition/")
    assert alarms(verdier) == []
    assert not Deed.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_workers_that_hear_it_at_the_same_time_call_once(verdier: House) -> None:
    made = rule(verdier, "Fire", "fire", actions={"call": 60})
    hear(verdier.channel, [said(f"f{n}", "fire", by=n) for n in range(6)])
    heard = Activity.objects.of(verdier.brand).values_list("pk", flat=True)
    ready = threading.Barrier(len(heard))

    def work(activity: int) -> None:
        ready.wait()
        jobs.rule.func(channel_id=verdier.channel.pk, activities=[activity])
        connection.close()

    workers = [threading.Thread(target=work, args=[pk]) for pk in heard]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(alarms(verdier)) == 1
    assert made.deeds.count() == 6
