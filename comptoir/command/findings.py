"""What the doctor says: one line for each thing it looked at."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    """How something is."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "WRONG"


class Finding(NamedTuple):
    """One line of what the doctor says."""

    mark: Mark
    name: str
    text: str


Findings = Iterator[Finding]


def fine(name: str, text: str) -> Finding:
    """Something that is as it should be."""
    return Finding(Mark.FINE, name, text)


def note(name: str, text: str) -> Finding:
    """Something to know."""
    return Finding(Mark.NOTE, name, text)


def wrong(name: str, text: str) -> Finding:
    """Something to put right, with what to do about it."""
    return Finding(Mark.WRONG, name, text)
