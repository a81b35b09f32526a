"""Queries put to every post of a stream, on one core, by the very index and evaluator that listen.

    posts_per_s         from what a source hands over to the posts that match, each with its queries
    wrong, of checked   queries put to posts where the plain reference says otherwise
    longest_pause_ms    from 100 posts done to 100 more, with these, while 10,000 queries are added or changed

Posts and queries are made up (`comptoir.bench.talk`). Before it counts, the index has seen `WARM` posts: it learns from
them which words are rare.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from typing import Any

from comptoir.bench.talk import Post, Talk
from comptoir.reading.matching import Matcher, reference
from comptoir.reading.query import Document, parse

QUERIES = 10_000
WARM = 20_000
POSTS = 60_000
BATCH = 500
CHECKED = 200_000
CLAIMED = 2_000
CHANGES = 10_000
AT_ONCE = 10
"""Queries changed between two batches of 100 posts."""
SETTLED = 200
"""After so many changes the matcher is settled."""


def run(queries: int = QUERIES) -> dict[str, Any]:
    """File so many queries and put posts to them; figures as one flat object."""
    posts = POSTS
    talk = Talk(17)
    written = list(talk.queries(queries))
    warm, said = list(talk.posts(WARM)), list(talk.posts(posts))
    matcher = Matcher[int]()
    began = time.perf_counter()
    for number, text in enumerate(written):
        matcher.add(number, parse(text))
    filed = time.perf_counter() - began
    matcher.settle()
    _match(matcher, warm)
    matcher.settle()
    asked = matcher.asked
    began = time.perf_counter()
    matched = _match(matcher, said)
    took = time.perf_counter() - began
    asked = matcher.asked - asked
    checked = _checked(matcher, said)
    return {
        "queries": queries,
        "posts": posts,
        "posts_per_s": round(posts / took),
        "matches_per_post": round(matched / posts, 2),
        "asked_per_post": round(asked / posts, 2),
        **checked,
        "filed_per_s": round(queries / filed),
        **_changing(matcher, talk, said),
    }


def _documents(posts: Iterable[Post]) -> list[Document]:
    """As whoever listens makes them."""
    return [
        Document(post.text, lang=post.lang, handle=post.handle, type=post.type, url=post.url)
        for post in posts
    ]


def _match(matcher: Matcher[int], posts: list[Post]) -> int:
    """How many matches there are in all."""
    matched = 0
    for batch in itertools.batched(posts, BATCH):
        matched += sum(len(numbers) for _, numbers in matcher.match(_documents(batch)))
    return matched


def _checked(matcher: Matcher[int], posts: list[Post]) -> dict[str, int]:
    """Every query put to some posts once more by the reference, and to more posts those that were said to match."""
    queries = matcher.queries()
    every = max(10, CHECKED // len(queries))
    checked = wrong = 0
    sample = _documents(posts[: every + CLAIMED])
    found = {id(document): set(numbers) for document, numbers in matcher.match(sample)}
    for at, document in enumerate(sample):
        claimed = found.get(id(document), set())
        asked = queries if at < every else claimed
        plainly = {number for number in asked if reference.matches(queries[number].root, document)}
        wrong += len(plainly ^ claimed)
        checked += len(asked)
    return {"wrong": wrong, "checked": checked}


def _changing(matcher: Matcher[int], talk: Talk, posts: list[Post]) -> dict[str, float]:
    """How long posts wait at the most while queries change, half of them new."""
    known = len(matcher)
    batches: Iterator[tuple[Post, ...]] = itertools.batched(itertools.cycle(posts), 100)
    changes = enumerate(talk.queries(CHANGES))
    longest, done = 0.0, 0
    while some := list(itertools.islice(changes, AT_ONCE)):
        began = time.perf_counter()
        for number, text in some:
            matcher.add(known + number if number % 2 else number % known, parse(text))
        if (done := done + AT_ONCE) % SETTLED == 0:
            matcher.settle()
        matcher.match(_documents(next(batches)))
        longest = max(longest, time.perf_counter() - began)
    return {"changed": CHANGES, "longest_pause_ms": round(longest * 1000, 1)}
