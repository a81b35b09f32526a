"""Real texts to measure on, from the folder shared beside the checkout; they are other people's and never in it."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


def path_of(name: str) -> Path:
    """A file or folder of the data; without it, the test that asks is skipped."""
    path = Path(os.environ.get("COMPTOIR_SHARED") or ROOT.parent / "shared") / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


@cache
def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path_of(f"{name}.jsonl").read_text().splitlines()]


def rows_of(name: str, step: int = 1) -> list[dict[str, Any]]:
    """Every `step`th row of one file; without the folder, the test that asks is skipped."""
    return _rows(name)[::step]


def texts_of(*names: str) -> list[str]:
    """The texts of some files."""
    return [row["text"] for name in names for row in rows_of(name)]
