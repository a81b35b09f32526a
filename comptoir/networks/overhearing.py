"""Abilities of networks where one can hear what nobody said to the brand. Connectors import them from
`networks.connector`, which is the whole contract.

None of them needs an account where the network lets everybody listen: the connector is then made with the settings that
`public` gave, an empty grant, and no `me`. Where a channel lends its account, it is the channel's own connector.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from comptoir.networks.values import Actor, Field, Hub, Intent, Json, Overheard, Page, Place


class Overhears(ABC):
    """Hears everything that is said in public, in the order in which its place tells it."""

    public_form: ClassVar[tuple[Field, ...]]
    """What a person is asked about the place; never a secret."""
    hush: ClassVar[timedelta] = timedelta(minutes=5)
    """After so long without anything said there, something is wrong; the rooms say that the place has fallen silent."""
    reach: ClassVar[Literal["network", "server", "site"]] = "network"
    """Of what everything is heard: the whole network, the one server that was named, or one site."""

    @abstractmethod
    def public(self, answers: Mapping[str, str]) -> Place:
        """The place that these answers mean, asked whether it is there. Refused(code) when they are wrong."""

    @abstractmethod
    def overhear(self, cursor: Json) -> Iterator[Overheard]:
        """What is said from `cursor` on (None on the first call: from now on), in batches of some seconds at the most.

        First of all an empty batch, as soon as the line is open; then one at least every ten seconds, empty where
        nothing was said. The rooms keep each with its cursor in one transaction before they take the next, wait as long
        as its `after` says, and may close the iterator in between. A cursor that was handed out continues without a gap
        wherever the place can go back that far; where it cannot, the first batch says `missed`. Repeats are harmless.
        It ends, or raises, when the line does: the rooms open another one, later each time.
        """


class Woken(ABC):
    """Has hubs that call when something came to a public place. It is then asked for as always: no message depends on a
    hub, and none is taken from one."""

    @abstractmethod
    def hub(self, cursor: Json) -> Hub | None:
        """The hub that the place named when it was heard up to `cursor`."""

    @abstractmethod
    def subscribe(self, hub: Hub, callback: str, secret: str, lease: timedelta, on: bool = True) -> None:
        """Have a hub call `callback` for so long, signed with `secret`; or no longer. It asks back there first."""

    @staticmethod
    @abstractmethod
    def intent(parameters: Mapping[str, str]) -> Intent | None:
        """What a hub asks back, read from the parameters of its call; None when it makes no sense."""

    @staticmethod
    @abstractmethod
    def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        """Whether a call is signed with the secret. Names of headers are in lower case."""


class Recalls(ABC):
    """Knows what was said at its public place before anybody listened there."""

    @abstractmethod
    def recall(self, since: datetime, cursor: Json) -> Page:
        """What was said there from `since` until now and still stands there, oldest first, page by page (cursor None
        on the first call). Nothing found is `addressed`. Pages that overlap what was overheard are harmless."""


class Searches(ABC):
    """Finds what is said in public by the words in it."""

    search_every: ClassVar[timedelta] = timedelta(minutes=2)
    """How often to ask for the same words."""
    search_words: ClassVar[int] = 200
    """Letters that one question may have."""
    search_takes: ClassVar[frozenset[str]] = frozenset({"words", "tags"})
    """What a question may hold: "words", all of which are found, and a single #tag ("tags"). What of a query this
    cannot say is decided by the query afterwards."""

    @abstractmethod
    def search(self, words: str, cursor: Json) -> Page:
        """What is found for these words since `cursor`, called again at once while `more`; on the first call (None)
        what was said last, a page of it. A single #tag is looked for as such. Nothing found is `addressed`."""


class Introduces(ABC):
    """Knows people by their ids, where what is overheard does not say what they are called."""

    introduce_batch: ClassVar[int]

    @abstractmethod
    def introduce(self, remote_ids: Sequence[str]) -> Sequence[Actor]:
        """Those of at most `introduce_batch` people whom the network knows; whoever is gone is left out."""
