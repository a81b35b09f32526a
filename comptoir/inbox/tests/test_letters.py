"""Private messages with subjects, files, quotes and machines among their writers, as mail brings them.

The connector is the rehearsal's with files beside messages: a stand-in for a mailbox.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, ClassVar

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from PIL import Image

from comptoir.inbox import jobs
from comptoir.inbox.likening import liken
from comptoir.inbox.models import Likened, Thread
from comptoir.inbox.models.listed import listed
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.networks import persons, sending
from comptoir.networks.connector import (
    Activity,
    Actor,
    Attaches,
    Kind,
    Media,
    Refused,
    Sent,
    TryLater,
    Upload,
)
from comptoir.networks.found import connector_class
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Actor as Somebody
from comptoir.networks.models import Delivery
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_folder")]
PAGE = b"<html><script>alert(1)</script>"


Rehearsal: Any = connector_class("rehearsal")


class Keeping(Attaches, Rehearsal):  # type: ignore[misc]
    """The town's connector with files that only it can fetch."""

    files: ClassVar[dict[str, bytes]] = {}
    trouble: ClassVar[Exception | None] = None
    asked: ClassVar[list[str]] = []

    def attachment(self, remote_id: str, url: str) -> Upload:
        self.asked.append(url)
        if self.trouble:
            raise self.trouble
        return Upload(self.files[url], "text/html")


@pytest.fixture
def _own_folder(tmp_path: Any) -> Any:
    cache.clear()
    with override_settings(DATA=tmp_path):
        yield


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Keeping)
    picture = BytesIO()
    Image.new("RGB", (400, 300), "red").save(picture, "PNG")
    monkeypatch.setattr(Keeping, "files", {"part:page": PAGE, "part:pic": picture.getvalue()})
    monkeypatch.setattr(Keeping, "asked", [])
    return house()


def letter(name: str, text: str, minutes_ago: float = 30, by: int = 0, **rest: Any) -> Activity:
    return said(name, text, minutes_ago, by, kind=Kind.MESSAGE, **rest)


def own(verdier: House, name: str, text: str, minutes_ago: float, **rest: Any) -> Activity:
    me = Actor(verdier.channel.remote_id, "@verdier")
    return letter(name, text, minutes_ago, actor=me, addressed=False, **rest)


def page(verdier: House, thread: Any, who: str = "agent") -> str:
    return str(browser(verdier.people[who]).get(verdier.url(f"{thread.pk}/")).content.decode())


def threads(verdier: House) -> list[Thread]:
    return list(Thread.objects.of(verdier.brand).order_by("pk"))


# Subjects and quotes


def test_a_row_says_the_subject_and_the_first_words(verdier: House) -> None:
    hear(verdier.channel, [letter("a", "It was to come on Monday.", title="Where is my order?")])
    (row,) = listed(verdier.brand.pk, verdier.people["agent"].pk, "open")
    assert row.last_text == "Where is my order? · It was to come on Monday."
    assert listed(verdier.brand.pk, verdier.people["agent"].pk, "open", "order")


def test_a_subject_is_said_once_and_what_is_quoted_is_folded(verdier: House) -> None:
    hear(
        verdier.channel,
        [
            letter("a", "Where?", 30, title="My order"),
            letter(
                "b",
                "Still where?",
                20,
                title="Re: My order",
                in_reply_to="a",
                quoted="> Where?\n-- \nAnna <b>",
            ),
            letter("c", "Another thing", 10, title="My garden", in_reply_to="b"),
        ],
    )
    shown = page(verdier, verdier.thread())
    assert shown.count('class="headline"') == 2
    assert "&gt; Where?\n-- \nAnna &lt;b&gt;" in shown
    assert shown.count('class="folded"') == 1


def test_what_others_quote_of_an_erased_person_goes_too(verdier: House) -> None:
    hear(
        verdier.channel,
        [
            letter("a", "My secret", 30),
            letter("b", "Look at that", 20, by=1, in_reply_to="a", quoted="> My secret"),
            letter("c", "A thread of their own", 10, by=1, quoted="kept"),
        ],
    )
    persons.erase(Somebody.objects.get(remote_id="person-0"))
    quoted = dict(Row.objects.everywhere().values_list("text", "quoted"))
    assert quoted == {"": "", "Look at that": "", "A thread of their own": "kept"}


