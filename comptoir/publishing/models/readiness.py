"""What nothing leaves without."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils import timezone

from comptoir.kernel import clock
from comptoir.networks.connector import Publishes
from comptoir.publishing.models.content import NotNow
from comptoir.publishing.models.found_piece import Sharing
from comptoir.publishing.models.illustration import Illustration

if TYPE_CHECKING:
    from comptoir.publishing.models.post import Post

BARRED_PICTURE = "rights"
"""Why something is asked about whose picture may not be shown."""
VIDEO = "video"
"""Why something is asked about that has a video beside it: nothing sends one so far."""

NOT_SHOWN = (BARRED_PICTURE, VIDEO)


def check_complete(post: Post) -> None:
    """NotNow where a post lacks what nothing leaves without: a channel that posts, a purpose, words or a picture, and
    the credit of what it shares; or where a picture of it may not be shown when it leaves."""
    destinations = list(post.destinations.select_related("channel"))
    if not destinations:
        raise NotNow("nowhere")
    if any(not each.channel.can(Publishes) for each in destinations):
        raise NotNow("silent")
    if post.campaign_id is None and not post.reason:
        raise NotNow("aimless")
    prefetch_related_objects([post], "variants")
    pieces = Sharing.of_post(post)
    for each in destinations:
        said = post.said_on(each.channel, each.language)
        if not any(part.strip() for part in said.parts) and not post.illustrations.exists():
            raise NotNow("empty")
        if any(piece.lacks(said) for piece in pieces):
            raise NotNow("uncredited")
    check_pictures(post)


def check_pictures(post: Post) -> None:
    """NotNow("rights") where a picture of a post may not be shown when it leaves, NotNow("video") where it has one."""
    for code in barred_pictures([post], max(post.due or clock.now(), clock.now())).values():
        raise NotNow(code)


def barred_pictures(posts: Iterable[Post], at: datetime) -> dict[int, str]:
    """Those of some posts, by number, that have something beside them that does not leave at a moment, by the brand's
    clock: `VIDEO`, or `BARRED_PICTURE` where it may not be shown."""
    brands = {each.pk: each.brand for each in posts}
    rows = (
        Illustration.objects.everywhere()
        .filter(post__in=brands)
        .select_related("asset")
        .defer("asset__content")
    )
    found: dict[int, str] = {}
    for each in rows:
        if each.asset.is_film:
            found[each.post_id] = VIDEO
            continue
        if each.asset.bar(timezone.localdate(at, brands[each.post_id].zone)):
            found.setdefault(each.post_id, BARRED_PICTURE)
    return found
