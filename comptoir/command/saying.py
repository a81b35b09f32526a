"""What the command prints: one line for each thing done, with its time."""

import os
import sys
import time

_BEGAN = float(os.environ.get("COMPTOIR_BEGAN") or time.monotonic())


def began() -> float:
    """When the person asked, on the monotonic clock: `up` hands it to the processes that it starts."""
    return _BEGAN


def line(name: str, text: str, since: float | None = None) -> None:
    """Say what was done under a name; with `since` (of the monotonic clock), how long it took."""
    took = "" if since is None else f"{time.monotonic() - since:6.1f} s"
    plain(f"{name:<12}| {text:<62}{took}".rstrip())


def plain(text: str) -> None:
    """Say a whole sentence."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
