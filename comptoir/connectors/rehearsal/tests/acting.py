"""A town with a clock that the tests move, and a brand that says things to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.connectors.rehearsal import Rehearsal
from comptoir.networks.connector import OPENING, Activity, Page, Said

OPENED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Stage:
    """One town. `said` is what the brand said so far, each with its moment."""

    def __init__(self, seed: str = "demo", languages: str = "both", opened: datetime = OPENED) -> None:
        connected = Rehearsal(None, {}, {}, None, opened).connect({"seed": seed, "languages": languages})  # type: ignore[arg-type]
        self.settings: Any = connected.settings
        self.me = connected.me
        self.opened = opened
        self.said: list[Said] = []

    def at(self, seconds: float) -> Rehearsal:
        """The connector that many seconds after the town opened."""
        now = self.opened + timedelta(seconds=seconds)
        settings = json.loads(json.dumps(self.settings))
        return Rehearsal(None, {}, settings, self.me, now)  # type: ignore[arg-type]

    def order(self, scenario: str, rate: float, seconds: float, at: float = 0) -> None:
        """Order a storm."""
        self.settings = self.at(at).rehearse(scenario, rate, seconds)

    def say(self, to: Activity | None, text: str, at: float) -> Said:
        """The brand says something, `at` seconds after the town opened; the town has not heard it yet."""
        connector = self.at(at)
        key = f"{to.remote_id if to else ''}{text}{at}"
        moment = connector.now
        sent = connector.reply(to, text, (), key, moment) if to else connector.publish(text, (), key, moment)
        one = Said(sent.remote_id, to.remote_id if to else "", text, moment)
        self.said.append(one)
        return one

    def watch(self, moments: Iterable[float], late: float = 0) -> list[Activity]:
        """Fetch at each of the moments (seconds, growing).

        What was said is told at the first fetch that is `late` seconds after it.
        """
        cursor: Any = None
        told: set[str] = set()
        found: list[Activity] = []
        for seconds in moments:
            connector = self.at(seconds)
            heard = [s for s in self.said if s.remote_id not in told]
            heard = [s for s in heard if s.at + timedelta(seconds=late) <= connector.now]
            told |= {s.remote_id for s in heard}
            more = True
            while more:
                page: Page = connector.fetch(cursor, heard)
                cursor, heard, more = json.loads(json.dumps(page.cursor)), [], page.more
                found += [item for item in page.items if isinstance(item, Activity)]
        return found

    def spoken(self, seconds: float) -> list[Activity]:
        """First messages to the brand from the opening until then."""
        items = [item for item in self.day([seconds]) if item.kind in OPENING and "~" not in item.remote_id]
        return [item for item in items if not item.edited and not item.deleted]

    def day(self, moments: Iterable[float]) -> list[Activity]:
        """As `watch`, without what was said before the town opened."""
        return [item for item in self.watch(moments) if item.published >= self.opened]

    def back(self, until: float = 3_600) -> list[Activity]:
        """What is said in answer to the brand until then."""
        ids = {one.remote_id for one in self.said}
        return [item for item in self.watch([until]) if item.in_reply_to in ids]
