"""The contract suite in the rehearsal town, where nobody can be made to speak: time is moved until somebody does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.connectors.rehearsal import Rehearsal
from comptoir.networks.connector import OPENING, Activity, Sent
from tests.contract.harness import Harness

LONG = timedelta(hours=6)


class RehearsalHarness(Harness):
    type = Rehearsal
    wrong = ({"languages": "klingon"},)
    already_talking = timedelta(hours=5)

    def __init__(self, http: Any) -> None:
        super().__init__(http)
        self.clock = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)

    @property
    def now(self) -> datetime:
        return self.clock

    def pause(self) -> None:
        self.clock += timedelta(seconds=10)

    def answers(self) -> dict[str, str]:
        return {"seed": "contract", "languages": "both"}

    def ahead(self) -> list[Activity]:
        """What is heard from the kept cursor until now, the cursor left where it is."""
        cursor, more, items = self.cursor, True, []
        while more:
            page = self.connector().fetch(cursor, self.said)
            items += [item for item in page.items if isinstance(item, Activity)]
            cursor, more = page.cursor, page.more
        return items

    def speak(self, times: int = 1) -> list[str]:
        return self._until(lambda item: item.kind in OPENING and not item.deleted, times)

    def answer(self, sent: Sent) -> str:
        return self._until(lambda item: item.in_reply_to == sent.remote_id, 1)[0]

    def _until(self, wanted: Callable[[Activity], bool], times: int) -> list[str]:
        """Move the clock until so many messages of a kind were said; their ids."""
        end = self.clock + LONG
        while len(found := dict.fromkeys(item.remote_id for item in self.ahead() if wanted(item))) < times:
            if self.clock > end:
                raise TimeoutError(f"nobody said it in {LONG}")
            self.clock += timedelta(seconds=30)
        return list(found)[:times]
