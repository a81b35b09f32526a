"""What an OpenID provider says of itself: the discovery document, and the keys that it signs with."""

from typing import Any
from urllib.parse import urlsplit

from comptoir.kernel.faults import OutsideError
from comptoir.kernel.http import Outside

WELL_KNOWN = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_PATIENCE = 8.0


class Unfit(Exception):
    """The provider cannot be used; `str()` is a code: unreachable, status, not_json, issuer, endpoint, keys."""


def discover(issuer: str, outside: Outside) -> dict[str, Any]:
    """The discovery document of an issuer, checked: it is about that issuer, and its endpoints are as safe. Unfit."""
    said = _asked(f"{issuer.rstrip('/')}{WELL_KNOWN}", outside)
    if str(said.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise Unfit("issuer")
    scheme = urlsplit(issuer).scheme
    for name in _ENDPOINTS:
        endpoint = urlsplit(str(said.get(name, "")))
        if endpoint.scheme not in {"https", scheme} or not endpoint.netloc:
            raise Unfit("endpoint")
    return said


def keys(discovered: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """The provider's public keys, as a JSON Web Key Set. Unfit."""
    said = _asked(discovered["jwks_uri"], outside)
    if not isinstance(said.get("keys"), list):
        raise Unfit("keys")
    return said


def _asked(url: str, outside: Outside) -> dict[str, Any]:
    try:
        answer = outside.request(
            "GET", url, headers={"Accept": "application/json"}, timeout=_PATIENCE, follow=2
        )
        if answer.status != 200:
            raise Unfit("status")
        said = answer.json()
    except OutsideError as error:
        raise Unfit("not_json" if error.code == "json" else "unreachable") from error
    if not isinstance(said, dict):
        raise Unfit("not_json")
    return said
