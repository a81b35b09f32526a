"""The way in: what is said in public is put to all brands' queries; what one of them is true of is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.clock import zone_of
from comptoir.kernel.events import tell
from comptoir.listening.ears import ears
from comptoir.listening.events import MentionsEdited, MentionsHeard
from comptoir.listening.models import Mention
from comptoir.listening.models.kept import activities as kept_activities
from comptoir.listening.models.mention import drop
from comptoir.listening.models.sample import Sampler, forget
from comptoir.listening.models.stored import forget_authors, forget_keys, key_of
from comptoir.listening.posts import Post
from comptoir.networks.connector import SILENT, Account, Activity, Gone, Kind, Standing, Unusable
from comptoir.networks.correcting import Corrections
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Actor, Channel
from comptoir.networks.objections import sift
from comptoir.networks.purging import let_go_of_unheld
from comptoir.networks.receiving import ID_MOST, clean, overhear
from comptoir.organisation.models import Brand

TOLD_AT_ONCE = 1_000
"""Mentions of one event."""

FRESH = timedelta(days=30)
"""What is younger is in no file."""

type Found = list[tuple[int, Post, dict[int, int]]]
"""Activities by number, as posts, each with the queries that are true of it and their brands."""

_HOLD = """
SELECT id FROM networks_activity WHERE id = ANY(%(ids)s) AND deleted IS NULL AND erased IS NULL ORDER BY id FOR SHARE
"""
"""What is taken back meanwhile takes back its mentions as well: it waits until they are there."""
_HOLD_QUERIES = "SELECT id FROM listening_query WHERE id = ANY(%(ids)s) ORDER BY id FOR KEY SHARE"
"""Queries are held before what they are true of, as by whoever removes one or counts it by another zone."""
_STORED = "SELECT key, query_id FROM listening_storedmention WHERE key = ANY(%(keys)s)"
_MENTION = """
INSERT INTO listening_mention AS m (query_id, activity_id, at, author, followers, network, language, tone, noise,
    words, toxic, asks, presses)
SELECT q.id, a.id, a.published, a.actor_id, n.followers, a.network, n.language, n.tone, n.noise,
    n.words, n.toxic, n.asks, n.presses
FROM unnest(%(queries)s::bigint[], %(activities)s::bigint[], %(followers)s::bigint[], %(languages)s::text[],
    %(tones)s::text[], %(noises)s::text[], %(words)s::int[], %(toxic)s::boolean[], %(asks)s::boolean[],
    %(presses)s::boolean[]) AS n(query, activity, followers, language, tone, noise, words, toxic, asks, presses)
JOIN listening_query q ON q.id = n.query AND q."on"
JOIN networks_activity a ON a.id = n.activity AND a.actor_id IS NOT NULL
ORDER BY q.id, a.id
ON CONFLICT (query_id, activity_id) DO UPDATE SET language = excluded.language, tone = excluded.tone,
    noise = CASE WHEN m.noise = 'repeat' AND excluded.noise = '' THEN m.noise ELSE excluded.noise END,
    words = excluded.words, toxic = excluded.toxic, asks = excluded.asks, presses = excluded.presses, closely = false
WHERE m.words <> excluded.words
RETURNING id, (xmax = 0)
"""
"""What says the same as before stays as it was read then, closely or not."""


@transaction.atomic
def hear(
    network: str, items: Iterable[Activity | Gone | Account | Unusable], past: bool = False
) -> list[int]:
    """Put a batch of what was said in public on a network to all queries, and keep what is meant; the new mentions.

    For whoever reads streams, searches and feeds of strangers. Likes, follows and reposts are passed over, as is what
    cannot be read; what was taken back (`Gone`, or `deleted`), or said by an account that is closed (`Account`), goes
    from all that is kept, what was edited is looked at anew. Of a message that comes twice, the last counts. Of all
    that passes, a sample is kept as well. All in one transaction: call it in that of the source's cursor. The same
    batch twice changes nothing. `past`: it was said before anybody listened there, and programs are not called.
    """
    items = list(items)
    told: list[Activity | Gone | Unusable] = [item for item in items if not isinstance(item, Account)]
    if news := [item for item in items if isinstance(item, Account)]:
        told += _of_accounts(network, news)
    last = {
        item.remote_id: item for item in told if not isinstance(item, Unusable) and _is_name(item.remote_id)
    }
    gone = [key for key, item in last.items() if isinstance(item, Gone) or item.deleted]
    said = [fit for item in last.values() if isinstance(item, Activity) and (fit := _fit(item))]
    heard = sift(network, said)
    posts = [Post(network, item, zone_of("")) for item, _objected in heard]
    objected = {item.remote_id: brands for item, brands in heard if brands}
    ears().learn()
    if gone:
        forget(network, gone)
        _take_back(network, gone)
    matched = _unstored(network, ears().match(network, posts))
    _hold_queries(matched.values())
    edited = _kept_before(network, [post.said.remote_id for post in posts if post.said.edited])
    kept = [post for post in posts if post.said.remote_id in matched or post.said.remote_id in edited]
    numbers = overhear(network, [post.said for post in kept]) if kept else {}
    found = [
        (number, post, _without(matched.get(key, {}), objected.get(key)))
        for post in kept
        if (number := numbers.get(key := post.said.remote_id))
    ]
    if edited:
        _unmention([each for each in found if each[1].said.remote_id in edited])
    new = _mention(found, past)
    _sampler().take(network, [post for post in posts if post.said.remote_id not in objected])
    return new


def hear_channel(channel: Channel, activities: Sequence[int]) -> list[int]:
    """Put what reached a channel in public to its own brand's queries; the new mentions. Safe to run twice."""
    rows = Row.objects.of(channel.brand_id).filter(pk__in=activities).select_related("actor").distinct()
    return _hear_rows(channel.brand, channel.network, list(rows))


