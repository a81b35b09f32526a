"""An answer as a message: what a person wrote, in a form that every programme reads and nobody can slip a line into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from hashlib import sha256

from comptoir.connectors.mail.guessing import ANSWERS
from comptoir.connectors.mail.places import is_address
from comptoir.connectors.mail.reading import MOST_REFERENCES, Box
from comptoir.networks.connector import Activity, Refused, Upload

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it leaves: its id, whom it is for, and its bytes with their line ends."""

    message_id: str
    to: str
    content: bytes
    references: tuple[str, ...]


def message_id(key: str, box: Box) -> str:
    """The id of the message that one delivery sends: the same for each of its tries, and found again by it."""
    token = key if re.fullmatch(r"[0-9A-Za-z-]{8,64}", key) else sha256(key.encode()).hexdigest()[:40]
    domain = box.domain if box.domain.isascii() else box.domain.encode("idna").decode("ascii", "replace")
    return f"{token}.comptoir@{domain}"


def answer(to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime, box: Box) -> Outgoing:
    """The answer to a message: to its author alone, in its thread. Refused("nobody_to_answer") when there is no way."""
    whom = str(to.facts.get("answer_to") or "")
    if not is_address(whom):
        raise Refused("nobody_to_answer")
    mail = EmailMessage(
        policy=(SMTP if whom.rpartition("@")[0].isascii() else SMTPUTF8).clone(max_line_length=76)
    )
    try:
        mail["From"] = _named(box.me.name, box.me.handle)
        mail["To"] = _named(to.actor.name, whom)
    except (ValueError, HeaderParseError, IndexError):
        raise Refused("nobody_to_answer") from None
    mail["Subject"] = subject(to.title)
    mail["Date"] = format_datetime(at)
    mail.set_content(_CONTROL.sub("", text), charset="utf-8", cte="quoted-printable")
    for number, file in enumerate(media, 1):
        _attach(mail, number, file)
    mine = message_id(key, box)
    above = _above(to)
    # Written by hand: the library would fold a long id, and a folded id is another one.
    head = f"Message-ID: <{mine}>\r\n"
    if above:
        head += (
            f"In-Reply-To: <{above[-1]}>\r\nReferences: "
            + "\r\n ".join(f"<{each}>" for each in above)
            + "\r\n"
        )
    return Outgoing(mine, _routed(whom), head.encode("ascii") + mail.as_bytes(), tuple(above))


def subject(title: str) -> str:
    """The subject of an answer to that one: marked once, however often it was before."""
    bare = ANSWERS.sub("", one_line(title)).strip()[:400]
    return f"Re: {bare}" if bare else "Re:"


def one_line(text: str) -> str:
    """Words that fit in a head: no line ends, nothing invisible."""
    return " ".join(_ODD.sub(" ", text).split())


def _above(to: Activity) -> list[str]:
    """The messages above the answer, the answered one last; what is no id is left out."""
    own = str(to.facts.get("id") or "")
    given = to.facts.get("references")
    chain = [str(each) for each in given] if isinstance(given, list) else []
    if own.startswith("none-"):
        own = ""
    ids = [each for each in dict.fromkeys([*chain, own]) if _ID.fullmatch(each) and each != own]
    if own and _ID.fullmatch(own):
        ids.append(own)
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]]


def _named(name: str, address: str) -> Address:
    """Somebody as a head writes them."""
    user, _at, domain = _routed(address).rpartition("@")
    return Address(one_line(name)[:100], user, domain)


def _routed(address: str) -> str:
    """The address with its domain in the form that all servers know."""
    name, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{name}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise Refused("nobody_to_answer") from None


def _attach(mail: EmailMessage, number: int, file: Upload) -> None:
    main, _slash, sub = file.mime.partition("/")
    ending = {"jpeg": "jpg", "plain": "txt", "svg+xml": "svg"}.get(
        sub, re.sub(r"[^a-z0-9]", "", sub.lower())[:8]
    )
    name = (
        one_line(file.name)[:100] or f"{'picture' if main == 'image' else 'file'}-{number}.{ending or 'bin'}"
    )
    mail.add_attachment(
        file.content, maintype=main or "application", subtype=sub or "octet-stream", filename=name
    )
    if file.alt:
        part = list(mail.iter_attachments())[-1]
        part["Content-Description"] = one_line(file.alt)[:500]
