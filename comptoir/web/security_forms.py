"""allauth's forms with our counts, our words, and passkeys believed from our own pages alone."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import (
    ChangePasswordForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.kernel.secrets import Unreadable
from comptoir.organisation.audit import record
from comptoir.web.security_limits import Gate, wait

_USED_FOR = 120
"""Seconds in which a code of an app is not taken twice: longer than any is good for."""
_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
}


class _Mailed:
    """What has a mail sent to an address: counted by address and client."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        email: str = super().clean_email()  # type: ignore[misc]
        if until := Gate(context.request, "mail", email).enter():
            raise ValidationError(wait("mail", until))
        return email


class CodeByMailForm(_Mailed, RequestLoginCodeForm):  # type: ignore[misc]
    """Ask for a code that replaces the password, once."""


class ResetForm(_Mailed, ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link to choose a new password."""


class _Chosen(forms.Form):
    """What a new password has to be, in one sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _(
            "At least ten characters; not a common word, not only figures, not like your name or address."
        )
        self.fields["password1"].help_text = words


class ChangeForm(_Chosen, ChangePasswordForm):  # type: ignore[misc]
    """Another password."""


class FirstPasswordForm(_Chosen, SetPasswordForm):  # type: ignore[misc]
    """The first password."""


class AfterResetForm(_Chosen, ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password for one that was forgotten."""


def _code_field() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Code"), max_length=40, widget=forms.TextInput(_CODE))


class _CodeForm(forms.Form):
    """A code of the app, or a recovery code: counted before it is judged, and good once."""

    user: Any
    code = _code_field()

    def clean_code(self) -> str:
        gate = Gate(context.request, "step", self.user.email)
        if until := gate.enter():
            raise ValidationError(wait("step", until))
        used = f"step:{self.user.pk}:{normalize_user_code(self.cleaned_data['code'])}"
        if cache.get(used):
            raise get_adapter().validation_error("incorrect_code")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except Unreadable:
            raise ValidationError(
                _(
                    "The key that opens your codes is missing here. A passkey works; else ask whoever runs this "
                    "Comptoir to reset your second step."
                )
            ) from None
        cache.set(used, True, _USED_FOR)
        gate.leave()
        return code


class SecondStepForm(_CodeForm, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = _code_field()


class ProveByCodeForm(_CodeForm, ReauthenticateForm):  # type: ignore[misc]
    """Proving again who one is."""

    code = _code_field()


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app shows that it knows the secret."""

    code = forms.CharField(
        label=gettext_lazy("Code that the app shows"), max_length=12, widget=forms.TextInput(_CODE)
    )

    @property
    def spaced(self) -> str:
        """The secret in groups of four, as one reads and types it."""
        return " ".join(re.findall(".{1,4}", self.secret))


def _from_our_pages(credential: Any) -> Any:
    """A passkey's answer that was given to a page of ours: a neighbour under the same name may not pass one on."""
    public = urlsplit(settings.PUBLIC_URL)
    said = urlsplit(credential.response.client_data.origin)
    if (said.scheme, said.netloc) != (public.scheme, public.netloc):
        raise get_adapter().validation_error("incorrect_code")
    return credential


class _Answered(forms.Form):
    """The answer of a passkey to our challenge."""

    def clean_credential(self) -> Any:
        _from_our_pages(auth.parse_authentication_response(self.cleaned_data["credential"]))
        return super().clean_credential()  # type: ignore[misc]


class PasskeySignInForm(_Answered, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with a passkey alone."""


class PasskeyStepForm(_Answered, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class ProveByPasskeyForm(_Answered, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey proves again who one is."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey with its name."""

    name = forms.CharField(label=gettext_lazy("Its name"), max_length=60, required=False)
    passwordless = forms.BooleanField(
        label=gettext_lazy("It signs me in alone, without a password"),
        required=False,
        initial=True,
        help_text=gettext_lazy("The device then asks for its PIN, a finger or a face each time."),
    )

    def clean(self) -> dict[str, Any]:
        if credential := self.cleaned_data.get("credential"):
            _from_our_pages(auth.parse_registration_response(credential))
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeyNameForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(label=gettext_lazy("Its name"), max_length=60)

    def save(self) -> Any:
        record("passkey_renamed", None, context.request.user)
        return super().save()


class MailedCodeForm(forms.Form):
    """The code that was mailed to prove again who one is."""

    code = _code_field()
