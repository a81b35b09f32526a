"""The identity provider itself: what it says of itself is checked, and every ID token's signature is."""

from __future__ import annotations

from typing import Any

import jwt
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from comptoir.kernel.http import Outside
from comptoir.kernel.openid import Unfit, discover, keys
from comptoir.web.oidc import PROVIDER

_KEPT = 600
"""Seconds for which what the provider says of itself is believed."""
_SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CLOCKS_DIFFER = 60
_KEPT_CLAIMS = ("sub", "email", "email_verified", "name")


def app() -> SocialApp:
    """The host's settings as allauth wants them."""
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=PROVIDER,
        name=settings.OIDC_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={"server_url": settings.OIDC_ISSUER, "oauth_pkce_enabled": True},
    )


class IdentityOAuth2(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The exchange of a code for a person. OAuth2Error when anything about it is not right."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The discovery document."""
        return self._said("discovery", lambda outside: discover(settings.OIDC_ISSUER, outside))

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """At our own address, whatever name the request came by."""
        return settings.PUBLIC_URL + reverse("sso-back")

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, response: Any = None, **_more: Any
    ) -> SocialLogin:
        """Who it is, by the ID token; by the user information where the token does not tell the address."""
        claims = self.claims(str((response or {}).get("id_token") or ""), app.client_id)
        said = dict(claims)
        if not said.get("email") and "userinfo_endpoint" in self.openid_config:
            told = self._fetch_user_info(token.token)
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo is about somebody else")
            said = {**told, **said}
        kept = {name: said[name] for name in _KEPT_CLAIMS if name in said}
        kept["email_verified"] = said.get("email_verified") in (True, "true")
        login = self.get_provider().sociallogin_from_response(request, {"id_token": kept})
        login.nonce, login.said_name = claims.get("nonce"), str(said.get("name") or "")[:120]
        return login

    def claims(self, token: str, client_id: str) -> dict[str, Any]:
        """What an ID token says: signed by the provider, about this house, in time."""
        try:
            key = self._key(jwt.get_unverified_header(token).get("kid"))
            said: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(_SIGNED_WITH),
                issuer=self.openid_config["issuer"],
                audience=client_id,
                leeway=_CLOCKS_DIFFER,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise OAuth2Error("id_token") from error
        if said.get("azp", client_id) != client_id:
            raise OAuth2Error("azp")
        return said

    def _key(self, kid: Any) -> jwt.PyJWK:
        """The provider's key of this name; one that is new is asked for, at most once in a while."""
        for fresh in (False, True):
            found = jwt.PyJWKSet.from_dict(self._keys(fresh)).keys
            named = [key for key in found if key.key_id == kid or (kid is None and len(found) == 1)]
            if named:
                return named[0]
        raise OAuth2Error("no such key")

    def _keys(self, fresh: bool) -> dict[str, Any]:
        if fresh and cache.add(f"oidc:fresh:{settings.OIDC_ISSUER}", True, 60):
            cache.delete(f"oidc:keys:{settings.OIDC_ISSUER}")
        config = self.openid_config
        return self._said("keys", lambda outside: keys(config, outside))

    def _said(self, what: str, ask: Any) -> dict[str, Any]:
        """Something that the provider says of itself, kept for a while."""
        name = f"oidc:{what}:{settings.OIDC_ISSUER}"
        said: dict[str, Any] | None = cache.get(name)
        if said is None:
            try:
                with Outside(settings.INSIDE_ALLOWED) as outside:
                    said = ask(outside)
            except Unfit as error:
                raise OAuth2Error(f"{what}: {error}") from error
            cache.set(name, said, _KEPT)
        return said or {}


class IdentityProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The host's provider."""

    oauth2_adapter_class = IdentityOAuth2


callback = OAuth2CallbackView.adapter_view
