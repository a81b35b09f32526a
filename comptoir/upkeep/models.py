"""What the house counts of itself."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import connection, models

from comptoir.kernel import clock

SETTLED = timedelta(seconds=60)
"""After so long whatever was stored is to be seen: a transaction of the way in takes moments."""

_UP_TO = "SELECT id FROM networks_activity WHERE received < %(settled)s ORDER BY id DESC LIMIT 1"
_ADD = """
INSERT INTO upkeep_tally (network, received, up_to)
SELECT network, count(*), %(up_to)s FROM networks_activity WHERE id > %(since)s AND id <= %(up_to)s GROUP BY network
ON CONFLICT (network) DO UPDATE
SET received = upkeep_tally.received + EXCLUDED.received, up_to = EXCLUDED.up_to
"""


class Tally(models.Model):
    """How many activities ever came in from a network: it only grows, whatever is erased since.

    `up_to`: the last one counted.
    """

    network = models.CharField(max_length=30, primary_key=True)
    received = models.BigIntegerField(default=0)
    up_to = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager[Tally]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.network}: {self.received}"

    @classmethod
    def count(cls) -> None:
        """Count what came since the last time. One at a time, as its job's lock has it."""
        since = cls.objects.aggregate(last=models.Max("up_to"))["last"] or 0
        with connection.cursor() as cursor:
            cursor.execute(_UP_TO, {"settled": clock.now() - SETTLED})
            if (row := cursor.fetchone()) and row[0] > since:
                cursor.execute(_ADD, {"since": since, "up_to": row[0]})
