"""Somebody else in the fediverse: real clients for tests, no line of them the product's.

One lives on a snac2 and does by its own web page what its Mastodon interface cannot; the other on the stand-in, where
everybody is at home on the one server.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from hashlib import md5
from html import unescape
from typing import Any

import httpx2

from tests.servers.mastodon_mock import MastodonMock, MockAccount
from tests.servers.snac import SnacAccount, SnacServer


class Neighbour(ABC):
    """An account that says and reads things."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        self.http = httpx2.Client(base_url=url, timeout=30, headers=headers)

    @property
    @abstractmethod
    def handle(self) -> str:
        """The name by which others call it."""

    @abstractmethod
    def id_of(self, uri: str) -> str:
        """The id of a message on this server."""

    @abstractmethod
    def act(self, what: str, uri: str) -> None:
        """Like, Boost or Delete a message."""

    @abstractmethod
    def follow(self, uri: str, handle: str) -> None:
        """Follow somebody."""

    def call(self, verb: str, path: str, body: Any = None, **parameters: Any) -> Any:
        answer = self.http.request(verb, path, json=body, params=parameters or None)
        assert answer.status_code in (200, 202), f"{verb} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def post(self, text: str, reply_to: str = "", **more: Any) -> str:
        """Say something; what it is known by."""
        if reply_to:
            more["in_reply_to_id"] = self.id_of(reply_to)
        return str(self.call("POST", "/api/v1/statuses", {"status": text, **more})["uri"])

    def edit(self, uri: str, text: str) -> None:
        """Say something else instead."""
        self.call("PUT", f"/api/v1/statuses/{self.id_of(uri)}", {"status": text})

    def seen(self, uri: str) -> dict[str, Any] | None:
        """A message as this server shows it, None when it does not know it."""
        answer = self.http.get(f"/api/v1/statuses/{self.id_of(uri)}")
        if answer.status_code != 200:
            return None
        status: dict[str, Any] = answer.json()
        return status.get("reblog") or status

    def told(self, kind: str = "mention") -> list[dict[str, Any]]:
        """What this account was told of, newest first."""
        return [each for each in self.call("GET", "/api/v1/notifications") if each["type"] == kind]

    def answers(self, uri: str) -> list[dict[str, Any]]:
        """What this account was told that answers a message, newest first."""
        mine = self.id_of(uri)
        statuses = [each["status"] for each in self.told()]
        return [status for status in statuses if (status["in_reply_to_id"] or "")[-32:] == mine[-32:]]


class SnacNeighbour(Neighbour):
    """At home on a snac2."""

    def __init__(self, account: SnacAccount) -> None:
        super().__init__(account.url, account.token)
        self.account = account

    @classmethod
    def arrives(cls, server: SnacServer, name: str = "stranger") -> SnacNeighbour:
        """A new one."""
        return cls(server.new_account(name))

    @property
    def handle(self) -> str:
        return self.account.handle

    @property
    def uri(self) -> str:
        return f"{self.account.url}/{self.account.name}"

    def id_of(self, uri: str) -> str:
        return "0" * 10 + md5(uri.encode(), usedforsecurity=False).hexdigest()

    def act(self, what: str, uri: str) -> None:
        self._page("action", id=uri, action=what)

    def follow(self, uri: str, handle: str) -> None:
        self._page("action", actor=uri, action="Follow")

    def answer_unheard(self, uri: str, text: str) -> None:
        """Answer a message that this server has not been sent: it fetches it."""
        self._page("note", content=text, in_reply_to=uri)

    def _page(self, name: str, **form: str) -> None:
        login = (self.account.name, self.account.password)
        path = f"{self.account.url}/{self.account.name}/admin/{name}"
        answer = httpx2.post(path, data=form, auth=login, timeout=30)
        assert answer.status_code in (200, 303), answer.text[:300]


class MockNeighbour(Neighbour):
    """At home on the stand-in. What it is known by ends in the id that it has there."""

    def __init__(self, server: MastodonMock, account: MockAccount) -> None:
        super().__init__(account.url, account.token)
        self.account = account

    @classmethod
    def arrives(cls, server: MastodonMock, name: str = "stranger") -> MockNeighbour:
        """A new one."""
        return cls(server, server.new_account(name))

    @property
    def handle(self) -> str:
        return self.account.name

    def id_of(self, uri: str) -> str:
        return uri.rsplit("/", 1)[-1]

    def act(self, what: str, uri: str) -> None:
        path = f"/api/v1/statuses/{self.id_of(uri)}"
        if what == "Delete":
            self.call("DELETE", path)
        else:
            self.call("POST", f"{path}/{'favourite' if what == 'Like' else 'reblog'}")

    def follow(self, uri: str, handle: str) -> None:
        (found,) = [
            each for each in self.call("GET", "/api/v1/accounts/search", q=handle) if each["acct"] == handle
        ]
        self.call("POST", f"/api/v1/accounts/{found['id']}/follow")


def words(status: dict[str, Any] | None) -> str | None:
    """What a message says, without the names in front."""
    if status is None:
        return None
    text = unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br ?/?>$|</p><p>", "", status["content"])))
    return re.sub(r"^(@[\w.-]+(@[\w.:-]+)? )+", "", text)
