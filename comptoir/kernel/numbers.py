"""Whole numbers that addresses and forms bring: of a row, of a page."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 18
"""Digits: any more, and the database has no such number."""


def number_of(given: str) -> int | None:
    """The number that a text is; None for any other text."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _MOST else None


def numbers_of(given: Iterable[object]) -> list[int]:
    """The numbers among what was given, in its order."""
    found = (number_of(str(each)) for each in given)
    return [number for number in found if number is not None]
