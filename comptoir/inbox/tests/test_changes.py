"""Changing what stands on the network, and what its author wants read before the text.

The connector is the rehearsal's with two abilities more: a stand-in for networks that can be told to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import pytest

from comptoir.inbox import jobs
from comptoir.inbox.models import Reply
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.networks import sending
from comptoir.networks.connector import (
    SENSITIVE,
    Activity,
    Edits,
    Kind,
    Length,
    Media,
    Refused,
    Sent,
    TryLater,
    Upload,
    Warns,
)
from comptoir.networks.found import connector_class
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
BOX = 'id="edit-text"'


Rehearsal: Any = connector_class("rehearsal")


class Changing(Edits, Warns, Rehearsal):  # type: ignore[misc]
    """The town's connector on a stage where answers can be changed and carry warnings. An answer begins with a name."""

    edits: ClassVar[list[tuple[str, str]]] = []
    warnings: ClassVar[list[str]] = []
    trouble: ClassVar[Exception | None] = None

    def edit(self, remote_id: str, text: str) -> None:
        if self.trouble:
            raise self.trouble
        self.edits.append((remote_id, text))

    def reply(
        self, to: Activity, text: str, media: Sequence[Upload], key: str, at: datetime, warning: str = ""
    ) -> Sent:
        self.warnings.append(warning)
        return super().reply(to, text, media, key, at)  # type: ignore[no-any-return]

    def answer_length(self, to: Activity, text: str, warning: str = "") -> Length:
        return self.length(f"{to.actor.handle} {warning}{text}")  # type: ignore[no-any-return]


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Changing)
    for name in ("edits", "warnings"):
        monkeypatch.setattr(Changing, name, [])
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def post(verdier: House, thread: Any, what: str, who: str = "agent", htmx: bool = False, **data: str) -> Any:
    rest: Mapping[str, Any] = HTMX if htmx else {"follow": True}
    return browser(verdier.people[who]).post(verdier.url(f"{thread.pk}/{what}/"), data, **rest)


def page_of(verdier: House, thread: Any, query: str = "", who: str = "agent") -> str:
    return body(browser(verdier.people[who]).get(verdier.url(f"{thread.pk}/{query}")))


def deliver(verdier: House) -> Delivery:
    """Let what waits leave, as a worker does; the last delivery."""
    rows = Delivery.objects.of(verdier.brand).select_related("channel", "target__actor", "channel__brand")
    for delivery in rows.filter(state="waiting"):
        sending.attempt(delivery)
        jobs.delivery_moved.func(delivery_id=delivery.pk)
    return rows.latest("pk")


def answered(verdier: House, text: str = "Until tne", **mention: Any) -> Any:
    """A thread with an answer that is on the network."""
    hear(verdier.channel, [said("m1", "Until when are you open?", **mention)])
    thread = verdier.thread()
    thread.reply(text, verdier.people["owner"])
    deliver(verdier)
    jobs.gather.func(verdier.channel.pk, [Row.objects.everywhere().latest("pk").pk], [])
    return thread


# --- changing


def test_an_answer_is_changed_on_the_network_and_here(verdier: House) -> None:
    thread = answered(verdier)
    reply = Reply.objects.get()
    assert f"?edit={reply.pk}#edit-text" in page_of(verdier, thread)
    form = page_of(verdier, thread, f"?edit={reply.pk}")
    assert re.search(r'<textarea[^>]* id="edit-text"[^>]*>Until tne</textarea>', form)
    assert 'id="reply-text"' not in form
    page = body(post(verdier, thread, f"replies/{reply.pk}/edition", text="Until ten"))
    assert "The network is asked to change it." in page
    assert "Being changed" in page
    assert "?edit=" not in page
    assert deliver(verdier).state == "sent"
    said_here = Row.objects.of(verdier.brand).get(deliveries__reply=reply)
    assert Changing.edits == [(said_here.remote_id, "Until ten")]
    assert said_here.text == "Until ten"
    assert said_here.edited
    jobs.gather.func(verdier.channel.pk, [], [said_here.pk])
    page = page_of(verdier, thread)
    assert "Until ten</p>" in page
    assert "Until tne" not in page
    assert ">edited</span>" in page
    assert AuditEntry.objects.of(verdier.brand).filter(what="reply_edited").count() == 1


