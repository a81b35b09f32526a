"""Mentions: "@[Name]" in a text becomes what somebody is called on the network where it is said. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comptoir.reading.folding import spaced

NAME_MOST = 80
_MENTION = re.compile(rf"@\[\s*([^\[\]\n]{{1,{NAME_MOST}}}?)\s*\]")


@dataclass(frozen=True, slots=True)
class Book:
    """Whom a brand's posts mention: for each name, as `called` has it, the handle on each network."""

    handles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def on(self, text: str, network: str) -> str:
        """A text as it is said on a network: each of its mentions is a handle there, else the name without signs."""
        return _MENTION.sub(lambda found: self._said(found[1], network), text)

    def unknown(self, texts: Iterable[str]) -> list[str]:
        """The names in mentions of nobody in the book, in order."""
        return [each for each in named(texts) if called(each) not in self.handles]

    def without(self, texts: Iterable[str], network: str) -> list[str]:
        """The names in mentions of those who have no handle on a network, in order."""
        known = [each for each in named(texts) if called(each) in self.handles]
        return [each for each in known if not self.handles[called(each)].get(network)]

    def _said(self, name: str, network: str) -> str:
        handle = self.handles.get(called(name), {}).get(network, "")
        return f"@{handle.removeprefix('@')}" if handle else name


NOBODY = Book()


def named(texts: Iterable[str]) -> list[str]:
    """The names in the mentions of texts, once each, in order."""
    return list(dict.fromkeys(found for text in texts for found in _MENTION.findall(text)))


def called(name: str) -> str:
    """What is the same for names that are written alike: without case, accents and signs."""
    return spaced(name)
