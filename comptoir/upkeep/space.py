"""Room on the disk where the database on board lives, and what is said when it gets scarce."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from comptoir.kernel import config
from comptoir.kernel.cluster import Home

LEAST = 1_000_000_000
"""Bytes that should be free where the database is: it stops when there are none left."""


def place() -> Path:
    """The folder that must not run full: the database's own, or the data folder where the database is elsewhere."""
    data = config.data_folder()
    if os.environ.get("DATABASE_URL"):
        return data
    folder = Home(data).folder
    return folder if folder.exists() else data


def least() -> int:
    """How many bytes should be free there: a part of a small disk, `LEAST` of a large one."""
    return min(LEAST, shutil.disk_usage(place()).total // 10)


def free() -> int:
    """How many are."""
    return shutil.disk_usage(place()).free
