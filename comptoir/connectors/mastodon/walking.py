"""Reading a list that an instance shows newest first, so that nothing is missed and little is read twice.

Each walk begins at the top and goes down, by the ids of what it met, to where the last finished walk began. An
instance numbers things a moment before it shows them, so the question reaches back over the last few known; now and
then it is asked without a limit, and a whole page is looked at. What was met is remembered and not handed out again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from comptoir.connectors.mastodon.reading import name_of
from comptoir.networks.connector import Json

DEEP_EVERY = 600
"""Seconds between two looks at a whole page."""
OVERLAP = 5
REMEMBERED = 300
SECOND_AND_HASH = re.compile(r"\d{10}[0-9a-f]{32}")

type Ask = Callable[[str, str], Sequence[Json]]
"""One page of a list, newest first: what is older than the first id and newer than the second ("" for no limit)."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one page gave: all of its objects, those not met before, the state to keep, whether there is more."""

    views: Sequence[Json]
    fresh: list[Json]
    state: dict[str, Json]
    more: bool


def begin(top: Sequence[Json]) -> dict[str, Json]:
    """The state before the first walk: the list's newest objects, as they were, and all below are not handed out."""
    floor = max(map(id_of, top), key=order, default="")
    return {"mark": floor, "floor": floor, "since": [], "seen": [name_of(view) for view in top], "deep": 0}


def step(state: dict[str, Json], ask: Ask, now: datetime) -> Step:
    """Read one page of a walk, the first when none is under way."""
    walk = dict(state.get("walk") or _new_walk(state, now.timestamp()))
    views = ask(walk["below"], walk["since"])
    names = [name_of(view) for view in views]
    met = {*walk["met"]}
    stuck = bool(names) and met.issuperset(names)
    seen = {*state["seen"], *met}
    fresh = [
        view
        for view, name in zip(views, names, strict=True)
        if name not in seen and (not id_of(view) or not is_above(state["floor"], id_of(view)))
    ]
    known = sorted(filter(None, map(id_of, views)), key=order)
    walk["met"] = list(dict.fromkeys([*walk["met"], *names]))[:REMEMBERED]
    walk["top"] = sorted([*walk["top"], *known], key=order)[-OVERLAP:]
    if known and not stuck and is_above(known[0], state["mark"]):
        walk["below"] = known[0]
        return Step(views, fresh, {**state, "walk": walk}, True)
    done = {**state, "deep": walk["deep"], "seen": _memory(walk["met"], state["seen"])}
    if walk["top"]:
        done |= {"mark": max(walk["top"][-1], state["mark"], key=order), "since": walk["top"]}
    done.pop("walk", None)
    return Step(views, fresh, done, False)


def _new_walk(state: dict[str, Json], now: float) -> dict[str, Json]:
    """A walk down to the mark. A clock set back makes the look at a whole page due as well."""
    due = not 0 <= now - state["deep"] < DEEP_EVERY
    since = state["since"][0] if len(state["since"]) == OVERLAP and not due else ""
    return {
        "below": "",
        "since": since,
        "top": state["since"],
        "met": [],
        "deep": now if due else state["deep"],
    }


def _memory(met: Sequence[str], before: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*met, *before]))[:REMEMBERED]


def id_of(view: Json) -> str:
    """The id by which an instance sorts and pages, "" for none."""
    known = view.get("id") if isinstance(view, dict) else None
    return known if isinstance(known, str) else ""


def order(known: str) -> tuple[int, str]:
    """Ids in the order in which they were given: numbers by their size, others by their letters.

    snac2 writes the second of a message's last change and a hash.
    """
    return len(known), known[:10] if SECOND_AND_HASH.fullmatch(known) else known


def is_above(known: str, other: str) -> bool:
    """Whether an id was given after another, "" being before all."""
    return order(known) > order(other)
