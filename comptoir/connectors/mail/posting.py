"""Saying it once. SMTP forgets what it was told, so the mailbox itself is the book: a draft is laid down before the
last step and becomes the sent copy after it. Whoever comes later reads there how far it went.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.connectors.mail.mailbox import Mailbox
from comptoir.connectors.mail.smtp import Post
from comptoir.connectors.mail.writing import Outgoing
from comptoir.networks.connector import ConnectorError, Refused, TryLater, Unanswered

_BEFORE = timedelta(days=2)
"""How long before a delivery was ordered its copies are looked for: clocks of servers differ."""


class Journal:
    """Where one message stands: `drafts` and `sent` are the folders that say it. Either may be "" and say nothing."""

    def __init__(self, mailbox: Mailbox, drafts: str, sent: str) -> None:
        self._mailbox = mailbox
        self._drafts = drafts
        self._sent = sent

    @property
    def is_complete(self) -> bool:
        """Whether what it does not say did not happen: without one of its folders it cannot know."""
        return bool(self._drafts and self._sent)

    def is_sent(self, message_id: str, at: datetime) -> bool:
        """Whether the copy of what was sent is there, ours or one that the server made itself."""
        return bool(self._copies(self._sent, message_id, at))

    def is_begun(self, message_id: str, at: datetime) -> bool:
        """Whether somebody came as far as handing it over."""
        return bool(self._copies(self._drafts, message_id, at))

    def begin(self, mail: Outgoing, at: datetime) -> None:
        """Lay the draft down, unless an earlier try did. From now on the message may be out."""
        if self._drafts and not self.is_begun(mail.message_id, at):
            self._mailbox.append(self._drafts, "\\Draft \\Seen", at, mail.content)

    def finish(self, mail: Outgoing, at: datetime) -> None:
        """It is out: the draft becomes the sent copy, unless the server keeps one by itself."""
        kept = self.is_sent(mail.message_id, at)
        if self._sent and not kept and not self._drafts:
            self._mailbox.append(self._sent, "\\Seen", at, mail.content)
        drafts = self._copies(self._drafts, mail.message_id, at, write=True)
        if not drafts:
            return
        if kept or not self._sent:
            self._mailbox.remove(drafts)
            return
        self._mailbox.flag(drafts[:1], "-FLAGS.SILENT (\\Draft)")
        if not self._mailbox.move(drafts[:1], self._sent):
            self._mailbox.append(self._sent, "\\Seen", at, mail.content)
            self._mailbox.examine(self._drafts, write=True)
            self._mailbox.remove(drafts[:1])
        self._mailbox.remove(drafts[1:])

    def drop(self, message_id: str, at: datetime) -> None:
        """It surely did not leave: take the draft away."""
        self._mailbox.remove(self._copies(self._drafts, message_id, at, write=True))

    def _copies(self, folder: str, message_id: str, at: datetime, write: bool = False) -> list[int]:
        if not folder:
            return []
        self._mailbox.examine(folder, write)
        return self._mailbox.with_id(message_id, (at - _BEFORE).date())


def post(mail: Outgoing, at: datetime, sender: str, journal: Journal, way: Post) -> None:
    """Send a message, unless it was sent before. Unanswered when it may be out and nobody can tell."""
    if journal.is_sent(mail.message_id, at):
        return
    way.offer(sender, mail.to, len(mail.content))
    journal.begin(mail, at)
    try:
        way.leave(mail.content, mail.to)
    except (Refused, TryLater):
        journal.drop(mail.message_id, at)
        raise
    try:
        journal.finish(mail, at)
    except (ConnectorError, OSError):
        # It is out, which is what counts. A draft that stays behind harms nobody.
        return


def where(message_id: str, at: datetime, journal: Journal) -> bool:
    """Whether a message left: True, or False when it surely did not. Unanswered when nobody can tell."""
    if journal.is_sent(message_id, at):
        journal.drop(message_id, at)
        return True
    if journal.is_begun(message_id, at) or not journal.is_complete:
        raise Unanswered("uncertain")
    return False
