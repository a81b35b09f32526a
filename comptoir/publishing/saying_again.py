"""Having evergreen posts said again: the next time is in the calendar as soon as the last one is over."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from comptoir.kernel import clock
from comptoir.organisation.models import Notice, User
from comptoir.organisation.wall_clock import moment
from comptoir.publishing.copying import copied
from comptoir.publishing.models import Evergreen, NotNow, Post, Repetition

STUCK = "evergreen_stuck"
log = logging.getLogger(__name__)


def say_again() -> int:
    """Make the next time of each evergreen post whose last one is over; how many. Safe at any number of workers, and to
    repeat: whoever makes one holds its row, and what it made is the last one then."""
    waiting = Evergreen.objects.everywhere().over()
    made = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Evergreen.objects.everywhere().going().filter(pk=pk)
            # Held first, then asked what the last one is: another worker may have made it meanwhile.
            if not rows.select_for_update(of=("self",), skip_locked=True).exists():
                continue
            if found := waiting.filter(pk=pk).select_related("post__brand", "by").first():
                made += _next(found)
    return made


def _next(evergreen: Evergreen) -> bool:
    """The next time of one, which is held; whether there is one."""
    rows = Post.objects.of(evergreen.post.brand_id).select_related("brand", "campaign", "author")
    last = rows.get(pk=evergreen.last_post)
    by = evergreen.by or last.author
    wall = evergreen.wall_after(last)
    if by is None or (evergreen.until and wall.date() > evergreen.until):
        evergreen.ended = clock.now()
        evergreen.save(update_fields=["ended"])
        return False
    made = copied(last, by)
    Repetition.objects.create(evergreen=evergreen, post=made)
    try:
        with transaction.atomic():
            if last.queued:
                zone = clock.zone_of(last.zone, last.brand.time_zone)
                made.queue(by, moment(wall, zone) - timedelta(seconds=1))
            else:
                made.plan(by, wall.date(), wall.time(), last.zone)
                made.schedule(by)
    except NotNow as why:
        _tell(made, by, why.code)
    return True


def _tell(made: Post, by: User, why: str) -> None:
    """Say to whoever wanted it that its next time stays a draft."""
    log.info("evergreen post %s stays a draft: %s", made.pk, why)
    Notice.post(made.brand_id, STUCK, f"post:{made.pk}", by.pk, name=made.name)
