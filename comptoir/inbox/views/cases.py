"""Cases at the counter: handing one over, all of them, and the desks that they go to."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.inbox.forms_of_cases import DeskForm, HandOverForm
from comptoir.inbox.models import Case, ServiceDesk
from comptoir.inbox.views.acts import path_of
from comptoir.inbox.views.asking import Asked
from comptoir.inbox.views.outcome import Outcome, leave
from comptoir.inbox.views.thread import thread_for
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken, Role

_MESSAGES = 30
"""The newest of a thread, to choose from."""
_PAGE = 50
_LOOKS = {"waiting": "", "sending": "", "sent": "", "uncertain": "warn", "failed": "bad"}


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def hand_over(request: BrandRequest, pk: int) -> HttpResponse:
    """Hand the thread to customer service: GET asks for what, POST does it."""
    found = thread_for(request, pk)
    choices = _choices(found)
    theirs = [number for number, _words, own in choices if not own]
    form = HandOverForm(
        request.brand, [(number, words) for number, words, _own in choices],
        request.POST if request.method == "POST" else None,
        initial={"messages": theirs, "key": uuid.uuid4().hex},
    )  # fmt: skip
    back = f"{path_of(request, found)}{Asked.of(request.brand, request.GET).query}"
    if request.method == "POST" and form.is_valid():
        case = Case.hand_over(found, by=request.user, **form.cleaned_data)
        words = _("%(desk)s gets it as case %(number)s. The thread waits for their answer.")
        leave(request, Outcome(words % case.facts(), "out", next=True))
        return redirect(back)
    context = {
        "brand": request.brand,
        "here": "threads",
        "form": form,
        "back": back,
        "who": str(found.person or found.channel.handle),
        "desks": ServiceDesk.objects.of(request.brand).filter(retired_at=None).exists(),
        "settles": request.membership.may(Role.MANAGER),
    }
    return render(request, "inbox/hand_over.html", context, status=422 if form.errors else 200)


def _choices(found: Any) -> list[tuple[int, str, bool]]:
    """The thread's newest messages, oldest first: the number, the words, whether they are ours."""
    rows = found.entries.filter(activity__deleted=None, activity__erased=None).select_related(
        "activity__actor"
    )
    return [
        (
            entry.pk,
            f"{entry.activity.actor or '–'}, {timezone.localtime(entry.at):%H:%M}: "
            f"{' '.join((entry.activity.text or entry.activity.title).split())[:160]}",
            entry.own,
        )
        for entry in reversed(rows.order_by("-at", "-pk")[:_MESSAGES])
    ]


@require_safe
@on_brand("reader")
def cases(request: BrandRequest) -> HttpResponse:
    """All cases, the newest first."""
    rows = Case.objects.of(request.brand).select_related("desk", "by", "thread__person").order_by("-number")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "brand": request.brand,
        "here": "threads",
        "page_of_cases": page,
        "rows": [(each, *_standing(each)) for each in page],
        "may": request.membership.may(Role.AGENT),
        "settles": request.membership.may(Role.MANAGER),
    }
    return render(request, "inbox/cases.html", context)


def _standing(case: Case) -> tuple[str, str]:
    if case.done_at:
        return _("Settled"), "good"
    if case.answered_at:
        return _("Answered"), "good"
    return str(case.get_state_display()), _LOOKS[case.state]


@require_POST
@on_brand("agent")
def case_settlement(request: BrandRequest, pk: int) -> HttpResponse:
    """Say what became of a case that did not leave, or of which nobody knows: state=there, or it leaves again."""
    found = Case.objects.of(request.brand).select_related("desk", "thread").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such case."))
    there = request.POST.get("state") == "there"
    if found.settle(there, request.user):
        messages.success(request, _("Noted.") if there else _("It leaves again."))
    else:
        messages.warning(request, _("There is nothing to settle about it any more."))
    return redirect("cases", request.brand.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def desks(request: BrandRequest) -> HttpResponse:
    """The desks; a POST makes one, and its answer is the only page that shows the secret of its program."""
    form = DeskForm(request.brand, request.POST if request.method == "POST" else None)
    secret, made = "", None
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = ServiceDesk.make(request.brand, by=request.user, **form.cleaned_data)
        except NameTaken:
            form.add_error("name", _("There is a desk of this name."))
        else:
            if not secret:
                messages.success(request, _("The desk %(desk)s is there.") % {"desk": made})
                return redirect("desks", request.brand.slug)
            form = DeskForm(request.brand)
    context = {
        "brand": request.brand,
        "here": "threads",
        "form": form,
        "secret": secret,
        "made": made,
        "rows": ServiceDesk.objects.of(request.brand)
        .filter(retired_at=None)
        .select_related("answers")
        .order_by("name"),
    }
    return render(request, "inbox/desks.html", context, status=422 if form.errors else 201 if secret else 200)


@require_POST
@on_brand("manager")
def desk_retirement(request: BrandRequest, pk: int) -> HttpResponse:
    """No new cases go there."""
    found = ServiceDesk.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such desk any more."))
    found.retire(request.user)
    messages.success(request, _("The desk %(desk)s gets no new cases.") % {"desk": found})
    return redirect("desks", request.brand.slug)
