"""What stands on days of the calendar: notes, written by colleagues and brought back, and public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest
import time_machine

from comptoir.kernel import clock
from comptoir.organisation.models import AuditEntry, Brand
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.calendar_days import Day
from comptoir.publishing.feasts import feasts
from comptoir.publishing.jobs import turn_calendar
from comptoir.publishing.models import DayNote, PublicHolidays
from comptoir.publishing.models.day_note import KEPT, Noted
from comptoir.publishing.tests.building import House, browser, house

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FAIR = {
    "title": "Book fair",
    "first": "2026-11-26",
    "last": "2026-11-28",
    "text": "Stand 12",
    "colour": "blue",
}
CALENDAR = "/b/verdier/posts/calendar/"


@pytest.fixture
def verdier() -> House:
    return house()


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False):
        yield


def days_of(verdier: House, **asked: Any) -> list[Day]:
    answer = browser(verdier.people["reader"]).get(CALENDAR, {"day": "2026-11-23", **asked})
    assert answer.status_code == 200
    return list(answer.context["days"] if asked.get("view") == "list" else chain(*answer.context["weeks"]))


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_a_note_stands_on_each_of_its_days(verdier: House, view: str) -> None:
    client = browser(verdier.people["agent"])
    answer = client.post("/b/verdier/days/new/", FAIR)
    assert answer["Location"].endswith("?view=month&day=2026-11-26")
    shown = [day.date.day for day in days_of(verdier, view=view) if day.notes]
    assert shown == [26, 27, 28]
    assert DayNote.objects.of(verdier.brand).get().by == verdier.people["agent"]


def test_it_is_changed_removed_and_brought_back(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    client.post("/b/verdier/days/new/", FAIR)
    note = DayNote.objects.of(verdier.brand).get()
    there = f"/b/verdier/days/{note.pk}/"
    client.post(there, {**FAIR, "title": "Fair", "last": ""})
    note.refresh_from_db()
    assert (note.title, note.last) == ("Fair", date(2026, 11, 26))
    shown = client.post(f"{there}removal/", follow=True).content.decode()
    assert "Undo" in shown
    assert not any(day.notes for day in days_of(verdier))
    client.post(f"{there}return/")
    assert sum(len(day.notes) for day in days_of(verdier)) == 1
    written = AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True)
    assert list(written) == ["day_note_made", "day_note_changed", "day_note_removed", "day_note_back"]


def test_what_was_removed_goes_for_good_after_a_week(verdier: House) -> None:
    note = DayNote.make(
        verdier.brand, verdier.people["agent"], Noted(date(2026, 11, 26), date(2026, 11, 26), "Fair")
    )
    note.remove(verdier.people["agent"])
    turn_calendar(0)
    assert DayNote.objects.of(verdier.brand).exists()
    with time_machine.travel(clock.now() + KEPT + timedelta(minutes=1), tick=False):
        turn_calendar(0)
        turn_calendar(0)
    assert not DayNote.objects.of(verdier.brand).exists()


def test_readers_see_notes_and_write_none(verdier: House) -> None:
    note = DayNote.make(
        verdier.brand, verdier.people["agent"], Noted(date(2026, 11, 26), date(2026, 11, 26), "Fair", "Stand")
    )
    client = browser(verdier.people["reader"])
    assert "Stand" in client.get(f"/b/verdier/days/{note.pk}/").content.decode()
    assert client.post(f"/b/verdier/days/{note.pk}/", FAIR).status_code == 403
    assert client.post("/b/verdier/days/new/", FAIR).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"last": "2026-11-25"}, {"last": "2028-01-01"}, {"title": ""}, {"colour": "pink"}, {"first": "x"}],
)
def test_what_will_not_do_is_said_beside_its_field(verdier: House, wrong: dict[str, str]) -> None:
    answer = browser(verdier.people["agent"]).post("/b/verdier/days/new/", FAIR | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)


def test_holidays_are_those_of_the_chosen_countries_in_the_reader_s_language(verdier: House) -> None:
    client = browser(verdier.people["manager"])
    assert client.post("/b/verdier/days/holidays/", {"places": "fr, fr-57; de"}).status_code == 302
    french = browser(verdier.people["reader"])
    answer = french.get(CALENDAR, {"day": "2026-12-01"}, headers={"accept-language": "fr"})
    (day,) = [each for each in chain(*answer.context["weeks"]) if each.date == date(2026, 12, 25)]
    assert day.holidays == [("Christmas Day", ["DE"]), ("Noël", ["FR", "FR-57"])]
    days = {each.date: each.holidays for each in days_of(verdier, day="2026-12-01")}
    assert days[date(2026, 12, 25)][0] == ("Christmas Day", ["DE", "FR", "FR-57"])
    assert [places for _name, places in days[date(2026, 12, 26)]] == [["DE"], ["FR-57"]]
    client.post("/b/verdier/days/holidays/", {"places": ""})
    assert not PublicHolidays.objects.of(verdier.brand).exists()


def test_an_unknown_country_is_named(verdier: House) -> None:
    answer = browser(verdier.people["manager"]).post("/b/verdier/days/holidays/", {"places": "FR, XX"})
    assert (answer.status_code, b"XX" in answer.content) == (422, True)
    assert browser(verdier.people["agent"]).get("/b/verdier/days/holidays/").status_code == 403


def test_the_next_year_is_written_down_in_time(verdier: House) -> None:
    PublicHolidays.choose(verdier.brand, verdier.people["manager"], ["FR"])
    assert PublicHolidays.objects.of(verdier.brand).get().upto == 2028
    with time_machine.travel("2027-01-01T03:00:00Z", tick=False):
        turn_calendar(0)
    found = PublicHolidays.objects.of(verdier.brand).get()
    assert (found.upto, "2029-07-14" in found.days, "2026-07-14" in found.days) == (2029, True, True)


def test_a_place_without_holidays_of_its_own_language_has_names_all_the_same() -> None:
    found = feasts(["TH", "DE-BY"], 2026, 2026)
    assert all(names[""] for days in found.values() for names in days.values())
    with pytest.raises(KeyError):
        feasts(["ZZ"], 2026, 2026)


def test_programs_read_and_write_notes(verdier: House) -> None:
    agent = Program(verdier.people["agent"])
    made = agent.ask("POST", "brands/verdier/days", FAIR)
    assert made.status_code == 201
    there = f"brands/verdier/days/{made.json()['id']}"
    assert agent.ask("PUT", there, FAIR | {"title": "Fair"}).json()["title"] == "Fair"
    PublicHolidays.choose(verdier.brand, verdier.people["manager"], ["FR"])
    asked = "brands/verdier/days?first=2026-11-28&last=2026-12-31"
    shown = agent.get(asked)
    assert [each["title"] for each in shown["notes"]] == ["Fair"]
    assert [(each["day"], each["names"]["fr"]) for each in shown["holidays"]] == [("2026-12-25", "Noël")]
    assert agent.ask("DELETE", there).status_code == 204
    assert problem(agent.ask("DELETE", there)) == "not-found"
    assert problem(agent.ask("POST", "brands/verdier/days", FAIR | {"last": "2026-11-01"})) == "invalid"
    Brand.objects.create(name="Other", slug="other")
    assert problem(agent.ask("GET", "brands/other/days?first=2026-11-28&last=2026-12-31")) == "not-found"
