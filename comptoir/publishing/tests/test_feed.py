"""The calendar in a person's own program: valid for another reader of RFC 5545, closed as soon as the right ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comptoir.organisation.models import Membership
from comptoir.organisation.models.tokens import digest
from comptoir.publishing.icalendar import Entry, written
from comptoir.publishing.models import CalendarFeed, DayNote
from comptoir.publishing.models.day_note import Noted
from comptoir.publishing.tests.building import House, browser, channel_of, draft, house

PAGE = "/b/verdier/posts/calendar/feed/"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def verdier() -> House:
    return house()


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def address_of(verdier: House, role: str = "reader") -> str:
    answer = browser(verdier.people[role]).post(PAGE, {"do": "make"})
    return urlsplit(str(answer.context["address"])).path


def read(address: str) -> list[Any]:
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert not answer.cookies
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.mark.django_db
def test_posts_and_notes_are_read_by_another_program(verdier: House) -> None:
    by = verdier.people["agent"]
    post = draft(verdier.brand, by, channel_of(verdier.brand, "quai"), text="Bread; butter, jam\nand tea")
    post.plan(by, date(2026, 11, 25), time(9, 30), "Europe/Paris")
    DayNote.make(
        verdier.brand, by, Noted(date(2026, 11, 26), date(2026, 11, 28), "Fair, hall 4", "Stand\n12")
    )
    first, second = read(address_of(verdier))
    assert first["DTSTART"].dt == datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
    assert first["SUMMARY"] == "Bread; butter, jam and tea (Draft)"
    assert "quai" in first["DESCRIPTION"]
    assert first["STATUS"] == "TENTATIVE"
    assert first["URL"].endswith(f"/b/verdier/posts/{post.pk}/")
    assert (second["DTSTART"].dt, second["DTEND"].dt) == (date(2026, 11, 26), date(2026, 11, 29))
    assert (second["SUMMARY"], second["DESCRIPTION"]) == ("Fair, hall 4", "Stand\n12")


@pytest.mark.django_db
def test_it_ends_when_its_person_says_so_makes_another_or_leaves(verdier: House) -> None:
    old, new = address_of(verdier), address_of(verdier)
    kept = CalendarFeed.objects.of(verdier.brand).get().digest
    assert kept == digest(new.rpartition("/")[2].removesuffix(".ics"))
    client = Client()
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    membership = Membership.objects.get(user=verdier.people["reader"])
    membership.delete()
    assert client.get(new).status_code == 404
    Membership.objects.create(user=verdier.people["reader"], brand=verdier.brand, role="reader")
    assert client.get(new).status_code == 200
    browser(verdier.people["reader"]).post(PAGE, {"do": "end"})
    assert client.get(new).status_code == 404


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)


@given(title=TEXTS, text=TEXTS)
def test_any_text_comes_back_as_it_was_in_short_lines(title: str, text: str) -> None:
    made = written("é" * 90, [Entry("1@x", NOW, title, at=NOW, text=text)])
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    (event,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert event["SUMMARY"] == title
    assert event.get("DESCRIPTION", "") == text
