"""When a person is told: what they chose, outside their quiet hours, on their own clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.organisation.models import Taste
from comptoir.organisation.topics import DIGEST, NEVER, NOW

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 20, 12, tzinfo=PARIS)
"""A Friday."""


def taste(**given: object) -> Taste:
    return Taste(**{"zone": "Europe/Paris", **given})


def test_topics_propose_and_people_choose() -> None:
    assert taste().choice("thread_assigned", "push") == NOW
    assert taste().choice("thread_assigned", "mail") == DIGEST
    assert taste(choices={"thread_assigned": {"mail": NEVER}}).choice("thread_assigned", "mail") == NEVER
    assert (
        taste(choices={"thread_assigned": {"mail": "sometimes"}}).choice("thread_assigned", "mail") == DIGEST
    )
    assert taste().choice("of another version", "mail") == NEVER


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOON, NOON),
        (NOON.replace(hour=22), datetime(2026, 11, 23, 7, tzinfo=PARIS)),  # the night, then the week-end
        (datetime(2026, 11, 18, 23, tzinfo=PARIS), datetime(2026, 11, 19, 7, tzinfo=PARIS)),
        (datetime(2026, 11, 19, 6, 59, tzinfo=PARIS), datetime(2026, 11, 19, 7, tzinfo=PARIS)),
        (datetime(2026, 11, 21, 12, tzinfo=PARIS), datetime(2026, 11, 23, 7, tzinfo=PARIS)),
    ],
)
def test_quiet_hours_and_days_wait_for_their_end(at: datetime, expected: datetime) -> None:
    quiet = taste(quiet_from=time(20), quiet_until=time(7), quiet_days=[5, 6])
    assert quiet.due("thread_assigned", "push", at) == expected


def test_a_digest_goes_at_its_hour_of_the_person_s_own_day() -> None:
    daily = taste(digest_at=time(8, 30))
    assert daily.due("thread_assigned", "mail", NOON) == datetime(2026, 11, 21, 8, 30, tzinfo=PARIS)
    early = NOON.replace(hour=6)
    assert daily.due("thread_assigned", "mail", early) == datetime(2026, 11, 20, 8, 30, tzinfo=PARIS)
    weekdays = taste(digest_at=time(8), quiet_days=[5, 6])
    assert weekdays.due("thread_assigned", "mail", NOON) == datetime(2026, 11, 23, tzinfo=PARIS)


def test_a_zone_that_is_none_is_utc() -> None:
    assert Taste(zone="Mars/Olympus").due("thread_assigned", "push", NOON) == NOON


zones = st.sampled_from(["Europe/Paris", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "UTC"])
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@given(zones, st.none() | times, times, st.lists(st.integers(0, 6), max_size=6, unique=True), times, moments)
def test_never_early_never_in_the_quiet_and_always_some_day(
    zone: str, begin: time | None, end: time, days: list[int], digest: time, now: datetime
) -> None:
    person = Taste(zone=zone, quiet_from=begin, quiet_until=end, quiet_days=days, digest_at=digest)
    for code, way in (("thread_assigned", "push"), ("thread_assigned", "mail")):
        due = person.due(code, way, now)
        assert due is not None
        assert now <= due <= now + timedelta(days=9)
        local = due.astimezone(ZoneInfo(zone))
        assert local.weekday() not in days
        if begin is not None and begin != end:
            at = local.time()
            inside = begin <= at < end if begin < end else at >= begin or at < end
            assert not inside
