"""A brand's people: who works for it and in which role, who is invited, who asks to join.

Everybody sees who is there; from manager on one invites and answers, up to one's own role; owners change and end roles.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand, Invitation, JoinRequest, LastOwner, Membership, Role
from comptoir.web import letters
from comptoir.web.terms import InvitationForm, channels_of

if TYPE_CHECKING:
    from comptoir.organisation.programs.door import ApiRequest

MAY = {
    Role.READER: gettext_lazy("sees everything"),
    Role.AGENT: gettext_lazy("also answers, notes, assigns and closes"),
    Role.MANAGER: gettext_lazy("also connects channels, invites people and answers those who ask to join"),
    Role.OWNER: gettext_lazy(
        "also changes roles, lets people go, and settles what concerns the brand itself"
    ),
}


@require_safe
@on_brand("reader")
def people(request: BrandRequest) -> HttpResponse:
    """Everybody of the brand."""
    return page(request)


def page(request: BrandRequest, form: InvitationForm | None = None, link: str = "") -> HttpResponse:
    """The page of a brand's people. `link`: one that was made just now, to be handed over by hand."""
    brand, invites = request.brand, request.membership.may(Role.MANAGER)
    gives = gives_of(request)
    context = {
        "brand": brand,
        "here": "people",
        "rows": _rows(request),
        "roles": [(role.value, role.label, MAY[role]) for role in Role],
        "decides": request.membership.may(Role.OWNER),
        "invites": invites,
        "gives": [(role, Role(role).label) for role in gives],
        "form": form,
        "mail": letters.leaves(),
        "link": link,
    }
    if invites:
        context["form"] = form if form is not None else InvitationForm(brand, gives)
        waiting = Invitation.objects.of(brand).open().select_related("by").order_by("-created", "-pk")
        _name_channels(brand, waiting)
        context["invitations"] = [(each, each.role in gives) for each in waiting]
        asked = JoinRequest.objects.of(brand).open().select_related("user").order_by("created", "pk")
        context["requests"] = list(asked)
    return render(
        request, "web/people.html", context, status=422 if form is not None and form.errors else 200
    )


def _rows(request: BrandRequest) -> list[tuple[Membership, bool]]:
    """Everybody, and whether the asker may agree on other terms with them."""
    rows = request.brand.memberships.going_on().select_related("user").order_by("user__name", "user__email")
    found = list(rows)
    _name_channels(request.brand, found)
    return [(each, may_settle(request, each)) for each in found]


def _name_channels(brand: Brand, rows: Iterable[Any]) -> None:
    """Have each know its brand, and as `only` how the channels are called that it is given."""
    names: dict[int, str] = {}
    for each in rows:
        each.brand = brand
        if each.channels is not None:
            names = names or channels_of(brand)
            each.only = [names[pk] for pk in each.channels if pk in names]


def may_settle(request: BrandRequest | ApiRequest, member: Membership) -> bool:
    """Whether the asker may agree on other terms with a member: whose role they could give, and never their own."""
    mine = member.user_id == request.user.pk and not request.membership.may(Role.OWNER)
    return member.role in gives_of(request) and not mine


def gives_of(request: BrandRequest | ApiRequest) -> list[str]:
    """The roles that the asker may give on the brand."""
    if not request.membership.may(Role.MANAGER):
        return []
    return Role(request.membership.role).and_below()


def member(request: BrandRequest, pk: int) -> Membership:
    """Somebody who works for the brand."""
    found = request.brand.memberships.going_on().filter(pk=pk).select_related("user").first()
    if found is None:
        raise Http404(_("This person does not belong here."))
    found.brand = request.brand
    return found


@require_POST
@on_brand("owner")
def person(request: BrandRequest, pk: int) -> HttpResponse:
    """Give a member another role, or with role=none let them go. The last owner stays one."""
    found = member(request, pk)
    role = request.POST.get("role", "")
    if role not in (*Role.values, "none"):
        raise BadRequest(_("There is no such role."))
    myself, words = found.user == request.user, _("%(who)s has another role now.")
    try:
        if role == "none":
            request.brand.dismiss(found.user, by=request.user)
            words = _("%(who)s no longer belongs here.")
        else:
            request.brand.admit(found.user, role, by=request.user)
    except LastOwner:
        messages.warning(request, _("A brand keeps an owner: make somebody else one first."))
        return redirect("people", request.brand.slug)
    if myself and role == "none":
        return redirect("home")
    messages.success(request, words % {"who": found.user})
    return redirect("people", request.brand.slug)


@require_POST
@on_brand("manager")
def join_request(request: BrandRequest, pk: int) -> HttpResponse:
    """Answer somebody who asks to join: with a role, or with role=none: no."""
    asked = JoinRequest.objects.of(request.brand).select_related("user").filter(pk=pk).first()
    if asked is None:
        raise Http404(_("Nobody of that number has asked to join."))
    role = request.POST.get("role", "")
    if role == "none":
        done, words = asked.decline(request.user), _("The request of %(who)s is declined.")
    elif role not in Role.values:
        raise BadRequest(_("There is no such role."))
    elif role not in gives_of(request):
        raise PermissionDenied(_("You can give the roles up to your own. Ask an owner of the brand."))
    else:
        done, words = asked.approve(role, request.user) is not None, _("%(who)s works here now.")
        if done:
            letters.post(
                "approved", asked.user.email, letters.language_of(asked.user, request.brand),
                brand=request.brand.name, role=Role(role).label, url=letters.address("threads", request.brand.slug),
            )  # fmt: skip
    if done:
        messages.success(request, words % {"who": asked.user})
    else:
        messages.warning(request, _("Somebody else has answered already."))
    return redirect("people", request.brand.slug)