def hear_again(brand: Brand, activities: Sequence[int]) -> list[int]:
    """Put what is kept for a brand to its queries as they are now; the new mentions. Safe to run twice."""
    by_network: dict[str, list[Row]] = {}
    for row in kept_activities(brand.pk, activities):
        by_network.setdefault(row.network, []).append(row)
    return [pk for network, rows in by_network.items() for pk in _hear_rows(brand, network, rows)]


def _is_public(row: Row) -> bool:
    gone = row.deleted or row.erased or row.actor_id is None
    return not (gone or row.standing or row.automatic or row.kind in (Kind.MESSAGE, *SILENT))


def _hear_rows(brand: Brand, network: str, rows: Sequence[Row]) -> list[int]:
    """What is not public any more (held back, marked as spam) is meant by no query."""
    said = Corrections([brand.pk], [row.pk for row in rows])
    posts = [Post(network, row.as_contract(), brand.zone).seen_by(brand.pk, row.pk, said) for row in rows]
    public = [post for row, post in zip(rows, posts, strict=True) if _is_public(row)]
    with transaction.atomic():
        ears().learn()
        matched = _unstored(network, ears().match(network, public, brand.pk))
        _hold_queries(matched.values())
        found = [
            (row.pk, post, matched.get(row.remote_id, {})) for row, post in zip(rows, posts, strict=True)
        ]
        _unmention(found, brand.pk)
        return _mention(found)


def _is_name(remote_id: str) -> bool:
    """Whether an id can be one: none that a database could not even look for."""
    return bool(remote_id) and len(remote_id) <= ID_MOST and clean(remote_id) == remote_id


def _fit(item: Activity) -> Activity | None:
    """What is listened to: words of somebody, at a time. None for anything else."""
    if item.deleted or item.kind in SILENT or item.kind == Kind.MESSAGE:
        return None
    if not (isinstance(item.published, datetime) and _is_name(item.actor.remote_id)):
        return None
    return item if item.published.tzinfo else replace(item, published=item.published.replace(tzinfo=UTC))


def _without(queries: dict[int, int], brands: frozenset[int] | None) -> dict[int, int]:
    """The queries of brands with which the author did not object."""
    return {pk: brand for pk, brand in queries.items() if brand not in brands} if brands else queries


def _of_accounts(network: str, news: Sequence[Account]) -> list[Gone]:
    """What became of people: names are changed here too; what they said goes where their account does.

    Of an account that is only hidden, what it said to a brand stays: it may be back tomorrow.
    """
    for each in news:
        if each.handle:
            Actor.objects.filter(network=network, remote_id=each.remote_id).update(handle=each.handle)
    ended = {
        each.remote_id: each.standing for each in news if each.standing in (Standing.CLOSED, Standing.HIDDEN)
    }
    if not ended:
        return []
    forget(network, authors=ended)
    theirs = Actor.objects.filter(network=network, remote_id__in=list(ended))
    forget_authors(theirs.values_list("pk", flat=True))
    rows = Row.objects.everywhere().filter(network=network, actor__remote_id__in=list(ended), deleted=None)
    closed = Q(actor__remote_id__in=[who for who, what in ended.items() if what == Standing.CLOSED])
    rows = rows.filter(closed | Q(audience=None)).exclude(kind=Kind.MESSAGE).distinct()
    return [Gone(remote_id) for remote_id in rows.values_list("remote_id", flat=True)]


