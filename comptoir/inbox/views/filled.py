"""The values of a brand's own fields, as a thread shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Filled:
    """One field of a thread: `value` as its input takes it, `words` as people read it, "" for none."""

    pk: int
    name: str
    kind: str
    choices: tuple[str, ...]
    required: bool
    value: str
    words: str


def filled_of(found: Any) -> tuple[Filled, ...]:
    """The brand's fields with what an opened thread has of them."""
    return tuple(
        Filled(
            pk,
            name,
            kind,
            _choices(choices, found.fields.get(str(pk))),
            required,
            *_told(kind, found.fields.get(str(pk))),
        )
        for pk, name, kind, choices, required in found.custom
    )


def _choices(offered: list[str], value: Any) -> tuple[str, ...]:
    """What is offered, and a value that was once."""
    return (*offered, *([value] if isinstance(value, str) and offered and value not in offered else []))


def _told(kind: str, value: Any) -> tuple[str, str]:
    if value is None:
        return "", ""
    if kind == "yesno":
        return ("yes", _("Yes")) if value else ("no", _("No"))
    if kind == "date":
        return str(value), date_format(date.fromisoformat(str(value)), "j M Y")
    if kind == "number":
        return str(value), str(number_format(value, force_grouping=True))
    return str(value), str(value)
