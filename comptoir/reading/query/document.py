"""A message as queries see it: what is known of it, and its words, found once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from comptoir.reading.query.words import Seen, addresses, forms, marks, seen, spans

type Place = tuple[int, int]
"""The first and the last word of something, by number."""

GAP = 100
_NOTHING = "\0"  # no word has this key: folding makes a blank of it
"""Words that stand between title and text, so that nothing is near what stands in the other."""


@dataclass(frozen=True)
class Reading:
    """The words of a title and a text, numbered through; `body` is the number of the text's first.

    keys, plains    their forms         index    the numbers of the words of each key
    starts, ends    their places        tags     #tags, @names and $tags by key: place and plain form
    """

    title: Seen
    text: Seen
    body: int
    keys: Sequence[str]
    plains: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    index: Mapping[str, list[int]]
    tags: Mapping[str, list[tuple[Place, str]]]

    @cached_property
    def sorted(self) -> list[str]:
        """All keys, in order."""
        return sorted(self.index)

    def beginning(self, prefix: str) -> list[str]:
        """The keys that begin so."""
        first = bisect_left(self.sorted, prefix)
        found = first
        while found < len(self.sorted) and self.sorted[found].startswith(prefix):
            found += 1
        return self.sorted[first:found]

    def source(self, number: int) -> Seen:
        """What a word stands in: the title or the text."""
        return self.text if number >= self.body else self.title


def read(text: str, title: str = "") -> Reading:
    """Find the words of a text and its title."""
    keys: list[str] = []
    plains: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    tags: dict[str, list[tuple[Place, str]]] = {}
    body = 0
    given = (seen(title), seen(text))
    for part in given:
        if part is given[1] and keys:
            for column in (keys, plains):
                column.extend([_NOTHING] * GAP)
            for numbers in (starts, ends):
                numbers.extend([0] * GAP)
        body = len(keys)
        for start, end in spans(part.text):
            form = forms(part.text[start:end])
            keys.append(form.key)
            plains.append(form.plain)
            starts.append(start)
            ends.append(end)
        for start, end, tag in marks(part.text):
            first, after = bisect_left(starts, start, body), bisect_left(starts, end, body)
            if first < after:
                form = forms(tag)
                tags.setdefault(form.key, []).append(((first, after - 1), form.plain))
    index: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        index.setdefault(key, []).append(number)
    index.pop(_NOTHING, None)
    return Reading(*given, body, keys, plains, starts, ends, index, tags)


@dataclass(frozen=True)
class Document:
    """A message. Whatever is None is not known, and no condition on it holds.

    handle, name     the author's, the handle with or without "@"
    mentions, hashtags, links    what the network says beside the text; those in the text are found there
    url              where it stands
    lang, country    codes as the source gives them, "fr", "pt-BR"
    type, sentiment, has, is_    words of the choices in the table of fields
    tags, lists      what people put on it and the lists it is in
    fields           what people noted of it, each as its name and as "name=value"
    at, zone         when it was said, aware, and where days and hours are counted
    """

    text: str = ""
    title: str = ""
    handle: str | None = None
    name: str | None = None
    mentions: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    url: str | None = None
    lang: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    network: str | None = None
    channel: str | None = None
    type: str | None = None
    sentiment: str | None = None
    rating: float | None = None
    followers: float | None = None
    engagement: float | None = None
    likes: float | None = None
    shares: float | None = None
    comments: float | None = None
    reach: float | None = None
    has: frozenset[str] | None = None
    is_: frozenset[str] | None = None
    lists: frozenset[str] | None = None
    tags: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    queue: str | None = None
    priority: str | None = None
    state: str | None = None
    assignee: str | None = None
    at: datetime | None = None
    zone: tzinfo = field(default=UTC)

    @cached_property
    def reading(self) -> Reading:
        """The words of title and text."""
        return read(self.text, self.title)

    @cached_property
    def author(self) -> Reading:
        """The words of the author's name."""
        return read(self.name or "")

    @cached_property
    def marked(self) -> Mapping[str, list[str]]:
        """The #tags, @names and $tags of it all, by key: their plain forms."""
        found = {key: [plain for _, plain in places] for key, places in self.reading.tags.items()}
        given = [
            *("#" + tag.lstrip("#") for tag in self.hashtags),
            *("@" + who.lstrip("@") for who in self.mentions),
        ]
        for mark in given:
            form = forms(seen(mark).text)
            found.setdefault(form.key, []).append(form.plain)
        for key in [key for key in found if key.count("@") == 2]:
            # "@name@server" is also asked for as "@name".
            found.setdefault(key.rpartition("@")[0], []).extend(
                plain.rpartition("@")[0] for plain in found[key]
            )
        return found

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The links that it carries, given or in the text."""
        return (*self.links, *addresses(self.text[:100_000]))

    @cached_property
    def local(self) -> datetime | None:
        """When it was said, on the clock of its zone; None also for a time that no clock there shows."""
        if self.at is None:
            return None
        try:
            return (self.at.astimezone(self.zone) if self.at.tzinfo else self.at).replace(tzinfo=None)
        except (OverflowError, ValueError):
            return None

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word in the form that `Query.needs` names: what an index of messages has to hold.

        As they are (`array_to_tsvector`): PostgreSQL's parser would take "orange.fr" and "end.Begin" for hosts.
        """
        given = [*self.hashtags, *self.mentions]
        beside = [key for each in given for key in read(each).index]
        return frozenset(beside).union(self.reading.index)
