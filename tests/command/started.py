"""A `comptoir up` of the tests' own: its folder, its ports, its output, and the processes below it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from comptoir.kernel import onboard
from comptoir.kernel.ports import free_port

COMPTOIR = [sys.executable, "-m", "comptoir.command.main"]
SLOW = 90.0
"""Seconds after which something that should happen has not."""


def environment(**given: str) -> dict[str, str]:
    """The environment of a person's shell, without what the test run set for itself."""
    ours = {"DATABASE_URL", "COMPTOIR_DATA", "COMPTOIR_TESTING", "SEND_DELAY", "PORT", "COMPTOIR_BEGAN"}
    kept = {key: value for key, value in os.environ.items() if key not in ours}
    return {**kept, **given}


def until(happens: Callable[[], bool], seconds: float = SLOW) -> float:
    """Wait for something; the seconds it took. Fails when it does not happen."""
    began = time.monotonic()
    while not happens():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - began


def run(*words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """A `comptoir` command to its end."""
    return subprocess.run(
        [*COMPTOIR, *words],
        env=environment(**given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder that the database's user may enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="ct-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def below(number: int) -> dict[int, str]:
    """The processes that descend from one, each with its name."""
    parents: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):
                head, rest = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)
                parents.setdefault(int(rest.split()[1]), []).append(int(entry))
                names[int(entry)] = head.split("(", 1)[1]
    found: dict[int, str] = {}
    left = [number]
    while left:
        for child in parents.get(left.pop(), []):
            found[child] = names[child]
            left.append(child)
    return found


def lives(number: int) -> bool:
    """Whether a process runs: a dead one that nobody has buried yet does not."""
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


class Up:
    """A running `comptoir up`."""

    def __init__(self, data: Path, command: Sequence[str] = COMPTOIR, **given: str) -> None:
        self.data = data
        self.command = command
        # A program of another source must not find this one in the folder where it is started.
        self.place = None if command is COMPTOIR else data
        self.port = free_port(2)
        self.environment = environment(COMPTOIR_DATA=str(data), PORT=str(self.port), **given)
        self.output = data.with_suffix(".out")
        self.kept = ""
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                [*command, "up"],
                env=self.environment, cwd=self.place, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        try:
            until(lambda: "ready" in self.said() or self.process.poll() is not None)
        except AssertionError:
            self.stop()
            raise
        assert self.process.poll() is None, self.said()

    def run(self, *words: str) -> str:
        """What one of its own commands prints."""
        done = subprocess.run(
            [*self.command, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def own(self) -> dict[str, str]:
        """What a command needs to know to work with it."""
        return {"DATABASE_URL": self.url(), "COMPTOIR_DATA": str(self.data), "PORT": str(self.port)}

    def said(self) -> str:
        """All that it printed."""
        return self.output.read_text(errors="replace")

    def url(self) -> str:
        """The address of its database."""
        return self.environment.get("DATABASE_URL") or onboard.address(self.data)

    def answers(self) -> bool:
        """Whether a page comes."""
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as page:
            return int(page.status) == 200
        return False

    def answers_database(self) -> bool:
        """Whether its database takes connections."""
        import psycopg

        with suppress(psycopg.OperationalError), psycopg.connect(self.url(), connect_timeout=5):
            return True
        return False

    def one(self, name: str) -> int:
        """The first process below it with this name."""
        return min(number for number, called in below(self.process.pid).items() if called == name)

    def postmaster(self) -> int:
        """The database's first process."""
        with suppress(OSError):
            return int((self.data / "database" / "cluster" / "postmaster.pid").read_text().split()[0])
        return 0

    def stop(self, sign: int = signal.SIGINT) -> float:
        """Stop it; the seconds until none of its processes is left."""
        every = [self.process.pid, *below(self.process.pid)]
        self.process.send_signal(sign)
        took = until(lambda: self.process.poll() is not None and not any(map(lives, every)))
        self.kept = self.said()
        self.output.unlink(missing_ok=True)
        return took


@contextmanager
def up(**given: str) -> Iterator[Up]:
    """A `comptoir up`, stopped afterwards."""
    with data_folder() as data:
        running = Up(data, **given)
        try:
            yield running
        finally:
            if running.process.poll() is None:
                running.stop()
