"""What only a mailbox holds, on postfix and dovecot: odd and hostile messages, files, folders numbered anew."""

from __future__ import annotations

import copy
import time
from base64 import encodebytes
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from comptoir.networks.connector import Activity, Kind, Refused
from tests.contract.mail import MailHarness, trusting
from tests.servers.correspondent import File
from tests.servers.mail import MailServer
from tests.servers.stranger import jpeg

# Reading


def test_a_message_with_everything(box: MailHarness) -> None:
    mail = box.letter("The plain words.\n\nSee https://example.org/a?b=1.", subject="Déjà vu — 再")
    mail.add_alternative(
        '<html><body><p>The <b>HTML</b> words.</p><img src="cid:one"><img src="https://spy.example/x.gif">',
        subtype="html",
    )
    html = mail.get_payload()[1]  # type: ignore[index]
    html.add_related(jpeg(300, 200), "image", "jpeg", cid="<one>", filename="logo.jpg", disposition="inline")  # type: ignore[union-attr]
    mail.add_attachment(
        b"%PDF-1.4 x" * 500, maintype="application", subtype="pdf", filename="facture à payer.pdf"
    )
    inner = EmailMessage()
    inner["Subject"] = "An older one"
    inner.set_content("inside")
    mail.add_attachment(inner)
    heard = box.put(mail)
    assert heard.title == "Déjà vu — 再"
    assert heard.text == "The plain words.\n\nSee https://example.org/a?b=1."
    assert [span.target for span in heard.spans] == ["https://example.org/a?b=1"]
    assert [(m.name, m.kind, m.mime) for m in heard.media] == [
        ("facture à payer.pdf", "file", "application/pdf"),
        ("An older one.eml", "file", "message/rfc822"),
        ("logo.jpg", "image", "image/jpeg"),
    ]
    assert (heard.kind, heard.addressed, heard.automatic) == (Kind.MESSAGE, True, "")
    assert heard.actor.name == "Fan"
    fetched = [box.connector().attachment(heard.remote_id, m.url).content for m in heard.media]
    assert fetched[0] == b"%PDF-1.4 x" * 500
    assert b"Subject: An older one" in fetched[1]
    assert fetched[2] == jpeg(300, 200)


def test_html_alone_is_read_as_text(box: MailHarness) -> None:
    mail = box.letter()
    mail.set_content(
        "<div>Good day,<br>where is it? <a href='https://example.org/o/12'>Order 12</a></div>"
        "<script>alert(1)</script><div class='gmail_quote'>On Monday <b>they</b> wrote:<blockquote>old words"
        "</blockquote></div>",
        subtype="html",
    )
    heard = box.put(mail)
    assert heard.text == "Good day,\nwhere is it? Order 12"
    assert [(heard.text[s.start : s.end], s.target) for s in heard.spans] == [
        ("Order 12", "https://example.org/o/12")
    ]
    assert "old words" in heard.quoted
    assert "alert" not in heard.text + heard.quoted


@pytest.mark.parametrize(
    ("charset", "said"),
    [("iso-8859-1", "Où ça ?"), ("windows-1252", "L’été — 3 €"), ("utf-8", "日本語 🧵"), ("shift_jis", "日本語"),
     ("koi8-r", "Привет"), ("nonsense-9", "Plain"), ("utf-16", "Wide")],
)  # fmt: skip
def test_charsets(box: MailHarness, charset: str, said: str) -> None:
    body = said.encode("utf-8" if charset == "nonsense-9" else charset)
    head = f"From: {box.stranger.box.address}\r\nSubject: x\r\nMessage-ID: <{charset}@x>\r\n"
    head += f'MIME-Version: 1.0\r\nContent-Type: text/plain; charset="{charset}"\r\n'
    packed = b"Content-Transfer-Encoding: base64\r\n\r\n"
    assert box.put(head.encode() + packed + encodebytes(body)).text == said


