"""Lists read down to the mark: nothing lost, nothing handed out twice, whatever an instance makes of the questions."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.connectors.mastodon.walking import OVERLAP, REMEMBERED, begin, order, step

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Instance:
    """A list as instances keep it. Some know neither a limit nor where to go on."""

    def __init__(self, page: int = 3, *, pages: bool = True, since: bool = True) -> None:
        self.ids: list[str] = []
        self.page, self.pages, self.since = page, pages, since
        self.asked = 0

    def add(self, *numbers: int) -> None:
        self.ids = sorted({*self.ids, *map(str, numbers)}, key=order)

    def ask(self, below: str, since: str) -> list[Any]:
        self.asked += 1
        shown = self.ids[::-1]
        if self.pages and below:
            shown = [each for each in shown if order(each) < order(below)]
        if self.since and since:
            shown = [each for each in shown if order(each) > order(since)]
        return [{"id": each} for each in (shown[: self.page] if self.pages else shown)]


class Reader:
    """Whoever walks, with the cursor going through JSON at each step."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.state = begin(instance.ask("", ""))
        self.now = NOON
        self.got: list[str] = []

    def walk(self, meanwhile: Callable[[], None] = lambda: None) -> int:
        for n in range(1, 200):
            taken = step(json.loads(json.dumps(self.state)), self.instance.ask, self.now)
            self.state = taken.state
            self.got += [view["id"] for view in taken.fresh]
            self.now += timedelta(seconds=5)
            if not taken.more:
                return n
            meanwhile()
        raise AssertionError("still walking")


@pytest.mark.parametrize("pages", [True, False])
@pytest.mark.parametrize("since", [True, False])
def test_what_comes_is_handed_out_once(pages: bool, since: bool) -> None:
    there = Instance(pages=pages, since=since)
    there.add(1, 2)
    reader = Reader(there)
    reader.walk()
    assert reader.got == []
    there.add(*range(9, 30))
    reader.walk(lambda: there.add(len(there.ids) + 20))
    reader.walk()
    reader.walk()
    assert sorted(reader.got, key=order) == there.ids[2:]
    assert len(reader.got) == len(set(reader.got))
    before = there.asked
    assert reader.walk() == 1
    assert there.asked == before + 1


def test_what_shows_itself_late_is_not_lost() -> None:
    there = Instance(page=40)
    there.add(*range(1, 20))
    reader = Reader(there)
    reader.walk()
    there.add(20, 21, 23)
    reader.walk()
    there.add(22)
    reader.walk()
    assert "22" in reader.got
    there.add(*range(24, 24 + OVERLAP + 3))
    there.ids.remove("24")
    reader.walk()
    there.add(24)
    reader.walk()
    assert "24" not in reader.got, "too far below: found when a whole page is looked at"
    reader.now += timedelta(minutes=11)
    reader.walk()
    assert "24" in reader.got


def test_a_list_that_was_empty_begins_with_the_first() -> None:
    there = Instance()
    reader = Reader(there)
    reader.walk()
    there.add(5)
    reader.walk()
    assert reader.got == ["5"]


def test_ids_that_grow_longer_are_newer() -> None:
    there = Instance()
    there.add(98, 99)
    reader = Reader(there)
    there.add(100, 101)
    reader.walk()
    assert reader.got == ["101", "100"]


def test_the_memory_does_not_grow() -> None:
    there = Instance(page=40)
    reader = Reader(there)
    for n in range(30):
        there.add(*range(n * 40, n * 40 + 40))
        reader.walk()
    assert len(reader.got) == 1_200
    assert len(reader.state["seen"]) <= REMEMBERED
    assert len(json.dumps(reader.state)) < 10_000


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_order_of_arrival(seed: int) -> None:
    dice = random.Random(seed)
    there = Instance(page=dice.randint(1, 8), since=dice.random() < 0.7)
    reader = Reader(there)
    waiting = list(range(1, 80))
    while waiting:
        some = [waiting.pop(0) for _ in range(min(len(waiting), dice.randint(1, 12)))]
        dice.shuffle(some)
        there.add(*some)
        reader.walk()
    assert sorted(map(int, reader.got)) == list(range(1, 80))
    assert len(set(reader.got)) == len(reader.got)
