"""A program: a client of the interface with a token."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.test import Client

from comptoir.organisation.models import ApiToken, Brand, User
from comptoir.organisation.models.api_token import SCOPES


class Program:
    """Asks with its token, below /api/v1."""

    def __init__(
        self,
        user: User,
        scopes: Iterable[str] = tuple(SCOPES),
        brand: Brand | None = None,
        expires: datetime | None = None,
    ) -> None:
        self.token, self.key = ApiToken.make(user, "a program", scopes, brand, expires)
        self._client = Client(raise_request_exception=False)

    def ask(self, method: str, path: str, given: Any = None, **headers: str) -> Any:
        """What it is answered. Names of headers are written with underscores."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        whole = path if path.startswith("/") else f"/api/v1/{path}"
        return self._client.generic(
            method, whole.replace("http://testserver", ""), b"" if given is None else _json(given),
            "application/json" if given is not None else "", headers={"Authorization": f"Bearer {self.key}", **said},
        )  # fmt: skip

    def get(self, path: str, **headers: str) -> Any:
        """The JSON of a GET that has to work."""
        answer = self.ask("GET", path.removeprefix("http://testserver"), **headers)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def all(self, path: str) -> list[Any]:
        """Every item of a list, page by page."""
        page = self.get(path)
        items = list(page["items"])
        while page["next"]:
            page = self.get(page["next"])
            items += page["items"]
        return items


def _json(given: Any) -> bytes:
    import json

    return given if isinstance(given, bytes) else json.dumps(given).encode()


def problem(answer: Any) -> str:
    """The kind of problem that an answer tells, once it is known to be told as one."""
    said = answer.json()
    assert answer["Content-Type"] == "application/problem+json", answer["Content-Type"]
    assert said["status"] == answer.status_code
    assert said["title"]
    assert said["detail"]
    kind: str = said["type"].removeprefix("/api/docs#")
    return kind
