"""What is kept of a person: notes, tags, promises, their handles, every exchange; reminded once, erased wholly."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from comptoir.inbox import jobs
from comptoir.inbox.models import Contact, Handle, Objects, PersonNote, PersonTag, Promise, Tag, Thread
from comptoir.inbox.models.contact import handles_of, link, note_down, promise, tag_person, unlink
from comptoir.inbox.purging import _remove
from comptoir.inbox.tests.building import HTMX, House, at_once, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Kind
from comptoir.networks.models import Actor
from comptoir.networks.objections import object_to
from comptoir.networks.persons import HOLDERS, erase
from comptoir.organisation.models import AuditEntry, Brand, Notice
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
TODAY = timedelta()


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said(f"m{n}", f"words {n}", 60 - n, by=n % 2) for n in range(6)])
    return made


@pytest.fixture
def agent(verdier: House) -> Client:
    return browser(verdier.people["agent"])


def actor(number: int) -> Actor:
    return Actor.objects.get(remote_id=f"person-{number}")


def at(verdier: House, rest: str = "", number: int = 0) -> str:
    return f"/b/{verdier.brand.slug}/persons/{actor(number).pk}/{rest}"


def day(ahead: int) -> Any:
    return clock.now().date() + timedelta(days=ahead)


def linked(verdier: House) -> Handle:
    return link(verdier.brand, actor(0), actor(1), "told", "in thread 3", verdier.people["agent"])


def test_every_exchange_on_every_channel_is_on_the_page(verdier: House, agent: Client) -> None:
    hear(verdier.channel, [said(f"old{n}", f"older {n}", 10_000 + n, by=0) for n in range(120)])
    hear(verdier.channel, [said("joined", "me too", 5, by=0, kind=Kind.REPLY, in_reply_to="m1")])
    seen: list[str] = []
    path = at(verdier)
    while path:
        page = agent.get(path).content.decode()
        threads = page.split("exchanges-title")[-1].split('id="known"')[0]
        seen += [each.split('/"')[0] for each in threads.split("/threads/")[1:]]
        path = (
            at(verdier) + page.split('href="?before=')[1].split('"')[0].join(["?before=", ""])
            if "?before=" in page
            else ""
        )
    theirs = Thread.objects.of(verdier.brand).filter(person=actor(0)).count()
    assert len(seen) == len(set(seen)) == theirs + 1 == 124
    assert "they joined in" in agent.get(at(verdier)).content.decode()


@pytest.mark.parametrize("place", ["x", "1-", "1-" + "9" * 30, "9" * 30 + "-1"])
def test_a_place_that_nobody_gave_out_is_told(verdier: House, agent: Client, place: str) -> None:
    assert agent.get(at(verdier), {"before": place}).status_code == 400


def test_notes_are_kept_shown_and_taken_off_by_their_writer(verdier: House, agent: Client) -> None:
    answer = agent.post(at(verdier, "notes/"), {"text": "Prefers to be called.", "thread": "0"}, **HTMX)
    assert "Prefers to be called." in answer.content.decode()
    note = PersonNote.objects.of(verdier.brand).get()
    thread = Thread.objects.of(verdier.brand).filter(person=actor(0))[0]
    assert "Prefers to be called." in agent.get(verdier.url(f"{thread.pk}/")).content.decode()
    owner = verdier.people["owner"]
    theirs = note_down(verdier.brand, actor(0), "Mine", owner)
    assert agent.post(at(verdier, "notes/"), {"off": theirs.pk}).status_code == 403
    assert agent.post(at(verdier, "notes/"), {"off": note.pk}).status_code == 302
    assert (
        browser(verdier.people["manager"]).post(at(verdier, "notes/"), {"off": theirs.pk}).status_code == 302
    )
    assert not PersonNote.objects.of(verdier.brand).exists()
    codes = list(AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True))
    assert codes[-4:] == ["person_noted", "person_noted", "person_note_removed", "person_note_removed"]
    assert agent.post(at(verdier, "notes/"), {"text": " "}, **HTMX).status_code == 422
    assert browser(verdier.people["reader"]).post(at(verdier, "notes/"), {"text": "x"}).status_code == 403


def test_handles_are_brought_together_by_hand_with_consent_and_taken_apart_with_one_press(
    verdier: House, agent: Client
) -> None:
    given = {"other": "@person1.example", "words": "thread 3"}
    assert "with consent alone" in agent.post(at(verdier, "links/"), given, **HTMX).content.decode()
    note_down(verdier.brand, actor(1), "Written at the other handle", verdier.people["owner"])
    assert agent.post(at(verdier, "links/"), given | {"how": "told"}, **HTMX).status_code == 200
    page = agent.get(at(verdier)).content.decode()
    for words in (
        "words 1",
        "words 0",
        "They told us themselves",
        "thread 3",
        "Agent",
        "Written at the other handle",
    ):
        assert words in page
    mine = Thread.objects.of(verdier.brand).filter(person=actor(0)).order_by("-last_at")[0]
    panel = agent.get(verdier.url(f"{mine.pk}/")).content.decode().split('id="person"')[1]
    assert "words 5" in panel
    assert "belongs to somebody" in agent.post(
        at(verdier, "links/"), given | {"how": "told"}, **HTMX
    ).content.decode()  # fmt: skip
    agent.post(at(verdier, "links/"), {"off": actor(1).pk})
    page = agent.get(at(verdier)).content.decode()
    assert "words 1" not in page
    assert "Written at the other handle" not in page
    assert not Contact.objects.of(verdier.brand).exists()
    codes = set(AuditEntry.objects.of(verdier.brand).values_list("what", flat=True))
    assert {"person_linked", "person_unlinked"} <= codes


def test_of_several_with_one_handle_somebody_chooses(verdier: House, agent: Client) -> None:
    twin = Actor.objects.create(network="rehearsal", remote_id="twin", handle="@person1.example", name="Twin")
    hear(verdier.channel, [said("t", "hi", by=1)])
    Thread.objects.of(verdier.brand).filter(person=actor(1)).order_by("pk")[:1]
    first = Thread.objects.of(verdier.brand).filter(person=actor(1)).order_by("pk")[0]
    first.entries.all()[0].activity.__class__.objects.of(verdier.brand).filter(
        entries__thread=first, actor=actor(1)
    ).update(actor=twin)
    given = {"other": "@person1.example", "how": "agreed"}
    answer = agent.post(at(verdier, "links/"), given, **HTMX)
    assert answer.status_code == 422
    assert f'name="pk" value="{twin.pk}"' in answer.content.decode()
    assert agent.post(at(verdier, "links/"), given | {"pk": twin.pk}, **HTMX).status_code == 200
    assert set(handles_of(verdier.brand, actor(0))) == {actor(0).pk, twin.pk}


def test_tags_are_on_the_person_whatever_the_handle(verdier: House, agent: Client) -> None:
    linked(verdier)
    agent.post(at(verdier, "tags/"), {"name": "VIP"}, **HTMX)
    agent.post(at(verdier, "tags/", 1), {"name": "vip"}, **HTMX)
    assert PersonTag.objects.of(verdier.brand).count() == 1
    assert "VIP" in agent.get(at(verdier, number=1)).content.decode()
    agent.post(at(verdier, "tags/", 1), {"name": "VIP", "state": "off"}, **HTMX)
    assert not PersonTag.objects.of(verdier.brand).exists()
    assert agent.post(at(verdier, "tags/"), {"name": "?"}, **HTMX).status_code == 422


def test_a_promise_is_shown_reminded_of_once_and_settled(verdier: House, agent: Client) -> None:
    thread = Thread.objects.of(verdier.brand).filter(person=actor(0))[0]
    given = {"what": "Refund of 40 euros", "due": day(1).isoformat(), "thread": thread.pk}
    assert "reminded on that day" in agent.post(at(verdier, "promises/"), given, **HTMX).content.decode()
    row = Promise.objects.of(verdier.brand).get()
    assert (
        "Refund of 40 euros"
        in agent.get(verdier.url(f"{thread.pk}/")).content.decode().split('id="thread-facts"')[1]
    )
    jobs.remind_of_promises.func(timestamp=0)
    assert not Notice.objects.of(verdier.brand).filter(code="promise_due").exists()
    Promise.objects.of(verdier.brand).update(due=day(-1))
    for _time in range(2):
        jobs.remind_of_promises.func(timestamp=0)
    (notice,) = Notice.objects.of(verdier.brand).filter(code="promise_due")
    assert notice.to == verdier.people["agent"]
    assert "Refund" not in str(notice.facts)
    listed = agent.get("/b/verdier/promises/?mine=1").content.decode()
    assert "Refund of 40 euros" in listed
    # A browser makes an age of every <time>: a day by which something is due is none.
    assert date_format(day(-1), "j F Y") in listed
    assert "<time" not in listed.split("Refund of 40 euros")[1].split("</li>")[0]
    assert (
        "Refund" not in browser(verdier.people["owner"]).get("/b/verdier/promises/?mine=1").content.decode()
    )
    settled = agent.post(f"/b/verdier/promises/{row.pk}/", {"do": "kept", "from": "list"})
    assert settled["Location"] == "/b/verdier/promises/"
    assert not Notice.objects.of(verdier.brand).filter(code="promise_due", settled_at=None).exists()
    row.refresh_from_db()
    assert (row.kept, row.settled_by) == (True, verdier.people["agent"])
    assert row.settle(True, verdier.people["agent"]) is False
    agent.post(f"/b/verdier/promises/{row.pk}/", {"do": "open", "thread": thread.pk}, **HTMX)
    row.refresh_from_db()
    assert (row.kept, row.settled_by) == (None, None)
    assert agent.post(at(verdier, "promises/"), given | {"due": "soon"}, **HTMX).status_code == 422


@pytest.mark.parametrize(
    ("zone", "clock_there", "reminded", "overdue"),
    [
        ("America/Los_Angeles", "2026-11-21T22:00", False, False),
        ("America/Los_Angeles", "2026-11-22T06:30", True, False),
        ("America/Los_Angeles", "2026-11-22T23:30", True, False),
        ("America/Los_Angeles", "2026-11-23T00:30", True, True),
        ("Pacific/Auckland", "2026-11-22T00:30", False, False),
        ("Pacific/Auckland", "2026-11-22T06:30", True, False),
        ("Pacific/Auckland", "2026-11-23T00:30", True, True),
    ],
)
def test_the_day_of_a_promise_is_the_brand_s_own(
    verdier: House, zone: str, clock_there: str, reminded: bool, overdue: bool
) -> None:
    verdier.brand.change(verdier.people["owner"], time_zone=zone)
    row = promise(verdier.brand, actor(0), "Refund", date(2026, 11, 22), verdier.people["agent"])
    with time_machine.travel(datetime.fromisoformat(clock_there).replace(tzinfo=ZoneInfo(zone)), tick=False):
        jobs.remind_of_promises.func(timestamp=0)
    row.refresh_from_db()
    assert (row.reminded_at is not None, row.overdue_at is not None) == (reminded, overdue)


def test_what_two_do_at_once_is_done_once(verdier: House) -> None:
    me, her = verdier.people["agent"], verdier.people["manager"]
    row = promise(verdier.brand, actor(0), "Refund", day(1), me)
    note = note_down(verdier.brand, actor(0), "Likes tea", me)
    same, other = Promise.objects.of(verdier.brand).get(), PersonNote.objects.of(verdier.brand).get()
    for each in (row, note, same, other):
        each.remove(her)
    same.pk = same.pk or 1
    assert row.settle(True, me) is False
    codes = list(AuditEntry.objects.of(verdier.brand).values_list("what", flat=True))
    assert codes.count("promise_removed") == codes.count("person_note_removed") == 1
    assert "promise_kept" not in codes


@pytest.mark.django_db(transaction=True)
def test_colleagues_who_put_the_same_tag_on_somebody_at_once_put_one(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag, who = Tag.called(verdier.brand, "VIP", None), actor(0)
    ready = threading.Barrier(4)

    def known(brand: Brand, person: Actor) -> list[int]:
        ready.wait()
        return handles_of(brand, person)

    monkeypatch.setattr("comptoir.inbox.models.contact.handles_of", known)
    calls = [partial(tag_person, verdier.brand, who, tag, user) for user in verdier.people.values()]
    assert sorted(at_once(*calls)) == [False, False, False, True]
    assert AuditEntry.objects.of(verdier.brand).filter(what="person_tagged").count() == 1


def test_the_list_of_promises_has_pages(verdier: House, agent: Client) -> None:
    for n in range(120):
        promise(verdier.brand, actor(n % 2), f"Thing {n}.", day(n // 7), verdier.people["agent"])
    seen, path = [], "/b/verdier/promises/"
    while path:
        page = agent.get(path).content.decode()
        seen += [each.split(".")[0] for each in page.split('<span dir="auto">Thing ')[1:]]
        path = (
            f"/b/verdier/promises/?after={page.split('?after=')[1].split('"')[0]}"
            if "?after=" in page
            else ""
        )
    assert seen == [str(n) for n in range(120)]


def test_whoever_objects_is_noted_no_more(verdier: House, agent: Client) -> None:
    object_to("rehearsal", account="person-0", brand=verdier.brand)
    for call in (
        lambda: note_down(verdier.brand, actor(0), "x", verdier.people["agent"]),
        lambda: tag_person(
            verdier.brand, actor(0), Tag.called(verdier.brand, "x", None), verdier.people["agent"]
        ),
        lambda: linked(verdier),
        lambda: promise(verdier.brand, actor(0), "x", day(1), verdier.people["agent"]),
    ):
        with pytest.raises(Objects):
            call()
    given = {"what": "x", "due": day(1).isoformat()}
    assert "objects to being kept" in agent.post(at(verdier, "promises/"), given, **HTMX).content.decode()
    path = f"brands/verdier/persons/{actor(0).pk}/promises"
    assert problem(Program(verdier.people["agent"]).ask("POST", path, given)) == "invalid"
    assert (
        "objects to being kept" in agent.post(at(verdier, "notes/"), {"text": "x"}, **HTMX).content.decode()
    )


def test_erasing_takes_all_of_it(verdier: House, agent: Client) -> None:
    me = verdier.people["agent"]
    linked(verdier)
    note_down(verdier.brand, actor(0), "Likes tea", me)
    note_down(verdier.brand, actor(1), "The same as @person0.example", me)
    tag_person(verdier.brand, actor(0), Tag.called(verdier.brand, "VIP", me), me)
    promise(verdier.brand, actor(0), "Refund", day(1), me)
    kept = HOLDERS["kept"]
    assert kept.count(actor(0), verdier.brand) == 4
    assert [row["text"] for row in kept.rows(actor(0), verdier.brand)] == [
        "Likes tea",
        "VIP",
        "Refund",
        "@person1.example",
    ]
    path = at(verdier)
    erase(actor(0))
    assert not Contact.objects.of(verdier.brand).exists()
    (left,) = PersonNote.objects.of(verdier.brand).values_list("text", flat=True)
    assert "person0" not in left
    assert not PersonTag.objects.of(verdier.brand).exists()
    assert not Promise.objects.of(verdier.brand).exists()
    assert agent.get(path).status_code == 404


def test_it_goes_with_the_last_conversation(verdier: House) -> None:
    me, threads = verdier.people["agent"], Thread.objects.of(verdier.brand)
    note_down(verdier.brand, actor(0), "Likes tea", me)
    newest = threads.filter(person=actor(0)).order_by("-pk")[0]
    _remove(verdier.brand, threads.filter(person=actor(0)).exclude(pk=newest.pk), 100)
    assert PersonNote.objects.of(verdier.brand).count() == 1
    _remove(verdier.brand, threads.filter(pk=newest.pk), 100)
    assert not PersonNote.objects.of(verdier.brand).exists()


def test_other_brands_see_nothing_of_it(verdier: House) -> None:
    other = house("other")
    hear(other.channel, [said("o1", "hello", by=0)])
    note_down(verdier.brand, actor(0), "Likes tea", verdier.people["agent"])
    linked(verdier)
    theirs = browser(other.people["agent"])
    page = theirs.get(f"/b/other/persons/{actor(0).pk}/").content.decode()
    assert "Likes tea" not in page
    assert "person1" not in page
    assert "words 0" not in page
    assert theirs.get(f"/b/other/persons/{actor(1).pk}/").status_code == 404
    assert unlink(other.brand, actor(1), other.people["agent"]) is False


def test_the_thread_page_asks_no_more_for_a_person_of_whom_much_is_kept(
    verdier: House, agent: Client
) -> None:
    path = verdier.url(f"{Thread.objects.of(verdier.brand).filter(person=actor(0))[0].pk}/")
    agent.get(path)
    with CaptureQueriesContext(connection) as before:
        agent.get(path)
    me = verdier.people["agent"]
    linked(verdier)
    for n in range(10):
        note_down(verdier.brand, actor(n % 2), f"Note {n}", me)
        promise(verdier.brand, actor(0), f"Thing {n}", day(n), me)
    with CaptureQueriesContext(connection) as after:
        agent.get(path)
    assert len(after) <= len(before)


def test_programs_do_the_same(verdier: House) -> None:
    program = Program(verdier.people["agent"])
    path = f"brands/verdier/persons/{actor(0).pk}"
    assert program.get(path)["handles"] == []
    made = program.ask(
        "POST", f"{path}/links", {"other": actor(1).pk, "how": "agreed", "words": "thread 3"}
    ).json()
    assert [each["how"] for each in made["handles"]] == ["agreed", "agreed"]
    assert problem(program.ask("POST", f"{path}/links", {"other": actor(1).pk, "how": "told"})) == "invalid"
    assert len(program.all(f"{path}/threads?limit=2")) == 6
    note = program.ask("POST", f"{path}/notes", {"text": "Likes tea"}).json()
    assert program.all(f"brands/verdier/persons/{actor(1).pk}/notes") == [note]
    tagged = program.ask("POST", f"{path}/tags", {"name": "VIP"}).json()
    assert tagged["tags"] == ["VIP"]
    tag = Tag.objects.of(verdier.brand).get()
    assert program.ask("DELETE", f"{path}/tags/{tag.pk}").json()["tags"] == []
    given = {"what": "Refund", "due": "2026-12-01"}
    made = program.ask("POST", f"{path}/promises", given)
    assert made.status_code == 201, made.content
    assert program.all("brands/verdier/promises") == [made.json()]
    done = program.ask("POST", f"brands/verdier/promises/{made.json()['id']}/settlement", {"kept": False})
    assert done.json()["kept"] is False
    assert program.all("brands/verdier/promises") == []
    assert program.ask("DELETE", f"{path}/notes/{note['id']}").status_code == 204
    assert program.ask("DELETE", f"{path}/links").json()["handles"] == []
    assert problem(program.ask("GET", "brands/verdier/persons/999999")) == "not-found"
