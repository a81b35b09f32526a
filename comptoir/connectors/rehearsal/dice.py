"""Chance that repeats itself: every draw is a function of a number, so the town needs no memory of its own."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

_ALL = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


def seal(*parts: str | int) -> int:
    """64 bits that stand for the parts: the same in every process and on every machine."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def mix(seed: int, number: int) -> int:
    """64 bits for the `number`-th thing under a seed (splitmix64: cheap enough for every message of a storm)."""
    value = (seed + (number + 1) * _STEP) & _ALL
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _ALL
    return value ^ (value >> 31)


class Dice:
    """A row of draws that begins at a seed."""

    __slots__ = ("_count", "_seed")

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._count = 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        self._count += 1
        return mix(self._seed, self._count) % limit

    def bits(self) -> int:
        """64 bits, to begin another row of draws with."""
        self._count += 1
        return mix(self._seed, self._count)

    def real(self) -> float:
        """A number from 0 to 1, 1 excluded."""
        self._count += 1
        return mix(self._seed, self._count) / (_ALL + 1)

    def chance(self, share: float) -> bool:
        """True for that share of the draws."""
        return self.real() < share

    def between(self, low: float, high: float) -> float:
        """A number from low to high."""
        return low + (high - low) * self.real()

    def pick[T](self, among: Sequence[T]) -> T:
        """One of them."""
        return among[self.below(len(among))]


def shuffled(size: int, seed: int) -> list[int]:
    """The numbers below `size` in an order that the seed decides."""
    order = list(range(size))
    dice = Dice(seed)
    for last in range(size - 1, 0, -1):
        other = dice.below(last + 1)
        order[last], order[other] = order[other], order[last]
    return order