def _take_back(network: str, remote_ids: Sequence[str]) -> None:
    """Blank what is known here of messages that were taken back; with that their mentions go."""
    ids = list(
        Row.objects.everywhere()
        .filter(network=network, remote_id__in=remote_ids)
        .values_list("pk", flat=True)
    )
    if ids:
        overhear(network, [Gone(remote_id) for remote_id in remote_ids])
        let_go_of_unheld(ids)
    # Afterwards: what was being stored meanwhile has been by now.
    forget_keys(key_of(network, remote_id) for remote_id in remote_ids)


def _unstored(network: str, matched: Iterable[tuple[Post, dict[int, int]]]) -> dict[str, dict[int, int]]:
    """Queries that are true of messages, by ids, without mentions that are stored: these come again where a place is
    asked for what is old. What was edited lately is looked at anew, and stored no longer as it was."""
    found = {post.said.remote_id: (post, queries) for post, queries in matched}
    lately = clock.now() - FRESH
    old = {
        key_of(network, key): key for key, (post, _queries) in found.items() if post.said.published < lately
    }
    if not old:
        return {key: queries for key, (_post, queries) in found.items()}
    edited = [number for number, key in old.items() if (at := found[key][0].said.edited) and at >= lately]
    forget_keys(edited)
    stored: dict[str, set[int]] = {}
    for number, query in ask(_STORED, {"keys": sorted(old)}):
        stored.setdefault(old[number], set()).add(query)
    left = {
        key: {query: brand for query, brand in queries.items() if query not in stored.get(key, ())}
        for key, (_post, queries) in found.items()
    }
    return {key: queries for key, queries in left.items() if queries or key not in stored}


def _kept_before(network: str, remote_ids: Sequence[str]) -> set[str]:
    """Those of these messages that are kept."""
    if not remote_ids:
        return set()
    rows = Row.objects.everywhere().filter(network=network, remote_id__in=remote_ids)
    return set(rows.values_list("remote_id", flat=True))


def _hold_queries(matched: Iterable[dict[int, int]]) -> None:
    if ids := {query for queries in matched for query in queries}:
        ask(_HOLD_QUERIES, {"ids": sorted(ids)})


def _mention(found: Found, past: bool = False) -> list[int]:
    """Note which queries are true of what, and tell; the new mentions."""
    ids = {
        pk for (pk,) in ask(_HOLD, {"ids": sorted({number for number, _post, queries in found if queries})})
    }
    said = Corrections({brand for *_post, queries in found for brand in queries.values()}, sorted(ids))
    rows = [
        (query, number, *_read(post, number, brand, said))
        for number, post, queries in found
        if number in ids
        for query, brand in queries.items()
    ]
    if not rows:
        return []
    names = (
        "queries",
        "activities",
        "followers",
        "languages",
        "tones",
        "noises",
        "words",
        "toxic",
        "asks",
        "presses",
    )
    given = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    kept = sorted(ask(_MENTION, given))
    new = [pk for pk, fresh in kept if fresh]
    for some in batched(new, TOLD_AT_ONCE):
        tell(MentionsHeard(list(some), past))
    for some in batched([pk for pk, fresh in kept if not fresh], TOLD_AT_ONCE):
        tell(MentionsEdited(list(some)))
    return new


def _read(post: Post, number: int, brand: int, said: Corrections) -> tuple[Any, ...]:
    """What a mention has of its post, by the fast tier and by what people of its brand said."""
    read = post.read_for(brand, number, said)
    noise = Mention.Noise.SPAM if read.signs.spam else Mention.Noise.NONE
    marks = (read.signs.toxic, read.signs.asks, read.signs.presses)
    return (post.followers or 0, read.language, read.tone, noise.value, post.sum, *marks)


def _unmention(found: Found, brand: int | None = None) -> None:
    """What was edited may not be meant any more: of queries that are on, of one brand or of all, those mentions go that
    no query is true of now."""
    now = {number: queries for number, _post, queries in found}
    rows = Mention.objects.everywhere() if brand is None else Mention.objects.of(brand)
    before = rows.filter(activity__in=list(now), query__on=True).values_list("pk", "activity_id", "query_id")
    if over := [pk for pk, activity, query in before if query not in now[activity]]:
        drop(rows.filter(pk__in=over))


@cache
def _sampler() -> Sampler:
    """That of this process."""
    return Sampler()
