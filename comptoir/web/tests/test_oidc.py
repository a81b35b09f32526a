"""What an identity provider's answer must be to be believed, and what is said when there is none."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client

from comptoir.kernel.http import Outside
from comptoir.kernel.openid import Unfit, discover, keys
from comptoir.organisation.models import User
from comptoir.web.oidc import IdentityAdapter, WayOut
from comptoir.web.oidc_provider import IdentityOAuth2

pytestmark = pytest.mark.django_db
ISSUER = "https://id.verdier.example"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key: Any, kid: str) -> dict[str, Any]:
    found = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**found, "kid": kid, "alg": "RS256", "use": "sig"}


@pytest.fixture
def exchange(settings: Any, rf: Any) -> IdentityOAuth2:
    """The exchange with a provider whose documents are known already."""
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_NAME = ISSUER, "comptoir", "Verdier"
    cache.set(f"oidc:discovery:{ISSUER}", {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}, 60)
    cache.set(f"oidc:keys:{ISSUER}", {"keys": [public(KEY, "one")]}, 60)
    # Asked for a moment ago: what is not known now is not known at all.
    cache.set(f"oidc:fresh:{ISSUER}", True, 60)
    return IdentityOAuth2(rf.get("/"), "sso")


def token(key: Any = KEY, alg: str = "RS256", kid: str = "one", **said: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": "comptoir", "sub": "7", "iat": now, "exp": now + 60, **said}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm=alg, headers={"kid": kid})


def test_a_token_that_the_provider_signed_for_us_is_believed(exchange: IdentityOAuth2) -> None:
    assert exchange.claims(token(nonce="n"), "comptoir")["nonce"] == "n"
    assert exchange.claims(token(exp=int(time.time()) - 30), "comptoir"), "clocks differ"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": OTHER},
        {"kid": "two"},
        {"iss": "https://evil.example"},
        {"aud": "somebody else"},
        {"aud": ["comptoir", "other"], "azp": "other"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"alg": "none", "key": None},
        {"alg": "HS256", "key": "a" * 64},
    ],
    ids=lambda wrong: " ".join(f"{name}" for name in wrong),
)
def test_any_other_token_is_not(exchange: IdentityOAuth2, wrong: dict[str, Any]) -> None:
    with pytest.raises(OAuth2Error):
        exchange.claims(token(**wrong), "comptoir")


@pytest.mark.parametrize("words", ["", "x", "a.b.c", "é", "." * 400])
def test_what_is_no_token_at_all_is_refused(exchange: IdentityOAuth2, words: str) -> None:
    with pytest.raises(OAuth2Error):
        exchange.claims(words, "comptoir")


# A provider that says what a test wants it to say


class Said(BaseHTTPRequestHandler):
    """Answers with `pages[path]`: a status and a body."""

    pages: dict[str, tuple[int, str]] = {}

    def do_GET(self) -> None:
        status, body = self.pages.get(self.path, (404, ""))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_words: Any) -> None:
        """Be quiet."""


@pytest.fixture
def provider() -> Iterator[str]:
    """A web server of its own; its address. `Said.pages` is what it says."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Said) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def document(issuer: str, **other: Any) -> str:
    said = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/auth",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
        **other,
    }
    return json.dumps(said)


def asked(issuer: str) -> dict[str, Any]:
    with Outside(frozenset({issuer.split("://")[1]})) as outside:
        found = discover(issuer, outside)
        keys(found, outside)
        return found


def test_a_discovery_document_is_about_its_issuer(provider: str) -> None:
    well_known = "/.well-known/openid-configuration"
    Said.pages = {well_known: (200, document(provider)), "/keys": (200, '{"keys": []}')}
    assert asked(provider)["token_endpoint"] == f"{provider}/token"
    for page, code in (
        ((200, document("https://evil.example")), "issuer"),
        ((200, document(provider, token_endpoint="ftp://x/")), "endpoint"),
        ((200, document(provider, jwks_uri=None)), "endpoint"),
        ((200, "[]"), "not_json"),
        ((200, "<html>"), "not_json"),
        ((500, ""), "status"),
    ):
        Said.pages[well_known] = page
        with pytest.raises(Unfit, match=code):
            asked(provider)


def test_the_provider_is_reached_past_the_inside_guard_only_where_the_host_says(
    provider: str, settings: Any
) -> None:
    settings.INSIDE_ALLOWED = frozenset()
    with WayOut() as session, pytest.raises(OAuth2Error, match="inside"):
        session.get(provider)
    settings.INSIDE_ALLOWED = frozenset({provider.split("://")[1]})
    Said.pages = {"/": (200, "{}")}
    with WayOut() as session:
        assert session.get(f"{provider}/").json() == {}


# What people see


@pytest.fixture
def away(settings: Any) -> None:
    """A provider that nobody reaches."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    settings.OIDC_ISSUER, settings.OIDC_NAME = f"http://{place}", "Verdier Identity"
    settings.INSIDE_ALLOWED = frozenset({place})


def test_a_provider_that_is_away_leaves_the_other_ways_in(client: Client, away: None) -> None:
    page = client.get("/account/login/sso/")
    assert page.status_code == 502
    assert "Signing in through Verdier Identity did not work." in page.content.decode()


def test_an_answer_that_nobody_asked_for_is_not_taken(client: Client, away: None) -> None:
    for words in ("", "code=x&state=y", "error=access_denied&state=y", "error=x"):
        assert client.get(f"/account/login/sso/back/?{words}").status_code == 502


def test_another_site_cannot_start_it(client: Client, away: None) -> None:
    answer = client.get("/account/login/sso/", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")


@pytest.mark.parametrize(("asked", "answered"), [("one", "two"), ("one", None), (None, None), ("", "")])
def test_an_answer_to_another_question_is_not_taken(
    rf: Any, away: None, asked: str | None, answered: str | None
) -> None:
    login = SocialLogin(user=User(email="anna@brand.test"))
    login.nonce, login.state = answered, {"data": {"nonce": asked}}
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(ImmediateHttpResponse) as stopped:
        IdentityAdapter(request).pre_social_login(request, login)
    assert stopped.value.response.status_code == 502


def test_where_no_provider_is_set_there_is_no_way_to_one(client: Client) -> None:
    assert client.get("/account/login/sso/").status_code == 404
    assert client.get("/account/login/sso/back/").status_code == 404
    assert b"sso" not in client.get("/account/login/").content
