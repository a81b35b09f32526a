"""Lines that a process keeps open in the background, one thread each: what streams and public places have in common."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, close_old_connections

log = logging.getLogger(__name__)
LOOK = 5.0
"""Seconds between two looks for what nobody listens to."""


class HeldLines[Key: Hashable](ABC):
    """All lines of one kind of this process. `start` and forget: its threads end with the process.

    `me` is who holds the leases, `name` what logs and threads call the kind.
    """

    name: str

    def __init__(self, look: float = LOOK) -> None:
        self.me: UUID = uuid4()
        self._look = look
        self._stop = threading.Event()
        self._looking = threading.Thread(target=self._supervise, name=f"{self.name}s", daemon=True)
        self._lines: dict[Key, threading.Thread] = {}

    def start(self) -> None:
        """Begin to listen, in the background."""
        self._looking.start()

    def stop(self, patience: float = 5.0) -> None:
        """Hang up: each line at its next sign of life."""
        self._stop.set()
        for thread in [self._looking, *self._lines.values()]:
            thread.join(patience)

    @abstractmethod
    def _take_up(self) -> None:
        """Open a line to whatever has none, here or elsewhere, and whose turn it is."""

    def _open(self, key: Key, number: int, hold: Callable[[], Any]) -> None:
        """Hold a line in a thread of its own until `hold` ends."""

        def held() -> None:
            try:
                hold()
            except DatabaseError:
                log.warning("%s %s: the database does not answer", self.name, number)
            finally:
                close_old_connections()

        line = threading.Thread(target=held, name=f"{self.name} {number}", daemon=True)
        self._lines[key] = line
        line.start()

    def _supervise(self) -> None:
        while not self._stop.is_set():
            self._lines = {key: line for key, line in self._lines.items() if line.is_alive()}
            try:
                self._take_up()
            except DatabaseError:
                log.warning("%ss: the database does not answer", self.name)
            finally:
                close_old_connections()
            self._stop.wait(self._look)
