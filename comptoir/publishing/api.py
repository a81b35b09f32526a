"""For programs: posts, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from zoneinfo import available_timezones

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status

from comptoir.networks.models import Channel
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import NUMBER_MOST, USUAL, After, Limit
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.looking import looks, undescribed
from comptoir.publishing.models import (
    Asset,
    Campaign,
    Content,
    Edited,
    FoundPiece,
    NotNow,
    Post,
    Segment,
    Sharing,
    Step,
    Variant,
)
from comptoir.publishing.models.post import PostQuerySet
from comptoir.publishing.narrowing import narrowed, saying
from comptoir.publishing.older import paged_by
from comptoir.publishing.outgoing import Links
from comptoir.publishing.shapes_of_posts import (
    POST,
    POSTS,
    DestinationShown,
    PictureBeside,
    PostChanged,
    PostGiven,
    Posts,
    PostShown,
    TimeGiven,
    WordingGiven,
)
from comptoir.publishing.telling import not_now, why
from comptoir.publishing.written import TEXT_MOST

router = Router(tags=["posts"])
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "agent")
Words = Annotated[
    str, Query(max_length=200, description=gettext_noop("Only those that say all of these words."))
]
Of = Annotated[int | None, Query(ge=1, le=NUMBER_MOST)]


@router.get(POSTS, auth=_READS, response=Posts, operation_id="posts",
            summary=gettext_noop("Posts, what was changed last at the top"))  # fmt: skip
def posts(
    request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "", state: str = "", q: Words = "",
    channel: Of = None, campaign: Of = None,
) -> Posts:  # fmt: skip
    if state and state not in Post.State.values:
        raise wrong_at("state", _("There is no such state."))
    rows = saying(narrowed(Post.objects.of(request.brand), state, channel, campaign), q)
    found, following = paged_by(request, _whole(rows), "changed", "posts", cursor, limit)
    return Posts.model_construct(items=_shown(request, found), next=following)


@router.post(POSTS, auth=_WRITES, response={201: PostShown}, operation_id="make-post",
             summary=gettext_noop("Write a draft; nothing leaves"))  # fmt: skip
def make(request: ApiRequest, brand: str, given: PostGiven) -> Status[Any]:
    campaign = _campaign(request, given)
    made = Post.make(request.brand, request.user, _content(request, given), given.title)
    made.belong(request.user, campaign, given.reason)
    return Status(201, _one(request, made.pk))


@router.get(POST, auth=_READS, response=PostShown, operation_id="post",
            summary=gettext_noop("One post, and where it stands on each channel"))  # fmt: skip
def post(request: ApiRequest, brand: str, pk: int) -> PostShown:
    return _one(request, pk)


@router.put(POST, auth=_WRITES, response=PostShown, operation_id="change-post",
            summary=gettext_noop("Have it say something else, as long as it has not left"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: PostChanged) -> PostShown:
    found, campaign = post_of(request, pk), _campaign(request, given)
    pictures = list(found.illustrations.values_list("asset", "alt"))
    with refusing():
        found.rewrite(request.user, given.version, _content(request, given, pictures), given.title)
        found.belong(request.user, campaign, given.reason)
    return _one(request, pk)


@router.post(f"{POST}/schedule", auth=_WRITES, response=PostShown, operation_id="schedule-post",
             summary=gettext_noop("Have it leave at its time"))  # fmt: skip
def schedule(request: ApiRequest, brand: str, pk: int, given: TimeGiven) -> PostShown:
    if given.zone and given.zone not in available_timezones():
        raise wrong_at("zone", _("There is no such time zone."))
    if given.hour.tzinfo is not None:
        raise wrong_at("hour", _("Say on which day and at what hour it leaves."))
    found = _ready(request, pk)
    with refusing():
        found.plan(request.user, given.day, given.hour.replace(second=0, microsecond=0), given.zone)
        found.schedule(request.user)
    return _one(request, pk)


@router.post(f"{POST}/queue", auth=_WRITES, response=PostShown, operation_id="queue-post",
             summary=gettext_noop("Have it leave each channel at the next free slot there"))  # fmt: skip
def queue(request: ApiRequest, brand: str, pk: int) -> PostShown:
    with refusing():
        _ready(request, pk).queue(request.user)
    return _one(request, pk)


@router.post(f"{POST}/departure", auth=_WRITES, response=PostShown, operation_id="publish-post",
             summary=gettext_noop("Have it leave now"))  # fmt: skip
def publish(request: ApiRequest, brand: str, pk: int) -> PostShown:
    with refusing():
        _ready(request, pk).publish(request.user)
    return _one(request, pk)


@router.delete(f"{POST}/schedule", auth=_WRITES, response=PostShown, operation_id="unschedule-post",
               summary=gettext_noop("Make it a draft again"))  # fmt: skip
def unschedule(request: ApiRequest, brand: str, pk: int) -> PostShown:
    post_of(request, pk).unschedule(request.user)
    return _one(request, pk)


@router.delete(POST, auth=_WRITES, response=PostShown, operation_id="cancel-post",
               summary=gettext_noop("Give it up: it will not leave"))  # fmt: skip
def cancel(request: ApiRequest, brand: str, pk: int) -> PostShown:
    found = post_of(request, pk)
    if not found.cancel(request.user):
        raise _refused(NotNow("state"))
    return _one(request, pk)


def post_of(request: ApiRequest, pk: int) -> Post:
    """A post of the brand's. Problem where there is none."""
    found = Post.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.brand = request.brand
    return found