def test_a_large_message_costs_its_text_alone(box: MailHarness) -> None:
    mail = box.letter("Here is the film.")
    mail.add_attachment(b"\x00\x01\x02" * 3_000_000, maintype="video", subtype="mp4", filename="film.mp4")
    box.brand.put(mail.as_bytes(policy=SMTP))
    counted: list[int] = []
    connector = box.connector()
    dial = connector.http.dial

    class Counting:
        def dial(self, *args: Any, **kwargs: Any) -> Any:
            line = dial(*args, **kwargs)
            real = line.recv

            class Line:
                def __getattr__(self, name: str) -> Any:
                    return getattr(line, name)

                def recv(self, size: int) -> bytes:
                    piece: bytes = real(size)
                    counted.append(len(piece))
                    return piece

            return Line()

    connector.http = Counting()
    page = connector.fetch(box.cursor, [])
    assert [item.text for item in page.items] == ["Here is the film."]
    assert sum(counted) < 20_000
    assert page.items[0].media[0].size == pytest.approx(9_000_000, rel=0.05)


def test_a_file_too_large_is_left_where_it_is(box: MailHarness) -> None:
    heard = box.listen([box.say("see", files=[File("a.bin", "application/x-thing", b"x" * 30_000)])])[0]
    connector = box.connector()
    connector.file_bytes = 20_000
    with pytest.raises(Refused, match="file_too_large"):
        connector.attachment(heard.remote_id, heard.media[0].url)
    for wrong in ("part:x/inbox/1/1/1", "http://x", heard.media[0].url.replace("/inbox/", "/drafts/")):
        with pytest.raises(Refused, match="file_gone"):
            connector.attachment(heard.remote_id, wrong)
    with box.brand.at_home() as line:
        line.store("1:*", "+FLAGS", "\\Deleted")
        line.expunge()
    with pytest.raises(Refused, match="file_gone"):
        box.connector().attachment(heard.remote_id, heard.media[0].url)


# Hostile mail


def hostile(box: MailHarness) -> Iterator[tuple[str, bytes]]:
    """Messages that nobody sends for good."""
    head = f"From: x <{box.stranger.box.address}>\r\nSubject: bad\r\nMIME-Version: 1.0\r\n".encode()
    yield "a head of a megabyte", head + b"X-Long: " + b"a" * 1_000_000 + b"\r\n\r\nwords below a long head"
    many = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\nwords %d\r\n" % n for n in range(10_000))
    yield (
        "ten thousand parts",
        head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + many + b"--b--\r\n",
    )
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(100)
    )
    yield "nested a hundred deep", head + deep + b"Content-Type: text/plain\r\n\r\ndeep words\r\n"
    wrapped = b"".join(b"Content-Type: message/rfc822\r\n\r\nSubject: %d\r\n" % n for n in range(100))
    yield "a message in a message a hundred times", head + wrapped + b"\r\ninner words\r\n"
    yield "no end, no boundary", head + b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nlost words"
    yield "wrong base64", head + b"Content-Transfer-Encoding: base64\r\n\r\n!!!!d29yZHM=\xff\xfe====wo"
    yield (
        "raw bytes in the head",
        b"From: \xff\xfe\x80 <%s>\r\nSubject: caf\xe9 \xc3\xa9\r\n\r\nwords\xff\xe9"
        % (box.stranger.box.address.encode()),
    )
    yield (
        "names that break lines",
        (
            b"From: =?utf-8?q?x=0D=0ABcc:_evil=40example.org?= <%s>\r\nSubject: =?utf-8?q?a=0AB:_c?=\r\n\r\nwords"
            % box.stranger.box.address.encode()
        ),
    )
    yield "a script", head + b"Content-Type: text/html\r\n\r\n<svg onload=alert(1)><p>words</p><iframe src=x>"
    ids = b" ".join(b"<%d@x>" % n for n in range(3_000))
    yield "three thousand references", head + b"References: " + ids + b"\r\n\r\nwords"
    yield "nobody", b"Subject: no sender\r\n\r\nwords"
    yield "nothing", b"\r\n"


