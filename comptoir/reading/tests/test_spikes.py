"""The detector of spikes: it hears what is out of the ordinary, soon, seldom for nothing, and from what was alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.reading.spikes.detector import EVERY, Detector, Reading
from comptoir.reading.spikes.rarity import MEMORY, RAREST, Peaks
from comptoir.reading.spikes.rhythm import steady, unsteady
from comptoir.reading.spikes.table import BadRow, scored
from comptoir.reading.tests.shared import path_of
from comptoir.reading.tests.talk import MONDAY, PER_DAY, STEP, talk
from training import spikes as benchmark

HOURS = 3600 // STEP


def heard(rows: Iterable[tuple[float, float]], detector: Detector | None = None) -> list[Reading]:
    """What is read of each row."""
    detector = detector or Detector()
    return [detector.feed(*row) for row in rows]


def louder(
    rows: Iterable[tuple[float, float]], since: int, until: int, by: float
) -> Iterator[tuple[float, float]]:
    """The same, so many times as much between two rows."""
    for at, (moment, value) in enumerate(rows):
        yield moment, round(value * by) if since <= at < until else value


def told(readings: Iterable[Reading]) -> list[int]:
    """The rows that are told of."""
    return [at for at, each in enumerate(readings) if each.score]


def table(values: Iterable[float]) -> list[str]:
    """As a file has it, line by line."""
    began = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [
        f"{began + timedelta(minutes=30 * at):%Y-%m-%d %H:%M:%S},{value}\n" for at, value in enumerate(values)
    ]
    return ["timestamp,value\n", *rows]


VALUES = st.one_of(st.integers(0, 60), st.floats(-1e6, 1e300), st.integers(5_000, 10**9))


@given(st.lists(VALUES, max_size=300), st.lists(VALUES, max_size=5), st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_what_comes_later_changes_no_score(values: list[float], later: list[float], at: int) -> None:
    whole = list(scored(table([*values, *later])))
    assert list(scored(table(values[:at]))) == whole[: 1 + len(values[:at])]
    assert all(0.5 < float(score) <= 1 for *_row, score in whole[1:] if score != "0")


def test_a_row_is_given_back_before_the_next_is_read() -> None:
    def lines() -> Iterator[str]:
        yield from ("timestamp,value\n", "2026-03-02 00:00:00,3\n")
        raise AssertionError("read ahead")

    read = scored(lines())
    assert next(read) == ("timestamp", "value", "anomaly_score")
    assert next(read) == ("2026-03-02 00:00:00", "3", "0")


@pytest.mark.parametrize("mean", [0.3, 4, 40])
def test_an_ordinary_town_is_not_told_of(mean: float) -> None:
    """It bears one alarm in four weeks; here are sixteen weeks."""
    assert len(told(reading for seed in (1, 2) for reading in heard(talk(56, mean, seed)))) <= 2


@pytest.mark.parametrize(("mean", "rows", "by"), [(0.5, 6, 20), (4, 12, 6), (40, 1, 12), (40, 24, 4)])
def test_a_burst_is_told_of_once_and_soon(mean: float, rows: int, by: float) -> None:
    """In the fourth week, at ten o'clock."""
    at = 24 * PER_DAY + 10 * HOURS
    found = told(heard(louder(talk(28, mean), at, at + rows, by)))
    assert [each for each in found if at <= each < at + max(rows, 6)][:1]
    assert len(found) <= 2


def test_the_hour_makes_the_spike() -> None:
    rows = list(talk(28, 30))
    noon, night = 24 * PER_DAY + 15 * HOURS, 24 * PER_DAY + 3 * HOURS
    usual = max(value for _moment, value in rows[noon : noon + 6])
    at_night = [
        (moment, usual if night <= at < night + 6 else value) for at, (moment, value) in enumerate(rows)
    ]
    assert not told(heard(rows))
    assert night <= told(heard(at_night))[0] < night + 6


def test_what_comes_back_each_week_becomes_usual() -> None:
    """A Tuesday's programme, ten weeks long: it surprises at first, and no more in the end."""
    rows = list(talk(70, 20))
    evening = [week * 7 * PER_DAY + PER_DAY + 20 * HOURS for week in range(10)]
    rows = [
        (moment, value * 8 if any(each <= at < each + 24 for each in evening) else value)
        for at, (moment, value) in enumerate(rows)
    ]
    found = heard(rows)
    assert told(found[: evening[1] + PER_DAY])
    assert not told(found[evening[4] :])
    assert found[evening[9] + 6].usual > 2 * found[evening[9] + 6 - PER_DAY].usual


def test_a_burst_is_not_taken_for_the_usual_and_a_new_level_is() -> None:
    at = 21 * PER_DAY
    calm, burst = heard(talk(28)), heard(louder(talk(28), at + 8 * HOURS, at + 10 * HOURS, 40))
    assert burst[at + PER_DAY + 9 * HOURS].usual < 1.4 * calm[at + PER_DAY + 9 * HOURS].usual
    more = heard(louder(talk(56), at, 56 * PER_DAY, 4))
    assert told(more)[0] - at < PER_DAY
    noons = [day * PER_DAY + 12 * HOURS for day in range(43, 56)]
    assert all(3 < more[each].usual / calm[each % (7 * PER_DAY) + 14 * PER_DAY].usual < 5.5 for each in noons)
    assert not told(more[42 * PER_DAY :])


