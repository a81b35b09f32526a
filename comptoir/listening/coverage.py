"""What of a query each place can carry where a brand listens: all that is said there, or what its own search finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.listening.models import Query, Source
from comptoir.listening.models.source import searching_channels
from comptoir.networks.connector import Overhears, Searches
from comptoir.networks.found import installed
from comptoir.networks.models import Channel
from comptoir.organisation.query_words import parsed
from comptoir.reading.query import Query as Sought
from comptoir.reading.query.searched import Part, beyond, proposals, uncovered


@dataclass(frozen=True, slots=True)
class Heard:
    """A place of which everything is put to the query. `reach`: "network", "server" or "site"."""

    source: Source
    reach: str


@dataclass(frozen=True, slots=True)
class Searching:
    """An account that searches. `whole`: what is searched for brings all that the query can be true of, as far as the
    network's search finds it; `missing`: what else to search for, empty where nothing can be proposed;
    `beyond`: what no search there can be asked for."""

    channel: Channel
    sources: list[Source]
    whole: bool
    missing: list[str]
    beyond: list[Part]

    @property
    def since(self) -> datetime | None:
        """Since when anything has been searched for there."""
        return min((each.made for each in self.sources), default=None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a query is heard. Not `readable`: its text is no query any more, and nothing is."""

    readable: bool
    heard: list[Heard]
    searching: list[Searching]


def coverage(query: Query) -> Coverage:
    """How far a query is heard, place by place; of the sources that are on."""
    read = parsed(query.text)
    if not isinstance(read, Sought):
        return Coverage(False, [], [])
    rows = Source.objects.of(query.brand_id).filter(on=True).select_related("channel").order_by("name", "pk")
    by_channel: dict[int | None, list[Source]] = {}
    heard = []
    for source in rows:
        if source.words:
            by_channel.setdefault(source.channel_id, []).append(source)
        else:
            heard.append(Heard(source, _reach(source)))
    channels = searching_channels(query.brand)
    return Coverage(
        True, heard, [_searching(read, channel, by_channel.get(channel.pk, [])) for channel in channels]
    )


def _reach(source: Source) -> str:
    kind = installed(source.network)
    return kind.reach if kind is not None and issubclass(kind, Overhears) else "site"


def _searching(read: Sought, channel: Channel, sources: list[Source]) -> Searching:
    kind: Any = installed(channel.network)
    assert issubclass(kind, Searches)
    takes, most = kind.search_takes, kind.search_words
    missing = uncovered(read, takes, most, [each.words for each in sources])
    whole = not missing and bool(proposals(read, takes, most))
    return Searching(channel, sources, whole, missing, beyond(read, takes))
