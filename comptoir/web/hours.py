"""When a brand's counter is open: everybody sees it, managers settle it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand, DayOff, Hours, Role
from comptoir.organisation.opening import MINUTES, OFFICE, Span, Week, clock_of

_SPAN = re.compile(
    r"(\d{1,2})(?:[:h.](\d{2})?)?\s*[-–—]\s*(\d{1,2})(?:[:h.](\d{2})?)?", re.IGNORECASE | re.ASCII
)
DAYS = tuple(f"day_{n}" for n in range(7))
OFF_MOST = 400
NAME_MOST = 60


def spans_of(said: str) -> list[Span]:
    """ "9-12:30, 14h-18h" in minutes, in order. ValueError when it is no such thing, or spans touch each other."""
    found: list[Span] = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;]", said))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValueError(part)
        opens, shuts = (60 * int(match[n]) + int(match[n + 1] or 0) for n in (1, 3))
        late = any(int(match[n + 1] or 0) > 59 for n in (1, 3))
        if late or not opens < shuts <= MINUTES:
            raise ValueError(part)
        found.append((opens, shuts))
    found.sort()
    if any(one[1] >= other[0] for one, other in pairwise(found)):
        raise ValueError(said)
    return found


def said_of(spans: Sequence[Sequence[int]]) -> str:
    """The same as people write it."""
    return ", ".join(f"{clock_of(opens)}–{clock_of(shuts)}" for opens, shuts in spans)


class HoursForm(forms.Form):
    """The week, a day a line; the time zone; days off, one a line."""

    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=60,
        help_text=gettext_lazy("Such as Europe/Paris. Days and hours of figures are by this clock."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, name in enumerate(DAYS):
            self.fields[name] = forms.CharField(
                label=WEEKDAYS[n], max_length=200, required=False,
                help_text="" if n else gettext_lazy("Such as 9:00–12:30, 14:00–18:00. Empty: shut all day."),
                widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
            )  # fmt: skip
        self.fields["off"] = forms.CharField(
            label=gettext_lazy("Days off"), required=False, max_length=30_000,
            help_text=gettext_lazy("One a line: the day, then its name if you like. 2026-12-25 Christmas"),
            widget=forms.Textarea(attrs={"class": "textarea", "rows": 8, "spellcheck": "false"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """With `week` and `days_off` as the calendar keeps them."""
        given = super().clean() or {}
        week: list[list[Span]] = []
        for name in DAYS:
            try:
                week.append(spans_of(given.get(name, "")))
            except ValueError:
                self.add_error(
                    name, _("Write it like 9:00–12:30, 14:00–18:00; leave it empty for a day off.")
                )
        given["week"] = week
        return given

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise ValidationError(_("There is no such time zone. They are written like Europe/Paris."))
        return zone

    def clean_off(self) -> list[DayOff]:
        """The days, none twice."""
        found: dict[date, DayOff] = {}
        for line in filter(
            None, (each.strip() for each in self.cleaned_data["off"].replace("\x00", "").splitlines())
        ):
            day, _space, name = line.partition(" ")
            try:
                on = date.fromisoformat(day)
            except ValueError:
                raise ValidationError(_("This is no day: %(line)s") % {"line": line[:80]}) from None
            found[on] = DayOff(on, name.strip()[:NAME_MOST])
        if len(found) > OFF_MOST:
            raise ValidationError(_("That is more than %(most)s days.") % {"most": OFF_MOST})
        return list(found.values())


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("reader")
def hours(request: BrandRequest) -> HttpResponse:
    """The hours; POST settles them."""
    if request.method == "POST" and not request.membership.may(Role.MANAGER):
        raise PermissionDenied(_("Only managers and owners settle the business hours."))
    own = Hours.objects.of(request.brand).usual()
    begun = initial_of(request.brand, own)
    form = HoursForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if Hours.settle(request.brand, given["zone"], given["week"], given["off"], request.user):
            messages.success(request, _("Kept. Figures in business hours are counted again."))
        return redirect("hours", request.brand.slug)
    told = {
        "brand": request.brand,
        "here": "figures",
        "form": form,
        "own": own,
        "others": Hours.objects.of(request.brand).named(),
        "may": request.membership.may(Role.MANAGER),
    }
    return render(request, "web/hours.html", told, status=422 if form.errors else 200)


def initial_of(brand: Brand, own: Hours | None) -> dict[str, Any]:
    """What stands in the form of these hours, or of hours that nobody has set yet."""
    week: Week = own.week if own else OFFICE
    off = own.off if own else []
    return {
        "zone": own.zone if own else brand.time_zone or settings.TIME_ZONE,
        "off": "\n".join(f"{each.day} {each.name}".strip() for each in off),
        **{name: said_of(spans) for name, spans in zip(DAYS, week, strict=True)},
    }
