"""The colleagues at a thread, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from comptoir.inbox.models.writing import Here, who_is_here
from comptoir.organisation.access import BrandRequest
from comptoir.organisation.templatetags.house import initials


@dataclass(frozen=True, slots=True)
class Seen:
    """A colleague at a thread, in words. `state` is "writing", "reading" or "away"."""

    name: str
    initials: str
    state: str
    words: str

    @classmethod
    def of(cls, here: Here) -> Seen:
        words = {
            "writing": _("%(who)s is writing an answer"),
            "reading": _("%(who)s is reading"),
            "away": _("%(who)s has it open, behind other pages"),
        }[here.state]
        return cls(here.name, initials(here.name), here.state, words % {"who": here.name})


def seen_at(request: BrandRequest, thread: int) -> list[Seen]:
    """The colleagues at one thread: who writes first."""
    return [Seen.of(each) for each in who_is_here(request.brand.pk, request.user.pk, thread)]


def locked_by(seen: list[Seen]) -> Seen | None:
    """The colleague who writes the answer."""
    return next((each for each in seen if each.state == "writing"), None)
