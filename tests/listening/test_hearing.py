"""The way in: what is said in public is put to all queries, and only what one of them is true of is kept."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Count, Sum
from django.db.models.functions import Trunc, TruncDate
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.inbox import jobs as inbox_jobs
from comptoir.inbox.models import Thread
from comptoir.inbox.tests.building import TOWN, House, house, said
from comptoir.inbox.tests.building import hear as receive
from comptoir.kernel.clock import zone_of
from comptoir.listening import ears as listening
from comptoir.listening import jobs
from comptoir.listening.hearing import hear, hear_channel
from comptoir.listening.models import DayRollup, Mention, Query, Rollup, Sample
from comptoir.listening.models import sample as sampling
from comptoir.listening.posts import Post
from comptoir.listening.trying import try_on
from comptoir.networks import persons
from comptoir.networks.answering import answering
from comptoir.networks.connector import Account, Activity, Actor, Gone, Kind, Standing, Unusable
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Actor as Person
from comptoir.networks.models import Audience
from comptoir.networks.objections import object_to
from comptoir.organisation.models import NameTaken, Retention
from comptoir.organisation.retention import KINDS
from comptoir.reading.query import parse

pytestmark = pytest.mark.django_db
POST = Kind.POST


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Tea", 'teapot* OR "Maison Verdier"')
    return made


@pytest.fixture
def tea(verdier: House) -> Query:
    return Query.objects.of(verdier.brand).get()


def public(name: str, text: str, **rest: Any) -> Activity:
    """Something said to nobody in particular."""
    return replace(said(name, text, kind=POST, **rest), addressed=False)


def in_step() -> bool:
    """Whether rollups say what a full count of the mentions says, by the hour and by the day of each query's zone."""
    keys = ("network", "language", "tone", "noise")
    for query in Query.objects.everywhere():
        rows, zone = Mention.objects.of(query.brand_id).filter(query=query), zone_of(query.zone)
        for kept, place, kind in ((Rollup, "hour", Trunc("at", "hour", tzinfo=zone)),
                                  (DayRollup, "day", TruncDate("at", tzinfo=zone))):  # fmt: skip
            counted = (
                rows.annotate(**{place: kind})
                .values(place, *keys)
                .annotate(n=Count("pk"), f=Sum("followers"))
            )
            found = kept.objects.of(query.brand_id).filter(query=query)
            expected = sorted(counted.values_list(place, *keys, "n", "f"))
            if sorted(found.values_list(place, *keys, "count", "followers")) != expected:
                return False
    return True


def told() -> list[list[int]]:
    """The mentions that were told."""
    rows = ProcrastinateJob.objects.filter(task_name="comptoir.listening.jobs.tell_mentions").order_by("pk")
    return [row.args["ids"] for row in rows]


def test_only_what_is_meant_is_kept_and_twice_is_once(tea: Query) -> None:
    batch: list[Any] = [
        public("p1", "I broke my green teapot and I am so sad"),
        public("p2", "Quel temps magnifique à Lyon aujourd’hui"),
        Unusable("p3", "no author"),
        replace(public("p4", "teapot"), kind=Kind.LIKE),
    ]
    new = hear(TOWN, batch)
    (mention,) = Mention.objects.of(tea.brand)
    assert new == [mention.pk]
    assert (mention.activity.remote_id, mention.language, mention.followers) == ("p1", "en", 1200)
    assert mention.at == batch[0].published
    assert not Row.objects.everywhere().exclude(remote_id="p1").exists()
    assert not Audience.objects.exists()
    assert in_step()
    assert {each.remote_id for each in Sample.objects.all()} == {"p1", "p2"}
    assert told() == [[mention.pk]]
    assert hear(TOWN, batch) == []
    assert (Mention.objects.of(tea.brand).count(), Sample.objects.count(), told()) == (1, 2, [[mention.pk]])
    assert in_step()


