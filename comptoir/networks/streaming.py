"""Listening: the open streams of all channels whose network has them, one thread each, in the worker's process.

A stream only says that something may have come; the fetch that follows brings it, by its cursor. So nothing is lost
between two streams, and nothing is stored twice when both tell. Several workers share the channels by leases: whoever
holds a channel's lease listens to it, and when that process dies another takes it up within `LEASE`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, close_old_connections

from comptoir.kernel.faults import OutsideError
from comptoir.networks.connector import ConnectorError, Reconnect, Streams, TryLater
from comptoir.networks.models import Channel

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=90)
"""How long a channel counts as listened to after its stream's last sign of life: one comes each minute."""
LOOK = 5.0
"""Seconds between two looks for channels that nobody listens to."""
LONGEST_WAIT = 300.0


class Listening:
    """All streams that this process listens to. `start` and forget: its threads end with the process."""

    def __init__(self, look: float = LOOK) -> None:
        self.me: UUID = uuid4()
        self._look = look
        self._stop = threading.Event()
        self._looking = threading.Thread(target=self._supervise, name="listening", daemon=True)
        self._lines: dict[int, threading.Thread] = {}
        self._pauses: dict[int, float] = {}
        self._due: dict[int, float] = {}

    def start(self) -> None:
        """Begin to listen, in the background."""
        self._looking.start()

    def stop(self, patience: float = 5.0) -> None:
        """Hang up: each stream at its next sign of life."""
        self._stop.set()
        for thread in [self._looking, *self._lines.values()]:
            thread.join(patience)

    def _supervise(self) -> None:
        while not self._stop.is_set():
            try:
                self._take_up()
            except DatabaseError:
                log.warning("streams: the database does not answer")
            finally:
                close_old_connections()
            self._stop.wait(self._look)

    def _take_up(self) -> None:
        """Open a stream for each channel that has none, here or elsewhere."""
        for pk in [pk for pk, line in self._lines.items() if not line.is_alive()]:
            del self._lines[pk]
        active = Channel.objects.everywhere().filter(state=Channel.State.ACTIVE, failures=0)
        for channel in active.exclude(pk__in=list(self._lines)):
            rested = self._due.get(channel.pk, 0.0) <= time.monotonic()
            if rested and channel.can(Streams) and channel.listened(self.me, LEASE):
                line = threading.Thread(
                    target=self._hold, args=(channel,), name=f"stream {channel.pk}", daemon=True
                )
                self._lines[channel.pk] = line
                line.start()

    def _hold(self, channel: Channel) -> None:
        """Listen until the stream ends, the lease is lost or the process stops; then say when to try again."""
        heard = False

        def sign(news: bool) -> bool:
            nonlocal heard
            heard = True
            if news:
                channel.wake()
            return not self._stop.is_set() and channel.listened(self.me, LEASE)

        try:
            after = _listen(channel, sign)
            # Longer each time, so that a server that hangs up at once is not hammered.
            pause = self._look if heard else min(LONGEST_WAIT, self._pauses.get(channel.pk, self._look) * 2)
            self._pauses[channel.pk] = pause
            self._due[channel.pk] = time.monotonic() + max(after, pause)
            channel.unheard(self.me)
        except DatabaseError:
            log.warning("stream of channel %s: the database does not answer", channel.pk)
        finally:
            close_old_connections()


def _listen(channel: Channel, sign: Callable[[bool], bool]) -> float:
    """Follow one stream while `sign` agrees. Seconds that the network wants to be left alone, 0 if it did not say."""
    stream: Any = channel.connector().listen()
    try:
        for news in stream:
            if not sign(news):
                break
    except Reconnect as error:
        channel.lose(error)
    except TryLater as error:
        return error.after.total_seconds() if error.after else 0.0
    except (ConnectorError, OutsideError) as error:
        log.info("stream of channel %s: %s", channel.pk, error.code)
    except DatabaseError:
        raise
    except Exception:
        log.exception("stream of channel %s", channel.pk)
    finally:
        stream.close()
    return 0.0
