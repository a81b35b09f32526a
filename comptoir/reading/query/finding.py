"""Finding what is sought in the words of a text: where it stands, by the numbers of its first and last word."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

import regex

from comptoir.reading.query.document import EDGE, SHORT, Place, Reading
from comptoir.reading.query.words import Forms, forms, glob, patterns, seen, spans

PLACES_MOST = 10_000
"""Places of one NEAR that are looked at. Only texts made to be slow have more."""


class Finder(Protocol):
    """Something that has places in a text."""

    def places(self, reading: Reading) -> Sequence[Place]:
        """Every place, in order."""

    def leaves(self, reading: Reading) -> Iterable[Place]:
        """The places that are shown to people: of what is near something, each side by itself."""


class Sought(NamedTuple):
    """One word that is sought: `head` is its key up to the first wildcard, the whole key if there is none.

    plain    its form with accents, where it was typed with some: then they count
    fits     the test for its wildcards, on the plain form if there is one, else on the key
    """

    head: str
    plain: str | None = None
    fits: Callable[[str], object] | None = None

    def at(self, reading: Reading, number: int) -> bool:
        """Whether that word of a text is the one."""
        if self.fits is None:
            return reading.keys[number] == self.head and (
                self.plain is None or self.plain == reading.plain(number)
            )
        if not reading.keys[number].startswith(self.head):
            return False
        return bool(self.fits(reading.keys[number] if self.plain is None else reading.plain(number)))

    def numbers(self, reading: Reading) -> list[int]:
        """The numbers of the words of a text that are the one, in order."""
        if self.fits is None:
            found = reading.numbers(self.head)
            return found if self.plain is None else [n for n in found if reading.plain(n) == self.plain]
        if len(reading.keys) <= SHORT:
            keys = reading.keys if EDGE + self.head in reading.line else ()
            return [n for n, key in enumerate(keys) if key.startswith(self.head) and self.at(reading, n)]
        keys = reading.beginning(self.head)
        if self.plain is None:
            keys = [key for key in keys if self.fits(key)]
        found = [n for key in keys for n in reading.numbers(key)]
        return sorted(found if self.plain is None else (n for n in found if self.at(reading, n)))


def sought(word: str) -> Sought:
    """What a word of a query looks for."""
    form = forms(word)
    plain = None if form.plain == form.key else form.plain
    if "*" not in word and "?" not in word:
        return Sought(form.key, plain)
    head = forms(regex.split(r"[*?]", word, maxsplit=1)[0]).key
    return Sought(head, plain, glob(plain or form.key))


def words_of(text: str) -> list[Sought]:
    """What the words of a text look for."""
    return [sought(word) for _, word in patterns(seen(text).text)[0]]


class Phrase:
    """Words one right behind the other; also a single word. `whole`: the keys that have to be there."""

    __slots__ = ("_heads", "_simple", "whole", "words")

    def __init__(self, words: Sequence[Sought]) -> None:
        self.words = words
        self._heads = [word.head for word in words]
        self.whole = frozenset(word.head for word in words if word.fits is None)
        self._simple = all(word.plain is None and word.fits is None for word in words)

    def places(self, reading: Reading) -> Sequence[Place]:
        if not self.whole <= reading.held:
            return []
        first, length = self.words[0], len(self.words)
        numbers = first.numbers(reading)
        if length == 1:
            return [(n, n) for n in numbers]
        if self._simple:
            keys, heads = reading.keys, self._heads
            return [(n, n + length - 1) for n in numbers if keys[n : n + length] == heads]
        last = len(reading.keys) - length
        return [
            (n, n + length - 1)
            for n in numbers
            if n <= last and all(word.at(reading, n + i) for i, word in enumerate(self.words))
        ]

    leaves = places


class Window:
    """Words in any order with at most so many others among them. `whole`: the keys that have to be there."""

    __slots__ = ("_length", "_times", "whole")

    def __init__(self, words: Sequence[Sought], distance: int) -> None:
        self._times = Counter(words)
        self.whole = frozenset(word.head for word in words if word.fits is None)
        self._length = len(words) + distance

    def places(self, reading: Reading) -> Sequence[Place]:
        if not self.whole <= reading.held:
            return []
        owners = self._owners(reading)
        shared = any(len(words) > 1 for words in owners.values())
        found = ((first, self._last(owners, first, shared)) for first in sorted(owners))
        return [(first, last) for first, last in found if last is not None]

    def _owners(self, reading: Reading) -> dict[int, list[Sought]]:
        """The words that are looked for, by the numbers where they stand; empty if one is missing."""
        owners: dict[int, list[Sought]] = {}
        for word in self._times:
            numbers = word.numbers(reading)
            if not numbers:
                return {}
            for number in numbers:
                owners.setdefault(number, []).append(word)
        return owners

    def _last(self, owners: dict[int, list[Sought]], first: int, shared: bool) -> int | None:
        """Where the words that begin at `first` are all there, each with a place of its own.

        `shared`: some place would do for several of them.
        """
        seats: dict[Sought, list[int]] = {word: [] for word in self._times}
        missing = sum(self._times.values())
        for number in range(first, first + self._length):
            words = owners.get(number, ())
            if len(words) == 1 and len(seats[words[0]]) < self._times[words[0]]:
                seats[words[0]].append(number)
            elif not (shared and words and self._seated(number, owners, seats, set())):
                continue
            missing -= 1
            if not missing:
                return number
        return None

    def _seated(
        self, number: int, owners: dict[int, list[Sought]], seats: dict[Sought, list[int]], asked: set[Sought]
    ) -> bool:
        """Give a place in the text to a word that still wants one, if another has to move for it."""
        wanted = [word for word in owners[number] if word not in asked]
        asked.update(wanted)
        for word in wanted:
            if len(seats[word]) < self._times[word]:
                seats[word].append(number)
                return True
        for word in wanted:
            for at, other in enumerate(seats[word]):
                if len(owners[other]) > 1 and self._seated(other, owners, seats, asked):
                    seats[word][at] = number
                    return True
        return False

    def leaves(self, reading: Reading) -> Iterable[Place]:
        inside = {n for first, last in self.places(reading) for n in range(first, last + 1)}
        return [(n, n) for n in sorted(inside.intersection(self._owners(reading)))]


class Compound:
    """A word in one piece, as it was typed, or in two pieces one behind the other."""

    __slots__ = ("typed", "whole")

    def __init__(self, text: str) -> None:
        parts = words_of(text)
        whole = "".join(word.head for word in parts)
        plain = "".join(word.plain or word.head for word in parts)
        self.whole = Sought(whole, None if plain == whole else plain)
        self.typed = parts if len(parts) > 1 else []

    def places(self, reading: Reading) -> Sequence[Place]:
        found = {(n, n) for n in self.whole.numbers(reading)}
        if self.typed:
            found.update(Phrase(self.typed).places(reading))
        key, plain = self.whole.head, self.whole.plain
        for cut in range(1, len(key)):
            if key[:cut] in reading.held and key[cut:] in reading.held:
                halves = [Sought(key[:cut]), Sought(key[cut:])]
                for first, last in Phrase(halves).places(reading):
                    if plain in (None, reading.plain(first) + reading.plain(last)):
                        found.add((first, last))
        return sorted(found)

    leaves = places


class Exact:
    """A text with its case, accents and signs; blanks may be any. `single`: the word, where it is no more than one."""

    __slots__ = ("_before", "_literal", "_phrase", "_until", "_written", "single", "whole", "words")

    def __init__(self, text: str) -> None:
        text = unicodedata.normalize("NFC", seen(text).text).strip()
        where = spans(text)
        self._written = [text[start:end] for start, end in where]
        self.words = [Sought(forms(word).key) for word in self._written]
        self._phrase = Phrase(self.words)
        self.whole = self._phrase.whole
        self._before = where[0][0]
        self._until = where[-1][1] == len(text)
        self.single = text if self._written == [text] else ""
        self._literal = regex.compile(r"\s+".join(regex.escape(part) for part in text.split()))

    def places(self, reading: Reading) -> Sequence[Place]:
        standing = self._phrase.places(reading)
        if not standing:
            return standing
        words, written = reading.words, self._written
        found = [(n, last) for n, last in standing if words[n : last + 1] == written]
        return found if self.single else [place for place in found if self._stands(reading, place)]

    def _stands(self, reading: Reading, place: Place) -> bool:
        start = reading.starts[place[0]] - self._before
        found = self._literal.match(reading.source(place[0]).text, start) if start >= 0 else None
        return found is not None and (not self._until or found.end() == reading.ends[place[1]])

    leaves = places


class Marked:
    """A #tag, @name or $tag of the text."""

    __slots__ = ("_sign", "sought")

    def __init__(self, sign: str, text: str) -> None:
        self.sought = sought(sign + text)
        self._sign = sign

    def places(self, reading: Reading) -> Sequence[Place]:
        if not self._may_stand(reading):
            return []
        found = [
            place
            for key, marks in reading.tags.items()
            for place, plain in marks
            if self.is_(key, plain) or (key.count("@") == 2 and self.is_(*_local(key, plain)))
        ]
        return sorted(set(found))

    def _may_stand(self, reading: Reading) -> bool:
        """Where marks stand is found by far less quickly than which there are."""
        if self.sought.fits is not None or self.sought.head in reading.mark_keys:
            return True
        return self._sign == "@" and any(key.count("@") == 2 for key in reading.mark_keys)

    def is_(self, key: str, plain: str) -> bool:
        """Whether a mark with these forms is the one."""
        word = self.sought
        if word.fits is None:
            return key == word.head and word.plain in (None, plain)
        return key.startswith(self._sign) and bool(word.fits(key if word.plain is None else plain))

    leaves = places


