"""What an alert is made of: posts that show it, who wrote most, the words that stand out, and the hours around it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.listening.counting import Scope, counted
from comptoir.listening.models import Alert, Mention
from comptoir.listening.period import Period
from comptoir.networks.models import Actor
from comptoir.reading.topics import Text, topics

SAMPLES = 8
WORDS = 12
TEXTS = 500
"""Posts that are read for words, of the alert and of the week before it."""
WEEK = timedelta(days=7)
AUTHORS = 5
BEFORE, AFTER = timedelta(hours=12), timedelta(hours=3)
HOURS_MOST = 48

_AUTHORS = f"""
SELECT author, count(*), max(followers) FROM listening_mention
WHERE query_id = %(query)s AND at >= %(since)s AND at < %(until)s
GROUP BY author ORDER BY count(*) DESC, max(followers) DESC, author LIMIT {AUTHORS}
"""  # noqa: S608 - a number
_SAMPLES = f"""
SELECT id FROM (
    SELECT DISTINCT ON (author) id, noise, tone, followers, at FROM listening_mention
    WHERE query_id = %(query)s AND at >= %(since)s AND at < %(until)s
    ORDER BY author, noise <> '', (tone = 'negative') = %(sour)s DESC, at) found
ORDER BY noise <> '', (tone = 'negative') = %(sour)s DESC, followers DESC, id LIMIT {SAMPLES}
"""  # noqa: S608 - a number
_CORRECTED = """
UPDATE listening_alert a SET negative = least(a.posts, n.negative), copies = least(a.posts, n.copies)
FROM (
    SELECT b.id, count(*) FILTER (WHERE m.tone = 'negative') AS negative,
        count(*) FILTER (WHERE m.noise <> '') AS copies
    FROM listening_alert b JOIN listening_query q ON q.id = b.query_id
    JOIN listening_mention m ON m.query_id = b.query_id AND m.at >= b.since AND m.at < b.until
    WHERE b.kind = 'spike' AND b.id = ANY(%(alerts)s) AND EXISTS (
        SELECT FROM networks_correction c JOIN listening_mention s ON s.activity_id = c.activity_id
        WHERE c.brand_id = q.brand_id AND s.query_id = b.query_id AND s.at >= b.since AND s.at < b.until)
    GROUP BY b.id) n
WHERE a.id = n.id AND (a.negative, a.copies) IS DISTINCT FROM (least(a.posts, n.negative), least(a.posts, n.copies))
"""
"""A watch counts what was read by then; people may say otherwise before it tells, and afterwards."""
_ABOUT = """
SELECT DISTINCT a.id FROM listening_mention m JOIN listening_query q ON q.id = m.query_id
JOIN listening_alert a ON a.query_id = m.query_id AND m.at >= a.since AND m.at < a.until
WHERE q.brand_id = %(brand)s AND m.activity_id = ANY(%(activities)s)
"""


class Author(NamedTuple):
    """Who wrote, how many posts, and how many follow them."""

    name: str
    handle: str
    posts: int
    followers: int


class Hour(NamedTuple):
    """How many posts an hour had, and how many of them are noise."""

    at: datetime
    posts: int
    noise: int


def explain(ids: Sequence[int]) -> None:
    """Keep with alerts the posts that show them and the words that stand out. Safe to run twice."""
    rows = Alert.objects.everywhere().filter(pk__in=ids, kind=Alert.Kind.SPIKE)
    for alert in rows.select_related("query"):
        sour = alert.signs[:1] == ["tone"]
        found = ask(_SAMPLES, {**_span(alert), "sour": sour})
        words = [
            [each.words, each.asked, each.now, each.before]
            for each in topics(
                _texts(alert, *_when(alert)), _texts(alert, alert.since - WEEK, alert.since), WORDS
            )
        ]
        Alert.objects.of(alert.query.brand_id).filter(pk=alert.pk).update(
            samples=[pk for (pk,) in found], words=words
        )
    ask(_CORRECTED, {"alerts": list(ids)})


def count_corrected(brand: int, activities: Sequence[int]) -> None:
    """People of a brand said how these messages are to be read: alerts made of them say so as well."""
    if alerts := [pk for (pk,) in ask(_ABOUT, {"brand": brand, "activities": list(activities)})]:
        ask(_CORRECTED, {"alerts": alerts})


def samples(alert: Alert) -> list[Mention]:
    """Those of the posts that show it which are still there, and which whoever asks may see."""
    rows = Mention.objects.of(alert.query.brand_id).filter(pk__in=alert.samples)
    found = {each.pk: each for each in rows.select_related("activity__actor").defer("activity__search")}
    return [found[pk] for pk in alert.samples if pk in found]


def authors(alert: Alert) -> list[Author]:
    """Who wrote most of it."""
    rows = ask(_AUTHORS, _span(alert), again=False)
    named = Actor.objects.in_bulk([who for who, *_rest in rows])
    return [
        Author(named[who].name or named[who].handle, named[who].handle, posts, followers)
        for who, posts, followers in rows
        if who in named
    ]


def hours(alert: Alert, zone: tzinfo) -> list[Hour]:
    """The hours around it, those without a post as well."""
    since = _hour(alert.since - BEFORE)
    until = min(_hour(alert.until + AFTER), since + timedelta(hours=HOURS_MOST), _hour(clock.now()))
    period = Period(since.astimezone(zone), (until + timedelta(hours=1)).astimezone(zone), zone, "hour")
    posts: dict[datetime, list[int]] = {}
    for each in counted(Scope((alert.query_id,), period)):
        if each.by == "time" and isinstance(each.key, datetime):
            both = posts.setdefault(each.key.astimezone(UTC), [0, 0])
            both[0] += each.n
            both[1] += each.n if each.noise else 0
    steps = range(int((until - since) / timedelta(hours=1)) + 1)
    moments = [since + timedelta(hours=n) for n in steps]
    return [Hour(at.astimezone(zone), *posts.get(at, (0, 0))) for at in moments]


def _when(alert: Alert) -> tuple[datetime, datetime]:
    return alert.since, max(alert.until, alert.grew or alert.began)


def _span(alert: Alert) -> dict[str, object]:
    since, until = _when(alert)
    return {"query": alert.query_id, "since": since, "until": until}


def _texts(alert: Alert, since: datetime, until: datetime) -> list[Text]:
    """What was said, without noise, the newest first."""
    rows = Mention.objects.of(alert.query.brand_id).filter(query=alert.query_id, at__gte=since, at__lt=until)
    said = rows.filter(noise="").newest().values_list("author", "activity__title", "activity__text")
    return [Text(who, f"{title} {text}") for who, title, text in said[:TEXTS]]


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
