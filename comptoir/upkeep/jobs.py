"""What a worker does for the house itself: the backup of each day, and a look around each minute."""

from __future__ import annotations

import logging

import psycopg
from procrastinate.contrib.django import app

from comptoir.kernel.stores import StoreFailed
from comptoir.networks.restored import settle_notices
from comptoir.upkeep import daily, space
from comptoir.upkeep.models import Tally
from comptoir.upkeep.telling import settle_all, tell_all

log = logging.getLogger(__name__)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="backup", lock="backup", pass_context=False)
def back_up(timestamp: int) -> None:
    """Each hour: make the backup of the day if it is due. When it cannot be made, everybody sees it."""
    place = daily.folder()
    if place is None:
        return
    try:
        path = daily.make_if_due(place)
    except (OSError, StoreFailed, psycopg.Error) as error:
        log.error("the backup of the day was not made: %s", error)
        tell_all("backup_failed")
    else:
        settle_all("backup_failed")
        if path is not None:
            log.info("backup %s", path)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="look_around", lock="look_around", pass_context=False)
def look_around(timestamp: int) -> None:
    """Each minute: say that room is getting scarce while there is still some, take down what is settled, count."""
    if space.free() < space.least():
        tell_all("disk_low", free=f"{space.free() / 1e6:,.0f}")
    else:
        settle_all("disk_low")
    settle_notices()
    Tally.count()
