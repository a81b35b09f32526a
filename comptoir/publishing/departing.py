"""Having posts leave: what is due is handed to the networks once, and what became of it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects

from comptoir.kernel import clock
from comptoir.kernel.redrawing import redrawn
from comptoir.networks.connector import Carries, Counted, Targets, Upload
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.models.delivery import LATE
from comptoir.networks.models.hold import HELD, before_holds
from comptoir.networks.sending import Saying, ask_posts, send, write_down
from comptoir.organisation.models import Notice
from comptoir.organisation.models.notice import Draft
from comptoir.publishing.models import Destination, Illustration, Post, Sharing, Step
from comptoir.publishing.models.destination import UNCREDITED
from comptoir.publishing.models.readiness import NOT_SHOWN, barred_pictures
from comptoir.publishing.outgoing import Way, said, ways_of
from comptoir.publishing.standing import stand

AT_ONCE = 1_000
"""Destinations that one transaction has leave."""
_NOW = {
    Delivery.State.WAITING: Destination.State.LEAVING,
    Delivery.State.SENDING: Destination.State.LEAVING,
    Delivery.State.REFUSED: Destination.State.REFUSED,
    Delivery.State.RETURNED: Destination.State.REFUSED,
    Delivery.State.UNCERTAIN: Destination.State.UNCERTAIN,
    Delivery.State.WITHDRAWN: Destination.State.WITHDRAWN,
}
"""How a destination stands whose last message is in such a state."""


def depart() -> int:
    """Have what is due leave, `AT_ONCE` destinations of it at most; how many. What is too late, came due during a
    hold, or would share a found piece without its credit, is asked about instead. Under a hold nothing is taken.

    Safe at any number of workers: a destination is taken by one of them, and a message for it is queued in the same
    transaction in which it stops waiting.
    """
    now = clock.now()
    with transaction.atomic():
        before_holds()
        due = Destination.objects.everywhere().due(now).free().values_list("post", flat=True)[:AT_ONCE]
        posts = Post.objects.everywhere().filter(pk__in=set(due)).order_by("pk")
        held = list(
            posts.select_for_update(skip_locked=True, of=("self",)).select_related(
                "author", "brand", "campaign"
            )
        )
        rows = Destination.objects.everywhere().due(now).free().filter(post__in=held)
        taken = list(rows.select_for_update(of=("self",)).select_related("channel")[:AT_ONCE])
        oldest = now - timedelta(seconds=settings.POST_LATE_AFTER)
        ours = Destination.objects.everywhere().filter(pk__in=[each.pk for each in taken])
        kept = set(ours.released().values_list("pk", flat=True))
        late = [each for each in taken if each.due and each.due < oldest and each.pk not in kept]
        free = [each for each in taken if each not in late and each.pk not in kept]
        barred = barred_pictures(held, now)
        shut = {each.pk for each in free if each.post_id in barred}
        bare = Sharing.uncredited_among(held, free) - shut
        leaving = [each for each in free if each.pk not in bare | shut]
        asked_for = (
            (HELD, kept),
            (LATE, {each.pk for each in late}),
            (UNCREDITED, bare),
            *((code, {each.pk for each in free if barred.get(each.post_id) == code}) for code in NOT_SHOWN),
        )
        for code, asking in asked_for:
            ours.filter(pk__in=asking).update(state=Destination.State.ASKING, code=code)
        _hand_over(held, leaving)
        Post.settle_each(held)
        asked = {each.post_id for each in taken if each not in leaving}
        ask_people([each for each in held if each.pk in asked])
    return len(taken)


def ask_about_late() -> None:
    """Messages that waited for their network, or under a hold, until it was too late for them to leave by
    themselves."""
    waiting = Delivery.objects.everywhere().filter(state=Delivery.State.WAITING)
    waiting.filter(leave_by__lt=clock.now(), asking="").update(asking=LATE)
    steps = Step.objects.everywhere().filter(destination__state=Destination.State.LEAVING)
    asking = steps.filter(delivery__in=waiting.exclude(asking=""))
    if ids := list(asking.values_list("delivery", flat=True)[:AT_ONCE]):
        follow(ids)


def ask_people(posts: Sequence[Post]) -> None:
    """Tell the authors of posts, and the managers, that something is to be decided."""
    drafts = [Draft(each.brand_id, "posts_to_decide", "posts") for each in posts]
    drafts += [
        Draft(each.brand_id, "post_to_decide", f"post:{each.pk}", {"name": each.name}, each.author_id)
        for each in posts
        if each.author_id
    ]
    Notice.post_all(drafts)


def _hand_over(posts: Sequence[Post], destinations: Sequence[Destination]) -> None:
    """Queue the first message of each."""
    prefetch_related_objects(posts, "variants", "illustrations__asset")
    known = {each.pk: each for each in posts}
    pictures = _Pictures()
    sayings = []
    ways = ways_of(posts)
    for each in destinations:
        post = each.post = known[each.post_id]
        words = said(each, ways)
        media = pictures.of(post.illustrations.all(), each.channel)
        text = words.parts[0] if words.parts else ""
        sayings.append(
            Saying(
                each.channel,
                text,
                clock.now(),
                post.author,
                media=media,
                warning=words.warning,
                act=Delivery.Act.POST,
                leave_by=leave_by(),
                language=each.language or post.language,
                countries=each.countries if each.channel.can(Targets) else (),
            )
        )
    made = write_down(sayings)
    Step.objects.bulk_create(
        Step(destination=destination, place=0, kind=Step.Kind.POST, delivery=delivery)
        for destination, delivery in zip(destinations, made, strict=True)
    )
    rows_of = Destination.objects.everywhere().filter(pk__in=[each.pk for each in destinations])
    rows_of.update(state=Destination.State.LEAVING, code="")
    if made:
        ask_posts()


def follow(ids: Sequence[int]) -> None:
    """Messages of posts moved: the next one of a thread leaves, or the destination stands where its last one does."""
    moved = Step.objects.everywhere().filter(delivery__in=ids)
    with transaction.atomic():
        # Posts before their destinations, as whoever writes a post holds them.
        posts = Post.objects.everywhere().filter(pk__in=moved.values("destination__post")).order_by("pk")
        held = {
            each.pk: each
            for each in posts.select_for_update().prefetch_related("author", "brand", "campaign", "variants")
        }
        rows = Destination.objects.everywhere().filter(pk__in=moved.values("destination")).order_by("pk")
        destinations = list(rows.select_for_update(of=("self",)).select_related("channel"))
        steps = (
            Step.objects.everywhere().filter(destination__in=destinations).order_by("destination", "-place")
        )
        last = {
            each.destination_id: each
            for each in steps.distinct("destination").select_related("delivery__result")
        }
        ways = ways_of(held.values())
        for each in destinations:
            each.post = held[each.post_id]
            _follow(each, last[each.pk], ways)
        Destination.objects.everywhere().bulk_update(destinations, ["state", "code", "facts"])
        stand(destinations)
        Post.settle_each(list(held.values()))
        ask_people([held[each.post_id] for each in destinations if each.state == Destination.State.ASKING])


def _follow(destination: Destination, last: Step, ways: Mapping[int, Way]) -> None:
    delivery = last.delivery
    if delivery.state == Delivery.State.SENT:
        if not _go_on(destination, last, ways):
            destination.state, destination.code, destination.facts = Destination.State.PUBLISHED, "", {}
    elif delivery.state == Delivery.State.WAITING and delivery.asking:
        destination.state, destination.code, destination.facts = (
            Destination.State.ASKING,
            delivery.asking,
            {},
        )
    else:
        destination.state = _NOW[Delivery.State(delivery.state)]
        destination.code, destination.facts = delivery.code, delivery.facts


def _go_on(destination: Destination, last: Step, ways: Mapping[int, Way]) -> bool:
    """Queue what answers the last message, if anything is still to be said."""
    words = said(destination, ways)
    rest = [(Step.Kind.PART, text) for text in words.parts[1:]]
    rest += [(Step.Kind.COMMENT, words.comment)] if words.comment.strip() else []
    if last.place >= len(rest) or last.delivery.result is None:
        return False
    kind, text = rest[last.place]
    author, below = destination.post.author, last.delivery.result
    delivery = send(
        destination.channel, text, by=author, target=below, warning=words.warning, leave_by=leave_by(),
        language=destination.language or destination.post.language,
    )  # fmt: skip
    Step.objects.create(destination=destination, place=last.place + 1, kind=kind, delivery=delivery)
    return True


def leave_by() -> datetime:
    """Until when something that leaves now may do so by itself."""
    return clock.now() + timedelta(seconds=settings.POST_LATE_AFTER)


class _Pictures:
    """Pictures as they leave: each drawn once for each size that networks take."""

    def __init__(self) -> None:
        self._takes: dict[int, Carries] = {}
        self._drawn: dict[tuple[int, int], tuple[bytes, str]] = {}

    def of(self, shown: Iterable[Illustration], channel: Channel) -> list[Upload]:
        """Those beside a post, as its channel takes them."""
        shown = list(shown)
        if not shown:
            return []
        takes = self._takes_of(channel)
        return [
            Upload(*self._small(each, takes.size), each.alt[: takes.words]) for each in shown[: takes.most]
        ]

    def _takes_of(self, channel: Channel) -> Carries:
        if channel.pk not in self._takes:
            self._takes[channel.pk] = (
                channel.connector().carries() if channel.can(Counted) else Carries(0, 0, 0)
            )
        return self._takes[channel.pk]

    def _small(self, shown: Illustration, size: int) -> tuple[bytes, str]:
        content = bytes(shown.asset.content)
        if len(content) <= size:
            return content, shown.asset.mime
        key = (shown.asset_id, size)
        if key not in self._drawn:
            made = redrawn(content, size)
            self._drawn[key] = (made.content, made.mime)
        return self._drawn[key]
