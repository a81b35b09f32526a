"""The composer: a post is written, looked at as its networks will show it, kept, and sent on its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.kernel.media import Unusable
from comptoir.kernel.numbers import number_of
from comptoir.networks.connector import Publishes, Warns
from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.naming import language_name
from comptoir.organisation.wall_clock import moment
from comptoir.publishing.looking import compared, doubts, looks, undescribed
from comptoir.publishing.models import (
    Asset,
    Campaign,
    Destination,
    Edited,
    FoundPiece,
    Mentionee,
    NotNow,
    Post,
    Slot,
    Timetable,
    Unkept,
)
from comptoir.publishing.models.asset import TAKEN_MOST
from comptoir.publishing.models.post import REWRITABLE
from comptoir.publishing.outgoing import Links
from comptoir.publishing.repeating import mark_of, repeats
from comptoir.publishing.sharing import share, thank
from comptoir.publishing.telling import LANGUAGES, not_now, not_usable, oddities
from comptoir.publishing.views.for_segments import coverage, offered, serve
from comptoir.publishing.views.library import choices
from comptoir.publishing.views.outcome import outcome_page
from comptoir.publishing.written import PICTURES_MOST, Key, Section, Written, day_in, hour_in

LEAVES = ("schedule", "publish", "queue")


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def post_new(request: BrandRequest) -> HttpResponse:
    """Write a new one."""
    if request.method == "POST":
        return _handled(request, None)
    written = Written(language=request.user.language or "", day=day_in(request.GET.get("day", "")))
    if channel := number_of(request.GET.get("channel", "")):
        written.channels[channel] = ""
        written.hour = hour_in(request.GET.get("hour", ""))
    if piece := number_of(request.GET.get("piece", "")):
        share(request.brand, written, piece)
    return _opened(request, None, written)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def post(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them: the composer as long as it may change, else what became of it."""
    found = post_of(request, pk)
    writes = request.membership.may("agent")
    if request.method == "POST":
        if not writes:
            raise PermissionDenied
        return _handled(request, found)
    if not writes or found.state not in REWRITABLE:
        return outcome_page(request, found)
    return _opened(request, found, Written.of(found))


@require_POST
@on_brand("agent")
def post_looks(request: BrandRequest) -> HttpResponse:
    """How what is in the form looks on each channel, as each network counts it. It is remembered, and kept only once
    somebody says so."""
    written = Written.read(request.POST)
    own = number_of(request.GET.get("post", "")) or 0
    Unkept.note(request.brand, request.user, own, request.POST)
    _mine, others = Unkept.around(request.brand, request.user, own)
    looked = _looked(request, written, _channels(request, written), own)
    return render(request, "publishing/looks.html", {"brand": request.brand, "others": others, **looked})


def post_of(request: BrandRequest, pk: int) -> Post:
    """The post of an address. Http404 with its reason."""
    rows = Post.objects.of(request.brand).select_related("campaign", "author")
    where = Destination.objects.of(request.brand).select_related("channel__timetable")
    found = rows.prefetch_related(
        "variants", "illustrations", "aims", "sharings", Prefetch("destinations", where)
    ).filter(pk=pk)
    if not (rows_found := list(found)):
        raise Http404(_("There is no such post any more."))
    rows_found[0].brand = request.brand
    return rows_found[0]


def _opened(request: BrandRequest, found: Post | None, written: Written) -> HttpResponse:
    """The form as it was kept, or (?taking) as its writer left it without keeping it."""
    mine, others = Unkept.around(request.brand, request.user, found.pk if found else 0)
    left = Written.read(mine.posted) if mine else None
    if left is not None and found is not None and replace(left, number=found.number) == written:
        mine = left = None
    taking = left is not None and "taking" in request.GET
    before = request.GET.get("before", "")
    return _composer(
        request, found, left if left is not None and taking else written, before if before in LEAVES else "",
        unkept=mine, taking=taking, others=others,
    )  # fmt: skip


