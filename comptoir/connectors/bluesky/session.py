"""Speaking to an account's server: tokens that expire and rotate, errors that mean something to the rooms."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from comptoir.networks.connector import (
    Http,
    Json,
    Reconnect,
    Refused,
    Response,
    Secrets,
    TryLater,
    retry_after,
)

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
LEEWAY = 60
"""Seconds before its end from which a token is no longer used."""
_LOST_ACCOUNT = {
    "AccountTakedown": "account_suspended",
    "AccountSuspended": "account_suspended",
    "AccountDeactivated": "account_deactivated",
}
_STALE = frozenset({"ExpiredToken", "InvalidToken"})


def server(address: str) -> str:
    """The origin of a server's address. Refused when a password should not be sent there."""
    text = address.strip()
    try:
        split = urlsplit(text if "://" in text else f"https://{text}")
        host, port = split.hostname or "", split.port
    except ValueError:
        raise Refused("answer_invalid", field="service") from None
    if not host or split.username or split.scheme not in ("http", "https"):
        raise Refused("answer_invalid", field="service")
    if split.scheme == "http" and host not in HERE:
        raise Refused("insecure_server", field="service")
    name = f"[{host}]" if ":" in host else host
    return f"{split.scheme}://{name}{f':{port}' if port else ''}"


def home(session: Mapping[str, Json], asked: str) -> str:
    """The server that really holds the account, as its DID document says, else the one asked."""
    document = session.get("didDoc")
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            try:
                return server(str(service.get("serviceEndpoint")))
            except Refused:
                break
    return asked


def log_in(http: Http, asked: str, who: str, password: str, now: datetime) -> dict[str, Any]:
    """A new session. Refused when the network knows no such account or the password is another."""
    answer = http.request(
        "POST",
        f"{asked}/xrpc/com.atproto.server.createSession",
        json={"identifier": who, "password": password},
    )
    code, said = trouble(answer)
    if code == "AuthFactorTokenRequired":
        raise Refused("needs_app_password", field="password")
    if code in _LOST_ACCOUNT:
        raise Refused(_LOST_ACCOUNT[code])
    if answer.status == 401 or code in ("AuthenticationRequired", "InvalidRequest"):
        raise Refused("wrong_password", field="password", said=said)
    if answer.status not in (200, 429) and answer.status < 500:
        raise Refused("not_a_server", field="service", address=asked)
    session = judged(answer, now)
    if not all(isinstance(session.get(name), str) for name in ("did", "accessJwt", "refreshJwt")):
        raise Refused("not_a_server", field="service", address=asked)
    return session


def trouble(answer: Response) -> tuple[str, str]:
    """The error's name and words in an answer that is not a success, ("", "") when it has none."""
    if answer.status == 200:
        return "", ""
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    return str(body.get("error", ""))[:100], str(body.get("message", ""))[:300]


def judged(answer: Response, now: datetime) -> dict[str, Any]:
    """The content of a success; else the error that the rooms understand."""
    if answer.status == 200:
        body = answer.json() if answer.content else {}
        if isinstance(body, dict):
            return body
        raise TryLater("bad_answer")
    code, said = trouble(answer)
    if answer.status == 429:
        raise TryLater("rate_limited", after=retry_after(answer, now))
    if code in _LOST_ACCOUNT:
        raise Reconnect(_LOST_ACCOUNT[code])
    if answer.status >= 500 or answer.status in (408, 425) or answer.status < 400:
        raise TryLater("server_error", after=retry_after(answer, now), status=answer.status)
    raise Refused("refused", error=code, said=said, status=answer.status)


def ends(token: str) -> float:
    """When a token expires, in Unix seconds; 0 when it does not say, so that it is not trusted."""
    try:
        middle = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return float(claims["exp"])
    except (ValueError, LookupError, TypeError):
        return 0


class Session:
    """One account's calls to its server. The tokens live in the grant; each rotation is kept at once."""

    def __init__(self, http: Http, grant: Secrets, now: datetime) -> None:
        self._http = http
        self._grant = grant
        self._now = now

    @property
    def did(self) -> str:
        """The account."""
        return self._grant.get("did")

    def ask(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A query of the protocol."""
        return self._call("GET", method, params=params)

    def tell(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A procedure of the protocol."""
        return self._call("POST", method, json=body)

    def upload(self, content: bytes, mime: str) -> Json:
        """Bring a file to the server; what a record says to show it."""
        answer = self._call(
            "POST", "com.atproto.repo.uploadBlob", content=content, headers={"content-type": mime}
        )
        return answer.get("blob")

    def _call(self, verb: str, method: str, **rest: Any) -> dict[str, Any]:
        token = self._grant.get("access")
        if ends(token) < self._now.timestamp() + LEEWAY:
            token = self._renew()
        answer = self._request(verb, method, token, **rest)
        if answer.status == 401 or trouble(answer)[0] in _STALE:
            answer = self._request(verb, method, self._renew(), **rest)
            if answer.status == 401:
                # The grant was renewed a moment ago: it lives, and what is ill is the network.
                raise TryLater("server_error", status=401)
        return judged(answer, self._now)

    def _request(self, verb: str, method: str, token: str, **rest: Any) -> Response:
        headers = {**rest.pop("headers", {}), "authorization": f"Bearer {token}"}
        return self._http.request(verb, f"{self._grant['pds']}/xrpc/{method}", headers=headers, **rest)

    def _renew(self) -> str:
        """New tokens for the old. Two workers at once do no harm: an old one is honoured for a while."""
        if not self._grant.get("refresh"):
            raise Reconnect("reconnect")
        answer = self._request("POST", "com.atproto.server.refreshSession", self._grant["refresh"])
        code, _ = trouble(answer)
        if code not in _LOST_ACCOUNT and (answer.status in (400, 401) or code in _STALE):
            raise Reconnect("reconnect")
        session = judged(answer, self._now)
        if not all(isinstance(session.get(name), str) for name in ("accessJwt", "refreshJwt")):
            raise TryLater("bad_answer")
        self._grant.keep(
            access=session["accessJwt"],
            refresh=session["refreshJwt"],
            pds=home(session, self._grant["pds"]),
        )
        return str(session["accessJwt"])
