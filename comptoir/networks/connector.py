"""The contract between Comptoir and a network: all that a connector may import of ours, and all that it owes us.

A connector is a class that names its network, lists what it can do by the abilities it inherits, and turns the
network's own objects into the plain, frozen values of this module. It opens no connection itself: it is handed an
HTTP client (`self.http`), the secrets of its grant (`self.grant`), the answers of its connection form
(`self.settings`) and, once connected, the account it speaks for (`self.me`).

    class Example(Connects, Fetches, Replies, Connector): ...

Three errors only leave a connector: `TryLater`, `Refused`, `Reconnect`; one that speaks over a line of its own may
also say `Unanswered`. What the HTTP client raises (`Unreachable`, `Forbidden`, `TooLarge`, `BadAnswer`) may pass
through: the rooms read it as `TryLater` or `Refused`, or as unanswered where something may have been done.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from comptoir.networks.handed import Http, Messages, Response, Secrets, Stream, multipart, retry_after
from comptoir.networks.keeping_order import Blocks, Moderates, Reports
from comptoir.networks.markup import Marked, plain
from comptoir.networks.overhearing import Introduces, Overhears, Recalls, Searches, Woken
from comptoir.networks.reaching import SaysLanguage, Targets
from comptoir.networks.standing_here import StandsHere
from comptoir.networks.taking_video import TakesVideo, VideoLimits
from comptoir.networks.values import (
    OPENING,
    SENSITIVE,
    SILENT,
    Account,
    Activity,
    Actor,
    Authorisation,
    Carries,
    Connected,
    Counts,
    Field,
    Gone,
    Ground,
    Hub,
    Intent,
    Json,
    Kind,
    Length,
    Media,
    Overheard,
    Pace,
    Page,
    Place,
    Proposed,
    Remark,
    Said,
    Sent,
    Span,
    Standing,
    Unusable,
    Upload,
    Verdict,
    once,
)

__all__ = [
    "OPENING", "SENSITIVE", "SILENT", "Account", "Activity", "Actor", "Attaches", "Authorisation",
    "Authorises", "Blocks", "Carries", "Connected", "Connector", "ConnectorError", "Connects", "Counted",
    "Counts", "Deletes", "Discusses", "Edits", "Fetches", "Field", "Finds", "Followed", "Gone", "Ground", "Http",
    "Hub", "Intent", "Introduces", "Json", "Keyed", "Kind", "Length", "Marked", "Measures", "Media", "Messages",
    "Moderates", "Overheard", "Overhears", "Pace", "Page", "Place", "Proposed", "Publishes", "Recalls", "Rechecks",
    "Reconnect", "Refused", "Rehearses", "Remark", "Replies", "Reports", "Response", "Said",
    "SaysLanguage", "Searches", "Secrets", "Sent", "Span", "Standing", "StandsHere", "Stream", "Streams",
    "TakesVideo", "Targets", "TryLater", "Unanswered", "Unusable", "Upload", "Verdict", "VideoLimits", "Warns",
    "Woken", "multipart", "once", "plain", "retry_after",
]  # fmt: skip


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


class Unanswered(ConnectorError):
    """What was said left, and nobody told whether it arrived: it is looked for, and never said again by itself."""


class Connector:
    """What every connector has. Sub-classes add abilities; nothing here speaks to the network."""

    network: ClassVar[str]
    label: ClassVar[str]
    sign: ClassVar[str] = ""
    """One or two characters that stand for it in lists; "" means the first two of the label."""
    every: ClassVar[timedelta] = timedelta(seconds=5)
    """How often to fetch when nothing asks otherwise."""
    options: ClassVar[tuple[Field, ...]] = ()
    """Questions of the page of a connected channel, answered at any time: see `option`. None of them a secret."""
    first: bool = False
    """Whether what is said now was surely never said before under its key: nothing of it has to be looked for."""

    def __init__(
        self,
        http: Http,
        grant: Secrets,
        settings: Mapping[str, Json],
        me: Actor | None = None,
        now: datetime | None = None,
        facts: Callable[[Sequence[str]], Mapping[str, Mapping[str, Json]]] | None = None,
    ) -> None:
        self.http = http
        self.grant = grant
        self.settings = settings
        self.me = me
        self._now = now
        self._facts = facts

    def option(self, name: str) -> str:
        """What people chose for one of the `options`, else what it proposes."""
        chosen = self.settings.get("options")
        proposed = {field.name: field.default for field in self.options}
        return str({**proposed, **(chosen if isinstance(chosen, dict) else {})}[name])

    def facts_of(self, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, Json]]:
        """The facts that this network's connectors gave with messages, by their ids; those not kept are left out.

        Another channel may have been the one that gave them.
        """
        return self._facts(remote_ids) if self._facts and remote_ids else {}

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


class Authorises(ABC):
    """Can be connected by asking its network for a grant in the person's browser (OAuth)."""

    form: ClassVar[tuple[Field, ...]]

    @abstractmethod
    def authorise(self, answers: Mapping[str, str], back: str, state: str) -> Authorisation | None:
        """Where to send the browser. The network sends it on to `back`, with `state` among the parameters.

        None when the answers are enough to `connect` without asking, for networks that can do both.
        """

    @abstractmethod
    def authorised(self, kept: Mapping[str, str], parameters: Mapping[str, str]) -> Connected:
        """What the network gives for the parameters that the browser came back with. Refused when it gave nothing."""


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


