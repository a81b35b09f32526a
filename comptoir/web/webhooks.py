"""A brand's webhooks: which there are, what each is told, and what came of every call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.kernel.numbers import number_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.announcing import send_test
from comptoir.organisation.models import TooManyWebhooks, Webhook, WebhookCall
from comptoir.organisation.models.webhook import EVENTS, TEST, may_be_called
from comptoir.web.webhook_words import why

PAGE = 30


class WebhookForm(forms.Form):
    """Where calls go, and of what."""

    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=2_000,
        help_text=gettext_lazy("Where your program takes calls. It begins with https."),
        widget=forms.URLInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=gettext_lazy("What it is told"), choices=EVENTS.items(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )  # fmt: skip

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        if not may_be_called(address):
            raise ValidationError(_("This is no address that begins with https and names a host."))
        return address


@dataclass(slots=True)
class Shown:
    """A webhook in words."""

    pk: int
    place: str
    events: int
    state: str
    look: str
    trouble: str


def _shown(webhook: Webhook) -> Shown:
    if not webhook.on:
        state, look = (_("Switched off"), "bad" if webhook.code else "")
    elif webhook.failing_since:
        state, look = _("Trying again"), "warn"
    else:
        state, look = _("In use"), "good"
    trouble = why(webhook.code) if webhook.code else ""
    return Shown(webhook.pk, webhook.place, len(webhook.events), state, look, trouble)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def webhooks(request: BrandRequest) -> HttpResponse:
    """The list; a POST makes one, and its answer is the only page that shows the secret."""
    form = WebhookForm(request.POST if request.method == "POST" else None, initial={"events": list(EVENTS)})
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = Webhook.make(request.brand, **form.cleaned_data, by=request.user)
            return _page(request, made, WebhookForm(initial=_said(made)), secret=secret, status=201)
        except TooManyWebhooks:
            form.add_error(None, _("A brand has at most twenty webhooks: remove one first."))
    rows = Webhook.objects.of(request.brand)
    context = {
        "brand": request.brand,
        "here": "channels",
        "form": form,
        "webhooks": [_shown(row) for row in rows],
    }
    return render(request, "web/webhooks.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def webhook(request: BrandRequest, pk: int) -> HttpResponse:
    """One webhook: what it is told, and its calls, the newest first. A POST changes it."""
    found = _webhook(request, pk)
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=_said(found))
    if request.method == "POST" and form.is_valid():
        found.change(request.user, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("webhook", request.brand.slug, pk)
    return _page(request, found, form, status=422 if form.errors else 200)


@require_POST
@on_brand("manager")
def secret(request: BrandRequest, pk: int) -> HttpResponse:
    """A new secret, seen on this page alone."""
    found = _webhook(request, pk)
    fresh = found.rotate(request.user)
    return _page(request, found, WebhookForm(initial=_said(found)), secret=fresh, rotated=True)


@require_POST
@on_brand("manager")
def switching(request: BrandRequest, pk: int) -> HttpResponse:
    """Off, or with state=on, on again."""
    found = _webhook(request, pk)
    on = request.POST.get("state") == "on"
    found.switch(on, request.user)
    messages.success(request, _("It is told again.") if on else _("It is told nothing any more."))
    return redirect("webhook", request.brand.slug, pk)


@require_POST
@on_brand("manager")
def removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Forget it, with all its calls."""
    _webhook(request, pk).remove(request.user)
    messages.success(request, _("The webhook is removed."))
    return redirect("webhooks", request.brand.slug)


@require_POST
@on_brand("manager")
def trial(request: BrandRequest, pk: int) -> HttpResponse:
    """Send a test."""
    found = _webhook(request, pk)
    if found.on:
        send_test(found, request.user)
        messages.success(request, _("A test is on its way: see below what comes of it."))
    else:
        messages.warning(request, _("Switch it on first."))
    return redirect("webhook", request.brand.slug, pk)


@require_POST
@on_brand("manager")
def again(request: BrandRequest, pk: int, act: int) -> HttpResponse:
    """Send a call again, under the name that it had."""
    found = _webhook(request, pk)
    call = (
        WebhookCall.objects.of(request.brand).filter(webhook=found, pk=act).select_related("webhook").first()
    )
    if call is None:
        raise Http404(_("There is no such call here."))
    if found.on:
        call.again(request.user)
        messages.success(request, _("It is sent again."))
    else:
        messages.warning(request, _("Switch it on first."))
    return redirect("webhook", request.brand.slug, pk)


@dataclass(slots=True)
class Line:
    """A call in words, with its tries, the newest first."""

    pk: int
    event: str
    what: str
    at: datetime
    state: str
    look: str
    sign: str
    why: str
    next: datetime | None
    tries: list[Any]
    moving: bool


def _lines(calls: Any) -> list[Line]:
    """Calls as the log shows them, each with its newest tries."""
    looks = {"taken": ("good", "check"), "failed": ("bad", "no"), "waiting": ("warn", "clock")}
    lines = []
    for call in calls:
        look, sign = looks[call.state]
        waits = call.state == WebhookCall.State.WAITING
        tries = sorted(call.attempts.all(), key=lambda each: -each.pk)[:5]
        for each in tries:
            each.why = why(each.code) if each.code else ""
        tried = call.tries > 0
        lines.append(
            Line(
                pk=call.pk, event=call.event, what=_what(call.kind), at=call.at, state=str(call.get_state_display()),
                look=look if tried or not waits else "", sign=sign, why=why(call.code) if call.code else "",
                next=call.due if waits and tried else None, tries=tries, moving=waits and not tried,
            )
        )  # fmt: skip
    return lines


def _what(kind: str) -> str:
    return _("A test") if kind == TEST else str(EVENTS.get(kind, kind))


def _webhook(request: BrandRequest, pk: int) -> Webhook:
    found = Webhook.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such webhook here."))
    return found


def _said(webhook: Webhook) -> dict[str, Any]:
    return {"address": webhook.address, "events": webhook.events}


def _page(
    request: BrandRequest,
    found: Webhook,
    form: WebhookForm,
    *,
    secret: str = "",
    rotated: bool = False,
    status: int = 200,
) -> HttpResponse:
    number = number_of(request.GET.get("page", "1"))
    if number is None:
        raise BadRequest(_("There is no such page of the list."))
    rows = WebhookCall.objects.of(request.brand).filter(webhook=found).order_by("-pk")
    page = Paginator(rows.prefetch_related("attempts"), PAGE).get_page(number)
    lines = _lines(page)
    context = {
        "brand": request.brand,
        "here": "channels",
        "webhook": _shown(found),
        "form": form,
        "secret": secret,
        "rotated": rotated,
        "rows": page,
        "lines": lines,
        "moving": any(line.moving for line in lines),
    }
    part = request.htmx.target == "calls" if request.htmx else False
    return render(request, f"web/webhook.html{'#calls' if part else ''}", context, status=status)
