"""The database on board: a PostgreSQL of our own in the data folder, started and stopped with the program.

`address(data)` is where it answers. `running(data)` is what a command or a test does its work in: it starts
the server when none runs, else shares the one that does. `comptoir up` keeps an `Owner` while it lives.

One process owns the server: it holds `owner.lock`, and the postmaster is its direct child, so that a killed
one is reaped and can be started again at once. The others hold `users.lock` together while they work; an
owner who is only a passing command waits for them before it stops the server.
"""

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from comptoir.kernel import cluster, lifeline
from comptoir.kernel.cluster import Home, Say, Unusable

__all__ = ["Owner", "Unusable", "address", "running"]

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "wal_compression": "on",
    "max_wal_size": "1GB",
    "log_checkpoints": "off",
    "log_line_prefix": "",
    # Neither rows nor statements: people's words and addresses are in them.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_TICK = 0.01


def address(data: Path) -> str:
    """The URL of the database on board of a data folder, whether or not it runs."""
    from urllib.parse import quote

    return f"postgresql://{cluster.ROLE}@/{cluster.ROLE}?host={quote(str(Home(data).socket), safe='')}"


@contextmanager
def running(data: Path, *, fsync: bool = True, say: Say = lambda _: None) -> Iterator[str]:
    """Have the database of this data folder running meanwhile, and give its URL.

    `fsync=False` is for tests: fast, and lost if the machine fails. Raises `Unusable`, which says what to do.
    """
    while True:
        owner = Owner(data, fsync=fsync, say=say)
        if owner.acquire():
            try:
                owner.start()
                yield address(data)
            finally:
                owner.release(patient=True)
            return
        with _lock(owner.home.folder / "users.lock", fcntl.LOCK_SH):
            if _answers(owner):
                yield address(data)
                return


def _answers(owner: "Owner") -> bool:
    """Wait until the server of somebody else is ready. False when that owner left before it was."""
    while not ready(owner.home):
        if owner.acquire():
            owner.release()
            return False
        time.sleep(_TICK)
    return True


def ready(home: Home, number: int | None = None) -> bool:
    """Whether the server (the one with this process number, if given) takes connections."""
    notes = _notes(home)
    if len(notes) < 8 or notes[7].strip() != "ready" or (number is not None and notes[0] != str(number)):
        return False
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(home.socket / ".s.PGSQL.5432")) == 0


def _notes(home: Home) -> list[str]:
    """The lines of postmaster.pid: the first is its process number, the eighth its state."""
    try:
        return (home.cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


@contextmanager
def _lock(path: Path, kind: int) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


class Owner:
    """The one process that runs a database on board."""

    def __init__(self, data: Path, *, fsync: bool = True, say: Say = lambda _: None) -> None:
        self.say = say
        self._settings = _SETTINGS if fsync else _SETTINGS | _FORGETFUL
        self._user = cluster.runs_as(Home(data), say)
        self.home = cluster.place(data, self._user, say)
        self.process: subprocess.Popen[Any] | None = None
        self._programs: Path | None = None
        self._held: int | None = None

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.home.folder / "server.log"

    def acquire(self) -> bool:
        """Become the owner. False when another process is."""
        try:
            handle = os.open(self.home.folder / "owner.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise Unusable(f"{self.home.folder} belongs to another user: run this as that user.") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._held = handle
        return True

    def start(self) -> None:
        """Make the database if missing, start the server, wait until it answers, however long it recovers."""
        self.spawn()
        began, told = time.monotonic(), 0.0
        while not self.answers():
            if self.process is None or self.process.poll() is not None:
                raise Unusable(f"The database did not start. From {self.log}:\n{self.last_words()}")
            waited = time.monotonic() - began
            if waited - told > 5:
                told = waited
                self.say(f"still recovering what was written before it stopped ({waited:.0f} s)")
            time.sleep(_TICK)

    def spawn(self) -> None:
        """Start the server without waiting for it."""
        if self._programs is None:
            self._programs = cluster.binaries(self._user, self.say)
            if not self.home.made:
                cluster.make(self.home, self._programs, self._user)
            cluster.check_version(self.home, self._programs)
        cluster.admit(self.home, self._user)
        _clear(self.home, self.say)
        if self.log.exists() and self.log.stat().st_size > 10_000_000:
            self.log.replace(self.log.with_suffix(".old"))
        settings = self._settings | {"unix_socket_directories": str(self.home.socket)}
        line = [str(self._programs / "postgres"), "-D", str(self.home.cluster)]
        line += [f"--{name}={value}" for name, value in settings.items()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                line,
                stdout=log,
                stderr=log,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                preexec_fn=lifeline.tied(signal.SIGINT),  # noqa: PLW1509
                **cluster.identity(self._user),
            )

    def answers(self) -> bool:
        """Whether our server takes connections now."""
        return self.process is not None and ready(self.home, self.process.pid)

    def last_words(self) -> str:
        """The end of the server's log."""
        with suppress(FileNotFoundError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        return ""

    def release(self, *, patient: bool = False) -> None:
        """Stop the server and leave the ownership. A patient owner waits for the others who work with it."""
        try:
            if patient and self.process is not None:
                with _lock(self.home.folder / "users.lock", fcntl.LOCK_EX):
                    self.stop()
            else:
                self.stop()
        finally:
            self.stop()
            if self._held is not None:
                os.close(self._held)
                self._held = None

    def stop(self, patience: float = 20) -> None:
        """Stop the server: cleanly within `patience` seconds, else at once and it recovers later."""
        process, self.process = self.process, None
        if process is None:
            return
        for sign, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            process.send_signal(sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return


def _clear(home: Home, say: Say) -> None:
    """Get rid of what a killed server left: its processes first, then a note that only names the dead.

    PostgreSQL itself refuses to start while a child of the last one lives, and also when the number in the
    note belongs to a stranger or to a zombie that nobody reaps. The owner's lock says that no server of ours
    is in use. A postmaster whose owner was killed is told by the kernel to stop: it gets the time for it.
    """
    began, told = time.monotonic(), False
    while left := _leftovers(home.cluster):
        stopping = any(str(number) in _notes(home)[:1] for number in left)
        waited = time.monotonic() - began - (20 if stopping else 0.3)
        if waited > 0:
            for number in left:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL if waited > 3 else signal.SIGQUIT)
        elif stopping and not told:
            told = True
            say("waiting for the last server to stop")
        time.sleep(_TICK)
    if os.path.isdir("/proc/self") and _notes(home):
        (home.cluster / "postmaster.pid").unlink()


def _leftovers(folder: Path) -> list[int]:
    """The live processes that work in this cluster: PostgreSQL's own, which change into it."""
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        if name.isdigit():
            with suppress(OSError):
                if os.readlink(f"/proc/{name}/cwd") == str(folder) and os.readlink(
                    f"/proc/{name}/exe"
                ).endswith("/postgres"):
                    found.append(int(name))
    return found