def _handled(request: BrandRequest, found: Post | None) -> HttpResponse:
    """What a button of the form asks for."""
    if request.POST.get("act") == "forget":
        Unkept.forget(request.brand, request.user, found.pk if found else 0)
        messages.success(request, _("It is forgotten."))
        return redirect(request.path)
    written = Written.read(request.POST)
    wrong = _bring(request, written)
    act = request.POST.get("act", "")
    if act == "serve":
        serve(request.brand, written)
    if act == "thank":
        thank(request.brand, written)
    if wrong or not _reshaped(written, act):
        if wrong or act not in ("keep", "idea", *LEAVES):
            return _composer(request, found, written, wrong=wrong)
        return _kept(request, found, written, act)
    return _composer(request, found, written)


def _reshaped(written: Written, act: str) -> bool:
    """Whether a button only changes which fields there are: another part, another wording, a picture more or less."""
    what, _colon, which = act.partition(":")
    key = Key.read(which)
    if what == "part" and (section := written.section(key)):
        section.parts.append("")
    elif what == "drop":
        written.sections = [each for each in written.sections if each.key != key or key == Key()]
    elif what == "picture":
        pk = number_of(which)
        if pk and len(written.pictures) < PICTURES_MOST and pk not in dict(written.pictures):
            written.pictures.append((pk, ""))
    elif what == "unpicture":
        written.pictures = [each for each in written.pictures if str(each[0]) != which]
    elif what not in ("look", "add", "serve", "thank"):
        return False
    return True


def _bring(request: BrandRequest, written: Written) -> list[str]:
    """Take in the pictures and the further wording that a form brings; what is wrong with them."""
    wrong = []
    if (added := request.POST.get("add", "")) and request.POST.get("act") == "add":
        key = Key.read(added)
        if key != Key() and not written.section(key):
            written.sections.append(Section(key))
    for file in request.FILES.getlist("file"):
        name = (file.name or "")[:60]
        if len(written.pictures) >= PICTURES_MOST:
            wrong.append(_("A post takes %(n)d pictures at the most.") % {"n": PICTURES_MOST})
            break
        try:
            if (file.size or 0) > TAKEN_MOST:
                raise Unusable("too_heavy")
            made = Asset.bring(request.brand, request.user, file.read(), file.name or "")
        except Unusable as why:
            wrong.append(f"{name}: {not_usable(why.reason)}")
        else:
            written.pictures.append((made.pk, ""))
    return wrong


def _kept(request: BrandRequest, found: Post | None, written: Written, act: str) -> HttpResponse:
    """Keep what was written, then have it leave where that was asked for."""
    by, brand, own = request.user, request.brand, found.pk if found else 0
    try:
        if found is None:
            found = Post.make(brand, by, written.content, written.title, idea=act == "idea")
        else:
            found.rewrite(by, written.number, written.content, written.title)
    except Edited:
        return _composer(request, post_of(request, found.pk) if found else None, written, edited=True)
    except NotNow as why:
        messages.error(request, not_now(why.code))
        return redirect("post", brand.slug, found.pk if found else 0)
    Unkept.forget(brand, by, own)
    if act == "keep" and found.state in (Post.State.IDEA, Post.State.CANCELLED, Post.State.DECLINED):
        found.unschedule(by)
    if act == "queue":
        written.day = written.hour = None
        written.wrong_time = False
    fine = _settled(request, found, written)
    if act in LEAVES:
        return _leave(request, post_of(request, found.pk), act) if fine else _back(request, found, act)
    if fine:
        messages.success(request, _("Kept."))
    return redirect("post", brand.slug, found.pk)


def _settled(request: BrandRequest, found: Post, written: Written) -> bool:
    """Keep what it is for and when it leaves; False where something of it could not be."""
    by = request.user
    campaign = Campaign.objects.of(request.brand).filter(pk=written.campaign).first()
    try:
        if campaign is None or campaign.pk != found.campaign_id:
            found.belong(by, campaign, written.reason)
        if written.wrong_time:
            raise NotNow("timeless")
        if written.day and written.hour:
            zone = written.zone if written.zone in available_timezones() else ""
            found.refresh_from_db()
            if (found.day, found.hour, found.zone) != (written.day, written.hour, zone):
                found.plan(by, written.day, written.hour, zone)
    except NotNow as why:
        messages.error(request, not_now(why.code))
        return False
    return True


