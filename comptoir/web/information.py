"""The public page about personal data: what a brand does with what people write to it, and how to reach it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from comptoir.listening.models.sample import SIZE
from comptoir.listening.places import heard_by
from comptoir.listening.rechecking import standing
from comptoir.networks.found import label_of, of_the_house
from comptoir.networks.models import Channel
from comptoir.organisation import retention
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.audit import record
from comptoir.organisation.models import InformationPage

CACHED = 300
"""Seconds for which the page may be kept by browsers and by what stands before them."""


TONGUES = (("en", "English"), ("fr", "Français"))
"""Each in its own name."""


class LinesForm(forms.ModelForm):  # type: ignore[type-arg]
    """What only the owner knows."""

    class Meta:
        model = InformationPage
        fields = ("controller", "contact", "officer")
        labels = {
            "controller": gettext_lazy("Who is responsible"),
            "contact": gettext_lazy("Where people write to use their rights"),
            "officer": gettext_lazy("Data protection officer"),
        }
        help_texts = {
            "controller": gettext_lazy("The company’s name and postal address."),
            "contact": gettext_lazy("A mail address, a form, a postal address: what somebody answers."),
            "officer": gettext_lazy("If there is one: how to reach them."),
        }
        widgets = {name: forms.Textarea(attrs={"rows": 3, "class": "textarea"}) for name in fields}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.max_length = 1_000  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("owner")
def information_lines(request: BrandRequest) -> HttpResponse:
    """The lines of the public page that only an owner can write."""
    lines = InformationPage.objects.of(request.brand).first() or InformationPage(brand=request.brand)
    form = LinesForm(request.POST if request.method == "POST" else None, instance=lines)
    if request.method == "POST" and form.is_valid():
        form.save()
        record("information_changed", request.brand, request.brand, request.user)
        messages.success(request, _("Kept."))
        return redirect("information-lines", request.brand.slug)
    context = {"brand": request.brand, "here": "privacy", "form": form}
    return render(request, "web/information_lines.html", context, status=422 if form.errors else 200)


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
@cache_control(public=True, max_age=CACHED)
def information(request: HttpRequest, brand: str) -> HttpResponse:
    """The page itself, for everybody, once an owner has written who is responsible and how to reach them.

    In the language of the browser, else in that of the address: `?language=fr`.
    """
    lines = InformationPage.published(brand)
    if lines is None:
        raise Http404(_("There is no such page."))
    chosen = request.GET.get("language", "")
    with translation.override(chosen if chosen in dict(settings.LANGUAGES) else translation.get_language()):
        return render(request, "web/information.html", _told(lines))


def _told(lines: InformationPage) -> dict[str, Any]:
    """What the page says: nothing of it is about anybody, or about what is searched for."""
    found = lines.brand
    days = retention.days_of(found)
    heard = heard_by(found)
    kinds = [
        (_(kind.label), _months(days[code]), _(kind.since))
        for code, kind in retention.KINDS.items()
        if code in (*_TOLD, *(_TOLD_OF_LISTENING if heard else ()))
    ]
    # Nobody writes to the brand on a page of its own.
    others = Channel.objects.of(found).exclude(network=of_the_house())
    networks = sorted({label_of(name) for name in others.values_list("network", flat=True)})
    return {
        "name": found.name, "networks": networks, "kinds": kinds, "lines": lines, "heard": heard,
        "behind": max((each.walk.hours for each in standing(found) if each.walk and each.walk.is_behind), default=0),
        "sample": SIZE, "sample_days": retention.HOUSE["sample"][0], "languages": TONGUES,
    }  # fmt: skip


_TOLD = ("conversations", "private_messages", "traces", "set_aside")
"""The kinds that concern people who write; the others are about those who work here."""
_TOLD_OF_LISTENING = ("mentions",)


def _months(days: int) -> str:
    if days % 365 == 0:
        return _("%(n)d months") % {"n": days // 365 * 12}
    return _("%(n)d days") % {"n": days}
