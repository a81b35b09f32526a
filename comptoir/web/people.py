"""A brand's people: who works for it and in which role. Everybody sees, owners decide."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.kernel.live import revoke
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand, LastOwner, Membership, Role, User
from comptoir.web import members

MAY = {
    Role.READER: gettext_lazy("sees everything"),
    Role.AGENT: gettext_lazy("also answers, notes, assigns and closes"),
    Role.MANAGER: gettext_lazy("also connects channels"),
    Role.OWNER: gettext_lazy("also decides who belongs here"),
}


class PersonForm(forms.Form):
    """Somebody to add."""

    email = forms.EmailField(label=gettext_lazy("Address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.AGENT)
    role.widget.attrs["class"] = "select"


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("reader")
def people(request: BrandRequest) -> HttpResponse:
    """The list; a POST adds somebody, who then signs in by a code sent to their address."""
    decides = request.membership.may(Role.OWNER)
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not decides:
            raise PermissionDenied(_("Only owners of the brand decide who belongs to it."))
        if form.is_valid():
            if _add(request.brand, form.cleaned_data["email"], form.cleaned_data["role"]):
                words = _("%(who)s belongs here now. A code sent to their address signs them in.")
                messages.success(request, words % {"who": form.cleaned_data["email"]})
                return redirect("people", request.brand.slug)
            form.add_error("email", _("This person belongs here already."))
    rows = (
        Membership.objects.filter(brand=request.brand)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    context = {
        "brand": request.brand,
        "here": "people",
        "rows": rows,
        "roles": [(role.value, role.label, MAY[role]) for role in Role],
        "form": form,
        "decides": decides,
    }
    return render(request, "web/people.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand("owner")
def person(request: BrandRequest, pk: int) -> HttpResponse:
    """Give a member another role, or with role=none let them go. The last owner stays one."""
    found = Membership.objects.filter(brand=request.brand, pk=pk).select_related("user").first()
    if found is None:
        raise Http404(_("This person does not belong here."))
    role = request.POST.get("role", "")
    if role not in (*Role.values, "none"):
        raise BadRequest(_("There is no such role."))
    try:
        _change(request.brand, found.user, role)
    except LastOwner:
        messages.warning(request, _("A brand keeps an owner: make somebody else one first."))
        return redirect("people", request.brand.slug)
    words = _("%(who)s no longer belongs here.") if role == "none" else _("%(who)s has another role now.")
    messages.success(request, words % {"who": found.user})
    if found.user == request.user and role == "none":
        return redirect("home")
    return redirect("people", request.brand.slug)


def _add(brand: Brand, email: str, role: str) -> bool:
    """False when they are a member already."""
    with transaction.atomic():
        user = members.person(email)
        if brand.memberships.filter(user=user).exists():
            return False
        brand.admit(user, role)
    return True


def _change(brand: Brand, user: User, role: str) -> None:
    """Give somebody another role, or none. LastOwner when nobody would own the brand."""
    if role == "none":
        brand.dismiss(user)
    else:
        brand.admit(user, role)
        revoke(user.pk, brand.pk)