def test_no_message_stops_the_others(tea: Query) -> None:
    odd: list[Any] = [
        public("nul\0id", "a teapot"),
        Gone("gone\0"),
        Gone("\ud800"),
        public("x" * 3_000, "a teapot"),
        public("", "a teapot"),
        replace(public("no-time", "a teapot"), published=None),  # type: ignore[arg-type]
        replace(public("nobody", "a teapot"), actor=Actor("", "")),
        replace(public("far", "a teapot"), published=datetime(9999, 12, 31, tzinfo=UTC)),
        public("odd", "a teapot\0 \ud83d and " + "a\u0301" * 30_000, language="x\0y"),
        replace(public("naive", "a teapot"), published=datetime(2026, 11, 20, 12)),
        public("plain", "a teapot"),
    ]
    assert len(hear(TOWN, odd)) == 3
    found = set(Mention.objects.of(tea.brand).values_list("activity__remote_id", flat=True))
    assert found == {"odd", "naive", "plain"}
    assert len(list(Sample.objects.all())) == 4
    assert try_on(parse("teapot"), tea.brand).of_sample == 4
    assert in_step()


def test_a_query_that_changes_is_heard_by_at_once(verdier: House, tea: Query) -> None:
    manager = verdier.people["manager"]
    assert len(hear(TOWN, [public("a", "a teapot")])) == 1
    tea.rewrite(manager, "kettle*")
    assert hear(TOWN, [public("b", "another teapot")]) == []
    assert len(hear(TOWN, [public("c", "two kettles")])) == 1
    tea.switch(False, manager)
    assert hear(TOWN, [public("d", "a kettle")]) == []
    tea.switch(True, manager)
    other = Query.make(verdier.brand, manager, "Spoons", "spoon*")
    assert len(hear(TOWN, [public("e", "a kettle and a spoon")])) == 2
    other.remove(manager)
    assert hear(TOWN, [public("f", "a spoon")]) == []
    assert len(hear(TOWN, [public("g", "a kettle")])) == 1
    jobs.brand_archived.func(brand_id=verdier.brand.pk)
    assert hear(TOWN, [public("h", "a kettle")]) == []
    assert in_step()


def test_versions_are_kept_and_going_back_makes_a_new_one(verdier: House, tea: Query) -> None:
    manager = verdier.people["manager"]
    first = tea.text
    assert tea.rewrite(manager, "kettle* OR teapot*")
    assert not tea.rewrite(manager, "kettle* OR teapot*")
    assert tea.go_back(manager, 1)
    rows = list(tea.versions.order_by("number").values_list("number", "text", "by", "back_to"))
    assert rows == [
        (1, first, manager.pk, None),
        (2, "kettle* OR teapot*", manager.pk, None),
        (3, first, manager.pk, 1),
    ]
    assert (tea.text, tea.number) == (first, 3)
    with pytest.raises(NameTaken):
        Query.make(verdier.brand, manager, "Tea", "x")


def test_what_was_edited_or_taken_back_follows(tea: Query) -> None:
    hear(TOWN, [public("a", "a teapot, I love it"), public("b", "another teapot")])
    later = datetime.now(UTC)
    hear(TOWN, [replace(public("a", "I hate this teapot, horrible and broken"), edited=later)])
    changed = Mention.objects.of(tea.brand).get(activity__remote_id="a")
    assert changed.activity.text.startswith("I hate")
    assert changed.tone == "negative"
    assert in_step()
    hear(TOWN, [replace(public("a", "nothing at all"), edited=later + timedelta(minutes=1))])
    assert not Mention.objects.of(tea.brand).filter(activity__remote_id="a").exists()
    assert not Row.objects.everywhere().filter(remote_id="a").exists()
    hear(TOWN, [Gone("b"), Gone("never heard")])
    assert not Mention.objects.everywhere().exists()
    assert not Row.objects.everywhere().exists()
    assert not Rollup.objects.everywhere().exists()
    assert not Sample.objects.filter(remote_id="b").exists()


def test_what_a_channel_hears_is_heard_by_its_own_brand_alone(verdier: House, tea: Query) -> None:
    other = house("other")
    theirs = Query.make(other.brand, other.people["manager"], "Tea", "teapot")
    heard = [
        said("m1", "Is the teapot back?"),
        said("m2", "A teapot, in private", kind=Kind.MESSAGE),
        said("m3", "Nothing of the kind"),
        replace(said("m4", "Our own teapot"), actor=Actor("verdier-1", "@verdier", "Verdier")),
    ]
    ids = verdier.channel.receive(heard)
    jobs.listen.func(channel_id=verdier.channel.pk, new=ids, changed=[])
    jobs.listen.func(channel_id=verdier.channel.pk, new=ids, changed=[])
    found = set(tea.mentions.values_list("activity__remote_id", flat=True))
    assert found == {"m1", "m4"}
    assert not theirs.mentions.exists()
    assert not Sample.objects.exists(), "what reached somebody's channel is in nobody else's sample"
    tea.rewrite(verdier.people["manager"], "teapot* NOT is:own")
    hear_channel(verdier.channel, ids)
    assert set(tea.mentions.values_list("activity__remote_id", flat=True)) == {"m1"}
    changed = verdier.channel.receive([Gone("m1")])
    jobs.listen.func(channel_id=verdier.channel.pk, new=[], changed=changed)
    assert not tea.mentions.exists()
    assert in_step()


