"""The columns of a table with posts: what each is, and for whom; and what a brand has that its cells may name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.publishing.models import Asset, Campaign
from comptoir.publishing.outgoing import Links
from comptoir.publishing.tables_in import Sheet
from comptoir.publishing.telling import LANGUAGES
from comptoir.publishing.written import Key
from comptoir.reading.folding import fold

COLUMNS = {
    "text": ("text", "texte", "message", "words"),
    "channels": ("channels", "channel", "accounts", "account", "canaux", "canal", "comptes", "compte"),
    "day": ("day", "date", "jour"),
    "hour": ("hour", "time", "heure"),
    "zone": ("time zone", "zone", "timezone", "fuseau horaire", "fuseau"),
    "campaign": ("campaign", "campagne"),
    "reason": ("reason", "raison", "motif"),
    "title": ("title", "titre"),
    "language": ("language", "langue"),
    "warning": ("content warning", "warning", "avertissement"),
    "comment": ("first comment", "comment", "premier commentaire", "commentaire"),
    "pictures": ("pictures", "picture", "images", "image"),
    "alt": ("alternative text", "alt", "alt text", "texte alternatif", "description"),
}
"""What a column may be called, in English and in French; accents and capitals do not matter."""
VARIED = ("text", "comment", "warning")
"""Columns that may be once more for a language, a network or a channel: "text [fr]"."""
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}
_FOR = re.compile(r"(.*?)\s*(?:\[(.+)\]|\((.+)\)|:\s*(.+))")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell, or odd about it (then the row is good nevertheless).

    column   its letter and head, "" for the row as a whole
    code     what it is; `words` where a network says it itself
    """

    sheet: str
    line: int
    column: str
    head: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Known:
    """What a brand has that rows may name."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand
        rows = Channel.objects.of(brand).exclude(state=Channel.State.OFF).select_related("timetable")
        self.channels = list(rows.order_by("network", "handle", "pk"))
        self.campaigns = {fold(each.name): each for each in Campaign.objects.of(brand)}
        named = Asset.objects.of(brand).pictures().exclude(name="").order_by("pk").defer("content")
        self.pictures = {fold(each.name): each for each in named}
        self.links = Links.of(brand)

    def called(self, name: str) -> list[Channel]:
        """The channels that a name may mean: a handle, a handle and its network, or a network with one account."""
        wanted = _plain(name)
        exact = [each for each in self.channels if wanted in _names_of(each)]
        return exact or [each for each in self.channels if wanted in (_plain(each.label), each.network)]

    def key(self, name: str) -> Key | None:
        """For whom a further column is."""
        code = name.strip().lower()
        if code in LANGUAGES:
            return Key(language=code)
        networks = [each for each in self.channels if _plain(name) in (_plain(each.label), each.network)]
        if networks:
            return Key(network=networks[0].network)
        found = self.called(name)
        return Key(channel=found[0].pk) if len(found) == 1 else None


def _names_of(channel: Channel) -> tuple[str, ...]:
    handle, label = channel.handle, channel.label
    return _plain(handle), _plain(f"{handle} ({label})"), _plain(f"{label} {handle}")


def _plain(text: str) -> str:
    return " ".join(fold(text).replace("@", " ").split())


type Columns = list[tuple[str, Key] | None]


def columns_of(known: Known, sheet: Sheet) -> tuple[Columns, list[Wrong]]:
    found: Columns = []
    wrong = []
    for number, head in enumerate(sheet.head):
        column = _column(known, head) if head else None
        code = "" if column or not head else "unknown_for" if _FOR.fullmatch(head[:200]) else "unknown_column"
        if column and column in found:
            code = "column_twice"
        if code:
            facts = {"known": ", ".join(names[0] for names in COLUMNS.values())}
            wrong.append(Wrong(sheet.name, sheet.head_line, letter(number), head[:60], code, facts))
        found.append(column)
    named = {each[0] for each in found if each}
    wrong += [
        Wrong(sheet.name, sheet.head_line, "", "", "no_column", {"column": each})
        for each in ("text", "channels") if each not in named
    ]  # fmt: skip
    return found, wrong


def _column(known: Known, head: str) -> tuple[str, Key] | None:
    head = head.strip()[:200]
    name = _plain(head)
    if name in _NAMES:
        return _NAMES[name], Key()
    if not (parts := _FOR.fullmatch(head)):
        return None
    column = _NAMES.get(_plain(parts[1]), "")
    key = known.key(parts[2] or parts[3] or parts[4]) if column in VARIED else None
    return (column, key) if key else None


def letter(number: int) -> str:
    """The letter of a column, as spreadsheets show it: 0 is A."""
    found = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
