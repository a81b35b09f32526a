"""Calling the one on duty: one after the other, each once, at any hour, until somebody takes it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from comptoir.kernel import clock
from comptoir.kernel.restored import steps
from comptoir.organisation import jobs, reaching
from comptoir.organisation.alarm_keeping import calls_to_people, forget_alarms
from comptoir.organisation.models import (
    Alarm,
    AlarmCall,
    AuditEntry,
    Brand,
    Dispatch,
    Notice,
    Shift,
    Taste,
    User,
    Webhook,
    WebhookCall,
    on_duty,
)
from comptoir.organisation.models.alarm import call_next_ones
from comptoir.organisation.models.webhook import EVENTS

NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("Europe/Paris"))
"""A Monday."""


@pytest.fixture
def night() -> Iterator[Any]:
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def brand(db: None) -> Brand:
    brand = Brand.objects.create(name="Maison Verdier", slug="verdier", time_zone="Europe/Paris")
    roles = {"anna": "agent", "ben": "agent", "chloe": "manager", "odile": "owner", "rene": "reader"}
    for name, role in roles.items():
        brand.admit(User.objects.create_user(f"{name}@verdier.example", name=name.title()), role)
    return brand


def person(name: str) -> User:
    return User.objects.get(name=name)


def rota(brand: Brand) -> None:
    """Each night: Anna first, then Ben."""
    for place, name in enumerate(("Anna", "Ben"), 1):
        Shift.weekly(brand, person(name), place, range(7), 22 * 60, 7 * 60, person("Odile"))


def sound(brand: Brand, about: str = "thread:1", **more: Any) -> Alarm:
    return Alarm.sound(brand, "colleague", about, person("Chloe"), **more)


def called(alarm: Alarm) -> list[str]:
    return list(alarm.calls.order_by("pk").values_list("user__name", flat=True))


def later(traveller: Any, **time: float) -> None:
    """The job runs, and runs again, and what it has to say is said."""
    traveller.shift(timedelta(**time))
    jobs.escalate.func(timestamp=0)
    jobs.escalate.func(timestamp=0)
    tell_people()


def tell_people() -> None:
    ids = list(Notice.objects.everywhere().filter(settled_at=None).values_list("pk", flat=True))
    jobs.spread_notices.func(ids=ids)
    for some in reaching.dispatch():
        reaching.send(some)


def test_one_after_the_other_then_the_owners_each_once(brand: Brand, night: Any) -> None:
    rota(brand)
    alarm = sound(brand)
    assert called(alarm) == ["Anna"]
    later(night, minutes=4, seconds=59)
    assert called(alarm) == ["Anna"]
    later(night, seconds=1)
    assert called(alarm) == ["Anna", "Ben"]
    later(night, minutes=5)
    assert called(alarm) == ["Anna", "Ben", "Odile"]
    for _n in range(5):
        later(night, minutes=5)
    assert called(alarm) == ["Anna", "Ben", "Odile"]
    to = [
        message.to[0] for message in mail.outbox if "called" in message.body or "taken this" in message.body
    ]
    assert to == ["anna@verdier.example", "ben@verdier.example", "odile@verdier.example"]


def test_quiet_hours_and_choices_do_not_keep_a_call_away(brand: Brand, night: Any) -> None:
    rota(brand)
    never = {"duty_called": {"mail": "never", "push": "never"}}
    Taste.objects.create(
        user=person("Anna"), zone="Europe/Paris", quiet_from=time(22), quiet_until=time(7), choices=never
    )
    sound(brand, note="The shop in Lyon is under water.")
    tell_people()
    [message] = [each for each in mail.outbox if each.to == ["anna@verdier.example"]]
    assert "Chloe needs whoever is on duty. The shop in Lyon is under water." in message.body
    assert f"/b/verdier/alarms/{Alarm.objects.of(brand).get().pk}/" in message.body
    assert set(
        Dispatch.objects.filter(reach__user=person("Anna"), reach__notice__code="duty_called").values_list(
            "way", flat=True
        )
    ) == {"mail", "push"}


def test_whoever_takes_it_stops_the_chain(brand: Brand, night: Any) -> None:
    rota(brand)
    alarm = sound(brand)
    assert alarm.acknowledge(person("Ben"))
    assert not Alarm.objects.of(brand).get().acknowledge(person("Anna"))
    later(night, minutes=30)
    found = Alarm.objects.of(brand).get()
    assert (found.acknowledged_by, found.acknowledged_at) == (person("Ben"), NIGHT)
    assert called(alarm) == ["Anna"]
    assert not Notice.objects.of(brand).filter(about=f"alarm:{alarm.pk}", settled_at=None).exists()
    assert not [each for each in mail.outbox if "called" in each.body]
    log = AuditEntry.objects.of(brand).filter(what__startswith="alarm").order_by("pk")
    assert [(each.what, each.who) for each in log] == [
        ("alarm_sounded", "Chloe"),
        ("alarm_acknowledged", "Ben"),
    ]


def test_a_thing_is_called_about_once_until_somebody_takes_it(brand: Brand, night: Any) -> None:
    rota(brand)
    assert sound(brand) == sound(brand)
    assert sound(brand, "thread:2") != sound(brand)
    assert sound(brand, "") != sound(brand, "")
    first = sound(brand)
    first.acknowledge(person("Anna"))
    assert sound(brand) != first


def test_with_nobody_on_duty_the_owners_are_called_at_once(brand: Brand, night: Any) -> None:
    assert called(sound(brand)) == ["Odile"]
    rota(brand)
    night.move_to(NIGHT.replace(hour=12))
    assert called(sound(brand, "thread:2")) == ["Odile"]


def test_whoever_comes_on_duty_later_is_called_too_for_a_day(brand: Brand, night: Any) -> None:
    rota(brand)
    Shift.weekly(brand, person("Chloe"), 1, [1], 7 * 60, 22 * 60, person("Odile"))
    alarm = Alarm.sound(brand, "rule", rule="Fire")
    later(night, minutes=5)
    later(night, minutes=5)
    later(night, hours=8)
    assert called(alarm) == ["Anna", "Ben", "Odile", "Chloe"]
    later(night, hours=24)
    assert Alarm.objects.of(brand).get().next_at is None


def test_only_who_may_answer_is_on_duty(brand: Brand, night: Any) -> None:
    rota(brand)
    brand.admit(person("Anna"), "reader")
    assert on_duty(brand) == [person("Ben")]
    brand.dismiss(person("Ben"))
    assert on_duty(brand) == []
    assert not Shift.objects.of(brand).filter(user=person("Ben")).exists()


def test_what_is_archived_calls_nobody(brand: Brand, night: Any) -> None:
    rota(brand)
    alarm = sound(brand)
    brand.archive(person("Odile"))
    later(night, minutes=30)
    assert called(alarm) == ["Anna"]


def test_an_unknown_reason_is_a_mistake_of_the_caller(brand: Brand) -> None:
    with pytest.raises(KeyError, match="because"):
        Alarm.sound(brand, "because")


def test_programs_are_told(brand: Brand, night: Any) -> None:
    rota(brand)
    Webhook.make(brand, "https://example.org/hook", EVENTS, person("Odile"))
    alarm = sound(brand)
    alarm.acknowledge(person("Ben"))
    told = WebhookCall.objects.of(brand).filter(kind__startswith="alarm").order_by("pk")
    assert [(each.kind, each.data) for each in told] == [
        ("alarm.sounded", {**alarm.named(), "by": person("Chloe").pk}),
        ("alarm.called", {**alarm.named(), "people": [person("Anna").pk]}),
        ("alarm.acknowledged", {**alarm.named(), "by": person("Ben").pk}),
    ]


def test_who_is_put_on_duty_by_others_hears_of_it(brand: Brand, night: Any) -> None:
    rota(brand)
    codes = Notice.objects.of(brand).filter(code="duty_given").values_list("to__name", flat=True)
    assert sorted(str(name) for name in codes) == ["Anna", "Ben"]
    Shift.dated(
        brand, person("Chloe"), 1, datetime(2026, 12, 24, 18), datetime(2026, 12, 25, 9), person("Chloe")
    )
    assert codes.all().count() == 2


@pytest.mark.parametrize("ends", [datetime(2026, 12, 24, 18), datetime(2027, 1, 25, 18)])
def test_a_shift_has_an_end_within_a_month(brand: Brand, ends: datetime) -> None:
    with pytest.raises(ValueError, match="until"):
        Shift.dated(brand, person("Anna"), 1, datetime(2026, 12, 24, 18), ends, person("Anna"))


def test_old_calls_are_forgotten_and_a_backup_rouses_nobody(brand: Brand, night: Any) -> None:
    rota(brand)
    alarm = sound(brand)
    assert calls_to_people in steps
    assert len(list(calls_to_people(clock.now()))) == 1
    later(night, minutes=30)
    assert called(alarm) == ["Anna"]
    assert forget_alarms(brand, clock.now() - timedelta(days=1), 10) == 0
    assert forget_alarms(brand, clock.now() + timedelta(days=1), 10) == 1
    assert not AlarmCall.objects.exists()
    assert not Notice.objects.of(brand).filter(about=f"alarm:{alarm.pk}", settled_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_step_and_a_killed_one_none(brand: Brand) -> None:
    Shift.weekly(brand, person("Anna"), 1, range(7), 0, 0, person("Odile"))
    Shift.weekly(brand, person("Ben"), 2, range(7), 0, 0, person("Odile"))
    alarm = sound(brand)
    Alarm.objects.of(brand).update(next_at=clock.now())
    done: list[int] = []

    def work() -> None:
        done.append(call_next_ones())
        connection.close()

    with transaction.atomic():
        # A worker that dies in the middle of its step: what it did is undone with it.
        call_next_ones()
        transaction.set_rollback(True)
    assert called(alarm) == ["Anna"]
    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done) == 1
    assert called(alarm) == ["Anna", "Ben"]
