"""What came of what the brand said: the public counts of its posts, and how they engaged those who follow.

Each network's word is taken as it is, raw, from `networks.Snapshot`, the last one known. Sources of the definitions:

- Interactions: likes, reposts, replies and quotes, unweighted, of those that the network tells: Rival IQ's "measurable
  interaction". What it does not tell is unknown and adds nothing; a post of which it tells nothing has none, not 0.
- Engagement rate of a post: interactions / followers on the day of publication: NapoleonCat and Hootsuite, "ER post".
  Without the followers of that very day there is no rate: followers of another day would be another rate.
- Of several posts: the mean of their rates (Hootsuite), and beside it the median (Rival IQ), which one lucky post does
  not move. Posts of the last 24 hours are in neither: their counts still grow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import fmean, median
from typing import Any

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.measurement.asked import Asked

INTERACTIONS = ("likes", "reposts", "replies", "quotes")
YOUNG = timedelta(hours=24)
MOST = 20_000
"""Posts of one period that are counted, the newest first."""

_SAID = """
SELECT a.id, u.channel_id, a.published, left(CASE WHEN a.text = '' THEN a.title ELSE a.text END, 200), a.url,
    e.post_id, p.campaign_id, s.at, s.likes, s.reposts, s.replies, s.quotes, s.views, f.followers, k.clicks
FROM networks_audience u
JOIN networks_channel c ON c.id = u.channel_id
JOIN networks_activity a ON a.id = u.activity_id
LEFT JOIN LATERAL (SELECT * FROM networks_snapshot s WHERE s.activity_id = a.id ORDER BY s.at DESC LIMIT 1) s ON true
LEFT JOIN networks_accountsnapshot f
    ON f.channel_id = u.channel_id AND f.day = (a.published AT TIME ZONE %(zone)s)::date
LEFT JOIN networks_delivery d ON d.result_id = a.id AND d.channel_id = u.channel_id AND d.act = 'post'
LEFT JOIN publishing_step t ON t.delivery_id = d.id
LEFT JOIN publishing_destination e ON e.id = t.destination_id
LEFT JOIN publishing_post p ON p.id = e.post_id
LEFT JOIN LATERAL (SELECT sum((SELECT coalesce(sum(n.clicks), 0) FROM publishing_clickcount n
    WHERE n.link_id = l.id))::bigint AS clicks FROM publishing_shortlink l WHERE l.destination_id = e.id) k ON true
WHERE c.brand_id = %(brand)s AND u.own AND a.kind IN ('post', 'quote') AND a.deleted IS NULL
    AND a.published >= %(first)s AND a.published < %(last)s
    AND (%(channel)s::bigint IS NULL OR u.channel_id = %(channel)s)
    AND (%(campaign)s::bigint IS NULL OR p.campaign_id = %(campaign)s)
    AND (%(post)s::bigint IS NULL OR e.post_id = %(post)s)
ORDER BY a.published DESC, a.id DESC LIMIT %(most)s
"""
_GROWN = """
SELECT s.at, s.likes, s.reposts, s.replies, s.quotes, s.views FROM networks_snapshot s
WHERE s.activity_id = %(activity)s ORDER BY s.at
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Public counts at a moment, None where the network does not say."""

    at: datetime | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None

    @property
    def interactions(self) -> int | None:
        """The sum of those that are known; None where none is."""
        known = [n for name in INTERACTIONS if (n := getattr(self, name)) is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Said:
    """Something the brand said on a channel, and what came of it. `post` and `campaign` where it left through us.
    `clicks` of people on its short links, None where it has none."""

    activity: int
    channel: int
    at: datetime
    text: str
    url: str
    post: int | None
    campaign: int | None
    counts: Counted
    followers: int | None
    is_young: bool = False
    clicks: int | None = None

    @property
    def rate(self) -> float | None:
        """The engagement rate by followers, as a part of 1; None without counts or without followers of that day."""
        if self.counts.interactions is None or not self.followers:
            return None
        return self.counts.interactions / self.followers


@dataclass(frozen=True, slots=True)
class Outcome:
    """Several posts together. `rated` is how many `mean` and `median` are of."""

    key: Any = None
    label: str = ""
    posts: int = 0
    interactions: int | None = None
    views: int | None = None
    rated: int = 0
    mean: float | None = None
    median: float | None = None

    @classmethod
    def of(cls, said: Sequence[Said], key: Any = None, label: str = "") -> Outcome:
        """The figures of these."""
        rates = [each.rate for each in said if each.rate is not None and not each.is_young]
        return cls(
            key, label, len(said), _sum(each.counts.interactions for each in said),
            _sum(each.counts.views for each in said), len(rates),
            fmean(rates) if rates else None, median(rates) if rates else None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posts:
    """All posts of a period, newest first, with those of the period before as `before`."""

    asked: Asked
    said: list[Said]
    total: Outcome
    before: Outcome
    by: dict[str, list[Outcome]] = field(default_factory=dict)


def posts_of(
    asked: Asked,
    channels: dict[int, str],
    campaigns: dict[int, str],
    campaign: int | None = None,
    post: int | None = None,
) -> Posts:
    """Ask for everything: two statements, whatever the number of posts. Names by number."""
    said = _said(asked, asked.since, asked.until, campaign, post)
    before = _said(asked, asked.before, asked.since - timedelta(days=1), campaign, post)
    days = {day: list[Said]() for day in asked.all_days}
    for each in said:
        days[each.at.astimezone(asked.zone).date()].append(each)
    return Posts(
        asked, said, Outcome.of(said), Outcome.of(before),
        {
            "day": [Outcome.of(some, day) for day, some in days.items()],
            "channel": _by(said, lambda each: each.channel, channels),
            "campaign": _by(said, lambda each: each.campaign, campaigns),
        },
    )  # fmt: skip


def grown(activity: int) -> list[Counted]:
    """How the counts of one message grew, oldest first: a line wherever one of them changed."""
    return [Counted(*row) for row in ask(_GROWN, {"activity": activity})]


def _said(asked: Asked, since: date, until: date, campaign: int | None, post: int | None) -> list[Said]:
    young = clock.now() - YOUNG
    values = {
        "brand": asked.brand.pk, "zone": str(asked.zone), "first": asked.moment(since),
        "last": asked.moment(until + timedelta(days=1)), "channel": asked.channel.pk if asked.channel else None,
        "campaign": campaign, "post": post, "most": MOST,
    }  # fmt: skip
    rows = ask(_SAID, values, again=False)
    return [
        Said(number, channel, at, text, url, kept, campaign, Counted(*counts), followers, at > young, clicks)
        for number, channel, at, text, url, kept, campaign, *counts, followers, clicks in rows
    ]


def _by(said: list[Said], key: Callable[[Said], int | None], names: dict[int, str]) -> list[Outcome]:
    """Told apart; what is in none of the names comes last, without a label."""
    groups: dict[int | None, list[Said]] = {}
    for each in said:
        groups.setdefault(key(each), []).append(each)
    made = [Outcome.of(some, number, names.get(number or 0, "")) for number, some in groups.items()]
    return sorted(made, key=lambda line: (not line.label, -line.posts, line.label))


def _sum(values: Iterable[int | None]) -> int | None:
    known = [n for n in values if n is not None]
    return sum(known) if known else None