# Machines


@pytest.mark.parametrize("automatic", ["answer", "bulk"])
def test_what_a_machine_wrote_is_filed_as_closed(verdier: House, automatic: str) -> None:
    hear(verdier.channel, [letter("a", "Our news", addressed=False, automatic=automatic)])
    (thread,) = threads(verdier)
    assert (thread.is_open, thread.answered, thread.offered) == (False, True, False)
    assert thread.person
    assert not listed(verdier.brand.pk, verdier.people["agent"].pk, "open")
    assert 'class="mark"' in page(verdier, thread)
    reply = thread.reply("A person answers all the same.", verdier.people["agent"])
    assert reply.delivery.target
    assert reply.delivery.target.remote_id == "a"


def test_an_automatic_answer_neither_opens_nor_reopens(verdier: House) -> None:
    hear(verdier.channel, [letter("a", "Where?")])
    (thread,) = threads(verdier)
    thread.close(verdier.people["agent"])
    hear(verdier.channel, [letter("b", "I am away", 5, in_reply_to="a", addressed=False, automatic="answer")])
    (thread,) = threads(verdier)
    assert not thread.is_open
    assert thread.messages == 2
    assert "automatic answer" in page(verdier, thread)
    assert thread.last_inbound() == Row.objects.of(verdier.brand).get(remote_id="a")


def test_a_conversation_that_the_brand_begins_is_whole(verdier: House) -> None:
    hear(verdier.channel, [own(verdier, "a", "We have moved.", 30, title="News for you")])
    (thread,) = threads(verdier)
    assert not thread.is_open
    hear(verdier.channel, [letter("b", "Where to?", 10, in_reply_to="a", conversation="a")])
    (thread,) = threads(verdier)
    assert (thread.is_open, thread.answered, thread.messages) == (True, False, 2)
    assert thread.person
    assert thread.person.remote_id == "person-0"


def test_a_post_of_the_brand_begins_nothing(verdier: House) -> None:
    me = Actor(verdier.channel.remote_id, "@verdier")
    hear(verdier.channel, [said("p", "Fresh bread", kind=Kind.POST, actor=me, addressed=False)])
    assert not threads(verdier)


# What comes back


