"""Who is at the counter when the town opens: the conversations of the hours before, by the age of their last word."""

from __future__ import annotations

from dataclasses import dataclass

from comptoir.networks.connector import Kind

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Part:
    """One conversation.

    ago       milliseconds from its last word to the opening.
    tongue    which of the town's languages, counted round.
    topics    what a single message may be about; none for a conversation of several turns.
    kind      how it reaches the brand, None as its text likes.
    answered  whether the brand has answered it.
    """

    ago: int
    tongue: int
    topics: tuple[str, ...] = ()
    kind: Kind | None = None
    answered: bool = False


PARTS = (
    Part(4_000, 0, ("timetable",)),
    Part(45_000, 1, ("delay",)),
    Part(2 * MINUTE, 0),
    Part(3 * MINUTE, 1, ("safety",)),
    Part(5 * MINUTE, 0, ("lost",), Kind.MESSAGE),
    Part(7 * MINUTE, 1),
    Part(9 * MINUTE, 0, ("comment",), Kind.COMMENT),
    Part(12 * MINUTE, 1, ("praise",)),
    Part(16 * MINUTE, 0, ("delay",)),
    Part(21 * MINUTE, 1, ("price", "bikes", "animals"), answered=True),
    Part(26 * MINUTE, 0),
    Part(33 * MINUTE, 1, ("spam",)),
    Part(40 * MINUTE, 0, ("access", "app"), answered=True),
    Part(49 * MINUTE, 1),
    Part(58 * MINUTE, 0, ("staff", "dirt", "noise")),
    Part(70 * MINUTE, 1, ("comment",), Kind.QUOTE),
    Part(84 * MINUTE, 0),
    Part(98 * MINUTE, 1, ("lost", "machine")),
    Part(112 * MINUTE, 0, ("suggestion",)),
    Part(128 * MINUTE, 1),
    Part(144 * MINUTE, 0, ("press",)),
    Part(160 * MINUTE, 1, ("refund",), Kind.MESSAGE),
    Part(178 * MINUTE, 0),
    Part(195 * MINUTE, 1, ("jobs",)),
    Part(212 * MINUTE, 0, ("smalltalk",)),
    Part(232 * MINUTE, 1, ("price", "timetable")),
)

FROM_ELSEWHERE = {"comment": "comments", "spam": "spam"}
"""Topics whose texts are not an ordinary day's: the file that has them."""

DEALT = sum(1 for part in PARTS if part.topics and part.topics[0] not in FROM_ELSEWHERE)
"""How many of them speak a text of the ordinary day."""
