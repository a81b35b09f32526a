"""The lines to postfix and dovecot: connecting, waiting for news, and the book that says what left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.connectors.mail import mailbox, writing
from comptoir.connectors.mail.imap import Line
from comptoir.kernel.http import Outside
from comptoir.networks.connector import Refused, TryLater, Unusable
from tests.contract.mail import MailHarness

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


def test_a_mailbox_that_moves_keeps_its_ids_when_it_is_the_same_channel(box: MailHarness) -> None:
    assert box.connected
    known = dict(box.connected.settings)
    moved = {**box.answers(), "imap_host": "127.0.0.1"}
    again = box.type(http=box.http, grant=box.grant, settings=known).connect(moved)
    assert (again.settings["box"], again.settings["imap_host"]) == (known["box"], "127.0.0.1")
    assert box.bare().connect(moved).settings["box"] != known["box"]


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
    box.brand.put(box.letter().as_bytes())
    assert True in (next(stream), next(stream))
    stream.close()


def test_idle_is_asked_for_anew_in_time(box: MailHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "SIGN", 0.2)
    monkeypatch.setattr(mailbox, "RENEW", 0.3)
    stream = box.connector().listen()
    assert next(stream) is True
    assert [next(stream) for _ in range(8)].count(True) == 0
    box.brand.put(box.letter().as_bytes())
    assert True in [next(stream) for _ in range(8)]
    stream.close()


# A server that will not


def test_a_search_that_is_refused_passes_over_nothing(
    box: MailHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [box.say("still here")]
    real = Line.xatom
    with monkeypatch.context() as patched:
        patched.setattr(Line, "xatom", _refusing(real, "SEARCH"))
        with pytest.raises(TryLater):
            box.step()
    box.listen(ids)


def test_a_message_that_a_server_cannot_describe_stops_no_other(
    box: MailHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [box.say("one"), box.say("two")]
    real = Line.xatom
    with monkeypatch.context() as patched:
        patched.setattr(Line, "xatom", _refusing(real, "BODYSTRUCTURE"))
        assert [item.text for item in box.listen(ids)] == ["one", "two"]
        patched.setattr(Line, "xatom", _refusing(real, "FETCH"))
        box.brand.put(box.letter("three").as_bytes())
        (item,) = box.step().items
    assert isinstance(item, Unusable)


def _refusing(real: Any, word: str) -> Any:
    """The library's way to ask, where the server says no to whatever holds a word."""

    def ask(line: Line, *words: str) -> Any:
        return ("NO", [b"no"]) if word in " ".join(words) else real(line, *words)

    return ask
