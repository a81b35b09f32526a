"""A thread, its messages, answers and notes as programs read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop
from ninja import Header, Query
from pydantic import BaseModel, Field

from comptoir.inbox.models import Note, Reply
from comptoir.inbox.models.told import Message, Told
from comptoir.networks.correcting import Read
from comptoir.networks.found import label_of
from comptoir.networks.models import Actor
from comptoir.networks.sentences import sentence
from comptoir.organisation.api import COMPANY, PersonBrief
from comptoir.organisation.programs.paging import NUMBER_MOST, Page

Show = Literal[
    "open",
    "unread",
    "mine",
    "free",
    "team",
    "followed",
    "praise",
    "waiting",
    "offered",
    "held",
    "closed",
    "all",
]
ShowAsked = Annotated[Show, Query(description=gettext_noop("Which ones, as the counter's lists have them."))]
WordsAsked = Annotated[
    str,
    Query(
        max_length=4_096,
        description=gettext_noop(
            "Words that one message has all of, the last may be a beginning; or the language of queries."
        ),
    ),
]
ChannelAsked = Annotated[
    int | None, Query(ge=1, le=NUMBER_MOST, description=gettext_noop("Only those on this channel."))
]
AssigneeAsked = Annotated[
    int | None, Query(ge=0, le=NUMBER_MOST, description=gettext_noop("Only this person's; 0 for nobody's."))
]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", max_length=200,
        description=gettext_noop("A word of yours for this answer: asked again under it, it is given once."),
    ),
]  # fmt: skip


class ChannelBrief(BaseModel):
    """The channel that a thread is on."""

    id: int
    network: str
    handle: str


class StrangerBrief(BaseModel):
    """Somebody on a network."""

    id: int
    name: str
    handle: str

    @staticmethod
    def of(actor: Actor | None) -> StrangerBrief | None:
        if actor is None:
            return None
        return StrangerBrief.model_construct(id=actor.pk, name=actor.name, handle=actor.handle)


class Stranger(StrangerBrief):
    """Somebody on a network, as their public profile says."""

    network: str
    url: str
    about: str
    followers: int | None

    @classmethod
    def shown(cls, actor: Actor) -> Stranger:
        return cls.model_construct(
            id=actor.pk, name=actor.name, handle=actor.handle, network=actor.network, url=actor.url,
            about=actor.about, followers=actor.followers,
        )  # fmt: skip


class TeamBrief(BaseModel):
    """Colleagues who are given work together."""

    id: int
    name: str


class QueueBrief(BaseModel):
    """Where threads wait for whoever can answer them."""

    id: int
    name: str


class ThreadShown(BaseModel):
    """One conversation of one person with the brand."""

    id: int
    kind: str = Field(
        description=gettext_noop("What began it: mention, reply, quote, comment, message or review.")
    )
    channel: ChannelBrief
    person: StrangerBrief | None
    assignee: PersonBrief | None
    team: TeamBrief | None
    queue: QueueBrief | None
    state: Literal["new", "open", "person", "colleague", "moment", "closed"] = Field(
        description=gettext_noop("Where it stands; person, colleague and moment are what it waits for.")
    )
    wakes: datetime | None = Field(description=gettext_noop("When it comes back by itself."))
    priority: int = Field(description=gettext_noop("How much it presses: -1, 0, 1, or 2 for urgent."))
    due: datetime | None = Field(
        description=gettext_noop("When a service target is missed, or was; null while none runs.")
    )
    due_for: Literal["", "first", "next", "resolution"] = Field(
        description=gettext_noop("Which one: the first answer, the next one, or the resolution.")
    )
    fields: dict[str, str | int | float | bool] = Field(
        description=gettext_noop("Values of the brand's own fields, by their names.")
    )
    merged_into: int | None = Field(description=gettext_noop("The thread that took it in."))
    closed: datetime | None = Field(
        description=gettext_noop("Since when it is closed, null while it is open.")
    )
    answered: bool = Field(description=gettext_noop("Whether nothing waits for the brand's answer."))
    unread: bool = Field(
        description=gettext_noop("Whether the token's person has not seen its newest message.")
    )
    offered: bool = Field(
        description=gettext_noop("From before the channel was connected, and never answered.")
    )
    messages: int
    last_at: datetime
    last_in: datetime | None = Field(description=gettext_noop("When somebody last wrote to the brand."))
    last_text: str = Field(description=gettext_noop("The beginning of its newest message."))
    newest_reply: int | None = Field(
        description=gettext_noop("The newest answer given here: give it back as seen when you answer.")
    )
    delivery: str | None = Field(description=gettext_noop("What became of that answer."))

    @classmethod
    def of(cls, t: Told) -> ThreadShown:
        person = assignee = None
        if t.person_id is not None:
            person = StrangerBrief.model_construct(id=t.person_id, name=t.person or "", handle=t.handle or "")
        if t.assignee_id is not None:
            assignee = PersonBrief.model_construct(id=t.assignee_id, name=t.has or "")
        team = None
        if t.team_id is not None:
            team = TeamBrief.model_construct(id=t.team_id, name=t.team or "")
        queue = None
        if t.queue_id is not None:
            queue = QueueBrief.model_construct(id=t.queue_id, name=t.queue or "")
        unseen = t.last_in is not None and (t.read_at is None or t.read_at < t.last_in)
        return cls.model_construct(
            id=t.pk, kind=t.kind, person=person, assignee=assignee, closed=t.closed_at, answered=t.answered,
            state=t.standing, wakes=t.wakes_at, priority=t.priority, team=team, merged_into=t.merged_into,
            queue=queue, due=t.due_at, due_for=t.due_for,
            fields=t.fields or {},
            unread=t.standing in ("new", "open") and unseen, offered=t.offered, messages=t.messages, last_at=t.last_at,
            last_in=t.last_in, last_text=t.last_text, newest_reply=t.newest_reply, delivery=t.state,
            channel=ChannelBrief.model_construct(id=t.channel_id, network=t.network, handle=t.channel),
        )  # fmt: skip


class Threads(Page[ThreadShown]):
    """Threads, the one that moved last at the top. One that moves meanwhile stands above the pages already read."""


class Counts(BaseModel):
    """What the network last counted; null where it does not say."""

    likes: int | None
    reposts: int | None
    replies: int | None
    quotes: int | None
    views: int | None


class MediaShown(BaseModel):
    """Something that came beside a text, at its place on the network."""

    kind: str
    url: str
    alt: str


class MessageShown(BaseModel):
    """A message of a thread, ours or theirs."""

    id: int
    at: datetime
    ours: bool = Field(description=gettext_noop("Whether the brand said it."))
    addressed: bool = Field(
        description=gettext_noop("Whether it was said to the brand, or only stands around.")
    )
    kind: str
    author: StrangerBrief | None
    title: str
    text: str = Field(description=gettext_noop("Plain text; empty when its author took it back."))
    warning: str = Field(description=gettext_noop("What its author warns of."))
    language: str = Field(
        description=gettext_noop("As people said, else as its network says, else as it is read.")
    )
    tone: str | None = Field(
        description=gettext_noop(
            "positive, neutral or negative, as people said or as it is read; null where nobody can tell."
        )
    )
    spam: bool | None = Field(
        description=gettext_noop(
            "Whether it is advertising, as people said or as it is read; null of what the brand said."
        )
    )
    toxic: bool | None = Field(
        description=gettext_noop("Whether it may be hateful; null of what the brand said.")
    )
    asks: bool | None = Field(
        description=gettext_noop("Whether its author wants an answer; null of what the brand said.")
    )
    presses: bool | None = Field(
        description=gettext_noop(
            "Whether it speaks of health, of children or of danger; null of what the brand said."
        )
    )
    url: str = Field(description=gettext_noop("Where it stands on the network."))
    media: list[MediaShown]
    edited: datetime | None
    deleted: datetime | None
    reply: int | None = Field(description=gettext_noop("The answer given here that it was."))
    counts: Counts

    @classmethod
    def of(cls, m: Message, read: Read | None) -> MessageShown:
        """`read`: how it is read, None where nothing is."""
        author = None
        if m.person_id is not None:
            author = StrangerBrief.model_construct(id=m.person_id, name=m.person or "", handle=m.handle or "")
        counts = Counts.model_construct(
            likes=m.likes, reposts=m.reposts, replies=m.replies, quotes=m.quotes, views=m.views
        )
        return cls.model_construct(
            id=m.pk, at=m.at, ours=m.own, addressed=m.addressed, kind=m.kind, author=author, title=m.title,
            text=m.text, warning=m.warning, language=read.language if read else m.language, url=m.url,
            tone=(read.tone or None) if read else None, spam=read.signs.spam if read else None,
            toxic=read.signs.toxic if read else None, asks=read.signs.asks if read else None,
            presses=read.signs.presses if read else None, media=_media(m.media),
            edited=m.edited, deleted=m.deleted, reply=m.reply, counts=counts,
        )  # fmt: skip


def _media(media: list[Any]) -> list[MediaShown]:
    return [
        MediaShown.model_construct(
            kind=str(m.get("kind", "")), url=str(m["url"]), alt=str(m.get("alt") or "")
        )
        for m in media
        if isinstance(m, dict) and m.get("url")
    ]


class Messages(Page[MessageShown]):
    """Messages, the newest at the top."""


class AttachedShown(BaseModel):
    """Something that lies beside an answer."""

    mime: str
    alt: str
    name: str


class ReplyShown(BaseModel):
    """An answer given here, and what became of it."""

    id: int
    text: str = Field(description=gettext_noop("What leaves, with its signature."))
    signed: str = Field(description=gettext_noop("How: none, first_name, real_name or initials."))
    author: PersonBrief | None
    on_behalf_of: str = Field(description=COMPANY)
    created: datetime
    state: str = Field(description=gettext_noop("waiting, sending, sent, refused, uncertain or withdrawn."))
    code: str = Field(
        description=gettext_noop("Why it waits or did not leave, as a code that never changes.")
    )
    why: str = Field(description=gettext_noop("The same as a sentence."))
    leaves: datetime | None = Field(
        description=gettext_noop("When it leaves, or is tried again, while it waits.")
    )
    tries: int
    url: str
    attached: list[AttachedShown]

    @classmethod
    def of(cls, reply: Reply, network: str) -> ReplyShown:
        delivery = reply.delivery
        why = sentence(delivery.code, delivery.facts, label_of(network)) if delivery.code else ""
        waits = delivery.state == delivery.State.WAITING
        return cls.model_construct(
            id=reply.pk, text=delivery.text, signed=reply.signed,
            author=PersonBrief.of(reply.author) if reply.author else None, on_behalf_of=reply.on_behalf_of,
            created=reply.created,
            state=str(delivery.state), code=delivery.code, why=why,
            leaves=delivery.not_before if waits else None, tries=delivery.tries, url=delivery.url,
            attached=[
                AttachedShown.model_construct(mime=one.mime, alt=one.alt, name=one.name)
                for one in delivery.attachments.all()
            ],
        )  # fmt: skip


class Replies(Page[ReplyShown]):
    """Answers, the newest at the top."""


class NoteShown(BaseModel):
    """Something that only colleagues see."""

    id: int
    text: str
    author: PersonBrief | None
    on_behalf_of: str = Field(description=COMPANY)
    created: datetime

    @classmethod
    def of(cls, note: Note) -> NoteShown:
        author = PersonBrief.of(note.author) if note.author else None
        return cls.model_construct(
            id=note.pk, text=note.text, author=author, on_behalf_of=note.on_behalf_of, created=note.created
        )


class Notes(Page[NoteShown]):
    """Notes, the newest at the top."""