def _leave(request: BrandRequest, found: Post, act: str) -> HttpResponse:
    """Schedule or publish it, unless something is to be settled or asked first."""
    written = Written.of(found)
    looked = _looked(request, written, _channels(request, written), found.pk)
    asked = doubts(request.brand, request.user, looked["chosen"], found)
    bare = looked["undescribed"] and not request.POST.get("bare")
    unheard = looked["gaps"] and request.POST.get("gaps") != looked["gaps_mark"]
    unsure = asked and request.POST.get("sure") != _fingerprint(looked["chosen"])
    again = looked["repeats"] and request.POST.get("repeats") != looked["repeats_mark"]
    if looked["stops"] or bare or unsure or unheard or again:
        return _back(request, found, act)
    try:
        if found.state in (Post.State.IDEA, Post.State.CANCELLED, Post.State.DECLINED):
            found.unschedule(request.user)
        if act == "publish":
            found.publish(request.user)
            messages.success(request, _("It leaves now."))
        elif act == "queue":
            found.queue(request.user)
            messages.success(request, _("It is in the queue."))
        else:
            found.schedule(request.user)
            messages.success(request, _("It is scheduled."))
    except NotNow as why:
        messages.error(request, not_now(why.code))
        return _back(request, found, act)
    return redirect("post", request.brand.slug, found.pk)


def _back(request: BrandRequest, found: Post, act: str) -> HttpResponse:
    response = redirect("post", request.brand.slug, found.pk)
    response["Location"] += f"?before={act}#before"
    return response


def _fingerprint(channels: list[Channel]) -> str:
    """A yes holds for the accounts that were shown, and for no others."""
    return ",".join(str(each.pk) for each in sorted(channels, key=lambda each: each.pk))


def _channels(request: BrandRequest, written: Written) -> list[Channel]:
    """Those that may be chosen, and those that were."""
    offered = ~Q(state=Channel.State.OFF) | Q(pk__in=written.channels)
    rows = Channel.objects.of(request.brand).filter(offered).select_related("timetable")
    return list(rows.order_by("network", "handle", "pk"))


def _looked(request: BrandRequest, written: Written, channels: list[Channel], own: int) -> dict[str, Any]:
    """How it looks on the channels that were chosen, what stops it, and which posts but its `own` are like it."""
    chosen = [each for each in channels if each.pk in written.channels]
    wanted = [pk for pk, _alt in written.pictures]
    assets = Asset.objects.of(request.brand).select_related("video").defer("content").in_bulk(wanted)
    written.pictures = [(pk, alt or assets[pk].alt) for pk, alt in written.pictures if pk in assets]
    pictures = [(assets[pk], alt) for pk, alt in written.pictures]
    variants = list(written.content.variants)
    on = [(each, written.channels[each.pk]) for each in chosen]
    pieces = FoundPiece.named(request.brand, written.pieces)
    day = written.day or timezone.localdate(timezone=request.brand.zone)
    seen = looks(variants, written.language, on, pictures, _links(request, written, chosen), pieces, day)
    same = repeats(request.brand, variants, own)
    return {
        "repeats": same, "repeats_mark": mark_of(same), "pieces": pieces,
        "looks": seen, "chosen": chosen, "pictures": pictures, "undescribed": undescribed(pictures),
        "stops": [each for each in seen if each.stops], "odd": _odd(request, written, chosen),
        **coverage(request.brand, written),
    }  # fmt: skip


def _links(request: BrandRequest, written: Written, chosen: list[Channel]) -> Links:
    """How its links leave, at the time that was written."""
    campaigns = Campaign.objects.of(request.brand).filter(pk=written.campaign)
    name = campaigns.values_list("name", flat=True).first() if written.campaign else ""
    if not (written.day and written.hour):
        return Links.of(request.brand, name or "")
    wall = datetime.combine(written.day, written.hour)
    own = ZoneInfo(written.zone) if written.zone in available_timezones() else None
    dues = {each.pk: moment(wall, own or Timetable.zone_of(each, request.brand)) for each in chosen}
    return Links.of(request.brand, name or "", dues)


