"""Keeps processes running: starts them, passes on what they say, starts again what dies, stops them all.

Each child has a process group of its own, so that Ctrl-C in a terminal reaches the keeper alone and that
what a dead child leaves behind can be ended with it; and it is tied to the keeper: should the keeper be
killed, the kernel stops the child.
"""

import os
import selectors
import signal
import sys
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress

from comptoir.command import saying
from comptoir.kernel import lifeline

FATAL = 3
"""The exit code of a child that will not fare better if started again: it has said why."""
STEADY = 10.0
"""A child that lived for so many seconds is started again at once when it dies; others may have to wait."""
_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_ALL = (*_STOP, signal.SIGCHLD)


class Child(ABC):
    """A process to keep running."""

    output: int | None = None
    """What it says, to be read here and passed on under its name; None when it speaks for itself."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.born = 0.0
        self.deaths = 0
        self.due: float | None = 0.0
        self.pending = b""

    @abstractmethod
    def begin(self) -> None:
        """Start it."""

    @abstractmethod
    def poll(self) -> int | None:
        """Its exit code when it has ended (minus the signal that killed it), None while it runs."""

    @abstractmethod
    def end(self, sign: int) -> None:
        """Send it a signal: it stops what it started. SIGKILL goes to all that it started, too."""

    def last_words(self) -> str:
        """What to print when it died young, if that is not in its output."""
        return ""


class Forked(Child):
    """A copy of this very process that runs a function: what is already in memory is shared with it."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        super().__init__(name)
        self._work = work
        self.number = 0

    def begin(self) -> None:
        reading, writing = os.pipe()
        parent = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, _ALL)
        self.number = os.fork()
        if self.number == 0:
            self._live(parent, writing)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ALL)
        os.close(writing)
        with suppress(OSError):
            os.setpgid(self.number, self.number)
        self.output = reading

    def _live(self, parent: int, writing: int) -> None:
        """What happens in the child: it never comes back from here."""
        code = 1
        try:
            os.setpgid(0, 0)
            for number in (1, 2):
                os.dup2(writing, number)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            signal.set_wakeup_fd(-1)
            for sign in _ALL:
                signal.signal(sign, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ALL)
            lifeline.tie(parent)
            self._work()
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def poll(self) -> int | None:
        if self.number == 0:
            return 0
        with suppress(ChildProcessError):
            ended, status = os.waitpid(self.number, os.WNOHANG)
            return os.waitstatus_to_exitcode(status) if ended else None
        return 0

    def end(self, sign: int) -> None:
        if self.number:
            with suppress(ProcessLookupError, PermissionError):
                (os.killpg if sign == signal.SIGKILL else os.kill)(self.number, sign)


class Keeper:
    """Keeps children running until it is told to stop, by a signal or by a child that ends with `FATAL`."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        patience: float,
        in_turn: bool = False,
        each_turn: Callable[[], float | None],
    ) -> None:
        """Keep these children.

        `patience`: seconds that a child gets to stop well. `in_turn`: stop them one after the other, the last
        first, rather than together. `each_turn` is called again within the seconds that it answers.
        """
        self.children = children
        self._patience = patience
        self._in_turn = in_turn
        self._each_turn = each_turn
        self._selector = selectors.DefaultSelector()
        self._asked = 0
        self._failed = False

    def run(self) -> bool:
        """Run until told to stop, then stop them all. False when a child said that to go on is of no use."""
        waking, wake = os.pipe()
        for number in (waking, wake):
            os.set_blocking(number, False)
        before = {sign: signal.signal(sign, self._heard) for sign in _ALL}
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._selector.register(waking, selectors.EVENT_READ)
        try:
            while not self._asked and not self._failed:
                self._turn(time.monotonic())
        finally:
            self._stop()
            signal.set_wakeup_fd(-1)
            for sign, handler in before.items():
                signal.signal(sign, handler)
        return not self._failed

    def _heard(self, sign: int, frame: object) -> None:
        if sign in _STOP:
            self._asked += 1

    def _turn(self, now: float) -> None:
        for child in self.children:
            if child.due is not None and child.due <= now:
                self._begin(child, now)
        again = self._each_turn()
        waits = [child.due - now for child in self.children if child.due is not None]
        self._wait(min([*waits, 60.0 if again is None else again]))
        for child in self.children:
            code = child.poll() if child.due is None else None
            if code is not None:
                self._died(child, code)

    def _begin(self, child: Child, now: float) -> None:
        child.begin()
        child.born, child.due = now, None
        if child.output is not None:
            os.set_blocking(child.output, False)
            self._selector.register(child.output, selectors.EVENT_READ, child)

    def _wait(self, seconds: float) -> None:
        """Sleep until a child speaks or dies, a signal comes, or the time is over."""
        for key, _ in self._selector.select(max(0.0, seconds)):
            if key.data is None:
                with suppress(BlockingIOError):
                    os.read(key.fd, 4096)
            else:
                self._pass_on(key.data)

    def _pass_on(self, child: Child) -> bool:
        """Print what a child says, its name before each line. False when it has no more to say for now."""
        if child.output is None:
            return False
        try:
            said = os.read(child.output, 65536)
        except BlockingIOError:
            return False
        *lines, child.pending = (child.pending + said).split(b"\n")
        if child.pending and (not said or len(child.pending) > 65536):
            lines.append(child.pending)
            child.pending = b""
        for line in lines:
            saying.passed_on(child.name, line.decode(errors="replace"))
        if not said:
            self._close(child)
        return bool(said)

    def _close(self, child: Child) -> None:
        if child.output is not None:
            self._selector.unregister(child.output)
            os.close(child.output)
            child.output = None

    def _died(self, child: Child, code: int) -> None:
        self._bury(child)
        if code == FATAL:
            self._failed = True
            return
        now = time.monotonic()
        child.deaths = 0 if now - child.born > STEADY else child.deaths + 1
        wait = 0.0 if child.deaths <= 1 else min(30.0, 0.5 * 2 ** (child.deaths - 2))
        child.due = now + wait
        how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended (exit code {code})"
        saying.line(child.name, f"{how}: started again" + (f" in {wait:.1f} s" if wait else ""))
        if child.deaths > 1 and child.last_words():
            saying.plain(child.last_words())

    def _bury(self, child: Child) -> None:
        """End what a dead child left running, and pass on its last words."""
        child.end(signal.SIGKILL)
        while self._pass_on(child):
            pass
        self._close(child)

    def _stop(self) -> None:
        """Stop the children. Asked twice, or out of patience: at once."""
        self._asked = min(self._asked, 1)
        alive = [child for child in reversed(self.children) if child.due is None]
        for some in [[child] for child in alive] if self._in_turn else [alive]:
            for child in some:
                child.end(signal.SIGTERM)
            until = time.monotonic() + self._patience
            left = list(some)
            while left and self._asked < 2 and time.monotonic() < until:
                self._wait(0.05)
                left = [child for child in left if child.poll() is None]
            for child in some:
                self._bury(child)
                while child.poll() is None:
                    time.sleep(0.01)
