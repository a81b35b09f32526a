"""Listening: the open streams of all channels whose network has them, one thread each, in the worker's process.

A stream only says that something may have come; the fetch that follows brings it, by its cursor. So nothing is lost
between two streams, and nothing is stored twice when both tell. Several workers share the channels by leases: whoever
holds a channel's lease listens to it, and when that process dies another takes it up within `LEASE`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError

from comptoir.kernel.faults import OutsideError
from comptoir.networks.connector import ConnectorError, Reconnect, Streams, TryLater
from comptoir.networks.lines import LOOK, HeldLines
from comptoir.networks.models import Channel

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=90)
"""How long a channel counts as listened to after its stream's last sign of life: one comes each minute."""
LONGEST_WAIT = 300.0


class Listening(HeldLines[int]):
    """All streams that this process listens to."""

    name = "stream"

    def __init__(self, look: float = LOOK) -> None:
        super().__init__(look)
        self._pauses: dict[int, float] = {}
        self._due: dict[int, float] = {}

    def _take_up(self) -> None:
        active = Channel.objects.everywhere().filter(state=Channel.State.ACTIVE, failures=0)
        for channel in active.exclude(pk__in=list(self._lines)):
            rested = self._due.get(channel.pk, 0.0) <= time.monotonic()
            if rested and channel.can(Streams) and channel.listened(self.me, LEASE):
                self._open(channel.pk, channel.pk, partial(self._hold, channel))

    def _hold(self, channel: Channel) -> None:
        """Listen until the stream ends, the lease is lost or the process stops; then say when to try again."""
        heard = False

        def sign(news: bool) -> bool:
            nonlocal heard
            heard = True
            if news:
                channel.wake()
            return not self._stop.is_set() and channel.listened(self.me, LEASE)

        after = _listen(channel, sign)
        # Longer each time, so that a server that hangs up at once is not hammered.
        pause = self._look if heard else min(LONGEST_WAIT, self._pauses.get(channel.pk, self._look) * 2)
        self._pauses[channel.pk] = pause
        self._due[channel.pk] = time.monotonic() + max(after, pause)
        channel.unheard(self.me)


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
