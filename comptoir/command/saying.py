"""What the command prints: one line for each thing done, with its time."""

import os
import sys
import time

from comptoir.kernel import logs

_BEGAN = float(os.environ.get("COMPTOIR_BEGAN") or time.monotonic())


_log = False


def to_a_log() -> None:
    """What is said from now on is a log, in the format that was asked for; a command answers a person otherwise."""
    global _log
    _log = logs.as_json()


def is_a_log() -> bool:
    """Whether a machine reads what is said."""
    return _log


def began() -> float:
    """When the person asked, on the monotonic clock: `up` hands it to the processes that it starts."""
    return _BEGAN


def line(name: str, text: str, since: float | None = None) -> None:
    """Say what was done under a name; with `since` (of the monotonic clock), how long it took."""
    took = "" if since is None else f"{time.monotonic() - since:6.1f} s"
    if _log:
        _write(logs.told(name, f"{text} {took.strip()}".strip()))
    else:
        _write(f"{name:<12}| {text:<62}{took}".rstrip())


def plain(text: str) -> None:
    """Say a whole sentence."""
    _write(logs.told("comptoir", text.strip()) if _log else text)


def passed_on(name: str, text: str) -> None:
    """Say what a process of ours said."""
    _write(logs.told(name, text) if _log else f"{name:<12}| {text}")


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
