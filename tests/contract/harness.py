"""What the contract suite needs of a network: a connected brand, and strangers who speak to it.

A connector joins the suite with one sub-class here and one line in `conftest.py`. The connector is real, its HTTP
client is the product's own, and behind it is a real server or, for the rehearsal, the town itself.
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from comptoir.networks.connector import (
    Activity,
    Actor,
    Connected,
    Gone,
    Page,
    Said,
    Sent,
    Unusable,
)

type Heard = Activity | Gone | Unusable


def told_of(found: Sequence[Any]) -> list[Any]:
    """What asking again told of messages, without the people who said them."""
    return [item for item in found if not isinstance(item, Actor)]


class Grant:
    """The secrets of one channel, kept in memory: all connectors of a harness share them, as workers do."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.secrets = dict(secrets)
        self.kept = 0

    def __getitem__(self, name: str) -> str:
        return self.secrets[name]

    def get(self, name: str, default: str = "") -> str:
        return self.secrets.get(name, default)

    def keep(self, **changes: str) -> None:
        self.kept += 1
        self.secrets.update(changes)


class Harness(ABC):
    """One brand, connected to one network. Cursors go through JSON, as the database keeps them."""

    type: ClassVar[Any]
    """The connector's class."""
    wrong: ClassVar[Sequence[Mapping[str, str]]] = ()
    """Changes to the form's answers that the network must refuse."""
    lacks: ClassVar[tuple[type[Any], ...]] = ()
    """Abilities of the connector that this server of its network does not have."""
    patience = 90.0
    typed_tokens: ClassVar[frozenset[str]] = frozenset()
    """Secrets of the form that were made for us alone and are the grant: these are kept as they were typed."""
    already_talking = timedelta(0)
    """How far back the first fetch reaches: only a stage opens on people who are already talking."""

    def __init__(self, http: Any) -> None:
        self.http: Any = http
        self.cursor: Any = None
        self.heard: dict[str, Heard] = {}
        self.said: list[Said] = []
        self.sent: dict[str, Mapping[str, Any]] = {}
        self.connected: Connected | None = None
        self.grant = Grant({})

    # What each network does its own way

    @abstractmethod
    def answers(self) -> dict[str, str]:
        """Good answers to the connection form."""

    @abstractmethod
    def speak(self, times: int = 1) -> list[str]:
        """Strangers address the brand; the ids of what they say."""

    @abstractmethod
    def answer(self, sent: Sent) -> str:
        """A stranger answers something that the brand said; the answer's id."""

    def pause(self) -> None:
        """Let a moment pass between two fetches."""
        time.sleep(0.1)

    @property
    def now(self) -> datetime | None:
        """The connector's clock; None is the real one."""
        return None

    # What is the same everywhere

    def connect(self) -> Connected:
        """Connect, as a person does with the form; from then on the harness is that channel."""
        self.connected = self.bare().connect(self.answers())
        self.grant = Grant(self.connected.grant)
        return self.connected

    def bare(self) -> Any:
        """A connector before it is connected."""
        return self.type(http=self.http, grant=Grant({}), settings={}, now=self.now)

    def connector(self) -> Any:
        """A new connector for the channel, as any worker makes one."""
        assert self.connected is not None
        settings = json.loads(json.dumps(self.connected.settings))
        return self.type(
            http=self.http,
            grant=self.grant,
            settings=settings,
            me=self.connected.me,
            now=self.now,
            facts=self.facts_of,
        )

    def facts_of(self, remote_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What connectors of this channel gave with messages, as the rooms keep it."""
        known = {i: item.facts for i, item in self.heard.items() if isinstance(item, Activity)} | self.sent
        return {i: json.loads(json.dumps(dict(known[i]))) for i in remote_ids if i in known}

    def step(self) -> Page:
        """One step of the fetch, its cursor kept."""
        page: Page = self.connector().fetch(self.cursor, self.said)
        self.cursor = json.loads(json.dumps(page.cursor))
        self.said = []
        for item in page.items:
            earlier = self.heard.get(item.remote_id)
            if not (isinstance(earlier, Activity) and earlier.addressed):
                self.heard[item.remote_id] = item
        return page

    def fetch(self) -> None:
        """All steps until the network has no more."""
        while self.step().more:
            pass

    def listen(self, ids: Sequence[str]) -> list[Activity]:
        """Fetch until all of these have come; they, in this order."""
        until = time.monotonic() + self.patience
        while missing := [i for i in ids if i not in self.heard]:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(missing)} of {len(ids)} never came")
            self.fetch()
            if any(i not in self.heard for i in ids):
                self.pause()
        found = [self.heard[i] for i in ids]
        assert all(isinstance(item, Activity) for item in found)
        return [item for item in found if isinstance(item, Activity)]

    def hear(self) -> Activity:
        """A stranger speaks to the brand, and we hear it."""
        return self.listen(self.speak())[0]

    def reply(self, to: Activity, text: str, key: str, media: Sequence[Any] = ()) -> Sent:
        """Answer as a worker does, and remember that we did."""
        at = datetime.now(UTC) if self.now is None else self.now
        sent: Sent = self.connector().reply(to, text, media, key, at)
        self.said.append(Said(sent.remote_id, to.remote_id, text, at))
        self.sent[sent.remote_id] = sent.facts
        return sent


class Tongued(Harness):
    """A network where messages say in which language they are."""

    @abstractmethod
    def language_of(self, remote_id: str) -> str:
        """The language that strangers see beside a message."""


class Open(Harness):
    """A network where everybody can look at what is there."""

    on_the_web: ClassVar[bool] = True
    """Whether what is there has web addresses."""
    posts_beside_answers: ClassVar[bool] = True
    """Whether posts and answers are one kind of thing there, so that all of it is seen in one way."""

    @abstractmethod
    def shown(self, remote_id: str) -> str | None:
        """The text that strangers see under an id, None when there is nothing."""

    @abstractmethod
    def all_said(self) -> list[str]:
        """The texts of everything that the brand's account holds."""

    @abstractmethod
    def take_back(self, remote_id: str) -> None:
        """The stranger who said it takes it back, and it is gone for all."""

    @abstractmethod
    def elsewhere(self, to: str, text: str) -> str:
        """The brand answers in the network's own app; the id of what it said."""

    @abstractmethod
    def pictures(self, remote_id: str) -> list[str]:
        """The alt texts of the pictures that strangers see under an id."""

    @abstractmethod
    def lose_grant(self) -> None:
        """The account's owner takes our access away."""

    @contextmanager
    def small_pages(self, size: int) -> Any:
        """While this lasts, the network's lists come in pages of this size."""
        full = self.type.page_size
        self.type.page_size = size
        try:
            yield self
        finally:
            self.type.page_size = full

    @classmethod
    def ready(cls, *arguments: Any) -> Self:
        """A harness that is connected already."""
        one = cls(*arguments)
        one.connect()
        return one


class Gestured(Open):
    """A network where one can also like, repost and follow."""

    @abstractmethod
    def gestures(self, sent: Sent) -> list[str]:
        """Strangers like, repost and follow; the ids."""


class Guarded(Open):
    """A network where accounts are blocked and reported."""

    hears_the_blocked: ClassVar[bool] = False
    """Whether this server of it tells the brand of whom it has blocked all the same."""

    @abstractmethod
    def blocks(self, who: Actor) -> bool:
        """Whether the brand's account blocks somebody, as the network's own app says."""

    @abstractmethod
    def block_elsewhere(self, who: Actor) -> None:
        """The brand blocks somebody in the network's own app."""

    def reported(self, who: Actor) -> list[tuple[str, str, list[str]]]:
        """What moderators were told of somebody: the ground, the words, the ids of messages."""
        raise NotImplementedError
