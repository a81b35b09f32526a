"""The contract between Comptoir and a network: all that a connector may import of ours, and all that it owes us.

A connector is a class that names its network, lists what it can do by the abilities it inherits, and turns the
network's own objects into the plain, frozen values of this module. It opens no connection itself: it is handed an
HTTP client (`self.http`), the secrets of its grant (`self.grant`), the answers of its connection form
(`self.settings`) and, once connected, the account it speaks for (`self.me`).

    class Example(Connects, Fetches, Replies, Connector): ...

Three errors only leave a connector: `TryLater`, `Refused`, `Reconnect`. What the HTTP client raises (`Unreachable`,
`Forbidden`, `TooLarge`, `BadAnswer`) may pass through: the rooms read it as `TryLater` or `Refused`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol

from comptoir.networks.values import (
    OPENING,
    SILENT,
    Activity,
    Actor,
    Connected,
    Counts,
    Field,
    Gone,
    Json,
    Kind,
    Length,
    Media,
    Page,
    Said,
    Sent,
    Span,
    Unusable,
    Upload,
)

__all__ = [
    "OPENING",
    "SILENT",
    "Activity",
    "Actor",
    "Connected",
    "Connector",
    "ConnectorError",
    "Connects",
    "Counted",
    "Counts",
    "Deletes",
    "Fetches",
    "Field",
    "Finds",
    "Gone",
    "Http",
    "Json",
    "Keyed",
    "Kind",
    "Length",
    "Measures",
    "Media",
    "Page",
    "Publishes",
    "Rechecks",
    "Reconnect",
    "Refused",
    "Rehearses",
    "Replies",
    "Response",
    "Said",
    "Secrets",
    "Sent",
    "Span",
    "TryLater",
    "Unusable",
    "Upload",
    "retry_after",
]


class ConnectorError(Exception):
    """An error with a code that `networks` has a sentence for in both languages, and facts for that sentence."""

    def __init__(self, code: str, **facts: Json) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Json] = facts


class TryLater(ConnectorError):
    """It may pass: try again after `after` (None: the rooms choose, growing)."""

    def __init__(self, code: str = "try_later", after: timedelta | None = None, **facts: Json) -> None:
        super().__init__(code, **facts)
        self.after = after


class Refused(ConnectorError):
    """The network said no to this one thing, and will again."""


class Reconnect(ConnectorError):
    """The grant is dead: a person has to connect the channel again."""


class Response(Protocol):
    """What the HTTP client answers with."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...
    @property
    def text(self) -> str: ...
    def json(self) -> Json: ...


class Http(Protocol):
    """The HTTP client handed in: times out, guards inside addresses, follows no redirect unless told."""

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | Sequence[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        content: bytes | None = None,
        timeout: float | None = None,
        max_bytes: int | None = None,
        follow: int = 0,
    ) -> Response: ...


class Secrets(Protocol):
    """The grant's secrets. `keep` stores changed ones at once, in a transaction of its own (tokens that rotate)."""

    def __getitem__(self, name: str) -> str: ...
    def get(self, name: str, default: str = "") -> str: ...
    def keep(self, **changes: str) -> None: ...


class Connector:
    """What every connector has. Sub-classes add abilities; nothing here speaks to the network."""

    network: ClassVar[str]
    label: ClassVar[str]
    every: ClassVar[timedelta] = timedelta(seconds=5)
    """How often to fetch when nothing asks otherwise."""

    def __init__(
        self,
        http: Http,
        grant: Secrets,
        settings: Mapping[str, Json],
        me: Actor | None = None,
        now: datetime | None = None,
    ) -> None:
        self.http = http
        self.grant = grant
        self.settings = settings
        self.me = me
        self._now = now

    @property
    def now(self) -> datetime:
        """The moment this connector works in: given by the caller for repeatable runs, else the clock's."""
        return self._now or datetime.now(UTC)


class Connects(ABC):
    """Can be connected from a form."""

    form: ClassVar[tuple[Field, ...]]

    @abstractmethod
    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Check the answers with the network. Refused(code) when they are wrong."""


class Fetches(ABC):
    """Hears by asking."""

    @abstractmethod
    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """What came since `cursor` (None on the first call: from now on); called again at once while `more`.

        A stage may open on people who are already talking: then the first call brings their last hours as well.
        Whatever happens between two calls, a cursor that was handed out continues without a gap; repeats are harmless.
        """

    @abstractmethod
    def history(self, since: datetime, cursor: Json) -> Page:
        """What was said from `since` until the channel was connected, page by page (cursor None on the first call)."""


class Rechecks(ABC):
    """Learns of deletions and edits by asking for messages again."""

    recheck_batch: ClassVar[int]

    @abstractmethod
    def recheck(self, remote_ids: Sequence[str]) -> Sequence[Activity | Gone]:
        """The messages of at most `recheck_batch` ids that are gone or changed; what is as it was may be left out."""


class Counted(ABC):
    """Knows how its network counts a text."""

    images: ClassVar[int] = 0
    image_bytes: ClassVar[int] = 0

    @abstractmethod
    def length(self, text: str) -> Length:
        """The text's length as the network counts."""


class Replies(Counted):
    """Can answer a message."""

    @abstractmethod
    def reply(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Answer `to`. `key` and `at` stay the same for every try of one delivery."""


class Publishes(Counted):
    """Can post."""

    @abstractmethod
    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Post. `key` and `at` stay the same for every try of one delivery."""


class Keyed:
    """Marks a network where sending again with the same key is the same sending: a try after a crash is safe."""


class Finds(ABC):
    """Can look for its own message after a sending whose outcome is unknown."""

    @abstractmethod
    def find(self, to: Activity | None, text: str, key: str, at: datetime) -> Sent | None:
        """Our own message for this key, or None when it is surely not there."""


class Deletes(ABC):
    """Can take back what it said."""

    @abstractmethod
    def delete(self, remote_id: str) -> None:
        """Take it back; already gone is success."""


class Measures(ABC):
    """Knows public counts."""

    @abstractmethod
    def measure(self, remote_ids: Sequence[str]) -> Sequence[Counts]:
        """Counts of at most 25 messages; those that are gone are left out."""


class Rehearses(ABC):
    """Is a stage: storms can be ordered on it."""

    scenarios: ClassVar[tuple[str, ...]]

    @abstractmethod
    def rehearse(self, scenario: str, rate: float, seconds: float) -> Mapping[str, Json]:
        """The channel's new settings for `rate` messages a second over `seconds`, from now. ValueError if unknown."""


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """How long a network asks us to wait: Retry-After in seconds, or RateLimit-Reset as a Unix time."""
    for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset"):
        value = response.headers.get(name, "")
        if value.isdigit():
            seconds = int(value)
            if seconds > 1_000_000_000:
                seconds = max(1, seconds - int(now.timestamp()))
            return timedelta(seconds=min(seconds, 86_400))
    return None
