"""Places where everybody is overheard: the real servers, and a stand-in for the one that cannot be had."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from comptoir.connectors.bluesky import Bluesky
from comptoir.connectors.feed import Feed
from comptoir.connectors.mastodon import Mastodon
from comptoir.networks.connector import Place
from tests.contract.feed import Blog
from tests.contract.harness import Grant
from tests.servers.jetstream import JetstreamStandIn
from tests.servers.neighbour import Neighbour
from tests.servers.running import AtprotoNetwork
from tests.servers.stranger import Ref, Stranger


class Public(ABC):
    """One place to listen to, and somebody who says things there to nobody in particular."""

    type: ClassVar[Any]
    tells_deletions = True
    patient: ClassVar[bool] = False
    """Whether it is a place that is asked, and wants to be left alone in between."""

    def __init__(self, http: Any) -> None:
        self.http = http
        self.place: Place | None = None

    @abstractmethod
    def answers(self) -> dict[str, str]:
        """Good answers to the form."""

    def wrong(self) -> Mapping[str, str]:
        """Changes to them that must be refused."""
        return {"service": self.answers().get("service", "") + "9"}

    @abstractmethod
    def say(self, text: str) -> str:
        """Somebody says something; its id."""

    def take_back(self, remote_id: str) -> None:
        """They take it back."""
        raise NotImplementedError

    def connector(self, facts: Any = None) -> Any:
        """A listener, without an account. `facts`: those that were handed over with messages, by their ids."""
        settings = self.place.settings if self.place else {}
        return self.type(http=self.http, grant=Grant({}), settings=settings, facts=facts)


class BlueskyFirehose(Public):
    """The firehose of a real personal data server."""

    type = Bluesky

    def __init__(self, http: Any, network: AtprotoNetwork, stranger: Stranger) -> None:
        super().__init__(http)
        self.network, self.stranger = network, stranger
        self.refs: dict[str, Ref] = {}

    def answers(self) -> dict[str, str]:
        return {"stream": "firehose", "service": self.network.pds, "appview": self.network.appview}

    def wrong(self) -> Mapping[str, str]:
        return {"service": self.network.plc}

    def say(self, text: str) -> str:
        ref = self.stranger.post(text)
        self.refs[ref.uri] = ref
        return ref.uri

    def take_back(self, remote_id: str) -> None:
        self.stranger.delete(self.refs[remote_id])


class BlueskyJetstream(Public):
    """The stand-in for Jetstream."""

    type = Bluesky

    def __init__(self, http: Any, server: JetstreamStandIn) -> None:
        super().__init__(http)
        self.server = server

    def answers(self) -> dict[str, str]:
        return {"stream": "jetstream", "service": self.server.url}

    def wrong(self) -> Mapping[str, str]:
        return {"stream": "firehose"}

    def say(self, text: str) -> str:
        return self.server.post(text)

    def take_back(self, remote_id: str) -> None:
        self.server.take_back(remote_id)


class MastodonPublic(Public):
    """What an instance shows to strangers: the stand-in streams it, snac2 has a timeline alone."""

    type = Mastodon

    def __init__(self, http: Any, server: str, neighbour: Neighbour, streams: bool) -> None:
        super().__init__(http)
        self.server, self.neighbour = server, neighbour
        self.tells_deletions, self.patient = streams, not streams  # type: ignore[misc]

    def answers(self) -> dict[str, str]:
        return {"server": self.server, "scope": "all"}

    def wrong(self) -> Mapping[str, str]:
        return {"scope": "moon"}

    def say(self, text: str) -> str:
        return str(self.neighbour.post(text))

    def take_back(self, remote_id: str) -> None:
        self.neighbour.act("Delete", remote_id)


class FeedPublic(Public):
    """A feed, which is asked for."""

    type = Feed
    tells_deletions = False
    patient = True

    def __init__(self, http: Any, blog: Blog) -> None:
        super().__init__(http)
        self.blog = blog

    def answers(self) -> dict[str, str]:
        return {"address": f"{self.blog.site}comments.xml"}

    def wrong(self) -> Mapping[str, str]:
        return {"address": f"{self.blog.site}nothing"}

    def say(self, text: str) -> str:
        return self.blog.comment(text)