def test_hostile_messages_are_read_and_stop_nobody(box: MailHarness) -> None:
    for name, content in hostile(box):
        before = set(box.heard)
        box.brand.put(content)
        box.fetch()
        (found,) = [item for each, item in box.heard.items() if each not in before]
        assert isinstance(found, Activity), name
        assert "\x00" not in found.text, name
        assert "\n" not in found.title + found.actor.name, name
        assert "<svg" not in found.text
        assert len(found.facts["references"]) <= 40
        assert found.text.startswith("words") or "words" in found.text or name in ("wrong base64", "nothing",
            "a message in a message a hundred times"), (name, found.text[:200])  # fmt: skip
    after = box.put(box.letter("still here"))
    assert after.text == "still here"


def test_a_message_from_nobody_cannot_be_answered(box: MailHarness) -> None:
    heard = box.put(b"Subject: no sender\r\nMessage-ID: <n@x>\r\n\r\nwords")
    with pytest.raises(Refused, match="nobody_to_answer"):
        box.reply(heard, "hello?", "key-nobody")


def test_what_strangers_write_cannot_break_out_of_our_answer(box: MailHarness) -> None:
    evil = (
        b'From: "x\\" <evil@fan.test>, <%s>" =?utf-8?q?=0D=0ABcc:_evil=40fan.test?= <%s>\r\n'
        b"Subject: =?utf-8?q?Hi=0D=0ABcc:_evil=40fan.test=0D=0A=0D=0Aa_body?=\r\n"
        b"Message-ID: <a\xffb@x>\r\nReferences: <one@x> <tw\xe9o@x>\r\n\r\nwords"
        % (box.stranger.box.address.encode(), box.stranger.box.address.encode())
    )
    heard = box.put(evil)
    sent = box.reply(heard, "fine.\n.\nBcc: nobody@fan.test", "key-injection")
    mail = box.stranger.receives(box.message_id(sent.remote_id))
    assert mail["Bcc"] is None
    assert str(mail["Subject"]) == "Re: Hi Bcc: evil@fan.test a body"
    assert [address.addr_spec for address in mail["To"].addresses] == [box.stranger.box.address]
    assert box.shown(sent.remote_id) == "fine.\n.\nBcc: nobody@fan.test"
    assert str(mail["References"]) == "<one@x>"


# Numbers


def test_a_folder_numbered_anew_loses_and_repeats_nothing(box: MailHarness) -> None:
    known = box.listen(box.speak(3))
    files = box.listen([box.say("a file", files=[File("n.txt", "text/plain", b"note")])])[0]
    box.server.forget(box.address)
    fresh = box.speak(2)
    box.listen(fresh)
    assert len({item.remote_id for item in known} | set(fresh)) == 5
    place = copy.deepcopy(box.cursor)["inbox"]
    box.fetch()
    assert not box.step().items
    assert place["v"] == box.cursor["inbox"]["v"]
    assert box.connector().attachment(files.remote_id, files.media[0].url).content == b"note"


def test_what_was_there_before_stays_history_when_the_folder_is_numbered_anew(
    mail_exchange: MailServer,
) -> None:
    with trusting(mail_exchange) as http:
        box = MailHarness(http, mail_exchange)
        old = box.speak(2)
        time.sleep(1.1)
        box.connect()
        box.fetch()
        fresh = box.speak(1)
        box.server.forget(box.address)
        box.listen(fresh)
        assert not set(old) & set(box.heard)
        found = box.connector().history(datetime.now(UTC) - timedelta(days=30), None)
        while found.more and not found.items:
            found = box.connector().history(datetime.now(UTC) - timedelta(days=30), found.cursor)
        assert set(old) <= {item.remote_id for item in found.items}
