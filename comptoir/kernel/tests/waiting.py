"""Waiting in tests for what another process or thread does."""

import time
from collections.abc import Callable


def until(true: Callable[[], object], seconds: float = 20, what: str = "it did not happen") -> None:
    """Wait for something to become true, at most so long."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)
