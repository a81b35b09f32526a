"""Whom mail is from on postfix and dovecot: people, machines, whoever claims to be us, and what comes back."""

from __future__ import annotations

import pytest

from comptoir.networks.connector import Activity
from tests.contract.mail import MailHarness
from tests.servers.stranger import until

# Whom it is from


def test_a_form_names_whom_to_answer(box: MailHarness) -> None:
    form = box.letter(
        "I want one", reply_to=f"Anna Fan <{box.stranger.box.address}>", auto_submitted="auto-generated"
    )
    form.replace_header("From", box.address)
    heard = box.put(form)
    assert (heard.actor.handle, heard.actor.name, heard.addressed) == (
        box.stranger.box.address,
        "Anna Fan",
        True,
    )


def test_what_claims_to_be_ours_is_a_stranger_s_unless_we_sent_it(box: MailHarness) -> None:
    forged = box.letter("We pay you twice.")
    forged.replace_header("From", f"The Brand <{box.address}>")
    heard = box.put(forged)
    assert box.connected
    assert heard.actor.remote_id != box.connected.me.remote_id
    assert heard.addressed
    ours = box.letter("A copy to ourselves")
    ours.replace_header("From", box.address)
    box.brand.put(ours.as_bytes())
    box.brand.put(ours.as_bytes(), "Gone", "\\Seen")
    box.fetch()
    copied = box.heard[box.id(str(ours["Message-ID"]).strip("<>"))]
    assert isinstance(copied, Activity)
    assert copied.actor.remote_id == box.connected.me.remote_id


def test_an_answer_goes_where_the_message_says(box: MailHarness) -> None:
    other = type(box.stranger).arrives(box.server, "other")
    heard = box.put(box.letter("answer there", reply_to=other.box.address, cc="third@fan.test"))
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
    heard = box.put(box.letter(**headers))
    assert (heard.automatic, heard.addressed) == (kind, not kind)
    assert ("spam" in heard.facts) == ("x_spam_flag" in headers)


def test_a_list_of_the_brand_s_own_address_is_how_it_gets_its_mail(box: MailHarness) -> None:
    name, domain = box.address.split("@")
    heard = box.put(box.letter(list_id=f"<{name}.{domain}>", precedence="list"))
    assert heard.addressed


def test_somebody_on_a_list_who_answers_us_is_heard(box: MailHarness) -> None:
    heard = box.put(box.letter(list_id="<club.example>", in_reply_to="<1@brand.test>"))
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
    heard = box.put(box.letter(reply_to="somebody@slow.test"))
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
    report = box.put(content.encode())
    assert (report.automatic, report.about) == ("returned", box.id("our-own@brand.test"))
    assert "no such person here" in report.text


# Answers that do not say to what


def test_an_answer_that_only_has_a_subject_finds_its_conversation(box: MailHarness) -> None:
    heard = box.listen([box.say("Where is it?", "Où est ma commande 12 ?")])[0]
    sent = box.reply(heard, "On its way.", "key-lost-thread")
    box.fetch()
    lost = box.put(box.letter("Thanks!", subject="RE: Où est ma commande 12 ?"))
    assert (lost.in_reply_to, lost.conversation) == (sent.remote_id, heard.remote_id)
    for subject in ("Re: Something else entirely", "Où est ma commande 12 ?", "Re: Où"):
        assert box.put(box.letter("Hello", subject=subject)).in_reply_to == ""
    other = type(box.stranger).arrives(box.server, "other")
    alike = box.put(other.letter(box.address, "RE: Où est ma commande 12 ?", "Mine too"))
    assert alike.in_reply_to == ""
