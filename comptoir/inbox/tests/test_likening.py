"""Gathering near-copies into clusters as they come in."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest
import time_machine

from comptoir.inbox import jobs
from comptoir.inbox.likening import liken
from comptoir.inbox.models import Cluster, Likened, Thread
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Actor

pytestmark = pytest.mark.django_db
FERRY = (
    "Hello, what's happening with the {} ferry? I'm at {} and there's no information on any of the boards."
)
PLACES = ("Old Mole", "Salt Quay", "Low Market", "Red Slip", "Dry Mill", "Lava Garden")


@pytest.fixture
def verdier() -> House:
    return house()


def write(to: House, name: str, text: str, by: int = 0, **rest: object) -> Thread:
    """One message of one person, in a thread of its own, read."""
    hear(to.channel, [said(name, text, by=by, **rest)])  # type: ignore[arg-type]
    thread: Thread = Thread.objects.of(to.brand).get(entries__activity__remote_id=name)
    jobs.read.func(threads=[thread.pk])
    return thread


def groups(of: House) -> list[list[str]]:
    """The texts of each cluster, biggest first."""
    rows = Likened.objects.filter(cluster__brand=of.brand).select_related("activity").order_by("at", "pk")
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.cluster_id, []).append(row.activity.text)
    return sorted(found.values(), key=len, reverse=True)


def test_those_who_say_almost_the_same_are_together(verdier: House) -> None:
    for n, place in enumerate(PLACES):
        write(verdier, f"f{n}", FERRY.format(f"{9 + n}:40", place) + ("" if n % 2 else " 😡😡 pls"), by=n)
    write(verdier, "alone", "My father is on dialysis tomorrow, is there any way across?", by=90)
    write(verdier, "smile", "🌋", by=91)
    found = groups(verdier)
    assert [len(each) for each in found] == [6, 1]
    cluster = Cluster.objects.of(verdier.brand).get(size=6)
    assert cluster.is_new
    assert cluster.last_at > cluster.first_at
    assert Likened.objects.get(thread__entries__activity__remote_id="alone").pressing
    assert not Likened.objects.filter(cluster=cluster, pressing=True).exists()


def test_a_cluster_stays_what_it_is_while_more_come_in(verdier: House) -> None:
    first = write(verdier, "a", FERRY.format("9:40", "Old Mole"))
    place = Likened.objects.get(thread=first).cluster_id
    before = {}
    for n in range(40):
        thread = write(
            verdier, f"n{n}", FERRY.format(f"{n % 24}:15", PLACES[n % 6]) + "!" * (n % 4), by=n + 1
        )
        before[thread.pk] = Likened.objects.get(thread=thread).cluster_id
    assert set(before.values()) == {place}
    liken(before)
    jobs.read.func(threads=list(before))
    after = dict(Likened.objects.filter(thread__in=before).values_list("thread", "cluster"))
    assert after == before
    assert Cluster.objects.of(verdier.brand).get(pk=place).size == 41


def test_the_order_of_arrival_in_batches_does_not_tear_a_cluster_apart(verdier: House) -> None:
    dice = random.Random(7)
    texts = [FERRY.format(f"{n % 24}:{n % 60:02}", PLACES[n % 6]) for n in range(60)]
    texts += [
        f"My ticket BC-{10_000 + n} was cancelled, how do I get my money back, please?" for n in range(60)
    ]
    dice.shuffle(texts)
    people = [Actor(f"p{n}", f"@p{n}.example", f"P {n}") for n in range(120)]
    for start in range(0, 120, 40):
        items = [said(f"t{n}", texts[n], actor=people[n]) for n in range(start, start + 40)]
        hear(verdier.channel, items)
        threads = Thread.objects.of(verdier.brand).values_list("pk", flat=True)
        jobs.read.func(threads=list(threads))
    assert [len(each) for each in groups(verdier)] == [60, 60]


def test_whoever_asks_again_stays_where_they_are_and_is_marked(verdier: House) -> None:
    thread = write(verdier, "a", FERRY.format("9:40", "Old Mole"))
    place = Likened.objects.get(thread=thread).cluster_id
    write(verdier, "b", "Anybody? My son is asthmatic.", minutes_ago=5, in_reply_to="a")
    row = Likened.objects.get(thread=thread)
    assert (row.cluster_id, row.more, row.pressing) == (place, True, True)


def test_what_is_said_after_an_answer_is_read_anew(verdier: House) -> None:
    thread = write(verdier, "a", FERRY.format("9:40", "Old Mole"))
    place = Likened.objects.get(thread=thread).cluster_id
    thread.reply("It leaves at noon.", verdier.people["agent"])
    assert liken([thread.pk]) == 0
    assert Likened.objects.get(thread=thread).cluster_id == place
    write(
        verdier,
        "b",
        "Thank you! And where do I find my luggage that stayed on board?",
        minutes_ago=-1,
        in_reply_to="a",
    )
    row = Likened.objects.get(thread=thread)
    assert (row.cluster_id != place, row.more) == (True, False)
    assert row.cluster.size == 1


def test_brands_do_not_share_clusters(verdier: House) -> None:
    other = house("lebrun")
    write(verdier, "a", FERRY.format("9:40", "Old Mole"))
    write(other, "b", FERRY.format("9:41", "Old Mole"), by=3)
    assert [len(each) for each in groups(verdier)] == [1]
    assert [len(each) for each in groups(other)] == [1]


def test_what_nobody_says_any_more_is_forgotten(verdier: House) -> None:
    thread = write(verdier, "a", FERRY.format("9:40", "Old Mole"))
    for n in range(2):
        write(
            verdier,
            f"t{n}",
            f"My ticket BC-1000{n} was cancelled, how do I get my money back, please?",
            by=n + 5,
        )
    jobs.sweep_clusters.func(timestamp=0)
    assert [len(each) for each in groups(verdier)] == [2, 1]
    with time_machine.travel(clock.now() + timedelta(days=3)):
        jobs.sweep_clusters.func(timestamp=0)
        assert [len(each) for each in groups(verdier)] == [2]
    assert not Likened.objects.filter(thread=thread).exists()
    with time_machine.travel(clock.now() + timedelta(days=40)):
        jobs.sweep_clusters.func(timestamp=0)
        assert groups(verdier) == []


def test_thousands_are_gathered_in_seconds(verdier: House) -> None:
    people = [Actor(f"p{n}", f"@p{n}.example", f"P {n}") for n in range(2_000)]
    kinds = (
        FERRY,
        "Hi, you cancelled the {} boat from {}, so I'd like a refund on my ticket, please.",
        "We're stuck since {} at {} for the night because of the ash. Do you pay for a hotel and something to eat?",
    )
    items = [
        said(f"t{n}", kinds[n % 3].format(f"{n % 24}:{n % 60:02}", PLACES[n % 6]), actor=people[n])
        for n in range(2_000)
    ]
    hear(verdier.channel, items)
    threads = list(Thread.objects.of(verdier.brand).values_list("pk", flat=True))
    began = time.process_time()
    assert liken(threads) == 2_000
    assert time.process_time() - began < 6
    assert [len(each) for each in groups(verdier)] == [667, 667, 666]
