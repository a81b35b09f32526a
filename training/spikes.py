"""How well spikes are found: the score of the Numenta Anomaly Benchmark on its labelled series, standard profile.

    python -m training.spikes DATA

DATA has the folder `spikes/nab` with the series and `windows.json`. The scoring was written from its description (Lavin
and Ahmad, "Evaluating Real-Time Anomaly Detection Algorithms", 2015): within a window the earliest alarm counts, by a
sigmoid that is 1 at its left edge and 0 at its right; a window without one costs 1; an alarm outside costs up to 0.11,
less right behind a window; the first 15 % of a series, at most 750 rows, count for nothing. 0 is a detector that is
always silent, 100 a perfect one. False alarms in rows that follow each other are one episode.
"""

import csv
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

from comptoir.reading.spikes.table import scored

FALSE = 0.11
_FOREVER = 3.0


@dataclass(frozen=True)
class Series:
    """A labelled series, and what was said of each row."""

    name: str
    windows: list[tuple[int, int]]
    scores: list[float]


@dataclass
class Result:
    """What alarms from a threshold on come to; of several series, added up."""

    gained: float = 0.0
    found: int = 0
    windows: int = 0
    episodes: int = 0

    @property
    def score(self) -> float:
        """0 for silence, 100 for perfection."""
        return 100 * (self.gained + self.windows) / (2 * self.windows)


def _worth(place: float) -> float:
    """1 and less before 0, less than nothing after it; places are in lengths of a window."""
    return -1.0 if place > _FOREVER else 2 / (1 + exp(5 * place)) - 1


def result(series: Sequence[Series], threshold: float) -> Result:
    """What the alarms of all these series come to."""
    whole = Result()
    for each in series:
        _add(whole, each, threshold)
    return whole


def _add(whole: Result, series: Series, threshold: float) -> None:
    begins = min(int(0.15 * len(series.scores)), 750)
    best: dict[int, float] = {}
    before = -2
    for at, score in enumerate(series.scores):
        if at < begins or score < threshold:
            continue
        inside = [place for place, (left, right) in enumerate(series.windows) if left <= at <= right]
        if inside:
            left, right = series.windows[inside[0]]
            worth = _worth(-(right - at + 1) / (right - left + 1)) / _worth(-1.0)
            best[inside[0]] = max(best.get(inside[0], -1.0), worth)
            continue
        past = [(left, right) for left, right in series.windows if right < at]
        whole.gained += FALSE * (_worth((at - past[-1][1]) / (past[-1][1] - past[-1][0])) if past else -1.0)
        whole.episodes += at - before > 1
        before = at
    whole.gained += sum(best.values()) - (len(series.windows) - len(best))
    whole.found += len(best)
    whole.windows += len(series.windows)


def read(folder: Path, part: str = "") -> list[Series]:
    """The labelled series whose name begins with `part`, scored."""
    labelled = json.loads((folder / "windows.json").read_text())
    return [_series(folder, name, labelled[name]) for name in sorted(labelled) if name.startswith(part)]


def _series(folder: Path, name: str, windows: list[list[str]]) -> Series:
    with (folder / name).open(newline="") as file:
        rows = list(scored(file))[1:]
    moments = [row[0] for row in rows]
    spans = []
    for first, last in windows:
        within = [at for at, moment in enumerate(moments) if first[:19] <= moment[:19] <= last[:19]]
        spans.append((within[0], within[-1]))
    return Series(name, spans, [float(row[2]) for row in rows])


def main(data: Path) -> None:
    """Print the score of the tweets and of all, at each threshold there is, and the rows a second."""
    folder = data / "spikes" / "nab"
    for part in ("realTweets", ""):
        series = read(folder, part)
        for threshold in sorted({score for each in series for score in each.scores if score}):
            got = result(series, threshold)
            print(
                f"{part or 'all':<12} from {threshold:.1f} on: {got.score:5.1f}, {got.found} of {got.windows} windows,"
                f" {got.episodes} false alarms"
            )
    with (folder / "realTweets" / "Twitter_volume_AAPL.csv").open(newline="") as file:
        lines = file.readlines()
    began = time.process_time()
    rows = sum(1 for _row in csv.reader(lines))
    read_alone = time.process_time() - began
    for _row in scored(lines):
        pass
    took = time.process_time() - began - read_alone
    print(f"{rows / took:,.0f} rows a second")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
