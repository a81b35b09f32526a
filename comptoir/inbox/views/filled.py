"""The values of a brand's own fields, as a thread shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from comptoir.inbox.models.custom import words_of


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


OFFERED_MOST = 300
"""Values offered for all fields together, where one is to be written."""


def offered_of(fields: Sequence[tuple[str, str, list[str]]]) -> list[str]:
    """What there is to choose from in these fields (name, kind, choices), once each."""
    found = [each for _name, _kind, choices in fields for each in choices]
    if any(kind == "yesno" for _name, kind, _choices in fields):
        found += [_("Yes"), _("No")]
    return list(dict.fromkeys(found))[:OFFERED_MOST]


def filled_of(found: Any) -> tuple[Filled, ...]:
    """The brand's fields with what an opened thread has of them."""
    return tuple(
        Filled(
            pk,
            name,
            kind,
            _choices(choices, found.fields.get(str(pk))),
            required,
            *told(kind, found.fields.get(str(pk))),
        )
        for pk, name, kind, choices, required in found.custom
    )


def _choices(offered: list[str], value: Any) -> tuple[str, ...]:
    """What is offered, and a value that was once."""
    return (*offered, *([value] if isinstance(value, str) and offered and value not in offered else []))


def told(kind: str, value: Any) -> tuple[str, str]:
    """A value as its input takes it, and as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no", words_of(kind, value)
    return "" if value is None else str(value), words_of(kind, value)
