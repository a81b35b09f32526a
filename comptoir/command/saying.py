"""What the command prints: one line for each thing done, with its time."""

import gettext
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import comptoir
from comptoir.kernel import logs

_LOCALE = Path(comptoir.__file__).parent / "locale"
_BEGAN = float(os.environ.get("COMPTOIR_BEGAN") or time.monotonic())


_log = False


@contextmanager
def whole(target: str) -> Iterator[TextIO]:
    """A file to write for somebody: it is there when it is whole, not before. OSError where it cannot be."""
    part = Path(f"{target}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def refused(error: OSError) -> None:
    """Say which file could not be read or written, and why."""
    _ = translated()
    print(_("{file}: {why}").format(file=error.filename, why=error.strerror), file=sys.stderr)


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


def translated() -> Callable[[str], str]:
    """Sentences in the language of the terminal, for commands that do without Django."""
    return gettext.translation("django", _LOCALE, fallback=True).gettext