def test_silence_by_day_is_rare_and_by_night_it_is_not() -> None:
    at = 21 * PER_DAY
    calm = heard(talk(28, 3))
    cut = heard(louder(talk(28, 3), at + 12 * HOURS, at + 18 * HOURS, 0))
    assert max(each.hush for each in calm[7 * PER_DAY :]) < EVERY
    silence = cut[at + 14 * HOURS]
    assert silence.hush > EVERY
    assert 60 < silence.missed < 240
    assert not told(cut[at : at + 18 * HOURS]), "less than usual is no spike"
    assert cut[at + 18 * HOURS + 3].missed == 0


def test_it_stays_small_and_goes_on_where_it_was_kept() -> None:
    rows = list(talk(120, 2))
    whole, detector = heard(rows), Detector()
    sizes = []
    for at, row in enumerate(rows):
        if at % (20 * PER_DAY) == 0:
            kept = json.dumps(detector.kept(), allow_nan=False)
            sizes.append(len(kept))
            detector = Detector.of(json.loads(kept))
        assert detector.feed(*row) == whole[at]
    assert sizes[-1] < 1.1 * sizes[2]
    assert all(len(each.days) <= MEMORY for each in detector.peaks)


def test_it_is_quick() -> None:
    """50,000 rows a second at least; three to six times that here."""
    lines = table(value for _moment, value in talk(60))
    took = []
    for _turn in range(3):
        began = time.process_time()
        rows = sum(1 for _row in scored(lines))
        took.append(time.process_time() - began)
    assert rows / min(took) > 50_000


@pytest.mark.parametrize(
    ("lines", "line", "code", "words"),
    [
        ("", 1, "header", ""),
        ("time,value\n2026-01-01,1\n", 1, "header", "time,value"),
        ("timestamp,value\n2026-01-01 00:00:00,1\nyesterday,2\n", 3, "timestamp", "yesterday"),
        ("timestamp,value\n\n2026-01-01 00:00:00,many\n", 3, "value", "many"),
        ("timestamp,value\n2026-01-01 00:00:00,nan\n", 2, "value", "nan"),
        ("timestamp,value\n2026-01-01 00:00:00,\n", 2, "value", ""),
        ("timestamp,value\n2026-01-01 00:00:00\n", 2, "columns", "1"),
        ("timestamp,value\n2026-01-01 00:00:00,1,5\n", 2, "columns", "3"),
        (f"timestamp,value\n{'9' * 200_000},1\n", 2, "row", "field larger than field limit (131072)"),
    ],
)
def test_a_bad_row_is_named(lines: str, line: int, code: str, words: str) -> None:
    with pytest.raises(BadRow) as caught:
        list(scored(lines.splitlines(keepends=True)))
    assert (caught.value.line, caught.value.code, caught.value.words) == (line, code, words)


def test_a_table_may_be_as_others_write_it() -> None:
    lines = [
        "\ufeffTimestamp, value\r\n",
        "2026-03-29T01:55:00+01:00,4\r\n",
        "2026-03-29T01:50:00+01:00,1e3\r\n",
    ]
    assert [row[2] for row in scored(lines)] == ["anomaly_score", "0", "0"]


@given(st.floats(-1e15, 1e15))
def test_the_steady_scale_leads_back(value: float) -> None:
    assert unsteady(steady(value)) == pytest.approx(value, rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(0, 1e15), min_size=2))
def test_the_steady_scale_keeps_order(values: list[float]) -> None:
    steadied = [steady(value) for value in sorted(values)]
    assert all(a <= b for a, b in pairwise(steadied))


def test_what_is_forgotten_raises_no_bar() -> None:
    at = 24 * PER_DAY + 10 * HOURS
    rows, kinds = list(louder(talk(28), at, at + 24, 8)), []
    for forgotten in (False, True):
        detector = Detector()
        heard(rows[: at + PER_DAY - 10 * HOURS - 1], detector)
        before = detector.peaks[1].spread
        if forgotten:
            detector.forget(rows[at][0], rows[at + 24][0])
        heard(rows[at + PER_DAY - 10 * HOURS - 1 :], detector)
        kinds.append(detector.peaks[1].spread / before)
        assert all(abs(height) < 100 for peaks in detector.peaks for _began, height in peaks.days)
    assert kinds[0] > 1.2 * kinds[1]


def test_the_rarest_is_not_beyond_counting() -> None:
    peaks = Peaks()
    for day in range(40):
        peaks.rarity(1.0)
        peaks.turn(day * 86_400.0)
    assert len(peaks.days) == MEMORY
    detector = Detector()
    rows = [(float(MONDAY + at * STEP), 0.0) for at in range(4 * PER_DAY)]
    heard(rows, detector)
    assert detector.feed(MONDAY + 4 * 86_400.0, 1e300).every == RAREST


def test_the_benchmark_s_tweets() -> None:
    """Four labelled series of tweets naming companies."""
    got = benchmark.result(benchmark.read(path_of("spikes/nab"), "realTweets"), 0.5)
    assert got.windows == 14
    assert got.score > 85
    assert got.episodes <= 5


def test_the_score_of_the_benchmark_is_counted_as_it_describes() -> None:
    def of(*at: int) -> benchmark.Result:
        scores = [0.0] * 1000
        for each in at:
            scores[each] = 1.0
        return benchmark.result([benchmark.Series("one", [(400, 499), (800, 899)], scores)], 0.5)

    assert of().score == 0
    assert of(400, 800).score == pytest.approx(100)
    assert of(20, 30).score == 0, "the first rows count for nothing"
    assert of(200).score == pytest.approx(-2.75)
    assert of(200, 201, 300).episodes == 2
    assert of(450, 420).gained == pytest.approx(of(420).gained), "the earliest of a window counts"
    assert 80 < of(450, 850).score < 95
    assert of(500).score > of(600).score
    assert of(990).found == 0
