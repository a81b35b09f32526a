"""What programs give, and the shapes of what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, Field

from comptoir.inbox.models import Lock
from comptoir.inbox.models.writing import Here
from comptoir.organisation.api import PersonBrief
from comptoir.organisation.programs.paging import NUMBER_MOST


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReplyGiven(Given):
    """An answer to give."""

    text: str = Field(
        min_length=1,
        max_length=100_000,
        description=gettext_noop("What to say, as plain text. It is signed as the channel says."),
    )
    enclosures: list[int] = Field(
        default=[], max_length=20, description=gettext_noop("The numbers of what is to lie beside it.")
    )
    seen: int = Field(
        default=0, ge=0, le=NUMBER_MOST,
        description=gettext_noop("The newest answer that its writer saw: a newer one by a colleague makes it a 409."),
    )  # fmt: skip


class SettledGiven(Given):
    """What somebody found who looked at the network, or at the desk."""

    there: bool = Field(description=gettext_noop("Whether it arrived; else it leaves again."))


class HistoryGiven(Given):
    """What becomes of threads from before a channel was connected that nobody answered."""

    take: bool = Field(
        description=gettext_noop("Whether they come to the counter, open; else they stay closed.")
    )


class HistorySettled(BaseModel):
    """What became of them."""

    threads: int = Field(description=gettext_noop("How many there were."))


class NoteGiven(Given):
    """A note to write."""

    text: str = Field(min_length=1, max_length=10_000)


class AssignmentGiven(Given):
    """Who gets the thread: somebody, a team, or whoever works in a queue."""

    to: int | None = Field(
        default=None, ge=1, le=NUMBER_MOST, description=gettext_noop("The number of somebody who may answer.")
    )
    team: int | None = Field(
        default=None, ge=1, le=NUMBER_MOST, description=gettext_noop("The number of a team of the brand.")
    )
    queue: int | None = Field(
        default=None, ge=1, le=NUMBER_MOST, description=gettext_noop("The number of a queue of the brand.")
    )


class PauseGiven(Given):
    """What a thread is to wait for."""

    waits: Literal["person", "colleague", "moment"]
    until: datetime | None = Field(
        default=None,
        description=gettext_noop("When it comes back at the latest; needed where a moment is waited for."),
    )


class PriorityGiven(Given):
    """How much a thread presses."""

    priority: int = Field(ge=-1, le=2)


class MergeGiven(Given):
    """The thread that takes another one in."""

    into: int = Field(ge=1, le=NUMBER_MOST)


class SplitGiven(Given):
    """Where a new thread is to begin."""

    message: int = Field(
        ge=1, le=NUMBER_MOST, description=gettext_noop("The first message of the new thread.")
    )


class MergeShown(BaseModel):
    """A merge, or a split."""

    id: int
    thread: int
    into: int = Field(description=gettext_noop("Where its messages went."))


class LockGiven(Given):
    """A hand on an answer."""

    take_over: bool = Field(
        default=False,
        description=gettext_noop("Take it from a colleague who is writing, and have them told."),
    )


class LockShown(BaseModel):
    """Who writes the answer, until when if no key is pressed."""

    by: PersonBrief
    since: datetime
    until: datetime

    @classmethod
    def of(cls, lock: Lock) -> LockShown:
        return cls.model_construct(by=PersonBrief.of(lock.by), since=lock.since, until=lock.until)


class Colleague(BaseModel):
    """A colleague at a thread."""

    id: int
    name: str
    state: Literal["writing", "reading", "away"]

    @classmethod
    def of(cls, here: Here) -> Colleague:
        return cls.model_construct(id=here.user, name=here.name, state=here.state)


class Present(BaseModel):
    """Who is at a thread, besides the token's person."""

    items: list[Colleague]
