"""A mailbox: heard over IMAP, answered over SMTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from comptoir.connectors.mail import keeping, settling, writing
from comptoir.connectors.mail.hearing import PAGE, Ears, Folders
from comptoir.connectors.mail.mailbox import Mailbox
from comptoir.connectors.mail.places import Place
from comptoir.connectors.mail.posting import Journal, post, where
from comptoir.connectors.mail.reading import Box
from comptoir.connectors.mail.smtp import Post
from comptoir.networks.connector import (
    Activity,
    Actor,
    Attaches,
    Connected,
    Connector,
    Connects,
    Field,
    Finds,
    Json,
    Length,
    Page,
    Replies,
    Said,
    Sent,
    Streams,
    Upload,
)

_SECURITY = (
    ("auto", "Find out"),
    ("tls", "TLS from the start"),
    ("starttls", "STARTTLS"),
    ("none", "None, inside one's own network only"),
)


class Mail(Connects, Streams, Replies, Finds, Attaches, Connector):
    """One mailbox. Its settings name servers and folders; its grant holds the password, as mail knows no tokens."""

    network = "mail"
    label = "E-mail"
    sign = "@"
    every = timedelta(minutes=1)
    quiet = timedelta(minutes=2)
    page_size = PAGE
    longest = 20_000
    images = 10
    image_bytes = 8_000_000
    image_words = 500
    files = True
    file_bytes = 25_000_000

    form = (
        Field("address", "Address", "The address that people write to, for example support@example.org."),
        Field(
            "password",
            "Password",
            "Of the mailbox; an app password where the provider has these. It is kept, encrypted: mail has no tokens.",
            kind="password",
            secret=True,
        ),
        Field("name", "Name", "The name that people see beside the address.", required=False),
        Field("user", "User name", "Only if it is not the address itself.", required=False),
        Field("folder", "Folder", "Where mail arrives.", default="INBOX", required=False),
        Field("imap_host", "Incoming server", "Empty: guessed from the address.", required=False),
        Field("imap_port", "Incoming port", "Empty: the usual one.", kind="number", required=False),
        Field("imap_security", "Incoming security", "", "choice", "auto", False, choices=_SECURITY),
        Field("smtp_host", "Outgoing server", "Empty: guessed from the address.", required=False),
        Field("smtp_port", "Outgoing port", "Empty: the usual one.", kind="number", required=False),
        Field("smtp_security", "Outgoing security", "", "choice", "auto", False, choices=_SECURITY),
    )

    # Connecting

    def connect(self, answers: Mapping[str, str]) -> Connected:
        """Log in on both servers, and see how the mailbox is made."""
        return settling.settle(self.http, answers, self.now, self.settings)

    @property
    def _box(self) -> Box:
        me = self.me or Actor(str(self.settings["address"]).lower(), str(self.settings["address"]))
        return Box(
            str(self.settings["box"]), Actor(me.remote_id, me.handle, str(self.settings.get("name", "")))
        )

    @property
    def _folders(self) -> Folders:
        return Folders(str(self.settings["inbox"]), str(self.settings.get("sent", "")))

    def _open(self) -> Mailbox:
        place = Place.of(self.settings, "imap")
        return Mailbox.open(self.http, place, str(self.settings["user"]), self.grant["password"])

    # Hearing

    def _ears(self, mailbox: Mailbox) -> Ears:
        since = datetime.fromtimestamp(float(self.settings["since"]), UTC)
        floors = self.settings.get("floors", {})
        return Ears(mailbox, self._box, self._folders, floors, since, self.page_size)

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        """A page of what was sent from elsewhere, and a page of what arrived."""
        with self._open() as mailbox:
            return self._ears(mailbox).step(cursor, self.now)

    def history(self, since: datetime, cursor: Json) -> Page:
        """What was in the mailbox before it was connected."""
        with self._open() as mailbox:
            return self._ears(mailbox).past(since, cursor)

    def listen(self) -> Iterator[bool]:
        """Wait at the folder where mail arrives (IDLE)."""
        with self._open() as mailbox:
            mailbox.examine(self._folders.inbox)
            yield from mailbox.wait()

    def attachment(self, remote_id: str, url: str) -> Upload:
        """A file from the server. Refused("file_gone", "file_too_large")."""
        with self._open() as mailbox:
            return keeping.file(mailbox, self._folders, self._box, remote_id, url, self.file_bytes)

    # Saying

    def length(self, text: str) -> Length:
        """Characters: mail sets no limit, people do."""
        return Length(len(text), self.longest, len(text) - self.longest)

    def reply(self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime) -> Sent:
        """Answer a message, once for a key."""
        self.check(text, media)
        box = self._box
        mail = writing.answer(to, text, media, key, at, box)
        user, password = str(self.settings["user"]), self.grant["password"]
        with self._open() as mailbox:
            journal = self._journal(mailbox)
            if not journal.is_sent(mail.message_id, at):
                place = Place.of(self.settings, "smtp")
                with Post.open(self.http, place, user, password, box.domain) as way:
                    post(mail, at, box.me.handle, journal, way)
                keeping.mark_answered(mailbox, self._folders, str(to.facts.get("place", "")))
        return self._sent(mail.message_id, mail.references)

    def find(self, to: Activity | None, text: str, key: str, at: datetime) -> Sent | None:
        """What became of an answer, read in the mailbox. Unanswered when it cannot be known."""
        mine = writing.message_id(key, self._box)
        with self._open() as mailbox:
            return self._sent(mine, ()) if where(mine, at, self._journal(mailbox)) else None

    def _journal(self, mailbox: Mailbox) -> Journal:
        return Journal(mailbox, str(self.settings.get("drafts", "")), str(self.settings.get("sent", "")))

    def _sent(self, message_id: str, references: Sequence[str]) -> Sent:
        return Sent(self._box.id(message_id), "", {"id": message_id, "references": list(references)})
