"""Somebody with a mailbox and an ordinary mail programme: a real client for tests, no line of it the product's."""

from __future__ import annotations

import imaplib
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid

from tests.servers.mail import Mailbox, MailServer
from tests.servers.stranger import until


@dataclass(frozen=True)
class File:
    """A file to send along."""

    name: str
    mime: str
    content: bytes


@dataclass
class Correspondent:
    """One mailbox, as its owner uses it."""

    server: MailServer
    box: Mailbox
    name: str = ""
    last: str = field(default="", init=False)

    @classmethod
    def arrives(cls, server: MailServer, name: str = "fan") -> Correspondent:
        """Somebody new on the other domain."""
        return cls(server, server.new_mailbox(name, "fan.test"), name.title())

    @property
    def domain(self) -> str:
        return self.box.address.rsplit("@", 1)[1]

    def letter(
        self, to: str, subject: str, text: str, files: Sequence[File] = (), **headers: str
    ) -> EmailMessage:
        """A message with an id of its own; `in_reply_to`, `references` and any other header as given."""
        mail = EmailMessage()
        mail["From"] = formataddr((self.name, self.box.address))
        mail["To"], mail["Subject"], mail["Date"] = to, subject, formatdate()
        mail["Message-ID"] = make_msgid(domain=self.domain)
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        for file in files:
            main, sub = file.mime.split("/")
            mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
        return mail

    def write(self, to: str, subject: str, text: str, files: Sequence[File] = (), **headers: str) -> str:
        """Send one; its id without brackets."""
        mail = self.letter(to, subject, text, files, **headers)
        self.send(to, mail.as_bytes(policy=policy.SMTP))
        return str(mail["Message-ID"]).strip("<>")

    def send(self, to: str, content: bytes) -> None:
        """Hand bytes over as they are."""
        with smtplib.SMTP_SSL("localhost", self.server.smtps, context=self._trust, timeout=20) as post:
            post.login(self.box.address, self.box.password)
            post.sendmail(self.box.address, [to], content)

    def answer(self, mail: EmailMessage, text: str, **headers: str) -> str:
        """Answer a message that came, as mail programmes do."""
        above = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
        to, subject = str(mail["Reply-To"] or mail["From"]), str(mail["Subject"])
        subject = subject if subject.lower().startswith("re:") else f"Re: {subject}"
        return self.write(to, subject, text, in_reply_to=str(mail["Message-ID"]), references=above, **headers)

    @contextmanager
    def at_home(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """The mailbox itself, a folder of it open."""
        with imaplib.IMAP4_SSL("localhost", self.server.imaps, ssl_context=self._trust, timeout=20) as line:
            line.login(self.box.address, self.box.password)
            line.select(folder)
            yield line

    def all(self, folder: str = "INBOX") -> list[EmailMessage]:
        """Everything in a folder, oldest first."""
        with self.at_home(folder) as line:
            numbers = line.search(None, "ALL")[1][0].split()
            found = [line.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
        read = [
            message_from_bytes(each[1], policy=policy.default) for each in found if isinstance(each, tuple)
        ]
        return [each for each in read if isinstance(each, EmailMessage)]

    def put(self, content: bytes, folder: str = "INBOX", flags: str = "") -> None:
        """Lay bytes into a folder without any server having read them."""
        with self.at_home() as line:
            line.append(folder, flags, "", content)

    def find(self, message_id: str, folder: str = "INBOX") -> EmailMessage | None:
        """The message of this id in a folder."""
        return next((m for m in self.all(folder) if str(m["Message-ID"]).strip("<>") == message_id), None)

    def receives(self, message_id: str, seconds: float = 20) -> EmailMessage:
        """The message of this id, as soon as it is there."""
        found = until(lambda: self.find(message_id), seconds)
        assert found is not None
        return found

    @property
    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.server.authority))


def words(mail: EmailMessage) -> str:
    """The plain text of a message."""
    body = mail.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n").strip() if body else ""
