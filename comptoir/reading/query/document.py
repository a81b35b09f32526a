"""A message as queries see it: what is known of it, and its words, found once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from comptoir.reading.heard import Signs, signs_of
from comptoir.reading.query.words import Seen, addresses, cut, forms, keyed, keys, marked, marks, seen, spans

type Place = tuple[int, int]
"""The first and the last word of something, by number."""

GAP = 100
SHORT = 300
"""Words of a text that are sooner gone through than put into an index."""
EDGE = _NOTHING = "\0"  # no word has it in its key: folding makes a blank of it
"""Words that stand between title and text, so that nothing is near what stands in the other."""


_UNTITLED = seen("")


class Reading:
    """The words of a title and a text, numbered through; `body` is the number of the text's first.

    words           as they stand       keys     the forms in which they are compared
    starts, ends    their places        tags     #tags, @names and $tags by key: place and plain form

    Each is found when it is first asked for: of most messages hardly anything is.
    """

    def __init__(self, text: str, title: str = "") -> None:
        self.title = seen(title) if title else _UNTITLED
        self.text = seen(text)

    @cached_property
    def _titled(self) -> list[str]:
        """The words of the title, and what keeps them apart from the text's."""
        words = cut(self.title.text) if self.title.text else []
        return [*words, *[_NOTHING] * GAP] if words else words

    @cached_property
    def words(self) -> list[str]:
        words = cut(self.text.text)
        return [*self._titled, *words] if self._titled else words

    @cached_property
    def body(self) -> int:
        return len(self._titled)

    @cached_property
    def keys(self) -> list[str]:
        keys = keyed(self.text.text)
        return [*keyed(self.title.text), *[_NOTHING] * GAP, *keys] if self.body else keys

    @cached_property
    def held(self) -> frozenset[str]:
        """All keys."""
        held = frozenset(self.keys)
        return held - {_NOTHING} if self.body else held

    @cached_property
    def _places(self) -> list[Place]:
        titled = [*spans(self.title.text), *[(0, 0)] * GAP] if self.body else []
        return [*titled, *spans(self.text.text)]

    @cached_property
    def starts(self) -> list[int]:
        return [start for start, _ in self._places]

    @cached_property
    def ends(self) -> list[int]:
        return [end for _, end in self._places]

    @cached_property
    def index(self) -> Mapping[str, list[int]]:
        """The numbers of the words of each key."""
        index: dict[str, list[int]] = {}
        for number, key in enumerate(self.keys):
            index.setdefault(key, []).append(number)
        index.pop(_NOTHING, None)
        return index

    def plain(self, number: int) -> str:
        """The form of a word with its accents."""
        return forms(self.words[number]).plain

    def numbers(self, key: str) -> list[int]:
        """The numbers of the words of that key, in order."""
        if len(self.keys) > SHORT:
            return self.index.get(key, [])
        found: list[int] = []
        for _ in range(self.keys.count(key)):
            found.append(self.keys.index(key, found[-1] + 1 if found else 0))
        return found

    @cached_property
    def tags(self) -> Mapping[str, list[tuple[Place, str]]]:
        tags: dict[str, list[tuple[Place, str]]] = {}
        titled = max(self.body - GAP, 0)
        for part, low, high in ((self.title, 0, titled), (self.text, self.body, len(self.keys))):
            for start, end, tag in marks(part.text):
                first = bisect_left(self.starts, start, low, high)
                after = bisect_left(self.starts, end, low, high)
                if first < after:
                    form = forms(tag)
                    tags.setdefault(form.key, []).append(((first, after - 1), form.plain))
        return tags

    @cached_property
    def marks(self) -> list[str]:
        """The #tags, @names and $tags as they stand."""
        found = marked(self.text.text)
        return [*marked(self.title.text), *found] if self.title.text else found

    @cached_property
    def mark_keys(self) -> list[str]:
        """The keys of `marked`, without its plain forms: those take longer, and few queries ask for them."""
        return keys(self.marks) if self.marks else self.marks

    @cached_property
    def marked(self) -> Mapping[str, list[str]]:
        """The #tags, @names and $tags by key: their plain forms."""
        found: dict[str, list[str]] = {}
        for mark in self.marks:
            form = forms(mark)
            found.setdefault(form.key, []).append(form.plain)
        return found

    @cached_property
    def line(self) -> str:
        """All keys in a row between `EDGE`s: quickly looked through for how words begin and what follows on what."""
        return f"{EDGE}{EDGE.join(self.keys)}{EDGE}"

    @cached_property
    def sorted(self) -> list[str]:
        """All keys, in order."""
        return sorted(self.held)

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


def marked_as(signs: Signs) -> frozenset[str]:
    """What marks a message, in the words of queries."""
    held = (("toxic", signs.toxic), ("spam", signs.spam), ("question", signs.asks))
    return frozenset(name for name, holds in held if holds)


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

    if not TYPE_CHECKING:

        def __init__(self, text: str = "", title: str = "", **known: Any) -> None:
            # As dataclass would make it, and four times as fast: what is not known is left to the class.
            if not known.keys() <= _KNOWN:
                raise TypeError(f"a document has no {', '.join(known.keys() - _KNOWN)}")
            self.__dict__.update(known, text=text, title=title)

    @cached_property
    def marks(self) -> frozenset[str]:
        """What its words are marked as, for `is:toxic`, `is:spam` and `is:question`; read when a query asks."""
        return marked_as(signs_of(self.text or self.title, (self.lang or "").partition("-")[0]))

    @cached_property
    def reading(self) -> Reading:
        """The words of title and text."""
        return Reading(self.text, self.title)

    @cached_property
    def author(self) -> Reading:
        """The words of the author's name."""
        return Reading(self.name or "")

    @property
    def _marked_plainly(self) -> bool:
        """Whether all its marks stand in it, none of them as "@name@server"."""
        return not self.hashtags and not self.mentions and self.text.count("@") + self.title.count("@") < 2

    @cached_property
    def mark_keys(self) -> Collection[str]:
        """The keys of `marked`."""
        return self.reading.mark_keys if self._marked_plainly else self.marked

    @cached_property
    def marked(self) -> Mapping[str, list[str]]:
        """The #tags, @names and $tags of it all, by key: their plain forms."""
        if self._marked_plainly:
            return self.reading.marked
        found = {key: [*plains] for key, plains in self.reading.marked.items()}
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
        return self.reading.held.union(self._beside) if self._beside else self.reading.held

    @property
    def keys(self) -> list[str]:
        """`words` without a set made of them: some are there more than once, and a title's end may be."""
        return [*self.reading.keys, *self._beside] if self._beside else self.reading.keys

    @property
    def _beside(self) -> list[str]:
        """The words of what the network says beside the text."""
        if not self.hashtags and not self.mentions:
            return []
        return [key for each in (*self.hashtags, *self.mentions) for key in Reading(each).held]


_KNOWN = frozenset(each.name for each in fields(Document))
