"""Which text comes next. The ordinary day's are dealt like cards, so that none is heard twice before all were heard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from comptoir.connectors.rehearsal import lines
from comptoir.connectors.rehearsal.cast import DEALT, FROM_ELSEWHERE, PARTS
from comptoir.connectors.rehearsal.dice import mix, shuffled
from comptoir.connectors.rehearsal.lines import Seed
from comptoir.connectors.rehearsal.plan import Plan

PAST = 150
"""Conversations of the month before the town opened."""

BEFORE = DEALT + PAST
"""Cards dealt before the town opens: those of its last hours, then those of its past."""


@lru_cache(maxsize=64)
def deck(languages: tuple[str, ...], occasion: str) -> tuple[Seed, ...]:
    """All texts of an occasion; "" is the ordinary day."""
    occasions = (occasion,) if occasion else lines.ORDINARY
    return tuple(seed for language in languages for name in occasions for seed in lines.seeds(language, name))


@lru_cache(maxsize=256)
def _order(size: int, seed: int) -> list[int]:
    return shuffled(size, seed)


def drawn(cards: Sequence[Seed], seed: int, i: int) -> tuple[Seed, bool]:
    """The i-th card of a deck that is shuffled anew each time it has been dealt, and whether it was dealt before."""
    turn, place = divmod(i, len(cards))
    return cards[_order(len(cards), mix(seed, turn + 9_000))[place]], turn > 0


def card(plan: Plan, i: int) -> tuple[Seed, bool]:
    """The i-th card of the ordinary day. The last hours deal the first ones, then the past, and the day goes on."""
    first = _first_deal(plan.languages, plan.seed)
    return (first[i], False) if i < len(first) else drawn(deck(plan.languages, ""), plan.seed, i)


@lru_cache(maxsize=64)
def _first_deal(languages: tuple[str, ...], seed: int) -> tuple[Seed, ...]:
    """The shuffled deck, with what the last hours want on top."""
    cards = deck(languages, "")
    left = [drawn(cards, seed, i)[0] for i in range(len(cards))]
    top = []
    for part in PARTS:
        if part.topics and part.topics[0] not in FROM_ELSEWHERE:
            language = languages[part.tongue % len(languages)]
            fits = [card for card in left if card.language == language and card.topic in part.topics]
            top.append(fits[0] if fits else left[0])
            left.remove(top[-1])
    return (*top, *left)
