"""A whole day's work leaves a log that a machine reads, with nothing in it about anybody."""

from __future__ import annotations

import json
import os
import re
import signal

import psycopg

from tests.command.started import below, lives, until, up
from tests.operations.houses import Browser

REPLY = "Le bac de huit heures vous attendra, promis."
NOTE = "Sa mère attend au port."


def test_a_journey_through_the_log() -> None:
    with up(LOG_FORMAT="json", LOG_LEVEL="DEBUG", SEND_DELAY="0") as house:
        link = house.run("owner-link")
        assert link.startswith("http"), "a command answers a person, not a machine"
        owner = Browser(house)
        token = link.split("/owner/")[1].strip("/\n")
        owner.fill("/settings/", "/settings/", name="Ana Ruiz", language="fr")
        with psycopg.connect(house.url(), autocommit=True) as line:
            until(
                lambda: (
                    _one(line, "SELECT count(*) FROM inbox_thread WHERE NOT answered AND closed_at IS NULL")
                    > 2
                )
            )
            thread = _one(line, "SELECT min(id) FROM inbox_thread WHERE NOT answered AND closed_at IS NULL")
            slug = _one(line, "SELECT slug FROM organisation_brand")
            place = f"/b/{slug}/threads/{thread}/"
            owner.fill(place, f"{place}replies/", text=REPLY)
            owner.fill(place, f"{place}notes/", text=NOTE)
            owner.get(f"/b/{slug}/threads/?q=ferry+secret")
            until(lambda: _one(line, "SELECT count(*) FROM networks_delivery WHERE state = 'sent'") == 1)
            _trouble(house.process.pid)
            until(house.answers)
            people = [str(value) for row in line.execute(PEOPLE) for value in row if value]
        house.stop()
        text = house.kept
    known = {*people, REPLY, NOTE, token, "Ana Ruiz", "owner@localhost", "ferry+secret", "ferry secret"}
    assert len(known) > 50
    found = {each for each in known if len(each) > 6 and each in text}
    assert not found
    lines = [json.loads(line) for line in text.splitlines()]
    assert {"web", "worker", "database"} <= {line.get("role") for line in lines}
    assert any(line.get("logger") == "comptoir.request" and line["status"] == 200 for line in lines)
    assert any(re.fullmatch(r"[0-9a-f]{16}", line.get("request", "")) for line in lines)


PEOPLE = """
SELECT a.handle, a.name, left(y.text, 40) FROM networks_activity y JOIN networks_actor a ON a.id = y.actor_id
JOIN networks_audience u ON u.activity_id = y.id WHERE y.text <> '' AND NOT u.own LIMIT 300
"""


def _one(line: psycopg.Connection[tuple[object, ...]], statement: str) -> int:
    return line.execute(statement.encode()).fetchone()[0]  # type: ignore[index, return-value]


def _trouble(number: int) -> None:
    """Kill the worker at work: what dies says so, too."""
    worker = min(pid for pid, name in below(number).items() if name.startswith("comptoir worke"))
    os.kill(worker, signal.SIGKILL)
    until(lambda: not lives(worker))
