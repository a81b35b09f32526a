"""What is settled before anybody speaks: the town's seed, its languages, when it opened, the storms ordered on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from comptoir.connectors.rehearsal import lines
from comptoir.connectors.rehearsal.dice import Dice, mix, seal

DAYS = 30
"""How far back the town remembers."""

ON_THE_SQUARE = ("takeover",)
"""What is ordered and happens on the square alone, where nobody speaks to the brand."""
SCENARIOS = ("quiet", "volcano", "badbuzz", "spam", *ON_THE_SQUARE)
KEPT_STORMS = 50
DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Storm:
    """`rate` messages a second over `seconds` from `at` (milliseconds since 1970), on top of the ordinary day."""

    number: int
    scenario: str
    rate: float
    seconds: float
    at: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A town. `town` is part of every remote id, so that two towns never meet; `opened` in milliseconds since 1970."""

    town: str
    seed: int
    languages: tuple[str, ...]
    opened: int
    storms: tuple[Storm, ...] = ()

    def id(self, path: str) -> str:
        """The remote id of something of this town."""
        return f"rehearsal:{self.town}/{path}"

    def path(self, remote_id: str) -> str | None:
        """What `id` was made from; None when it is another town's."""
        start = self.id("")
        return remote_id.removeprefix(start) if remote_id.startswith(start) else None


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the brand's own, before the channel was connected."""

    path: str
    language: str
    text: str
    at: int


def milliseconds(moment: datetime) -> int:
    """A time as milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def found(seed: str, languages: str, now: datetime) -> dict[str, Any]:
    """The settings of a new town. Without a seed each town is its own; the same seed at the same moment is the same."""
    opened = milliseconds(now)
    seed = seed.strip()
    slug = re.sub(r"[^a-z0-9]+", "", seed.lower())[:12] or "town"
    token = f"{seal(seed, languages, now.isoformat()) & 0xFFFFFF:06x}"
    return {
        "town": f"{slug}-{token}",
        "seed": seal("seed", seed or token) >> 16,
        "languages": languages,
        "opened": opened,
        "storms": [],
    }


def plan_of(settings: Mapping[str, Any]) -> Plan:
    """The plan in a channel's settings."""
    chosen = settings["languages"]
    storms = tuple(Storm(**storm) for storm in settings.get("storms", ()))
    languages = (chosen,) if chosen in lines.LANGUAGES else lines.LANGUAGES
    return Plan(str(settings["town"]), int(settings["seed"]), languages, int(settings["opened"]), storms)


def with_storm(
    settings: Mapping[str, Any], scenario: str, rate: float, seconds: float, now: datetime
) -> dict[str, Any]:
    """The settings with one more storm, beginning now. ValueError for a scenario, a rate or a length that cannot be."""
    if scenario not in SCENARIOS:
        raise ValueError(f"unknown scenario: {scenario}")
    if not 0 < rate <= 10_000 or not 0 < seconds <= 86_400:
        raise ValueError("rate is above 0 and at most 10000 a second, seconds above 0 and at most 86400")
    storms = list(settings.get("storms", ()))
    number = storms[-1]["number"] + 1 if storms else 1
    storm = {
        "number": number,
        "scenario": scenario,
        "rate": rate,
        "seconds": seconds,
        "at": milliseconds(now),
    }
    return {**settings, "storms": [*storms, storm][-KEPT_STORMS:]}


def past_posts(plan: Plan) -> list[Post]:
    """The brand's own posts of the month before the town opened, oldest first, in all its languages by turns."""
    columns = [[(language, text) for text in lines.posts(language)] for language in plan.languages]
    texts = [pair for row in zip_longest(*columns) for pair in row if pair]
    step = DAYS * DAY / (len(texts) + 1)
    dice = Dice(mix(plan.seed, 3))
    start = plan.opened - DAYS * DAY
    found = []
    for number, (language, text) in enumerate(texts):
        at = int(start + step * (number + dice.between(0.3, 1.0)))
        found.append(Post(f"p.{number}", language, text, at))
    return found


def storm_posts(plan: Plan, storm: Storm) -> list[Post]:
    """What the brand posted to bring a storm about: the poster, in the town's languages."""
    if storm.scenario != "badbuzz":
        return []
    return [
        Post(f"d{storm.number}p.{k}", language, lines.poster(language), storm.at + k)
        for k, language in enumerate(plan.languages)
    ]
