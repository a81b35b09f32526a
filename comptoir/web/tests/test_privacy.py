"""Personal data as owners see to it on the pages."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Actor as Somebody
from comptoir.networks.models import Actor, Objection
from comptoir.networks.objections import object_to
from comptoir.organisation import retention
from comptoir.organisation.models import AuditEntry, InformationPage, Membership, PurgeRun

pytestmark = pytest.mark.django_db
ANNA = Somebody("id-anna", "@anna.example", "Anna B.")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path):
        yield


@pytest.fixture
def ours() -> House:
    made = house("ours")
    hear(made.channel, [said("a1", "My parcel is lost", actor=ANNA)])
    return made


def owner(house: House) -> Client:
    return browser(house.people["owner"])


def anna() -> Actor:
    return Actor.objects.get(remote_id="id-anna")


def at(rest: str = "") -> str:
    return f"/b/ours/privacy/{rest}"


@pytest.mark.parametrize("role", ["reader", "agent", "manager"])
def test_only_owners_see_to_personal_data(ours: House, role: str) -> None:
    client = browser(ours.people[role])
    for path in ("", f"{anna().pk}/", "information/"):
        assert client.get(at(path)).status_code == 403
    assert client.post(at(f"{anna().pk}/erasure/"), {"confirm": "DELETE"}).status_code == 403


def test_somebody_is_found_and_what_is_held_is_counted(ours: House) -> None:
    page = owner(ours).get(at("?network=rehearsal&name=anna.example")).content.decode()
    assert at(f"{anna().pk}/") in page
    held = dict(owner(ours).get(at(f"{anna().pk}/")).context["held"])
    assert held["Messages, likes, shares and follows"] == held["Conversations"] == held["The account"] == 1


def test_nobody_is_found_who_never_wrote_to_this_brand(ours: House) -> None:
    theirs = house("theirs")
    hear(theirs.channel, [said("x", actor=Somebody("id-x", "@x.example"))])
    stranger = Actor.objects.get(remote_id="id-x")
    page = owner(ours).get(at("?network=rehearsal&name=@x.example")).content.decode()
    assert "Nobody of that name" in page
    assert owner(ours).get(at(f"{stranger.pk}/")).status_code == 404


def test_an_export_is_one_archive_and_is_logged(ours: House) -> None:
    answer: Any = owner(ours).post(at(f"{anna().pk}/export/"))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert json.loads(archive.read("messages.json"))[0]["text"] == "My parcel is lost"
    assert AuditEntry.objects.of(ours.brand).get(what="person_exported").about_id == anna().pk


def test_erasing_takes_the_word(ours: House) -> None:
    found = anna()
    for confirm in ("", "delete", "yes"):
        answer = owner(ours).post(at(f"{found.pk}/erasure/"), {"confirm": confirm})
        assert answer.status_code == 422
        assert "Nothing was erased" in answer.content.decode()
    assert anna() == found
    answer = owner(ours).post(at(f"{found.pk}/erasure/"), {"confirm": "DELETE"}, follow=True)
    assert "It cannot be undone" in answer.content.decode()
    assert not Actor.objects.filter(remote_id="id-anna").exists()
    assert owner(ours).get(at(f"{found.pk}/")).status_code == 404


def test_who_was_heard_by_another_brand_is_erased_by_the_owner_of_both_alone(ours: House) -> None:
    theirs = house("theirs")
    hear(theirs.channel, [said("a1", "My parcel is lost", actor=ANNA)])
    page = owner(ours).get(at(f"{anna().pk}/"))
    assert not page.context["may_erase"]
    assert owner(ours).post(at(f"{anna().pk}/erasure/"), {"confirm": "DELETE"}).status_code == 403
    Membership.objects.create(brand=theirs.brand, user=ours.people["owner"], role="owner")
    assert owner(ours).post(at(f"{anna().pk}/erasure/"), {"confirm": "DELETE"}).status_code == 302


def test_an_objection_is_noted_shown_without_a_name_and_taken_back(ours: House) -> None:
    owner(ours).post(at(f"{anna().pk}/objection/"))
    assert ours.channel.receive([said("a2", actor=ANNA)]) == []
    page = owner(ours).get(at()).content.decode()
    assert "1 message skipped" in page
    assert "Anna" not in page
    assert owner(ours).get(at(f"{anna().pk}/")).context["objects"]
    row = Objection.objects.of(ours.brand).get()
    owner(ours).post(f"/b/ours/objections/{row.pk}/withdrawal/")
    assert len(ours.channel.receive([said("a3", actor=ANNA)])) == 1


def test_who_never_wrote_can_object_too(ours: House) -> None:
    owner(ours).post(at("objections/"), {"network": "rehearsal", "name": "@new.example"})
    assert ours.channel.receive([said("n", actor=Somebody("n", "@New.example"))]) == []
    assert owner(ours).post(at("objections/"), {"network": "rehearsal", "name": " @ "}).status_code == 422
    assert owner(ours).post(at("objections/"), {"network": "nowhere", "name": "x"}).status_code == 400


def test_another_brands_objection_is_not_ours_to_take_back(ours: House) -> None:
    row = object_to("rehearsal", handle="@z", brand=house("theirs").brand)
    assert owner(ours).post(f"/b/ours/objections/{row.pk}/withdrawal/").status_code == 404


# Retention


def test_defaults_are_those_of_the_documents(ours: House) -> None:
    days = retention.days_of(ours.brand)
    assert days["conversations"] == 3 * 365
    assert days["private_messages"] == 2 * 365
    assert days["audit"] == 365


def test_an_owner_chooses_and_it_is_logged(ours: House) -> None:
    owner(ours).post(at("retention/"), {"days-conversations": "400", "days-audit": "365"})
    assert retention.days_of(ours.brand)["conversations"] == 400
    assert AuditEntry.objects.of(ours.brand).get(what="retention_changed").facts == {
        "changes": "conversations 400"
    }
    for wrong in ("0", "-1", "99999", "x", "1e3"):
        assert owner(ours).post(at("retention/"), {"days-audit": wrong}).status_code == 422
    assert retention.days_of(ours.brand)["audit"] == 365


def test_what_the_purge_removed_is_shown(ours: House) -> None:
    PurgeRun.add(clock.now().date(), ours.brand, "conversations", 12, True)
    PurgeRun.add(clock.now().date(), ours.brand, "conversations", 3, True)
    PurgeRun.add(clock.now().date() - timedelta(days=1), ours.brand, "audit", 0, True)
    page = owner(ours).get(at()).content.decode()
    assert "Public conversations: 15" in page
    assert "nothing was too old" in page


# The public page


def test_the_public_page_is_public_once_it_says_who_is_responsible(ours: House) -> None:
    client = Client()
    assert client.get("/information/ours/").status_code == 404
    answer = owner(ours).post(
        at("information/"), {"controller": "Verdier SAS\n1 rue X", "contact": "<b>privacy@x</b>"}
    )
    assert answer.status_code == 302
    for language, words in (("en", "Who is responsible"), ("fr", "Responsable du traitement")):
        page = client.get("/information/ours/", headers={"Accept-Language": language}).content.decode()
        assert words in page
        assert "Maison Verdier" in page
        assert "&lt;b&gt;privacy@x" in page
        assert "Anna" not in page
        assert "36" in page
    assert client.get("/information/nowhere/").status_code == 404
    assert InformationPage.published("ours") is not None


def test_the_page_follows_the_times_that_the_owner_chose(ours: House) -> None:
    InformationPage.objects.create(brand=ours.brand, controller="A", contact="B")
    retention.choose(ours.brand, {"conversations": 90})
    assert "90 days after the last contact" in Client().get("/information/ours/").content.decode()
