"""`comptoir up`: it brings everything up, brings back what dies, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.command.started import SLOW, Up, below, data_folder, environment, lives, run, until, up

WRITER = """
import sys, time
import psycopg
url, told = sys.argv[1], open(sys.argv[2], "a")
n = 0
while True:
    try:
        with psycopg.connect(url, autocommit=True) as line:
            line.execute("CREATE TABLE IF NOT EXISTS written (n int PRIMARY KEY)")
            while True:
                n += 1
                line.execute("INSERT INTO written VALUES (%s)", [n])
                told.write(f"{n}\\n")
                told.flush()
    except psycopg.OperationalError:
        time.sleep(0.01)
"""


@pytest.fixture(scope="module")
def house() -> Iterator[Up]:
    with up() as running:
        yield running


def test_it_says_what_it_does_in_order_and_answers(house: Up) -> None:
    said = house.said()
    places = [said.index(name) for name in ("data in", "made and started", "migrations applied", "ready")]
    assert places == sorted(places)
    assert "Sign in, once and within 15 minutes: http://localhost" in said
    assert house.answers()


def test_a_second_one_on_the_same_data_says_so(house: Up) -> None:
    second = run("up", COMPTOIR_DATA=str(house.data), PORT=str(house.port + 2))
    assert second.returncode == 1
    assert f"already up on {house.data}: process {house.process.pid}" in second.stdout


def test_a_taken_port_is_told_plainly(house: Up) -> None:
    with data_folder() as data:
        for port, taken in ((house.port, house.port), (house.port - 1, house.port)):
            second = run("up", COMPTOIR_DATA=str(data), PORT=str(port))
            assert second.returncode == 1
            assert (
                second.stdout.startswith(f"Port {taken} is taken by another program.") or port != house.port
            )
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            mine = other.getsockname()[1]
            second = run("up", COMPTOIR_DATA=str(data), PORT=str(mine))
            assert f"Port {mine} is taken by another program." in second.stdout
            assert not (data / "database").exists()


def test_commands_work_beside_it(house: Up) -> None:
    link = run("owner-link", COMPTOIR_DATA=str(house.data))
    assert link.stdout.startswith(f"http://localhost:{house.port}/"), link.stderr
    assert run("migrate", COMPTOIR_DATA=str(house.data)).stdout == "Nothing to migrate.\n"
    doctor = run("doctor", COMPTOIR_DATA=str(house.data))
    assert doctor.returncode == 0, doctor.stdout


def test_the_database_killed_under_load_loses_nothing_it_acknowledged(house: Up, tmp_path: Path) -> None:
    told = tmp_path / "told"
    told.touch()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, house.url(), str(told)], env=environment()
    ) as writer:
        for _ in range(3):
            before = told.stat().st_size
            until(lambda before=before: told.stat().st_size > before + 2000)  # type: ignore[misc]
            number = house.postmaster()
            os.kill(number, signal.SIGKILL)
            back = until(lambda number=number: house.answers_database() and house.postmaster() != number)  # type: ignore[misc]
            assert back < 5
        time.sleep(0.2)
        writer.kill()
    acknowledged = {int(line) for line in told.read_text().split("\n")[:-1]}
    with psycopg.connect(house.url()) as line:
        kept = {row[0] for row in line.execute("SELECT n FROM written")}
    assert len(acknowledged) > 500
    assert acknowledged <= kept
    until(house.answers)


@pytest.mark.parametrize("name", ["comptoir web", "comptoir live", "comptoir worke", "python"])
def test_what_is_killed_comes_back(house: Up, name: str) -> None:
    """ "python" is the process that forked the others: it takes them with it, and all come back."""
    wanted = {"comptoir web", "comptoir live", "comptoir worke"}
    until(lambda: wanted <= {called[:14] for called in below(house.process.pid).values()})
    names = below(house.process.pid).values()
    name = next(called for called in names if called.startswith(name))
    number = house.one(name)
    os.kill(number, signal.SIGKILL)
    until(lambda: house.answers() and not lives(number))
    until(lambda: wanted <= {called[:14] for called in below(house.process.pid).values()})
    assert house.process.poll() is None


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_within_five_seconds(sign: signal.Signals) -> None:
    with up() as running:
        assert running.stop(sign) < 5
        assert running.process.returncode == 0


def test_killed_itself_it_leaves_nothing_running_and_starts_again() -> None:
    with up() as running:
        assert running.stop(signal.SIGKILL) < SLOW
        again = Up(running.data)
        assert "was done before" in again.said()
        assert again.answers()
        again.stop()
