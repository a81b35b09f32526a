"""The way out: states, holds, and what becomes of a sending whose outcome is unknown.

The connector here is a stand-in: it does what no real server can be asked to do at a given moment.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection

from comptoir.kernel import clock
from comptoir.kernel.http import Unreachable
from comptoir.networks import jobs, sending
from comptoir.networks.connector import (
    Activity,
    Actor,
    Connector,
    Finds,
    Keyed,
    Kind,
    Length,
    Reconnect,
    Refused,
    Replies,
    Sent,
    TryLater,
    Upload,
)
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Channel, Delivery, Hold
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand, Notice, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


class Plain(Replies, Connector):
    """A stand-in for a network that ignores keys. `happens` is called instead of sending."""

    network = "standin"
    label = "Stand-in"
    happens: ClassVar[Callable[[str], Sent]]

    def length(self, text: str) -> Length:
        return Length(len(text), 300, len(text) - 300)

    def reply(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        return type(self).happens(key)


class WithKeys(Keyed, Plain):
    """A stand-in for one that honours them."""


class Looking(Finds, Plain):
    """A stand-in for one that can look for its own message."""

    there: ClassVar[Sent | None] = None

    def find(self, to: Activity | None, text: str, key: str, at: datetime) -> Sent | None:
        return self.there


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def set_up(kind: type[Plain], happens: Callable[[str], Sent] | Exception) -> None:
        def call(key: str) -> Sent:
            if isinstance(happens, Exception):
                raise happens
            return happens(key)

        kind.happens = call
        every_network_is(monkeypatch, kind)

    return set_up


@pytest.fixture
def delivery(transactional_db: None) -> Delivery:
    brand = Brand.objects.create(name="Brand", slug="brand")
    channel = Channel.objects.create(brand=brand, network="standin", remote_id="me", handle="me")
    anna = Actor("anna", "anna")
    channel.receive(
        [Activity("q", Kind.MENTION, anna, datetime.now(UTC) - timedelta(minutes=1), text="hello?")]
    )
    return sending.send(channel, "hello!", target=Row.objects.of(brand).get(remote_id="q"))


def attempt(delivery: Delivery) -> Delivery:
    jobs.deliver.func(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    return delivery


def sent(key: str) -> Sent:
    return Sent(f"said-{key}")


def test_sent_once_however_often_the_job_runs(delivery: Delivery, use: Any) -> None:
    calls: list[str] = []

    def counted(key: str) -> Sent:
        calls.append(key)
        return sent(key)

    use(Plain, counted)
    attempt(delivery)
    assert attempt(delivery).state == "sent"
    assert calls == [delivery.key]
    assert delivery.result is not None
    assert (delivery.result.text, delivery.result.in_reply_to) == ("hello!", "q")


def test_only_what_was_surely_never_said_is_a_first_time(
    delivery: Delivery, use: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    firsts: list[bool] = []

    class Noting(WithKeys):
        def reply(self, *said: Any) -> Sent:
            firsts.append(self.first)
            return super().reply(*said)

    stale = Delivery.objects.everywhere().get()
    use(Noting, TryLater("rate_limited", timedelta(0)))
    attempt(delivery)
    # Somebody who read it before that claims it.
    sending.attempt(stale)
    # A worker died while it was said.
    Delivery.objects.everywhere().update(state="sending", tries=1)
    attempt(delivery)
    # It came back with a backup, and a person says that it is not there.
    Delivery.objects.everywhere().update(state="uncertain", tries=0)
    Delivery.objects.everywhere().get().settle(None, sent=False)
    use(Noting, sent)
    attempt(delivery)
    assert firsts == [True, False, False, False]
    assert delivery.state == "sent"


@pytest.mark.parametrize(
    "error", [TryLater("rate_limited", timedelta(seconds=90)), Unreachable("dns", sent=False)]
)
def test_what_surely_did_not_arrive_waits(delivery: Delivery, use: Any, error: Exception) -> None:
    use(Plain, error)
    assert attempt(delivery).state == "waiting"
    assert delivery.not_before > clock.now()
    if isinstance(error, TryLater):
        assert delivery.not_before > clock.now() + timedelta(seconds=60)


def test_refused_is_final_and_says_why(delivery: Delivery, use: Any) -> None:
    use(Plain, Refused("too_long", limit=300))
    assert attempt(delivery).state == "refused"
    assert (delivery.code, delivery.facts) == ("too_long", {"limit": 300})


def test_a_dead_grant_keeps_the_words_and_calls_a_person(delivery: Delivery, use: Any) -> None:
    use(Plain, Reconnect("token_expired"))
    assert attempt(delivery).state == "waiting"
    channel = Channel.objects.everywhere().get()
    assert channel.state == "reconnect"
    assert Notice.objects.of(channel.brand_id).filter(settled_at=None).count() == 1
    use(Plain, sent)
    assert attempt(delivery).state == "waiting"


def test_no_answer_after_sending_is_uncertain_until_a_person_settles_it(delivery: Delivery, use: Any) -> None:
    use(Plain, Unreachable("timeout", sent=True))
    assert attempt(delivery).state == "uncertain"
    use(Plain, sent)
    assert attempt(delivery).state == "uncertain"
    user = User.objects.create_user("a@example.org")
    assert delivery.settle(user, sent=False)
    assert not delivery.settle(user, sent=True)
    assert attempt(delivery).state == "sent"
    assert delivery.settled_by == user


def test_where_keys_count_it_is_simply_tried_again(delivery: Delivery, use: Any) -> None:
    use(WithKeys, Unreachable("timeout", sent=True))
    assert attempt(delivery).state == "waiting"
    Delivery.objects.everywhere().update(not_before=clock.now())
    use(WithKeys, sent)
    assert attempt(delivery).state == "sent"


@pytest.mark.parametrize(("there", "state"), [(Sent("found"), "sent"), (None, "waiting")])
def test_a_connector_that_can_look_looks_first(
    delivery: Delivery, use: Any, there: Sent | None, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(Looking, Unreachable("timeout", sent=True))
    monkeypatch.setattr(Looking, "there", there)
    assert attempt(delivery).state == state
    assert delivery.remote_id == ("found" if there else "")


def test_a_delivery_left_by_a_dead_worker_is_not_said_blindly(delivery: Delivery, use: Any) -> None:
    use(Plain, sent)
    assert delivery.claim()
    assert attempt(delivery).state == "uncertain"


def test_under_a_hold_nothing_is_claimed(delivery: Delivery, use: Any) -> None:
    use(Plain, sent)
    hold = Hold.place("crisis", brand=delivery.channel.brand, replies=True)
    assert attempt(delivery).state == "waiting"
    assert not Delivery.objects.everywhere().free().exists()
    hold.lift()
    # What came due meanwhile asks.
    assert (attempt(delivery).state, delivery.asking) == ("waiting", "held")
    Delivery.objects.everywhere().update(asking="")
    assert attempt(delivery).state == "sent"


def test_placing_a_hold_waits_for_claims_under_way_and_wins_over_later_ones(delivery: Delivery) -> None:
    """A claim in an open transaction holds the shared lock: the hold returns only when it is over."""
    from django.db import transaction

    placed = threading.Event()

    def place() -> None:
        Hold.place("crisis", replies=True)
        placed.set()
        connection.close()

    with transaction.atomic():
        assert delivery.claim()
        thread = threading.Thread(target=place)
        thread.start()
        assert not placed.wait(0.5)
    assert placed.wait(5)
    thread.join()
    assert not Delivery.objects.everywhere().free().exists()


def test_a_withdrawn_delivery_never_leaves(delivery: Delivery, use: Any) -> None:
    use(Plain, sent)
    assert delivery.withdraw()
    assert attempt(delivery).state == "withdrawn"


def test_many_tries_end_with_a_person(delivery: Delivery, use: Any) -> None:
    use(Plain, TryLater("server_error"))
    Delivery.objects.everywhere().update(tries=sending.MOST_TRIES - 1)
    assert attempt(delivery).state == "refused"
    assert delivery.code == "too_many_tries"
