"""By real processes: heard at once, answered once, answered back, a file taken along, and what comes back is told."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from django.urls import reverse

from comptoir.inbox.models import Thread
from comptoir.kernel.tests.waiting import until
from comptoir.networks.models import Activity, Channel
from tests.beside import running
from tests.mail.conftest import Office
from tests.servers.correspondent import Correspondent, File, words

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.4 " + bytes(range(256)) * 40


def texts(thread: Thread) -> list[str]:
    return [entry.activity.text for entry in thread.entries.select_related("activity").order_by("at", "id")]


def listening(channel: Channel) -> bool:
    """The line on which the server tells of new mail is open."""
    channel.refresh_from_db()
    return channel.listening_until is not None and channel.history_done


def test_a_stranger_and_the_brand(office: Office, allowed: list[str], client: Client) -> None:
    threads = Thread.objects.of(office.channel.brand_id)
    client.force_login(office.agent)
    with running("comptoir.command.main", "worker", allowed=allowed):
        until(lambda: listening(office.channel), 40, "the open line")
        took = _asked(office)
        thread = threads.get()
        assert (thread.last_text, thread.kind) == (
            "Where is my order? · It was to come on Monday.",
            "message",
        )
        _answered(office, thread)
        _answered_back(office, thread)
        _file(office, thread, client)
        _own_programme(office, thread)
        _away(office, thread)
        _returned(office)
        office.channel.refresh_from_db()
        assert (office.channel.state, office.channel.failures) == ("active", 0)
    print(f"\nfrom the stranger's server taking the mail to the thread: {took:.2f} s")
    assert took < 5


def _asked(office: Office) -> float:
    office.stranger.last = office.stranger.write(
        office.address, "Where is my order?", "It was to come on Monday.\n\n-- \nAnna Fan"
    )
    began = time.monotonic()
    threads = Thread.objects.of(office.channel.brand_id)
    until(lambda: threads.filter(answered=False).exists(), 30, "the thread")
    return time.monotonic() - began


def _answered(office: Office, thread: Thread) -> None:
    reply = thread.reply("It leaves today.\n\nSorry — Änne 🧵", office.agent)
    until(lambda: _state(reply.delivery) == "sent", 30, "the answer sent")
    mail = office.stranger.receives(f"{reply.delivery.key}.comptoir@brand.test")
    assert words(mail) == "It leaves today.\n\nSorry — Änne 🧵"
    assert mail["Subject"] == "Re: Where is my order?"
    assert (mail["From"], mail["Cc"]) == (f"The Brand <{office.address}>", None)
    assert mail["In-Reply-To"] == mail["References"] == f"<{office.stranger.last}>"
    assert len(office.brand.all("Gone")) == 1
    assert not office.brand.all("Drafts")
    with office.brand.at_home() as line:
        assert b"\\Answered" in line.fetch("1", "(FLAGS)")[1][0]
    office.stranger.last = str(mail["Message-ID"]).strip("<>")


def _answered_back(office: Office, thread: Thread) -> None:
    mail = office.stranger.receives(office.stranger.last)
    quoted = "Thank you!\n\nOn Monday, The Brand wrote:\n> It leaves today.\n>\n> Sorry"
    above = f"{mail['References']} {mail['Message-ID']}"
    office.stranger.last = office.stranger.write(
        office.address, "Re: Where is my order?", quoted, [File("bill é.pdf", "application/pdf", PDF)],
        in_reply_to=str(mail["Message-ID"]), references=above,
    )  # fmt: skip
    until(lambda: len(texts(thread)) == 3, 30, "the answer back")
    assert texts(thread)[2] == "Thank you!"
    assert Thread.objects.of(office.channel.brand_id).count() == 1


def _file(office: Office, thread: Thread, client: Client) -> None:
    page = client.get(f"/b/brand/threads/{thread.pk}/")
    activity = Activity.objects.of(office.channel.brand_id).get(text="Thank you!")
    address = reverse("file", args=["brand", activity.pk, 1])
    assert address in page.content.decode()
    assert "bill é.pdf (" in page.content.decode()
    assert "&gt; It leaves today." in page.content.decode()
    answer = client.get(address)
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''bill%20%C3%A9.pdf"
    assert "sandbox" in answer["Content-Security-Policy"]


def _own_programme(office: Office, thread: Thread) -> None:
    mail = office.brand.receives(office.stranger.last)
    made = office.brand.letter(
        office.stranger.box.address, "Re: Where is my order?", "You are welcome.",
        in_reply_to=str(mail["Message-ID"]), references=f"{mail['References']} {mail['Message-ID']}",
    )  # fmt: skip
    office.brand.put(made.as_bytes(), "Gone", "\\Seen")
    office.channel.wake()
    until(lambda: len(texts(thread)) == 4, 30, "what the brand wrote elsewhere")
    thread.refresh_from_db()
    assert (thread.answered, thread.last_own) == (True, True)
    thread.close(office.agent)


def _away(office: Office, thread: Thread) -> None:
    office.stranger.write(
        office.address, "Automatic reply: Where is my order?", "I am at the sea.",
        auto_submitted="auto-replied", in_reply_to=f"<{office.stranger.last}>",
    )  # fmt: skip
    until(lambda: len(texts(thread)) == 5, 30, "the automatic answer")
    thread.refresh_from_db()
    assert not thread.is_open
    assert thread.answered


def _returned(office: Office) -> None:
    """Somebody writes, and has no mailbox any more when the answer comes."""
    leaver = Correspondent.arrives(office.server, "leaver")
    leaver.write(office.address, "Last words", "Are you open on Sunday?")
    threads = Thread.objects.of(office.channel.brand_id).filter(person__handle=leaver.box.address)
    until(threads.exists, 30, "the second thread")
    office.server.close_mailbox(leaver.box.address)
    thread = threads.get()
    reply = thread.reply("Yes, from ten.", office.agent)
    thread.close(office.agent)
    until(lambda: _state(reply.delivery) == "returned", 40, "the answer come back")
    assert "User doesn't exist" in reply.delivery.facts["reason"]
    until(lambda: threads.filter(closed_at=None, answered=False).exists(), 20, "the thread open again")
    reports = threads.get().entries.filter(activity__automatic="returned")
    until(reports.exists, 20, "the report beside it")


def _state(delivery: object) -> str:
    delivery.refresh_from_db()  # type: ignore[attr-defined]
    return str(delivery.state)  # type: ignore[attr-defined]