def _odd(request: BrandRequest, written: Written, chosen: list[Channel]) -> list[str]:
    """What is odd about the time that was written: clocks jump over it, or show it twice."""
    if not (written.day and written.hour):
        return []
    wall = datetime.combine(written.day, written.hour)
    zones = {written.zone} if written.zone in available_timezones() else {
        str(Timetable.zone_of(each, request.brand)) for each in chosen
    }  # fmt: skip
    return oddities(wall, zones)


def _composer(
    request: BrandRequest,
    found: Post | None,
    written: Written,
    before: str = "",
    wrong: list[str] | None = None,
    edited: bool = False,
    **more: Any,
) -> HttpResponse:
    channels = _channels(request, written)
    looked = _looked(request, written, channels, found.pk if found else 0)
    context = {
        "brand": request.brand, "here": "publishing", "post": found, "written": written, **looked,
        "channels": [(each, each.pk in written.channels, written.channels.get(each.pk, ""),
                      "" if each.can(Publishes) else each.silence or _("Nothing can be posted there."))
                     for each in channels],
        "sections": [(each, _label(each.key, channels)) for each in written.sections],
        "adding": _adding(written, channels),
        "languages": [(each, language_name(each)) for each in dict.fromkeys([*LANGUAGES, written.language]) if each],
        "warns": any(each.can(Warns) for each in channels),
        "mentionees": list(Mentionee.objects.of(request.brand).order_by("folded")[:300]),
        "campaigns": _campaigns(request, found), "segments": offered(request.brand, written),
        "zones": sorted(available_timezones()), "brand_zone": str(request.brand.zone),
        **choices(request), "slots": Slot.objects.of(request.brand).exists(),
        "before": before, "wrong": wrong or [], "theirs": _theirs(found, written) if edited else None,
        "doubts": doubts(request.brand, request.user, looked["chosen"], found), "sure": _fingerprint(looked["chosen"]),
        **more,
    }  # fmt: skip
    if edited and found:
        written.number = found.number
    return render(
        request, "publishing/compose.html", context, status=409 if edited else 422 if wrong else 200
    )


def _campaigns(request: BrandRequest, found: Post | None) -> list[Campaign]:
    """Those that it may be for, its own among them."""
    rows = list(Campaign.objects.of(request.brand).open())
    own = found.campaign if found else None
    return rows if own is None or own in rows else [own, *rows]


def _theirs(found: Post | None, written: Written) -> list[tuple[str, list[tuple[str, str]]]]:
    """What somebody else kept meanwhile, each wording against what the form has."""
    ours = {each.key: "\n\n".join(each.parts) for each in written.sections}
    theirs = {each.key: "\n\n".join(each.parts) for each in Written.of(found).sections} if found else {}
    channels = [each.channel for each in found.destinations.all()] if found else []
    return [
        (_label(key, channels), compared(theirs.get(key, ""), ours.get(key, "")))
        for key in {**theirs, **ours}
    ]


def _label(key: Key, channels: list[Channel]) -> str:
    """For whom a wording is."""
    if key == Key():
        return _("For all")
    if key.channel:
        own = next((f"{each.handle} ({each.label})" for each in channels if each.pk == key.channel), "?")
        return f"{own}, {language_name(key.language)}" if key.language else own
    network = next((each.label for each in channels if each.network == key.network), key.network)
    return ", ".join(each for each in (key.language and language_name(key.language), network) if each)


def _adding(written: Written, channels: list[Channel]) -> list[tuple[str, str]]:
    """Wordings that could be added."""
    here = [each for each in channels if each.can(Publishes)]
    keys = [Key(network=each) for each in dict.fromkeys(each.network for each in here)]
    keys += [Key(channel=each.pk) for each in here]
    keys += [Key(language=each) for each in LANGUAGES if each != written.language]
    return [(str(each), _label(each, channels)) for each in keys if not written.section(each)]