class Streams(Fetches):
    """Is told by its network that something came, and then fetches: no message depends on the stream alone."""

    quiet: ClassVar[timedelta] = timedelta(minutes=1)
    """How often to fetch all the same while the stream is open."""

    @abstractmethod
    def listen(self) -> Iterator[bool]:
        """True when something may have come, first of all as soon as the line is open; False at least once a minute.

        The rooms close the iterator between two of its values. It ends, or raises, when the line does.
        """


class Rechecks(ABC):
    """Learns of deletions and edits by asking for messages again."""

    recheck_batch: ClassVar[int]
    rests: bool = False
    """Whether the network would rather not be asked more for now: then `recheck` gives nothing."""

    @abstractmethod
    def recheck(self, remote_ids: Sequence[str]) -> Sequence[Activity | Gone | Actor]:
        """Of at most `recheck_batch` messages, those gone or changed, and who said them, if that is told as well."""


class Counted(ABC):
    """Knows how its network counts a text."""

    images: ClassVar[int] = 0
    image_bytes: ClassVar[int] = 0
    image_words: ClassVar[int] = 1_500
    files: ClassVar[bool] = False
    """Whether other files than pictures can lie beside a text, within the same bounds."""

    def carries(self) -> Carries:
        """What may lie beside a text; a connector whose servers differ asks its settings."""
        return Carries(self.images, self.image_bytes, self.image_words, self.files)

    @abstractmethod
    def length(self, text: str) -> Length:
        """The text's length as the network counts."""

    def check(self, text: str, media: Sequence[Upload] = (), length: Length | None = None) -> None:
        """Refused("too_long", "empty", "too_many_images", "image_too_large") when the network would not take it.

        `length` where more counts than the text.
        """
        length = length or self.length(text)
        if not length.fits:
            raise Refused("too_long", limit=length.limit, over=length.over)
        if not text.strip() and not media:
            raise Refused("empty")
        takes = self.carries()
        if len(media) > takes.most:
            raise Refused("too_many_images", limit=takes.most)
        if any(len(one.content) > takes.size for one in media):
            raise Refused("image_too_large", limit=takes.size)


class Replies(Counted):
    """Can answer a message."""

    paces: ClassVar[tuple[Pace, ...]] = ()
    """How many messages the network takes from one account; what is answered to many at once keeps within it."""

    @abstractmethod
    def reply(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Answer `to`. `key` and `at` stay the same for every try of one delivery."""

    def answer_length(self, to: Activity, text: str, warning: str = "") -> Length:
        """How long an answer to `to` is, with what the connector puts in front of it."""
        return self.length(text)


class Publishes(Counted):
    """Can post."""

    @abstractmethod
    def publish(self, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Post. `key` and `at` stay the same for every try of one delivery."""

    def post_length(self, text: str, warning: str = "") -> Length:
        """How long a post is, with the warning above it."""
        return self.length(text)


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


class Edits(ABC):
    """Can change what it said. Changing twice to the same text is changing once."""

    @abstractmethod
    def edit(self, remote_id: str, text: str) -> None:
        """Say this instead. Refused when it is gone or the network will not."""


class Warns:
    """Marks a network whose messages may carry a content warning: `reply` and `publish` take `warning` as well."""


class Attaches(ABC):
    """Keeps the files beside its messages where no web address leads: the rooms ask it for them."""

    @abstractmethod
    def attachment(self, remote_id: str, url: str) -> Upload:
        """The file of a message whose `Media.url` this is. Refused when it is gone."""


class Discusses(ABC):
    """Is a room of the team's own, and no place where strangers write: `fetch` gives `Remark` and `Gone` alone."""

    @abstractmethod
    def tell(self, text: str, key: str) -> Sent:
        """Say it in the room; the same key twice is one message."""


class Measures(ABC):
    """Knows public counts."""

    @abstractmethod
    def measure(self, remote_ids: Sequence[str]) -> Sequence[Counts]:
        """Counts of at most 25 messages; those that are gone are left out."""


class Followed(ABC):
    """Knows how many follow the account."""

    @abstractmethod
    def followers(self) -> int | None:
        """How many follow the account now, None where the network does not say."""


class Rehearses(ABC):
    """Is a stage: storms can be ordered on it."""

    scenarios: ClassVar[tuple[str, ...]]
    worth_hearing: ClassVar[Mapping[str, str]] = {}
    """Queries for whoever tries listening there, by their names."""
    worth_saying: ClassVar[Sequence[Proposed]] = ()
    """Posts for whoever tries speaking there."""

    @abstractmethod
    def rehearse(self, scenario: str, rate: float, seconds: float) -> Mapping[str, Json]:
        """The channel's new settings for `rate` messages a second over `seconds`, from now. ValueError if unknown."""
