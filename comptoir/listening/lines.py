"""The open lines to all places where brands listen, one thread each, in the worker's process.

What a batch brings is put to all queries and kept in one transaction with the cursor behind it: whatever dies, the next
line goes on where the last one kept something. Several workers share the places by leases; only who holds one writes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from comptoir.kernel import clock
from comptoir.kernel.faults import OutsideError
from comptoir.listening import hubs
from comptoir.listening.hearing import hear
from comptoir.listening.models import Source
from comptoir.networks.connector import (
    ConnectorError,
    Overheard,
    TryLater,
    Unusable,
)
from comptoir.networks.lines import HeldLines
from comptoir.networks.outside import code_of

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
"""How long a line is somebody's after its last sign of life: one comes every ten seconds."""
LONGEST_WAIT = timedelta(minutes=5)
WELL = 60.0
"""Seconds after which a line that says nothing works all the same."""
PATIENT = timedelta(seconds=20)
"""Who wants to be left alone for longer is left, and asked anew."""


class Lost(Exception):
    """Somebody else has the line now, or nobody wants it any more."""


class Lines(HeldLines[tuple[str, str]]):
    """All lines of this process."""

    name = "source"

    def _take_up(self) -> None:
        due = Source.objects.everywhere().filter(on=True, next_try__lte=clock.now())
        for source in due.select_related("channel__brand").order_by("pk"):
            place = (source.network, source.address)
            if place not in self._lines and source.leased(self.me, LEASE):
                self._open(place, source.pk, partial(self._hold, source))

    def _hold(self, source: Source) -> None:
        """Follow one line until it ends, is lost or the process stops; then say when to try again."""
        began = clock.now()
        moved = follow(source, self.me, self._stop)
        source.unheard(self.me, **hubs.paced(source, moved, began))


def follow(source: Source, me: UUID, stop: threading.Event) -> dict[str, Any]:
    """Keep what a line brings, batch by batch; what is to be written down when it is over."""
    try:
        with closing(source.batches()) as line:  # type: ignore[type-var]
            after = _keep_all(source, line, me, stop)
            return {"next_try": clock.now() + after}
    except Lost:
        return {}
    except TryLater as error:
        return _failed(source, error, error.after)
    except ConnectorError as error:
        return _failed(source, error)
    except OutsideError as error:
        return _failed(source, ConnectorError(code_of(error)))
    except DatabaseError:
        raise
    except Exception:
        log.exception("source %s", source.pk)
        return _failed(source, ConnectorError("broken"))


def _keep_all(source: Source, line: Iterator[Overheard], me: UUID, stop: threading.Event) -> timedelta:
    """Until it ends, or wants to be left alone for long: for how long. TryLater when it ended before it worked."""
    began, well = time.monotonic(), False
    for batch in line:
        well = well or bool(batch.items or batch.passed or batch.after) or time.monotonic() - began > WELL
        keep(source, batch, me, well)
        if stop.is_set() or batch.after > PATIENT:
            return batch.after
        if batch.after and stop.wait(batch.after.total_seconds()):
            return timedelta(0)
    if not well:
        raise TryLater("no_answer")
    return timedelta(0)


def keep(source: Source, batch: Overheard, me: UUID, well: bool = True) -> list[int]:
    """Put a batch to all queries, and keep its cursor in the same transaction; the new mentions. Lost when the line is
    no longer ours: then nothing of it is kept."""
    unread = sum(isinstance(item, Unusable) for item in batch.items)
    with transaction.atomic():
        if not source.leased(me, LEASE, **source.heard(batch, unread, well)):
            raise Lost
        said = [item for item in batch.items if not isinstance(item, Unusable)]
        return hear(source.network, said) if said else []


def _failed(source: Source, error: ConnectorError, after: timedelta | None = None) -> dict[str, Any]:
    """It may pass: wait as the place says, else longer each time, five minutes at the most."""
    with suppress(Source.DoesNotExist):
        source.refresh_from_db(fields=["failures"])
    failures = source.failures + 1
    wait = after or min(LONGEST_WAIT, timedelta(seconds=2.0 ** min(failures, 9)))
    return {
        "failures": failures, "code": error.code, "facts": error.facts, "next_try": clock.now() + wait,
    }  # fmt: skip
