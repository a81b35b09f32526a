"""Figures of small pasts, each exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox.models import Queue, Thread
from comptoir.inbox.tests.building import House
from comptoir.measurement import counting
from comptoir.measurement.figures import Spread
from comptoir.measurement.models import Due, Heard, Staffed
from comptoir.measurement.tests.building import MONDAY, Past, at, counted, house
from comptoir.networks.models import Activity, Channel, Delivery
from comptoir.organisation.audit import record
from comptoir.organisation.models import DayOff, Hours
from comptoir.organisation.opening import Week

pytestmark = pytest.mark.django_db
H = 3600.0


@pytest.fixture
def verdier() -> House:
    return house()


def spread(*hours: float) -> Spread:
    """One time alone."""
    return Spread(1, hours[0] * H, hours[0] * H, hours[0] * H)


def test_nothing_is_no_zero(verdier: House) -> None:
    total = counted(verdier).total
    assert (total.messages, total.segments, total.rate) == (0, 0, None)
    assert total.first == Spread(0, None, None, None)


def test_first_next_and_resolution(verdier: House) -> None:
    past, agent = Past.of(verdier), verdier.people["agent"]
    past.asks(9)
    past.asks(9.5)
    past.answers(10, agent)
    past.asks(11)
    past.asks(11.5)
    past.says(13)
    past.closes(14)
    total = counted(verdier).total
    assert (total.messages, total.segments, total.answered, total.here, total.elsewhere) == (4, 1, 1, 1, 0)
    assert total.first == spread(1)
    assert total.next == spread(2)
    assert total.resolution == spread(5)
    assert total.rate == 1


def test_a_day_of_silence_begins_anew(verdier: House) -> None:
    past, agent = Past.of(verdier), verdier.people["agent"]
    past.asks(9)
    past.answers(10, agent)
    past.asks(10 + 23.9)
    past.answers(36, agent)
    past.asks(36 + 24)
    past.says(63)
    total = counted(verdier).total
    assert total.segments == 2
    assert total.first == Spread(2, 2 * H, 2.8 * H, 2 * H)
    assert total.next.n == 1
    assert total.elsewhere == 1


def test_who_waits_through_the_silence_waited_all_the_time(verdier: House) -> None:
    past = Past.of(verdier)
    past.asks(9)
    past.asks(40)
    past.answers(41, verdier.people["agent"])
    total = counted(verdier).total
    assert (total.segments, total.answered, total.next.n) == (2, 2, 0)
    assert total.first[:2] == (2, 16.5 * H)
    assert total.first.p90 == pytest.approx(28.9 * H)
    assert total.buckets == (1, 0, 0, 1)


def test_the_response_rate(verdier: House) -> None:
    agent = verdier.people["agent"]
    for n in range(3):
        past = Past.of(verdier)
        past.asks(9 + n)
        past.answers(10 + n, agent)
    Past.of(verdier).asks(9)
    left = Past.of(verdier)
    left.asks(9)
    left.closes(10)
    back = Past.of(verdier)
    back.asks(9, deleted=at(10))
    reopened = Past.of(verdier)
    reopened.asks(9)
    reopened.closes(10, reopened=11)
    total = counted(verdier).total
    assert (total.answered, total.waiting, total.left, total.segments) == (3, 2, 1, 6)
    assert total.rate == pytest.approx(3 / 5)
    assert total.messages == 7


@pytest.mark.parametrize("state", ["waiting", "sending", "refused", "returned", "withdrawn"])
def test_what_has_not_left_is_no_answer(verdier: House, state: str) -> None:
    past = Past.of(verdier)
    past.asks(9)
    past.answers(10, verdier.people["agent"], state=state)
    total = counted(verdier).total
    assert (total.answered, total.waiting) == (0, 1)


def test_an_answer_counts_from_when_it_left(verdier: House) -> None:
    past = Past.of(verdier)
    past.asks(9)
    past.answers(10, verdier.people["agent"], left=15)
    assert counted(verdier).total.first == spread(6)


def test_machines_history_and_what_is_hidden_do_not_count(verdier: House) -> None:
    past = Past.of(verdier)
    past.asks(1, historic=True)
    past.says(2)
    for hidden in ({"standing": "spam"}, {"standing": "removed"}, {"automatic": "answer"}):
        Past.of(verdier).asks(9, **hidden)
    human = Past.of(verdier)
    human.asks(9)
    human.says(9.1, automatic="answer")
    total = counted(verdier).total
    assert (total.messages, total.answered, total.waiting) == (1, 0, 1)


def test_our_own_message_coming_back_is_not_a_second_answer(verdier: House) -> None:
    past = Past.of(verdier)
    past.asks(9)
    reply = past.answers(10, verdier.people["agent"], left=10)
    echo = past.says(9.9)
    Delivery.objects.of(verdier.brand).filter(pk=reply.delivery_id).update(result=echo.activity)
    total = counted(verdier).total
    assert (total.here, total.elsewhere) == (1, 0)
    assert total.first == spread(1)


def test_by_channel_language_hour_team_and_person(verdier: House) -> None:
    other = Channel.objects.create(brand=verdier.brand, network="rehearsal", remote_id="o", handle="@other")
    agent, manager = verdier.people["agent"], verdier.people["manager"]
    one, two = Past.of(verdier), Past.of(verdier, other)
    one.asks(9, language="fr-CA")
    one.answers(10, agent)
    two.asks(33, language="")
    two.answers(36, manager)
    found = counted(verdier)
    assert {line.label: line.first.median for line in found.by["channel"]} == {
        verdier.channel.title: H, other.title: 3 * H,
    }  # fmt: skip
    assert {line.label for line in found.by["language"]} == {"French", "Not known"}
    assert [line.key for line in found.by["hour"] if line.messages] == [9]
    assert found.by["hour"][9].first.median == 2 * H
    assert [line.messages for line in found.by["day"]][:3] == [1, 1, 0]
    assert found.week == {(0, 9): 1, (1, 9): 1}
    assert found.person(agent.pk).first == spread(1)
    assert {line.label for line in found.by["person"]} == {"Agent", "Manager"}
    assert [line.label for line in found.by["team"]] == ["No team"]
    assert [line.label for line in found.by["queue"]] == ["In no queue"]
    only = counted(verdier, channel=str(other.pk))
    assert (only.total.messages, only.total.first.median) == (1, 3 * H)


def test_a_thread_counts_for_the_queue_that_it_went_into(verdier: House) -> None:
    queue = Queue.make(verdier.brand, verdier.people["owner"], name="Bagages")
    past = Past.of(verdier)
    past.asks(9)
    past.answers(10, verdier.people["agent"])
    assert [line.label for line in counted(verdier).by["queue"]] == ["In no queue"]
    Thread.objects.of(verdier.brand).filter(pk=past.thread.pk).update(queue=queue)
    found = counted(verdier).by["queue"]
    assert [(line.label, line.key, line.first.median) for line in found] == [("Bagages", queue.pk, H)]
    queue.dissolve(verdier.people["owner"])
    assert [line.label for line in counted(verdier).by["queue"]] == ["In no queue"]


def test_the_period_before(verdier: House) -> None:
    early, late = Past.of(verdier), Past.of(verdier)
    early.asks(9)
    early.says(10)
    late.asks(24 * 7 + 9)
    found = counted(verdier, since="2026-03-09", until="2026-03-15")
    assert (found.total.messages, found.total.rate) == (1, 0)
    assert (found.before.messages, found.before.rate, found.before.first) == (1, 1, spread(1))


def test_business_hours(verdier: House) -> None:
    owner, past = verdier.people["owner"], Past.of(verdier)
    past.asks(24 * 4 + 17)
    past.says(24 * 7 + 10)
    assert counted(verdier, hours="open").total.first == spread(2)
    week: Week = ([(600, 1080)],) * 5 + ([], [])
    assert Hours.settle(verdier.brand, "Europe/Paris", week, [DayOff(at(24 * 7).date(), "Fair")], owner)
    counting.count_again(verdier.brand.pk)
    # Friday 18:00 in Paris is after hours, and Monday is off.
    assert counted(verdier, hours="open").total.first == spread(0)
    assert counted(verdier).total.first == spread(65)


def test_staffing(verdier: House) -> None:
    past, agent, manager = Past.of(verdier), verdier.people["agent"], verdier.people["manager"]
    for hours, who in ((9.1, agent), (9.2, agent), (9.9, manager), (33.5, agent)):
        record("noted", verdier.brand, past.thread, who)
        entry = verdier.brand.pk
        with connection.cursor() as cursor:
            # The log cannot be edited: a trigger sees to it, and rests here.
            cursor.execute("ALTER TABLE organisation_auditentry DISABLE TRIGGER audit_kept")
            cursor.execute(
                "UPDATE organisation_auditentry SET at = %s, via = 'page'"
                " WHERE brand_id = %s AND at > now() - interval '1 h'",
                [at(hours), entry],
            )
            cursor.execute("ALTER TABLE organisation_auditentry ENABLE TRIGGER audit_kept")
    past.asks(9)
    counting.count_staff()
    counting.count_staff()
    rows = Staffed.objects.of(verdier.brand).order_by("hour").values_list("hour", "people")
    assert list(rows) == [(at(9), 2), (at(33), 1)]
    nine = counted(verdier, until="2026-03-03").workload[9]
    assert (nine.messages, nine.people) == (0.5, 1.5)
    assert nine.load == pytest.approx(1 / 3)
    assert counted(verdier).workload[3].load is None


def facts(verdier: House) -> list[tuple[object, ...]]:
    return list(Heard.objects.of(verdier.brand).order_by("entry").values_list())


def test_step_by_step_is_the_same_as_from_nothing(verdier: House) -> None:
    past, agent = Past.of(verdier), verdier.people["agent"]
    steps: list[Callable[[], object]] = [
        lambda: past.asks(9), lambda: past.answers(10, agent, state="waiting"), lambda: past.asks(11),
        lambda: Delivery.objects.of(verdier.brand).update(state="sent"), lambda: past.closes(12),
        lambda: past.asks(60), lambda: past.says(61),
        lambda: Activity.objects.of(verdier.brand).filter(published=at(60)).update(standing="spam"),
        lambda: Activity.objects.of(verdier.brand).filter(published=at(60)).update(standing=""),
        lambda: past.thread.entries.order_by("at")[0].delete(),
    ]  # fmt: skip
    seen = []
    for step in steps:
        step()
        assert Due.objects.exists(), "nothing noticed that"
        counting.count_due()
        stepwise = facts(verdier)
        counting.count_again()
        counting.count_due()
        assert facts(verdier) == stepwise
        seen.append(stepwise)
    assert len(seen[0]) == 1
    assert len({str(each) for each in seen}) > 6
    assert not Due.objects.exists()


def test_what_is_gone_is_forgotten(verdier: House) -> None:
    past = Past.of(verdier)
    past.asks(9)
    assert counted(verdier).total.messages == 1
    past.thread.delete()
    assert counted(verdier).total.messages == 0


def test_brands_are_apart(verdier: House) -> None:
    other = house("other")
    Past.of(other).asks(9)
    assert counted(verdier).total.messages == 0
    assert counted(other).total.messages == 1


def test_queries_do_not_grow_with_messages(verdier: House) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            counted(verdier)
        return len(queries)

    Past.of(verdier).asks(9)
    first = asked()
    for n in range(12):
        Past.of(verdier).asks(n)
    assert asked() <= first


def test_the_clock_of_tests_stands_on_a_monday() -> None:
    assert MONDAY.weekday() == 0
