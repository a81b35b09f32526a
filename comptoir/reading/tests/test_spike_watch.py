"""The watch over a query: one alert with its evidence, silence told of, and verdicts that are learnt from."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.reading.spikes.episodes import Alert, Bounds, Episode, Heard, Sign, rarity
from comptoir.reading.spikes.trust import KINDS, Trust, Verdict
from comptoir.reading.spikes.watch import Watch
from comptoir.reading.tests.talk import MONDAY, PER_DAY, STEP, talk

HOURS = 3600 // STEP
DAY = 86_400
Change = Callable[[Heard], Heard]


def day(days: float, mean: float = 8, seed: int = 1) -> list[Heard]:
    """Ordinary days: a fifth of what is said is negative, and a hundred follow whoever says it."""
    chance = random.Random(seed)
    return [
        Heard(
            moment,
            posts,
            sum(chance.random() < 0.2 for _post in range(posts)),
            (posts + 2) // 3,
            posts * 100.0,
        )
        for moment, posts in talk(days, mean, seed)
    ]


def changed(rows: list[Heard], since: int, until: int, change: Change) -> list[Heard]:
    """Something else between two of them."""
    return [change(each) if since <= at < until else each for at, each in enumerate(rows)]


def loud(by: int) -> Change:
    """So many times as much of all."""
    return lambda each: Heard(
        each.moment, each.posts * by, each.negative * by, each.fastest * by, each.reach * by
    )


def sour(each: Heard) -> Heard:
    """No more than usual, and almost all of it negative."""
    return each._replace(negative=each.posts * 9 // 10)


def copied(each: Heard) -> Heard:
    """Robots say one thing over and over."""
    return each._replace(posts=each.posts * 6, copies=each.posts * 5)


def watched(rows: Iterable[Heard], watch: Watch) -> list[Alert]:
    """All that is told."""
    return [alert for each in rows for alert in watch.feed(each)]


AT = 24 * PER_DAY + 10 * HOURS


def test_a_burst_is_one_alert_with_its_evidence() -> None:
    rows = changed(day(28), AT, AT + 2 * HOURS, loud(8))
    alerts = [each for each in watched(rows, Watch()) if each.moment >= rows[AT].moment]
    assert [each.what for each in alerts if each.what != "grew"] == ["began", "over"]
    began, over = alerts[0], alerts[-1]
    assert began.moment <= rows[AT + 6].moment
    assert began.since == rows[AT].moment
    episode = over.episode
    assert episode is not None
    assert episode.signs["volume"].value > 4 * episode.signs["volume"].usual
    assert {"volume", "speed", "authors"} <= set(episode.signs)
    assert 1.2 < episode.times < 9
    assert episode.posts >= sum(each.posts for each in rows[AT : AT + 2 * HOURS])
    assert 0.1 < episode.negative_share < 0.3
    assert episode.copied == 0
    assert sum(episode.shares(Trust()).values()) == pytest.approx(1)


def test_ordinary_weeks_are_not_told_of() -> None:
    told = [each for mean in (0.1, 1, 10) for each in watched(day(42, mean), Watch())]
    assert len([each for each in told if each.what == "began"]) <= 2


def test_tone_alone_is_heard_and_a_few_angry_posts_are_not() -> None:
    rows = changed(day(28), AT, AT + 3 * HOURS, sour)
    told = [each for each in watched(rows, Watch()) if each.moment >= rows[AT].moment]
    assert told[0].what == "began"
    assert told[0].episode is not None
    assert max(told[0].episode.shares(Trust()).items(), key=lambda each: each[1])[0] == "tone"
    two = changed(day(28, 1), AT, AT + 1, lambda each: each._replace(posts=2, negative=2))
    assert not watched(two, Watch(Bounds(floor=0)))


def test_under_the_floor_nothing_is_told() -> None:
    rows = changed(day(28, 0.2), AT, AT + 3, lambda each: Heard(each.moment, 6, 1, 3, 600.0))
    later = [
        [each.what for each in watched(rows, Watch(Bounds(floor=floor))) if each.moment >= rows[AT].moment]
        for floor in (10, 100)
    ]
    assert later[0][:1] == ["began"]
    assert "began" not in later[1]


def test_alerts_rest_in_between() -> None:
    def told(rest: float) -> list[float]:
        rows = day(28)
        for hour in (0, 3, 6):
            rows = changed(rows, AT + hour * HOURS, AT + hour * HOURS + 6, loud(10 * 4 ** (hour // 3)))
        watch = Watch(Bounds(rest=rest, calm=STEP))
        return [each.moment for each in watched(rows, watch) if each.what in ("began", "grew")]

    assert all(b - a >= DAY for a, b in pairwise(told(DAY)))
    assert len(told(DAY)) < len(told(0))


def test_silence_is_told_of_once_and_so_is_its_end() -> None:
    rows = changed(day(28), AT, AT + 6 * HOURS, lambda each: Heard(each.moment, 0))
    silent, back = [each for each in watched(rows, Watch()) if each.what in ("silent", "back")]
    assert silent.since == rows[AT].moment == back.since
    assert silent.moment <= rows[AT + 3 * HOURS].moment
    assert silent.missed >= Bounds().floor
    assert rows[AT + 6 * HOURS].moment <= back.moment <= rows[AT + 7 * HOURS].moment


def episode_of(rows: list[Heard], watch: Watch) -> Episode:
    """The one that was told of last."""
    told = [each.episode for each in watched(rows, watch) if each.what == "over" and each.episode]
    return told[-1]


def test_wolf_cried_raises_the_bar_and_what_was_real_lowers_it() -> None:
    watch = Watch()
    episode = episode_of(changed(day(28), AT, AT + HOURS, loud(8)), watch)
    before = {kind: watch.trust.of(kind) for kind in KINDS}
    assert set(before.values()) == {1.0}
    main = max(episode.shares(watch.trust).items(), key=lambda each: each[1])[0]
    watch.judge(Verdict.FALSE, episode)
    watch.judge(Verdict.FALSE, episode)
    assert watch.trust.of(main) < 0.9
    assert rarity(episode.signs, watch.trust) < rarity(episode.signs, Trust())
    for _turn in range(6):
        watch.judge(Verdict.REAL, episode)
    assert watch.trust.of(main) > 1


def test_the_same_again_after_a_verdict() -> None:
    """A burst that was planned once is surprising again next week; one that comes back each week is expected then."""
    week = 7 * PER_DAY

    def told(verdict: Verdict) -> list[str]:
        rows = changed(day(35), AT, AT + 2 * HOURS, loud(8))
        rows = changed(rows, AT + week, AT + week + 2 * HOURS, loud(8))
        watch = Watch()
        watch.judge(verdict, episode_of(rows[: AT + PER_DAY], watch))
        return [each.what for each in watched(rows[AT + PER_DAY :], watch) if each.what == "began"]

    assert told(Verdict.PLANNED) == ["began"]
    assert told(Verdict.WEEKLY) == []


def test_copies_that_were_spam_count_less_the_next_time() -> None:
    rows = day(56)
    turns = [AT + week * 7 * PER_DAY for week in range(4)]
    for turn in turns:
        rows = changed(rows, turn, turn + 2 * HOURS, copied)
    watch, told = Watch(), []
    for each in rows:
        for alert in watch.feed(each):
            if alert.what == "began":
                told.append((each.moment - MONDAY) // STEP)
            elif alert.what == "over" and alert.episode:
                watch.judge(Verdict.SPAM, alert.episode)
    assert any(turns[0] <= at < turns[0] + 2 * HOURS for at in told)
    assert not any(turns[3] <= at < turns[3] + 2 * HOURS for at in told)
    assert watch.trust.copies() < 0.2
    assert watch.trust.of("volume") > 0.9, "the copies are to blame, not the sign"


def test_it_goes_on_where_it_was_kept() -> None:
    rows = changed(day(28), AT, AT + 2 * HOURS, loud(8))
    whole, watch, parts = Watch(), Watch(), []
    told = watched(rows, whole)
    for at, each in enumerate(rows):
        if at in (0, 5, AT + 1, AT + HOURS, AT + PER_DAY):
            watch = Watch.of(json.loads(json.dumps(watch.kept(), allow_nan=False)))
        parts += watch.feed(each)
    assert parts == told
    assert watch == whole


VERDICTS = st.lists(st.tuples(st.sampled_from(Verdict), st.floats(0, 1), st.sampled_from(KINDS)), max_size=60)


@given(VERDICTS)
def test_trust_stays_within_bounds_and_leaves_its_forerunner_alone(
    verdicts: list[tuple[Verdict, float, str]],
) -> None:
    trust = Trust()
    for verdict, copies, kind in verdicts:
        after = trust.after(verdict, {kind: 1.0}, copies)
        if verdict in (Verdict.PLANNED, Verdict.WEEKLY):
            assert after.of(kind) == pytest.approx(trust.of(kind), abs=0.1)
        trust = after
    assert all(0.2 < trust.of(kind) < 1.8 for kind in KINDS)
    assert 0 < trust.copies() <= 1
    assert Trust() == Trust().after(Verdict.PLANNED, {}, 0.0)


@given(st.dictionaries(st.sampled_from(KINDS), st.floats(0.01, 1e5)))
def test_signs_together_are_no_less_rare_than_the_clearest(days: dict[str, float]) -> None:
    signs = {kind: Sign(0.0, 2.0, 1.0, every) for kind, every in days.items()}
    together = rarity(signs, Trust())
    assert together >= max([*days.values(), 1.0]) * 0.999 or not days
    alone = {kind: sign for kind, sign in signs.items() if kind != "tone"}
    assert rarity(alone, Trust()) <= max([1.0, *(sign.every for sign in alone.values())]) * 1.001


def test_loud_and_sour_at_once_is_rarer_than_either() -> None:
    signs = {"volume": Sign(0.0, 2.0, 1.0, 15.0), "tone": Sign(0.0, 2.0, 1.0, 15.0)}
    assert rarity(signs, Trust()) > 30
    loud_twice = {"volume": signs["volume"], "speed": signs["tone"]}
    assert rarity(loud_twice, Trust()) == 15
