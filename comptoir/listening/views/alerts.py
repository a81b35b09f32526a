"""The pages of alerts: all of them, one with what it is made of, what people say that it was, when to raise one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.kernel import charts, clock
from comptoir.kernel.sight import sight
from comptoir.listening import explaining
from comptoir.listening.forms import AlertsForm
from comptoir.listening.models import Alert, Watching
from comptoir.listening.models.watching import follow
from comptoir.listening.views.mentions import brought, look_closer, shown_of
from comptoir.listening.views.queries import query_of
from comptoir.networks.answering import answering
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.audit import record
from comptoir.reading.spikes.trust import Verdict

PAGE = 50


@require_safe
@on_brand()
def alerts(request: BrandRequest) -> HttpResponse:
    """All of them, the newest at the top."""
    rows = Alert.objects.of(request.brand).firsts().newest().select_related("query", "judgement")
    given = request.GET.get("before", "")
    place = clock.placed(given)
    if given and not place:
        raise BadRequest(_("There is no such place in the list."))
    if place:
        rows = rows.filter(Q(began__lt=place[0]) | Q(began=place[0], pk__lt=place[1]))
    page = list(rows.defer("episode", "samples", "words")[: PAGE + 1])
    older = page[PAGE - 1] if len(page) > PAGE else None
    context = {
        "brand": request.brand, "here": "listening", "rows": [(each, _said(each)) for each in page[:PAGE]],
        "older": clock.place(older.began, older.pk) if older else "", "before": given, "verdicts": _verdicts(),
    }  # fmt: skip
    return render(request, "listening/alerts.html", context)


@require_safe
@on_brand()
def alert(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them, with what it is made of."""
    found = alert_of(request, pk)
    found.query.brand = request.brand
    hours = explaining.hours(found, request.brand.zone)
    mentions = explaining.samples(found)
    look_closer(mentions)
    spike = found.kind == Alert.Kind.SPIKE
    together = found.together()
    context = {
        "brand": request.brand, "here": "listening", "alert": found, "query": found.query, "said": _said(found),
        "chart": _drawn(hours), "hours": hours, "signs": _signs(found), "usual": _usual(found),
        "authors": explaining.authors(found) if spike else [],
        # Words are of all that was said: whoever sees a part of it reads that part.
        "words": found.words if sight() is None else [],
        "shown": shown_of(found.query, mentions), "brought": brought(request, mentions),
        "first": found.first_id and together[0], "also": [each for each in together if each.pk != found.pk],
        "judgement": found.judgement_now(), "verdicts": _verdicts(spike),
        "judges": request.membership.may("agent"), "writes": request.membership.may("manager"),
    }  # fmt: skip
    return render(request, "listening/alert.html", context)


def _drawn(hours: list[explaining.Hour]) -> SafeString:
    about = _("The busiest of these hours had %(n)s messages.") % {
        "n": max((each.posts for each in hours), default=0)
    }
    labels = [formats.date_format(each.at, "H:i") for each in hours]
    posts = [each.posts for each in hours]
    return charts.columns("hours", _("Messages an hour"), about, labels, posts, wide=True)


def _said(found: Alert) -> str:
    """What happened, in a sentence."""
    if found.kind == Alert.Kind.SILENCE:
        words = ngettext("Silent, where %(n)s message would be usual", "Silent, where %(n)s messages would be usual",
                         round(found.missed))  # fmt: skip
        return words % {"n": round(found.missed)}
    if found.times >= 1.5 and not round(found.usual):
        return _("%(posts)s messages, where none are usual") % {"posts": found.posts}
    if found.times >= 1.5:
        times = formats.number_format(found.times, 0 if found.times >= 10 else 1)
        return _("%(times)s times the usual: %(posts)s messages") % {"times": times, "posts": found.posts}
    facts = {"posts": found.posts, "negative": found.negative_percent}
    return _("%(posts)s messages, %(negative)s%% of them negative") % facts


