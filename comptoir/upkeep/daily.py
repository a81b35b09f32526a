"""The backup of each day: made by a worker into `BACKUP_DIR`, the oldest ones going as new ones come."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from comptoir.upkeep import saving

PREFIX = "daily"
EVERY = 23 * 3600
"""Seconds after which another one is due: it is looked for each hour, so the time of day hardly moves."""
LATE = 2 * 24 * 3600
"""Seconds after which the newest one is called too old."""
_LEFT_OVER = 24 * 3600


def folder() -> Path | None:
    """Where they go; None when nobody asked for them."""
    given = os.environ.get("BACKUP_DIR")
    return Path(given).absolute() if given else None


def keep() -> int:
    """How many are kept: at least one."""
    given = os.environ.get("BACKUP_KEEP") or "7"
    return max(1, int(given)) if given.isdecimal() else 7


def made(place: Path) -> list[Path]:
    """Those that are there, the newest first."""
    return sorted(place.glob(f"{PREFIX}-*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)


def age(place: Path) -> float | None:
    """Seconds since the newest one was made, None when there is none."""
    newest = made(place)[:1]
    return time.time() - newest[0].stat().st_mtime if newest else None


def make_if_due(place: Path) -> Path | None:
    """Make one unless the newest is fresh; its path. The errors are those of `saving.save`."""
    place.mkdir(parents=True, exist_ok=True)
    since = age(place)
    if since is not None and 0 <= since < EVERY:
        return None
    _clear(place)
    path = place / saving.name_now(PREFIX)
    saving.save(path)
    for old in made(place)[keep() :]:
        old.unlink(missing_ok=True)
    return path


def _clear(place: Path) -> None:
    """Take away what a killed worker left half written."""
    for draft in place.glob(f".{PREFIX}-*.part"):
        with suppress(FileNotFoundError):
            if draft.stat().st_mtime < time.time() - _LEFT_OVER:
                draft.unlink()
