"""A surge is announced when it begins: once, on the counter and to programs, until it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox.models import Thread
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.measurement import jobs
from comptoir.organisation.models import Notice, Webhook, WebhookCall
from comptoir.organisation.models.webhook import EVENTS

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
LINE = "Many write at once."


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def verdier(clock: Any) -> House:
    made = house()
    Webhook.make(made.brand, "https://example.org/hook", EVENTS, made.people["owner"])
    return made


def write(to: House, many: int, name: str = "m", ago: float = 5) -> None:
    hear(to.channel, [said(f"{name}{n}", "Where is my boat?", ago, by=n) for n in range(many)])


def look() -> None:
    """The job runs, and runs again."""
    for _time in range(2):
        jobs.watch_surges.func(timestamp=0)


def told(to: House) -> list[tuple[str, Any]]:
    rows = WebhookCall.objects.of(to.brand).order_by("pk")
    mine = rows.exclude(kind__startswith="thread.").exclude(kind__startswith="message.")
    return [(call.kind, call.data) for call in mine]


def goes_on(to: House) -> bool:
    return Notice.objects.of(to.brand).filter(code="surge", settled_at=None).exists()


def counter(to: House, who: str = "agent", **rest: Any) -> str:
    return str(browser(to.people[who]).get(to.url(), **rest).content.decode())


def test_it_begins_is_told_once_and_ends(verdier: House, clock: Any) -> None:
    write(verdier, 29)
    look()
    assert not goes_on(verdier)
    write(verdier, 31, "n")
    look()
    began = {"conversations": 60, "minutes": 15}
    assert told(verdier) == [("notice.posted", {"code": "surge", "about": ""}), ("surge.began", began)]
    assert LINE in counter(verdier, "reader")
    assert 'href="/b/verdier/surge/"' in counter(verdier).split(LINE)[1][:300]
    part = {"headers": HTMX["headers"] | {"HX-Target": "threads"}}
    assert LINE in counter(verdier, **part), "the list that is asked for alone has it too"
    assert LINE not in str(browser(verdier.stranger).get("/b/not-verdier/threads/").content.decode())
    clock.shift(timedelta(minutes=30))
    look()
    assert goes_on(verdier), "nobody was answered yet"
    Thread.objects.of(verdier.brand).update(answered=True)
    look()
    assert not goes_on(verdier)
    assert LINE not in counter(verdier)
    assert told(verdier)[2:] == [("surge.ended", {"conversations": 0, "minutes": 15})]


def test_what_is_usual_is_no_surge(verdier: House, clock: Any) -> None:
    write(verdier, 40)
    # The week before, ten wrote in each quarter of an hour: forty are four times as many, and no surge yet.
    like, then = verdier.thread(), NOON - timedelta(days=2)
    old = {"kind": like.kind, "last_at": then, "last_in": then, "answered": True}
    Thread.objects.bulk_create(
        Thread(brand=verdier.brand, channel=verdier.channel, conversation=f"old{n}", **old)
        for n in range(168 * 40)
    )
    look()
    assert not goes_on(verdier)
    write(verdier, 5, "more")
    look()
    assert goes_on(verdier)


def test_it_ends_after_a_day_though_nobody_was_answered(verdier: House, clock: Any) -> None:
    write(verdier, 40)
    look()
    assert goes_on(verdier)
    clock.shift(timedelta(hours=25))
    look()
    assert not goes_on(verdier)


def test_the_counter_asks_no_more_for_it_and_quiet_brands_cost_one_statement(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    write(verdier, 40)
    client.get(verdier.url())
    with CaptureQueriesContext(connection) as before:
        client.get(verdier.url())
    look()
    with CaptureQueriesContext(connection) as after:
        assert LINE in client.get(verdier.url()).content.decode()
    assert len(after) == len(before)
    with CaptureQueriesContext(connection) as looked:
        jobs.watch_surges.func(timestamp=0)
    assert len(looked) == 1


def test_the_line_comes_and_goes_on_pages_that_are_open(verdier: House, clock: Any) -> None:
    client, line = browser(verdier.people["reader"]), "/b/verdier/threads/surging/"
    assert f'data-url="{line}"' in counter(verdier)
    assert client.get(line).text.strip() == ""
    write(verdier, 60)
    # What is told is that it began, not what the line says: each page asks for that, with its own right.
    with CaptureQueriesContext(connection) as asked:
        look()
    assert sum("pg_notify" in each["sql"] and '"what": "surge"' in each["sql"] for each in asked) == 1
    assert LINE in client.get(line).text
    with CaptureQueriesContext(connection) as asked:
        client.get(line)
    assert len(asked) <= 5
    assert browser(verdier.stranger).get(line).status_code == 404
