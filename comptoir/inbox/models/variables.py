"""Variables of saved replies: which there are, what fills them, and what must not leave unfilled."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from comptoir.reading.folding import fold

KNOWN = ("person", "first_name", "handle", "brand", "channel", "me", "me.first_name", "date")
"""All variables, as they are written between two pairs of braces."""

FIELD = "field."
"""How the variable of a field of the brand's own begins: its name follows, however it is written."""

SURVEY = "survey"
"""Becomes a link when the answer leaves, see `inbox.models.survey`: until then it stands in it."""

_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_EMPTY = "\x00"
_BLANK = "[ \\t\u00a0\u202f]"
# What is tidied around a variable that nothing fills: each rule looks at its mark alone, other blanks are somebody's.
_TIDYING = tuple(
    (re.compile(rule.replace("_", _BLANK), re.MULTILINE), instead)
    for rule, instead in (
        (r"\x00(?:_*\x00)+", _EMPTY),
        (r"^_*[-–—^~]*_*\x00_*(?:\n|\Z)", ""),
        (r"^_*\x00_*[,;:]?_*", ""),
        (r"_*\x00(?=[,.)\]…;:!?])", ""),
        (r"_*\x00_*$", ""),
        (r"(_)_*\x00_+", r"\1"),
        (r"\x00", ""),
    )
)


class UnknownVariable(ValueError):
    """There is no variable of this `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Unclosed(ValueError):
    """Two braces stand without their two others."""


def check(text: str, fields: Collection[str] = ()) -> None:
    """UnknownVariable or Unclosed when a text to be kept could not be filled; `fields` are the brand's own, folded."""
    for found in _PLACE.finditer(text):
        name = _name(found)
        known = name.removeprefix(FIELD) in fields if _is_own(name) else name in (*KNOWN, SURVEY)
        if not known:
            raise UnknownVariable(found[1].strip())
    rest = _PLACE.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise Unclosed


def has_own(texts: Iterable[str]) -> bool:
    """Whether one of these has a variable of a field of the brand's own."""
    return any(_is_own(_name(found)) for text in texts for found in _PLACE.finditer(text))


def renamed(text: str, before: str, after: str) -> str:
    """The text with the variable of a field (folded) under its new name."""
    now = f"{{{{{FIELD}{after}}}}}"
    return _PLACE.sub(lambda found: now if _name(found) == FIELD + before else found[0], text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled; one without a value is left out, with the blanks and the comma around it."""
    filled = _PLACE.sub(lambda found: _value(found, values), text.replace(_EMPTY, ""))
    if _EMPTY in filled:
        for rule, instead in _TIDYING:
            filled = rule.sub(instead, filled)
    return filled


def wanting(text: str, values: Mapping[str, str]) -> list[str]:
    """The known variables of a text that these values leave out."""
    names = dict.fromkeys(_name(found) for found in _PLACE.finditer(text))
    return [name for name in names if _is_known(name) and not values.get(name, "").strip()]


def unfilled(text: str) -> str:
    """The first known variable that still stands in a text, "" for none."""
    return next((name for found in _PLACE.finditer(text) if _is_known(name := _name(found))), "")


def _name(found: re.Match[str]) -> str:
    said = " ".join(found[1].split())
    name = said.casefold()
    return FIELD + fold(said[len(FIELD) :]).strip() if name.startswith(FIELD) else name


def _is_own(name: str) -> bool:
    return name.startswith(FIELD) and name != FIELD


def _is_known(name: str) -> bool:
    return name in KNOWN or _is_own(name)


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = _name(found)
    if not _is_known(name):
        return found[0]
    # A stranger may be called "{{me}}": names bring no variables of their own.
    value = values.get(name, "").replace(_EMPTY, "").translate(_NO_BRACES)
    return " ".join(value.split()) or _EMPTY


_NO_BRACES = str.maketrans("", "", "{}")
