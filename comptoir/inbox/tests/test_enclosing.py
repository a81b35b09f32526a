"""Pictures and files beside an answer: bounded, described, kept with the draft, sent once, seen by the brand alone."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from comptoir.inbox.models import Draft, Enclosure, NotTaken, Reply
from comptoir.inbox.models.enclosing import enclose
from comptoir.inbox.models.writing import leave_off
from comptoir.inbox.tests import building
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Carries, Refused
from comptoir.networks.found import connector_class
from comptoir.networks.models import Attachment, Delivery
from comptoir.networks.persons import HOLDERS, erase
from comptoir.networks.sending import attempt
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
TOWN: Any = connector_class(building.TOWN)


def jpeg(width: int = 320, height: int = 200) -> bytes:
    exif, out = Image.Exif(), BytesIO()
    exif[0x010E] = "SECRET place"
    Image.new("RGB", (width, height), (30, 90, 200)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m1", "is my case here?")])
    return made


@pytest.fixture
def agent(verdier: House) -> Client:
    return browser(verdier.people["agent"])


def at(verdier: House, rest: str = "") -> str:
    return verdier.url(f"{verdier.thread().pk}/{rest}")


def bring(verdier: House, client: Client, *files: bytes, name: str = "x.jpg", **more: Any) -> Any:
    brought = [SimpleUploadedFile(name, file, "image/jpeg") for file in files]
    return client.post(at(verdier, "enclosures/"), {"file": brought, **more}, **HTMX)


def say(verdier: House, client: Client, text: str = "Here it is.", **more: Any) -> Any:
    return client.post(at(verdier, "replies/"), {"text": text, **more}, **HTMX)


def left(verdier: House) -> Any:
    """The newest delivery, sent."""
    delivery = Delivery.objects.of(verdier.brand).order_by("-pk")[0]
    Delivery.objects.of(verdier.brand).filter(pk=delivery.pk).update(not_before=clock.now())
    delivery.refresh_from_db()
    attempt(delivery)
    delivery.refresh_from_db()
    return delivery


def test_a_picture_lies_beside_the_draft_described_and_leaves_with_the_answer(
    verdier: House, agent: Client
) -> None:
    page = bring(verdier, agent, jpeg())
    assert page.status_code == 200
    assert "1 of 4" in page.content.decode()
    assert "1 without a description" in page.content.decode()
    row = Enclosure.objects.get()
    assert b"SECRET" not in bytes(row.content)
    shown = agent.get(at(verdier, f"enclosures/{row.pk}/"))
    assert shown["Content-Type"] == "image/webp"
    assert "sandbox" in shown["Content-Security-Policy"]

    asked = say(verdier, agent, enclosure=row.pk)
    assert asked.status_code == 422
    assert "has no description" in asked.content.decode()
    assert "Here it is." in asked.content.decode()
    assert not Delivery.objects.of(verdier.brand).exists()

    assert say(verdier, agent, enclosure=row.pk, **{f"alt-{row.pk}": "A red case"}).status_code == 200
    delivery = left(verdier)
    assert delivery.state == "sent"
    assert [(a.alt, a.mime) for a in delivery.attachments.all()] == [("A red case", "image/jpeg")]
    assert not Enclosure.objects.exists()
    thread = agent.get(at(verdier)).content.decode()
    picture = Attachment.objects.get()
    assert f"attachments/{picture.pk}/" in thread
    assert "A red case" in thread
    for role in ("reader", "owner"):
        assert browser(verdier.people[role]).get(at(verdier, f"attachments/{picture.pk}/")).status_code == 200
    assert browser(verdier.stranger).get(at(verdier, f"attachments/{picture.pk}/")).status_code == 404


def test_one_can_send_without_words_on_purpose(verdier: House, agent: Client) -> None:
    bring(verdier, agent, jpeg())
    assert say(verdier, agent, enclosure=Enclosure.objects.get().pk, bare="yes").status_code == 200
    assert left(verdier).attachments.count() == 1


def test_what_lies_beside_a_draft_is_its_writers_alone(verdier: House, agent: Client) -> None:
    bring(verdier, agent, jpeg())
    row = Enclosure.objects.get()
    for role in ("manager", "owner", "reader"):
        answer = browser(verdier.people[role]).get(at(verdier, f"enclosures/{row.pk}/"))
        assert answer.status_code in (403, 404)
    manager = browser(verdier.people["manager"])
    assert f"enclosures/{row.pk}" not in manager.get(at(verdier)).content.decode()
    assert say(verdier, manager, enclosure=row.pk, bare="yes").status_code == 422
    manager.post(at(verdier, "enclosures/"), {"off": row.pk})
    assert Enclosure.objects.count() == 1
    assert (
        browser(verdier.people["reader"]).post(at(verdier, "enclosures/"), {"off": row.pk}).status_code == 403
    )


def test_no_more_than_the_network_takes(verdier: House, agent: Client) -> None:
    page = bring(verdier, agent, *[jpeg()] * 5)
    assert page.status_code == 422
    assert "No more than 4" in page.content.decode()
    assert Enclosure.objects.count() == 4
    agent.post(at(verdier, "enclosures/"), {"off": Enclosure.objects.all()[0].pk})
    assert Enclosure.objects.count() == 3


def test_what_is_no_picture_is_named_and_not_kept(verdier: House, agent: Client) -> None:
    page = bring(verdier, agent, b"<script>alert(1)</script>", name="evil<b>.svg")
    assert page.status_code == 422
    assert "evil&lt;b&gt;.svg: It is no picture" in page.content.decode()
    bring(verdier, agent, b"%PDF-1.4", name="terms.pdf")
    assert not Enclosure.objects.exists()


def test_files_go_where_the_network_carries_them(
    verdier: House, agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TOWN, "files", True)
    assert bring(verdier, agent, b"%PDF-1.4 terms", name="C:\\secret\\our\u202eterms.pdf").status_code == 200
    row = Enclosure.objects.get()
    assert (row.mime, row.name) == ("application/pdf", "ourterms.pdf")
    given = agent.get(at(verdier, f"enclosures/{row.pk}/"))
    assert given["Content-Disposition"].startswith("attachment")
    assert "kind do not leave" in bring(verdier, agent, b"MZ", name="run.exe").content.decode()
    with pytest.raises(NotTaken) as why:
        enclose(verdier.thread(), verdier.people["agent"], b"x" * 2_000_001, "large.pdf")
    assert why.value.code == "too_heavy"
    # A file needs no words for those who cannot see it.
    assert say(verdier, agent, enclosure=row.pk).status_code == 200
    assert left(verdier).attachments.get().name == "ourterms.pdf"


def test_the_channel_says_what_it_takes(
    verdier: House, agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Up to 4 pictures" in agent.get(at(verdier)).content.decode()
    monkeypatch.setattr(TOWN, "carries", lambda self: Carries(0, 0, 0))
    assert "enclose-file" not in agent.get(at(verdier)).content.decode()
    assert bring(verdier, agent, jpeg()).status_code == 422
    assert not Enclosure.objects.exists()


def test_it_survives_the_browser_and_its_words_are_kept_with_the_draft(verdier: House, agent: Client) -> None:
    bring(verdier, agent, jpeg())
    pk = Enclosure.objects.get().pk
    kept = {"kind": "reply", "text": "Here", f"alt-{pk}": "A \x00red\ncase"}
    assert agent.post(at(verdier, "draft/"), kept).status_code == 200
    page = browser(verdier.people["agent"]).get(at(verdier)).content.decode()
    assert 'value="Here"' not in page
    assert ">A red case</textarea>" in page
    # Another picture does not cost the words that were typed a moment ago.
    bring(verdier, agent, jpeg(), **{f"alt-{pk}": "A blue case"})
    assert Enclosure.objects.get(pk=pk).alt == "A blue case"


def test_undone_or_refused_it_lies_beside_the_draft_again(
    verdier: House, agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(verdier, agent, jpeg())
    say(verdier, agent, enclosure=Enclosure.objects.get().pk, bare="yes")
    reply = Reply.objects.get()
    agent.post(at(verdier, f"replies/{reply.pk}/withdrawal/"), **HTMX)
    assert Enclosure.objects.count() == 1
    assert not Attachment.objects.exists()

    say(verdier, agent, enclosure=Enclosure.objects.get().pk, bare="yes")

    def refuse(*_args: Any) -> None:
        raise Refused("refused")

    monkeypatch.setattr(TOWN, "reply", refuse)
    delivery = left(verdier)
    assert delivery.state == "refused"
    for _time in range(2):
        assert agent.get(f"{at(verdier)}?again={delivery.pk}").status_code == 200
        assert Enclosure.objects.count() == Attachment.objects.count() == 1


def test_a_form_sent_twice_is_one_answer_with_one_picture(verdier: House, agent: Client) -> None:
    bring(verdier, agent, jpeg())
    given: dict[str, Any] = {"enclosure": Enclosure.objects.get().pk, "bare": "yes", "key": "ab" * 16}
    assert [say(verdier, agent, **given).status_code for _time in range(2)] == [200, 200]
    assert Reply.objects.count() == Attachment.objects.count() == 1
    assert say(verdier, agent, enclosure=given["enclosure"]).status_code == 422


def test_leaving_erasing_and_the_end_of_the_thread_take_it_along(verdier: House, agent: Client) -> None:
    thread, me = verdier.thread(), verdier.people["agent"]
    enclose(thread, me, jpeg())
    leave_off(verdier.brand.pk, me.pk)
    assert not Enclosure.objects.exists()
    enclose(thread, me, jpeg(), alt="of Person 0")
    Draft.objects.create(thread=thread, by=me, kind="reply", text="x", at=clock.now())
    drafts = HOLDERS["drafts"]
    assert drafts.count(thread.person, verdier.brand) == 2
    assert [row["text"] for row in drafts.rows(thread.person, verdier.brand)] == ["x", "of Person 0"]
    say(verdier, agent, enclosure=Enclosure.objects.get().pk)
    left(verdier)
    enclose(thread, me, jpeg(), alt="of Person 0")
    erase(thread.person)
    assert not Enclosure.objects.exists()
    assert not Attachment.objects.exists()
    thread.delete()


def test_the_thread_page_asks_no_more_for_pictures(verdier: House, agent: Client) -> None:
    agent.get(at(verdier))
    with CaptureQueriesContext(connection) as before:
        agent.get(at(verdier))
    bring(verdier, agent, *[jpeg()] * 3)
    numbers = list(Enclosure.objects.values_list("pk", flat=True))
    say(verdier, agent, enclosure=numbers, bare="yes")
    bring(verdier, agent, *[jpeg()] * 3)
    with CaptureQueriesContext(connection) as after:
        agent.get(at(verdier))
    assert len(after) <= len(before)


def test_programs_put_pictures_beside_answers(verdier: House) -> None:
    program, path = Program(verdier.people["agent"]), f"brands/verdier/threads/{verdier.thread().pk}"
    given = {"content": base64.b64encode(jpeg()).decode(), "alt": "A red case"}
    made = program.ask("POST", f"{path}/enclosures", given)
    assert made.status_code == 201, made.content
    assert made.json()["mime"] == "image/jpeg"
    assert program.get(f"{path}/enclosures")["items"] == [made.json()]
    for wrong in ({**given, "content": "%"}, {**given, "content": "aGVsbG8="}):
        assert problem(program.ask("POST", f"{path}/enclosures", wrong)) == "invalid"
    other = program.ask("POST", f"{path}/enclosures", given).json()["id"]
    assert program.ask("DELETE", f"{path}/enclosures/{other}").status_code == 204
    assert problem(program.ask("POST", f"{path}/replies", {"text": "x", "enclosures": [other]})) == "invalid"
    reply = program.ask("POST", f"{path}/replies", {"text": "Here", "enclosures": [made.json()["id"]]})
    assert reply.status_code == 201, reply.content
    assert reply.json()["attached"] == [{"mime": "image/jpeg", "alt": "A red case", "name": ""}]
    assert left(verdier).attachments.count() == 1
