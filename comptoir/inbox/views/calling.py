"""Calling whoever is on duty to a thread."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comptoir.inbox.forms import CallForm
from comptoir.inbox.views.acts import path_of
from comptoir.inbox.views.asking import Asked
from comptoir.inbox.views.outcome import Outcome, leave
from comptoir.inbox.views.thread import thread_for
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Alarm, on_duty


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def alarms(request: BrandRequest, pk: int) -> HttpResponse:
    """GET asks once more, with the names of those on duty; POST calls them, one after the other."""
    found = thread_for(request, pk)
    about = f"thread:{found.pk}"
    back = f"{path_of(request, found)}{Asked.of(request.brand, request.GET).query}"
    called = Alarm.objects.of(request.brand).filter(about=about, acknowledged_at=None).first()
    if called is not None:
        return redirect("alarm", request.brand.slug, called.pk)
    form = CallForm(request.POST if request.method == "POST" else None)
    people = on_duty(request.brand)
    if request.method == "POST" and form.is_valid():
        Alarm.sound(request.brand, "colleague", about, request.user, form.cleaned_data["note"])
        words = _("%(who)s is called.") % {"who": people[0]} if people else _("The owners are called.")
        leave(request, Outcome(words, "bell"))
        return redirect(back)
    context = {
        "brand": request.brand,
        "here": "threads",
        "form": form,
        "people": people,
        "back": back,
        "who": str(found.person or found.channel.handle),
    }
    return render(request, "inbox/calling.html", context, status=422 if form.errors else 200)
