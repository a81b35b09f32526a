"""Personal data as owners see to it: people who ask, those who objected, how long things are kept, what was removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.kernel import clock
from comptoir.listening.places import networks_of
from comptoir.networks import objections, persons
from comptoir.networks.found import label_of
from comptoir.networks.models import Actor, Channel, Objection
from comptoir.networks.models.activity import is_erased
from comptoir.networks.packing import pack
from comptoir.organisation import retention
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, InformationPage, PurgeRun

MEDIA_SECONDS = 60.0
"""For how long an export on a page fetches pictures; the command has no such limit."""
SHOWN_DAYS = 14
CONFIRMED = "DELETE"


@require_safe
@on_brand("owner")
def privacy(request: BrandRequest) -> HttpResponse:
    """The page: find somebody, objections, retention, the public page, proof of the purge."""
    network, name = request.GET.get("network", ""), request.GET.get("name", "")[:300]
    networks = _networks(request.brand)
    found = persons.find(network, name, request.brand) if name and network in dict(networks) else []
    return _page(request, {"asked": name, "network": network, "found": found})


def _page(request: BrandRequest, more: Mapping[str, Any], status: int = 200) -> HttpResponse:
    context = {
        "brand": request.brand,
        "here": "privacy",
        "networks": _networks(request.brand),
        "objections": [
            _objection(each) for each in Objection.objects.of(request.brand).order_by("-pk")[:200]
        ],
        "kinds": _kinds(request.brand),
        "runs": _runs(request.brand),
        "lines": InformationPage.objects.of(request.brand).first(),
        **more,
    }
    return render(request, "web/privacy.html", context, status=status)


def _networks(brand: Brand) -> list[tuple[str, str]]:
    names = set(Channel.objects.of(brand).values_list("network", flat=True)) | networks_of(brand)
    return sorted((name, label_of(name)) for name in names)


def _objection(row: Objection) -> dict[str, Any]:
    return {"row": row, "network": label_of(row.network)}


def _kinds(brand: Brand) -> list[dict[str, Any]]:
    days = retention.days_of(brand)
    return [
        {"kind": kind, "label": _(kind.label), "since": _(kind.since), "days": days[kind.code]}
        for kind in retention.KINDS.values()
    ]


def _runs(brand: Brand) -> list[tuple[Any, list[str]]]:
    """What the purge removed on each of the last days, in words; days on which it found nothing are there too."""
    since = clock.now().date() - timedelta(days=SHOWN_DAYS)
    rows = PurgeRun.objects.of(brand).filter(day__gte=since).order_by("-day", "kind")
    days: dict[Any, list[str]] = {}
    for row in rows:
        said = days.setdefault(row.day, [])
        if row.removed and row.kind in retention.KINDS:
            told = {"what": _(retention.KINDS[row.kind].label), "count": row.removed}
            said.append(_("%(what)s: %(count)d") % told)
    return list(days.items())


@require_safe
@on_brand("owner")
def person(request: BrandRequest, pk: int) -> HttpResponse:
    """What is held of somebody, room by room, and what can be done about it."""
    return _person(request, _known(request, pk))


def _person(request: BrandRequest, found: Actor, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {
        "brand": request.brand,
        "here": "privacy",
        "person": found,
        "network": label_of(found.network),
        "held": [(_(holder.label), count) for holder, count in persons.held(found, request.brand)],
        "objects": bool(
            objections.objections_of(request.brand, found.network, found.remote_id, found.handle)
        ),
        "may_erase": _may_erase(request, found),
        "wrong": wrong,
        "confirmed": CONFIRMED,
    }
    return render(request, "web/privacy_person.html", context, status=status)


def _known(request: BrandRequest, pk: int) -> Actor:
    found = Actor.objects.filter(pk=pk).first()
    if found is None or is_erased(found.remote_id) or request.brand.pk not in persons.brands_of(found):
        raise Http404(_("Nobody of that number has written to this brand, or they were erased."))
    return found


def _may_erase(request: BrandRequest, found: Actor) -> bool:
    """A message is stored once for all brands that it reached: whoever erases it owns all of these."""
    own = {each.brand_id for each in request.memberships if each.may("owner")}
    return persons.brands_of(found) <= own


@require_POST
@on_brand("owner")
def person_export(request: BrandRequest, pk: int) -> StreamingHttpResponse:
    """Everything that the brand holds of somebody as one ZIP, sent while it grows."""
    found = _known(request, pk)
    record("person_exported", request.brand, found, request.user, network=label_of(found.network))
    response = StreamingHttpResponse(
        pack(found, request.brand, seconds=MEDIA_SECONDS), content_type="application/zip"
    )
    response["Content-Disposition"] = f'attachment; filename="person-{found.pk}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@on_brand("owner")
def person_erasure(request: BrandRequest, pk: int) -> HttpResponse:
    """Erase somebody for good, once the word was typed."""
    found = _known(request, pk)
    if not _may_erase(request, found):
        raise PermissionDenied(
            _(
                "Another brand heard this person too. Whoever owns all of these brands, or the host, can erase."
            )
        )
    if request.POST.get("confirm", "").strip() != CONFIRMED:
        words = _("Type %(word)s to say that you mean it. Nothing was erased.") % {"word": CONFIRMED}
        return _person(request, found, words, 422)
    counts = persons.erase(found, request.user, request.brand)
    words = _("Erased: %(count)d things. It cannot be undone.") % {"count": sum(counts.values())}
    messages.success(request, words)
    return redirect("privacy", request.brand.slug)


@require_POST
@on_brand("owner")
def person_objection(request: BrandRequest, pk: int) -> HttpResponse:
    """Skip from now on what somebody writes to the brand."""
    found = _known(request, pk)
    objections.object_to(found.network, account=found.remote_id, brand=request.brand, by=request.user)
    messages.success(
        request, _("Noted: what this person writes is skipped from now on, and their mentions are gone.")
    )
    if request.brand.pk in persons.brands_of(found):
        return redirect("privacy-person", request.brand.slug, found.pk)
    # Whoever was only heard: with the mentions went all that was kept.
    return redirect("privacy", request.brand.slug)


@require_POST
@on_brand("owner")
def objection_list(request: BrandRequest) -> HttpResponse:
    """Skip somebody of whom nothing is here yet, known by handle alone."""
    network, name = request.POST.get("network", ""), request.POST.get("name", "").strip()[:300]
    if network not in dict(_networks(request.brand)):
        raise BadRequest(_("This brand has no channel on that network, and does not listen there."))
    if not name.lstrip("@") or "\0" in name:
        return _page(request, {"wrong": _("Say who: their handle on the network.")}, 422)
    for found in persons.find(network, name)[:1]:
        objections.object_to(network, account=found.remote_id, brand=request.brand, by=request.user)
        break
    else:
        objections.object_to(network, handle=name, brand=request.brand, by=request.user)
    messages.success(
        request, _("Noted: what this person writes is skipped from now on, and their mentions are gone.")
    )
    return redirect("privacy", request.brand.slug)


@require_POST
@on_brand("owner")
def objection_withdrawal(request: BrandRequest, pk: int) -> HttpResponse:
    """The person changed their mind."""
    found = Objection.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such objection here."))
    objections.take_back(found, request.user)
    messages.success(request, _("Taken off the list: what this person writes comes in again."))
    return redirect("privacy", request.brand.slug)


@require_POST
@on_brand("owner")
def retentions(request: BrandRequest) -> HttpResponse:
    """Choose how long things are kept."""
    days: dict[str, int] = {}
    for code, kind in retention.KINDS.items():
        given = request.POST.get(f"days-{code}", "")
        if given and given.isascii() and given.isdecimal() and len(given) < 6:
            days[code] = int(given)
        elif given:
            days[code] = 0
        if code in days and not kind.least <= days[code] <= kind.most:
            told = {"what": _(kind.label), "least": kind.least, "most": kind.most}
            words = _("%(what)s: from %(least)d to %(most)d days.") % told
            return _page(request, {"wrong_days": words}, 422)
    if changed := retention.choose(request.brand, days):
        changes = ", ".join(f"{code} {n}" for code, n in sorted(changed.items()))
        record("retention_changed", request.brand, request.brand, request.user, changes=changes)
    messages.success(request, _("Kept."))
    return redirect("privacy", request.brand.slug)
