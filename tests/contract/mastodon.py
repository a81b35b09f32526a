"""The contract suite on two servers that speak Mastodon's interface: snac2, a real one, federated with another, and
mastodon_mock, a stand-in for what snac2 lacks."""

from __future__ import annotations

from datetime import timedelta
from hashlib import md5
from typing import Any, ClassVar

from comptoir.connectors.mastodon import Mastodon
from comptoir.connectors.mastodon.reading import gesture_id
from comptoir.networks.connector import Actor, Deletes, Followed, Kind, Reports, SaysLanguage, Sent
from tests.contract.harness import Gestured, Guarded, Tongued
from tests.servers.mastodon_mock import MastodonMock
from tests.servers.neighbour import MockNeighbour, Neighbour, SnacNeighbour, words
from tests.servers.snac import SnacPair
from tests.servers.stranger import until


class Eager(Mastodon):
    """As it is, but asks for everything each time: the tests do not wait for the slower lists' turn."""

    every_own = timedelta(0)
    every_silent = timedelta(0)


class MastodonHarness(Gestured, Guarded, Tongued):
    """What is the same on both."""

    type = Eager
    typed_tokens = frozenset({"token"})
    wrong = ({"token": "nonsense"}, {"server": "no server"}, {"server": "http://example.com"})
    brand: Any
    app: Any
    """The brand's people, in an app of their own."""
    stranger: Any
    url: str

    def answers(self) -> dict[str, str]:
        return {"server": self.url, "token": self.brand.token}

    def speak(self, times: int = 1) -> list[str]:
        return [self.stranger.post(f"@{self.app.handle} are you there? ({n})") for n in range(times)]

    def answer(self, sent: Sent) -> str:
        self.arrived(sent.remote_id, self.stranger)
        return str(
            self.stranger.post(f"@{self.app.handle} thank you, and one more thing", reply_to=sent.remote_id)
        )

    def arrived(self, uri: str, at: Neighbour) -> None:
        until(lambda: at.seen(uri))

    def shown(self, remote_id: str) -> str | None:
        return words(self.stranger.seen(remote_id))

    def language_of(self, remote_id: str) -> str:
        return str(until(lambda: self.app.seen(remote_id))["language"] or "")

    def all_said(self) -> list[str]:
        mine = self.app.call("GET", f"/api/v1/accounts/{self.connector().settings['id']}/statuses")
        return [words(status) or "" for status in mine]

    def take_back(self, remote_id: str) -> None:
        self.stranger.act("Delete", remote_id)
        until(lambda: self.app.seen(remote_id) is None)

    def elsewhere(self, to: str, text: str) -> str:
        return str(self.app.post(text, reply_to=to))

    def gestures(self, sent: Sent) -> list[str]:
        self.stranger.act("Like", sent.remote_id)
        self.stranger.act("Boost", sent.remote_id)
        me = self.connector().me
        self.stranger.follow(me.remote_id, self.app.handle)
        who = self.uri_of_stranger()
        return [
            gesture_id(Kind.LIKE, sent.remote_id, who),
            gesture_id(Kind.REPOST, sent.remote_id, who),
            gesture_id(Kind.FOLLOW, me.remote_id, who),
        ]

    def uri_of_stranger(self) -> str:
        account = self.stranger.call("GET", "/api/v1/accounts/verify_credentials")
        return str(account.get("uri") or account["url"])

    def blocks(self, who: Actor) -> bool:
        (found,) = self.app.call("GET", "/api/v1/accounts/relationships", **{"id[]": self.id_of_account(who)})
        return bool(found["blocking"])

    def block_elsewhere(self, who: Actor) -> None:
        self.app.call("POST", f"/api/v1/accounts/{self.id_of_account(who)}/block", {})

    def id_of_account(self, who: Actor) -> str:
        """An account's id where the brand lives."""
        raise NotImplementedError

    def pictures(self, remote_id: str) -> list[str]:
        status = until(lambda: self.stranger.seen(remote_id))
        return [each["description"] for each in status["media_attachments"]] if status else []


class SnacHarness(MastodonHarness):
    """The brand on one snac2, everybody else on another."""

    lacks: ClassVar[tuple[type, ...]] = (Deletes, Reports, Followed, SaysLanguage)
    """It says of every message that it is in English."""
    patience = 240.0
    """A server that was too busy to take something is asked again by snac2 after a minute, then after two."""

    def __init__(self, http: Any, servers: SnacPair, stranger: SnacNeighbour) -> None:
        super().__init__(http)
        self.brand = servers.home.new_account("brand")
        self.home, self.url = servers.home, servers.home.url
        self.app, self.stranger = SnacNeighbour(self.brand), stranger

    def shown(self, remote_id: str) -> str | None:
        ours = remote_id.startswith(self.url)
        return words((self.stranger if ours else self.app).seen(remote_id))

    def take_back(self, remote_id: str) -> None:
        # snac2 tells of a deletion only those who follow its author.
        self.app.follow(self.stranger.uri, self.stranger.handle)
        until(lambda: any(each["account"]["url"] == self.app.uri for each in self.stranger.told("follow")))
        super().take_back(remote_id)

    def id_of_account(self, who: Actor) -> str:
        return md5(who.remote_id.encode(), usedforsecurity=False).hexdigest()

    def lose_grant(self) -> None:
        self.home.forget(self.brand.token)


class MockHarness(MastodonHarness):
    """The brand and everybody else on the stand-in."""

    hears_the_blocked = True

    def __init__(self, http: Any, server: MastodonMock, stranger: MockNeighbour) -> None:
        super().__init__(http)
        self.app = MockNeighbour.arrives(server, "brand")
        self.brand, self.stranger, self.url = self.app.account, stranger, server.url

    def id_of_account(self, who: Actor) -> str:
        found = self.app.call("GET", "/api/v1/accounts/lookup", acct=who.handle.partition("@")[0])
        return str(found["id"])

    def reported(self, who: Actor) -> list[tuple[str, str, list[str]]]:
        mine = self.id_of_account(who)
        reports = self.app.call("GET", "/api/v1/admin/reports", target_account_id=mine)
        return [
            (each["category"], each["comment"], [status["uri"] for status in each["statuses"]])
            for each in reports
        ]

    def lose_grant(self) -> None:
        form = {"token": self.brand.token}
        assert self.app.http.post("/oauth/revoke", data=form).status_code == 200
