"""Speaking to an instance for an account: what its answers mean, and what its errors are to the rooms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from comptoir.networks.connector import (
    Http,
    Json,
    Reconnect,
    Refused,
    Response,
    TryLater,
    retry_after,
)

SPARE = 60
"""Requests that an instance still allows us below which what can wait does."""


OBJECT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
"""A message as servers exchange it."""


class Missing(Refused):
    """What was asked for is not there; `sure` when it was the instance that said so, and no proxy before it."""

    def __init__(self, sure: bool, said: str = "") -> None:
        super().__init__("refused", status=404, said=said)
        self.sure = sure


class Unscoped(Reconnect):
    """The grant lives, and was never for this."""


def server(address: str, field: str = "server") -> str:
    """The origin of an instance's address, however it was pasted. Refused when no token should be sent there."""
    text = address.strip()
    if "://" not in text:
        text = f"https://{text.rsplit('@', 1)[-1]}"
    try:
        split = urlsplit(text)
        host, port = split.hostname or "", split.port
    except ValueError:
        raise Refused("answer_invalid", field=field) from None
    if not host or split.username or split.scheme not in ("http", "https") or any(c.isspace() for c in host):
        raise Refused("answer_invalid", field=field)
    if split.scheme == "http" and not is_here(host):
        raise Refused("insecure_server", field=field)
    name = f"[{host}]" if ":" in host else host
    return f"{split.scheme}://{name}{f':{port}' if port else ''}"


def is_here(host: str) -> bool:
    """Whether a host is this machine, where nothing listens in between."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def trouble(answer: Response) -> tuple[str, str]:
    """The words of an error, and the longer ones beside it; ("", "") when it has none."""
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    return str(body.get("error") or "")[:300], str(body.get("error_description") or "")[:300]


def judged(answer: Response, now: datetime) -> Json:
    """The content of a success; else the error that the rooms understand."""
    if answer.status in (200, 201, 202, 206):
        return answer.json() if answer.content else {}
    said, _ = trouble(answer)
    if answer.status == 401:
        raise Reconnect("token_revoked" if said else "reconnect")
    if answer.status == 429:
        raise TryLater("rate_limited", after=retry_after(answer, now))
    if answer.status in (404, 410):
        raise Missing(bool(said) or "(snac/" in answer.text, said)
    if answer.status == 403:
        raise _forbidden(said)
    if answer.status in (400, 406, 413, 422):
        raise Refused(_refusal(said, answer.status), said=said, status=answer.status)
    raise TryLater("server_error", after=retry_after(answer, now), status=answer.status)


def _forbidden(said: str) -> Exception:
    words = said.lower()
    if "disabled" in words or "suspended" in words:
        return Reconnect("account_suspended")
    if "scope" in words:
        return Unscoped("reconnect")
    if "moved" in words:
        return Reconnect("account_moved", to="")
    # Without words of the instance's own it was a proxy that did not like us today.
    return Refused("not_allowed", said=said) if said else TryLater("server_error", status=403)


def _refusal(said: str, status: int) -> str:
    words = said.lower()
    if "character limit" in words or "too long" in words:
        return "too_long"
    return "image_too_large" if status == 413 else "refused"


class Session:
    """One account's calls to its instance."""

    def __init__(self, http: Http, base: str, token: str, now: datetime) -> None:
        self._http = http
        self.base = base
        self._token = token
        self._now = now
        self.left: int | None = None
        """Requests that the instance still allows for now, None when it does not say."""

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    @property
    def is_short(self) -> bool:
        """Whether what can wait had better wait."""
        return self.left is not None and self.left < SPARE

    def ask(self, path: str, params: Mapping[str, Any] | Sequence[tuple[str, str]] | None = None) -> Json:
        """GET something."""
        return self._call("GET", path, params=params)

    def ask_list(
        self, path: str, params: Mapping[str, Any] | Sequence[tuple[str, str]] | None = None
    ) -> list[Json]:
        """GET a list. TryLater when the answer is none."""
        found = self.ask(path, params)
        if not isinstance(found, list):
            raise TryLater("bad_answer")
        return found

    def ask_object(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """GET an object. TryLater when the answer is none."""
        found = self.ask(path, params)
        if not isinstance(found, dict):
            raise TryLater("bad_answer")
        return found

    def is_gone(self, uri: str) -> bool:
        """Whether the instance says, at the address of a message of its own, that it is no more."""
        if urlsplit(uri).netloc != self.host:
            return False
        answer = self._http.request("GET", uri, headers={"accept": OBJECT})
        if answer.status == 410:
            return True
        said, _ = trouble(answer)
        if answer.status == 404:
            return bool(said) or "(snac/" in answer.text
        try:
            told = json.loads(answer.content) if answer.status == 200 else None
        except (ValueError, RecursionError):
            return False
        return isinstance(told, dict) and told.get("type") == "Tombstone"

    def tell(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        form: tuple[str, bytes] | None = None,
    ) -> dict[str, Any]:
        """Change something. `key` makes twice once where the instance minds it; `form` is a body with its type."""
        headers = {"idempotency-key": key} if key else {}
        if form:
            headers["content-type"] = form[0]
            found = self._call(verb, path, headers=headers, content=form[1], timeout=60)
        else:
            found = self._call(verb, path, headers=headers, json=body)
        return found if isinstance(found, dict) else {}

    def headers(self) -> dict[str, str]:
        """What proves to the instance that we speak for the account."""
        return {"authorization": f"Bearer {self._token}"} if self._token else {}

    def _call(self, verb: str, path: str, **rest: Any) -> Json:
        headers = {**rest.pop("headers", {}), **self.headers()}
        answer = self._http.request(verb, f"{self.base}{path}", headers=headers, **rest)
        left = answer.headers.get("x-ratelimit-remaining", "")
        if left.isdigit():
            self.left = int(left[:9])
        return judged(answer, self._now)
