"""`comptoir up`: everything that a running Comptoir is, in one foreground process that keeps it running.

    up ─┬─ postgres            the database on board, unless DATABASE_URL names another
        └─ program             has read the whole program once, and forks:
             ├─ web ─ 2 pages  granian, WSGI
             ├─ live           granian, ASGI: the live stream, on the next port
             └─ worker         the jobs

This process stays small: it never loads Django.
"""

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from comptoir.command import saying
from comptoir.command.keeping import Child, Keeper
from comptoir.kernel import config, lifeline, onboard

_LOCK = "up.lock"
_PATIENCE = 3.5
"""Seconds that the program gets to stop: Ctrl-C takes less than five in all."""


def up() -> int:
    """Start Comptoir and keep it running until a signal stops it. The exit code: 0 when asked to stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    saying.to_a_log()
    data = config.data_folder()
    try:
        _alone(data)
        where, port = config.bind(), config.port()
        for number in (port, port + 1):
            check_free(where, number)
        saying.line("comptoir", f"data in {data}")
        database = None if os.environ.get("DATABASE_URL") else Database(data)
    except onboard.Unusable as error:
        saying.plain(str(error))
        return 1
    except KeyboardInterrupt:
        return 0
    children = [database, Program()] if database else [Program()]
    keeper = Keeper(
        children, patience=_PATIENCE, in_turn=True, each_turn=database.watch if database else _idle
    )
    well = keeper.run()
    saying.line("comptoir", "stopped")
    return 0 if well else 1


def _idle() -> float | None:
    return None


def _alone(data: Path) -> None:
    """Be the only `up` of this data folder: the lock goes when the process does."""
    handle = os.open(data / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        already = os.read(handle, 200).decode()
        raise onboard.Unusable(f"Comptoir is already up on {data}: {already}.") from None
    os.truncate(handle, 0)
    os.write(handle, f"process {os.getpid()}, {config.public_url()}".encode())


def running(data: Path) -> str:
    """The process and address of the `up` that runs on this data folder, "" when none does."""
    try:
        handle = os.open(data / _LOCK, os.O_RDONLY)
    except OSError:
        return ""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return ""
    except BlockingIOError:
        return os.read(handle, 200).decode()
    finally:
        os.close(handle)


def check_free(where: str, port: int) -> None:
    """Refuse a port that another program listens on: granian would silently share it."""
    family = socket.AF_INET6 if ":" in where else socket.AF_INET
    with socket.socket(family) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((where, port))
            return
        except OSError as error:
            taken = f"Port {port} is taken by another program."
            said = {
                errno.EADDRINUSE: f"{taken} Stop it, or choose another: PORT={port + 10}",
                errno.EACCES: f"Port {port} is reserved to root. Choose one above 1023: PORT=8000",
                errno.EADDRNOTAVAIL: f"BIND={where} is not an address of this machine.",
            }
            sentence = said.get(error.errno or 0, f"Cannot listen on {where}:{port}: {error.strerror}.")
    raise onboard.Unusable(sentence)


def join() -> None:
    """Take the address of the `up` that runs here, for a command beside it: it may have been given another port."""
    where = urlsplit(running(config.data_folder()).partition(", ")[2])
    if where.hostname == "localhost" and where.port:
        os.environ.setdefault("PORT", str(where.port))
    elif where.hostname:
        os.environ.setdefault("PUBLIC_URL", where.geturl())


class Database(Child):
    """The database on board, already running when this is made."""

    def __init__(self, data: Path) -> None:
        super().__init__("database")
        began = time.monotonic()
        self.owner = onboard.Owner(data, say=lambda text: saying.line("database", text))
        new, told = not self.owner.home.made, False
        while not self.owner.acquire():
            if not told:
                told = True
                saying.line("database", "another comptoir command works with it: waiting until it is done")
            time.sleep(0.1)
        try:
            self.owner.start()
        except BaseException:
            self.owner.release()
            raise
        self.due, self.born = None, time.monotonic()
        self._back: float | None = None
        saying.line("database", "on board, made and started" if new else "on board, started", began)

    def begin(self) -> None:
        self._back = time.monotonic()
        self.owner.spawn()

    def poll(self) -> int | None:
        process = self.owner.process
        return 0 if process is None else process.poll()

    def end(self, sign: int) -> None:
        process = self.owner.process
        if process is not None:
            process.send_signal(signal.SIGINT if sign == signal.SIGTERM else signal.SIGQUIT)

    def last_words(self) -> str:
        return self.owner.last_words()

    def watch(self) -> float | None:
        """Say when it is back after it was started again."""
        if self._back is None or self.due is not None:
            return None
        if not self.owner.answers():
            return 0.05
        saying.line("database", "answers again", self._back)
        self._back = None
        return None


class Program(Child):
    """The process that has read the whole program: see `comptoir.command.program`."""

    def __init__(self) -> None:
        super().__init__("program")
        self._process: subprocess.Popen[bytes] | None = None
        self._times = 0

    def begin(self) -> None:
        self._times += 1
        rest = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1", "COMPTOIR_BEGAN": repr(saying.began())}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "comptoir.command.program", "first" if self._times == 1 else "again"],
            env={**os.environ, **rest},
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=lifeline.tied(),  # noqa: PLW1509
        )

    def poll(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def end(self, sign: int) -> None:
        """The program stops its own children; when it is past asking, they die with it."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, sign)
