"""The brand's own page, which this house serves itself: saying something there asks nobody.

What is said gets its word from the key of the sending, so that the same sending is the same entry however often it is
tried, and whoever died in the middle of it. The entry itself is written by the rooms, in the transaction in which the
post counts as published.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from comptoir.networks.connector import (
    Activity,
    Actor,
    Connected,
    Connector,
    Deletes,
    Edits,
    Field,
    Keyed,
    Length,
    Publishes,
    Replies,
    Sent,
    StandsHere,
    Upload,
    Warns,
)

LONGEST = 10_000
"""Characters of one text: the page is no book."""


class Page(StandsHere, Publishes, Replies, Edits, Deletes, Warns, Keyed, Connector):
    network = "page"
    label = "Own page"
    sign = "¶"
    form: tuple[Field, ...] = ()
    images = 10
    image_bytes = 1_500_000
    image_words = 2_000

    @staticmethod
    def opened(identity: str, address: str, name: str) -> Connected:
        """A channel without secrets: the page is ours."""
        handle = address.partition("://")[2].rstrip("/")
        return Connected(Actor(identity, handle, name, url=address), {}, {"address": address})

    @staticmethod
    def word_of(remote_id: str) -> str:
        """The last part of what it is known by."""
        return remote_id.rpartition("/")[2]

    def length(self, text: str) -> Length:
        """Characters as people count them do not matter at this length: code points do."""
        return Length(len(text), LONGEST, len(text) - LONGEST)

    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime, warning: str = "") -> Sent:
        """A new entry, at an address of its own."""
        self.check(text, media)
        word = _word(key)
        return Sent(f"{self._identity}/{word}", f"{self.settings['address']}{word}/")

    def reply(
        self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime, warning: str = ""
    ) -> Sent:
        """What goes on below an entry: the next part of a thread, or the first comment."""
        self.check(text, media)
        return Sent(f"{self._identity}/{_word(key)}", to.url)

    def edit(self, remote_id: str, text: str) -> None:
        """The rooms show what an entry says by now."""

    def delete(self, remote_id: str) -> None:
        """The rooms show no more what was taken back."""

    @property
    def _identity(self) -> str:
        return self.me.remote_id if self.me else ""


def _word(key: str) -> str:
    """Thirteen small letters and digits."""
    return b32encode(sha256(key.encode()).digest()[:8]).decode().rstrip("=").lower()
