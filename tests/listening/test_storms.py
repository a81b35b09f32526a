"""One storm that three queries hear is told once; two are two; what joined and hears something else parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import translation

from comptoir.inbox.tests.building import TOWN, House, browser, house
from comptoir.listening import jobs, storms
from comptoir.listening.hearing import hear
from comptoir.listening.models import Alert, Mention, Query, Watching
from comptoir.listening.models.alert import trust_of
from comptoir.listening.models.watching import follow
from comptoir.organisation.models import ApiToken, Notice, Webhook, WebhookCall
from comptoir.organisation.topics import sentence
from comptoir.reading.spikes.trust import Trust, Verdict
from tests.listening.talking import FORTNIGHT, MONDAY, ordinary
from tests.listening.test_alerts import _at, watched
from tests.listening.test_hearing import public

pytestmark = pytest.mark.django_db
WHEN = MONDAY + FORTNIGHT + timedelta(hours=10)
TEXTS = {"Tea": "teapot*", "Fire": "exploded", "Recall": "recall"}


@pytest.fixture
def verdier() -> House:
    return house("verdier")


@pytest.fixture
def queries(verdier: House) -> Iterator[dict[str, Query]]:
    """Three queries, each with a fortnight of ordinary talk of its own."""
    with time_machine.travel(MONDAY + FORTNIGHT, tick=False):
        made = {
            name: Query.make(verdier.brand, verdier.people["manager"], name, text)
            for name, text in TEXTS.items()
        }
        for seed, query in enumerate(made.values()):
            ordinary(query, 14, seed=seed + 3)
            ordinary(query, 1, MONDAY + FORTNIGHT, seed=seed + 30)
        settled()
        yield made


def settled() -> None:
    """What the database does by itself once much was written: without it, it takes these tables for small ones."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE listening_mention, listening_print, listening_watching")


def pour(name: str, text: str, many: int = 300, minutes: int = 30, after: int = 0) -> list[int]:
    """Many people say this, a little differently."""
    said = [public(f"{name}{n}", text.format(n=n), by=n % 60) for n in range(many)]
    since, step = WHEN + timedelta(minutes=after), timedelta(minutes=minutes) / many
    heard = hear(TOWN, [_at(each, since + n * step) for n, each in enumerate(said)])
    settled()
    return heard


def spikes(house: House) -> list[Alert]:
    rows = Alert.objects.of(house.brand).filter(kind="spike")
    return list(rows.order_by("pk").select_related("query", "first__query"))


def run(minutes: int, travel: Any = None) -> None:
    """The job, each five minutes and each time twice, until so long after the storm began."""
    until = WHEN + timedelta(minutes=minutes)
    with time_machine.travel(MONDAY + FORTNIGHT if travel is None else travel, tick=False) as clock:
        jobs.watch_queries(0)
        watched(clock, until - timedelta(minutes=5))
        watched(clock, until)
        jobs.watch_queries(0)


def test_one_storm_on_three_queries_is_told_once(verdier: House, queries: dict[str, Query]) -> None:
    kinds = ["alert.began", "alert.joined", "alert.over"]
    Webhook.make(verdier.brand, "https://example.org/hook", kinds, verdier.people["owner"])
    follow(queries["Fire"], verdier.people["reader"], True)
    follow(queries["Recall"], verdier.people["reader"], True)
    pour("b", "My teapot exploded, recall it now! {n}")
    run(25)
    found = spikes(verdier)
    assert {each.query.name for each in found} == set(TEXTS)
    (first,) = (each for each in found if each.first is None)
    joined = [each for each in found if each.first == first]
    assert len(joined) == 2
    notices = Notice.objects.of(verdier.brand)
    assert set(notices.values_list("code", "to__email", "about")) == {
        ("spike", None, first.about),
        ("spike_followed", "reader@verdier.example", first.about),
    }
    for notice in notices:
        assert f"Also on: {', '.join(each.query.name for each in joined)}." in sentence(
            notice.code, notice.facts
        )
    calls = WebhookCall.objects.of(verdier.brand).order_by("pk").values_list("kind", "data")
    assert [(kind, data["alert"], data.get("first")) for kind, data in calls] == [
        ("alert.began", first.pk, None), *(("alert.joined", each.pk, first.pk) for each in joined)
    ]  # fmt: skip
    run(420, WHEN + timedelta(minutes=25))
    assert [each.over is None for each in spikes(verdier)] == [False] * 3
    assert set(notices.values_list("about", flat=True)) == {first.about}
    # The notice stays until the last of them has been over for a day.
    last = max(each.over for each in spikes(verdier) if each.over)
    for passed, there in ((timedelta(hours=23), True), (timedelta(hours=25), False)):
        with time_machine.travel(last + passed, tick=False):
            jobs.watch_queries(0)
            jobs.watch_queries(0)
        assert notices.filter(code="spike", settled_at=None).exists() == there
    over = (
        WebhookCall.objects.of(verdier.brand)
        .filter(kind="alert.over")
        .values_list("data__alert", "data__first")
    )
    assert set(over) == {(first.pk, None), *((each.pk, first.pk) for each in joined)}


