"""What people are told by mail when something about their account changes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANGES: dict[str, Promise] = {
    "sign_in": _("Somebody signed in to your account from a browser that you have not used here before."),
    "factors_reset": _(
        "%(who)s removed your app, passkeys and recovery codes, and signed you out everywhere. The next sign-in needs "
        "no second step."
    ),
    "account/email/password_changed": _("Your password was changed. Other browsers were signed out."),
    "account/email/password_set": _("A password was set for your account. Other browsers were signed out."),
    "account/email/password_reset": _(
        "A new password was chosen through a link sent by mail. You were signed out everywhere."
    ),
    "mfa/email/totp_activated": _("An app that gives sign-in codes was added to your account."),
    "mfa/email/totp_deactivated": _("The app that gave sign-in codes was removed from your account."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
    "mfa/email/recovery_codes_generated": _(
        "New recovery codes were made for your account; those before work no more."
    ),
    "socialaccount/email/account_connected": _("Your account can now be entered through %(provider)s."),
    "socialaccount/email/account_disconnected": _("Your account is no longer entered through %(provider)s."),
}
"""By allauth's name of the mail, or ours."""
