"""Nearness: texts put, one after the other, with those that they are near-copies of.

A text joins the group of the exemplar that it is most like, where it is like enough to the group's first text as well;
else it begins one. Nothing is ever moved from one group to another by what comes later. Pure: whoever keeps groups
hands in the exemplars that may be meant, and keeps what is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from comptoir.reading.likeness import Likeness, fingerprint, share, shingles

TELLING = 0.75
"""A text less like than this to every exemplar is one itself: it finds what those would miss."""
EXEMPLARS = 8
"""Of one group, at most."""
COMPARED = 12
"""Exemplars that a text is compared with: those that share most bands with it."""
SHELF = 64
"""Exemplars of one band that are looked at, the newest."""


class Text(Protocol):
    """What is put into groups: by its bare words, and told how like it is to its group's first text."""

    likeness: float

    @property
    def bare(self) -> str:
        """What is compared of it."""


@dataclass(eq=False, slots=True)
class Example[T: Text]:
    """An exemplar with what others are compared by."""

    cut: frozenset[str]
    group: Group[T]


@dataclass(eq=False, slots=True)
class Group[T: Text]:
    """Near-copies while texts are put to them; `new` holds the exemplars that are still to be kept.

    Of its exemplars it has the `cuts` alone, the first's first: what led back to it would be left to Python's
    collector, which a process with many queries calls seldom.
    """

    pk: int | None
    cuts: list[frozenset[str]] = field(default_factory=list)
    new: list[tuple[T, Likeness]] = field(default_factory=list)
    members: list[T] = field(default_factory=list)


@dataclass(slots=True)
class Shelves[T: Text]:
    """The exemplars that a text may be like: those of each band, and the first texts of the biggest groups (`big`).

    From the likeness `like` on a text joins, where it is as like as `central` to the first text of the group.
    """

    by_band: dict[int, list[Example[T]]]
    big: list[Example[T]]
    like: float
    central: float

    def put(self, example: Example[T], mark: Likeness) -> None:
        """Let what comes next be compared with this one."""
        for band in mark.bands:
            self.by_band.setdefault(band, []).append(example)

    def nearest(self, cut: frozenset[str], mark: Likeness) -> tuple[Example[T] | None, float]:
        """The exemplar that a text is most like, and how like; None where it is not like enough to any."""
        seen = Counter(example for band in mark.bands for example in self.by_band.get(band, ())[-SHELF:])
        found = self._best(cut, (example for example, _bands in seen.most_common(COMPARED)))
        return found if found[0] else self._best(cut, self.big)

    def _best(self, cut: frozenset[str], among: Iterable[Example[T]]) -> tuple[Example[T] | None, float]:
        best, nearest = None, self.like
        for example in among:
            likeness = share(cut, example.cut)
            if likeness >= nearest and share(cut, example.group.cuts[0]) >= self.central:
                best, nearest = example, likeness
                if likeness >= TELLING:
                    break
        return best, nearest


def marked[T: Text](texts: Sequence[T]) -> list[tuple[T, Likeness]]:
    """Those in which there is something to compare, each with what its near-copies are found by."""
    return [(each, mark) for each in texts if (mark := fingerprint(each.bare)) is not None]


def gathered[T: Text](marks: Sequence[tuple[T, Likeness]], shelves: Shelves[T]) -> list[Group[T]]:
    """The groups that texts belong to, put one after the other, each with its new members."""
    touched: dict[int, Group[T]] = {}
    for each, mark in marks:
        cut = shingles(each.bare)
        best, nearest = shelves.nearest(cut, mark)
        group = best.group if best else Group(None)
        if (best is None or nearest < TELLING) and len(group.cuts) < EXEMPLARS:
            group.cuts.append(cut)
            group.new.append((each, mark))
            shelves.put(Example(cut, group), mark)
        each.likeness = share(cut, group.cuts[0])
        group.members.append(each)
        if group.pk is None and len(group.members) == 2:
            shelves.big.append(Example(group.cuts[0], group))
        touched[id(group)] = group
    return list(touched.values())
