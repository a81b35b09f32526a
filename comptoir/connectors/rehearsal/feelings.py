"""What an answer of the brand does to somebody: how their mood moves, and what they do next."""

from __future__ import annotations

from dataclasses import dataclass

from comptoir.connectors.rehearsal.dice import Dice
from comptoir.connectors.rehearsal.lines import Person
from comptoir.connectors.rehearsal.manner import Manner

QUICK = 10 * 60_000
LATE = 60 * 60_000
VERY_LATE = 24 * LATE
LAST_TURN = 4
"""After so many answers back nobody goes on."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody does with an answer.

    mood    from -3 to 3, afterwards.
    moment  the table of answers to speak from, "" to say nothing.
    likes   whether they like the answer.
    waits   whether they were promised something, and will ask after it.
    settles whether they will come back once to say that it is settled.
    """

    mood: int
    moment: str
    likes: bool = False
    waits: bool = False
    settles: bool = False


def react(
    person: Person, mood: int, turn: int, manner: Manner, waited: int, comment: bool, dice: Dice
) -> Reaction:
    """What a person in a mood makes of the brand's `turn`-th answer (0 the first), which came after `waited` ms."""
    if person.temper[0] == "spammer":
        return Reaction(mood, "bait" if dice.chance(0.4) and turn < 2 else "")
    after = max(-3, min(3, mood + _moved(manner, waited)))
    if turn >= LAST_TURN:
        return Reaction(after, "")
    if manner.language and not person.understands(manner.language):
        return Reaction(mood, "language")
    if manner.rude or manner.curt:
        hurt = 0.9 if manner.rude or mood < 1 else 0.4
        return Reaction(after, "angrier" if dice.chance(hurt) else "")
    if manner.form:
        return Reaction(after, "irony" if dice.chance(0.85 if turn < 2 else 0.3) else "")
    if manner.asks and turn < 3:
        return Reaction(after, "details" if dice.chance(0.9) else "", waits=manner.promises)
    return _content(mood, after, turn, manner, waited, comment, dice)


def _moved(manner: Manner, waited: int) -> int:
    """By how much a mood moves."""
    moved = 2 if manner.warm else 0
    moved += 1 if waited < QUICK else -1 if waited > LATE else 0
    moved -= 1 if waited > VERY_LATE else 0
    moved -= 2 if manner.form else 0
    moved -= 1 if manner.curt else 0
    moved -= 4 if manner.rude else 0
    return moved


def _content(
    mood: int, after: int, turn: int, manner: Manner, waited: int, comment: bool, dice: Dice
) -> Reaction:
    """After an answer that was an answer."""
    likes = after >= 0 and dice.chance(0.35)
    if manner.promises and turn == 0:
        return Reaction(after, "waiting" if dice.chance(0.55) else "", likes, waits=True)
    if turn > 0:
        moment = "calmer" if mood < 0 <= after else "closing"
        return Reaction(after, moment if dice.chance(0.6) else "", likes or after > 0)
    settles = mood < 0 and after >= 0 and dice.chance(0.2)
    if waited > LATE:
        return Reaction(after, "late" if dice.chance(0.75) else "", likes)
    if mood < 0:
        if after <= mood:
            return Reaction(after, "angrier" if dice.chance(0.7) else "")
        return Reaction(after, "calmer" if dice.chance(0.85) else "", likes, settles=settles)
    if dice.chance(0.28):
        return Reaction(after, "", likes or dice.chance(0.5))
    return Reaction(after, "undercomment" if comment and dice.chance(0.4) else "thanks", likes)