def _usual(found: Alert) -> str:
    """How many messages are usual, in words where that is none."""
    return formats.number_format(found.usual, 0) if round(found.usual) else pgettext("messages", "none")


def _signs(found: Alert) -> list[str]:
    named = {"volume": _("how much is said"), "tone": _("how negative it is"), "speed": _("how fast it comes"),
             "authors": _("how many people its authors reach")}  # fmt: skip
    return [named[kind] for kind in found.signs if kind in named]


def _verdicts(spike: bool = True) -> dict[str, str]:
    """What a person may say that it was."""
    words = {
        Verdict.REAL.value: _("Real"), Verdict.PLANNED.value: _("Planned"),
        Verdict.WEEKLY.value: _("Comes every week"), Verdict.SPAM.value: _("Spam or robots"),
        Verdict.FALSE.value: _("False alarm"),
    }  # fmt: skip
    return words if spike else {name: words[name] for name in ("real", "planned", "false")}


@require_POST
@on_brand("agent")
def verdict(request: BrandRequest, pk: int) -> HttpResponse:
    """Say what it was (verdict=...), or take that back (verdict=)."""
    found, given = alert_of(request, pk), request.POST.get("verdict", "")
    if given and given not in _verdicts(found.kind == Alert.Kind.SPIKE):
        raise BadRequest(_("That is nothing that an alert can be."))
    if given:
        found.judge(Verdict(given), request.user)
        messages.success(request, _("Kept: the next alerts take it into account."))
    else:
        found.unjudge(request.user)
        messages.success(request, _("Taken back, and what was learnt from it as well."))
    return redirect("alert", request.brand.slug, pk)


@require_POST
@on_brand("agent")
def alert_bringing(request: BrandRequest, pk: int) -> HttpResponse:
    """Bring the posts that show it to the counter, where they become threads."""
    found = alert_of(request, pk)
    count, without = 0, False
    with transaction.atomic():
        for mention in explaining.samples(found):
            channel = next(iter(answering(request.brand.pk, mention.network)), None)
            mention.query = found.query
            without = without or channel is None
            count += channel is not None and mention.bring(channel, request.user)
        if count:
            record("alert_brought", request.brand, found, request.user, query=found.query.name, count=count)
    if count:
        words = ngettext(
            "%(n)s message is on the counter now.", "%(n)s messages are on the counter now.", count
        )
        messages.success(request, words % {"n": count})
    elif without:
        messages.warning(request, _("To answer there, connect an account of that network first."))
    return redirect("alert", request.brand.slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def query_alerts(request: BrandRequest, pk: int) -> HttpResponse:
    """When a query raises an alert."""
    found = query_of(request, pk)
    watching = Watching.of_query(found)
    form = AlertsForm(watching, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        watching.settle(request.user, **form.cleaned_data)
        messages.success(request, _("Kept: it counts from the next five minutes on."))
        return redirect("query", request.brand.slug, pk)
    context: dict[str, Any] = {"brand": request.brand, "here": "listening", "query": found, "form": form}
    return render(request, "listening/query_alerts.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand()
def query_following(request: BrandRequest, pk: int) -> HttpResponse:
    """Be told of a query's alerts (state=on), or no longer (state=off)."""
    found, state = query_of(request, pk), request.POST.get("state")
    if state not in ("on", "off"):
        raise BadRequest(_("A query is followed, or not."))
    follow(found, request.user, state == "on")
    words = (
        _("You are told when something unusual is said of it.")
        if state == "on"
        else _("You follow it no more.")
    )
    messages.success(request, words)
    return redirect("query", request.brand.slug, pk)


def alert_of(request: BrandRequest, pk: int) -> Alert:
    """The alert of an address. Http404 with its reason."""
    found = (
        Alert.objects.of(request.brand)
        .filter(pk=pk)
        .select_related("query")
        .prefetch_related("joined")
        .first()
    )
    if found is None:
        raise Http404(_("There is no such alert any more."))
    return found
