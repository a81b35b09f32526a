"""The duty list as a page: who is on duty now and over a week, standing in, calling from a thread, taking a call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.organisation.models import Alarm, Notice, Shift
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
DUTY = "/b/verdier/duty/"
MONDAY = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Paris"))
WEEKLY = {
    "weekly-place": "1",
    "weekly-weekdays": ["0", "1"],
    "weekly-begins": "22:00",
    "weekly-ends": "07:00",
}
DATED = {"dated-place": "1", "dated-begins": "2026-11-23T11:00", "dated-ends": "2026-11-23T13:00"}


@pytest.fixture
def verdier() -> Iterator[House]:
    with time_machine.travel(MONDAY, tick=False):
        made = house()
        made.brand.time_zone = "Europe/Paris"
        made.brand.save()
        yield made


def body(response: Any) -> str:
    return " ".join(response.content.decode().split())


def get(verdier: House, who: str, at: str = DUTY) -> str:
    return body(browser(verdier.people[who]).get(at))


def post(verdier: House, who: str, at: str = DUTY, **data: Any) -> Any:
    return browser(verdier.people[who]).post(at, data, follow=True)


def put_on(verdier: House, who: str = "agent", **more: Any) -> Any:
    return post(verdier, "manager", **{**WEEKLY, "weekly-user": verdier.people[who].pk, **more})


def test_an_empty_list_says_so(verdier: House) -> None:
    page = get(verdier, "reader")
    assert "Nobody is on duty now: a call goes to the owners at once." in page
    assert "Put on the list" not in page
    assert "Nobody on duty" not in get(verdier, "agent", verdier.url())


def test_a_manager_puts_somebody_on_the_list_of_each_week(verdier: House) -> None:
    assert "Agent is on duty then." in body(put_on(verdier))
    assert Shift.objects.of(verdier.brand).count() == 2
    page = get(verdier, "reader")
    assert "Nobody is on duty until Monday 23, 22:00." in page
    assert "Nobody is on duty from Tuesday 24, 07:00 to Tuesday 24, 22:00." in page
    assert "Nobody is on duty from Wednesday 25, 07:00." in page
    assert '<th scope="row">22:00–24:00</th><td>Agent</td>' in page
    assert '<th scope="row">00:00–07:00</th><td>Agent</td>' in page
    assert "Monday, 22:00–07:00 of the next day" in page
    assert "Nobody on duty" in get(verdier, "agent", verdier.url())
    with time_machine.travel(MONDAY + timedelta(hours=11), tick=False):
        assert "On duty: Agent" in get(verdier, "reader", verdier.url())


def test_weeks_are_turned(verdier: House) -> None:
    put_on(verdier)
    assert "Week of 23 November 2026" in get(verdier, "reader")
    assert "Monday 30 November" in get(verdier, "reader", f"{DUTY}?week=2026-W49")
    assert "Week of 23 November 2026" in get(verdier, "reader", f"{DUTY}?week=9999-W99")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"weekly-begins": "late"}, "Enter a valid time."),
        ({"weekly-weekdays": []}, "This field is required."),
        ({"weekly-user": "0"}, "You cannot put this person on duty here."),
        ({"weekly-place": "4"}, "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_said(verdier: House, data: dict[str, Any], words: str) -> None:
    answer = put_on(verdier, **data)
    assert answer.status_code == 422
    assert words in body(answer)


def test_readers_of_the_brand_cannot_be_put_on_duty(verdier: House) -> None:
    assert put_on(verdier, "reader").status_code == 422


def test_an_agent_stands_in_themselves_and_nobody_else(verdier: House) -> None:
    put_on(verdier)
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    assert post(verdier, "agent", f"{DUTY}dates/", **DATED, **{"dated-user": owner.pk}).status_code == 422
    assert "Agent is on duty then." in body(
        post(verdier, "agent", f"{DUTY}dates/", **DATED, **{"dated-user": agent.pk})
    )
    assert '<ol class="chain">' in get(verdier, "reader")
    mine, weekly = (
        Shift.objects.of(verdier.brand).get(weekday=None),
        Shift.objects.of(verdier.brand).filter(weekday=0)[0],
    )
    assert post(verdier, "agent", f"/b/verdier/shifts/{weekly.pk}/removal/").status_code == 403
    assert "Agent is not on duty then any more." in body(
        post(verdier, "agent", f"/b/verdier/shifts/{mine.pk}/removal/")
    )
    assert post(verdier, "agent", f"/b/verdier/shifts/{mine.pk}/removal/").status_code == 404


def test_an_hour_that_is_odd_is_told(verdier: House) -> None:
    data = {"dated-begins": "2027-03-28T02:30", "dated-ends": "2027-03-28T09:00", "dated-place": "1"}
    answer = post(verdier, "manager", f"{DUTY}dates/", **data, **{"dated-user": verdier.people["owner"].pk})
    assert "02:30 does not exist that day" in body(answer)


def test_how_long_somebody_has_is_settled(verdier: House) -> None:
    assert post(verdier, "manager", f"{DUTY}patience/", minutes="0").status_code == 422
    assert "within 12 min passes it on" in body(post(verdier, "manager", f"{DUTY}patience/", minutes="12"))


def test_looking_at_the_list_settles_what_was_told_about_it(verdier: House) -> None:
    put_on(verdier)
    mine = Notice.objects.of(verdier.brand).filter(code="duty_given", settled_at=None)
    assert mine.exists()
    get(verdier, "agent")
    assert not mine.exists()


def test_calling_from_a_thread_and_taking_the_call(verdier: House) -> None:
    hear(verdier.channel, [said("m1")])
    put_on(verdier, **{"weekly-begins": "00:00", "weekly-ends": "00:00"})
    thread = verdier.url(f"{verdier.thread().pk}/")
    assert f'href="{thread}alarms/"' in get(verdier, "manager", thread)
    assert "Call Agent" in get(verdier, "manager", f"{thread}alarms/")
    page = body(post(verdier, "manager", f"{thread}alarms/", note="Water in the shop."))
    assert "Agent is called." in page
    assert "Manager called whoever is on duty" in page
    alarm = Alarm.objects.of(verdier.brand).get()
    assert (alarm.about, alarm.note) == (f"thread:{verdier.thread().pk}", "Water in the shop.")
    assert "The one on duty is called, and nobody has taken it yet." in page
    here = f"/b/verdier/alarms/{alarm.pk}/"
    assert get(verdier, "agent", f"{thread}alarms/") == ""
    page = get(verdier, "agent", here)
    assert "Nobody has taken it yet." in page
    assert f'href="{thread}"' in page
    assert Alarm.objects.of(verdier.brand).get().acknowledged_at is None
    assert "I take it" not in get(verdier, "reader", here)
    assert "It is yours: nobody else is called." in body(post(verdier, "agent", f"{here}acknowledgement/"))
    assert "Somebody has taken it already." in body(post(verdier, "owner", f"{here}acknowledgement/"))
    page = get(verdier, "agent", thread)
    assert "Agent took the call" in page
    assert "nobody has taken it yet" not in page


def test_whose_access_is_over_is_on_duty_no_more(verdier: House) -> None:
    put_on(verdier, "agent", **{"weekly-begins": "00:00", "weekly-ends": "00:00"})
    assert "On duty: Agent" in get(verdier, "owner", verdier.url())
    verdier.brand.memberships.filter(user=verdier.people["agent"]).update(until=clock.now())
    assert "On duty: Agent" not in get(verdier, "owner", verdier.url())


def test_the_counter_asks_no_more_for_it(verdier: House) -> None:
    client = browser(verdier.people["agent"])
    client.get(verdier.url())
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(verdier.url())
    for _n in range(20):
        put_on(verdier)
    with CaptureQueriesContext(connection) as after:
        assert "Nobody on duty" in body(client.get(verdier.url()))
    assert len(after) == len(before)


def test_programs_call_and_take(verdier: House) -> None:
    hear(verdier.channel, [said("m1")])
    put_on(verdier, **{"weekly-begins": "00:00", "weekly-ends": "00:00"})
    agent, owner, reader = (Program(verdier.people[role]) for role in ("agent", "owner", "reader"))
    told = reader.get("brands/verdier/duty")
    assert (told["zone"], told["minutes"]) == ("Europe/Paris", 5)
    assert [each["name"] for each in told["now"]] == ["Agent"]
    assert [[each["name"] for each in watch["people"]] for watch in told["watches"]] == [
        ["Agent"],
        [],
        ["Agent"],
    ]
    thread = f"brands/verdier/threads/{verdier.thread().pk}/alarms"
    made = owner.ask("POST", thread, {"note": " Water.\n"}).json()
    assert (made["about"], made["note"], made["by"]["name"]) == (
        f"thread:{verdier.thread().pk}",
        "Water.",
        "Owner",
    )
    assert [(each["person"]["name"], each["step"]) for each in made["calls"]] == [("Agent", "duty")]
    assert owner.ask("POST", thread, {}).json()["id"] == made["id"]
    general = owner.ask("POST", "brands/verdier/alarms", {})
    assert general.status_code == 201
    here = f"brands/verdier/alarms/{made['id']}"
    for _n in range(2):
        taken = agent.ask("POST", f"{here}/acknowledgement", {}).json()
    assert taken["acknowledged_by"]["name"] == "Agent"
    assert problem(owner.ask("POST", f"{here}/acknowledgement", {})) == "too-late"
    first = agent.get("brands/verdier/alarms?limit=1")
    assert [each["id"] for each in first["items"]] == [general.json()["id"]]
    assert [each["id"] for each in agent.get(first["next"])["items"]] == [made["id"]]
    assert agent.get(here)["acknowledged"] is not None