def test_programs_change_and_delete_an_answer(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = answered(verdier)
    program = Program(verdier.people["agent"])
    there = f"brands/verdier/threads/{thread.pk}/replies"
    one = f"{there}/{Reply.objects.get().pk}"
    for text in (" ", "x" * 2_000, "Hello {{person}}"):
        assert problem(program.ask("POST", f"{one}/edition", {"text": text})) == "invalid"
    told = program.ask("POST", f"{one}/edition", {"text": "Until ten"})
    assert (told.status_code, told.json()["state"]) == (202, "waiting")
    assert problem(program.ask("POST", f"{one}/edition", {"text": "Until eleven"})) == "too-late"
    deliver(verdier)
    assert [text for _, text in Changing.edits] == ["Until ten"]
    assert problem(program.ask("POST", f"{there}/999/edition", {"text": "x"})) == "not-found"
    assert problem(Program(verdier.people["reader"]).ask("POST", f"{one}/deletion")) == "role-too-low"
    assert program.ask("POST", f"{one}/deletion").status_code == 202
    deliver(verdier)
    assert problem(program.ask("POST", f"{one}/deletion")) == "too-late"
    every_network_is(monkeypatch, Rehearsal)
    assert problem(program.ask("POST", f"{one}/edition", {"text": "x"})) == "cannot-answer"


def test_a_change_that_a_worker_died_in_is_made_again(verdier: House) -> None:
    thread = answered(verdier)
    Reply.objects.get().edit("Until ten", verdier.people["agent"])
    change = Delivery.objects.of(verdier.brand).select_related("channel", "target__actor").latest("pk")
    assert change.claim()
    sending.attempt(change)
    sending.attempt(Delivery.objects.of(verdier.brand).get(pk=change.pk))
    assert [text for _, text in Changing.edits] == ["Until ten"]
    assert "Until ten</p>" in page_of(verdier, thread)


def test_one_change_at_a_time(verdier: House) -> None:
    thread = answered(verdier)
    reply = Reply.objects.get()
    url = f"replies/{reply.pk}/edition"
    post(verdier, thread, url, text="Until ten")
    assert "still on its way" in body(post(verdier, thread, url, text="Until eleven"))
    deliver(verdier)
    post(verdier, thread, url, text="Until eleven")
    deliver(verdier)
    assert [text for _, text in Changing.edits] == ["Until ten", "Until eleven"]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Refused("server_cannot"), "It was not changed. The server where this account lives cannot do that."),
        (Refused("not_there"), "It was not changed. That message is no longer on Rehearsal town."),
        (TryLater("server_error"), "Being changed"),
    ],
)
def test_what_the_network_says_to_a_change_is_told(
    verdier: House, monkeypatch: pytest.MonkeyPatch, trouble: Exception, words: str
) -> None:
    monkeypatch.setattr(Changing, "trouble", trouble)
    thread = answered(verdier)
    post(verdier, thread, f"replies/{Reply.objects.get().pk}/edition", text="Until ten")
    deliver(verdier)
    page = page_of(verdier, thread)
    assert words in page
    assert "Until tne</p>" in page


def test_a_change_too_long_keeps_the_words_in_the_box(verdier: House) -> None:
    thread = answered(verdier)
    url = f"replies/{Reply.objects.get().pk}/edition"
    for htmx in (True, False):
        page = post(verdier, thread, url, htmx=htmx, text="x" * 2_000)
        assert page.status_code == 422
        assert "too long" in body(page)
        assert ">" + "x" * 2_000 + "</textarea>" in body(page)
    assert post(verdier, thread, url, text="  ").status_code == 422
    assert not Changing.edits


def test_what_is_not_there_is_not_changed(verdier: House) -> None:
    thread = answered(verdier)
    reply = Reply.objects.get()
    assert post(verdier, thread, "replies/999/edition", text="x").status_code == 404
    assert post(verdier, thread, f"replies/{reply.pk}/edition", who="reader", text="x").status_code == 403
    assert BOX not in page_of(verdier, thread, f"?edit={reply.pk}", who="reader")
    assert BOX not in page_of(verdier, thread, "?edit=999")
    reply.take_back(verdier.people["agent"])
    deliver(verdier)
    assert "nothing was changed" in body(
        post(verdier, thread, f"replies/{reply.pk}/edition", text="Until ten")
    )
    assert BOX not in page_of(verdier, thread, f"?edit={reply.pk}")


