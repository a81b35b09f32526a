"""Whatever a server or a stranger sends is read or refused in a known way: nothing else ever leaves the reader."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.connectors.mail import bodies, machines, reading, wire
from comptoir.connectors.mail.headers import Headers, decoded, in_charset
from comptoir.connectors.mail.hearing import arrived_at
from comptoir.connectors.mail.reading import Box, Letter
from comptoir.connectors.mail.structure import Part, file_name, structure
from comptoir.connectors.mail.wire import Garbled, Item
from comptoir.connectors.mail.writing import answer
from comptoir.networks.connector import Activity, Actor, Kind

BOX = Box("desk@brand.test/imap.brand.test", Actor("desk@brand.test", "desk@brand.test", "Desk"))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])

# The wire


@MANY
@given(st.binary(max_size=300))
def test_any_answer_is_read_or_garbled(line: bytes) -> None:
    try:
        wire.items([line])
    except Garbled:
        return


@given(
    st.recursive(
        st.none() | st.binary(max_size=20),
        lambda inner: st.lists(inner, max_size=5),
        max_leaves=30,
    )
)
def test_what_a_server_lists_is_read_as_it_is(item: Item) -> None:
    def written(each: Item) -> list[bytes | tuple[bytes, bytes]]:
        if each is None:
            return [b" NIL"]
        if isinstance(each, bytes):
            return [(b" {%d}" % len(each), each)]
        return [b" (", *(piece for inner in each for piece in written(inner)), b")"]

    assert wire.items(written(item)) == [item]


def test_nesting_without_end_is_garbled() -> None:
    with pytest.raises(Garbled):
        wire.items([b"(" * 5_000 + b")" * 5_000])
    deep: Any = [b"text", b"plain", None, None, None, b"7bit", b"1", b"1"]
    for _ in range(100):
        deep = [deep, b"mixed"]
    with pytest.raises(Garbled):
        structure(deep)


def test_folder_names() -> None:
    assert wire.folder_name("Boîte/Réclamations & co") == "Bo&AO4-te/R&AOk-clamations &- co"
    assert wire.folder_name("台北") == "&U,BTFw-"
    with pytest.raises(ValueError, match="x"):
        wire.quoted("x\r\nA1 LOGOUT")


# Heads


@MANY
@given(st.binary(max_size=400))
def test_any_head_is_read(raw: bytes) -> None:
    headers = Headers(raw)
    for name in ("from", "to", "subject", "references", "date"):
        headers.mailboxes(name)
        headers.ids(name)
        assert "\n" not in headers.text(name)
    headers.date()


@MANY
@given(st.text(alphabet='=?utf-8QBiso_<>@,;:"()\\ \r\n\té\udcff.', max_size=200))
def test_any_line_is_read(line: str) -> None:
    raw = b"From: " + line.encode("utf-8", "surrogateescape")
    for box in Headers(raw).mailboxes("from"):
        assert "@" in box.address
        assert not set(box.address) & set(" \r\n<>,")
    assert "\n" not in decoded(line)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?q?D=C3=A9j=C3=A0?= vu", "Déjà vu"),
        ("=?utf-8?b?5pel5pys?=\r\n =?utf-8?b?6Kqe?=", "日本語"),
        ("=?iso-8859-1?q?=C9t=E9?=", "Été"),
        ("=?nonsense?q?=C3=A9?=", "é"),
        ("=?utf-8?b?broken!", "=?utf-8?b?broken!"),
        ("caf\udce9", "café"),
        ("caf\udcc3\udca9", "café"),
    ],
)
def test_words_in_a_head(written: str, read: str) -> None:
    assert Headers(b"Subject: " + written.encode("utf-8", "surrogateescape")).text("subject") == read


def test_people_in_a_head() -> None:
    raw = b'From: "Last, First" <A.B@X.test>, =?utf-8?q?Ann=2C_E?= <e@x.test>\r\nTo: undisclosed-recipients:;\r\n'
    found = [(box.name, box.address) for box in Headers(raw).mailboxes("from")]
    assert found == [("Last, First", "A.B@X.test"), ("Ann, E", "e@x.test")]
    assert Headers(raw).mailboxes("to") == []


def test_ids_in_a_head() -> None:
    raw = b"References: <a@x> (comment) <b c@x> <d@x>\r\n\t<a@x>\r\nIn-Reply-To: bare@x\r\n"
    assert Headers(raw).ids("references") == ["a@x", "d@x"]
    assert Headers(raw).ids("in-reply-to") == ["bare@x"]


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Mon, 99 Foo 2022 99:99:99 +9999", "Mon, 1 Jan 1970 00:00:00 -0000"]
)
def test_a_date_that_makes_no_sense_is_when_it_arrived(date: str) -> None:
    letter = Letter("inbox/1/1", NOW, Headers(f"Date: {date}\r\n".encode()), b"", Part("1", "text/plain"))
    assert reading.published(letter) == NOW


def test_when_a_server_says_that_it_arrived() -> None:
    assert arrived_at(b" 2-Nov-2026 03:04:05 +0100") == datetime(2026, 11, 2, 2, 4, 5, tzinfo=UTC)
    assert arrived_at(b"31-Feb-2026 03:04:05 +0100") is None
    assert arrived_at(None) is None


# Bodies


@MANY
@given(st.binary(max_size=500), st.sampled_from(["base64", "quoted-printable", "7bit", "8bit", "x-uue"]))
def test_any_content_is_undone(content: bytes, encoding: str) -> None:
    assert isinstance(bodies.undone(content, encoding), bytes)


@given(st.binary(max_size=300), st.integers(0, 400))
def test_a_part_that_was_cut_is_read_as_far_as_it_goes(content: bytes, cut: int) -> None:
    whole = b"\r\n".join(b64encode(content)[i : i + 76] for i in range(0, 400, 76))
    assert content.startswith(bodies.undone(whole[:cut], "base64"))


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_charset_is_read(content: bytes, charset: str) -> None:
    assert isinstance(in_charset(content, charset), str)


PARTS = st.recursive(
    st.builds(
        Part,
        section=st.sampled_from(["1", "2", "1.1", "3.2"]),
        kind=st.sampled_from(["text/plain", "text/html", "image/png", "message/rfc822", "application/x"]),
        params=st.dictionaries(st.sampled_from(["charset", "format", "delsp"]), st.text(max_size=8)),
        cid=st.sampled_from(["", "x"]),
        encoding=st.sampled_from(["7bit", "base64", "quoted-printable"]),
        size=st.integers(0, 10_000),
        disposition=st.sampled_from(["", "inline", "attachment"]),
        filename=st.sampled_from(["", "a.txt"]),
    ),
    lambda inner: st.builds(
        Part,
        section=st.just("1"),
        kind=st.sampled_from(
            ["multipart/alternative", "multipart/mixed", "multipart/related", "multipart/report"]
        ),
        parts=st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@MANY
@given(PARTS, st.binary(max_size=200), st.binary(max_size=300))
def test_any_message_becomes_an_activity(root: Part, content: bytes, head: bytes) -> None:
    letter = Letter("inbox/1/1", NOW, Headers(head), head, root)
    letter.contents = dict.fromkeys([*letter.wanted(), "1", "2", "1.1"], content)
    found = reading.activity(letter, BOX, own=False)
    assert found.remote_id.startswith(BOX.name)
    assert found.actor.remote_id
    assert all(0 <= span.start < span.end <= len(found.text) for span in found.spans)
    assert found.addressed == (not found.automatic)


@given(st.text(max_size=300))
def test_links_lie_in_the_text(text: str) -> None:
    for span in bodies.links(f"see https://example.org/{text}"):
        assert span.target.startswith("https://")


def test_links_end_where_people_see_them_end() -> None:
    text = "Go (see https://x.test/a_(b)), or https://x.test/?q=1. <https://x.test/c>"
    found = [text[s.start : s.end] for s in bodies.links(text)]
    assert found == ["https://x.test/a_(b)", "https://x.test/?q=1", "https://x.test/c"]


@given(st.text(max_size=300))
def test_a_file_s_name_is_harmless(name: str) -> None:
    safe = file_name(name)
    assert len(safe) <= 120
    assert not set(safe) & set('\\/:*?"<>|\x00\r\n\u202e\u200b')
    assert not safe.startswith(".")


def test_a_name_that_turns_itself_round_does_not() -> None:
    assert file_name("bill\u202efdp.exe") == "billfdp.exe"
    assert file_name("../../etc/passwd") == "_.._etc_passwd"
    assert file_name("x" * 300 + ".pdf").endswith(".pdf")


# Reports


@MANY
@given(st.binary(max_size=300), st.binary(max_size=300), st.text(max_size=300))
def test_any_report_is_read(status: bytes, original: bytes, text: str) -> None:
    report = machines.read_report(Headers(b"Subject: failure notice"), status, original, text)
    assert report.kind in ("returned", "delayed", "answer")


def test_a_report_that_it_arrived_is_no_return() -> None:
    status = (
        b"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@x\r\nAction: delivered\r\nStatus: 2.0.0\r\n"
    )
    assert machines.read_report(Headers(b""), status, b"Message-ID: <a@b>", "").kind == "answer"


# Ours


@MANY
@given(
    st.text(max_size=60),
    st.text(max_size=60),
    st.text(max_size=200),
    st.lists(st.text(max_size=30), max_size=4),
)
def test_no_answer_carries_a_line_that_somebody_slipped_in(
    name: str, title: str, text: str, ids: list[str]
) -> None:
    facts = {"answer_to": "fan@fan.test", "id": "own@fan.test", "references": ids}
    to = Activity(
        "x", Kind.MESSAGE, Actor("fan@fan.test", "fan@fan.test", name), NOW, title=title, facts=facts
    )
    mail = answer(to, text, [], "key-1234", NOW, BOX)
    read = message_from_bytes(mail.content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert sorted(read.keys()) == sorted(
        ["Message-ID", "In-Reply-To", "References", "From", "To", "Subject", "Date", "MIME-Version", "Content-Type",
         "Content-Transfer-Encoding"]
    )  # fmt: skip
    assert str(read["To"].addresses[0].addr_spec) == "fan@fan.test"
    assert str(read["In-Reply-To"]) == "<own@fan.test>"
    assert all(len(line) <= 998 for line in mail.content.split(b"\r\n"))
    assert b"\n" not in mail.content.replace(b"\r\n", b"")
    assert str(read.get_content()).split() == re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", text).split()


def test_an_address_beyond_ascii_stays_what_it_is() -> None:
    facts = {"answer_to": "jörg@müller.test", "id": "own@fan.test"}
    to = Activity("x", Kind.MESSAGE, Actor("j", "j", "Jörg"), NOW, title="Hallo", facts=facts)
    mail = answer(to, "hello", [], "key-1234", NOW, BOX)
    assert mail.to == "jörg@xn--mller-kva.test"
    assert "To: Jörg <jörg@xn--mller-kva.test>".encode() in mail.content
