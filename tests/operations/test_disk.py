"""A disk that runs full: said while there is some room, said when there is none, and nothing lost afterwards."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError

import psycopg
import pytest

from tests.command.started import Up, run, until
from tests.operations.houses import Browser, within

SIZE = 500_000_000
LOOK = """
from comptoir.upkeep.jobs import look_around
from comptoir.organisation.models import Notice
look_around.func(timestamp=0)
notices = Notice.objects.everywhere().filter(settled_at=None).exclude(code="surge")
answer = list(notices.values_list("code", flat=True))
"""
SAID = "SELECT count(*), count(DISTINCT remote_id) FROM networks_activity"
UNGATHERED = """
SELECT count(*) FROM networks_audience u JOIN networks_activity a ON a.id = u.activity_id
LEFT JOIN inbox_entry e ON e.activity_id = a.id
WHERE e.id IS NULL AND a.kind IN ('mention', 'reply') AND a.deleted IS NULL
"""


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of its own, with little room on it."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    place = Path(tempfile.mkdtemp(prefix="ct-disk-"))
    line = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0755", "tmpfs", str(place)]
    mounted = subprocess.run(line, capture_output=True, text=True, check=False)
    if mounted.returncode:
        place.rmdir()
        pytest.skip(f"no small disk can be made here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False)
        with suppress(OSError):
            place.rmdir()


def fill(place: Path, leave: int) -> Path:
    """Put one more file there, which leaves so many bytes."""
    ballast = place / f"ballast-{leave}"
    state = os.statvfs(place)
    size = state.f_bavail * state.f_frsize - leave
    with ballast.open("wb") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, size)
    return ballast


def page(house: Up, path: str) -> tuple[int, str]:
    """What a page answers to somebody, whatever it is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{house.port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_a_full_disk() -> None:
    with small_disk() as place:
        house = Up(place, SEND_DELAY="0")
        try:
            owner = Browser(house)
            with psycopg.connect(house.url()) as line:
                slug = line.execute("SELECT slug FROM organisation_brand").fetchone()[0]  # type: ignore[index]
            most = fill(place, leave=40_000_000)
            assert within(house, LOOK) == ["disk_low"]
            assert re.search(r"is nearly full \(\d\d MB left\)", owner.get(f"/b/{slug}/threads/"))
            assert "make room, the database stops when there is none" in run("doctor", **house.own()).stdout
            house.run("rehearse", "volcano", "--rate", "80", "--seconds", "20")
            rest = fill(place, leave=0)
            until(lambda: page(house, "/health/ready")[0] == 503 or not _writes(house))
            _said_on_the_page(house)
            rest.unlink()
            most.unlink()
            until(lambda: page(house, "/health/ready")[0] == 200)
            _all_there(house)
            assert within(house, LOOK) == []
        finally:
            house.stop()


def _writes(house: Up) -> bool:
    """Whether the database takes anything."""
    with suppress(psycopg.Error), psycopg.connect(house.url(), connect_timeout=3, autocommit=True) as line:
        line.execute(
            "CREATE TABLE IF NOT EXISTS probe AS SELECT repeat('x', 100) FROM generate_series(1, 100000)"
        )
        line.execute("DROP TABLE probe")
        return True
    return False


def _said_on_the_page(house: Up) -> None:
    """Whoever asks now is told plainly, or the page comes as ever; it never just breaks."""
    assert page(house, "/health/live") == (200, "alive\n")
    status, words = page(house, "/account/login/")
    assert status in {200, 503}, words
    if status == 503:
        assert "does not answer" in words or "disk of this counter is full" in words


def _all_there(house: Up) -> None:
    """Everything that the town said in the storm comes in, each once, and into threads."""
    with psycopg.connect(house.url(), autocommit=True) as line:
        until(lambda: line.execute(SAID).fetchone()[0] > 1_600)  # type: ignore[index]
        until(lambda: line.execute(UNGATHERED).fetchone()[0] == 0)  # type: ignore[index]
        every, different = line.execute(SAID).fetchone()  # type: ignore[misc]
    assert every == different
