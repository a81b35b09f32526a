"""What is too old is removed, in batches, with its proof, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from comptoir.inbox.models import Entry, Thread
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Kind
from comptoir.networks.models import Activity, Actor, Audience, Defence, Delivery, SetAside
from comptoir.organisation import jobs, retention
from comptoir.organisation.audit import record
from comptoir.organisation.models import AuditEntry, Notice, PurgeRun, SignInLink

pytestmark = pytest.mark.django_db
DAY = 24 * 60


@pytest.fixture
def ours() -> House:
    made = house("ours")
    hear(
        made.channel,
        [
            said("old", minutes_ago=1200 * DAY, by=1),
            said("old-private", minutes_ago=800 * DAY, by=2, kind=Kind.MESSAGE),
            said("new-private", minutes_ago=600 * DAY, by=3, kind=Kind.MESSAGE),
            said("new", minutes_ago=800 * DAY, by=4),
        ],
    )
    return made


def left(house: House) -> set[str]:
    return set(Activity.objects.of(house.brand).values_list("remote_id", flat=True))


def test_each_kind_has_its_time(ours: House) -> None:
    assert retention.purge()
    assert left(ours) == {"new-private", "new"}
    assert Thread.objects.of(ours.brand).count() == Entry.objects.count() == 2
    runs = dict(PurgeRun.objects.of(ours.brand).values_list("kind", "removed"))
    assert runs["conversations"] == runs["private_messages"] == 1
    assert runs["set_aside"] == 0, "a proof that it looked"


def test_a_conversation_goes_with_all_that_hangs_on_it(ours: House) -> None:
    agent = ours.people["agent"]
    thread = Thread.objects.of(ours.brand).get(conversation="old")
    thread.note("n", agent)
    thread.assign(agent, agent)
    thread.reply("yes", agent)
    thread.close(agent)
    retention.purge()
    assert not Thread.objects.of(ours.brand).filter(pk=thread.pk).exists()
    assert Delivery.objects.of(ours.brand).count() == 0


def test_of_decisions_against_somebody_only_a_block_that_holds_outlives_their_conversations(
    ours: House,
) -> None:
    agent = ours.people["agent"]
    old = Thread.objects.of(ours.brand).get(conversation="old")
    private = Thread.objects.of(ours.brand).get(conversation="old-private")
    held = old.block(agent, reason="spam")
    old.report(agent, ground="spam")
    private.block(agent, reason="spam")
    private.unblock(agent)
    retention.purge()
    assert list(Defence.objects.of(ours.brand)) == [held]
    blocks = browser(agent).get(f"/b/{ours.brand.slug}/blocks/").text
    assert "Person 1" in blocks
    assert f"/persons/{held.actor_id}/" not in blocks, "there is no conversation to look at"
    lifting = f"/b/{ours.brand.slug}/blocks/{held.pk}/lifting/"
    assert browser(agent).post(lifting, {"from": "list"}, follow=True).status_code == 200
    assert not Defence.objects.of(ours.brand).standing().exists()


def test_what_another_brand_heard_stays_there(ours: House) -> None:
    theirs = house("theirs")
    hear(theirs.channel, [said("old", minutes_ago=1200 * DAY, by=1)])
    retention.choose(theirs.brand, {"conversations": 2_000})
    retention.purge()
    assert "old" in left(theirs)
    assert "old" not in left(ours)


def test_people_of_whom_nothing_is_left_go_too(ours: House) -> None:
    Actor.objects.update(seen=clock.now() - timedelta(days=2))
    retention.purge()
    assert set(Actor.objects.values_list("remote_id", flat=True)) == {"person-3", "person-4"}


def test_likes_and_follows_have_their_own_time_and_our_posts_stay(ours: House) -> None:
    hear(ours.channel, [said("like", kind=Kind.LIKE), said("post", actor=ours.channel.me)])
    with time_machine.travel(clock.now() + timedelta(days=366), tick=False):
        retention.purge()
    assert "like" not in left(ours)
    assert "post" in left(ours)


def test_set_aside_notices_and_links_go(ours: House) -> None:
    SetAside.objects.create(channel=ours.channel, reason="x", raw="y")
    Notice.post(ours.brand.pk, "channel_reconnect", "settled")
    Notice.settle(ours.brand.pk, "settled")
    Notice.post(ours.brand.pk, "channel_reconnect", "open")
    SignInLink.issue(ours.people["owner"])
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        retention.purge()
    assert SetAside.objects.of(ours.brand).count() == SignInLink.objects.count() == 0
    assert [notice.about for notice in Notice.objects.of(ours.brand)] == ["open"]


def test_the_log_goes_by_the_purge_alone(ours: House) -> None:
    lost = house("lost")
    for at, brand in ((400, ours.brand), (400, None), (300, ours.brand), (400, lost.brand)):
        with time_machine.travel(clock.now() - timedelta(days=at), tick=False):
            record("closed", brand)
    lost.channel.delete()
    lost.brand.delete()
    AuditEntry.objects.everywhere()
    retention.purge()
    assert AuditEntry.objects.everywhere().filter(what="closed").count() == 1


def test_the_job_may_run_twice_and_works_once_a_day(ours: House, django_assert_max_num_queries: Any) -> None:
    jobs.purge.func(timestamp=0)
    with django_assert_max_num_queries(60):
        jobs.purge.func(timestamp=0)
    assert PurgeRun.objects.of(ours.brand).get(kind="conversations").removed == 1
    hear(ours.channel, [said("later", minutes_ago=1200 * DAY, by=5)])
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        jobs.purge.func(timestamp=0)
    assert "later" not in left(ours)


def test_what_does_not_fit_in_the_time_is_done_in_batches(
    ours: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    hear(ours.channel, [said(f"o{n}", minutes_ago=1300 * DAY, by=10 + n) for n in range(7)])
    assert not retention.purge(seconds=0)
    run = PurgeRun.objects.of(ours.brand).get(kind="conversations")
    assert (run.removed, run.finished) == (2, False)
    for _ in range(20):
        if retention.purge(seconds=0):
            break
    run.refresh_from_db()
    assert (run.removed, run.finished) == (8, True)


def test_wrong_choices_are_refused(ours: House) -> None:
    for wrong in ({"conversations": 0}, {"nothing": 3}, {"audit": 3}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            retention.choose(ours.brand, wrong)
    assert Audience.objects.exists()
