"""The plain, frozen values that pass between a network's connector and the rooms. Connectors import them from
`networks.connector`, which is the whole contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

Json = Any
"""What `json.loads` gives: kept and handed back as it is, never looked into by the rooms."""


class Kind(StrEnum):
    """What an activity is. Only the kinds in `OPENING` can open a thread."""

    POST = "post"
    REPLY = "reply"
    MENTION = "mention"
    QUOTE = "quote"
    COMMENT = "comment"
    MESSAGE = "message"
    REVIEW = "review"
    LIKE = "like"
    FOLLOW = "follow"
    REPOST = "repost"


class Verdict(StrEnum):
    """What the brand decides about a message in a place that is its own. `APPROVE` takes back each of the others."""

    APPROVE = "approve"
    HOLD = "hold"
    SPAM = "spam"
    REMOVE = "remove"


OPENING = frozenset({Kind.REPLY, Kind.MENTION, Kind.QUOTE, Kind.COMMENT, Kind.MESSAGE, Kind.REVIEW})
SILENT = frozenset({Kind.LIKE, Kind.FOLLOW, Kind.REPOST})
SENSITIVE = "Sensitive media"
"""The content warning of a message whose author marked its pictures so and said no more: an English msgid."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who speaks on a network. `remote_id` is unique on the network and never changes; a handle may."""

    remote_id: str
    handle: str
    name: str = ""
    avatar: str = ""
    url: str = ""
    about: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, film or file beside a text. `url` is fetched through the inside guard, never by the browser.

    Of a connector that `Attaches` it is whatever leads that connector to the file, the same for no other one, and
    `name`, `mime` and `size` (bytes, about) are what the message says of it.
    """

    url: str
    kind: str = "image"
    alt: str = ""
    width: int | None = None
    height: int | None = None
    thumbnail: str = ""
    name: str = ""
    mime: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text that points somewhere: `start` and `end` count characters (code points), end excluded.

    `kind` is "link", "mention" or "tag"; `target` an https address, for every kind.
    """

    start: int
    end: int
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that somebody did on a network.

    remote_id     unique on the network for ever (on networks of many servers it contains the server).
    published     when the author says; aware. What a clock ahead says is kept, the order is the rooms' business.
    in_reply_to   remote id of the message answered, "" for none.
    conversation  remote id under which messages belong together when the answered message is not known to us;
                  "" means the message's own id. Comments below a brand's post are one conversation a commenter.
    about         remote id of what is liked, reposted or quoted.
    addressed     False for what only gives context (the strangers' messages above a mention): shown, needs no answer.
    deleted       True when its author took it back: the text is blanked here too.
    edited        when its author last changed it.
    quoted        what its author did not write anew: earlier messages, a signature. Shown folded away.
    automatic     "" for a person's words. A machine's need no answer, so they are not `addressed`: "answer" (an
                  automatic one), "bulk" (sent to many, or by itself), and about a message of the brand's own (`about`),
                  with the reason as the text, "returned" (it came back) or "delayed".
    title         the subject of a mail, the headline of a page: what stands above the text.
    warning       a content warning: the author wants it read before the text is shown.
    standing      "" where everybody sees it; "held", "spam" or "removed" while the brand's own place hides it.
    facts         what the connector needs again to answer it (plain JSON, opaque to the rooms).
    """

    remote_id: str
    kind: Kind
    actor: Actor
    published: datetime
    text: str = ""
    language: str = ""
    url: str = ""
    in_reply_to: str = ""
    conversation: str = ""
    about: str = ""
    media: tuple[Media, ...] = ()
    spans: tuple[Span, ...] = ()
    addressed: bool = True
    deleted: bool = False
    edited: datetime | None = None
    title: str = ""
    warning: str = ""
    standing: str = ""
    quoted: str = ""
    automatic: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gone:
    """A message that its author took back, when nothing else of it is known any more."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said in a room of the team's own, `below` a message of ours. `author` is their name there."""

    remote_id: str
    below: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unusable:
    """What the network sent and we could not read: set aside with its reason and shown, the rest goes on.

    `raw` is cut to 10,000 characters when it is stored.
    """

    remote_id: str
    reason: str
    raw: str = ""


class Standing(StrEnum):
    """What became of an account. What the closed said is to be gone; what the hidden said is not shown for now."""

    OPEN = "open"
    HIDDEN = "hidden"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Account:
    """News of an account: what became of it (None: as before), what it is called now ("": not said, ask)."""

    remote_id: str
    standing: Standing | None = None
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Overheard:
    """One batch of what is said in public. It is kept and its cursor with it in one transaction.

    at      when the last of it happened, as the place says: how far behind we are is told by it. None where nothing
            did, or the place does not say.
    passed  what else went by and was none of our business (likes, things of other programs).
    missed  True when the place could not go back to the cursor that it was given: what was said in between is lost.
    after   how long to leave it alone before the next batch: places that are asked, and do not tell by themselves.
    """

    items: Sequence[Activity | Gone | Account | Unusable]
    cursor: Json
    at: datetime | None = None
    passed: int = 0
    missed: bool = False
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Hub:
    """Who calls when a place has something new, and what the place is called there."""

    address: str
    topic: str


@dataclass(frozen=True, slots=True)
class Intent:
    """What a hub asks back or tells: "subscribe", "unsubscribe" or "denied". `challenge` is to be said back,
    `lease` is for how long it will call, nothing where it does not say."""

    mode: str
    topic: str
    challenge: str = ""
    lease: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to listen. `address` is the same whenever the same place is meant, `name` what people call it."""

    address: str
    name: str
    settings: Mapping[str, Json] = field(default_factory=dict)


def once[Heard: Activity | Gone | Unusable](items: Sequence[Heard]) -> list[Heard]:
    """Each object once: what is addressed to the brand may also be the context of something else."""
    kept: dict[str, Heard] = {}
    for item in items:
        if item.remote_id not in kept or (isinstance(item, Activity) and item.addressed):
            kept[item.remote_id] = item
    return list(kept.values())


@dataclass(frozen=True, slots=True)
class Said:
    """What the brand said through us since the last fetch: only connectors without a server of their own need it."""

    remote_id: str
    in_reply_to: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One step of a fetch. It is stored and its cursor kept in one transaction, so nothing falls between two steps.

    more      True when the next step should follow at once.
    after     when to come again, where the place asked says so; None is the connector's own pace.
    settings  plain settings of the channel that changed on the way (limits of a server, say), kept with the cursor.
    """

    items: Sequence[Activity | Gone | Remark | Unusable]
    cursor: Json
    more: bool = False
    after: timedelta | None = None
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send beside a text; `content` has passed our own checks of size and type. `name`: of no picture."""

    content: bytes
    mime: str
    alt: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Carries:
    """What a network takes beside one text: how many pictures, how large each (bytes), how many letters may describe
    it, and whether other files go as well."""

    most: int
    size: int
    words: int
    files: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What is on the network now: enough to store it as an activity of the brand."""

    remote_id: str
    url: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """Public counts of one message, None where the network does not say."""

    remote_id: str
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is as its network counts; `over`: how far past the tightest limit, 0 or less if it fits."""

    count: int
    limit: int
    over: int

    @property
    def fits(self) -> bool:
        return self.over <= 0


@dataclass(frozen=True, slots=True)
class Pace:
    """So many messages of one account in so long, as its network allows."""

    number: int
    every: timedelta


@dataclass(frozen=True, slots=True)
class Ground:
    """Why something can be reported on a network. `label` is an English msgid, translated where it is shown, or a rule
    in its own words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a connection form. `label` and `help` are English msgids, translated where they are shown."""

    name: str
    label: str
    help: str = ""
    kind: str = "text"  # text | password | url | number | choice
    default: str = ""
    required: bool = True
    secret: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """A post for whoever tries speaking on a stage.

    texts     what it says, by language; the first one is for all
    days      after how many days it leaves, at `hour` by the brand's clock; None leaves it a draft, or an idea
    tip       whether it waits in the queue instead
    campaign  the name and the purpose of what it is for; else `reason` says why it is for none
    """

    title: str
    texts: Mapping[str, Sequence[str]]
    days: int | None = None
    hour: int = 9
    tip: bool = False
    idea: bool = False
    campaign: tuple[str, str] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """A channel as its network accepted it: the account, its secrets (encrypted at rest) and plain settings."""

    me: Actor
    grant: Mapping[str, str]
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Where the browser is sent to be asked for a grant, and what the connector needs when it comes back.

    `kept` is sealed with the person's session, handed back once and then forgotten.
    """

    url: str
    kept: Mapping[str, str]
