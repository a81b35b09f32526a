"""The pages of queues: everybody sees them; managers make, change, order and dissolve them, set targets, and say what
each person can."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.inbox.forms_of_queues import ClerkForm, QueueForm, TargetForm, said_of
from comptoir.inbox.models import Clerk, Queue, Target, TooManyQueues
from comptoir.inbox.models.staffing import staffing
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken, Role


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("reader")
def queues(request: BrandRequest) -> HttpResponse:
    """All queues in their order; POST makes one."""
    if request.method != "POST":
        return _page(request)
    if not request.membership.may(Role.MANAGER):
        raise PermissionDenied(_("Only managers and owners make queues."))
    form = QueueForm(request.brand, request.POST)
    if form.is_valid():
        try:
            made = Queue.make(request.brand, request.user, **form.cleaned_data)
        except NameTaken:
            form.add_error("name", _("There is a queue of this name."))
        except TooManyQueues:
            form.add_error("name", _("The brand has a hundred queues: dissolve some first."))
        else:
            messages.success(request, _("The queue %(queue)s is there.") % {"queue": made})
            return redirect("queues", request.brand.slug)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def queue(request: BrandRequest, pk: int) -> HttpResponse:
    """One queue; POST changes it."""
    found = _queue(request, pk)
    form = QueueForm(
        request.brand, request.POST if request.method == "POST" else None, initial=QueueForm.begun(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            found.change(request.user, **form.cleaned_data)
        except NameTaken:
            form.add_error("name", _("There is a queue of this name."))
        else:
            messages.success(request, _("The queue %(queue)s is changed.") % {"queue": found})
            return redirect("queues", request.brand.slug)
    return _queue_page(request, found, form=form)


@require_POST
@on_brand("manager")
def place(request: BrandRequest, pk: int) -> HttpResponse:
    """Have it asked one place earlier, or with to=down later."""
    _queue(request, pk).move(request.user, up=request.POST.get("to") != "down")
    return redirect("queues", request.brand.slug)


@require_POST
@on_brand("manager")
def dissolution(request: BrandRequest, pk: int) -> HttpResponse:
    """The queue is no more; what waited in it waits in none."""
    found = _queue(request, pk)
    found.dissolve(request.user)
    messages.success(request, _("The queue %(queue)s is dissolved.") % {"queue": found.name})
    return redirect("queues", request.brand.slug)


@require_POST
@on_brand("manager")
def target(request: BrandRequest, pk: int) -> HttpResponse:
    """Within what time people of this queue are answered."""
    found = _queue(request, pk)
    form = TargetForm(request.POST)
    if not form.is_valid():
        return _queue_page(request, found, target_form=form)
    _settle(request, form, found)
    return redirect("queue", request.brand.slug, pk)


@require_POST
@on_brand("manager")
def usual_target(request: BrandRequest) -> HttpResponse:
    """The same of what waits in a queue without targets of its own, or in none."""
    form = TargetForm(request.POST)
    if not form.is_valid():
        return _page(request, target_form=form)
    _settle(request, form, None)
    return redirect("queues", request.brand.slug)


@require_safe
@on_brand("reader")
def clerks(request: BrandRequest) -> HttpResponse:
    """What each person can, and how much they have in hand."""
    known = {row.user_id: row for row in Clerk.objects.of(request.brand)}
    people = [(user, known.get(user.pk)) for user in request.brand.answerers().order_by("name", "email")]
    context = {
        "brand": request.brand, "here": "people", "people": people, "decides": request.membership.may(Role.MANAGER),
    }  # fmt: skip
    return render(request, "inbox/clerks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def clerk(request: BrandRequest, pk: int) -> HttpResponse:
    """What one person can; POST says so."""
    user = request.brand.answerers().filter(pk=pk).first()
    if user is None:
        raise Http404(_("There is nobody of that number who answers here."))
    known = Clerk.objects.of(request.brand).filter(user=user).first() or Clerk()
    begun = {name: getattr(known, name) for name in ClerkForm.base_fields}
    form = ClerkForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        if Clerk.settle(request.brand, user, request.user, **form.cleaned_data):
            messages.success(request, _("Kept."))
        return redirect("clerks", request.brand.slug)
    context = {"brand": request.brand, "here": "people", "form": form, "person": user}
    return render(request, "inbox/clerk.html", context, status=422 if form.errors else 200)


@require_safe
@on_brand("reader")
def queue_threads(request: BrandRequest, pk: int) -> HttpResponse:
    """The list of a queue; for number 0, of what waits in none, what is due first."""
    show = f"q{_queue(request, pk).pk}" if pk else "due"
    return redirect(f"{reverse('threads', args=[request.brand.slug])}?show={show}")


def target_words(found: Target | None) -> str:
    """Within what time people are answered, in a line."""
    if found is None:
        return ""
    parts = [
        (found.first, _("first answer within %(time)s")),
        (found.next, _("later ones within %(time)s")),
        (found.resolution, _("closed within %(time)s")),
    ]
    said = [words % {"time": said_of(minutes)} for minutes, words in parts if minutes]
    said.append(_("in business hours") if found.open_hours else _("around the clock"))
    return " · ".join([*said, _("calls whoever is on duty")] if found.calls else said)


def _queue(request: BrandRequest, pk: int) -> Queue:
    found = Queue.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such queue any more."))
    found.brand = request.brand
    return found


def _settle(request: BrandRequest, form: TargetForm, of: Queue | None) -> None:
    if Target.settle(request.brand, of, request.user, **form.cleaned_data):
        messages.success(request, _("Kept. By when threads are due is counted again."))


def _page(
    request: BrandRequest, form: QueueForm | None = None, target_form: TargetForm | None = None
) -> HttpResponse:
    decides = request.membership.may(Role.MANAGER)
    targets = {each.queue_id: each for each in Target.objects.of(request.brand)}
    at_work = {each.pk: each for each in staffing(request.brand.pk)}
    rows = [
        (each, at_work.get(each.pk), target_words(targets.get(each.pk)))
        for each in Queue.objects.of(request.brand).in_order().prefetch_related("members")
    ]
    usual = targets.get(None)
    context: dict[str, Any] = {
        "brand": request.brand, "here": "threads", "rows": rows, "decides": decides, "usual": target_words(usual),
    }  # fmt: skip
    if decides:
        context["form"] = form or QueueForm(request.brand)
        context["target_form"] = target_form or TargetForm(initial=TargetForm.begun(usual))
    status = 422 if form or target_form else 200
    return render(request, "inbox/queues.html", context, status=status)


def _queue_page(
    request: BrandRequest, found: Queue, form: QueueForm | None = None, target_form: TargetForm | None = None
) -> HttpResponse:
    of = Target.objects.of(request.brand).filter(queue=found).first()
    context = {
        "brand": request.brand,
        "here": "threads",
        "queue": found,
        "form": form or QueueForm(request.brand, initial=QueueForm.begun(found)),
        "target_form": target_form or TargetForm(initial=TargetForm.begun(of)),
    }
    wrong = any(each is not None and each.errors for each in (form, target_form))
    return render(request, "inbox/queue.html", context, status=422 if wrong else 200)
