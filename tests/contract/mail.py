"""The contract suite on a mailbox: postfix and dovecot, under TLS."""

from __future__ import annotations

import ssl
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from comptoir.connectors.mail import Mail
from comptoir.kernel.http import Outside
from comptoir.networks.connector import Activity, Sent
from tests.contract.harness import Open
from tests.servers.correspondent import Correspondent, words
from tests.servers.mail import MailServer
from tests.servers.stranger import until


def trusting(server: MailServer) -> Outside:
    """The product's client, which believes the exchange's own authority."""
    return Outside(
        frozenset(server.addresses), trust=ssl.create_default_context(cafile=str(server.authority))
    )


class Small(Mail):
    """As it is, a page of its own size for each test that changes it."""


class MailHarness(Open):
    type = Small
    wrong = (
        {"password": "wrong horse"},
        {"address": "nobody at all"},
        {"folder": "Nowhere"},
        {"imap_port": "0"},
    )
    typed_tokens = frozenset({"password"})
    on_the_web = False

    def __init__(self, http: Any, server: MailServer) -> None:
        super().__init__(http)
        self.server = server
        self.brand = Correspondent(server, server.new_mailbox("brand"), "The Brand")
        self.stranger = Correspondent.arrives(server)

    @property
    def address(self) -> str:
        return self.brand.box.address

    def answers(self) -> dict[str, str]:
        return {
            "address": self.address,
            "password": self.brand.box.password,
            "name": "The Brand",
            "imap_host": "localhost",
            "imap_port": str(self.server.imaps),
            "imap_security": "tls",
            "smtp_host": "localhost",
            "smtp_port": str(self.server.smtp),
            "smtp_security": "starttls",
        }

    def put(self, mail: EmailMessage | bytes) -> Activity:
        """Lay a message into the mailbox as it is; what is heard of it."""
        before = set(self.heard)
        self.brand.put(mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP))
        self.fetch()
        (found,) = [item for name, item in self.heard.items() if name not in before]
        assert isinstance(found, Activity)
        return found

    def letter(self, text: str = "hello", **headers: str) -> EmailMessage:
        """A message of the stranger's to the brand, not sent."""
        return self.stranger.letter(self.address, headers.pop("subject", "Question"), text, **headers)

    def id(self, message_id: str) -> str:
        return f"{self.address}/localhost/{message_id}"

    def message_id(self, remote_id: str) -> str:
        return remote_id.removeprefix(self.id(""))

    def speak(self, times: int = 1) -> list[str]:
        return [self.say("are you there?", f"Question {n}") for n in range(times)]

    def say(self, text: str, subject: str = "Question", **rest: Any) -> str:
        """The stranger writes; the id, once the mailbox has it."""
        sent = self.stranger.write(self.address, subject, text, **rest)
        self.brand.receives(sent)
        return self.id(sent)

    def answer(self, sent: Sent) -> str:
        mail = self.stranger.receives(self.message_id(sent.remote_id))
        return self.id(self.stranger.answer(mail, "thank you, and one more thing"))

    def shown(self, remote_id: str) -> str | None:
        message_id = self.message_id(remote_id)
        mail = self.stranger.find(message_id) or self.brand.find(message_id)
        return words(mail) if mail else None

    def all_said(self) -> list[str]:
        return [words(mail) for mail in self.brand.all("Gone")]

    def take_back(self, remote_id: str) -> None:
        raise AssertionError("nobody can take a mail back")

    def elsewhere(self, to: str, text: str) -> str:
        mail = self.brand.receives(self.message_id(to))
        made = self.brand.letter(
            str(mail["From"]), f"Re: {mail['Subject']}", text,
            in_reply_to=str(mail["Message-ID"]), references=str(mail["Message-ID"]),
        )  # fmt: skip
        self.brand.send(self.stranger.box.address, made.as_bytes())
        self.brand.put(made.as_bytes(), "Gone", "\\Seen")
        return self.id(str(made["Message-ID"]).strip("<>"))

    def gestures(self, sent: Sent) -> list[str]:
        raise AssertionError("mail has none")

    def pictures(self, remote_id: str) -> list[str]:
        mail = until(lambda: self.stranger.find(self.message_id(remote_id)))
        assert mail
        return [str(part["Content-Description"]) for part in mail.iter_attachments()]

    def lose_grant(self) -> None:
        self.server.set_password(self.address, "another")
