"""An invented town's talk of a brand, to hear spikes in: asleep at night, quieter at weekends, never quite regular."""

import math
import random
from collections.abc import Iterator

STEP = 300
MONDAY = 1_799_020_800
"""A Monday, at midnight."""
PER_DAY = 86_400 // STEP


def usual(moment: float, mean: float) -> float:
    """How many posts a stretch of five minutes brings."""
    by_day = 1 + 0.95 * math.sin((moment / 3600 % 24 - 9) / 12 * math.pi)
    return mean * by_day * (0.6 if moment // 86_400 % 7 in (2, 3) else 1.0)


def some(chance: random.Random, mean: float) -> int:
    """About so many: like posts, more unevenly than chance alone would have it."""
    left, count = math.exp(-min(200.0, chance.gammavariate(20, mean / 20))), 0
    product = chance.random()
    while product > left:
        product *= chance.random()
        count += 1
    return count


def talk(
    days: float, mean: float = 20.0, seed: int = 1, since: float = MONDAY
) -> Iterator[tuple[float, int]]:
    """Five minutes after five minutes, with how many posts."""
    chance = random.Random(seed)
    for at in range(int(days * PER_DAY)):
        moment = since + at * STEP
        yield moment, some(chance, usual(moment, mean))
