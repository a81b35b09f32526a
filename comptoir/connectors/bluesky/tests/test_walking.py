"""Whatever the pages, the crashes and the late arrivals: everything on the list is handed out."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.connectors.bluesky import walking
from comptoir.connectors.bluesky.walking import Listing, Step

START = datetime(2026, 11, 20, 10, tzinfo=UTC)


def iso(at: int) -> str:
    return (START + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Shelf:
    """A list like the network's: sorted by time, its cursor a time, pages of a size, filtered or not."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rows: list[tuple[int, str]] = []

    def add(self, at: int) -> str:
        uri = f"at://did:plc:a/app.bsky.feed.post/{len(self.rows)}"
        self.rows.append((at, uri))
        return uri

    def ask(self, page: str) -> Listing:
        rows = sorted(self.rows, reverse=True)
        if page:
            rows = [row for row in rows if iso(row[0]) < page]
        shown = rows[: self.size]
        after = iso(shown[-1][0]) if len(rows) > self.size else ""
        return Listing([{"uri": uri, "indexedAt": iso(at)} for at, uri in shown], after)


def walk(
    shelf: Shelf, state: dict[str, Any], now: datetime, pages: int = 10_000
) -> tuple[set[str], dict[str, Any]]:
    """Some pages of a walk; what was handed out and the state."""
    found: set[str] = set()
    for _ in range(pages):
        before = copy.deepcopy(state)
        step: Step = walking.step(state, shelf.ask, now)
        assert state == before
        found |= {view["uri"] for view in step.fresh}
        state = json.loads(json.dumps(step.state))
        if not step.more:
            break
    return found, state


def test_a_quiet_list_costs_one_page() -> None:
    shelf = Shelf(3)
    for at in range(20):
        shelf.add(at * 1000)
    _, state = walk(shelf, walking.begin(0), START)
    asked: list[str] = []

    def ask(page: str) -> Listing:
        asked.append(page)
        return shelf.ask(page)

    step = walking.step(state, ask, START + timedelta(seconds=5))
    assert (step.fresh, step.more, asked) == ([], False, [""])


def test_the_past_is_left_alone() -> None:
    shelf = Shelf(5)
    for at in range(12):
        shelf.add(at * 1000)
    floor = int(START.timestamp() * 1000) + 9_000
    found, _ = walk(shelf, walking.begin(floor), START)
    assert len(found) == 2


@settings(max_examples=200, deadline=None)
@given(
    st.integers(2, 7),
    st.lists(
        st.tuples(st.lists(st.integers(0, 12), max_size=9), st.integers(1, 4), st.integers(1, 900)),
        max_size=12,
    ),
)
def test_nothing_falls_between_pages(size: int, rounds: list[tuple[list[int], int, int]]) -> None:
    """Each round some arrive, at most one page of them within the same millisecond, and some pages are read."""
    shelf, state, found, clock = Shelf(size), walking.begin(0), set[str](), 0
    added: set[str] = set()
    for steps, pages, pause in rounds:
        for step in steps:
            clock += step
            if sum(at == clock for at, _ in shelf.rows) >= size - 1:
                clock += 1
            added.add(shelf.add(clock))
        got, state = walk(shelf, state, START + timedelta(milliseconds=clock), pages)
        found |= got
        clock += pause
    for _ in range(2):
        got, state = walk(shelf, state, START + timedelta(milliseconds=clock))
        found |= got
    assert added <= found


@settings(max_examples=100, deadline=None)
@given(st.integers(3, 6), st.lists(st.integers(0, 50 * 60_000), max_size=15, unique=True))
def test_what_arrives_late_is_found_by_a_deep_walk(size: int, delays: list[int]) -> None:
    shelf = Shelf(size)
    hour = 3_600_000
    for at in range(0, hour, hour // 40):
        shelf.add(at)
    found, state = walk(shelf, walking.begin(0), START + timedelta(milliseconds=hour))
    late = {shelf.add(hour - delay) for delay in delays}
    soon = START + timedelta(milliseconds=hour + walking.DEEP_EVERY)
    got, _ = walk(shelf, state, soon)
    assert late <= found | got
