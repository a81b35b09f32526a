"""Notices as pages: what a person was told, and how they want to be told."""

from __future__ import annotations

import json
from datetime import time
from typing import Any, NamedTuple
from urllib.parse import unquote
from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel.numbers import number_of
from comptoir.organisation import reaching
from comptoir.organisation.audit import record
from comptoir.organisation.chatting import SERVICES, UnknownChat, checked
from comptoir.organisation.models import Device, Reach, Taste, User
from comptoir.organisation.models.taste import taste_of
from comptoir.organisation.pushing import Unfit, enrol, public_key
from comptoir.organisation.topics import DIGEST, NEVER, NOW, ROUSING, TOPICS, WAYS, address, sentence
from comptoir.web.context import Page

PAGE = 50
WAY_WORDS = {
    "mail": gettext_lazy("By mail"),
    "push": gettext_lazy("On devices"),
    "chat": gettext_lazy("By chat"),
}
CHOICE_WORDS = {
    NOW: gettext_lazy("At once"),
    DIGEST: gettext_lazy("Once a day"),
    NEVER: gettext_lazy("Never"),
}
DAYS = [
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
]


class Told(NamedTuple):
    """A notice in words. `state` is "new", "seen" or "over"."""

    at: Any
    brand: str
    sentence: str
    url: str
    state: str


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What the person was told, newest first. Whoever looks has seen it: nothing of it is sent to them any more."""
    user: Any = request.user
    before = request.GET.get("before", "")
    rows = Reach.objects.filter(user=user).select_related("notice__brand").order_by("-pk")
    rows = rows.filter(notice__brand__memberships__user=user)
    if (place := number_of(before)) is not None:
        rows = rows.filter(pk__lt=place)
    found = list(rows[: PAGE + 1])
    told = [
        Told(
            row.notice.created,
            row.notice.brand.name,
            sentence(row.notice.code, row.notice.facts),
            address(row.notice.code, row.notice.about, row.notice.brand.slug),
            "over" if row.notice.settled_at else "seen" if row.seen_at else "new",
        )
        for row in found[:PAGE]
    ]
    if request.method == "GET":
        reaching.see(user, [row.notice_id for row in found[:PAGE]])
    older = found[PAGE - 1].pk if len(found) > PAGE else 0
    return render(request, "web/notices.html", {"told": told, "older": older, "here": "notices"})


@require_safe
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """How many notices the person has not met yet, as a word; empty for none."""
    return HttpResponse(Page(request).bell, content_type="text/plain; charset=utf-8")


@sensitive_post_parameters("chat")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notice_settings(request: HttpRequest) -> HttpResponse:
    """How a person is told, and when not. 422 when what they chose makes no sense."""
    user: Any = request.user
    taste = taste_of(user.pk)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if "try" in request.POST:
            return _try_out(request, user, request.POST["try"])
        if "forget" in request.POST:
            return _forget(request, user, request.POST["forget"])
        wrong = _fill(taste, request)
        if not wrong:
            taste.save()
            record("own_settings_changed", None, user)
            messages.success(request, _("Kept."))
            return redirect("notice-settings")
    elif taste.pk is None:
        taste.zone = _zone(unquote(request.COOKIES.get("zone", "")))
    context = {
        "taste": taste,
        "topics": _topics(taste),
        "ways": list(WAY_WORDS.values()),
        "days": [(n, _(day), n in taste.quiet_days) for n, day in enumerate(DAYS)],
        "zones": sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"),
        "chat": _service(taste),
        "services": ", ".join(name for _plugin, name in SERVICES.values()),
        "devices": Device.objects.filter(user=user).order_by("-pk"),
        "key": public_key(),
        "wrong": wrong,
        "here": "settings",
    }
    return render(request, "web/notice_settings.html", context, status=422 if wrong else 200)


def _topics(taste: Taste) -> list[tuple[str, str, list[tuple[str, str, list[tuple[str, str, bool]]]]]]:
    """Each topic with its ways, each with its choices."""
    return [
        (
            code,
            _(topic.label),
            [
                (
                    way,
                    str(WAY_WORDS[way]),
                    [
                        (value, str(word), value == taste.choice(code, way))
                        for value, word in CHOICE_WORDS.items()
                        if value == NOW or way not in ROUSING or not topic.rouses
                    ],
                )
                for way in WAYS
            ],
        )
        for code, topic in TOPICS.items()
    ]


def _fill(taste: Taste, request: HttpRequest) -> dict[str, str]:
    """Put the form into the taste; what is wrong, by field."""
    given, wrong = request.POST, {}
    choices: dict[str, dict[str, str]] = {}
    for code in TOPICS:
        for way in WAYS:
            chosen = given.get(f"{code}-{way}", "")
            if chosen in CHOICE_WORDS:
                choices.setdefault(code, {})[way] = chosen
    taste.choices = choices
    if (zone := given.get("zone", "UTC")) in available_timezones():
        taste.zone = zone
    else:
        wrong["zone"] = _("There is no such time zone.")
    for name in ("quiet_from", "quiet_until", "digest_at"):
        try:
            setattr(taste, name, time.fromisoformat(given[name]) if given.get(name) else None)
        except ValueError:
            wrong[name] = _("Write a time as 08:30.")
    if bool(taste.quiet_from) != bool(taste.quiet_until):
        wrong.setdefault("quiet_until", _("Quiet hours have a beginning and an end."))
    taste.digest_at = taste.digest_at or time(8)
    taste.quiet_days = sorted({int(day) for day in given.getlist("quiet_days") if day in set("0123456")})
    if len(taste.quiet_days) == len(DAYS):
        wrong["quiet_days"] = _("Leave one day a week on which you may be told.")
    if given.get("chat_off"):
        taste.chat_address = ""
    elif given.get("chat", "").strip():
        try:
            taste.chat_address = checked(given["chat"])
        except UnknownChat:
            wrong["chat"] = _("This is no whole address of a service that we know.")
    return wrong


def _service(taste: Taste) -> str:
    """The name of the service that chat messages go to, "" for none."""
    scheme = taste.chat_address.partition("://")[0]
    return SERVICES[scheme][1] if scheme in SERVICES else ""


def _zone(named: str) -> str:
    return named if named in available_timezones() else "UTC"


def _try_out(request: HttpRequest, user: User, way: str) -> HttpResponse:
    """Tell the person something now; what came of it is said on the page."""
    if way not in WAYS:
        return HttpResponseBadRequest(_("There is no such way."))
    try:
        told = reaching.try_out(user, way)
    except Exception as error:
        messages.error(request, _("It did not get through (%(code)s).") % {"code": type(error).__name__})
    else:
        if told:
            messages.success(request, _("A message is on its way to you."))
        else:
            messages.warning(request, _("There is nowhere to send it yet: add a device or an address first."))
    return redirect("notice-settings")


def _forget(request: HttpRequest, user: User, pk: str) -> HttpResponse:
    if Device.objects.filter(user=user, pk=number_of(pk) or 0).delete()[0]:
        record("own_settings_changed", None, user)
        messages.success(request, _("This device is told nothing any more."))
    return redirect("notice-settings")


@require_POST
@login_required
def device(request: HttpRequest) -> HttpResponse:
    """A browser offers to show notices: its push subscription, as JSON. 422 when it is none."""
    user: Any = request.user
    try:
        given = json.loads(request.body)
        enrol(user, given["subscription"], str(given.get("name", "")))
    except (ValueError, KeyError, TypeError, AttributeError, Unfit):
        return JsonResponse({"wrong": _("This browser's subscription cannot be read.")}, status=422)
    record("own_settings_changed", None, user)
    return JsonResponse({}, status=201)


@require_safe
@cache_control(no_cache=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The script that shows push messages: at the top of the house, since it may only serve what lies below it."""
    path = finders.find("web/service-worker.js")
    with open(str(path), "rb") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
