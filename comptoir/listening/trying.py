"""Trying a query on what was heard: the sample of the stream, and what is kept for the brand anyway."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import NamedTuple

from comptoir.kernel.asking import ask
from comptoir.listening.models import kept
from comptoir.listening.models.sample import Extent, extent, unpacked
from comptoir.listening.posts import Post
from comptoir.networks.correcting import Corrections
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.reading.query import Query

PATIENCE = 1.5
"""Seconds after which a trial says how far it came."""
KEPT_MOST = 1_000
"""Messages kept for the brand that a query is tried on while it is typed."""
SHOWN = 20
AT_ONCE = 500
AROUND = 240
"""Characters of a message that are shown."""

_SAMPLE = """
SELECT id, network, said, language, tone FROM listening_sample
WHERE (%(words)s = '' OR words @@ nullif(%(words)s, '')::tsquery) AND id < %(before)s ORDER BY id DESC LIMIT %(most)s
"""


class Piece(NamedTuple):
    """A stretch of a text; `hit`: what the query found."""

    text: str
    hit: bool


@dataclass(slots=True)
class Trial:
    """What a query is true of: how many of the sample, and how many of the last messages kept for the brand anyway.

    stopped  there was no time to look at all: both figures are the least that it can be
    shown    the newest, as posts
    """

    sample: Extent
    of_sample: int = 0
    kept: int = 0
    of_kept: int = 0
    stopped: bool = False
    shown: list[Post] = field(default_factory=list)

    def note(self, post: Post) -> None:
        """One that it is true of, to be shown."""
        if len(self.shown) < 2 * SHOWN and (post.network, post.said.remote_id) not in {
            (each.network, each.said.remote_id) for each in self.shown
        }:
            self.shown.append(post)


def try_on(query: Query, brand: Brand) -> Trial:
    """Put a query to the sample and to the last of what is kept for a brand."""
    until = time.monotonic() + PATIENCE
    tried = Trial(extent())
    for post in posts_sampled(query, brand.zone):
        if query.matches(post):
            tried.of_sample += 1
            tried.note(post)
        if time.monotonic() > until:
            tried.stopped = True
            break
    del tried.shown[SHOWN:]
    for post in posts_kept(brand, kept.newest(brand.pk, KEPT_MOST)):
        tried.kept += 1
        if query.matches(post):
            tried.of_kept += 1
            tried.note(post)
    tried.shown.sort(key=lambda post: post.said.published, reverse=True)
    del tried.shown[SHOWN:]
    return tried


def posts_sampled(query: Query, zone: tzinfo) -> Iterator[Post]:
    """What of the sample a query may be true of, the newest first."""
    before, words = 2**62, tsquery(query)
    while True:
        rows = ask(_SAMPLE, {"words": words, "before": before, "most": AT_ONCE})
        for before, network, said, language, tone in rows:  # noqa: B007 - where the next ones begin
            yield Post(network, unpacked(said), zone).read_as(language, tone)
        if len(rows) < AT_ONCE:
            return


def posts_kept(brand: Brand, ids: Sequence[int]) -> Iterator[Post]:
    """Messages that are kept, as queries of a brand see them."""
    own = set(Channel.objects.of(brand).values_list("network", "remote_id"))
    corrected = Corrections([brand.pk], ids)
    for each in kept.activities(brand.pk, ids):
        said = each.as_contract()
        post = Post(each.network, said, brand.zone, own=(each.network, said.actor.remote_id) in own)
        yield post.seen_by(brand.pk, each.pk, corrected)


def tsquery(query: Query) -> str:
    """What anything that a query is true of must hold, as the index of the sample has it; "" for anything."""
    return " & ".join(f"({' | '.join(sorted(map(_lexeme, needed)))})" for needed in query.needs())


def _lexeme(word: str) -> str:
    bare = word.removesuffix("*").replace("\\", "\\\\").replace("'", "''")
    return f"'{bare}'" + (":*" if word.endswith("*") else "")


def _end(text: str, most: int) -> int:
    """Where a text is cut: between two words, unless one is very long."""
    if len(text) <= most:
        return len(text)
    space = text.rfind(" ", most - AROUND // 6, most)
    return most if space < 0 else space


def pieces(query: Query | None, post: Post, whole: bool = False) -> list[Piece]:
    """The text of a post with what a query found marked: from a little before that on, and some of it, or the whole."""
    text, spans = post.text, query.spans(post) if query else ()
    start = spans[0][0] - AROUND // 3 if spans and spans[0][0] > AROUND // 2 and not whole else 0
    if start:
        start = text.find(" ", start) + 1 or start
    end = len(text) if whole else _end(text, start + AROUND)
    found = [Piece("… ", False)] if start else []
    at = start
    for first, last in spans:
        if first >= end:
            break
        found += [Piece(text[at:first], False), Piece(text[first : min(last, end)], True)]
        at = min(last, end)
    found.append(Piece(text[at:end] + (" …" if end < len(text) else ""), False))
    return [piece for piece in found if piece.text]
