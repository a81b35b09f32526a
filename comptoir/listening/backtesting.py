"""What is kept for a brand is put to queries anew, some at a time: to try a version, or to keep what it finds."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.listening.hearing import hear_again
from comptoir.listening.models import Backtest, Mention
from comptoir.listening.models.kept import PUBLIC
from comptoir.listening.models.sample import extent
from comptoir.listening.trying import posts_kept, posts_sampled
from comptoir.organisation.models import Brand, Removed, keep
from comptoir.reading.query import Query, parse

AT_ONCE = 500

_KEPT = f"""
SELECT a.id FROM networks_activity a WHERE a.id < %(before)s AND {PUBLIC} AND (
    EXISTS (SELECT FROM networks_audience u JOIN networks_channel c ON c.id = u.channel_id
        WHERE u.activity_id = a.id AND c.brand_id = %(brand)s)
    OR EXISTS (SELECT FROM listening_mention m JOIN listening_query q ON q.id = m.query_id
        WHERE m.activity_id = a.id AND q.brand_id = %(brand)s))
"""  # noqa: S608 - nothing in it comes from outside
_SOME = f"{_KEPT} ORDER BY a.id DESC LIMIT %(most)s"
_HOW_MANY = f"SELECT count(*) FROM ({_KEPT}) kept"  # noqa: S608


def run(backtest: Backtest) -> None:
    """Do it to the end, from where it stands: whoever takes it up again goes on there. Of a query that is removed
    meanwhile there is nothing to tell."""
    with suppress(Removed):
        _run(backtest)


def _run(backtest: Backtest) -> None:
    if backtest.done:
        return
    version = backtest.version
    brand, query = version.query.brand, parse(version.text)
    if backtest.place is None:
        ((total,),) = ask(_HOW_MANY, {"brand": brand.pk, "before": 2**62})
        backtest.total = total
        _sample(backtest, query)
        backtest.place = 2**62
        keep(backtest)
    while ids := [pk for (pk,) in ask(_SOME, {"brand": brand.pk, "before": backtest.place, "most": AT_ONCE})]:
        _some(backtest, query, ids)
        backtest.place = ids[-1]
        keep(backtest)
    backtest.done = clock.now()
    keep(backtest)


def _sample(backtest: Backtest, query: Query) -> None:
    found = extent()
    backtest.sampled, backtest.of = found.size, found.of
    zone = backtest.version.query.brand.zone
    backtest.sample_matched = sum(map(query.matches, posts_sampled(query, zone)))


def _some(backtest: Backtest, query: Query, ids: list[int]) -> None:
    mine = Mention.objects.of(backtest.version.query.brand_id).filter(query=backtest.version.query_id)
    had = set(mine.filter(activity__in=ids).values_list("activity__network", "activity__remote_id"))
    days = Counter(backtest.days)
    for post in posts_kept(backtest.version.query.brand, ids):
        if query.matches(post):
            backtest.matched += 1
            if post.local:
                days[f"{post.local:%Y-%m-%d}"] += 1
        elif (post.network, post.said.remote_id) in had:
            backtest.lost += 1
    backtest.looked += len(ids)
    backtest.days = dict(days)


def look_back(brand: Brand) -> int:
    """Put all that is kept for a brand to its queries as they are now; how many mentions are new. Safe to run twice."""
    new, place = 0, 2**62
    while ids := [pk for (pk,) in ask(_SOME, {"brand": brand.pk, "before": place, "most": AT_ONCE})]:
        new += len(hear_again(brand, ids))
        place = ids[-1]
    return new
