"""Addresses of the ways in. Of allauth's pages those that we offer: no sign-up, no list of addresses to keep."""

from allauth.account import views as account
from django.urls import path, re_path
from django.views.generic import RedirectView

from comptoir.web.entrance import owner_link
from comptoir.web.live_token import live_token

urlpatterns = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/login/code/", account.request_login_code, name="account_request_login_code"),
    path("account/login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,14})-(?P<key>.{1,200})/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # allauth names it in a mail that we never send.
    path("account/signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("owner/<str:token>/", owner_link, name="owner-link"),
    path("live-token/", live_token, name="live-token"),
]
