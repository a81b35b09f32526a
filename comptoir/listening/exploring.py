"""What Explore shows: how much is said, in what tone, about what, by whom, and how that was before.

Counts are exact. Texts are read of a sample, and people are looked for in one; the page says how large each is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import NamedTuple

from comptoir.listening.asked import Asked
from comptoir.listening.counting import BYS, By, Counted, Scope, counted
from comptoir.listening.period import Moment
from comptoir.listening.sampled import Said, Speakers, keeps, speakers, texts
from comptoir.reading.query.words import marks
from comptoir.reading.topics import Text, Topic, topics

PEAK, PEAK_LEAST = 2.0, 10
"""How many times the usual, and how many at least, a part of the period has whose words are told."""
SITES, TAGS = 12, 12
_PEAK_TEXTS = 200


@dataclass(slots=True)
class Tally:
    """Counts added up: mentions and followers of those who said them; noise that is left out, by its reason."""

    n: int = 0
    reach: int = 0
    by: dict[By, Counter[Moment | str]] = field(default_factory=lambda: {by: Counter() for by in BYS})
    folded: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, rows: Iterable[Counted], noise: str, query: int | None = None) -> Tally:
        """Of these counts, those of a query or of all, by a rule for noise."""
        found = cls()
        for row in rows:
            if query is not None and row.query != query:
                continue
            if keeps(noise, row.noise):
                found.by[row.by][row.key] += row.n
            if row.by == "time":
                if keeps(noise, row.noise):
                    found.n, found.reach = found.n + row.n, found.reach + row.followers
                elif row.noise:
                    found.folded[row.noise] += row.n
        return found

    def share(self, by: By, key: str) -> float | None:
        """What part has that tone, language or network, of what could be told."""
        known = sum(n for each, n in self.by[by].items() if each)
        return self.by[by][key] / known if known else None


class Point(NamedTuple):
    """A part of the period, with that of the period compared with."""

    moment: Moment
    n: int
    before: int | None


class Voice(NamedTuple):
    """A query among those compared: all counted over the same time, of the same kind, by the same rule for noise."""

    query: int
    now: Tally
    before: Tally | None
    share: float | None
    reach_share: float | None

    @property
    def negative(self) -> float | None:
        """What part of its mentions is negative."""
        return self.now.share("tone", "negative")


class Peak(NamedTuple):
    """The loudest part of the period: how many times the usual, 0 where nothing is, and the words that stand out of the
    rest."""

    moment: Moment
    n: int
    times: float
    topics: list[Topic]


@dataclass(slots=True)
class Explored:
    """All that the page says. `read` are the texts of now and before that topics, tags and sites are told from."""

    asked: Asked
    rows: list[Counted]
    older: list[Counted]
    now: Tally
    before: Tally | None
    series: list[Point]
    voices: list[Voice]
    read: tuple[int, int] = (0, 0)
    topics: list[Topic] = field(default_factory=list)
    tags: list[tuple[str, int]] = field(default_factory=list)
    sites: list[tuple[str, int]] = field(default_factory=list)
    speakers: Speakers = field(default_factory=lambda: Speakers([], [], 0))
    peak: Peak | None = None


def figures(asked: Asked) -> Explored:
    """The counts alone."""
    scope = asked.scope()
    rows = counted(scope)
    older = counted(asked.scope(asked.against)) if asked.against else []
    now = Tally.of(rows, asked.noise)
    before = Tally.of(older, asked.noise) if asked.against else None
    return Explored(
        asked, rows, older, now, before, _series(asked, now, before), _voices(asked, rows, older)
    )  # fmt: skip


def explored(asked: Asked) -> Explored:
    """Counts, and what is told from samples."""
    found = figures(asked)
    scope = asked.scope()
    said = texts(scope, found.rows, asked.noise)
    earlier = texts(asked.scope(asked.against), found.older, asked.noise) if asked.against else []
    found.read = len(said), len(earlier)
    found.topics = topics(_texts(said), _texts(earlier))
    found.tags, found.sites = _tags(said), _sites(said)
    found.speakers = speakers(scope, found.rows, asked.noise)
    found.peak = _peak(found, scope, said)
    return found


def _texts(said: Sequence[Said]) -> list[Text]:
    """Each message once, whatever the number of queries that are true of it."""
    unique = {(each.author, each.at, each.url): each for each in said}
    return [Text(each.author, f"{each.title} {each.text}") for each in unique.values()]


def _series(asked: Asked, now: Tally, before: Tally | None) -> list[Point]:
    """The parts of the period, those of the other one beside them by their place."""
    assert asked.period is not None
    older = asked.against.moments() if asked.against else []
    found = []
    for place, moment in enumerate(asked.period.moments()):
        then = before.by["time"][older[place]] if before and place < len(older) else None
        found.append(Point(moment, now.by["time"][moment], then))
    return found


def _voices(asked: Asked, rows: list[Counted], older: list[Counted]) -> list[Voice]:
    """Each query, those spoken of most at the top."""
    each = [(query.pk, Tally.of(rows, asked.noise, query.pk)) for query in asked.queries]
    n, reach = sum(tally.n for _pk, tally in each), sum(tally.reach for _pk, tally in each)
    found = [
        Voice(
            pk, tally, Tally.of(older, asked.noise, pk) if asked.against else None,
            tally.n / n if n else None, tally.reach / reach if reach else None,
        )
        for pk, tally in each
    ]  # fmt: skip
    return sorted(found, key=lambda voice: -voice.now.n)


def _tags(said: Sequence[Said]) -> list[tuple[str, int]]:
    """The #tags of a sample, each counted once a message; those that two people use at least."""
    counts: Counter[str] = Counter()
    people: dict[str, set[int]] = {}
    for each in said:
        for tag in {tag.lower() for _start, _end, tag in marks(each.text) if tag[0] == "#"}:
            counts[tag] += 1
            people.setdefault(tag, set()).add(each.author)
    return [(tag, n) for tag, n in counts.most_common(3 * TAGS) if len(people[tag]) > 1][:TAGS]


def _sites(said: Sequence[Said]) -> list[tuple[str, int]]:
    return Counter(each.site for each in said if each.site).most_common(SITES)


def _peak(found: Explored, scope: Scope, said: Sequence[Said]) -> Peak | None:
    """The loudest part, where it is far louder than the others."""
    top = max(found.series, key=lambda point: point.n, default=None)
    if top is None or len(found.series) < 3 or top.n < PEAK_LEAST:
        return None
    usual = median(point.n for point in found.series)
    times = top.n / usual if usual else float(top.n)
    if times < PEAK:
        return None
    since, until = scope.period.part(top.moment)
    within = replace(scope, period=replace(scope.period, since=since, until=until))
    then = [row for row in found.rows if row.by == "time" and row.key == top.moment]
    loud = texts(within, then, found.asked.noise, _PEAK_TEXTS)
    rest = [each for each in said if not since <= each.at < until]
    return Peak(top.moment, top.n, times if usual else 0.0, topics(_texts(loud), _texts(rest), 4))