def test_two_unrelated_storms_at_once_are_two(verdier: House, queries: dict[str, Query]) -> None:
    pour("b", "My teapot is the loveliest in the whole of France, says number {n}")
    pour("c", "They recall the ferry timetable of platform {n}, what a mess")
    run(25)
    assert [(each.query.name, each.first) for each in spikes(verdier)] == [("Tea", None), ("Recall", None)]
    assert Notice.objects.of(verdier.brand).filter(code="spike").count() == 2


def test_copies_that_no_message_of_is_shared_are_one_storm(verdier: House, queries: dict[str, Query]) -> None:
    text = "The factory of the old harbour burns since this morning and nobody says why, "
    mentions = pour("b", text + "teapot {n}", 150) + pour("c", text + "recall {n}", 150)
    jobs.tell_mentions(mentions)
    run(25)
    assert [each.first is None for each in spikes(verdier)] == [True, False]
    assert not set(shared("Tea")) & set(shared("Recall"))


def shared(name: str) -> list[int]:
    return list(Mention.objects.everywhere().filter(query__name=name).values_list("activity", flat=True))


def test_queries_that_share_their_talk_are_two_where_two_things_rise(
    verdier: House, queries: dict[str, Query]
) -> None:
    """Both always hear much of the same, and then each something of its own."""
    talk = Mention.objects.of(verdier.brand).filter(query=queries["Tea"])
    Mention.objects.of(verdier.brand).filter(query=queries["Recall"]).delete()
    Mention.objects.bulk_create(
        Mention(query=queries["Recall"], activity_id=each.activity_id, at=each.at, author=each.author,
                followers=90, network=TOWN, language="en", tone=each.tone)
        for each in talk
    )  # fmt: skip
    pour("b", "My teapot is the loveliest in the whole of France, says number {n}", 150)
    pour("c", "They recall the ferry timetable of platform {n}, what a mess", 150)
    run(25)
    assert [each.first for each in spikes(verdier)] == [None, None]


def test_what_joined_and_then_hears_something_else_is_told(verdier: House, queries: dict[str, Query]) -> None:
    pour("b", "My teapot exploded, recall it now! {n}", 200, 20)
    run(25)
    (first,) = (each for each in spikes(verdier) if each.first is None)
    name = next(each.query.name for each in spikes(verdier) if each.first and each.query.name != "Tea")
    other = {"Fire": "A rocket exploded above the harbour, {n} saw it", "Recall": "They recall the ferry {n}"}
    pour("d", other[name], 600, 30, after=60)
    run(100, WHEN + timedelta(minutes=25))
    alone = [each.query.name for each in spikes(verdier) if each.first is None]
    assert sorted(alone) == sorted({first.query.name, name})
    own = next(each for each in spikes(verdier) if each.query.name == name)
    assert Notice.objects.of(verdier.brand).filter(code="spike", about=f"alert:{own.pk}").count() == 1