def test_own_is_each_brands_own(verdier: House) -> None:
    other = house("other")
    queries = [
        Query.make(each.brand, each.people["manager"], "Own", "kettle AND is:own")
        for each in (verdier, other)
    ]
    post = replace(public("o", "our new kettle"), actor=Actor("verdier-1", "@verdier", "Verdier"))
    assert len(hear(TOWN, [post])) == 1
    assert [each.mentions.count() for each in queries] == [1, 0]


def test_days_and_hours_are_the_brands_own(verdier: House) -> None:
    other = house("other")
    other.brand.change(other.people["owner"], time_zone="Asia/Tokyo")
    rows = [
        Query.make(each.brand, each.people["manager"], "Night", "kettle AND hour:3")
        for each in (verdier, other)
    ]
    at = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    hear(TOWN, [replace(public("n", "a kettle"), published=at)])
    assert [each.mentions.count() for each in rows] == [0, 1]


def test_who_objected_is_not_heard(verdier: House, tea: Query) -> None:
    other = house("other")
    theirs = Query.make(other.brand, other.people["manager"], "Tea", "teapot")
    object_to(TOWN, account="person-1", brand=verdier.brand)
    object_to(TOWN, account="person-2")
    hear(TOWN, [public("a", "a teapot", by=1), public("b", "a teapot", by=2), public("c", "a teapot", by=3)])
    assert set(tea.mentions.values_list("activity__remote_id", flat=True)) == {"c"}
    assert set(theirs.mentions.values_list("activity__remote_id", flat=True)) == {"a", "c"}
    assert {each.remote_id for each in Sample.objects.all()} == {"c"}, (
        "all brands try their queries on the sample"
    )


def test_whoever_is_erased_is_gone_from_mentions_figures_and_the_sample(verdier: House, tea: Query) -> None:
    hear(TOWN, [public("a", "my teapot", by=1), public("b", "her teapot", by=2)])
    receive(verdier.channel, [said("m", "a teapot of yours", by=1)])
    hear_channel(verdier.channel, list(Row.objects.of(verdier.brand).values_list("pk", flat=True)))
    person = Person.objects.get(remote_id="person-1")
    assert persons.find(TOWN, "@person1.example", verdier.brand) == [person]
    assert persons.brands_of(Person.objects.get(remote_id="person-2")) == {verdier.brand.pk}
    assert len(list(persons.HOLDERS["mentions"].rows(person, verdier.brand))) == 2
    assert tea.mentions.count() == 3
    counts = persons.erase(person)
    assert counts["sample"] == 1
    assert set(tea.mentions.values_list("activity__remote_id", flat=True)) == {"b"}
    assert in_step()
    assert not Sample.objects.filter(author="person-1").exists()
    assert Row.objects.everywhere().filter(actor=person).count() == 1, "in the thread its shape stays"
    hear(TOWN, [public("a", "my teapot", by=1)])
    assert not Row.objects.everywhere().filter(remote_id="a").exists()


def test_what_is_too_old_goes_with_its_figures(verdier: House, tea: Query) -> None:
    hear(TOWN, [public("old", "a teapot", minutes_ago=60 * 24 * 40), public("new", "a teapot")])
    receive(verdier.channel, [said("kept", "an old teapot", minutes_ago=60 * 24 * 41)])
    hear_channel(verdier.channel, list(Row.objects.of(verdier.brand).values_list("pk", flat=True)))
    Retention.objects.of(verdier.brand).create(brand=verdier.brand, kind="mentions", days=30)
    assert KINDS["mentions"].remove(verdier.brand, datetime.now(UTC) - timedelta(days=30), 500) == 2
    assert set(Row.objects.everywhere().values_list("remote_id", flat=True)) == {"new", "kept"}
    assert in_step()
    tea.remove(verdier.people["manager"])
    jobs.empty_query.func(brand_id=verdier.brand.pk, query_id=tea.pk)
    assert set(Row.objects.everywhere().values_list("remote_id", flat=True)) == {"kept"}
    assert not Rollup.objects.everywhere().exists()


