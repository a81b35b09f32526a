"""Invitations: made and sent by those who may, accepted with the link by whoever it was sent to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.organisation import audit
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import (
    AlreadyMember,
    BeyondRole,
    Brand,
    Invitation,
    InvitationLink,
    Role,
    Spent,
    User,
)
from comptoir.web import letters, members
from comptoir.web.entrance import too_many
from comptoir.web.limits import may_try
from comptoir.web.newcomers import NewcomerForm
from comptoir.web.people import gives_of, page
from comptoir.web.terms import InvitationForm


@require_POST
@on_brand("manager")
def invitations(request: BrandRequest) -> HttpResponse:
    """Invite an address; one that is invited already gets the mail again, in the role asked for now."""
    form = InvitationForm(request.brand, gives_of(request), request.POST)
    if not form.is_valid():
        return page(request, form)
    if not may_try(request, "invite"):
        return too_many(request)
    try:
        with transaction.atomic():
            made = Invitation.make(
                request.brand,
                form.cleaned_data["email"],
                form.cleaned_data["role"],
                request.user,
                form.terms,
                **form.said,
            )
            link = _send(made)
    except AlreadyMember:
        form.add_error("email", _("This person belongs here already."))
        return page(request, form)
    except BeyondRole:
        raise PermissionDenied(_beyond()) from None
    return _told(request, made, link)


@require_POST
@on_brand("manager")
def sending(request: BrandRequest, pk: int) -> HttpResponse:
    """Send an invitation again, good for another seven days."""
    found = _mine(request, pk)
    if not may_try(request, "invite"):
        return too_many(request)
    with transaction.atomic():
        if not found.just_mailed():
            audit.record("invitation_sent", request.brand, found, request.user)
        link = _send(found)
    return _told(request, found, link)


@require_POST
@on_brand("manager")
def withdrawal(request: BrandRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    found = _mine(request, pk)
    Invitation.objects.of(request.brand).filter(pk=found.pk).withdraw(request.user)
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": found.email})
    return redirect("people", request.brand.slug)


def _mine(request: BrandRequest, pk: int) -> Invitation:
    """An open invitation of the brand, in a role that the asker may give."""
    found = Invitation.objects.of(request.brand).open().filter(pk=pk).first()
    if found is None:
        raise Http404(_("This invitation was accepted, withdrawn, or never made."))
    if found.role not in gives_of(request):
        raise PermissionDenied(_beyond())
    return found


def _beyond() -> str:
    return _("You can give the roles up to your own. Ask an owner of the brand.")


def _send(invitation: Invitation) -> str:
    """Post the mail, unless that was done a moment ago; where no mail leaves, the link to hand over instead."""
    if not letters.leaves():
        return letters.address("acceptance", invitation.link(mailed=False))
    if not invitation.just_mailed():
        invited = User.objects.filter(email__iexact=invitation.email).first()
        letters.post(
            "invitation",
            invitation.email,
            letters.language_of(invited, invitation.brand),
            brand=invitation.brand.name,
            by=str(invitation.by),
            role=Role(invitation.role).label,
            url=letters.address("acceptance", invitation.link(mailed=True)),
        )
    return ""


def _told(request: BrandRequest, invitation: Invitation, link: str) -> HttpResponse:
    if link:
        return page(request, link=link)
    messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": invitation.email})
    return redirect("people", request.brand.slug)


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody with a link: `account` is the one that the invited address has here, None when it has none."""

    request: HttpRequest
    link: InvitationLink
    account: User | None

    @property
    def invitation(self) -> Invitation:
        return self.link.invitation

    @property
    def brand(self) -> Brand:
        return self.link.invitation.brand

    @property
    def is_theirs(self) -> bool:
        """Whether whoever is signed in here is the one invited."""
        return self.account is not None and self.request.user.pk == self.account.pk


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def acceptance(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link. Looking at it spends nothing: the button does."""
    if request.method == "POST" and not may_try(request, "invitation"):
        return too_many(request)
    link = InvitationLink.of(token)
    if link is None or not link.is_live:
        return _spent(request, link)
    account = User.objects.filter(email__iexact=link.invitation.email).first()
    knock = Knock(request, link, account)
    if request.user.is_authenticated and not knock.is_theirs:
        return _shown(knock, "other")
    if knock.is_theirs:
        return _join(knock) if request.method == "POST" else _shown(knock, "yours")
    if account is not None and request.method == "POST":
        # The other click may have made the account: by the next request the browser is signed in.
        return redirect(request.path)
    if account is not None:
        return _shown(knock, "known", login=f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    return _newcomer(knock)


def _spent(request: HttpRequest, link: InvitationLink | None) -> HttpResponse:
    """Used, withdrawn, too old, never made: nobody is told which. Who has just used it is let through."""
    used_by = link.invitation.accepted_by_id if link else None
    if link and used_by is not None and used_by == request.user.pk:
        return redirect("threads", link.invitation.brand.slug)
    if request.method == "POST":
        # The second of two clicks: by the next request the browser has the first one's session.
        return redirect(request.path)
    return render(request, "web/invitation.html", {"case": "spent"}, status=410)


def _shown(knock: Knock, case: str, status: int = 200, **more: Any) -> HttpResponse:
    invitation = knock.invitation
    told = {
        "case": case,
        "name": knock.brand.name,
        "by": str(invitation.by) if invitation.by else "",
        "role": Role(invitation.role).label,
        **more,
    }
    return render(knock.request, "web/invitation.html", told, status=status)


def _join(knock: Knock) -> HttpResponse:
    """The invited person, signed in, accepts."""
    user: Any = knock.request.user
    try:
        with transaction.atomic():
            knock.invitation.accept(user)
            if knock.link.mailed:
                members.prove(user)
    except Spent:
        return _spent(knock.request, InvitationLink.objects.get(pk=knock.link.pk))
    return redirect("threads", knock.brand.slug)


def _newcomer(knock: Knock) -> HttpResponse:
    """The invited address has no account: make it, and the role with it."""
    request, email = knock.request, knock.invitation.email
    form = NewcomerForm(email, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _shown(knock, "new", 422 if form.errors else 200, form=form, email=email)
    try:
        with transaction.atomic():
            # One at a time: of two clicks the second finds the invitation accepted.
            knock.brand.hold()
            if not InvitationLink.objects.select_related("invitation__brand").get(pk=knock.link.pk).is_live:
                raise Spent
            given = form.cleaned_data
            user = members.newcomer(email, given["name"], given["password"], proven=knock.link.mailed)
            knock.invitation.accept(user)
    except (Spent, IntegrityError):
        return redirect(request.path)
    response: HttpResponse = perform_login(
        request, user, redirect_url=reverse("threads", args=[knock.brand.slug])
    )
    return response
