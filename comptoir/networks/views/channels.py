"""Channels: the list, one channel, and connecting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.networks.connecting import connect
from comptoir.networks.connector import (
    Authorises,
    Connects,
    Discusses,
    Fetches,
    Publishes,
    Refused,
    Replies,
    TryLater,
)
from comptoir.networks.forms import ChoosingForm, ConnectForm
from comptoir.networks.found import connector_class, installed, label_of, networks, sign_of
from comptoir.networks.models import Channel, Delivery, SetAside
from comptoir.networks.only_listening import only_listen
from comptoir.networks.sentences import sentence
from comptoir.networks.views.authorising import away
from comptoir.organisation.access import BrandRequest, on_brand


@dataclass(slots=True)
class Shown:
    """A channel in words. `look` is the colour of its state, `trouble` what is wrong with it."""

    pk: int
    handle: str
    name: str
    network: str
    sign: str
    state: str
    look: str
    trouble: str
    heard: datetime | None
    since: datetime
    lost: bool
    off: bool
    called: str
    listens: bool


def shown(channel: Channel) -> Shown:
    label = label_of(channel.network)
    lost, off = channel.state == Channel.State.RECONNECT, channel.state == Channel.State.OFF
    trouble = sentence(channel.code, channel.facts, label) if channel.code else ""
    look = "bad" if lost else "" if off else "warn" if trouble else "good"
    return Shown(
        pk=channel.pk,
        handle=channel.handle,
        name=channel.name,
        network=label,
        sign=sign_of(channel.network),
        state=_("Trying again") if look == "warn" else str(Channel.State(channel.state).label),
        look=look,
        trouble=trouble,
        heard=channel.fetched_at,
        since=channel.created,
        lost=lost,
        off=off,
        called=channel.called,
        listens=channel.listen_only,
    )


@require_safe
@on_brand("reader")
def channels(request: BrandRequest) -> HttpResponse:
    """All channels of the brand, and how much waits for a person."""
    rows = (
        Channel.objects.of(request.brand)
        .defer("cursor", "history_cursor")
        .order_by("network", "handle", "pk")
    )
    context = {
        "brand": request.brand,
        "here": "channels",
        "channels": [shown(channel) for channel in rows],
        "uncertain": Delivery.objects.of(request.brand).filter(state=Delivery.State.UNCERTAIN).count(),
        "aside": SetAside.objects.of(request.brand).filter(settled_at=None).count(),
        "may_connect": request.membership.may("manager"),
    }
    return render(request, "networks/channels.html", context)


@require_safe
@on_brand("manager")
def new(request: BrandRequest) -> HttpResponse:
    """Which network to connect."""
    known = [
        {"name": name, "label": label_of(name), "does": _does(name), "sign": sign_of(name)}
        for name in networks()
    ]
    return render(
        request, "networks/new.html", {"brand": request.brand, "here": "channels", "networks": known}
    )


def _does(network: str) -> str:
    """What a network can do for the counter, in a few words."""
    kind = connector_class(network)
    if issubclass(kind, Discusses):
        return str(_("the team's own room: notices, and notes from there"))
    words = {Fetches: _("hear"), Replies: _("answer"), Publishes: _("publish")}
    return ", ".join(str(word) for ability, word in words.items() if issubclass(kind, ability))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def connection(request: BrandRequest, network: str) -> HttpResponse:
    """The network's own form. 422 when the network refuses the answers, 503 when it cannot be asked."""
    form = _form(network, request)
    if request.method == "POST" and form.is_valid() and (done := _connect(request, network, form)):
        if isinstance(done, HttpResponse):
            return done
        words = _("%(channel)s is connected. What people write appears by itself.")
        messages.success(request, words % {"channel": done.handle})
        return redirect("channels", request.brand.slug)
    context = {"brand": request.brand, "here": "channels", "network": label_of(network), "form": form}
    return render(request, "networks/connect.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("reader")
def channel(request: BrandRequest, pk: int) -> HttpResponse:
    """One channel: its state, and the form that connects it again."""
    found = Channel.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such channel here."))
    may = request.membership.may("manager")
    form = None
    if may and found.network in networks() and found.state == Channel.State.RECONNECT:
        form = _form(found.network, request)
        form.known({"handle": found.handle, **found.settings})
    if request.method == "POST":
        if not may:
            raise PermissionDenied(
                _("Connecting a channel takes the manager role. Ask an owner of the brand.")
            )
        if form is not None and form.is_valid() and (done := _connect(request, found.network, form, found)):
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, _("%(channel)s is connected again.") % {"channel": found.handle})
            return redirect("channel", request.brand.slug, found.pk)
    return _page(request, found, form)


def _page(
    request: BrandRequest, found: Channel, form: ConnectForm | None, choosing: ChoosingForm | None = None
) -> HttpResponse:
    may = request.membership.may("manager")
    if may and choosing is None and found.network in networks():
        choosing = ChoosingForm(found)
    context = {
        "brand": request.brand,
        "here": "channels",
        "channel": shown(found),
        "form": form,
        "choosing": choosing,
        "may_connect": may,
        "waiting": Delivery.objects.of(request.brand)
        .filter(channel=found, state=Delivery.State.WAITING)
        .count(),
    }
    wrong = any(each is not None and each.errors for each in (form, choosing))
    return render(request, "networks/channel.html", context, status=422 if wrong else 200)


@require_POST
@on_brand("manager")
def choosing(request: BrandRequest, pk: int) -> HttpResponse:
    """What the channel is called here, and its connector's options."""
    found = Channel.objects.of(request.brand).filter(pk=pk).first()
    if found is None or found.network not in networks():
        raise Http404(_("There is no such channel here."))
    form = ChoosingForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, None, form)
    chosen = found.choose(
        form.cleaned_data["called"],
        form.options,
        form.cleaned_data.get("signing", ""),
        form.cleaned_data["country"],
    )
    if only_listen(found, form.cleaned_data["listen_only"]) or chosen:
        messages.success(request, _("Kept."))
    return redirect("channel", request.brand.slug, found.pk)


@require_POST
@on_brand("manager")
def switching(request: BrandRequest, pk: int) -> HttpResponse:
    """Switch a channel off, so that nothing comes in or leaves, or with state=on, on again."""
    found = Channel.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such channel here."))
    if request.POST.get("state") == "on":
        found.switch_on()
        words = _("%(channel)s is switched on.")
    else:
        found.switch_off()
        words = _("%(channel)s is switched off.")
    messages.success(request, words % {"channel": found.handle})
    return redirect("channel", request.brand.slug, found.pk)


def _form(network: str, request: BrandRequest) -> ConnectForm:
    kind = installed(network)
    if kind is None or not issubclass(kind, Authorises | Connects):
        raise Http404(_("No network of that name is installed here."))
    return ConnectForm(network, kind.form, request.POST if request.method == "POST" else None)


def _connect(
    request: BrandRequest, network: str, form: ConnectForm, again: Channel | None = None
) -> Channel | HttpResponse | None:
    """Ask the network now, or send the browser there to be asked; None with the reason in the form."""
    answers = {name: "" if value is None else str(value) for name, value in form.cleaned_data.items()}
    try:
        return away(request, network, answers, again) or connect(
            request.brand, network, answers, request.user, again
        )
    except (Refused, TryLater) as error:
        form.refused(error)
        return None
