"""Paths of what is said back. Each carries how far its conversation is and in what mood: the town need not remember."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comptoir.connectors.rehearsal import folk
from comptoir.connectors.rehearsal.plan import Plan
from comptoir.connectors.rehearsal.scenes import Message
from comptoir.networks.connector import Activity, Kind

_PATH = re.compile(
    r"(?P<stream>[a-z][0-9a-z]*)\.(?P<i>\d{1,9})"
    r"(?:~(?P<turn>\d)(?P<mood>[a-g])(?P<at>[0-9a-f]{1,12})-(?P<tag>[0-9a-z]+))?"
)
_MOODS = "abcdefg"


@dataclass(frozen=True, slots=True)
class Trace:
    """A message of a conversation: `stream` and `i` name the first message; `at` (ms) is None for that one itself.

    turn  how many answers of the brand came before it.
    mood  its author's, from -3 to 3; None for the first message, whose seed says it.
    """

    stream: str
    i: int
    turn: int = 0
    mood: int | None = None
    at: int | None = None
    tag: str = ""

    @property
    def root(self) -> str:
        return f"{self.stream}.{self.i}"

    @property
    def path(self) -> str:
        if self.at is None or self.mood is None:
            return self.root
        return f"{self.root}~{self.turn}{_MOODS[self.mood + 3]}{self.at:x}-{self.tag}"

    def said(self, plan: Plan, first: Message, text: str, to: str) -> Activity:
        """The activity of this trace: the author of `first` says `text` in answer to the remote id `to`."""
        begun = first.shown(plan)
        if "teen" not in (first.seed.tone, first.person.temper[0]):
            text = text[0].upper() + text[1:]
        kind = first.kind if first.kind in (Kind.MESSAGE, Kind.COMMENT) else Kind.REPLY
        return Activity(
            remote_id=plan.id(self.path),
            kind=kind,
            actor=begun.actor,
            published=folk.moment(self.at if self.at is not None else first.at),
            text=text,
            language=begun.language,
            in_reply_to=to,
            conversation=begun.conversation,
        )


def trace(path: str) -> Trace | None:
    """Read a path; None when it is nobody's message."""
    found = _PATH.fullmatch(path)
    if not found:
        return None
    part = found.groupdict()
    if part["at"] is None:
        return Trace(part["stream"], int(part["i"]))
    mood = _MOODS.index(part["mood"]) - 3
    return Trace(part["stream"], int(part["i"]), int(part["turn"]), mood, int(part["at"], 16), part["tag"])
