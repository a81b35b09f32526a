"""How often somebody may ask: one small row a name, in a table that is not logged and may be lost.

The row holds when the name's allowance will be whole again (the generic cell rate algorithm): one statement counts and
decides, whichever of the processes asks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, NamedTuple

from django.db import models

from comptoir.kernel import clock
from comptoir.kernel.asking import ask

_COUNT = """
INSERT INTO organisation_pace AS p (name, whole_at) VALUES (%(name)s, %(now)s + %(step)s)
ON CONFLICT (name) DO UPDATE SET whole_at = greatest(p.whole_at, %(now)s) + %(step)s
WHERE greatest(p.whole_at, %(now)s) + %(step)s <= %(now)s + %(span)s
RETURNING whole_at
"""
_LOOK = "SELECT whole_at FROM organisation_pace WHERE name = %(name)s"


class Pace(models.Model):
    """When a name's allowance is whole again."""

    name = models.CharField(max_length=80, primary_key=True)
    whole_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Pace]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} until {self.whole_at}"


class Standing(NamedTuple):
    """Where a name stands after it asked. `left`: how often it may ask at once; `wait`, `whole`: seconds until it may
    ask again, and until its allowance is whole."""

    allowed: bool
    left: int
    wait: int
    whole: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """`most` at once, given back evenly over `seconds`. `label` is its name in headers."""

    label: str
    most: int
    seconds: int

    def take(self, name: str) -> Standing:
        """Count one, unless there is none left."""
        now = clock.now()
        step, span = timedelta(seconds=self.seconds / self.most), timedelta(seconds=self.seconds)
        rows = ask(_COUNT, {"name": name, "now": now, "step": step, "span": span})
        if rows:
            used = rows[0][0] - now
            return Standing(True, int((span - used) / step), 0, math.ceil(used.total_seconds()))
        found = ask(_LOOK, {"name": name})
        used = found[0][0] - now if found else timedelta()
        wait = max(1, math.ceil((used + step - span).total_seconds()))
        return Standing(False, 0, wait, max(wait, math.ceil(used.total_seconds())))

    def headers(self, standing: Standing) -> dict[str, str]:
        """What a client is told of it: RateLimit as the IETF drafts it, and Retry-After when it has to wait."""
        said = {
            "RateLimit-Policy": f'"{self.label}";q={self.most};w={self.seconds}',
            "RateLimit": f'"{self.label}";r={standing.left};t={standing.wait or standing.whole}',
        }
        return said if standing.allowed else {**said, "Retry-After": str(standing.wait)}
