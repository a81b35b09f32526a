"""A rolling sample of all that passes in public: what queries are tried on before anybody listens for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple
from zlib import crc32

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.networks.connector import Activity, Actor, Kind, Media, Span
from comptoir.networks.receiving import as_json, clean

SIZE = 10_000
"""Posts that the sample holds."""
SPAN = timedelta(days=1)
"""How far back it is to reach, once it is full."""
_ASKED_EVERY = timedelta(seconds=30)


class Sample(models.Model):
    """One message of the sample, of the whole house: nobody's brand, and none that reached a channel of somebody's.

    Whether a message is taken hangs on its id alone, so that the same one is taken or left however often it comes.
    `one_in` says out of how many it was taken; `words` what `Query.needs` looks for.
    """

    network = models.CharField(max_length=30)
    remote_id = models.TextField()
    author = models.TextField()
    heard = models.DateTimeField(default=clock.now)
    one_in = models.PositiveIntegerField()
    language = models.CharField(max_length=16, blank=True)
    tone = models.CharField(max_length=8, blank=True)
    said = models.JSONField()
    words = SearchVectorField()

    objects: ClassVar[models.Manager[Sample]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "remote_id"], name="sample_once")]
        indexes = [models.Index(fields=["network", "author"], name="sample_of_author")]

    def __str__(self) -> str:
        return f"{self.network} {self.remote_id}"


class Extent(NamedTuple):
    """What the sample stands for: how many messages it holds, out of about how many, heard since when."""

    size: int
    of: int
    since: datetime | None

    @property
    def share(self) -> float:
        """The part of the stream that it is; 1 while all of it is held."""
        return self.size / self.of if self.of else 1.0


def extent() -> Extent:
    """What the sample stands for now: each message for as many as it was taken out of."""
    (row,) = ask("SELECT count(*), coalesce(sum(one_in), 0)::bigint, min(heard) FROM listening_sample", {})
    return Extent(*row)


_TAKE = """
INSERT INTO listening_sample (network, remote_id, author, heard, one_in, language, tone, said, words)
SELECT %(network)s, n.id, n.author, now(), %(one_in)s, n.language, n.tone, n.said::jsonb,
    array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(n.words::jsonb)))
FROM unnest(%(ids)s::text[], %(authors)s::text[], %(languages)s::text[], %(tones)s::text[], %(said)s::text[],
    %(words)s::text[]) AS n(id, author, language, tone, said, words)
ORDER BY n.id COLLATE "C"
ON CONFLICT (network, remote_id) DO UPDATE SET said = excluded.said, words = excluded.words,
    language = excluded.language, tone = excluded.tone
WHERE listening_sample.said <> excluded.said
"""
_ROLL = """
DELETE FROM listening_sample WHERE id <= (SELECT id FROM listening_sample ORDER BY id DESC OFFSET %(size)s LIMIT 1)
"""


class Sampler:
    """Takes one post out of so many, so that a full sample reaches about a day back. One a process."""

    def __init__(self) -> None:
        self.one_in = 1
        self._asked = datetime.min

    def takes(self, remote_id: str) -> bool:
        """Whether the sample takes a post."""
        return self.one_in == 1 or crc32(remote_id.encode(errors="replace")) & (self.one_in - 1) == 0

    def take(self, network: str, posts: Sequence[Any]) -> int:
        """Put those of a batch that are taken into the sample, in the caller's transaction; how many were."""
        self._adapt()
        taken = [post for post in posts if self.takes(post.said.remote_id)][-SIZE:]
        if taken:
            ask(_TAKE, {
                "network": network, "one_in": self.one_in,
                "ids": [clean(post.said.remote_id) for post in taken],
                "authors": [clean(post.said.actor.remote_id) for post in taken],
                "languages": [post.lang or "" for post in taken],
                "tones": [post.sentiment or "" for post in taken],
                "said": [_packed(post.said) for post in taken],
                "words": [as_json(sorted(_kept(post.words))) for post in taken],
            })  # fmt: skip
            ask(_ROLL, {"size": SIZE})
        return len(taken)

    def _adapt(self) -> None:
        """Now and then: how many posts come in a day is told by the sample itself."""
        now = clock.now().replace(tzinfo=None)
        if now - self._asked < _ASKED_EVERY:
            return
        self._asked = now
        size, of, since = extent()
        passed = (clock.now() - since).total_seconds() if since else 0.0
        if size < SIZE or not passed:
            self.one_in = 1
            return
        wanted = of / passed * SPAN.total_seconds() / SIZE
        self.one_in = 1 << min(20, max(0, round(wanted) - 1).bit_length())


def forget(network: str, remote_ids: Iterable[str] = (), authors: Iterable[str] = ()) -> int:
    """The sample holds these no more: what was taken back, what somebody said who is erased; how many there were."""
    rows = Sample.objects.filter(network=network)
    named = models.Q(remote_id__in=list(remote_ids)) | models.Q(author__in=list(authors))
    return rows.filter(named).delete()[0]


def forget_handle(network: str, handle: str) -> int:
    """The same of whoever has a handle, which nobody else knows here."""
    bare = handle.strip().lstrip("@")
    called = models.Q(said__actor__handle__iexact=bare) | models.Q(said__actor__handle__iexact=f"@{bare}")
    return Sample.objects.filter(called, network=network).delete()[0] if bare else 0


def _kept(words: Iterable[str]) -> Iterable[str]:
    """A word of an index has 2,046 bytes at the most."""
    return (word for word in words if word and len(word) < 500)


def _packed(said: Activity) -> str:
    return as_json(asdict(said) | {"published": said.published.isoformat(), "edited": None, "facts": {}})


def unpacked(given: dict[str, Any]) -> Activity:
    """The message of a row of the sample, as its connector gave it."""
    return Activity(**given | {
        "kind": Kind(given["kind"]), "actor": Actor(**given["actor"]),
        "published": datetime.fromisoformat(given["published"]), "edited": None,
        "media": tuple(Media(**each) for each in given["media"]),
        "spans": tuple(Span(**each) for each in given["spans"]),
    })  # fmt: skip