def _local(key: str, plain: str) -> Forms:
    return Forms(key.rpartition("@")[0], plain.rpartition("@")[0])


class AnyWord:
    """One of several words, sought without accents or wildcards."""

    __slots__ = ("keys",)

    def __init__(self, keys: frozenset[str]) -> None:
        self.keys = keys

    def places(self, reading: Reading) -> Sequence[Place]:
        if self.keys.isdisjoint(reading.held):
            return ()
        return [(n, n) for n, key in enumerate(reading.keys) if key in self.keys]

    leaves = places


class AnyOf:
    """One of several."""

    __slots__ = ("_finders",)

    def __init__(self, finders: Sequence[Finder]) -> None:
        self._finders = finders

    def places(self, reading: Reading) -> Sequence[Place]:
        return sorted({place for finder in self._finders for place in finder.places(reading)})

    def leaves(self, reading: Reading) -> Iterable[Place]:
        return [place for finder in self._finders for place in finder.leaves(reading)]


class Near:
    """Two things with at most so many words between them, which do not overlap."""

    __slots__ = ("_distance", "_left", "_ordered", "_right")

    def __init__(self, left: Finder, right: Finder, distance: int, ordered: bool) -> None:
        self._left, self._right = left, right
        self._distance, self._ordered = distance, ordered

    def together(self, reading: Reading) -> Iterator[Place]:
        """Where both are, from the first word of the one to the last of the other."""
        left = self._left.places(reading)
        right = self._right.places(reading) if left else ()
        if right:
            yield from self._after(left, right)
            if not self._ordered:
                yield from self._after(right, left)

    def _after(self, befores: Sequence[Place], afters: Sequence[Place]) -> Iterator[Place]:
        starts = [first for first, _ in afters]
        for first, last in befores:
            at = bisect_left(starts, last + 1)
            while at < len(afters) and starts[at] <= last + 1 + self._distance:
                yield first, afters[at][1]
                at += 1

    def places(self, reading: Reading) -> Sequence[Place]:
        return sorted(set(islice(self.together(reading), PLACES_MOST)))

    def leaves(self, reading: Reading) -> Iterable[Place]:
        inside: set[int] = set()
        for first, last in self.places(reading):
            inside.update(range(first, last + 1))
        return [
            place
            for side in self._sides()
            for place in side.leaves(reading)
            if place[0] in inside and place[1] in inside
        ]

    def _sides(self) -> list[Finder]:
        """What this NEAR and those right inside it join."""
        sides = (self._left, self._right)
        return [part for side in sides for part in (side._sides() if isinstance(side, Near) else [side])]


class Within:
    """What stands in the title alone, or in the text alone."""

    __slots__ = ("_finder", "_title")

    def __init__(self, finder: Finder, where: str) -> None:
        self._finder, self._title = finder, where == "title"

    def places(self, reading: Reading) -> Sequence[Place]:
        return [place for place in self._finder.places(reading) if (place[0] < reading.body) == self._title]

    def leaves(self, reading: Reading) -> Iterable[Place]:
        return [place for place in self._finder.leaves(reading) if (place[0] < reading.body) == self._title]
