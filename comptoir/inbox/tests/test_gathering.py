"""Which thread a message belongs to, and what the list shows of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.inbox import gathering, jobs
from comptoir.inbox.models import Answered, Entry, Thread
from comptoir.inbox.models.listed import around, listed
from comptoir.kernel import clock
from comptoir.networks.connector import Activity, Actor, Gone, Kind
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Channel, Delivery
from comptoir.organisation.models import Brand, Membership, Unscoped, User

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BRAND = Actor("did:brand", "brand.test", "Brand")
ANNA = Actor("did:anna", "anna.test", "Anna Écluse")
BEN = Actor("did:ben", "ben.test", "Ben")
NOW = datetime.now(UTC).replace(microsecond=0)


def said(name: str, by: Actor, minute: float, **changes: Any) -> Activity:
    base = Activity(
        name, Kind.MENTION, by, NOW - timedelta(hours=1) + timedelta(minutes=minute), text=f"{name} text"
    )
    return replace(base, **changes)


@pytest.fixture
def channel(db: None) -> Channel:
    brand = Brand.objects.create(name="Brand", slug="brand")
    return Channel.objects.create(
        brand=brand, network="rehearsal", remote_id="did:brand", handle="brand.test"
    )


@pytest.fixture
def agent(channel: Channel) -> User:
    user = User.objects.create_user("agent@example.org", name="Agent")
    Membership.objects.create(user=user, brand=channel.brand, role="agent")
    return user


def hear(channel: Channel, *items: Any, historic: bool = False) -> None:
    """Receive a batch and run its job twice: the second run must change nothing."""
    ids = channel.receive(items, historic)
    new = list(Row.objects.of(channel.brand_id).filter(pk__in=ids).values_list("pk", flat=True))
    for _ in range(2):
        jobs.gather.func(channel_id=channel.pk, new=new, changed=new)


def threads(channel: Channel) -> list[Thread]:
    return list(Thread.objects.of(channel.brand_id).order_by("pk"))


def found(channel: Channel, show: str, saying: str = "", user: User | None = None) -> list[int]:
    return [row.pk for row in listed(channel.brand_id, user.pk if user else 0, show, saying)]


def names(thread: Thread) -> list[str]:
    return [e.activity.remote_id for e in thread.entries.order_by("at").select_related("activity")]


def test_a_mention_opens_a_thread_and_answers_join_it(channel: Channel) -> None:
    hear(channel, said("a", ANNA, 0))
    hear(channel, said("b", BRAND, 1, kind=Kind.REPLY, in_reply_to="a"))
    hear(channel, said("c", ANNA, 2, kind=Kind.REPLY, in_reply_to="b", conversation="a"))
    (thread,) = threads(channel)
    assert names(thread) == ["a", "b", "c"]
    assert thread.person is not None
    assert (thread.person.handle, thread.messages, thread.answered) == ("anna.test", 3, False)
    assert thread.last_text == "c text"


def test_a_whole_exchange_in_one_batch_and_out_of_order(channel: Channel) -> None:
    hear(
        channel,
        said("c", ANNA, 2, kind=Kind.REPLY, in_reply_to="b"),
        said("b", BRAND, 1, kind=Kind.REPLY, in_reply_to="a"),
        said("a", ANNA, 0),
    )
    (thread,) = threads(channel)
    assert names(thread) == ["a", "b", "c"]


def test_comments_below_a_post_are_a_thread_each(channel: Channel) -> None:
    hear(channel, said("post", BRAND, 0, kind=Kind.POST))
    hear(
        channel,
        said("x", ANNA, 1, kind=Kind.REPLY, in_reply_to="post"),
        said("y", BEN, 2, kind=Kind.REPLY, in_reply_to="post"),
        said("z", BEN, 3, kind=Kind.REPLY, in_reply_to="x"),
    )
    assert [names(t) for t in threads(channel)] == [["x", "z"], ["y"]]


def test_likes_follows_and_reposts_open_nothing(channel: Channel) -> None:
    hear(channel, *(said(k, ANNA, 0, kind=Kind(k), about="post") for k in ("like", "follow", "repost")))
    assert threads(channel) == []


def test_context_is_shown_but_does_not_wait_for_an_answer(channel: Channel) -> None:
    hear(
        channel,
        said("root", BEN, 0, kind=Kind.POST, addressed=False, conversation="root"),
        said("m", ANNA, 1, in_reply_to="root", conversation="root"),
    )
    (thread,) = threads(channel)
    assert names(thread) == ["root", "m"]
    assert thread.person is not None
    assert thread.person.handle == "anna.test"


def test_history_is_closed_and_what_is_recent_and_unanswered_is_offered(channel: Channel) -> None:
    old = said("old", ANNA, 0, published=NOW - timedelta(days=20))
    fresh = said("fresh", BEN, 0, published=NOW - timedelta(days=2))
    done = said("done", BEN, 0, published=NOW - timedelta(days=3))
    answer = said(
        "answer", BRAND, 0, kind=Kind.REPLY, in_reply_to="done", published=NOW - timedelta(days=3, hours=-1)
    )
    hear(channel, old, fresh, done, answer, historic=True)
    assert not [t for t in threads(channel) if t.is_open]
    assert [t.conversation for t in threads(channel) if t.offered] == ["fresh"]
    assert [t.conversation for t in threads(channel) if t.answered] == ["done"]


def test_what_comes_in_opens_a_closed_thread(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 0))
    (thread,) = threads(channel)
    assert thread.close(agent)
    assert thread.close(agent) is None
    hear(channel, said("b", ANNA, 5, kind=Kind.REPLY, in_reply_to="a"))
    (thread,) = threads(channel)
    assert thread.is_open
    closure = thread.closures.get()
    assert closure.reopened_at
    assert closure.reopened_by is None


def test_an_answer_given_elsewhere_counts(channel: Channel) -> None:
    hear(channel, said("a", ANNA, 0))
    assert not threads(channel)[0].answered
    hear(channel, said("b", BRAND, 1, kind=Kind.REPLY, in_reply_to="a"))
    assert threads(channel)[0].answered


def test_what_comes_after_an_answer_waits_whatever_time_its_network_gives(
    channel: Channel, agent: User
) -> None:
    hear(channel, said("a", ANNA, 0))
    (thread,) = threads(channel)
    thread.reply("Bonjour", agent)
    hear(channel, said("b", ANNA, 1, kind=Kind.REPLY, in_reply_to="a"))
    (thread,) = threads(channel)
    assert not thread.answered
    assert thread.last_text == "b text"
    thread.reply("Encore", agent)
    assert threads(channel)[0].answered
    gathering.refresh([thread.pk])
    assert threads(channel)[0].answered


def test_the_history_of_a_thread_stands_where_it_was_said(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 2))
    threads(channel)[0].reply("Bonjour", agent)
    hear(channel, said("b", ANNA, 1, conversation="a"), historic=True)
    (thread,) = threads(channel)
    assert thread.answered
    assert names(thread) == ["b", "a"]


def test_a_network_whose_clock_is_ahead_is_answered_all_the_same(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 0, published=clock.now() + timedelta(minutes=5)))
    (thread,) = threads(channel)
    assert thread.last_in is not None
    assert thread.last_in <= clock.now()
    thread.reply("Bonjour", agent)
    gathering.refresh([thread.pk])
    assert threads(channel)[0].answered


def test_a_deleted_message_leaves_no_word_behind(channel: Channel) -> None:
    hear(channel, said("a", ANNA, 0, text="secret"))
    hear(channel, Gone("a"))
    (thread,) = threads(channel)
    assert thread.last_text == ""
    assert not found(channel, "all", "secret")


def test_search_finds_words_without_case_or_accents_and_names(channel: Channel) -> None:
    hear(channel, said("a", ANNA, 0, text="Le café est FERMÉ"), said("b", BEN, 1, text="open"))
    (first, _second) = threads(channel)
    assert found(channel, "all", "cafe ferm") == [first.pk]
    assert found(channel, "all", "ecluse") == [first.pk]
    assert not found(channel, "all", "'; DROP & | ! :*")
    assert not found(channel, "all", "!?")


def test_replying_queues_one_delivery_and_marks_the_thread_answered(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 0))
    (thread,) = threads(channel)
    one = thread.reply("Bonjour", agent, key="k1")
    two = thread.reply("Bonjour", agent, key="k1")
    assert one.pk == two.pk
    delivery = Delivery.objects.of(channel.brand_id).get()
    assert (delivery.target is not None and delivery.target.remote_id, delivery.state) == ("a", "waiting")
    assert threads(channel)[0].answered


def test_nobody_is_answered_twice(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 0))
    (thread,) = threads(channel)
    first = thread.reply("Bonjour", agent)
    other = User.objects.create_user("other@example.org")
    with pytest.raises(Answered) as caught:
        thread.reply("Hello", other, seen=0)
    assert caught.value.reply == first
    assert thread.reply("Hello", other, seen=first.pk)


def test_a_reply_undone_waits_for_an_answer_again(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 0))
    (thread,) = threads(channel)
    reply = thread.reply("Oops", agent)
    assert reply.undo()
    assert not reply.undo()
    assert not threads(channel)[0].answered


def test_assigning_and_taking_it_back(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 0))
    (thread,) = threads(channel)
    act = thread.assign(agent, agent)
    assert found(channel, "mine", user=agent) == [thread.pk]
    assert act.undo()
    assert threads(channel)[0].assignee is None


def test_unread_is_each_persons_own(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 0))
    (thread,) = threads(channel)
    assert found(channel, "unread", user=agent) == [thread.pk]
    thread.read(agent)
    assert not found(channel, "unread", user=agent)
    hear(
        channel,
        said("b", ANNA, 70, kind=Kind.REPLY, in_reply_to="a", published=clock.now() + timedelta(seconds=5)),
    )
    assert found(channel, "unread", user=agent) == [thread.pk]
    assert around(channel.brand_id, agent.pk, 1000).counted["unread"] == 1


def test_a_query_without_a_right_raises(channel: Channel, agent: User) -> None:
    hear(channel, said("a", ANNA, 0))
    for ask in (
        lambda: list(Thread.objects.all()),
        lambda: Thread.objects.count(),
        lambda: Thread.objects.filter(pk=1).first(),
        lambda: Row.objects.filter(text="a").exists(),
        lambda: Channel.objects.update(handle="x"),
        lambda: Brand.objects.get(pk=1),
    ):
        with pytest.raises(Unscoped):
            ask()
    stranger = User.objects.create_user("stranger@example.org")
    assert not Thread.objects.seen_by(stranger)
    assert len(Thread.objects.seen_by(agent)) == 1
    assert not Thread.objects.seen_by(agent, "manager")
    assert len(channel.threads.all()) == 1
    assert Entry.objects.count() == 1


def test_what_the_history_offers_is_taken_up_or_left(channel: Channel, agent: User) -> None:
    recent = [said(n, BEN, 0, published=NOW - timedelta(days=2)) for n in ("one", "two")]
    hear(channel, *recent, historic=True)
    one, two = threads(channel)
    assert Thread.objects.of(channel.brand_id).filter(pk=one.pk).take_up() == 1
    assert Thread.objects.of(channel.brand_id).leave(agent) == 1
    gathering.refresh([one.pk, two.pk])
    one, two = threads(channel)
    assert (one.is_open, two.is_open) == (True, False)
    assert not one.offered
    assert not two.offered


def test_a_new_thread_s_figures_are_those_that_refresh_finds(channel: Channel) -> None:
    """Threads begin with figures computed beside the database: they must never differ from its own."""
    hear(
        channel, said("a", ANNA, 0), said("b", BRAND, 1, kind=Kind.REPLY, in_reply_to="a"), said("c", BEN, 2)
    )
    hear(
        channel,
        said("d", BEN, 0, published=NOW - timedelta(days=2)),
        said("ctx", ANNA, 3, kind=Kind.POST, addressed=False, conversation="ctx"),
        said("e", BEN, 4, in_reply_to="ctx", conversation="ctx"),
        historic=True,
    )
    listed_before = [{k: v for k, v in vars(t).items() if k != "_state"} for t in threads(channel)]
    gathering.refresh([t.pk for t in threads(channel)])
    assert [{k: v for k, v in vars(t).items() if k != "_state"} for t in threads(channel)] == listed_before
    assert len(listed_before) == 4