def _ready(request: ApiRequest, pk: int) -> Post:
    """A post that every one of its networks would take, its pictures described. Problem says what stops it."""
    found = post_of(request, pk)
    if found.state == Post.State.IDEA:
        found.unschedule(request.user)
    rows = found.destinations.select_related("channel__timetable")
    beside = found.illustrations.all()
    assets = (
        Asset.objects.of(request.brand)
        .select_related("video")
        .defer("content")
        .in_bulk([each.asset_id for each in beside])
    )
    pictures = [(assets[each.asset_id], each.alt) for each in beside]
    channels = [(each.channel, each.language) for each in rows]
    seen = looks(
        list(found.variants.all()), found.language, channels, pictures, Links.of_post(found), Sharing.of_post(found),
        timezone.localdate(found.due, request.brand.zone),
    )  # fmt: skip
    errors = [
        {"at": f"channel {look.channel.pk}", "detail": each.words}
        for look in seen for each in look.troubles if each.stops
    ]  # fmt: skip
    if undescribed(pictures):
        errors.append(
            {"at": "pictures", "detail": _("Say what each picture shows, for those who cannot see it.")}
        )
    if errors:
        raise Problem("invalid", errors[0]["detail"], errors=errors)
    return found


@contextmanager
def refusing() -> Iterator[None]:
    """What a post cannot do, or no longer is, becomes a Problem that says why."""
    try:
        yield
    except Edited:
        raise stale() from None
    except NotNow as reason:
        raise _refused(reason) from None


def stale() -> Problem:
    return Problem("not-seen", _("Somebody else changed this post meanwhile: read it again."))


def _refused(reason: NotNow) -> Problem:
    """Why a post cannot do what was asked."""
    words = not_now(reason.code)
    return Problem("too-late", words) if reason.code == "state" else Problem("invalid", words)


def _campaign(request: ApiRequest, given: PostGiven) -> Campaign | None:
    if given.campaign is None:
        return None
    found = Campaign.objects.of(request.brand).filter(pk=given.campaign, closed=None).first()
    if found is None:
        raise wrong_at("campaign", _("There is no such campaign, or it is closed."))
    return found


