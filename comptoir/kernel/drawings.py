"""Parts of pages that processes keep drawn, and when they let go of them.

A drawing is only shown to whoever asks with the very values that are in it. Still, names must not stay in memory for
ever: all drawings go once an hour in every process, and at once in the one where a person is erased.
"""

from __future__ import annotations

import time
from collections.abc import Callable

HOUR = 3600.0
_clears: list[Callable[[], None]] = []
_since = time.monotonic()


def cleared_by(clear: Callable[[], None]) -> None:
    """Register how a store of drawings is emptied."""
    _clears.append(clear)


def let_go() -> None:
    """Empty all stores of this process."""
    global _since
    _since = time.monotonic()
    for clear in _clears:
        clear()


def age_out() -> None:
    """Empty them when the hour is over; costs next to nothing otherwise, so every request may say it."""
    if time.monotonic() - _since > HOUR:
        let_go()
