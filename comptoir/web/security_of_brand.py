"""A brand's security, for its owners: whether everybody needs a second step, who has one, help for who lost theirs."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.audit import record
from comptoir.organisation.models import Membership, Role, SecondStepRule, User
from comptoir.web import factors
from comptoir.web.security_limits import has_to_wait, unlock


@dataclass(frozen=True, slots=True)
class Row:
    """A member and what guards their account. `may_reset`: the asker may take it away."""

    membership: Membership
    app: bool
    passkeys: int
    waits: bool
    may_reset: bool

    @property
    def has_step(self) -> bool:
        return self.app or self.passkeys > 0


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("owner")
def security_of_brand(request: BrandRequest) -> HttpResponse:
    """The page; a POST with `required` (yes or no) asks everybody for a second step, or no longer."""
    if request.method == "POST":
        return _decide(request, request.POST.get("required", ""))
    rule = SecondStepRule.objects.filter(brand=request.brand).select_related("by").first()
    rows = _rows(request)
    without = sum(not row.has_step for row in rows)
    context = {
        "brand": request.brand,
        "here": "people",
        "rule": rule,
        "rows": rows,
        "without": without,
        "own": factors.protected(request.user),
    }
    return render(request, "web/security_of_brand.html", context)


def _decide(request: BrandRequest, required: str) -> HttpResponse:
    if required not in ("yes", "no"):
        raise BadRequest(_("Say yes or no."))
    if required == "no":
        SecondStepRule.lift(request.brand, request.user)
        messages.success(request, _("A second step is each member's own choice now."))
    elif not factors.protected(request.user):
        messages.warning(
            request, _("Add a second step to your own account first: without one you could not come back.")
        )
    else:
        SecondStepRule.lay_down(request.brand, request.user)
        messages.success(request, _("Everybody needs a second step now. Who has none is led to set it up."))
    return redirect("security-of-brand", request.brand.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("owner")
def factors_of_member(request: BrandRequest, pk: int) -> HttpResponse:
    """What taking away a member's second steps means; a POST does it."""
    member = _member(request, pk)
    if not _may_reset(request, member.user):
        raise PermissionDenied(
            _(
                "%(who)s also works for a brand that you do not own, or is you. Whoever runs this Comptoir can reset "
                "the second step."
            )
            % {"who": member.user}
        )
    if request.method == "POST":
        factors.reset(member.user, request.user)
        words = _("The second steps of %(who)s are gone, and they were told by mail.")
        messages.success(request, words % {"who": member.user})
        return redirect("security-of-brand", request.brand.slug)
    context = {"brand": request.brand, "here": "people", "who": member.user}
    return render(request, "web/factors_of_member.html", context)


@require_POST
@on_brand("owner")
def waits_of_member(request: BrandRequest, pk: int) -> HttpResponse:
    """Whoever tries to sign in as this member need not wait any more."""
    member = _member(request, pk)
    unlock(member.user)
    record("sign_in_unlocked", request.brand, member, account=str(member.user))
    messages.success(request, _("%(who)s can try to sign in again at once.") % {"who": member.user})
    return redirect("security-of-brand", request.brand.slug)


def _member(request: BrandRequest, pk: int) -> Membership:
    found = Membership.objects.filter(brand=request.brand, pk=pk).select_related("user").first()
    if found is None:
        raise Http404(_("This person does not belong here."))
    return found


def _rows(request: BrandRequest) -> list[Row]:
    members = list(
        Membership.objects.filter(brand=request.brand)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    held: dict[int, list[str]] = {}
    for user, kind in Authenticator.objects.filter(user__brands=request.brand).values_list("user_id", "type"):
        held.setdefault(user, []).append(kind)
    waiting = has_to_wait([each.user for each in members])
    beyond = _beyond(request)
    return [
        Row(
            each,
            "totp" in held.get(each.user_id, ()),
            held.get(each.user_id, []).count("webauthn"),
            each.user_id in waiting,
            bool(held.get(each.user_id)) and each.user_id not in beyond,
        )
        for each in members
    ]


def _beyond(request: BrandRequest) -> set[int]:
    """Members whose account is not this owner's to touch: themselves, and who works for brands that others own."""
    owned = Membership.objects.filter(user=request.user, role=Role.OWNER).values("brand")
    others = Membership.objects.filter(user__brands=request.brand).exclude(brand__in=owned)
    return {request.user.pk, *others.values_list("user_id", flat=True)}


def _may_reset(request: BrandRequest, user: User) -> bool:
    return user.pk not in _beyond(request)
