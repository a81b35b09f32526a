"""What is kept for a brand is put to queries anew, some at a time: to try a version, or to keep what it finds."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.stores import StoreFailed
from comptoir.listening import stored
from comptoir.listening.hearing import hear_again
from comptoir.listening.models import Backtest, Mention
from comptoir.listening.models.kept import PUBLIC
from comptoir.listening.models.sample import extent
from comptoir.listening.posts import Post
from comptoir.listening.trying import posts_kept, posts_sampled
from comptoir.networks.correcting import Corrections
from comptoir.networks.models import Activity, Actor, Channel
from comptoir.organisation.models import Brand, Removed, keep
from comptoir.reading.query import Query, parse

log = logging.getLogger(__name__)

AT_ONCE = 500
_OF_A_FILE = 2_000

_KEPT = f"""
SELECT a.id FROM networks_activity a WHERE a.id < %(before)s AND {PUBLIC} AND (
    EXISTS (SELECT FROM networks_audience u JOIN networks_channel c ON c.id = u.channel_id
        WHERE u.activity_id = a.id AND c.brand_id = %(brand)s)
    OR EXISTS (SELECT FROM listening_mention m JOIN listening_query q ON q.id = m.query_id
        WHERE m.activity_id = a.id AND q.brand_id = %(brand)s))
"""  # noqa: S608 - nothing in it comes from outside
_SOME = f"{_KEPT} ORDER BY a.id DESC LIMIT %(most)s"
_HOW_MANY = f"""
SELECT (SELECT count(*) FROM ({_KEPT}) kept) + (SELECT count(DISTINCT s.key) FROM listening_storedmention s
    JOIN listening_query q ON q.id = s.query_id WHERE q.brand_id = %(brand)s)
"""  # noqa: S608
_FILE = """
SELECT f.id, f.name, (SELECT count(DISTINCT s.key) FROM listening_storedmention s WHERE s.file_id = f.id)
FROM listening_storedfile f WHERE f.brand_id = %(brand)s AND f.id < %(before)s ORDER BY f.id DESC LIMIT 1
"""
_STANDING = """
SELECT s.id, s.query_id = %(query)s, NOT EXISTS (SELECT FROM listening_storedmention o
    JOIN listening_query q ON q.id = o.query_id WHERE o.key = s.key AND o.id < s.id AND q.brand_id = %(brand)s)
FROM listening_storedmention s WHERE s.id = ANY(%(ids)s)
"""
"""Of what a file says: what is a mention still, whether one of that query, and the first of those of its message."""


@dataclass(slots=True)
class _Tally:
    """What was looked at, and what came of it; `since` when the oldest of it was said."""

    looked: int = 0
    matched: int = 0
    lost: int = 0
    since: datetime | None = None
    days: Counter[str] = field(default_factory=Counter)

    def add(self, query: Query, post: Post, first: bool, had: bool) -> None:
        """One more, unless it is not the `first` mention of its message; `had`: the query has kept it."""
        meant = query.matches(post)
        self.lost += had and not meant
        if not first:
            return
        self.looked += 1
        self.since = min(self.since or post.said.published, post.said.published)
        if meant:
            self.matched += 1
            if post.local:
                self.days[f"{post.local:%Y-%m-%d}"] += 1


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
    with stored.at_rest():
        if backtest.place is None:
            ((total,),) = ask(_HOW_MANY, {"brand": brand.pk, "before": 2**62})
            backtest.total = total
            _sample(backtest, query)
            backtest.place = 2**62
            keep(backtest)
        while ids := [
            pk for (pk,) in ask(_SOME, {"brand": brand.pk, "before": backtest.place, "most": AT_ONCE})
        ]:
            _note(backtest, _some(backtest, query, ids))
            backtest.place = ids[-1]
            keep(backtest)
        _files(backtest, query)
    backtest.done = clock.now()
    keep(backtest)


def _sample(backtest: Backtest, query: Query) -> None:
    found = extent()
    backtest.sampled, backtest.of = found.size, found.of
    zone = backtest.version.query.brand.zone
    backtest.sample_matched = sum(map(query.matches, posts_sampled(query, zone)))


def _some(backtest: Backtest, query: Query, ids: list[int]) -> _Tally:
    mine = Mention.objects.of(backtest.version.query.brand_id).filter(query=backtest.version.query_id)
    had = set(mine.filter(activity__in=ids).values_list("activity__network", "activity__remote_id"))
    tally = _Tally()
    for post in posts_kept(backtest.version.query.brand, ids):
        tally.add(query, post, True, (post.network, post.said.remote_id) in had)
    return tally


def _note(backtest: Backtest, tally: _Tally) -> None:
    backtest.looked += tally.looked
    backtest.matched += tally.matched
    backtest.lost += tally.lost
    backtest.days = dict(Counter(backtest.days) + tally.days)
    backtest.since = min([at for at in (backtest.since, tally.since) if at], default=None)


def _files(backtest: Backtest, query: Query) -> None:
    """What is stored in files, file by file: of one that cannot be read whole, nothing is counted."""
    brand = backtest.version.query.brand_id
    while found := ask(_FILE, {"brand": brand, "before": backtest.shelf or 2**62}):
        ((pk, name, holds),) = found
        tally = _Tally()
        try:
            for rows in stored.batches(name, _OF_A_FILE):
                _look_at(backtest, query, rows, tally)
        except StoreFailed as error:
            log.error("a back-test leaves out what is stored: %s", error)
            backtest.unread += holds
        else:
            _note(backtest, tally)
            backtest.stored += tally.looked
            backtest.stored_matched += tally.matched
        backtest.shelf = pk
        keep(backtest)


def _look_at(backtest: Backtest, query: Query, rows: Sequence[dict[str, Any]], tally: _Tally) -> None:
    version = backtest.version
    given = {"brand": version.query.brand_id, "query": version.query_id, "ids": [row["id"] for row in rows]}
    standing = {pk: (had, first) for pk, had, first in ask(_STANDING, given)}
    wanted = [row for row in rows if any(standing.get(row["id"], ()))]
    for row, post in _posts_stored(version.query.brand, wanted):
        had, first = standing[row["id"]]
        tally.add(query, post, first, had)


def _posts_stored(brand: Brand, rows: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Post]]:
    """Stored rows with their messages, as queries of a brand see them; without those whose authors are no more."""
    rows = list(rows)
    own = set(Channel.objects.of(brand).values_list("network", "remote_id"))
    taught = Corrections([brand.pk], [])
    people = Actor.objects.in_bulk({row["author"] for row in rows})
    for row in rows:
        if who := people.get(row["author"]):
            said = Activity(**stored.said_of(row), actor=who).as_contract()
            post = Post(row["network"], said, brand.zone, own=(row["network"], said.actor.remote_id) in own)
            yield row, post.seen_by(brand.pk, 0, taught)


def look_back(brand: Brand) -> int:
    """Put all that is kept for a brand to its queries as they are now; how many mentions are new. Safe to run twice."""
    new, place = 0, 2**62
    while ids := [pk for (pk,) in ask(_SOME, {"brand": brand.pk, "before": place, "most": AT_ONCE})]:
        new += len(hear_again(brand, ids))
        place = ids[-1]
    return new
