"""Access that was agreed for a time: warned of before its end, and ended when it has come."""

from __future__ import annotations

from datetime import timedelta

from comptoir.kernel import clock
from comptoir.organisation.models import Draft, Membership, Notice

BEFORE = timedelta(days=7)
"""How long before the end it is said."""


def end() -> int:
    """End what is over, each in its own transaction; how many."""
    over = Membership.objects.filter(until__lte=clock.now()).select_related("brand", "user").order_by("pk")
    found = list(over)
    for membership in found:
        membership.end()
    return len(found)


def warn() -> None:
    """Tell the owners and the person themselves, once for each end that was agreed."""
    now = clock.now()
    soon = Membership.objects.filter(until__gt=now, until__lte=now + BEFORE, user__is_active=True)
    drafts = []
    for each in soon.filter(brand__archived_at=None).select_related("brand", "user"):
        facts = {"who": each.speaks_as, "day": str(each.last_day)}
        about = f"member:{each.pk}"
        drafts.append(Draft(each.brand_id, "access_ending", about, facts))
        drafts.append(Draft(each.brand_id, "own_access_ending", about, facts, each.user_id))
    Notice.post_all(drafts)
