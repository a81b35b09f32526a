"""Somebody in a release, in words: what they would be told, what speaks against it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comptoir.inbox.models.gathered import Why, Wording
from comptoir.inbox.models.release import Counting, Part, Release
from comptoir.networks.connector import Length
from comptoir.networks.models import Channel

if TYPE_CHECKING:
    from comptoir.organisation.models import User

WORDS: dict[str, Any] = {
    Why.UNADDRESSED: _("did not write to the brand"),
    Why.ASIDE: _("set aside: waits for something"),
    Why.LOCKED: _("a colleague is writing the answer"),
    Why.CHANNEL: _("nothing can leave on this channel now"),
    Why.TWICE: _("the same person again: one answer each"),
    Why.LONG: _("too long for the network"),
    Why.PRESSING: _("speaks of health, a child or danger"),
    Why.MORE: _("has written more since"),
    Why.EDITED: _("changed their message"),
    Why.ASSIGNED: _("given to a colleague"),
    Why.FAR: _("differs most from the others"),
}
OUTCOMES: dict[str, Any] = {
    Part.Outcome.UNDONE: _("taken back before it left"),
    Part.Outcome.MEANWHILE: _("somebody answered meanwhile"),
    Part.Outcome.LOCKED: _("a colleague is writing the answer"),
    Part.Outcome.CLOSED: _("closed or set aside meanwhile"),
    Part.Outcome.CHANGED: _("the person wrote something else meanwhile"),
    Part.Outcome.GONE: _("the message is gone"),
    Part.Outcome.CHANNEL: _("nothing can leave on this channel now"),
    Part.Outcome.LEFT: _("whoever released it may not answer any more"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody in a release: what they said, what they would be told, and how long that is."""

    part: Part
    url: str
    who: str
    said: str
    spoken: str
    text: str
    length: Length | None
    wanting: list[str]
    why: list[str]

    @property
    def missing(self) -> str:
        """The variables that nothing fills."""
        return ", ".join(self.wanting)


class Showing:
    """Turns parts into what is shown of them, as answers of somebody's; counts as each channel's network does."""

    def __init__(self, found: Release, by: User) -> None:
        self._slug, self._by = found.brand.slug, by
        self._shielded = found.brand.shielded_at is not None
        self._wording = Wording(found.texts, found.brand, by)
        self._counts: dict[int, Counting] = {}

    def of(self, part: Part) -> Shown:
        """One of them, with what it points at loaded."""
        thread, heard = part.thread, part.activity
        about = (part.language, thread.person, thread.channel, thread.fields)
        text = self._wording.text(*about)
        return Shown(
            part, reverse("thread", args=[self._slug, thread.pk]), str(thread.person or "–"), heard.text[:400],
            thread.language, text, self._count(thread.channel, part, text), self._wording.wanting(*about),
            [str(WORDS[why]) for why in part.why],
        )  # fmt: skip

    def _count(self, channel: Channel, part: Part, text: str) -> Length | None:
        if channel.pk not in self._counts:
            self._counts[channel.pk] = Counting(channel, self._by, self._shielded)
        return self._counts[channel.pk].of(part.activity, text)
