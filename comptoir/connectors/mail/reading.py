"""A message of the mailbox as an activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from comptoir.connectors.mail import bodies, machines
from comptoir.connectors.mail.headers import Headers
from comptoir.connectors.mail.headers import Mailbox as Person
from comptoir.connectors.mail.machines import Report
from comptoir.connectors.mail.structure import Part
from comptoir.networks.connector import Activity, Actor, Json, Kind, Media

MOST_FILES = 20
MOST_REFERENCES = 40
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
_SIGNED = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_TINY = 2_000
"""Bytes: an inline picture that small is a line of a newsletter or somebody's counter."""
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Box:
    """The mailbox as messages are read in it. `name` sets its ids apart from those of every other mailbox."""

    name: str
    me: Actor

    def id(self, message_id: str) -> str:
        """A message's id on the counter: two mailboxes, and so two brands, never share one."""
        return f"{self.name}/{message_id}"

    @property
    def domain(self) -> str:
        return self.me.remote_id.rsplit("@", 1)[1]


@dataclass(slots=True)
class Letter:
    """A message as its server described it, and those of its parts that were asked for.

    `answers` is the head of the message that it must answer, where it does not say so itself.
    """

    place: str
    arrived: datetime
    headers: Headers
    raw: bytes
    root: Part
    contents: dict[str, bytes] = field(default_factory=dict)
    answers: Headers | None = None

    @property
    def message_id(self) -> str:
        """Its own id; one made of its head where it has none."""
        found = next(iter(self.headers.ids("message-id")), "")
        return found or f"none-{sha256(self.raw).hexdigest()[:32]}"

    @property
    def is_report(self) -> bool:
        return machines.looks_returned(self.headers, self.root)

    def wanted(self) -> list[str]:
        """The sections to ask for before it can be read."""
        wanted = [part.section for part in bodies.texts(self.root)]
        if self.is_report:
            status, original = machines.report_parts(self.root)
            if status:
                wanted.append(status.section)
            if original:
                wanted.append(original_section(original))
        return list(dict.fromkeys(wanted))


def original_section(part: Part) -> str:
    """How to ask for the head of a message that came back."""
    return f"{part.section}.HEADER" if part.kind in ("message/rfc822", "message/global") else part.section


def activity(letter: Letter, box: Box, own: bool) -> Activity:
    """The message. What lies in the folder of what was sent is the brand's `own`, and nothing else is."""
    headers = letter.headers
    actor, answer_to = (box.me, "") if own else author(headers, box)
    report = None if own else report_of(letter)
    chain = _chain(headers)
    if letter.answers:
        chain = [*_chain(letter.answers), *letter.answers.ids("message-id")]
    in_reply_to = next(iter(headers.ids("in-reply-to")[:1]), "") or (chain[-1] if chain else "")
    root = chain[0] if chain else in_reply_to
    if report and report.about:
        in_reply_to, root = report.about, (report.references or (report.about,))[0]
    known = in_reply_to.endswith(f"@{box.domain}")
    automatic = "" if own else report.kind if report else machines.kind_of(headers, box.me.remote_id, known)
    subject = headers.text("subject")
    body = bodies.read(letter.root, bodies.texts(letter.root), letter.contents, _forwarded(subject))
    text, old, spans = body.text, body.old, body.spans
    if report and report.reason:
        text, old, spans = report.reason, "\n\n".join(x for x in (body.text, body.old) if x), ()
    return Activity(
        remote_id=box.id(letter.message_id),
        kind=Kind.MESSAGE,
        actor=actor,
        published=published(letter),
        text=text,
        quoted=old,
        title=subject[:500],
        in_reply_to=box.id(in_reply_to) if in_reply_to else "",
        conversation=box.id(root) if root else "",
        about=box.id(report.about) if report and report.about else "",
        media=files(letter.root, f"{box.name}/{letter.place}"),
        spans=spans,
        addressed=not own and not automatic,
        automatic=automatic,
        facts=_facts(letter, chain, answer_to, own),
    )


