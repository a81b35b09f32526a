"""Takeovers on invented minutes: noise that rises and stays is told once, a genuine surge never."""

from __future__ import annotations

import math
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.reading.spikes.takeover import FLOOR, HOLD, WINDOW, Minute, TagWatch, Told

HOURS = 60


def said(dice: Random, genuine: float, spam: float = 0.0, copies: float = 0.0) -> Minute:
    """A minute of so much on average."""
    return Minute(*(_about(dice, each) for each in (genuine, spam, copies)))


def _about(dice: Random, mean: float) -> int:
    """A Poisson number."""
    n, product, least = 0, dice.random(), math.exp(-mean)
    while product > least:
        n, product = n + 1, product * dice.random()
    return n


def told(watch: TagWatch, minutes: list[Minute]) -> list[tuple[int, Told]]:
    return [(n, found) for n, each in enumerate(minutes) if (found := watch.feed(each))]


def test_noise_that_rises_and_stays_is_told_once_with_since_when_and_is_over_once() -> None:
    dice = Random(1)
    watch = TagWatch()
    assert told(watch, [said(dice, 3, 0.3, 0.2) for _ in range(3 * HOURS)]) == []
    ((after, began),) = told(watch, [said(dice, 3, 12, 4) for _ in range(2 * HOURS)])
    assert HOLD <= after + 1 <= WINDOW
    assert began.what == "began"
    assert abs(began.ago - (after + 1)) <= 3
    assert 0.05 < began.before < 0.3
    assert began.now > 0.5
    ((calm, over),) = told(watch, [said(dice, 3, 0.3, 0.2) for _ in range(3 * HOURS)])
    assert over.what == "over"
    assert WINDOW <= calm <= 3 * WINDOW
    assert watch.before < 0.3, "what drowned it is not its own share"


def test_many_people_at_once_are_no_takeover_even_where_they_repeat_each_other() -> None:
    for seed in range(20):
        dice = Random(seed)
        watch = TagWatch()
        minutes = [said(dice, 2, 0.2, 0.2) for _ in range(2 * HOURS)]
        minutes += [said(dice, 30, 3, 3) for _ in range(HOURS)]
        minutes += [said(dice, 20, 2, 60) for _ in range(HOURS)]
        minutes += [said(dice, 2, 0.2, 0.2) for _ in range(2 * HOURS)]
        assert told(watch, minutes) == [], seed


def test_spam_within_a_surge_is_told_all_the_same() -> None:
    dice = Random(4)
    watch = TagWatch()
    told(watch, [said(dice, 2, 0.2, 0.2) for _ in range(2 * HOURS)])
    found = told(watch, [said(dice, 12, 30, 20) for _ in range(HOURS)])
    assert [each.what for _n, each in found] == ["began"]


def test_copies_that_nobody_calls_spam_drown_a_tag_as_well() -> None:
    dice = Random(5)
    watch = TagWatch()
    told(watch, [said(dice, 3, 0.2, 0.3) for _ in range(2 * HOURS)])
    assert [each.what for _n, each in told(watch, [said(dice, 3, 0, 20) for _ in range(HOURS)])] == ["began"]


def test_a_noisy_event_needs_more_noise_than_a_clean_one() -> None:
    dice = Random(6)
    watch = TagWatch()
    usual = [said(dice, 4, 3, 1) for _ in range(8 * HOURS)]
    assert told(watch, usual) == []
    assert told(watch, [said(dice, 4, 4, 2) for _ in range(4 * HOURS)]) == []
    assert [each.what for _n, each in told(watch, [said(dice, 4, 30, 5) for _ in range(HOURS)])] == ["began"]


def test_a_short_burst_of_noise_is_not_told() -> None:
    dice = Random(7)
    watch = TagWatch()
    minutes = [said(dice, 4, 0.3, 0.3) for _ in range(2 * HOURS)]
    minutes += [Minute(4, 12, 0)] * 2 + [said(dice, 4, 0.3, 0.3) for _ in range(2 * HOURS)]
    assert told(watch, minutes) == []


def test_ordinary_days_raise_no_false_warning() -> None:
    """Two hundred invented days of five paces, up to a third of them noise."""
    for seed in range(200):
        dice = Random(seed)
        pace, noisy = (0.05, 0.3, 1, 4, 10)[seed % 5], dice.uniform(0, 0.33)
        spam, copies = pace * noisy * 0.6, pace * noisy * 0.4
        by_day = [pace * (0.4 + math.sin(math.pi * n / (24 * HOURS))) for n in range(24 * HOURS)]
        minutes = [said(dice, each * (1 - noisy), spam, copies) for each in by_day]
        assert told(TagWatch(), minutes) == [], seed


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 40)] * 3), max_size=150), st.integers(0, 150))
def test_what_is_kept_goes_on_as_if_it_had_never_been_put_away(
    rows: list[tuple[int, int, int]], cut: int
) -> None:
    minutes = [Minute(*each) for each in rows]
    whole, first = TagWatch(), TagWatch()
    expected = [whole.feed(each) for each in minutes]
    found = [first.feed(each) for each in minutes[:cut]]
    second = TagWatch.of(first.kept())
    found += [second.feed(each) for each in minutes[cut:]]
    assert found == expected
    whats = [each.what for each in expected if each]
    assert whats == ["began", "over"] * (len(whats) // 2) + ["began"] * (len(whats) % 2)


def test_few_messages_are_never_a_takeover() -> None:
    watch = TagWatch()
    assert told(watch, [Minute(0, 1, 0) if n % 15 else Minute() for n in range(5 * HOURS)]) == []
    assert FLOOR > WINDOW