def test_where_nothing_can_be_changed_nothing_is_offered(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = answered(verdier)
    every_network_is(monkeypatch, Rehearsal)
    reply = Reply.objects.get()
    page = page_of(verdier, thread, f"?edit={reply.pk}")
    assert "?edit=" not in page
    assert BOX not in page
    assert 'name="warning"' not in page
    assert post(verdier, thread, f"replies/{reply.pk}/edition", text="x").status_code == 400


# --- warnings


def test_a_text_is_folded_behind_its_warning(verdier: House) -> None:
    hear(verdier.channel, [said("m1", "A spider sat in my seat", warning="Spiders <b>")])
    thread = verdier.thread()
    page = page_of(verdier, thread, who="reader")
    folded = re.search(r'<details class="warned"[^>]*>(.*?)</details>', page, re.DOTALL)
    assert folded
    assert "Spiders &lt;b&gt;</summary>" in folded[1]
    assert "A spider sat in my seat</p>" in folded[1]
    row = re.search(rf'<li id="t{thread.pk}".*?</li>', page, re.DOTALL)
    assert row
    assert "Spiders &lt;b&gt;" in row[0]
    assert "sat in my seat" not in row[0]


def test_only_the_pictures_are_folded_when_only_they_are_sensitive(verdier: House) -> None:
    picture = Media("https://example.org/a.png", alt="a wound")
    hear(verdier.channel, [said("m1", "Look at this", warning=SENSITIVE, media=(picture,))])
    page = page_of(verdier, verdier.thread(), who="reader")
    folded = re.search(r'<details class="warned"[^>]*>(.*?)</details>', page, re.DOTALL)
    assert folded
    assert "Sensitive media</summary>" in folded[1]
    assert "a wound" in folded[1]
    assert "Look at this</p>" not in folded[1]
    assert verdier.thread().last_text == "Look at this"


def test_an_answer_inherits_the_warning_unless_its_writer_says_otherwise(verdier: House) -> None:
    hear(verdier.channel, [said("m1", "A spider sat in my seat", warning="Spiders")])
    thread = verdier.thread()
    page = page_of(verdier, thread)
    assert re.search(r'<input[^>]* name="warning"[^>]* value="Spiders"', page)
    post(
        verdier, thread, "replies", text="We are sorry", seen="0", key="a" * 32, warning="  Spiders,\n again "
    )
    post(verdier, thread, "replies", text="It is gone", seen="999", key="b" * 32, warning="")
    for _ in range(2):
        deliver(verdier)
    assert Changing.warnings == ["Spiders, again", ""]
    said_here = Row.objects.everywhere().get(text="We are sorry")
    assert said_here.warning == "Spiders, again"


def test_a_warning_counts_and_so_do_the_names_in_front(verdier: House) -> None:
    hear(verdier.channel, [said("m1", "Anybody?")])
    thread = verdier.thread()
    limit = Channel.objects.of(verdier.brand).get().connector().length("").limit
    full = "x" * (limit - len("@person0.example "))
    assert post(verdier, thread, "replies", htmx=True, text=full + "x").status_code == 422
    assert post(verdier, thread, "replies", htmx=True, text=full, warning="Spiders").status_code == 422
    counted = post(verdier, thread, "length", text=full, warning="Spiders").json()
    assert counted["over"] == len("Spiders")
    assert post(verdier, thread, "replies", htmx=True, text=full, key="a" * 32).status_code == 200


def test_a_title_stands_above_its_text(verdier: House) -> None:
    hear(verdier.channel, [said("m1", "Where is it?", title="Order 7 & more")])
    page = page_of(verdier, verdier.thread())
    assert re.search(r"Order 7 &amp; more</p>\s*<p class=\"text\"[^>]*>Where is it\?</p>", page)


def test_a_private_question_in_a_public_thread_gets_a_private_answer(verdier: House) -> None:
    thread = answered(verdier)
    assert "Public answer to" in page_of(verdier, thread)
    hear(
        verdier.channel,
        [said("m2", "My number is 7", minutes_ago=1, kind=Kind.MESSAGE, in_reply_to="m1", conversation="m1")],
    )
    assert "Private answer to" in page_of(verdier, thread)
