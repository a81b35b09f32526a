"""Blocking the person of a thread, reporting them or a message to the network, and the list of who is blocked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.inbox.forms_of_defence import BlockEverywhereForm, BlockForm, ReportForm
from comptoir.inbox.models import Thread
from comptoir.inbox.models.guarded import Place, block_at, places_of
from comptoir.inbox.models.person_file import file_of
from comptoir.inbox.views.acts import path_of
from comptoir.inbox.views.asking import Asked
from comptoir.inbox.views.contact import person_for, shown_anew
from comptoir.inbox.views.defended import blocked_here, reason_words, refusal_words
from comptoir.inbox.views.outcome import Outcome, leave
from comptoir.inbox.views.thread import thread_for
from comptoir.kernel.numbers import number_of
from comptoir.networks.connector import Blocks
from comptoir.networks.defending import grounds_of, most_words
from comptoir.networks.defending import unblock as let_again
from comptoir.networks.found import connector_class, label_of
from comptoir.networks.models import Channel, Defence
from comptoir.networks.models.moderation import Reason
from comptoir.organisation.access import BrandRequest, on_brand

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def block(request: BrandRequest, pk: int) -> HttpResponse:
    """GET says what it means on this network and asks why; POST blocks the thread's person on its channel."""
    found = thread_for(request, pk)
    channel = _open(found, found.channel.can(Blocks) and found.person is not None)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = found.block(request.user, **form.cleaned_data)
        except ValueError as why:
            return _leave(request, found, Outcome(refusal_words(str(why)), "warn", "bad"))
        words = _("%(who)s is blocked on %(channel)s in a moment.")
        said = words % {"who": found.person, "channel": channel.handle}
        return _leave(request, found, Outcome(said, "no", undo=_undo(request, found, made)))
    means = _(connector_class(channel.network).block_means)
    context = {"form": form, "means": means, **_about(request, found)}
    return render(request, "inbox/block.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def person_blocks(request: BrandRequest, pk: int) -> HttpResponse:
    """GET says where somebody is known and what a block means there; POST blocks them on the `channels` chosen."""
    found = person_for(request, pk)
    people = file_of(request.brand.pk, pk).people(pk)
    places = {
        f"{each.channel.pk}-{each.who.pk}": each
        for each in places_of(request.brand, people)
        if not each.blocked
    }
    if not places:
        messages.info(request, _("There is no channel on which they could be blocked now."))
        return redirect("person", request.brand.slug, pk)
    labels = [(code, _where(each)) for code, each in places.items()]
    form = BlockEverywhereForm(labels, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = [places[code] for code in given.pop("channels")]
        try:
            block_at(chosen, request.user, **given)
        except ValueError as why:
            messages.warning(request, refusal_words(str(why)))
            return redirect("person", request.brand.slug, pk)
        on = ", ".join(each.channel.handle for each in chosen)
        messages.success(
            request, _("%(who)s is blocked on %(channel)s in a moment.") % {"who": found, "channel": on}
        )
        return redirect("person", request.brand.slug, pk)
    networks = {each.channel.network for each in places.values()}
    means = [(label_of(each), _(connector_class(each).block_means)) for each in sorted(networks)]
    context = {
        "brand": request.brand, "here": "threads", "form": form, "means": means, "who": str(found),
        "back": reverse("person", args=[request.brand.slug, pk]),
    }  # fmt: skip
    return render(request, "inbox/block_person.html", context, status=422 if form.errors else 200)


def _where(place: Place) -> str:
    """A channel, and the handle under which they write there."""
    return f"{label_of(place.channel.network)} · {place.channel.handle} · {place.who.handle}"


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def reports(request: BrandRequest, pk: int) -> HttpResponse:
    """GET asks what is wrong, in the network's own reasons; POST reports a message (`message`), or the account."""
    found = thread_for(request, pk)
    entry = _entry(found, request.GET.get("message", ""))
    who = entry.activity.actor if entry else found.person
    grounds = grounds_of(found.channel)
    _open(found, bool(grounds) and who is not None)
    # Only the thread's own person is blocked from here.
    blocks = who == found.person and found.channel.can(Blocks) and not blocked_here(found)
    form = ReportForm(
        grounds, most_words(found.channel), blocks, request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        return _reported(request, found, entry, form)
    context = {
        "form": form,
        "entry": entry,
        "reported": who,
        "seconds": int(settings.SEND_DELAY),
        **_about(request, found),
    }
    return render(request, "inbox/report.html", context, status=422 if form.errors else 200)


def _reported(request: BrandRequest, found: Any, entry: Any, form: ReportForm) -> HttpResponse:
    given = form.cleaned_data
    message = entry.activity if entry else None
    try:
        with transaction.atomic():
            made = found.report(
                request.user, ground=given["ground"], words=given["words"], message=message,
                after=settings.SEND_DELAY,
            )  # fmt: skip
            if given.get("block"):
                same = given["ground"] in Reason.values
                found.block(
                    request.user, reason=given["ground"] if same else Reason.OTHER, words=given["words"]
                )
    except ValueError as why:
        return _leave(request, found, Outcome(refusal_words(str(why)), "warn", "bad"))
    words = _("The report leaves in a moment. After that, nobody takes it back.")
    undo = _undo(request, found, made)
    return _leave(request, found, Outcome(words, "flag", undo=undo, seconds=int(settings.SEND_DELAY)))


@require_safe
@on_brand("reader")
def blocks(request: BrandRequest) -> HttpResponse:
    """Whom the brand's channels block, the newest first."""
    rows = Defence.objects.of(request.brand).standing().select_related("actor", "channel", "by", "delivery")
    if before := request.GET.get("before", ""):
        if (place := number_of(before)) is None:
            raise BadRequest(_("There is no such place in the list."))
        rows = rows.filter(pk__lt=place)
    talked = Thread.objects.of(request.brand).filter(person=OuterRef("actor"))
    found = list(rows.annotate(talked=Exists(talked)).order_by("-pk")[: PAGE + 1])
    for row in found:
        row.network, row.why = label_of(row.channel.network), reason_words("block", row.reason)  # type: ignore[attr-defined]
    context = {
        "brand": request.brand,
        "here": "threads",
        "rows": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else 0,
        "may_write": request.membership.may("agent"),
    }
    return render(request, "inbox/blocks.html", context)


@require_POST
@on_brand("agent")
def lifting(request: BrandRequest, pk: int) -> HttpResponse:
    """End a block: the person can reach the channel again."""
    row = (
        Defence.objects.of(request.brand)
        .filter(pk=pk, act="block")
        .select_related("channel", "actor")
        .first()
    )
    if row is None:
        raise Http404(_("There is no such block any more."))
    listed = request.POST.get("from") == "list"
    try:
        let_again(row.channel, row.actor, request.user)
        said = {"told": _("In a moment they can reach you again.")}
    except ValueError as why:
        said = {"wrong": refusal_words(str(why))}
    if not listed:
        return shown_anew(request, row.actor, **said)
    for words in said.values():
        (messages.success if "told" in said else messages.warning)(request, words)
    return redirect("blocks", request.brand.slug)


def _open(found: Any, can: bool) -> Channel:
    """The thread's channel, where something can be done on it now."""
    channel: Channel = found.channel
    if channel.silence or not can:
        raise BadRequest(channel.silence or _("This network cannot do that."))
    if channel.state != Channel.State.ACTIVE:
        raise BadRequest(_("Nothing can leave on this channel now."))
    return channel


def _entry(found: Any, number: str) -> Any:
    """The message of the thread that is reported; None for the account."""
    if not number:
        return None
    rows = found.entries.filter(pk=number_of(number), own=False, activity__deleted=None)
    entry = rows.select_related("activity__actor").first()
    if entry is None:
        raise Http404(_("There is no such message here."))
    return entry


def _about(request: BrandRequest, found: Any) -> dict[str, Any]:
    return {
        "brand": request.brand,
        "here": "threads",
        "back": f"{path_of(request, found)}{Asked.of(request.brand, request.GET).query}",
        "who": str(found.person or found.channel.handle),
        "network": label_of(found.channel.network),
        "channel": found.channel.handle,
    }


def _undo(request: BrandRequest, found: Any, made: Defence) -> str:
    return f"{path_of(request, found)}defences/{made.pk}/withdrawal/"


def _leave(request: BrandRequest, found: Any, outcome: Outcome) -> HttpResponse:
    leave(request, outcome)
    return redirect(f"{path_of(request, found)}{Asked.of(request.brand, request.GET).query}")
