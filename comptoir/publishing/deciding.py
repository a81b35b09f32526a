"""What was due and did not leave, because of a hold or a delay: a person says what becomes of it, item by item."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comptoir.kernel import clock
from comptoir.networks.models import Delivery
from comptoir.networks.models.delivery import DeliveryQuerySet
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, User
from comptoir.organisation.wall_clock import moment
from comptoir.publishing.copying import copied
from comptoir.publishing.models import Destination, NotNow, Post, Sharing

T = Destination.State


def posts_asking(brand: Brand) -> list[Post]:
    """Posts of which something is to be decided, what was due first at the top."""
    asking = Destination.objects.of(brand).filter(state=T.ASKING)
    rows = Post.objects.of(brand).filter(pk__in=asking.values("post")).select_related("author", "brand")
    found = list(rows.prefetch_related("variants", "destinations__channel").order_by("due", "pk"))
    for each in found:
        each.asking = [one for one in each.destinations.all() if one.state == T.ASKING]  # type: ignore[attr-defined]
    return found


def replies_asking(brand: Brand) -> list[Delivery]:
    """Answers, and all else that belongs to no post, that a hold kept."""
    return list(_replies(brand).select_related("channel", "author", "target").order_by("not_before"))


def count_asking(brand: Brand) -> int:
    """How many posts and answers wait for a decision."""
    posts = Destination.objects.of(brand).filter(state=T.ASKING).values("post").distinct().count()
    return posts + _replies(brand).count()


def leave(post: Post, by: User, wall: datetime | None = None) -> bool:
    """Have what asks leave now, or at that time by each channel's clock. False where nothing asks. NotNow("past"), or
    NotNow("uncredited") where what it shares would leave without its author or its link."""
    with transaction.atomic():
        asking = _asking(post)
        now = clock.now()
        times = [moment(wall, each.zone) if wall else now for each in asking]
        if any(due < now for due in times):
            raise NotNow("past")
        if Sharing.uncredited(post, asking):
            raise NotNow("uncredited")
        for each, due in zip(asking, times, strict=True):
            each.leave(due)
        if asking:
            post.due = min(times)
            if wall:
                post.day, post.hour, post.zone = wall.date(), wall.time(), ""
            post.save(update_fields=["due", "day", "hour", "zone"])
            when = f"{wall:%Y-%m-%d %H:%M}" if wall else f"{now:%Y-%m-%d %H:%M} UTC"
            _decided(post, by, "post_let_leave", when=when)
    return bool(asking)


def drop(post: Post, by: User) -> bool:
    """What asks does not leave at all. False where nothing asks."""
    with transaction.atomic():
        asking = _asking(post)
        for each in asking:
            each.take_back()
        if asking:
            _decided(post, by, "post_dropped")
    return bool(asking)


def draft_again(post: Post, by: User) -> Post | None:
    """What asks does not leave; a new draft for the same channels says the same. None where nothing asks."""
    with transaction.atomic():
        asking = _asking(post)
        if not asking:
            return None
        for each in asking:
            each.take_back()
        made = copied(post, by, [(each.channel_id, each.language) for each in asking])
        _decided(post, by, "post_drafted_again", draft=made.pk)
    return made


def leave_reply(delivery: Delivery, by: User) -> bool:
    """Have an answer leave after all; False where it no longer asks."""
    with transaction.atomic():
        rows = Delivery.objects.of(delivery.channel.brand_id).filter(pk=delivery.pk, state="waiting")
        if not rows.exclude(asking="").update(asking="", not_before=clock.now()):
            return False
        record("delivery_let_leave", delivery.channel.brand_id, delivery, by)
    return True


def drop_reply(delivery: Delivery, by: User) -> bool:
    """Take it back; False where it no longer asks."""
    with transaction.atomic():
        if not delivery.asking or not delivery.withdraw():
            return False
        record("delivery_dropped", delivery.channel.brand_id, delivery, by)
    return True


def _replies(brand: Brand) -> DeliveryQuerySet:
    rows = Delivery.objects.of(brand).filter(state=Delivery.State.WAITING, step=None)
    return rows.exclude(asking="")


def _asking(post: Post) -> list[Destination]:
    post.held()
    rows = Destination.objects.of(post.brand_id).filter(post=post, state=T.ASKING).order_by("pk")
    return list(rows.select_for_update(of=("self",)).select_related("channel", "post__brand"))


def _decided(post: Post, by: User, what: str, **facts: object) -> None:
    Post.settle_each([post.held()])
    record(what, post.brand_id, post, by, **facts)
    Destination.answered(post)