def _content(request: ApiRequest, given: PostGiven, pictures: Any = ()) -> Content:
    named = {each.channel for each in given.destinations} | {
        each.channel for each in given.wordings if each.channel
    }
    known = set(Channel.objects.of(request.brand).filter(pk__in=named).values_list("pk", flat=True))
    if named - known:
        raise wrong_at("destinations", _("The brand has no channel %(n)d.") % {"n": min(named - known)})
    ours = Segment.objects.of(request.brand).filter(pk__in=given.segments or ())
    if missing := set(given.segments or ()) - set(ours.values_list("pk", flat=True)):
        raise wrong_at("segments", _("The brand has no segment %(n)d.") % {"n": min(missing)})
    known_pieces = {each.pk for each in FoundPiece.named(request.brand, given.pieces)}
    if unknown := set(given.pieces) - known_pieces:
        raise wrong_at("pieces", _("The brand has no found piece %(n)d.") % {"n": min(unknown)})
    if given.pictures is not None:
        pictures = _beside(request, given.pictures, [pk for pk, _alt in pictures])
    if any(each.channel and each.network for each in given.wordings):
        raise wrong_at("wordings", _("A wording is for a network or for a channel, not for both."))
    if any(len(part) > TEXT_MOST for each in given.wordings for part in each.parts or ()):
        raise wrong_at("wordings", _("That is more than one post can hold."))
    words = {(each.language, each.network, each.channel): each for each in given.wordings}
    variants = [
        Variant(
            language=each.language, network=each.network, channel_id=each.channel,
            parts=each.parts, comment=each.comment, warning=each.warning,
        )
        for each in words.values()
    ]  # fmt: skip
    return Content(
        given.language, variants, [(each.channel, each.language) for each in given.destinations], pictures,
        given.segments, given.pieces,
    )  # fmt: skip


def _beside(request: ApiRequest, given: list[PictureBeside], now: Collection[int]) -> list[tuple[int, str]]:
    """Pictures of the library with their words; one that is put away stays only where it is `now`."""
    wanted = [each.picture for each in given]
    known = Asset.objects.of(request.brand).filter(Q(put_away=None) | Q(pk__in=now), pk__in=wanted)
    words = dict(known.values_list("pk", "alt"))
    if missing := set(wanted) - set(words):
        raise wrong_at("pictures", _("The library has no picture %(n)d.") % {"n": min(missing)})
    return [(each.picture, words[each.picture] if each.shows is None else each.shows) for each in given]


def _one(request: ApiRequest, pk: int) -> PostShown:
    shown = _shown(request, list(_whole(Post.objects.of(request.brand).filter(pk=pk))))
    if not shown:
        raise Problem("not-found")
    return shown[0]


def _whole(rows: PostQuerySet) -> PostQuerySet:
    return rows.prefetch_related("variants", "illustrations", "aims", "sharings", "destinations__channel")


def _shown(request: ApiRequest, found: list[Post]) -> list[PostShown]:
    steps = Step.objects.of(request.brand).filter(destination__post__in=found, place=0)
    links = dict(steps.exclude(delivery__url="").values_list("destination_id", "delivery__url"))
    return [_post(each, links) for each in found]


def _post(found: Post, links: dict[int, str]) -> PostShown:
    wordings = [
        WordingGiven.model_construct(
            language=each.language, network=each.network, channel=each.channel_id,
            parts=each.parts, comment=each.comment, warning=each.warning,
        )
        for each in found.variants.all()
    ]  # fmt: skip
    destinations = [
        DestinationShown.model_construct(
            id=each.pk, channel=each.channel_id, language=each.language, state=each.state, due=each.due,
            url=links.get(each.pk, ""), why=why(each),
        )
        for each in found.destinations.all()
    ]  # fmt: skip
    return PostShown.model_construct(
        id=found.pk, title=found.title, state=found.state, version=found.number, language=found.language,
        segments=[each.segment_id for each in found.aims.all()],
        pieces=[each.piece_id for each in found.sharings.all()],
        campaign=found.campaign_id, reason=found.reason, due=found.due, changed=found.changed,
        wordings=wordings, destinations=destinations, pictures=[each.alt for each in found.illustrations.all()],
    )  # fmt: skip
