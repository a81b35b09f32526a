"""Questions to a Matrix server, and what its refusals mean."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from comptoir.networks.connector import Http, Reconnect, Refused, Response, TryLater

_LOST = {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED"}
_REFUSALS = {"M_FORBIDDEN": "not_allowed", "M_TOO_LARGE": "too_long"}


def server_of(address: str) -> str:
    """A server's address as we keep it. Refused when a password would be read on its way there."""
    parts = urlsplit(address)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme != "https" and not local:
        raise Refused("insecure_server", field="server")
    return f"{parts.scheme}://{parts.netloc}"


def logged_in(http: Http, server: str, user: str, password: str) -> dict[str, str]:
    """Sign in by password: the token, which is kept instead of it, and the user's whole name."""
    answer = http.request(
        "POST",
        f"{server}/_matrix/client/v3/login",
        json={
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": user},
            "password": password,
            "initial_device_display_name": "Comptoir",
        },
    )
    if answer.status in (401, 403):
        raise Refused("wrong_password", field="password")
    if answer.status == 404:
        raise Refused("not_a_server", field="server")
    found = read(answer)
    return {"token": str(found["access_token"]), "user": str(found["user_id"])}


class Session:
    """One account on one server."""

    def __init__(self, http: Http, server: str, token: str) -> None:
        self._http = http
        self._base = f"{server}/_matrix/client/v3"
        self._headers = {"Authorization": f"Bearer {token}"}

    @staticmethod
    def quoted(part: str) -> str:
        """A part of an address, whole."""
        return quote(part, safe="")

    def get(self, path: str, params: dict[str, str], wait: float | None = None) -> dict[str, Any]:
        """Ask; `wait` is for how many seconds at most the server may be silent."""
        answer = self._http.request(
            "GET", f"{self._base}/{path}", params=params, headers=self._headers, timeout=wait
        )
        return read(answer)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return read(self._http.request("POST", f"{self._base}/{path}", json=body, headers=self._headers))

    def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return read(self._http.request("PUT", f"{self._base}/{path}", json=body, headers=self._headers))

    def join(self, room: str) -> str:
        """Be in a room, named by its address or its id; its id. Refused when there is none for this account."""
        try:
            return str(self.post(f"join/{self.quoted(room)}", {})["room_id"])
        except Refused as error:
            raise Refused("unknown_room", field="room") from error

    def state(self, room: str, kind: str) -> dict[str, Any] | None:
        """What a room says of itself, None when it says nothing of this kind."""
        url = f"{self._base}/rooms/{self.quoted(room)}/state/{kind}"
        answer = self._http.request("GET", url, headers=self._headers)
        return None if answer.status == 404 else read(answer)


def read(answer: Response) -> dict[str, Any]:
    """What a server answered, or the error that it means."""
    if answer.status < 300:
        found = answer.json()
        if isinstance(found, dict):
            return found
        raise TryLater("bad_answer")
    try:
        said = answer.json()
        code = str(said.get("errcode", "")) if isinstance(said, dict) else ""
    except Exception:
        said, code = {}, ""
    if code in _LOST:
        raise Reconnect("token_revoked")
    if answer.status == 429:
        wait = said.get("retry_after_ms")
        after = timedelta(milliseconds=min(wait, 86_400_000)) if isinstance(wait, int) else None
        raise TryLater("rate_limited", after=after)
    if answer.status >= 500 or answer.status in (408, 425):
        raise TryLater("server_error", status=answer.status)
    raise Refused(_REFUSALS.get(code, "refused"), error=code, status=answer.status)
