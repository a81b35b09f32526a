"""Whether many write to a brand at once: looked at each minute for the whole house, and told when it begins and ends.

While a surge goes on the brand has an open notice of it, which the counter reads with what it asks anyway.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.live import nudge
from comptoir.measurement.surge import SHORT
from comptoir.organisation.announcing import announce
from comptoir.organisation.models import Notice

CODE = "surge"
LEAST = 30
"""Conversations within a quarter of an hour in which somebody wrote: fewer are no surge, whatever is usual."""
TIMES = 4
"""More than so many times as many as in a usual quarter of an hour are a surge."""
USUAL = 7 * 24 * 60 // SHORT // TIMES
"""What the last seven days had, counted in what came within the last quarter of an hour, where that is just TIMES what
is usual: with fewer it is a surge."""
MOST = 500_000
"""Conversations of a week that are counted: beyond, a surge is one whatever is usual."""
_LOOK = """
SELECT b.id, o.id IS NOT NULL, n.lately, (
    SELECT count(*) FROM (
        SELECT FROM inbox_thread t WHERE t.brand_id = b.id AND t.last_at > %(week)s
        LIMIT least(2 * n.lately * %(usual)s + 1, %(most)s)) x), (
    SELECT count(*) FROM (
        SELECT FROM inbox_thread t WHERE t.brand_id = b.id AND t.closed_at IS NULL AND t.waits = '' AND NOT t.answered
            AND t.last_at > greatest(o.created - %(short)s, %(day)s)
            AND t.last_in > greatest(o.created - %(short)s, %(day)s)
        LIMIT %(least)s) x)
FROM organisation_brand b
CROSS JOIN LATERAL (
    SELECT count(*) AS lately FROM inbox_thread t
    WHERE t.brand_id = b.id AND t.last_at > %(now)s - %(short)s AND t.last_in > %(now)s - %(short)s) n
LEFT JOIN organisation_notice o ON o.brand_id = b.id AND o.code = %(code)s AND o.about = '' AND o.to_id IS NULL
    AND o.settled_at IS NULL
WHERE b.archived_at IS NULL AND (n.lately >= %(least)s OR o.id IS NOT NULL)
"""


class _Looked(NamedTuple):
    """A brand: whether a surge goes on there, in how many conversations somebody wrote within a quarter of an hour and,
    counted as far as it matters, within a week, and how many of those who wrote in the surge wait for an answer."""

    brand: int
    goes_on: bool
    lately: int
    weekly: int
    waiting: int

    @property
    def begins(self) -> bool:
        return not self.goes_on and self.lately >= LEAST and self.weekly < self.lately * USUAL

    @property
    def ends(self) -> bool:
        """Half of what would begin one comes in, and few wait still."""
        calm = 2 * self.lately < LEAST or self.weekly > 2 * self.lately * USUAL
        return self.goes_on and calm and self.waiting < LEAST


def watch() -> None:
    """See for each brand whether a surge begins, or is over."""
    now = clock.now()
    found = ask(_LOOK, {
        "now": now, "short": timedelta(minutes=SHORT), "day": now - timedelta(days=1), "week": now - timedelta(days=7),
        "usual": USUAL, "least": LEAST, "most": MOST, "code": CODE,
    }, again=False)  # fmt: skip
    for each in (_Looked(*row) for row in found):
        if each.begins:
            with transaction.atomic():
                Notice.post(each.brand, CODE)
                announce(each.brand, "surge.began", conversations=each.lately, minutes=SHORT)
                nudge(each.brand, what="surge")
        elif each.ends:
            with transaction.atomic():
                Notice.settle(each.brand, "", CODE)
                announce(each.brand, "surge.ended", conversations=each.lately, minutes=SHORT)
                nudge(each.brand, what="surge")