def report_of(letter: Letter) -> Report | None:
    """What a delivery report says, None for every other message."""
    if not letter.is_report:
        return None
    status, original = machines.report_parts(letter.root)
    said = bodies.read(letter.root, bodies.texts(letter.root), letter.contents, forwarded=True)
    return machines.read_report(
        letter.headers,
        bodies.undone(letter.contents.get(status.section, b""), status.encoding) if status else b"",
        letter.contents.get(original_section(original), b"") if original else b"",
        said.text,
    )


def author(headers: Headers, box: Box) -> tuple[Actor, str]:
    """Who wrote it, and the address that an answer goes to.

    Whoever is answered is who is shown: a Reply-To of one address is the person, except on a list. What claims to come
    from our own address without lying among what we sent is somebody of that name, not the brand.
    """
    senders = headers.mailboxes("from") or headers.mailboxes("sender")
    sender = senders[0] if senders else Person("", headers.text("from")[:200])
    wanted = [each for each in headers.mailboxes("reply-to") if each.address.lower() != box.me.remote_id]
    named = wanted[0] if len(wanted) == 1 and "list-id" not in headers else None
    person = Person(named.address, named.name or sender.name) if named else sender
    address = person.address.lower()
    if not address:
        return Actor("unknown", person.name or "?", person.name), ""
    ours = address == box.me.remote_id
    return Actor(f"claims:{address}" if ours else address, address, person.name), person.address


def is_claimed(headers: Headers, box: Box) -> bool:
    """Whether a message says that it is ours and names nobody else to answer."""
    return author(headers, box)[0].remote_id == f"claims:{box.me.remote_id}"


def files(root: Part, place: str) -> tuple[Media, ...]:
    """What came beside the words: kept on the server, fetched when somebody looks."""
    found: list[tuple[bool, Media]] = []
    shown = {part.section for part in bodies.texts(root)}
    for part in root.walk():
        if part.is_multipart or part.kind in _SIGNED or part.kind == "message/delivery-status":
            continue
        if (part.section in shown or part.kind == "text/html") and not bodies.is_file(part):
            continue
        if part.kind == "text/plain" and not bodies.is_file(part):
            continue
        inline = bool(part.cid) and part.disposition != "attachment"
        if inline and part.size < _TINY:
            continue
        kind = "image" if part.kind in _PICTURES else part.kind.split("/")[0]
        size = part.size * 3 // 4 if part.encoding == "base64" else part.size
        url = f"part:{place}/{part.section}/{part.encoding}"
        name = part.filename or ("message.eml" if part.kind == "message/rfc822" else "")
        kind = kind if kind in ("image", "video", "audio") else "file"
        found.append((inline, Media(url, kind, "", name=name, mime=part.kind, size=size)))
    found.sort(key=lambda each: each[0])
    return tuple(media for _inline, media in found[:MOST_FILES])


def _chain(headers: Headers) -> list[str]:
    """The messages above, the first one first: of very many the first and the last."""
    ids = headers.ids("references")
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]]


def published(letter: Letter) -> datetime:
    """When its author says; when it arrived where that cannot be."""
    said = letter.headers.date()
    if said is None or said.year < 1995 or said > letter.arrived + _AHEAD:
        return letter.arrived.astimezone(UTC)
    return said


def _forwarded(subject: str) -> bool:
    return subject.lower().lstrip().startswith(("fwd:", "fw:", "tr:", "tr :", "wg:", "rv:", "i:"))


def _facts(letter: Letter, chain: list[str], answer_to: str, own: bool) -> Mapping[str, Json]:
    """What an answer needs, and what others may want to know of how it came."""
    headers = letter.headers
    facts: dict[str, Any] = {"id": letter.message_id, "references": chain, "place": letter.place}
    if not own:
        facts["answer_to"] = answer_to
    if copied := [box.address.lower() for box in headers.mailboxes("cc")][:20]:
        facts["cc"] = copied
    if own:
        facts["to"] = [box.address.lower() for box in headers.mailboxes("to")][:20]
    spam = {
        name: headers.text(name)[:200]
        for name in (
            "x-spam-flag",
            "x-spam-status",
            "x-spam",
            "x-rspamd-score",
            "x-ms-exchange-organization-scl",
        )
        if name in headers
    }
    if spam:
        facts["spam"] = spam
    if "list-id" in headers:
        facts["list"] = headers.text("list-id")[:200]
    return facts
