"""The database on board: made once, shared, never lost, whoever dies."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from comptoir.kernel import onboard
from comptoir.kernel.cluster import Home
from tests.command.started import data_folder, environment, lives, until

RACER = """
import sys
from pathlib import Path
import psycopg
from comptoir.kernel import onboard
with onboard.running(Path(sys.argv[1])) as url, psycopg.connect(url) as line:
    line.execute("SELECT pg_advisory_xact_lock(1)")
    line.execute("CREATE TABLE IF NOT EXISTS racers (name text)")
    line.execute("INSERT INTO racers VALUES (%s)", [sys.argv[2]])
"""


def test_it_is_made_for_us_alone_and_gone_afterwards() -> None:
    with data_folder() as data:
        with onboard.running(data) as url, psycopg.connect(url) as line:
            number = int((Home(data).cluster / "postmaster.pid").read_text().split()[0])
            row = line.execute(
                "SELECT lower('ÉCOLE'), current_setting('fsync'), current_setting('listen_addresses'),"
                " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), current_setting('data_checksums')"
            ).fetchone()
            assert row == ("école", "on", "", False, "on")
            for folder in (Home(data).cluster, Home(data).socket):
                assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            with pytest.raises(psycopg.OperationalError, match="Peer"):
                psycopg.connect(url.replace("comptoir@", "stranger@"))
            line.execute("CREATE EXTENSION pg_trgm")
        assert not lives(number)
        assert not list(Home(data).socket.iterdir())


def test_six_start_at_once_and_one_makes_it() -> None:
    with data_folder() as data:
        line = [sys.executable, "-c", RACER, str(data)]
        racers = [subprocess.Popen([*line, f"racer {n}"], env=environment()) for n in range(6)]
        assert [racer.wait(60) for racer in racers] == [0] * 6
        with onboard.running(data) as url, psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(*), count(DISTINCT name) FROM racers").fetchone()
        assert row == (6, 6)


def test_a_killed_server_is_started_again_beside_its_busy_orphan() -> None:
    """A backend in the middle of a computation outlives its postmaster, and holds the shared memory."""
    with data_folder() as data:
        owner = onboard.Owner(data)
        assert owner.acquire()
        owner.start()
        busy = psycopg.connect(onboard.address(data))

        def compute() -> None:
            with suppress(psycopg.OperationalError):
                busy.execute("SELECT count(*) FROM generate_series(1, 1000000000)")

        thread = threading.Thread(target=compute)
        thread.start()
        time.sleep(0.2)
        assert owner.process is not None
        owner.process.kill()
        owner.process.wait()
        began = time.monotonic()
        owner.start()
        assert time.monotonic() - began < 5
        thread.join(10)
        assert not thread.is_alive()
        owner.release()


def test_a_note_that_names_a_stranger_does_not_stop_it() -> None:
    """After a crash of the machine the number in postmaster.pid may be anybody's: here, our own."""
    with data_folder() as data:
        with onboard.running(data):
            pass
        note = Home(data).cluster / "postmaster.pid"
        note.write_text(f"{os.getpid()}\n{note.parent}\n0\n5432\n\n\n\nready\n")
        with onboard.running(data) as url, psycopg.connect(url) as line:
            assert line.execute("SELECT 1").fetchone() == (1,)


def test_when_the_owner_is_killed_the_server_stops_by_itself() -> None:
    program = RACER.replace(
        '    line.execute("INSERT', '    print("in", flush=True); sys.stdin.read()\n    line.execute("INSERT'
    )
    with data_folder() as data:
        line = [sys.executable, "-c", program, str(data), "owner"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(line, env=environment(), **pipes) as owner:  # type: ignore[call-overload]
            assert owner.stdout.readline() == b"in\n"
            number = int((Home(data).cluster / "postmaster.pid").read_text().split()[0])
            owner.send_signal(signal.SIGKILL)
        until(lambda: not lives(number), 10)
        with onboard.running(data) as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_path_too_long_for_a_socket() -> None:
    with data_folder() as folder:
        data = folder / ("long" * 30)
        home = Home(data)
        assert len(os.fsencode(home.socket)) < 80
        with onboard.running(data) as url, psycopg.connect(url) as line:
            assert line.execute("SELECT 1").fetchone() == (1,)
        assert stat.S_IMODE(home.socket.stat().st_mode) == 0o700
        home.socket.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's database runs as somebody else")
def test_a_folder_that_only_root_may_enter() -> None:
    import shutil

    with data_folder() as folder:
        folder.chmod(0o700)
        data = folder / "data"
        try:
            with onboard.running(data) as url, psycopg.connect(url) as line:
                assert line.execute("SELECT 1").fetchone() == (1,)
            assert (data / "database").is_symlink()
            assert Home(data).folder.parent == Path("/var/lib/comptoir")
            assert onboard.address(data) == url
        finally:
            shutil.rmtree(Home(data).folder)


def test_a_database_of_another_major_version_is_refused() -> None:
    with data_folder() as data:
        with onboard.running(data):
            pass
        (Home(data).cluster / "PG_VERSION").write_text("17\n")
        with pytest.raises(onboard.Unusable, match="made by PostgreSQL 17"), onboard.running(data):
            pass
