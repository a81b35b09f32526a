"""Notices reach people: those concerned, once a way, not after they were seen, and a night's worth in one mail."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.kernel import clock
from comptoir.organisation import jobs, reaching
from comptoir.organisation.models import Brand, Dispatch, Draft, Membership, Notice, Reach, Taste, User

pytestmark = pytest.mark.django_db
NIGHT = "2026-11-20 23:30 +0000"


@pytest.fixture
def brand() -> Brand:
    brand = Brand.objects.create(name="Maison Verdier", slug="verdier")
    for role in ("reader", "agent", "manager", "owner"):
        user = User.objects.create_user(f"{role}@verdier.example", name=role.title())
        Membership.objects.create(user=user, brand=brand, role=role)
    return brand


def person(role: str) -> User:
    return User.objects.get(email=f"{role}@verdier.example")


def told(way: str = "mail") -> list[str]:
    rows = Dispatch.objects.filter(way=way).order_by("reach__user__email")
    return [f"{row.reach.user.name} {row.state}" for row in rows.select_related("reach__user")]


def post(brand: Brand, code: str = "channel_reconnect", about: str = "channel:7", **facts: Any) -> Notice:
    Notice.post(brand.pk, code, about, **facts)
    notice = Notice.objects.of(brand).get(about=about, settled_at=None)
    jobs.spread_notices.func(ids=[notice.pk])
    jobs.spread_notices.func(ids=[notice.pk])
    return notice


def run(seconds: float = 0) -> None:
    """What the worker does `seconds` later."""
    with time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=False):
        for ids in reaching.dispatch():
            reaching.send(ids)


def test_a_notice_goes_to_those_whom_it_concerns_once(brand: Brand) -> None:
    post(brand, channel="@verdier")
    assert sorted(Reach.objects.values_list("user__name", flat=True)) == ["Manager", "Owner"]
    run()
    assert not mail.outbox
    run(61)
    run(62)
    assert sorted(m.to[0] for m in mail.outbox) == ["manager@verdier.example", "owner@verdier.example"]
    first = mail.outbox[0]
    assert first.subject.startswith("Maison Verdier: @verdier has to be connected again")
    assert "http://localhost:8000/b/verdier/channels/7/" in first.body
    assert told() == ["Manager sent", "Owner sent"]


def test_the_same_trouble_is_told_once_until_it_is_over(brand: Brand) -> None:
    post(brand, channel="@verdier")
    post(brand, channel="@verdier, still")
    run(61)
    assert len(mail.outbox) == 2
    Notice.settle(brand.pk, "channel:7")
    post(brand, channel="@verdier, again")
    run(130)
    assert len(mail.outbox) == 4


def test_what_was_seen_settled_or_is_no_longer_theirs_is_not_told(brand: Brand) -> None:
    post(brand)
    reaching.see(person("owner"))
    Membership.objects.filter(user=person("manager")).delete()
    run(61)
    assert not mail.outbox
    assert told() == ["Manager dropped", "Owner dropped"]
    notice = post(brand, about="channel:8")
    Notice.settle(brand.pk, notice.about)
    run(200)
    assert not mail.outbox


def test_a_personal_notice_is_its_person_s_alone(brand: Brand) -> None:
    agent, reader = person("agent"), person("reader")
    draft = Draft(brand.pk, "thread_assigned", "thread:4", {"by": "Owner", "person": "Anna"}, agent.pk)
    Notice.post_all([draft, draft._replace(to_id=reader.pk)])
    jobs.spread_notices.func(ids=list(Notice.objects.of(brand).values_list("pk", flat=True)))
    assert sorted(Reach.objects.values_list("notice__to__name", "user__name")) == [
        ("Agent", "Agent"),
        ("Reader", "Reader"),
    ]
    Notice.settle(brand.pk, "thread:4", to=agent.pk)
    assert [n.to for n in Notice.objects.of(brand).filter(settled_at=None)] == [reader]


@time_machine.travel(NIGHT, tick=False)
def test_the_quiet_hours_end_with_one_mail_for_all(brand: Brand) -> None:
    Taste.objects.create(user=person("owner"), quiet_from=time(20), quiet_until=time(7))
    Taste.objects.create(user=person("manager"), choices={"channel_reconnect": {"mail": "never"}})
    post(brand, channel="@verdier")
    post(brand, about="channel:8", channel="@verdier_aide")
    run(61)
    assert not mail.outbox
    run(8 * 3600)
    [one] = mail.outbox
    assert one.subject == "2 things at the counter"
    assert "@verdier has" in one.body
    assert "@verdier_aide has" in one.body
    assert told() == ["Owner sent", "Owner sent"]


def test_a_person_reads_it_in_their_language(brand: Brand) -> None:
    User.objects.filter(email="owner@verdier.example").update(language="fr")
    post(brand, channel="@verdier")
    run(61)
    bodies = {m.to[0]: m.body for m in mail.outbox}
    assert "Bonjour Owner" in bodies["owner@verdier.example"]
    assert "Hello Manager" in bodies["manager@verdier.example"]


def test_what_fails_is_tried_again_later_and_then_given_up(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any) -> bool:
        raise ConnectionRefusedError

    monkeypatch.setattr(reaching, "_tell_by_mail", refuse)
    post(brand)
    run(61)
    assert told() == ["Manager waiting", "Owner waiting"]
    run(62)
    assert set(Dispatch.objects.filter(way="mail").values_list("tries", flat=True)) == {1}
    for tries in range(6):
        run(61 + 3600 * (tries + 1))
    assert told() == ["Manager failed", "Owner failed"]
    assert Dispatch.objects.filter(way="mail").first().code == "ConnectionRefusedError"  # type: ignore[union-attr]


def test_what_a_dead_worker_left_is_taken_up_again(brand: Brand) -> None:
    post(brand)
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        assert reaching.dispatch()
        assert not reaching.dispatch()
    run(100)
    assert not mail.outbox
    run(200)
    assert len(mail.outbox) == 2


def test_many_cost_no_more_questions_than_one(brand: Brand, django_assert_num_queries: Any) -> None:
    agent = person("agent")
    drafts = [Draft(brand.pk, "thread_answered", f"thread:{n}", {}, agent.pk) for n in range(300)]
    with CaptureQueriesContext(connection) as one:
        Notice.post_all(drafts[:1])
    with django_assert_num_queries(len(one)):
        Notice.post_all(drafts[1:])
    assert Notice.objects.of(brand).count() == 300
