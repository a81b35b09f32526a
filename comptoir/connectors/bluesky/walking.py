"""Reading a list that the network shows newest first, so that nothing is missed and little is read twice.

The network sorts by the time that an author claims, so what arrives late may appear below what we have read.
Each walk therefore begins at the top, goes down to where the last finished walk began, now and then an hour
deeper; what the last walk met is remembered and not handed out again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from comptoir.connectors.bluesky.reading import identity, moment, place
from comptoir.networks.connector import Json

DEEP_EVERY = 600_000
DEEP = 3_600_000
REMEMBERED = 400


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its objects, newest first, and where the next begins, "" when this was the last."""

    views: Sequence[Json]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one page gave: all of its objects, those not met before, the state to keep, whether there is more."""

    views: Sequence[Json]
    fresh: list[Json]
    state: dict[str, Json]
    more: bool


def begin(floor: int) -> dict[str, Json]:
    """The state before the first walk: what is at or below `floor` (milliseconds) is not handed out."""
    return {"mark": floor, "floor": floor, "seen": [], "deep": 0}


def step(state: dict[str, Json], ask: Callable[[str], Listing], now: datetime) -> Step:
    """Read one page of a walk, the first when none is under way."""
    walk = dict(state.get("walk") or _new_walk(state, int(now.timestamp() * 1000)))
    listing = ask(walk["page"])
    ids = [short(view) for view in listing.views]
    places = [place(view) if isinstance(view, dict) else None for view in listing.views]
    seen = {*state["seen"], *walk["met"]}
    fresh = [
        view
        for view, name, at in zip(listing.views, ids, places, strict=True)
        if name not in seen and (at is None or at > state["floor"])
    ]
    known = [at for at in places if at is not None]
    walk["top"] = max([walk["top"], *known])
    walk["met"] = [*walk["met"], *ids][:REMEMBERED]
    following = onward(listing, walk["page"], known)
    if following and not _reached(listing, known, walk["goal"]):
        walk["page"] = following
        return Step(listing.views, fresh, {**state, "walk": walk}, True)
    done = {**state, "mark": walk["top"], "seen": walk["met"], "deep": walk["deep"]}
    done.pop("walk", None)
    return Step(listing.views, fresh, done, False)


def _new_walk(state: dict[str, Json], now: int) -> dict[str, Json]:
    """A walk down to the mark, or deeper when that is due. A clock set back makes it due as well."""
    due = not 0 <= now - state["deep"] < DEEP_EVERY
    goal = state["mark"] - (DEEP if due else 0)
    return {
        "page": "",
        "top": state["mark"],
        "met": [],
        "goal": max(goal, state["floor"]),
        "deep": now if due else state["deep"],
    }


def _reached(listing: Listing, places: list[int], goal: int) -> bool:
    """Whether the page went below the goal; one that shows nothing is judged by where the next begins."""
    if places:
        return min(places) < goal
    after = moment(listing.after)
    return after is not None and after.timestamp() * 1000 < goal


def onward(listing: Listing, page: str, places: list[int]) -> str:
    """Where the next page begins, "" when there is none.

    The list of notifications goes on below a time, so that of several with one time some could fall between
    two pages: there the next page begins a millisecond above, unless all of this one had the same.
    """
    after = moment(listing.after)
    if after is None or len(set(places)) < 2:
        return "" if listing.after == page else listing.after
    above = int(after.timestamp() * 1000) + 1
    nudged = datetime.fromtimestamp(above / 1000, UTC).isoformat(timespec="milliseconds")
    nudged = nudged.replace("+00:00", "Z")
    return listing.after if nudged == page else nudged


def short(view: Json) -> str:
    """A short name for an object, the same whenever it is met."""
    return hashlib.sha256(identity(view).encode()).hexdigest()[:12]