def test_what_was_only_overheard_still_opens_a_thread_when_it_reaches_a_channel(
    verdier: House, tea: Query
) -> None:
    hear(TOWN, [public("a", "a teapot")])
    assert not Thread.objects.of(verdier.brand).exists()
    receive(verdier.channel, [replace(said("a", "a teapot"), facts={"here": 7})])
    row = Row.objects.of(verdier.brand).get()
    assert (row.kind, row.facts) == ("mention", {"here": 7})
    assert Thread.objects.of(verdier.brand).count() == 1


def test_what_became_of_an_account_comes_the_same_way(tea: Query) -> None:
    one = public("m1", "a teapot", by=5)
    hear(TOWN, [one, public("m2", "another teapot", by=6)])
    assert hear(TOWN, [Account(one.actor.remote_id, handle="renamed")]) == []
    assert Person.objects.get(network=TOWN, remote_id=one.actor.remote_id).handle == "renamed"
    hear(TOWN, [Account(one.actor.remote_id, Standing.CLOSED), public("m3", "a third teapot", by=6)])
    kept = Mention.objects.of(tea.brand).values_list("activity__remote_id", flat=True)
    assert sorted(kept) == ["m2", "m3"]


def test_a_mention_is_brought_to_the_counter_once(verdier: House, tea: Query) -> None:
    hear(TOWN, [public("a", "Où est ma théière ? teapot")])
    (channel,) = answering(verdier.brand.pk, TOWN)
    mention = tea.mentions.select_related("activity__actor").get()
    agent = verdier.people["agent"]
    assert mention.bring(channel, agent)
    assert not mention.bring(channel, agent)
    inbox_jobs.gather.func(channel_id=channel.pk, new=[mention.activity_id], changed=[])
    thread = verdier.thread()
    assert thread.entries.get().activity_id == mention.activity_id
    assert thread.entries.get().addressed


def test_the_sample_rolls_and_says_what_it_stands_for(tea: Query, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "SIZE", 20)
    sampler = sampling.Sampler()

    def posts(start: int, n: int) -> list[Post]:
        return [Post(TOWN, public(f"s{at}", f"words {at}"), zone_of("")) for at in range(start, start + n)]

    sampler.take(TOWN, posts(0, 30))
    assert (sampling.extent().size, sampling.extent().share) == (20, 1.0)
    # A full sample reaches back a second at the most here: one in many is enough from now on.
    sampler._asked = datetime.min
    sampler.take(TOWN, posts(100, 1))
    assert sampler.one_in > 1
    taken = [post.said.remote_id for post in posts(200, 3) if sampler.takes(post.said.remote_id)]
    sampler.one_in = 2
    before = sampling.extent()
    n = sampler.take(TOWN, posts(200, 40))
    assert 8 < n < 32
    after = sampling.extent()
    assert after.size == 20
    assert before.share > after.share > 0.4
    assert taken == [each for each in taken if sampler.takes(each)]
    with pytest.raises(Sample.DoesNotExist):
        Sample.objects.get(remote_id="s0")


def test_thousands_of_queries_are_spared_the_collector(
    verdier: House, tea: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("MANY", 3), ("CHANGES", 2), ("LEARNT", 5)):
        monkeypatch.setattr(listening, name, value)
    here, manager = listening.Ears(), verdier.people["manager"]
    try:
        here.learn()
        assert gc.get_freeze_count() == 0, "a few are no matter"
        made = [Query.make(verdier.brand, manager, f"q{n}", f"word{n}") for n in range(3)]
        here.learn()
        first = gc.get_freeze_count()
        assert first > 0
        gc.unfreeze()
        made[0].rewrite(manager, "other")
        here.learn()
        assert gc.get_freeze_count() == 0, "one change is no matter"
        posts = [Post(TOWN, public(f"p{n}", "a teapot"), zone_of("")) for n in range(3)]
        here.match(TOWN, posts)
        assert gc.get_freeze_count() == 0
        here.match(TOWN, posts)
        assert gc.get_freeze_count() > 0, "once, when words were learnt"
    finally:
        gc.unfreeze()
