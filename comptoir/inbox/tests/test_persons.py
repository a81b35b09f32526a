"""What is held of a person is found, given, erased everywhere, and does not come back by itself."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test import override_settings

from comptoir.inbox.models import Entry, Note
from comptoir.inbox.models.listed import listed
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.inbox.tests.marking import MARK, marked_house, person, places_of, thread_of
from comptoir.kernel import clock
from comptoir.networks import erasures, persons
from comptoir.networks.connector import Actor as Somebody
from comptoir.networks.models import (
    Activity,
    Actor,
    Audience,
    Delivery,
    Erasure,
    Moderation,
    PersonKey,
)
from comptoir.networks.packing import pack
from comptoir.organisation.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path):
        yield


@pytest.fixture
def marked() -> House:
    return marked_house()


def test_the_search_for_the_mark_finds_it_everywhere(marked: House) -> None:
    places = places_of(MARK)
    assert {
        "networks_activity.text", "networks_activity.search", "networks_activity.facts", "networks_actor.handle",
        "inbox_thread.last_text", "inbox_thread.conversation", "inbox_note.text", "networks_delivery.text",
        "networks_setaside.raw", "organisation_notice.facts", "inbox_draft.text",
        "inbox_case.note", "inbox_case.contact", "inbox_case.consent",
        "inbox_survey.words",
    } <= places  # fmt: skip


def test_erased_means_nowhere(marked: House) -> None:
    thread_of(marked).block(marked.people["agent"], reason="spam", words=f"{MARK}, the third time")
    assert "networks_defence.words" in places_of(MARK)
    counts = persons.erase(person(), marked.people["owner"], marked.brand)
    assert places_of(MARK) == set()
    assert counts == {
        "account": 1,
        "answers": 1,
        "cases": 1,
        "conversations": 1,
        "decisions": 0,
        "defences": 1,
        "drafts": 1,
        "figures": 0,
        "found_pieces": 0,
        "mentionees": 0,
        "mentions": 0,
        "messages": 3,
        "kept": 0,
        "stored_mentions": 0,
        "notes": 1,
        "notices": 1,
        "permissions": 0,
        "posts": 0,
        "sample": 0,
        "set_aside": 1,
        "surveys": 1,
    }


def test_the_conversation_keeps_its_shape_and_figures_stay_true(marked: House) -> None:
    thread = thread_of(marked)
    before = (thread.messages, thread.last_at, Entry.objects.filter(thread=thread).count())
    people = Activity.objects.of(marked.brand).values("actor").distinct().count()
    heard = Audience.objects.filter(channel=marked.channel).count()
    persons.erase(person())
    thread.refresh_from_db()
    assert (thread.messages, thread.last_at, Entry.objects.filter(thread=thread).count()) == before
    assert Activity.objects.of(marked.brand).values("actor").distinct().count() == people
    assert Audience.objects.filter(channel=marked.channel).count() == heard
    assert Note.objects.get(thread=thread).text == ""


def test_what_others_said_stays_with_the_name_covered(marked: House) -> None:
    persons.erase(person())
    other = Activity.objects.of(marked.brand).get(remote_id="other-1")
    assert other.text == f"I agree, @{'•' * len(f'{MARK}.example')}!"
    assert [t.pk for t in listed(marked.brand.pk, 0, "all", "agree")] == [
        Entry.objects.get(activity=other).thread_id
    ]
    assert Activity.objects.of(marked.brand).get(remote_id="apart").text == "Something else"


def test_an_answer_that_had_not_left_stays_here(marked: House) -> None:
    persons.erase(person())
    assert Delivery.objects.of(marked.brand).get(act="reply").state == "withdrawn"


def test_the_thread_says_erased(marked: House) -> None:
    thread = thread_of(marked)
    persons.erase(person())
    page = browser(marked.people["agent"]).get(marked.url(f"{thread.pk}/")).content.decode()
    assert page.count("Erased.") >= 3
    assert "Erased person" in page
    assert "Taken back by its author" not in page
    assert MARK not in page


def test_what_was_said_before_does_not_come_in_again_and_what_is_said_after_does(marked: House) -> None:
    again = said(
        f"{MARK}-1", f"Hello {MARK}", actor=Somebody(f"id-{MARK}", f"@{MARK}.example"), minutes_ago=60
    )
    persons.erase(person())
    assert marked.channel.receive([again]) == []
    assert places_of(MARK) == set()
    later = said("new-1", "I am back", actor=Somebody(f"id-{MARK}", "@me"), minutes_ago=-1)
    assert len(marked.channel.receive([later])) == 1


def test_our_own_answer_read_back_from_the_network_stays_empty(marked: House) -> None:
    delivery = Delivery.objects.of(marked.brand).get(act="reply")
    delivery.move("waiting", "sending")
    from comptoir.networks.connector import Sent
    from comptoir.networks.sending import settle

    settle(delivery, Sent("our-answer", "https://example.org/our-answer"))
    said_here = Activity.objects.of(marked.brand).get(remote_id="our-answer")
    Delivery.objects.create(
        channel=marked.channel, act="edit", target=said_here, text=f"{MARK} again", warning=MARK, state="sent"
    )
    persons.erase(person())
    assert places_of(MARK) == set()
    ours = said("our-answer", f"Dear {MARK}", actor=marked.channel.me, edited=clock.now())
    marked.channel.receive([ours])
    assert places_of(MARK) == set()


def test_erasing_is_logged_without_the_data(marked: House) -> None:
    persons.erase(person(), marked.people["owner"], marked.brand)
    entry = AuditEntry.objects.of(marked.brand).get(what="person_erased")
    assert entry.facts["network"] == marked.channel.label
    assert entry.facts["counts"]["messages"] == 3
    assert Erasure.objects.get().by == marked.people["owner"]


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_is_brought_up_to_date(marked: House, tmp_path: Path) -> None:
    """Erased, then everything as it was before: the list beside the database knows."""
    account = person()
    key = bytes(PersonKey.get().key)
    persons.erase(account)
    assert MARK not in (tmp_path / erasures.NAME).read_text()
    assert ((tmp_path / erasures.NAME).stat().st_mode & 0o777) == 0o600
    Erasure.objects.all().delete()
    Actor.objects.filter(pk=account.pk).update(
        remote_id=f"id-{MARK}", handle=f"@{MARK}.example", name=f"N {MARK}"
    )
    PersonKey.objects.all().delete()
    assert bytes(PersonKey.get().key) == key, "the key came back with the list"
    (told,) = erasures.apply_again(clock.now())
    assert told.startswith("1 people")
    assert places_of(MARK) == set()
    assert list(erasures.apply_again(clock.now())) == []


def test_the_list_catches_up_with_other_machines(marked: House, tmp_path: Path) -> None:
    persons.erase(person())
    assert erasures.catch_up() == 1, "on_commit does not run in a test's transaction"
    assert erasures.catch_up() == 0


def files(parts: Iterator[bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_is_given_in_one_archive(marked: House) -> None:
    found = files(pack(person(), marked.brand, seconds=0))
    messages = json.loads(found["messages.json"])
    assert [each["text"] for each in messages if each["kind"] != "like"] == [f"Hello {MARK}", f"Again {MARK}"]
    assert json.loads(found["notes.json"])[0]["text"] == f"Rings every day: {MARK}"
    assert any(each["text"].startswith("Dear") for each in json.loads(found["answers.json"]))
    rows = list(csv.DictReader(io.StringIO(found["messages.csv"].decode("utf-8-sig"))))
    assert len(rows) == 3
    readme = found["README.txt"].decode()
    assert "Your personal data" in readme
    assert "Vos données personnelles" in readme
    assert json.loads(found["media.json"])[0] == {
        "address": f"https://example.org/{MARK}.png", "file": "", "why": "not_asked",
    }  # fmt: skip
    everything = b"".join(found.values()).decode("utf-8", "replace")
    assert "Agent" not in everything, "names of colleagues are not the person's data"
    assert "Something else" not in everything


def test_another_brand_gives_nothing(marked: House) -> None:
    theirs = house("theirs")
    assert persons.find("rehearsal", f"@{MARK}.example", theirs.brand) == []
    found = files(pack(person(), theirs.brand, seconds=0))
    assert json.loads(found["messages.json"]) == json.loads(found["notes.json"]) == []


@pytest.mark.parametrize("name", [f"@{MARK}.example", f"{MARK}.EXAMPLE", f"id-{MARK}", f"  @{MARK}.example "])
def test_people_are_found_by_handle_or_id(marked: House, name: str) -> None:
    assert [p.remote_id for p in persons.find("rehearsal", name, marked.brand)] == [f"id-{MARK}"]


@pytest.mark.parametrize("name", ["", "@", "nobody", "\0", "id-%", "@verdier"])
def test_nobody_is_found_by_other_names_and_never_the_brand_itself(marked: House, name: str) -> None:
    hear(marked.channel, [said("own", "ours", actor=marked.channel.me)])
    assert persons.find("rehearsal", name) == []


def test_what_was_decided_about_a_persons_messages_is_given_and_its_words_go(marked: House) -> None:
    message = Activity.objects.of(marked.brand).get(remote_id=f"{MARK}-1")
    way = Delivery.objects.create(channel=marked.channel, act="remove", target=message)
    made = Moderation.objects.create(
        channel=marked.channel,
        activity=message,
        verdict="remove",
        reason="hate",
        words=f"By {MARK}",
        delivery=way,
    )
    given = list(persons.HOLDERS["decisions"].rows(person(), marked.brand))
    assert [(row["verdict"], row["reason"], row["words"]) for row in given] == [
        ("remove", "hate", f"By {MARK}")
    ]
    persons.erase(person(), marked.people["owner"], marked.brand)
    assert places_of(MARK) == set()
    made.refresh_from_db()
    way.refresh_from_db()
    assert (made.reason, way.state) == ("hate", "withdrawn")


def test_every_model_that_leads_to_a_person_has_somebody_who_answers_for_it() -> None:
    """A room that keeps rows about people joins by a holder: see networks.persons."""
    answered = {name for holder in persons.HOLDERS.values() for name in holder.models}
    leads = {
        apps.get_model("networks.Actor"),
        apps.get_model("networks.Activity"),
        apps.get_model("networks.SetAside"),
    }
    while True:
        more = {
            model
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField)
            and field.related_model in leads
        } - leads
        if not more:
            break
        leads |= more
    assert {model._meta.label for model in leads} - answered == set()
