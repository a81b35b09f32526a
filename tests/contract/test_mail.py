"""What only a mailbox has, on postfix and dovecot: odd messages, folders numbered anew, files, machines, returns."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from comptoir.connectors.mail import mailbox, writing
from comptoir.connectors.mail.imap import Line
from comptoir.kernel.http import Outside
from comptoir.networks.connector import Activity, Kind, Refused
from tests.contract.mail import MailHarness, trusting
from tests.servers.correspondent import File
from tests.servers.mail import MailServer
from tests.servers.stranger import jpeg, until


@pytest.fixture
def box(mail_exchange: MailServer) -> Iterator[MailHarness]:
    """A mailbox, connected, its first fetch done."""
    with trusting(mail_exchange) as http:
        harness = MailHarness(http, mail_exchange)
        harness.connect()
        harness.fetch()
        yield harness


def put(box: MailHarness, mail: EmailMessage | bytes, **headers: str) -> Activity:
    """Lay a message into the mailbox as it is; what is heard of it."""
    content = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP)
    before = set(box.heard)
    box.brand.put(content)
    box.fetch()
    (found,) = [item for name, item in box.heard.items() if name not in before]
    assert isinstance(found, Activity)
    return found


def letter(box: MailHarness, text: str = "hello", **headers: str) -> EmailMessage:
    return box.stranger.letter(box.address, headers.pop("subject", "Question"), text, **headers)


# Reading


def test_a_message_with_everything(box: MailHarness) -> None:
    mail = letter(box, "The plain words.\n\nSee https://example.org/a?b=1.", subject="Déjà vu — 再")
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
    heard = put(box, mail)
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
    mail = letter(box)
    mail.set_content(
        "<div>Good day,<br>where is it? <a href='https://example.org/o/12'>Order 12</a></div>"
        "<script>alert(1)</script><div class='gmail_quote'>On Monday <b>they</b> wrote:<blockquote>old words"
        "</blockquote></div>",
        subtype="html",
    )
    heard = put(box, mail)
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
    from base64 import encodebytes

    assert put(box, head.encode() + packed + encodebytes(body)).text == said


def test_a_large_message_costs_its_text_alone(box: MailHarness) -> None:
    mail = letter(box, "Here is the film.")
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
    after = put(box, letter(box, "still here"))
    assert after.text == "still here"


def test_a_message_from_nobody_cannot_be_answered(box: MailHarness) -> None:
    heard = put(box, b"Subject: no sender\r\nMessage-ID: <n@x>\r\n\r\nwords")
    with pytest.raises(Refused, match="nobody_to_answer"):
        box.reply(heard, "hello?", "key-nobody")


def test_what_strangers_write_cannot_break_out_of_our_answer(box: MailHarness) -> None:
    evil = (
        b'From: "x\\" <evil@fan.test>, <%s>" =?utf-8?q?=0D=0ABcc:_evil=40fan.test?= <%s>\r\n'
        b"Subject: =?utf-8?q?Hi=0D=0ABcc:_evil=40fan.test=0D=0A=0D=0Aa_body?=\r\n"
        b"Message-ID: <a\xffb@x>\r\nReferences: <one@x> <tw\xe9o@x>\r\n\r\nwords"
        % (box.stranger.box.address.encode(), box.stranger.box.address.encode())
    )
    heard = put(box, evil)
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


# Whom it is from


def test_a_form_names_whom_to_answer(box: MailHarness) -> None:
    form = letter(
        box, "I want one", reply_to=f"Anna Fan <{box.stranger.box.address}>", auto_submitted="auto-generated"
    )
    form.replace_header("From", box.address)
    heard = put(box, form)
    assert (heard.actor.handle, heard.actor.name, heard.addressed) == (
        box.stranger.box.address,
        "Anna Fan",
        True,
    )


def test_what_claims_to_be_ours_is_a_stranger_s_unless_we_sent_it(box: MailHarness) -> None:
    forged = letter(box, "We pay you twice.")
    forged.replace_header("From", f"The Brand <{box.address}>")
    heard = put(box, forged)
    assert box.connected
    assert heard.actor.remote_id != box.connected.me.remote_id
    assert heard.addressed
    ours = letter(box, "A copy to ourselves")
    ours.replace_header("From", box.address)
    box.brand.put(ours.as_bytes())
    box.brand.put(ours.as_bytes(), "Gone", "\\Seen")
    box.fetch()
    copied = box.heard[box.id(str(ours["Message-ID"]).strip("<>"))]
    assert isinstance(copied, Activity)
    assert copied.actor.remote_id == box.connected.me.remote_id


def test_an_answer_goes_where_the_message_says(box: MailHarness) -> None:
    other = type(box.stranger).arrives(box.server, "other")
    heard = put(box, letter(box, "answer there", reply_to=other.box.address, cc="third@fan.test"))
    assert heard.actor.handle == other.box.address
    sent = box.reply(heard, "here", "key-reply-to")
    mail = other.receives(box.message_id(sent.remote_id))
    assert (mail["Cc"], mail["In-Reply-To"]) == (None, f"<{heard.facts['id']}>")
    assert heard.facts["cc"] == ["third@fan.test"]


# Machines


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"auto_submitted": "auto-replied (vacation)"}, "answer"),
        ({"auto_submitted": "auto-generated"}, "bulk"),
        ({"auto_submitted": "no"}, ""),
        ({"x_autoreply": "yes"}, "answer"),
        ({"subject": "Réponse automatique : Question"}, "answer"),
        ({"subject": "Automatic doors"}, ""),
        ({"precedence": "bulk"}, "bulk"),
        ({"precedence": "auto_reply"}, "answer"),
        ({"list_id": "<news.shop.example>", "list_unsubscribe": "<mailto:x@shop.example>"}, "bulk"),
        ({"x_auto_response_suppress": "All"}, "bulk"),
        ({"return_path": "<>"}, "answer"),
        ({"x_spam_flag": "YES"}, ""),
    ],
)
def test_machines_are_told_from_people(box: MailHarness, headers: dict[str, str], kind: str) -> None:
    heard = put(box, letter(box, **headers))
    assert (heard.automatic, heard.addressed) == (kind, not kind)
    assert ("spam" in heard.facts) == ("x_spam_flag" in headers)


def test_a_list_of_the_brand_s_own_address_is_how_it_gets_its_mail(box: MailHarness) -> None:
    name, domain = box.address.split("@")
    heard = put(box, letter(box, list_id=f"<{name}.{domain}>", precedence="list"))
    assert heard.addressed


def test_somebody_on_a_list_who_answers_us_is_heard(box: MailHarness) -> None:
    heard = put(box, letter(box, list_id="<club.example>", in_reply_to="<1@brand.test>"))
    assert heard.addressed


# What comes back


def test_a_report_says_which_answer_came_back_and_why(box: MailHarness) -> None:
    heard = box.hear()
    box.server.close_mailbox(box.stranger.box.address)
    sent = box.reply(heard, "too late", "key-returned")
    report = _report(box)
    assert (report.automatic, report.about, report.in_reply_to) == (
        "returned",
        sent.remote_id,
        sent.remote_id,
    )
    assert report.conversation == heard.remote_id
    assert "User doesn't exist" in report.text
    assert box.stranger.box.address in report.text
    assert "I'm sorry to have to inform you" in report.quoted
    assert not report.addressed


def test_a_report_says_that_an_answer_is_late(box: MailHarness) -> None:
    heard = put(box, letter(box, reply_to="somebody@slow.test"))
    sent = box.reply(heard, "are you there?", "key-late")
    report = _report(box)
    assert (report.automatic, report.about) == ("delayed", sent.remote_id)


def _report(box: MailHarness) -> Activity:
    def come() -> Activity | None:
        box.fetch()
        told = [item for item in box.heard.values() if isinstance(item, Activity) and item.about]
        return told[0] if told else None

    found = until(come, 30)
    assert found
    return found


def test_a_report_of_an_older_kind(box: MailHarness) -> None:
    content = (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@old.example\r\nTo: {box.address}\r\n"
        "Subject: failure notice\r\nMessage-ID: <f@old.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nHi. This is the program at old.example.\r\n'
        "<gone@old.example>:\r\n550 5.1.1 no such person here\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <our-own@brand.test>\r\nSubject: x\r\n\r\nhi\r\n--b--\r\n"
    )
    report = put(box, content.encode())
    assert (report.automatic, report.about) == ("returned", box.id("our-own@brand.test"))
    assert "no such person here" in report.text


# The line


def test_new_mail_is_told_at_once(box: MailHarness) -> None:
    stream = box.connector().listen()
    assert next(stream) is True
    box.stranger.write(box.address, "now", "hello")
    began = datetime.now(UTC)
    assert True in (next(stream), next(stream))
    assert datetime.now(UTC) - began < timedelta(seconds=5)
    stream.close()


# Connecting


def test_by_starttls_on_both_lines(box: MailHarness) -> None:
    changed = {"imap_port": str(box.server.imap), "imap_security": "starttls"}
    connected = box.bare().connect({**box.answers(), **changed})
    assert (connected.settings["sent"], connected.settings["drafts"]) == ("Gone", "Drafts")
    found = box.bare().connect({**box.answers(), **changed, "imap_security": "auto", "smtp_security": "auto"})
    assert (found.settings["imap_security"], found.settings["smtp_security"]) == ("starttls", "starttls")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"password": "wrong"}, "wrong_password", "password"),
        ({"address": "x@y"}, "answer_invalid", "address"),
        ({"imap_host": "not a host!"}, "answer_invalid", "imap_host"),
        ({"smtp_port": "70000"}, "answer_invalid", "smtp_port"),
        ({"imap_port": "1"}, "forbidden", "imap_host"),
        ({"folder": "Nowhere"}, "folder_missing", None),
    ],
)
def test_what_is_wrong_is_said_at_its_question(
    box: MailHarness, change: dict[str, str], code: str, field: str | None
) -> None:
    with pytest.raises(Refused) as refusal:
        box.bare().connect({**box.answers(), **change})
    assert (refusal.value.code, refusal.value.facts.get("field")) == (code, field)


def test_a_server_that_cannot_prove_itself_gets_no_password(box: MailHarness) -> None:
    with Outside(frozenset(box.server.addresses)) as doubting:
        connector = box.type(http=doubting, grant=box.grant, settings={})
        with pytest.raises(Refused, match="tls_failed"):
            connector.connect(box.answers())
        changed = {"imap_port": str(box.server.imap), "imap_security": "starttls"}
        with pytest.raises(Refused, match="tls_failed"):
            connector.connect({**box.answers(), **changed})


def test_a_server_inside_that_nobody_allowed(box: MailHarness) -> None:
    with Outside() as nowhere:
        connector = box.type(http=nowhere, grant=box.grant, settings={})
        with pytest.raises(Refused, match="forbidden"):
            connector.connect({**box.answers(), "imap_security": "none", "imap_port": str(box.server.imap)})


# The book that says what left


def test_a_copy_that_the_server_keeps_by_itself_is_enough(box: MailHarness) -> None:
    heard = box.hear()
    connector = box.connector()
    mail = writing.answer(heard, "once", [], "key-kept-by-server", datetime.now(UTC), connector._box)
    with connector._open() as mailbox:
        journal = connector._journal(mailbox)
        journal.begin(mail, datetime.now(UTC))
        box.brand.put(mail.content, "Gone", "\\Seen")
        journal.finish(mail, datetime.now(UTC))
    assert len(box.brand.all("Gone")) == 1
    assert not box.brand.all("Drafts")


def test_a_server_that_cannot_move_keeps_one_copy(box: MailHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Line, "can", lambda line, name: name not in ("MOVE", "UIDPLUS"))
    heard = box.hear()
    box.reply(heard, "once", "key-unmoved")
    assert len(box.brand.all("Gone")) == 1
    with box.brand.at_home("Drafts") as line:
        assert line.search(None, "UNDELETED")[1] == [b""]


def test_a_server_without_idle_is_asked_now_and_then(
    box: MailHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "can", lambda line, name: name != "IDLE")
    monkeypatch.setattr(mailbox, "SIGN", 0.4)
    stream = box.connector().listen()
    assert next(stream) is True
    assert next(stream) is False
    box.brand.put(letter(box).as_bytes())
    assert True in (next(stream), next(stream))
    stream.close()


def test_idle_is_asked_for_anew_in_time(box: MailHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "SIGN", 0.2)
    monkeypatch.setattr(mailbox, "RENEW", 0.3)
    stream = box.connector().listen()
    assert next(stream) is True
    assert [next(stream) for _ in range(8)].count(True) == 0
    box.brand.put(letter(box).as_bytes())
    assert True in [next(stream) for _ in range(8)]
    stream.close()
