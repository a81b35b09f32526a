"""What is due each second is queued by the clock of the wall, whatever happens to that clock."""

from __future__ import annotations

import time

from procrastinate import App
from procrastinate.testing import InMemoryConnector

from comptoir.command.working import Punctual

app = App(connector=InMemoryConnector())


@app.periodic(cron="* * * * * *")
@app.task(name="second")
def second(timestamp: int) -> None:
    """Each second."""


@app.periodic(cron="23 * * * *")
@app.task(name="hour")
def hour(timestamp: int) -> None:
    """Each hour, at its 23rd minute."""


def due(punctual: Punctual, at: float) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for periodic, timestamp in punctual.get_previous_tasks(at=at):
        found.setdefault(periodic.task.name, []).append(timestamp)
    return found


def start() -> tuple[Punctual, float]:
    punctual = Punctual(registry=app.periodic_registry)
    at = 1_800_000_000.5  # a full hour
    assert due(punctual, at) == {"second": [1_800_000_000]}
    return punctual, at


def test_second_by_second() -> None:
    punctual, at = start()
    assert [due(punctual, at + n) for n in (1, 2)] == [
        {"second": [1_800_000_001]},
        {"second": [1_800_000_002]},
    ]
    assert due(punctual, at + 2.2) == {}, "each time once"


def test_set_back_it_goes_on_at_once() -> None:
    punctual, at = start()
    assert due(punctual, at - 3600) == {"second": [1_799_996_400]}
    assert due(punctual, at - 3599) == {"second": [1_799_996_401]}


def test_woken_after_a_night_it_does_not_make_up_for_every_second() -> None:
    punctual, at = start()
    assert "hour" in due(punctual, at + 1400)
    began = time.monotonic()
    assert due(punctual, at + 8 * 3600) == {
        "second": [1_800_000_000 + 8 * 3600],
        "hour": [1_800_000_000 + 7 * 3600 + 23 * 60],
    }, "but what is due once an hour is done"
    assert time.monotonic() - began < 0.5
