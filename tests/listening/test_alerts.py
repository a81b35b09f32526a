"""Alerts: a learnt ordinary fortnight, then what is unusual reaches people once; nothing is fed twice or lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox.tests.building import TOWN, House, browser, house
from comptoir.kernel import clock
from comptoir.listening import jobs, watching
from comptoir.listening.hearing import hear, hear_channel
from comptoir.listening.models import Alert, Mention, Query, Source, Watching
from comptoir.listening.models.alert import trust_of
from comptoir.listening.models.watching import STRETCH, floor_of, follow
from comptoir.networks.connector import Place
from comptoir.networks.models import Audience, Channel
from comptoir.organisation.models import ApiToken, AuditEntry, Notice, Webhook, WebhookCall
from comptoir.organisation.topics import address
from comptoir.reading import closely
from comptoir.reading.spikes.trust import Trust, Verdict
from tests.contract.test_volcano import poured
from tests.listening.talking import FORTNIGHT, MONDAY, ordinary
from tests.listening.test_hearing import public

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house("verdier")


@pytest.fixture
def tea(verdier: House) -> Iterator[Query]:
    """A query, made a fortnight after what it keeps began: ordinary talk, by day and by night."""
    with time_machine.travel(MONDAY + FORTNIGHT, tick=False):
        made = Query.make(verdier.brand, verdier.people["manager"], "Tea", "teapot*")
        ordinary(made, 14)
        yield made


def burst(name: str, many: int, since: datetime, minutes: int = 30) -> list[int]:
    """Many people say that something went wrong."""
    step = timedelta(minutes=minutes) / many
    said = [public(f"{name}{n}", f"My teapot exploded, recall it now! {n}", by=n % 60) for n in range(many)]
    return hear(TOWN, [_at(each, since + n * step) for n, each in enumerate(said)])


def _at(said: Any, moment: datetime) -> Any:
    return type(said)(**{name: getattr(said, name) for name in said.__slots__} | {"published": moment})


def watched(travel: Any, until: datetime, every: timedelta = STRETCH) -> None:
    """The job, again and again until a moment."""
    while clock.now() < until:
        travel.move_to(min(until, clock.now() + every))
        jobs.watch_queries(0)


def alerts(query: Query) -> list[Alert]:
    return list(Alert.objects.of(query.brand_id).filter(query=query).order_by("began"))


def test_a_burst_after_an_ordinary_fortnight_is_one_alert_that_reaches_people(
    tea: Query, verdier: House
) -> None:
    Webhook.make(
        verdier.brand, "https://example.org/hook", ["alert.began", "alert.over"], verdier.people["owner"]
    )
    follow(tea, verdier.people["reader"], True)
    ordinary(tea, 2, MONDAY + FORTNIGHT, seed=5)
    when = MONDAY + FORTNIGHT + timedelta(hours=30)
    burst("b", 400, when)
    with time_machine.travel(MONDAY + FORTNIGHT, tick=False) as travel:
        jobs.watch_queries(0)
        assert alerts(tea) == []
        watched(travel, when)
        assert alerts(tea) == []
        watched(travel, when + timedelta(minutes=15))
        (alert,) = alerts(tea)
        assert (alert.kind, alert.over) == ("spike", None)
        assert abs(alert.since - when) <= timedelta(minutes=5)
        assert alert.times > 3
        assert alert.every >= 28
        codes = Notice.objects.of(verdier.brand).values_list("code", "to__email", "facts__id")
        assert set(codes) == {
            ("spike", None, alert.pk),
            ("spike_followed", "reader@verdier.example", alert.pk),
        }
        watched(travel, when + timedelta(hours=6))
        jobs.watch_queries(0)
    (alert,) = alerts(tea)
    assert alert.over is not None
    assert alert.posts > 400
    assert {"volume", "speed"} <= set(alert.signs)
    kinds = WebhookCall.objects.of(verdier.brand).order_by("pk").values_list("kind", "data__alert")
    assert list(kinds) == [("alert.began", alert.pk), ("alert.over", alert.pk)]
    assert Watching.objects.of(tea.brand).get().upto == floor_of(when + timedelta(hours=6) - STRETCH)
    jobs.explain_alerts([alert.pk])
    jobs.explain_alerts([alert.pk])
    alert.refresh_from_db()
    assert "exploded" in " ".join(each[0] for each in alert.words)
    assert len(alert.samples) == 8


def test_an_ordinary_fortnight_is_none_and_silence_is_one(tea: Query) -> None:
    ordinary(tea, 14, MONDAY + FORTNIGHT, seed=7)
    now = MONDAY + 2 * FORTNIGHT + timedelta(hours=14)
    with time_machine.travel(now - timedelta(hours=14), tick=False) as travel:
        Watching.begin()
        Watching.objects.of(tea.brand).update(told_from=MONDAY + FORTNIGHT)
        jobs.watch_queries(0)
        assert Watching.objects.of(tea.brand).get().upto == floor_of(clock.now() - STRETCH)
        assert alerts(tea) == []
        watched(travel, now)
        (alert,) = alerts(tea)
        assert (alert.kind, alert.over) == ("silence", None)
        assert alert.missed >= 10
        assert Notice.objects.of(tea.brand).get().code == "silence"
        hear(TOWN, [_at(public(f"back{n}", "The teapot is back"), now + n * STRETCH / 5) for n in range(60)])
        watched(travel, now + timedelta(hours=1))
    (alert,) = [each for each in alerts(tea) if each.kind == "silence"]
    assert alert.over is not None


def volcano(channel: Channel, many: int, since: datetime) -> None:
    """What `comptoir rehearse volcano` pours on a channel of the brand."""
    said = [
        replace(each, published=since + n * timedelta(seconds=0.7))
        for n, each in enumerate(poured("ash")[:many])
    ]
    hear_channel(channel, channel.receive(said))


def test_a_worker_that_dies_in_a_volcano_leaves_the_stretch_to_the_next(
    tea: Query, verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = MONDAY + FORTNIGHT + timedelta(hours=10)
    ordinary(tea, 1, MONDAY + FORTNIGHT, seed=5)
    tea.rewrite(verdier.people["manager"], "teapot* OR bac OR ferry OR Sémaphore")
    volcano(verdier.channel, 1_000, when)
    assert Mention.objects.of(tea.brand).filter(activity__audience__channel=verdier.channel).count() > 200
    with time_machine.travel(when, tick=False) as travel:
        jobs.watch_queries(0)
        before = Watching.objects.of(tea.brand).get()
        travel.shift(timedelta(minutes=12))

        def die(*_any: Any) -> None:
            raise SystemExit

        with monkeypatch.context() as dying:
            dying.setattr(watching, "tell", die)
            with pytest.raises(SystemExit):
                jobs.watch_queries(0)
        after = Watching.objects.of(tea.brand).get()
        assert (after.kept, after.upto, alerts(tea)) == (before.kept, before.upto, [])
        assert not Notice.objects.of(tea.brand).exists()
        jobs.watch_queries(0)
        fed = Watching.objects.of(tea.brand).get()
        jobs.watch_queries(0)
        assert Watching.objects.of(tea.brand).get().kept == fed.kept
    assert len(alerts(tea)) == 1


def test_what_is_late_is_waited_for_and_fed_in_order(tea: Query, verdier: House) -> None:
    place = Place("https://x.example/feed", "Place", {"address": "https://x.example"})
    now = MONDAY + FORTNIGHT + timedelta(hours=10)
    with time_machine.travel(now, tick=False) as travel:
        jobs.watch_queries(0)
        source = Source.listen(verdier.brand, verdier.people["manager"], "feed", place)
        Source.objects.of(verdier.brand).update(heard_at=now, upto=now - timedelta(hours=1), alive_at=now)
        assert source.on
        travel.shift(STRETCH)
        jobs.watch_queries(0)
        waiting = Watching.objects.of(verdier.brand).get()
        assert (waiting.upto, waiting.waits) == (now - STRETCH, clock.now())
        hear(TOWN, [_at(public("late", "A late teapot"), now - timedelta(minutes=1))])
        Source.objects.of(verdier.brand).update(heard_at=clock.now(), upto=clock.now())
        travel.shift(STRETCH)
        jobs.watch_queries(0)
        fed = Watching.objects.of(verdier.brand).get()
        assert (fed.upto, fed.waits) == (now + STRETCH, None)
        assert fed.kept["detectors"]["volume"]["missed"] < waiting.kept["detectors"]["volume"]["missed"] + 100
        # The house was down: what was said meanwhile may come, so that one run is waited for.
        travel.shift(timedelta(hours=2))
        jobs.watch_queries(0)
        assert Watching.objects.of(verdier.brand).get().upto == fed.upto
        travel.shift(STRETCH)
        jobs.watch_queries(0)
        assert Watching.objects.of(verdier.brand).get().upto == floor_of(clock.now() - STRETCH)


def test_a_paused_query_is_not_silent_and_many_are_fed_in_as_many_statements(
    tea: Query, verdier: House
) -> None:
    manager = verdier.people["manager"]
    with time_machine.travel(MONDAY + FORTNIGHT, tick=False) as travel:

        def statements() -> int:
            travel.shift(STRETCH)
            with CaptureQueriesContext(connection) as asked:
                assert watching.watch() == Query.objects.of(verdier.brand).filter(on=True).count()
            return len(asked)

        jobs.watch_queries(0)
        few = statements()
        for n in range(9):
            Query.make(verdier.brand, manager, f"Cup {n}", f"cup{n}")
        travel.shift(2 * STRETCH)
        watching.watch()
        assert statements() == few
        Query.objects.of(verdier.brand).exclude(pk=tea.pk).delete()
        tea.switch(False, manager)
        travel.shift(timedelta(days=2))
        assert watching.watch() == 0
        assert Watching.objects.of(verdier.brand).get().upto is None
        tea.switch(True, manager)
        travel.shift(STRETCH)
        assert watching.watch() == 1
        assert Watching.objects.of(verdier.brand).get().upto == floor_of(clock.now() - STRETCH)
    assert alerts(tea) == []


def test_what_people_say_of_alerts_is_learnt_and_unlearnt(tea: Query, verdier: House) -> None:
    manager, when = verdier.people["manager"], MONDAY + FORTNIGHT + timedelta(hours=10)
    ordinary(tea, 1, MONDAY + FORTNIGHT, seed=5)
    burst("b", 300, when)
    with time_machine.travel(MONDAY + FORTNIGHT, tick=False) as travel:
        jobs.watch_queries(0)
        watched(travel, when + timedelta(minutes=20))
        (alert,) = alerts(tea)

        def trust() -> dict[str, float]:
            kept = Watching.objects.of(tea.brand).get().watch().trust
            assert kept == trust_of(tea)
            return {kind: round(kept.of(kind), 3) for kind in ("volume", "speed")}

        assert alert.judge(Verdict.FALSE, manager)
        assert not alert.judge(Verdict.FALSE, manager)
        assert min(trust().values()) < 1
        assert not Notice.objects.of(tea.brand).filter(settled_at=None).exists()
        assert alert.judge(Verdict.REAL, manager)
        assert max(trust().values()) > 1
        assert alert.unjudge(manager)
        assert not alert.unjudge(manager)
        assert trust_of(tea) == Trust()
        assert alert.judge(Verdict.PLANNED, manager)
        assert alert.unjudge(manager)
        assert Watching.objects.of(tea.brand).get().kept == {}
        travel.shift(STRETCH)
        jobs.watch_queries(0)
        assert Watching.objects.of(tea.brand).get().kept
    codes = AuditEntry.objects.of(tea.brand).filter(what__startswith="alert_").values_list("what", flat=True)
    assert sorted(codes) == ["alert_judged"] * 3 + ["alert_unjudged"] * 2


def test_the_pages_show_what_it_was_and_people_say_so(tea: Query, verdier: House) -> None:
    when = MONDAY + FORTNIGHT + timedelta(hours=10)
    ordinary(tea, 1, MONDAY + FORTNIGHT, seed=5)
    burst("b", 300, when)
    here = f"/b/{verdier.brand.slug}/listening/"
    agent, reader, manager = (browser(verdier.people[role]) for role in ("agent", "reader", "manager"))
    assert "No alert yet" in reader.get(f"{here}alerts/").content.decode()
    with time_machine.travel(MONDAY + FORTNIGHT, tick=False) as travel:
        jobs.watch_queries(0)
        watched(travel, when + timedelta(minutes=20))
    (alert,) = alerts(tea)
    jobs.explain_alerts([alert.pk])
    with CaptureQueriesContext(connection) as asked:
        assert "times the usual" in reader.get(f"{here}alerts/").content.decode()
    assert len(asked) <= 12
    page = reader.get(f"{here}alerts/{alert.pk}/").content.decode()
    for words in ("less than once a year", "exploded", "Person 1", "Going on", "<svg", "As a table"):
        assert words in page
    assert "What was it?" not in page
    assert reader.post(f"{here}alerts/{alert.pk}/verdict/", {"verdict": "real"}).status_code == 403
    agent.post(f"{here}alerts/{alert.pk}/verdict/", {"verdict": "false"})
    assert "False alarm" in agent.get(f"{here}alerts/").content.decode()
    assert agent.post(f"{here}alerts/{alert.pk}/verdict/", {"verdict": "x"}).status_code == 400
    agent.post(f"{here}alerts/{alert.pk}/verdict/", {"verdict": ""})
    assert trust_of(tea) == Trust()
    assert browser(verdier.stranger).get(f"{here}alerts/{alert.pk}/").status_code == 404
    agent.post(f"{here}alerts/{alert.pk}/bringing/")
    assert Audience.objects.filter(channel=verdier.channel, addressed=True).count() == 8
    assert "On the counter" in agent.get(f"{here}alerts/{alert.pk}/").content.decode()
    settings = f"{here}queries/{tea.pk}/alerts/"
    assert agent.get(settings).status_code == 403
    assert manager.get(settings).status_code == 200
    assert manager.post(settings, {"on": "on", "every": "90", "floor": "0", "rest": "60"}).status_code == 422
    manager.post(settings, {"every": "90", "floor": "25", "rest": "240"})
    kept = Watching.objects.of(tea.brand).get()
    assert (kept.on, kept.bounds.every, kept.bounds.floor, kept.bounds.rest) == (False, 90, 25, 14_400)
    reader.post(f"{here}queries/{tea.pk}/following/", {"state": "on"})
    assert "Follow no more" in reader.get(f"{here}queries/{tea.pk}/").content.decode()
    # A notice leads to what it is about.
    assert address("silence", alert.about, verdier.brand.slug) == f"{here}alerts/{alert.pk}/"
    assert address("source_lost", "source:7", verdier.brand.slug) == f"{here}sources/7/"


def test_programs_read_alerts_and_judge_them(tea: Query, verdier: House) -> None:
    rows = [
        Alert(query=tea, kind="spike", since=MONDAY, until=MONDAY, began=MONDAY + n * STRETCH, over=MONDAY)
        for n in range(3)
    ]
    Alert.objects.bulk_create(rows)
    _token, word = ApiToken.make(verdier.people["agent"], "program", ["threads:read", "threads:write"])
    asked = {"headers": {"Authorization": f"Bearer {word}"}}
    client, here = browser(), f"/api/v1/brands/{verdier.brand.slug}/alerts"
    first = client.get(f"{here}?limit=2", **asked).json()
    assert [each["id"] for each in first["items"]] == [rows[2].pk, rows[1].pk]
    second = client.get(first["next"], **asked).json()
    assert ([each["id"] for each in second["items"]], second["next"]) == ([rows[0].pk], None)
    one = f"{here}/{rows[0].pk}"
    judged = {"content_type": "application/json", **asked}
    assert client.put(f"{one}/verdict", {"verdict": "planned"}, **judged).status_code == 204
    assert client.get(one, **asked).json()["verdict"] == "planned"
    assert client.put(f"{one}/verdict", {"verdict": None}, **judged).status_code == 204
    assert client.get(one, **asked).json()["verdict"] is None
    assert client.get(f"{here}?query={tea.pk + 1}", **asked).json()["items"] == []


def test_the_posts_that_show_an_alert_are_read_closely_once_somebody_looks(
    tea: Query, verdier: House
) -> None:
    if not closely.installed():
        pytest.skip("the package of the better tier is not here")
    when = clock.now() - timedelta(hours=2)
    ids = burst("b", 3, when)
    alert = Alert.objects.create(
        query=tea, kind="spike", since=when, until=when + STRETCH, began=when, posts=3, samples=ids
    )
    rows = ProcrastinateJob.objects.filter(task_name="comptoir.listening.jobs.read_closely")
    before = set(rows.values_list("id", flat=True))
    page = browser(verdier.people["reader"]).get(f"/b/verdier/listening/alerts/{alert.pk}/")
    assert page.status_code == 200
    (job,) = rows.exclude(id__in=before)
    assert sorted(job.args["ids"]) == sorted(ids)


def test_what_is_heard_after_its_stretch_was_fed_counts_in_the_next_one_once(tea: Query) -> None:
    when = MONDAY + FORTNIGHT + timedelta(minutes=20)
    with time_machine.travel(MONDAY + FORTNIGHT, tick=False) as travel:
        watched(travel, when + timedelta(minutes=2))
        burst("late", 80, when - timedelta(minutes=6), minutes=4)
        burst("slow", 300, when - timedelta(hours=3))
        fed: list[float] = []
        for _stretch in range(4):
            watched(travel, clock.now() + STRETCH)
            fed.append(Alert.objects.of(tea.brand_id).filter(query=tea).count())
        (alert,) = alerts(tea)
        assert 80 <= alert.posts < 100, "those of the last minutes, once; and none of what is hours late"
        assert fed[0] == 1
        assert in_order(tea)


def in_order(query: Query) -> bool:
    """Whether the watch knows of all that was said up to where it stands."""
    watching = Watching.objects.of(query.brand_id).get(query=query)
    return watching.seen == max(Mention.objects.of(query.brand_id).values_list("pk", flat=True))