def left(verdier: House, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """An answer to whoever wrote first, after its try."""
    thread = Thread.objects.of(verdier.brand).order_by("pk")[0]
    reply = thread.reply("On its way.", verdier.people["agent"])
    monkeypatch.setattr(Keeping, "reply", lambda *_: Sent("ours-1"))
    Delivery.objects.everywhere().update(not_before=reply.created)
    delivery = (
        Delivery.objects.everywhere().select_related("channel", "target__actor").get(pk=reply.delivery_id)
    )
    sending.attempt(delivery)
    ours = list(Row.objects.of(verdier.brand).filter(remote_id="ours-1").values_list("pk", flat=True))
    jobs.gather.func(channel_id=verdier.channel.pk, new=ours, changed=[])
    for _ in range(2):
        jobs.delivery_moved.func(delivery_id=delivery.pk)
    return delivery


def report(kind: str, why: str = "550 no such person") -> Activity:
    machine = Actor("daemon", "daemon@example.org")
    return letter(
        f"report-{kind}",
        why,
        1,
        actor=machine,
        addressed=False,
        automatic=kind,
        about="ours-1",
        in_reply_to="ours-1",
        conversation="a",
    )


def test_an_answer_that_came_back_is_work_again(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hear(verdier.channel, [letter("a", "Where?")])
    delivery = left(verdier, monkeypatch)
    verdier.thread().close(verdier.people["agent"])
    hear(verdier.channel, [report("returned")])
    for _ in range(2):
        jobs.delivery_moved.func(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.code, delivery.facts) == (
        "returned", "came_back", {"reason": "550 no such person"}
    )  # fmt: skip
    thread = verdier.thread()
    assert (thread.is_open, thread.answered, thread.messages) == (True, False, 3)
    (row,) = listed(verdier.brand.pk, verdier.people["agent"].pk, "open")
    assert row.state == "returned"
    liken([thread.pk])
    assert Likened.objects.get(thread=thread).activity.text == "Where?", (
        "it waits with the others who ask that"
    )
    shown = page(verdier, thread)
    assert "It came back: 550 no such person" in shown
    assert "Write it again" in shown
    assert Notice.objects.of(verdier.brand).filter(code="reply_returned").count() == 1
    assert (
        "Came back"
        in browser(verdier.people["reader"]).get(f"/b/{verdier.brand.slug}/deliveries/").content.decode()
    )


def test_an_answer_that_is_late_is_told_and_still_counts(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(verdier.channel, [letter("a", "Where?")])
    delivery = left(verdier, monkeypatch)
    hear(verdier.channel, [report("delayed", "connection timed out")])
    delivery.refresh_from_db()
    assert (delivery.state, delivery.code) == ("sent", "delayed")
    assert verdier.thread().answered
    assert "still on its way: connection timed out" in page(verdier, verdier.thread())
    hear(verdier.channel, [report("returned")])
    delivery.refresh_from_db()
    assert delivery.state == "returned"


def test_a_report_that_is_faster_than_our_own_book(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hear(verdier.channel, [letter("a", "Where?"), report("returned")])
    assert left(verdier, monkeypatch).state == "returned"


# Files


FILES = (
    Media("part:page", "file", name="bill.html", mime="text/html", size=31),
    Media("part:pic", "image", name="photo.png", mime="image/png", size=900),
)


@pytest.fixture
def filed(verdier: House) -> Row:
    hear(verdier.channel, [letter("a", "See here", media=FILES)])
    return Row.objects.of(verdier.brand).get(remote_id="a")


def address(verdier: House, row: Row, place: int = 1) -> str:
    return reverse("file", args=[verdier.brand.slug, row.pk, place])


def test_a_file_is_only_ever_saved(verdier: House, filed: Row) -> None:
    shown = page(verdier, verdier.thread())
    assert f'href="{address(verdier, filed)}"' in shown
    assert "bill.html (31" in shown
    answer = browser(verdier.people["reader"]).get(address(verdier, filed))
    assert answer.content == PAGE
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="bill.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_a_picture_is_drawn_by_us_once(verdier: House, filed: Row) -> None:
    shown = page(verdier, verdier.thread())
    src = shown.split('<img src="')[1].split('"')[0]
    for _ in range(2):
        answer = browser(verdier.people["reader"]).get(src)
        assert answer["Content-Type"] == "image/webp"
        assert Image.open(BytesIO(answer.content)).size == (400, 300)
    assert Keeping.asked == ["part:pic"]


def test_another_brand_gets_neither(verdier: House, filed: Row) -> None:
    shown = page(verdier, verdier.thread())
    src = shown.split('<img src="')[1].split('"')[0]
    for path in (src, address(verdier, filed)):
        assert browser(verdier.stranger).get(path).status_code == 404
        there = path.replace(f"/b/{verdier.brand.slug}/", f"/b/not-{verdier.brand.slug}/")
        assert browser(verdier.stranger).get(there).status_code == 404
    assert not Keeping.asked


@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [
        (Refused("file_gone"), 404, "no longer where the message was"),
        (Refused("file_too_large"), 404, "too large to be fetched"),
        (TryLater("unreachable"), 503, "does not give this file at the moment"),
    ],
)
def test_a_file_that_cannot_be_had_says_why(
    verdier: House, filed: Row, monkeypatch: pytest.MonkeyPatch, trouble: Exception, status: int, words: str
) -> None:
    monkeypatch.setattr(Keeping, "trouble", trouble)
    answer = browser(verdier.people["reader"]).get(address(verdier, filed))
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_looking_whether_it_is_there_fetches_nothing(verdier: House, filed: Row) -> None:
    assert browser(verdier.people["reader"]).head(address(verdier, filed)).status_code == 200
    assert browser(verdier.people["reader"]).get(address(verdier, filed, 3)).status_code == 404
    assert not Keeping.asked


def test_a_channel_that_is_off_fetches_nothing(verdier: House, filed: Row) -> None:
    verdier.channel.switch_off()
    assert browser(verdier.people["reader"]).get(address(verdier, filed)).status_code == 404
    assert not Keeping.asked
