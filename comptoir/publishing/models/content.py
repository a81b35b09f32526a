"""What makes one version of a post, and why it is not to be changed or to leave now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.publishing.models.variant import Variant


class Edited(Exception):
    """Somebody else changed the post since it was shown: it is at another version by now."""


class NotNow(Exception):
    """The post's state, or what it lacks, does not allow it. `code` says which of the two:

    state, nowhere (no channel), empty (no words and no picture), aimless (no campaign and no reason), timeless, past
    (the time is over), closed (its campaign is), silent (a channel that cannot post), unapproved (it has to be),
    unasked (nobody approves posts here), slotless (a channel without a free slot), uncredited (what it shares would
    leave a channel without its author or its link), rights (a picture that may not be shown on that day), video (one
    stands beside it: nothing sends videos so far).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Content:
    """What makes one version of a post: when any of it changes, it is another version.

    variants  the words, the base among them
    destinations   the channels it is for, each with the language in which it is said there
    pictures  the brand's assets beside it, in order, each with the words for those who do not see it
    segments  whom it is for, None for those that it is for already
    pieces    found pieces that it shares, beside those that it shares already
    """

    language: str
    variants: Sequence[Variant]
    destinations: Sequence[tuple[int, str]]
    pictures: Sequence[tuple[int, str]] = ()
    segments: Sequence[int] | None = None
    pieces: Sequence[int] = ()
