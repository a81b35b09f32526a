"""The calendar: what leaves when, by month, by week or as a list, and moving it to another day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Count, F, Window
from django.db.models.functions import DenseRank, TruncDate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.kernel import clock
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand
from comptoir.publishing.calendar_days import Day, entries, offer_on, write_on
from comptoir.publishing.models import NotNow, Post
from comptoir.publishing.models.post import REWRITABLE, PostQuerySet
from comptoir.publishing.narrowing import Narrowing
from comptoir.publishing.telling import not_now, oddities
from comptoir.publishing.views.approvals import post_of

VIEWS = ("month", "week", "list")
IN_A_DAY = {"month": 3, "week": 12}
"""Posts of one day that are shown; the others are a click away."""
FREE_IN_A_DAY = {"month": 1, "week": 5, "list": 2}
"""Free slots of one day that are shown."""
LISTED = 60
AHEAD = timedelta(days=30)
"""How far a list shows what else is known of days."""
_BOUNDS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


class Asked(Narrowing):
    """Which part of the calendar is looked at."""

    view = forms.ChoiceField(choices=[(each, each) for each in VIEWS], required=False)
    day = forms.DateField(required=False, validators=_BOUNDS)


@require_safe
@on_brand()
def calendar(request: BrandRequest) -> HttpResponse:
    """A month, a week, or what comes next."""
    form = Asked(request)
    asked = form.found
    view = asked["view"] or "month"
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    day = asked["day"] or today
    posts = form.those(Post.objects.of(request.brand))
    kept = {name: asked[name] for name in ("channel", "campaign", "state") if asked[name]}
    first, last, before, after = _stretch(view, day)
    context = {
        "brand": request.brand, "here": "publishing", "view": view, "day": day, "today": today, "form": form,
        "writes": request.membership.may("agent"), "settles": request.membership.may("manager"),
        "title": _title(view, day, first, last),
        "views": [(each, _VIEW_NAMES[each], _address(request, each, day, kept)) for each in VIEWS],
        "before": _address(request, view, before, kept), "after": _address(request, view, after, kept),
        "now": _address(request, view, today, kept), "kept": kept,
    }  # fmt: skip
    shown, days = _days(posts, first, last, IN_A_DAY[view]) if view in IN_A_DAY else _listed(posts, first)
    writes = request.membership.may("agent")
    for entry in entries(_whole(request.brand, shown), request.brand, writes):
        days[entry.at.date()].posts.append(entry)
    if view == "list":
        last = _end_of_list(days, first)
    write_on(days, request.brand, first, last, (get_language() or "")[:2])
    if not (asked["campaign"] or asked["state"]):
        offer_on(days, request.brand, first, last, FREE_IN_A_DAY[view], asked["channel"])
    inside = [days[each] for each in sorted(days)]
    if view == "list":
        context["days"] = inside
    else:
        context["weeks"] = [inside[n : n + 7] for n in range(0, len(inside), 7)]
        context["month"] = day.month if view == "month" else None
    return render(request, "publishing/calendar.html", context)


_VIEW_NAMES = {
    "month": gettext_lazy("Month"),
    "week": gettext_lazy("Week"),
    "list": gettext_lazy("List"),
}


def _address(request: BrandRequest, view: str, day: date, kept: Mapping[str, Any]) -> str:
    asked = urlencode({"view": view, "day": day.isoformat(), **kept})
    return f"{reverse('post-calendar', args=[request.brand.slug])}?{asked}"


def _stretch(view: str, day: date) -> tuple[date, date, date, date]:
    """The first and the last day that are shown, and a day of what comes before and after."""
    monday = day - timedelta(days=day.weekday())
    if view == "week":
        return monday, monday + timedelta(days=6), monday - timedelta(days=7), monday + timedelta(days=7)
    if view == "list":
        return day, day, day - timedelta(days=30), day + timedelta(days=30)
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    last = after - timedelta(days=1)
    begins = first - timedelta(days=first.weekday())
    return begins, last + timedelta(days=6 - last.weekday()), first - timedelta(days=1), after


def _title(view: str, day: date, first: date, last: date) -> str:
    if view == "month":
        title = date_format(day, "YEAR_MONTH_FORMAT")
        return f"{title[:1].upper()}{title[1:]}"
    if view == "week":
        return f"{date_format(first, 'MONTH_DAY_FORMAT')} – {date_format(last)}"
    return _("From %(day)s") % {"day": date_format(first)}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _days(posts: PostQuerySet, first: date, last: date, most: int) -> tuple[list[int], dict[date, Day]]:
    """All days from one to another, with how many posts each has, and which posts are shown."""
    days = {first + timedelta(days=n): Day(first + timedelta(days=n)) for n in range((last - first).days + 1)}
    between = posts.between(_midnight(first), _midnight(last + timedelta(days=1)))
    on = TruncDate("due", tzinfo=timezone.get_current_timezone())
    for day, count in between.order_by().values_list(on).annotate(Count("pk", distinct=True)):
        days[day].count = count
    place = Window(DenseRank(), partition_by=on, order_by=[F("due"), F("pk")])
    shown = between.order_by("due", "pk").annotate(place=place).filter(place__lte=most)
    return list(shown.values_list("pk", flat=True)), days


def _listed(posts: PostQuerySet, first: date) -> tuple[list[int], dict[date, Day]]:
    """What comes from a day on: which posts, and their days."""
    zone = timezone.get_current_timezone()
    coming: Any = (
        posts.filter(due__gte=_midnight(first)).order_by("due", "pk").values_list("pk", "due").distinct()
    )
    days: dict[date, Day] = {}
    shown = []
    for pk, due in coming[:LISTED]:
        shown.append(pk)
        on = due.astimezone(zone).date()
        days.setdefault(on, Day(on)).count += 1
    return shown, days


def _end_of_list(days: Mapping[date, Day], first: date) -> date:
    """The day up to which a list says what else is known: as far as posts are shown, `AHEAD` at the least where these
    are all."""
    full = sum(day.count for day in days.values()) == LISTED
    return max([*days, first]) if full else max([*days, first + AHEAD])


def _whole(brand: Brand, ids: list[int]) -> list[Post]:
    return list(Post.objects.of(brand).filter(pk__in=ids).order_by("due", "pk"))


class MoveForm(forms.Form):
    """Another time for a post."""

    day = forms.DateField(
        label=gettext_lazy("Day"), validators=_BOUNDS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"}),
    )  # fmt: skip
    hour = forms.TimeField(
        label=gettext_lazy("Hour"), required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input"}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def move(request: BrandRequest, pk: int) -> HttpResponse:
    """Another day, or another hour; without an hour it stays as it is."""
    post = post_of(request, pk)
    before = {"day": post.day, "hour": post.hour}
    form = MoveForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        day, hour = form.cleaned_data["day"], form.cleaned_data["hour"] or post.hour or time(9)
        try:
            post.plan(request.user, day, hour, post.zone)
        except NotNow as error:
            messages.error(request, not_now(error.code))
            if error.code != "state":
                return redirect("post-move", request.brand.slug, pk)
        else:
            zones = {post.zone} if post.zone else {str(each.zone) for each in post.destinations.all()}
            for words in oddities(datetime.combine(day, hour), zones):
                messages.warning(request, words)
            told = {"name": post.name, "day": date_format(day), "hour": f"{hour:%H:%M}"}
            messages.success(request, _("%(name)s: %(day)s, %(hour)s.") % told)
        view = request.POST.get("view", "")
        asked = urlencode({"view": view if view in VIEWS else "month", "day": day.isoformat()})
        return redirect(f"{reverse('post-calendar', args=[request.brand.slug])}?{asked}")
    context = {
        "brand": request.brand, "here": "publishing", "post": post, "form": form, "moves": post.state in REWRITABLE,
    }  # fmt: skip
    return render(request, "publishing/move.html", context, status=422 if form.errors else 200)
