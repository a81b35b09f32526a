"""What lies on the server and is asked for when somebody looks: files, and the mark that a message was answered."""

from __future__ import annotations

import re

from comptoir.connectors.mail import bodies
from comptoir.connectors.mail.hearing import Folders
from comptoir.connectors.mail.mailbox import Mailbox
from comptoir.connectors.mail.reading import Box
from comptoir.connectors.mail.wire import Garbled
from comptoir.networks.connector import ConnectorError, Refused, Upload

_URL = re.compile(
    r"part:.{3,500}/(inbox|sent)/(\d{1,10})/(\d{1,10})/(\d{1,4}(?:\.\d{1,4}){0,60})/([\w-]{1,30})", re.ASCII
)
_PLACE = re.compile(r"(inbox|sent)/(\d{1,10})/(\d{1,10})", re.ASCII)


def file(mailbox: Mailbox, folders: Folders, box: Box, remote_id: str, url: str, most: int) -> Upload:
    """A part of a message. Refused("file_gone") when it is not there any more, "file_too_large" when over `most`."""
    found = _URL.fullmatch(url)
    name = folders.all().get(found[1]) if found else None
    if not found or not name:
        raise Refused("file_gone")
    uid = _message(mailbox, name, int(found[2]), int(found[3]), remote_id.removeprefix(f"{box.name}/"))
    section = found[4]
    # In base64 four bytes carry three, and each line ends in two more.
    limit = most * 3 // 2
    try:
        values = mailbox.fetch([uid], f"BODY.PEEK[{section}]<0.{limit + 1}>").get(uid, {})
    except Garbled:
        raise Refused("file_gone") from None
    content = next(
        (v for n, v in values.items() if n.startswith(f"BODY[{section}]") and isinstance(v, bytes)), None
    )
    if content is None:
        raise Refused("file_gone")
    undone = bodies.undone(content, found[5])
    if len(content) > limit or len(undone) > most:
        raise Refused("file_too_large", limit=most)
    return Upload(undone, "application/octet-stream")


def _message(mailbox: Mailbox, folder: str, validity: int, uid: int, message_id: str) -> int:
    """The message's number: as it was, or found by its id where the folder was numbered anew."""
    if mailbox.examine(folder).validity == validity:
        return uid
    if message_id.startswith("none-"):
        raise Refused("file_gone")
    found = mailbox.with_id(message_id)
    if not found:
        raise Refused("file_gone")
    return found[0]


def mark_answered(mailbox: Mailbox, folders: Folders, place: str) -> None:
    """Let other mail programmes see that a message was answered. That it cannot be done is no fault."""
    found = _PLACE.fullmatch(place)
    name = folders.all().get(found[1]) if found else None
    if not found or not name:
        return
    try:
        if mailbox.examine(name, write=True).validity == int(found[2]):
            mailbox.flag([int(found[3])], "+FLAGS.SILENT (\\Answered)")
    except ConnectorError:
        return
