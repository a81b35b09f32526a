"""OAuth: Comptoir makes itself known to the instance, a person grants it access there, a code becomes a token."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from comptoir.connectors.mastodon.session import judged
from comptoir.networks.connector import Authorisation, Http, Reconnect, Refused, TryLater

SCOPES = (
    "read:accounts read:notifications read:search read:statuses "
    "write:blocks write:media write:reports write:statuses"
)
"""The least that hearing, answering and looking up take."""


def begin(http: Http, base: str, back: str, state: str, now: datetime) -> Authorisation:
    """Register with the instance and say where the browser goes."""
    app = _told(
        http,
        f"{base}/api/v1/apps",
        {"client_name": "Comptoir", "redirect_uris": back, "scopes": SCOPES, "website": ""},
        now,
    )
    if not all(isinstance(app.get(name), str) for name in ("client_id", "client_secret")):
        raise Refused("not_a_server", field="server", address=base)
    verifier = secrets.token_urlsafe(48)
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": back,
        "scope": SCOPES,
        "state": state,
        # Instances that do not know it yet leave it alone.
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    kept = {
        "server": base,
        "back": back,
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "verifier": verifier,
    }
    return Authorisation(f"{base}/oauth/authorize?{urlencode(asked)}", kept)


def end(http: Http, kept: Mapping[str, str], parameters: Mapping[str, str], now: datetime) -> str:
    """The token for the code that the browser brought back. Refused("access_denied") when it brought none."""
    if not parameters.get("code"):
        raise Refused("access_denied", said=parameters.get("error", "")[:100])
    granted = _told(
        http,
        f"{kept['server']}/oauth/token",
        {
            "grant_type": "authorization_code",
            "code": parameters["code"],
            "client_id": kept["client_id"],
            "client_secret": kept["client_secret"],
            "redirect_uri": kept["back"],
            "scope": SCOPES,
            "code_verifier": kept["verifier"],
        },
        now,
        "access_denied",
    )
    token = granted.get("access_token")
    if not isinstance(token, str) or not token:
        raise Refused("access_denied")
    return token


def _told(
    http: Http, url: str, body: Mapping[str, str], now: datetime, otherwise: str = "not_a_server"
) -> dict[str, Any]:
    """What the instance answers to a form. Refused(`otherwise`) when it says no."""
    content = urlencode(body).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = http.request("POST", url, headers=headers, content=content)
    try:
        said = judged(answer, now)
    except (Refused, Reconnect) as error:
        raise Refused(otherwise, field="server", address=url) from error
    if not isinstance(said, dict):
        raise TryLater("bad_answer")
    return said
