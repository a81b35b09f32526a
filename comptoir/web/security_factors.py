"""Adding and removing second steps: allauth's views, with our ways back and what our script needs."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptoir.organisation.audit import record
from comptoir.web.accounts import proves
from comptoir.web.factors import passkeys_possible
from comptoir.web.security import led_from
from comptoir.web.security_forms import MailedCodeForm
from comptoir.web.security_limits import Gate, wait

_CODE = "proof_code"
_WRONG_MOST = 3


def _plain(options: Any) -> str:
    """What the browser's passkeys are asked, for a page's data attribute."""
    return json.dumps(options, default=dict)


class AddPasskey(webauthn.AddWebAuthnView):  # type: ignore[misc]
    """A new passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context_data(**kwargs)
        options = _plain(told["js_data"]["creation_options"])
        return {**told, "options": options, "possible": passkeys_possible(), "here": "settings"}


class SecondStep(base.AuthenticateView):  # type: ignore[misc]
    """The second step of signing in: a code, or a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.stage.login.user
        kinds = set(user.authenticator_set.values_list("type", flat=True))
        options = _plain(told["js_data"]["request_options"]) if "webauthn" in kinds else ""
        return {**told, "options": options, "by_app": "totp" in kinds}


class PasskeySignIn(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """Signing in with a passkey alone: GET for what to ask it, POST with its answer."""

    def form_invalid(self, form: Any) -> HttpResponse:
        record("passkey_refused", None)
        response: HttpResponse = super().form_invalid(form)
        return response


class ProveByPasskey(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey shows again who it is."""

    template_name = "account/reauthenticate.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = {**super().get_context_data(**kwargs), **kwargs}
        return {**told, "options": _plain(told["js_data"]["request_options"])}


class RecoveryCodes(recovery.ViewRecoveryCodesView):  # type: ignore[misc]
    """The codes that are left."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context_data(**kwargs)
        return {**told, "here": "settings", "go_on": led_from(self.request, [])}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def prove_by_mail(request: HttpRequest) -> HttpResponse:
    """For whoever has neither password nor factor: a code sent to their address shows that it is them."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    if ways[0]["id"] != "code":
        return redirect(ways[0]["url"])
    form, refused = MailedCodeForm(), ""
    if request.method == "POST" and "code" in request.POST:
        form = MailedCodeForm(request.POST)
        if form.is_valid() and _is_right(request, form):
            proves(request)
            return resume_request(request) or redirect("security")
    elif request.method == "POST":
        refused = _send_code(request)
    told = {"form": form, "refused": refused, "sent": _CODE in request.session}
    return render(request, "account/proof_by_mail.html", told, status=422 if form.errors or refused else 200)


def _send_code(request: HttpRequest) -> str:
    """Have a code mailed to the person; why not, when they asked too often."""
    user: Any = request.user
    if until := Gate(request, "mail", user.email).enter():
        return wait("mail", until)
    adapter = get_adapter()
    code = adapter.generate_login_code()
    request.session[_CODE] = {"code": code, "left": _WRONG_MOST}
    adapter.send_mail("account/email/proof_code", user.email, {"code": code})
    return ""


def _is_right(request: HttpRequest, form: MailedCodeForm) -> bool:
    """Whether it is the code that was sent. It is gone after a right answer, or some wrong ones."""
    sent = request.session.pop(_CODE, None)
    if sent is None:
        form.add_error("code", ValidationError(_("That code is used up. Have another one sent.")))
    elif not compare_user_code(actual=form.cleaned_data["code"], expected=sent["code"]):
        if sent["left"] > 1:
            request.session[_CODE] = {**sent, "left": sent["left"] - 1}
        form.add_error("code", ValidationError(_("That is not the code that was sent.")))
    else:
        return True
    return False
