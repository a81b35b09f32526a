"""Millions of mentions, as a brand that is much spoken of has them: for `comptoir bench explore`.

Twenty queries share ninety days: the first has a quarter of it all, the last a hundredth. People speak by Zipf's law,
with followers from none to millions; days have a rhythm, and some hours a storm with words of its own. Words follow
Zipf's law over 200,000 invented ones. Rows come by COPY, indexes that cost much are made afterwards, and rollups are
counted at the end.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from comptoir.bench.search import WORDS, word

QUERIES = 20
DAYS = 90
AT_ONCE = 50_000
POOL = 60_000
"""Halves of texts, of which each text has two."""
STORMS = 40
LANGUAGES, SPOKEN = ("fr", "en", "es", "de", "it", ""), (48, 34, 7, 5, 3, 3)
TONES, FELT = ("neutral", "negative", "positive"), (58, 24, 18)
NOISES, NOISY = ("", "repeat", "spam"), (84, 10, 6)
NETWORKS, HEARD = 4, (55, 25, 13, 7)
_BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 10, 10, 9, 9, 9, 10, 11, 12, 12, 10, 7, 4)
_ACTIVITY = """COPY networks_activity (id, network, remote_id, kind, actor_id, text, language, url, in_reply_to,
conversation, about, title, warning, standing, quoted, automatic, media, spans, facts, published, received, search)
FROM STDIN"""
_MENTION = """COPY listening_mention (query_id, activity_id, at, author, followers, network, language, tone, noise)
FROM STDIN"""
_ACTOR = "COPY networks_actor (id, network, remote_id, handle, name, avatar, url, about, followers, seen) FROM STDIN"
_SWITCH = "ALTER TABLE listening_mention {} TRIGGER USER"
_LATER = ("activity_search", "activity_of_actor", "mention_of_author", "mention_loud", "mention_newest")


class Half(NamedTuple):
    """Words of a text, and as an index has them, with room for their places."""

    text: str
    words: list[str]


class Crowd:
    """Who speaks: people by number, those who speak most first, each with their network and followers."""

    def __init__(self, count: int, networks: list[str], dice: random.Random) -> None:
        self.networks = dice.choices(networks, HEARD[: len(networks)], k=count)
        self.followers = [int(dice.lognormvariate(5.2, 2.0)) for _ in range(count)]
        weights = list(itertools.accumulate(1 / (rank + 40) for rank in range(count)))
        self._numbers, self._weights = range(count), weights

    def some(self, dice: random.Random, count: int) -> list[int]:
        """So many of them, as they speak."""
        return dice.choices(self._numbers, cum_weights=self._weights, k=count)


def fill(mentions: int) -> list[str]:
    """A brand with so many mentions; some of what was said, for those who look for it."""
    from django.db import connection

    from comptoir.networks.found import networks

    dice = random.Random(5)  # noqa: S311
    queries = _queries()
    crowd = Crowd(max(100, mentions // 16), sorted(networks())[:NETWORKS], dice)
    pool = _pool(dice)
    with connection.cursor() as cursor:
        later = _put_off(cursor)
        _copy(cursor, _ACTOR, _people(crowd))
        for activities, heard in _batches(mentions, queries, crowd, pool, dice):
            _copy(cursor, _ACTIVITY, activities)
            _copy(cursor, _MENTION, heard)
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for made in later:
            cursor.execute(made)
        for table in ("networks_activity", "networks_actor", "listening_mention"):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 100000000)", [table])
    _count()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("VACUUM ANALYZE")
    return [half.text for half in pool[:2_000]]


def _put_off(cursor: Any) -> list[str]:
    """Leave indexes, keys and triggers that cost much for afterwards; the statements that bring them back."""
    cursor.execute(
        "SELECT indexdef, 'DROP INDEX ' || indexname FROM pg_indexes WHERE indexname = ANY(%s)",
        [list(_LATER)],
    )
    found = cursor.fetchall()
    cursor.execute(
        """SELECT format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
            pg_get_constraintdef(oid)),
        format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname) FROM pg_constraint
        WHERE contype = 'f' AND conrelid IN ('networks_activity'::regclass, 'listening_mention'::regclass)""",
        [],
    )
    found += cursor.fetchall()
    found.append((_SWITCH.format("ENABLE"), _SWITCH.format("DISABLE")))
    for _back, away in found:
        cursor.execute(away)
    return [back for back, _away in found]


def _queries() -> list[int]:
    """Queries of a brand whose owner is the first agent; their numbers."""
    from comptoir.listening.models import Query
    from comptoir.organisation.models import Brand, User

    brand = Brand.objects.create(name="Bench", slug="bench", time_zone="Europe/Paris")
    user = User.objects.create_user("agent0@example.org", name="Agent 0")
    return [Query.make(brand, user, _named(n).title(), _named(n)).pk for n in range(QUERIES)]


def _named(number: int) -> str:
    return word(150_000 + 11 * number)


def _count() -> None:
    """Count them by hour and day, as a change of zone does."""
    from comptoir.listening.models import Query
    from comptoir.listening.models.rollup import settle_zone
    from comptoir.organisation.models import Brand

    brand = Brand.objects.everywhere().get(slug="bench")
    Query.objects.of(brand).update(zone="")
    settle_zone(brand)


def _pool(dice: random.Random) -> list[Half]:
    from comptoir.reading.folding import words

    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(WORDS)))
    texts = (
        " ".join(map(word, dice.choices(range(WORDS), cum_weights=weights, k=dice.randint(4, 14))))
        for _ in range(POOL)
    )
    return [Half(text, words(text)) for text in texts]


def _people(crowd: Crowd) -> Iterator[str]:
    for number, (network, followers) in enumerate(zip(crowd.networks, crowd.followers, strict=True), 1):
        name = f"{word(number % 500)} {word(1_000 + number)}".title()
        yield f"{number}\t{network}\tp{number}\tp{number}.example\t{name}\t\t\t\t{followers}\t2026-01-01Z\n"


def _moments(dice: random.Random, count: int) -> list[tuple[datetime, int]]:
    """When things are said, in order, each with the storm that it belongs to, 0 for none."""
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    begin = end - timedelta(days=DAYS)
    hours = DAYS * 24
    weights = [float(_BY_HOUR[(begin + timedelta(hours=n)).hour]) for n in range(hours)]
    storms = {dice.randrange(hours): n for n in range(1, STORMS + 1)}
    for hour in storms:
        weights[hour] *= 6
    picked = sorted(dice.choices(range(hours), weights, k=count))
    found = []
    for hour in picked:
        storm = storms.get(hour, 0)
        found.append((begin + timedelta(hours=hour, seconds=dice.random() * 3600),
                      storm if storm and dice.random() < 0.8 else 0))  # fmt: skip
    found.sort()
    return found


def _batches(
    mentions: int, queries: list[int], crowd: Crowd, pool: list[Half], dice: random.Random
) -> Iterator[tuple[list[str], list[str]]]:
    """Rows of messages with their mentions: seven messages have ten."""
    shares = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(queries))))
    moments = _moments(dice, mentions * 7 // 10)
    said, left = 0, mentions
    for some in itertools.batched(moments, AT_ONCE):
        size = len(some)
        people = crowd.some(dice, size)
        halves = dice.choices(pool, k=2 * size)
        kinds = list(zip(dice.choices(LANGUAGES, SPOKEN, k=size), dice.choices(TONES, FELT, k=size),
                         dice.choices(NOISES, NOISY, k=size), strict=True))  # fmt: skip
        activities, heard = [], []
        for n, (at, storm) in enumerate(some):
            said += 1
            first = (
                dice.choices(range(len(queries)), cum_weights=shares)[0]
                if not storm
                else storm % len(queries)
            )
            # Three of seven are meant by a second one: to the last, so that the newest are not heard by nobody.
            other = (first + dice.randrange(1, len(queries))) % len(queries)
            meant = {first, other} if said % 7 in {1, 3, 5} else {first}
            activities.append(
                _activity(
                    said, crowd, people[n], at, kinds[n], halves[2 * n : 2 * n + 2], sorted(meant), storm
                )
            )
            lang, tone, noise = kinds[n]
            for place in sorted(meant)[:left]:
                heard.append(
                    f"{queries[place]}\t{said}\t{at.isoformat()}\t{people[n] + 1}\t{crowd.followers[people[n]]}\t"
                    f"{crowd.networks[people[n]]}\t{lang}\t{tone}\t{noise}\n"
                )
                left -= 1
        yield activities, heard


def _activity(
    number: int, crowd: Crowd, who: int, at: datetime, kind: tuple[str, str, str], halves: list[Half],
    meant: list[int], storm: int,
) -> str:  # fmt: skip
    """A message as COPY takes it, with the words by which it is found."""
    names = [_named(place) for place in meant]
    told = [word(180_000 + storm), word(170_000 + storm)] if storm else []
    text = " ".join(
        [halves[0].text, *names, *told, halves[1].text, *([f"#{told[0]}"] if storm % 3 == 1 else [])]
    )
    listed = [*halves[0].words, *names, *told, *halves[1].words]
    search = " ".join(f"{each}:{place}" for place, each in enumerate(listed, 1))
    network, when = crowd.networks[who], at.isoformat()
    site = word(number * 7 % (40 if number % 3 else 3_000))
    return (
        f"{number}\t{network}\tm{number}\tpost\t{who + 1}\t{text}\t{kind[0]}\thttps://{site}.example/{number}\t\t\t\t\t\t"
        f"\t\t\t[]\t[]\t{{}}\t{when}\t{when}\t{search}\n"
    )


def _copy(cursor: Any, statement: str, lines: Iterator[str] | list[str]) -> None:
    with cursor.copy(statement) as copy:
        for some in itertools.batched(lines, 500):
            copy.write("".join(some))
