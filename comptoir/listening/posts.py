"""A message said in public, as queries see it: from the stream, from what is kept, and from the sample alike."""

from __future__ import annotations

from datetime import tzinfo
from functools import cached_property
from zlib import crc32

from comptoir.networks.connector import Activity, Kind
from comptoir.networks.correcting import Corrections, Read
from comptoir.networks.receiving import clean
from comptoir.reading.heard import READ_MOST, Signs, language_heard, signs_of, tone_heard
from comptoir.reading.query import Document
from comptoir.reading.query.document import marked_as

_TYPES = {Kind.MENTION: "post", Kind.MESSAGE: "dm", Kind.REPOST: "share"}
"""What the language of queries calls a kind, where it is another word."""
_IS = {Kind.REPLY: "reply", Kind.COMMENT: "reply", Kind.QUOTE: "quote", Kind.REPOST: "share"}


class Post(Document):
    """A message as queries see it. Its language and tone are read when somebody asks for them: most of a stream is
    never asked."""

    def __init__(self, network: str, said: Activity, zone: tzinfo, own: bool = False) -> None:
        links = tuple(span.target for span in said.spans if span.kind == "link")
        words = {
            kind: tuple(said.text[span.start : span.end] for span in said.spans if span.kind == kind)
            for kind in ("mention", "tag")
        }
        has = {each.kind for each in said.media} | ({"link"} if links else set())
        is_ = {_IS[said.kind]} if said.kind in _IS else set()
        # Fields of a frozen class, filled as its own functions would fill them.
        vars(self).update(
            said=said, text=said.text, title=said.title, handle=said.actor.handle, name=said.actor.name,
            followers=said.actor.followers, url=said.url or None, network=network, links=links,
            mentions=words["mention"], hashtags=words["tag"], type=_TYPES.get(said.kind, said.kind.value),
            has=frozenset(has), is_=frozenset(is_ | ({"own"} if own else set())), at=said.published, zone=zone,
        )  # fmt: skip

    said: Activity
    taught: tuple[int, int, Corrections] | None = None
    """The brand that looks, the message's number, and what the brand's people said."""

    @cached_property
    def _read(self) -> Read | None:
        return self.read_for(*self.taught) if self.taught else None

    @cached_property
    def lang(self) -> str | None:
        """Its language: what its network calls it counts."""
        if self._read:
            return self._read.language or None
        return clean(language_heard(self.text or self.title, self.said.language)) or None

    @cached_property
    def sentiment(self) -> str | None:
        """Its tone."""
        if self._read:
            return self._read.tone or None
        return tone_heard(self.text or self.title, self.lang or "") or None

    @cached_property
    def signs(self) -> Signs:
        """What marks it."""
        return self._read.signs if self._read else signs_of(self.text or self.title, self.lang or "")

    @cached_property
    def marks(self) -> frozenset[str]:
        """The same in the words of queries."""
        return marked_as(self.signs)

    @cached_property
    def sum(self) -> int:
        """A sum of what is read of it: whether it says something else than before."""
        return crc32(clean((self.text or self.title)[:READ_MOST]).encode()) - 2**31

    def read_for(self, brand: int, activity: int, said: Corrections) -> Read:
        """What is read of it for a brand, whose people may have corrected what it says or what is like it."""
        if not said:
            return Read(self.lang or "", self.sentiment or "", self.signs)
        return said.read(brand, activity, self.text or self.title, clean(self.said.language))

    def read_as(self, language: str, tone: str, signs: Signs | None = None) -> Post:
        """Take what was read of it before, rather than reading it again."""
        vars(self).update(lang=language or None, sentiment=tone or None)
        if signs is not None:
            vars(self)["signs"] = signs
        return self

    def seen_by(self, brand: int, activity: int, said: Corrections) -> Post:
        """As a brand sees it, whose people may have corrected what it says or what is like it."""
        if said:
            vars(self)["taught"] = (brand, activity, said)
        return self

    def seen_from(self, zone: tzinfo) -> Post:
        """The same on another clock."""
        if zone == self.zone:
            return self
        other = object.__new__(Post)
        vars(other).update(vars(self) | {"zone": zone})
        vars(other).pop("local", None)
        return other

    def as_own(self) -> Post:
        """The same, said by the brand itself."""
        other = object.__new__(Post)
        vars(other).update(vars(self) | {"is_": (self.is_ or frozenset()) | {"own"}})
        return other
