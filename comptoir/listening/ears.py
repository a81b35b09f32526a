"""All brands' queries that are on, held ready in a process for whatever passes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from comptoir.kernel.asking import ask
from comptoir.kernel.clock import zone_of
from comptoir.listening.posts import Post
from comptoir.networks.receiving import clean
from comptoir.reading.matching import Matcher
from comptoir.reading.query import Wrong, parse

log = logging.getLogger(__name__)

MANY = 1_000
"""Queries from which on a process that holds them has them settled: before, Python's collector is quick about them."""
CHANGES = 200
LEARNT = 10_000
"""So many changes, and once so many posts, after which it does so again."""
_BOOK = "SELECT key, changes FROM listening_querybook"
_CHANGED = """
SELECT q.id, q.brand_id, q.text, b.time_zone, q."on" AND b.archived_at IS NULL
FROM listening_query q JOIN organisation_brand b ON b.id = q.brand_id WHERE q.stamp > %(since)s ORDER BY q.stamp
"""
_ON = """
SELECT q.id FROM listening_query q JOIN organisation_brand b ON b.id = q.brand_id
WHERE q."on" AND b.archived_at IS NULL
"""
_OWN = """
SELECT remote_id, array_agg(brand_id) FROM networks_channel
WHERE network = %(network)s AND remote_id = ANY(%(authors)s) GROUP BY remote_id
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a query stands: whose it is, and the clock that its days and hours are counted on."""

    brand: int
    zone: str


class Ears:
    """The queries of all brands, by time zone: a day begins at another moment elsewhere. One a process.

    What changed since is learnt before each batch, by one small question, so nothing has to be started anew.
    """

    def __init__(self) -> None:
        self._key: UUID | None = None
        self._seen = 0
        self._places: dict[int, _Place] = {}
        self._matchers: dict[str, Matcher[int]] = {}
        self._changed = self._passed = 0

    def __len__(self) -> int:
        return len(self._places)

    def learn(self) -> None:
        """Read what changed since the last time."""
        found = ask(_BOOK, {})
        key, now = found[0] if found else (None, 0)
        if key != self._key:
            self._key, self._seen, self._places, self._matchers = key, 0, {}, {}
        if now == self._seen:
            return
        for pk, brand, text, zone, on in ask(_CHANGED, {"since": self._seen}):
            self._changed += 1
            self._forget(pk)
            if on:
                self._add(pk, text, _Place(brand, zone))
        for gone in set(self._places) - {pk for (pk,) in ask(_ON, {})}:
            self._forget(gone)
        self._seen = now
        self._settle()

    def match(
        self, network: str, posts: Sequence[Post], brand: int | None = None
    ) -> list[tuple[Post, dict[int, int]]]:
        """The posts that some query is true of, in order, each with these queries and their brands; of all brands, or
        of one. Whether the brand itself said something, each brand answers for itself."""
        owners = self._owners(network, posts)
        found: dict[int, dict[int, int]] = {}
        for zone, matcher in self._matchers.items():
            clock = zone_of(zone)
            views = {at: post.seen_from(clock) for at, post in enumerate(posts)}
            own = {at: view.as_own() for at, view in views.items() if view.said.actor.remote_id in owners}
            for some, said_by_them in ((views, False), (own, True)):
                places = {id(view): at for at, view in some.items()}
                for view, ids in matcher.match(list(some.values())) if some else ():
                    theirs = owners.get(view.said.actor.remote_id, ())  # type: ignore[attr-defined]
                    for pk in ids:
                        of = self._places[pk].brand
                        if (of in theirs) == said_by_them and brand in (None, of):
                            found.setdefault(places[id(view)], {})[pk] = of
        self._passed += len(posts)
        if self._passed - len(posts) < LEARNT <= self._passed:
            self._changed = CHANGES
            self._settle()
        return [(posts[at], queries) for at, queries in sorted(found.items())]

    def _settle(self) -> None:
        """Spare whoever listens that the collector walks through thousands of queries while posts wait: half a second.

        What it spares is let go of all the same when a query goes: only what holds itself would stay.
        """
        if self._changed >= CHANGES and len(self) >= MANY:
            next(iter(self._matchers.values())).settle()
            self._changed = 0

    def _owners(self, network: str, posts: Sequence[Post]) -> dict[str, list[int]]:
        """The authors who are accounts of brands of this house, each with these brands."""
        authors = list({clean(post.said.actor.remote_id) for post in posts})
        return dict(ask(_OWN, {"network": network, "authors": authors}))

    def _add(self, pk: int, text: str, place: _Place) -> None:
        try:
            query = parse(text)
        except Wrong:
            # What was a query once is none in the language of today: its page says so.
            log.warning("query %s cannot be read any more", pk)
            return
        self._places[pk] = place
        self._matchers.setdefault(place.zone, Matcher()).add(pk, query)

    def _forget(self, pk: int) -> None:
        if place := self._places.pop(pk, None):
            self._matchers[place.zone].remove(pk)
            if not len(self._matchers[place.zone]):
                del self._matchers[place.zone]


@cache
def ears() -> Ears:
    """Those of this process."""
    return Ears()
