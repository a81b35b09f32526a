"""Joining by the company's mail domain: first the address is proved, then somebody may ask, then somebody answers.

A stranger learns nothing here: whatever address is typed in, the page says the same, and only a mailbox tells more.
"""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.kernel.secrets import seal
from comptoir.organisation.models import AddressProof, Brand, JoinRequest, User
from comptoir.organisation.models.joining import open_to
from comptoir.web import letters, members
from comptoir.web.entrance import too_many
from comptoir.web.jobs import prove_address
from comptoir.web.limits import may_try
from comptoir.web.newcomers import NewcomerForm


class AddressForm(forms.Form):
    """The address to prove."""

    email = forms.EmailField(
        label=gettext_lazy("Your address at the company"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Type in an address; a link goes there if its company may ask. The answer is the same for every address."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if not may_try(request, "join", email):
            return too_many(request)
        # All of it in a job: how long this answer takes says nothing either.
        prove_address.defer(sealed=seal(email).decode(), language=get_language() or "")
        return render(request, "web/join.html", {"case": "sent"})
    told = {"case": "ask", "form": form, "mail": letters.leaves()}
    return render(request, "web/join.html", told, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: the address is proved. Looking at it spends nothing."""
    if request.method == "POST" and not may_try(request, "invitation"):
        return too_many(request)
    email = AddressProof.proven(token)
    brands = open_to(email) if email else []
    if not brands:
        return _too_late(request)
    account = User.objects.filter(email__iexact=email).first()
    if account is None and not request.user.is_authenticated:
        return _newcomer(request, token, email, brands)
    if account is None or (request.user.is_authenticated and request.user.pk != account.pk):
        return render(request, "web/join.html", {"case": "other"})
    if not request.user.is_authenticated and request.method == "POST":
        return redirect(request.path)
    if not request.user.is_authenticated:
        here = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return render(request, "web/join.html", {"case": "known", "login": here})
    if request.method == "POST":
        chosen = _chosen(request, open_to(email, account))
        if not AddressProof.spend(token):
            return redirect("brands")
        members.prove(account)
        return _asked(request, account, chosen)
    return render(request, "web/join.html", {"case": "yours", "brands": open_to(email, account)})


@require_POST
@login_required
def asking(request: HttpRequest) -> HttpResponse:
    """Somebody who is signed in, and whose address is proved, asks for one more brand."""
    user: Any = request.user
    if not may_try(request, "invitation"):
        return too_many(request)
    brands = open_to(user.email, user) if members.is_proven(user) else []
    return _asked(request, user, _chosen(request, brands))


def _too_late(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        # The second of two clicks: by the next request the browser has the first one's session.
        return redirect("brands")
    return render(request, "web/join.html", {"case": "spent"}, status=410)


def _newcomer(request: HttpRequest, token: str, email: str, brands: list[Brand]) -> HttpResponse:
    form = NewcomerForm(email, request.POST if request.method == "POST" else None)
    told = {"case": "new", "form": form, "email": email, "brands": brands}
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/join.html", told, status=422 if form.errors else 200)
    chosen = _chosen(request, brands)
    try:
        with transaction.atomic():
            if not AddressProof.spend(token):
                return redirect("brands")
            user = members.newcomer(
                email, form.cleaned_data["name"], form.cleaned_data["password"], proven=True
            )
            for brand in chosen:
                JoinRequest.ask(user, brand)
    except IntegrityError:
        return redirect(request.path)
    response: HttpResponse = perform_login(request, user, redirect_url=reverse("brands"))
    return response


def _chosen(request: HttpRequest, brands: list[Brand]) -> list[Brand]:
    """The brands that were ticked, of those that may be; the only one goes without saying."""
    ticked = set(request.POST.getlist("brand"))
    chosen = [brand for brand in brands if str(brand.pk) in ticked or len(brands) == 1]
    if not chosen:
        raise BadRequest(_("Choose the brand that you want to join."))
    return chosen


def _asked(request: HttpRequest, user: User, brands: list[Brand]) -> HttpResponse:
    for brand in brands:
        if JoinRequest.ask(user, brand):
            messages.success(request, _("You have asked to join %(brand)s.") % {"brand": brand.name})
        else:
            messages.warning(
                request, _("%(brand)s has declined lately. Ask again in a week.") % {"brand": brand.name}
            )
    return redirect("brands")