def test_a_verdict_on_one_is_one_on_all(verdier: House, queries: dict[str, Query]) -> None:
    manager = verdier.people["manager"]
    pour("b", "My teapot exploded, recall it now! {n}")
    run(25)
    some = spikes(verdier)
    assert some[1].judge(Verdict.FALSE, manager)
    assert not some[2].judge(Verdict.FALSE, manager)
    for query in queries.values():
        assert trust_of(query) != Trust()
        assert Watching.objects.of(verdier.brand).get(query=query).watch().trust == trust_of(query)
    assert not Notice.objects.of(verdier.brand).filter(settled_at=None).exists()
    assert some[0].unjudge(manager)
    assert [trust_of(query) for query in queries.values()] == [Trust()] * 3
    # Whatever joins later is what people said already.
    some[0].judge(Verdict.PLANNED, manager)
    late = Alert(
        query=some[2].query, kind="spike", since=WHEN, until=WHEN, began=WHEN, episode=some[2].episode
    )
    Alert.objects.of(verdier.brand).filter(pk=some[2].pk).delete()
    late.first = some[0]
    late.save()
    assert late.judge_as(some[0])
    assert Watching.objects.of(verdier.brand).get(query=late.query).watch().trust == trust_of(late.query)


def test_the_pages_and_programs_show_one(verdier: House, queries: dict[str, Query]) -> None:
    pour("b", "My teapot exploded, recall it now! {n}")
    run(25)
    (first,) = (each for each in spikes(verdier) if each.first is None)
    joined = [each for each in spikes(verdier) if each.first]
    agent, here = browser(verdier.people["agent"]), f"/b/{verdier.brand.slug}/listening/alerts/"
    page = agent.get(here).content.decode()
    assert page.count('<p class="name"><a href="/b/') == 1
    assert "Also on:" in page
    for each in joined:
        assert f"{here}{each.pk}/" in page
        assert f"{here}{first.pk}/" in agent.get(f"{here}{each.pk}/").content.decode()
    assert "told first" in agent.get(f"{here}{joined[0].pk}/").content.decode()
    french = agent.get(here, headers={"Accept-Language": "fr"}).content.decode()
    assert "Aussi sur" in french
    agent.post(f"{here}{joined[0].pk}/verdict/", {"verdict": "spam"})
    assert all(each.judgement_now() for each in spikes(verdier))
    _token, word = ApiToken.make(verdier.people["agent"], "program", ["threads:read"])
    asked: dict[str, Any] = {"headers": {"Authorization": f"Bearer {word}"}}
    place = f"/api/v1/brands/{verdier.brand.slug}/alerts"
    shown = {each["id"]: each for each in browser().get(place, **asked).json()["items"]}
    assert {each["id"] for each in shown[first.pk]["joined"]} == {each.pk for each in joined}
    assert shown[joined[0].pk]["first"] == first.pk
    assert browser().get(f"{place}/{joined[0].pk}", **asked).json()["verdict"] == "spam"


@pytest.mark.parametrize(
    ("language", "said", "told"),
    [
        ("en", "34 messages, where none are usual", "34 messages where none are usual"),
        ("fr", "34 messages, contre aucun d’habitude", "34 messages contre aucun d’habitude"),
    ],
)
def test_where_nothing_is_usual_words_say_so(verdier: House, language: str, said: str, told: str) -> None:
    query = Query.make(verdier.brand, verdier.people["manager"], "Tea", "teapot")
    rises = {"since": WHEN, "until": WHEN, "began": WHEN, "posts": 34, "usual": 0.4}
    alert = Alert.objects.create(query=query, kind="spike", **rises)
    agent, here = browser(verdier.people["agent"]), f"/b/{verdier.brand.slug}/listening/alerts/"
    verdier.people["agent"].language = language
    verdier.people["agent"].save()
    for page in (here, f"{here}{alert.pk}/"):
        shown = agent.get(page).content.decode()
        assert said in shown
        assert "34 times" not in shown
        assert "34 fois" not in shown
    facts = {"query": "Tea", "posts": 34, "usual": 0, "negative": 3, "days": 40}
    with translation.override(language):
        assert told in sentence("spike", facts)


def test_what_is_beyond_the_usual_is_compared() -> None:
    assert storms._beyond((300, 0, 300, 0), 0).is_same
    assert not storms._beyond((300, 0, 100, 0), 0).is_same
    # 500 are usual and always shared; the 60 that rise are its own.
    assert not storms._beyond((560, 5_000, 500, 5_000), 500).is_same
    # 500 are usual and its own; the 60 that rise are shared.
    assert storms._beyond((560, 5_000, 60, 0), 500).is_same
    assert not storms._beyond((0, 0, 0, 0), 0).is_same
