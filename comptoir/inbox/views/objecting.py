"""What speaks against answering somebody with the others, and what became of them, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from comptoir.inbox.models.gathered import Why
from comptoir.inbox.models.release import Part

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
