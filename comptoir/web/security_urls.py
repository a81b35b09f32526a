"""Addresses of a person's own security, and of the steps that signing in may take."""

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from comptoir.web import oidc_views, security, security_factors, security_of_brand
from comptoir.web.security import proved

urlpatterns = [
    path("settings/security/", security.security, name="security"),
    path("settings/sessions/", security.sessions, name="sessions"),
    # Both are the page above, by the names that allauth goes back to.
    path("settings/security/", security.security, name="mfa_index"),
    path("settings/security/", security.security, name="mfa_list_webauthn"),
    path("settings/security/password/", account.password_change, name="account_change_password"),
    path("settings/security/password/new/", proved(account.password_set), name="account_set_password"),
    path("settings/security/app/", proved(totp.activate_totp), name="mfa_activate_totp"),
    path("settings/security/app/removal/", proved(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "settings/security/codes/",
        proved(security_factors.RecoveryCodes.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "settings/security/codes/file/",
        proved(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path(
        "settings/security/codes/new/",
        proved(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "settings/security/passkeys/new/",
        proved(security_factors.AddPasskey.as_view()),
        name="mfa_add_webauthn",
    ),
    path("settings/security/passkeys/<number:pk>/", proved(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "settings/security/passkeys/<number:pk>/removal/",
        proved(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("settings/security/linked/<number:pk>/", proved(oidc_views.link), name="sso-link"),
    path("account/login/sso/", oidc_views.sso, name="sso"),
    path("account/login/sso/back/", oidc_views.back, name="sso-back"),
    path("b/<slug:brand>/security/", security_of_brand.security_of_brand, name="security-of-brand"),
    path(
        "b/<slug:brand>/security/<number:pk>/factors/",
        security_of_brand.factors_of_member,
        name="factors-of-member",
    ),
    path(
        "b/<slug:brand>/security/<number:pk>/waits/",
        security_of_brand.waits_of_member,
        name="waits-of-member",
    ),
    path("account/login/step/", security_factors.SecondStep.as_view(), name="mfa_authenticate"),
    path("account/login/passkey/", security_factors.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/reauthenticate/step/", base.reauthenticate, name="mfa_reauthenticate"),
    path(
        "account/reauthenticate/passkey/",
        security_factors.ProveByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/reauthenticate/code/", security_factors.prove_by_mail, name="reauthenticate-code"),
]
