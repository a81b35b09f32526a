"""Reading mentions again: after a person corrected what was read of them, and closely, by the better tier.

What people said stays as they said it, whoever reads. Where somebody said that a mention is spam, or is not, so is all
that says the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from comptoir.kernel.asking import ask
from comptoir.listening.folding import in_turn, settle
from comptoir.listening.models import Mention
from comptoir.listening.posts import Post
from comptoir.networks.correcting import Corrections, Read
from comptoir.networks.receiving import clean
from comptoir.reading import closely
from comptoir.reading.heard import READ_MOST, Signs, is_spam, is_toxic

AT_ONCE = 100
"""Mentions that are read closely in one run: some three seconds on a core."""

_KEEP = """
UPDATE listening_mention m SET language = n.language, tone = n.tone, toxic = n.toxic, asks = n.asks,
    presses = n.presses, closely = n.closely, words = n.words,
    noise = CASE WHEN n.spam THEN 'spam' WHEN m.noise <> 'spam' THEN m.noise
        WHEN m.fold IS NULL THEN '' ELSE 'repeat' END
FROM unnest(%(ids)s::bigint[], %(languages)s::text[], %(tones)s::text[], %(spam)s::boolean[], %(toxic)s::boolean[],
    %(asks)s::boolean[], %(presses)s::boolean[], %(closely)s::boolean[], %(words)s::int[])
    AS n(id, language, tone, spam, toxic, asks, presses, closely, words)
WHERE m.id = n.id AND m.query_id = %(query)s RETURNING m.fold
"""
_VERDICTS = """
UPDATE listening_fold f SET spam = s.spam FROM (
    SELECT g.id, (SELECT c.value = 'spam' FROM networks_correction c
        JOIN listening_mention m ON m.activity_id = c.activity_id AND m.fold = g.id
        WHERE c.brand_id = %(brand)s AND c.what = 'spam' AND c.undone_at IS NULL ORDER BY c.id DESC LIMIT 1) AS spam
    FROM unnest(%(folds)s::bigint[]) AS g(id)) s
WHERE f.id = s.id AND f.spam IS DISTINCT FROM s.spam RETURNING f.id
"""
_ALL_OF_IT = """
UPDATE listening_mention m SET noise = CASE WHEN coalesce(f.spam, %(spam)s) THEN 'spam' ELSE 'repeat' END
FROM listening_fold f WHERE f.id = m.fold AND f.id = ANY(%(folds)s)
    AND (m.noise = 'spam') <> coalesce(f.spam, %(spam)s)
"""


def reread(brand: int, activities: Iterable[int]) -> None:
    """Read these messages again wherever they are mentions of a brand, as its people taught. Safe to run twice."""
    mentions = _of(Mention.objects.of(brand).filter(activity__in=list(activities)))
    said = Corrections([brand], [each.activity_id for each in mentions])
    _keep(
        brand,
        [(each, post.read_for(brand, each.activity_id, said), post.sum) for each, post in mentions.items()],
    )


def read_closely(ids: Iterable[int]) -> int:
    """Read these mentions by the better tier, those that were not read so; how many. Nothing where it is not here."""
    wanted = Mention.objects.everywhere().filter(pk__in=list(ids), closely=False)
    by_brand: dict[int, list[int]] = defaultdict(list)
    for pk, brand in wanted.order_by("-at").values_list("pk", "query__brand")[:AT_ONCE]:
        by_brand[brand].append(pk)
    if not by_brand or not closely.reads():
        return 0
    for brand, pks in by_brand.items():
        mentions = _of(Mention.objects.of(brand).filter(pk__in=pks))
        said = Corrections([brand], [each.activity_id for each in mentions])
        _keep(brand, _closely(brand, mentions, said), closely=True)
    return sum(map(len, by_brand.values()))


def _of(rows: Any) -> dict[Mention, Post]:
    found = rows.select_related("activity__actor", "query__brand").defer("activity__search")
    return {each: Post(each.network, each.activity.as_contract(), each.query.brand.zone) for each in found}


def _closely(brand: int, mentions: dict[Mention, Post], said: Corrections) -> list[tuple[Mention, Read, int]]:
    """The fast tier's reading, with tone, spam and hate by the better one, and what people said above both."""
    taught = said.taught(brand)
    posts = list(mentions.values())
    texts = [clean(post.text or post.title)[:READ_MOST] for post in posts]
    fast = [post.read_for(brand, each.activity_id, said) for each, post in mentions.items()]
    languages = [read.language for read in fast]
    tones, signs = taught.tones.tones_of(texts, languages), _signs(texts, fast)
    found = []
    for at, (each, read) in enumerate(zip(mentions, fast, strict=True)):
        people = taught.of_copy(texts[at]) | said.said(brand, each.activity_id)
        marks = signs[at]._replace(spam=people["spam"] == "spam") if "spam" in people else signs[at]
        found.append((each, Read(read.language, people.get("tone") or tones[at].label, marks), posts[at].sum))
    return found


def _signs(texts: Sequence[str], fast: Sequence[Read]) -> list[Signs]:
    """What marks them; by the fast tier alone where the model of meaning is not here."""
    if closely.lacking():
        return [read.signs for read in fast]
    spam = closely.spam_of(texts)
    toxic = closely.toxicity_of(texts, [read.language for read in fast])
    return [
        read.signs._replace(spam=is_spam(text, spam[at]), toxic=is_toxic(read.language, toxic[at]))
        for at, (text, read) in enumerate(zip(texts, fast, strict=True))
    ]


def _keep(brand: int, read: Sequence[tuple[Mention, Read, int]], closely: bool = False) -> None:
    by_query: dict[int, list[tuple[Mention, Read, int]]] = defaultdict(list)
    for row in read:
        by_query[row[0].query_id].append(row)
    for query, rows in sorted(by_query.items()):
        with transaction.atomic():
            in_turn(query)
            folds = ask(_KEEP, {
                "query": query, "ids": [each.pk for each, _read, _sum in rows],
                "languages": [one.language for _each, one, _sum in rows],
                "tones": [one.tone for _each, one, _sum in rows], "spam": [one.signs.spam for _each, one, _sum in rows],
                "toxic": [one.signs.toxic for _each, one, _sum in rows],
                "asks": [one.signs.asks for _each, one, _sum in rows],
                "presses": [one.signs.presses for _each, one, _sum in rows],
                "closely": [closely] * len(rows), "words": [total for *_read, total in rows],
            })  # fmt: skip
            _follow(brand, sorted({number for (number,) in folds if number}), rows)


def _follow(brand: int, folds: Sequence[int], rows: Sequence[tuple[Mention, Read, int]]) -> None:
    """What says the same is what somebody said one of them is, spam or not; the first that is none is shown."""
    if not folds:
        return
    ask(_VERDICTS, {"brand": brand, "folds": list(folds)})
    for number in folds:
        spam = next((one.signs.spam for each, one, _sum in rows if each.fold == number), False)
        ask(_ALL_OF_IT, {"folds": [number], "spam": spam})
    settle(folds)
