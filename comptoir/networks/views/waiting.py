"""What waits for a person: answers of unknown fate, and messages that could not be read."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.kernel.numbers import number_of
from comptoir.networks.found import label_of
from comptoir.networks.models import Delivery, SetAside
from comptoir.networks.sentences import sentence
from comptoir.organisation.access import BrandRequest, on_brand

PAGE = 50


@require_safe
@on_brand("reader")
def deliveries(request: BrandRequest) -> HttpResponse:
    """Answers whose fate nobody knows, and those that came back or were refused lately."""
    rows = Delivery.objects.of(request.brand).select_related("channel", "author")
    failed = [Delivery.State.UNCERTAIN, Delivery.State.RETURNED, Delivery.State.REFUSED]
    wanted = rows.filter(state__in=failed)
    page = _page(request, wanted.order_by("-state", "-pk"))
    for row in page:
        row.why = sentence(row.code, row.facts, label_of(row.channel.network))
        row.uncertain = row.state == Delivery.State.UNCERTAIN
        row.network = label_of(row.channel.network)
    return _listed(request, "networks/deliveries.html", page)


@require_POST
@on_brand("agent")
def settlement(request: BrandRequest, pk: int) -> HttpResponse:
    """A person looked at the network: sent=yes, it is there; sent=no, it leaves again."""
    verdict = request.POST.get("sent")
    if verdict not in ("yes", "no"):
        raise BadRequest(_("Say whether it is there: yes or no."))
    delivery = Delivery.objects.of(request.brand).filter(pk=pk).select_related("channel").first()
    if delivery is None:
        raise Http404(_("There is no such answer here."))
    settled = delivery.settle(request.user, sent=verdict == "yes")
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"thread-changed": {}})})
    if settled:
        messages.success(
            request, _("Noted: it counts as sent.") if verdict == "yes" else _("It leaves again.")
        )
    else:
        messages.warning(request, _("A colleague has settled this already."))
    return redirect(_back(request))


def _back(request: BrandRequest) -> str:
    """Where the form was; never another site."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return f"/b/{request.brand.slug}/deliveries/"


@require_safe
@on_brand("reader")
def set_aside(request: BrandRequest) -> HttpResponse:
    """Messages that a network sent and that could not be used, each with its reason."""
    rows = SetAside.objects.of(request.brand).filter(settled_at=None).select_related("channel")
    page = _page(request, rows.order_by("-received", "-pk"))
    for row in page:
        row.network = label_of(row.channel.network)
    return _listed(request, "networks/set_aside.html", page)


@require_POST
@on_brand("agent")
def seen(request: BrandRequest, pk: int) -> HttpResponse:
    """Take a message that was set aside off the list."""
    found = SetAside.objects.of(request.brand).filter(pk=pk).first()
    if found is None or not found.settle():
        raise Http404(_("There is no such message here, or a colleague has dealt with it."))
    messages.success(request, _("Taken off the list."))
    return redirect("set-aside", request.brand.slug)


def _listed(request: BrandRequest, template: str, page: Any) -> HttpResponse:
    may_settle = request.membership.may("agent")
    context = {"brand": request.brand, "here": "channels", "rows": page, "may_settle": may_settle}
    return render(request, template, context)


def _page(request: BrandRequest, rows: Any) -> Any:
    number = number_of(request.GET.get("page", "1"))
    if number is None:
        raise BadRequest(_("There is no such page of the list."))
    return Paginator(rows, PAGE).get_page(number)
