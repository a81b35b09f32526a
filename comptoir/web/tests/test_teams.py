"""Teams: all see them, managers make, change and dissolve them."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.inbox.tests.building import House, browser, house
from comptoir.organisation.models import AuditEntry, Team

pytestmark = pytest.mark.django_db
TEAMS = "/b/verdier/teams/"


@pytest.fixture
def verdier() -> House:
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def post(verdier: House, who: str, rest: str = "", **data: Any) -> Any:
    return browser(verdier.people[who]).post(f"{TEAMS}{rest}", data, follow=True)


def test_managers_make_change_and_dissolve(verdier: House) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    assert "No team yet" in body(browser(agent).get(TEAMS))
    assert "The team Night is there." in body(post(verdier, "manager", name="Night", members=[agent.pk]))
    night = Team.objects.of(verdier.brand).get()
    assert list(night.members.all()) == [agent]
    assert "checked" in body(browser(owner).get(f"{TEAMS}{night.pk}/"))
    assert "The team Late is changed." in body(
        post(verdier, "owner", f"{night.pk}/", name=" Late ", members=[owner.pk])
    )
    assert list(night.members.all()) == [owner]
    assert "The team Late is dissolved." in body(post(verdier, "owner", f"{night.pk}/dissolution/"))
    codes = AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True)
    assert list(codes) == ["team_made", "team_changed", "team_dissolved"]


def test_others_only_look(verdier: House) -> None:
    Team.make(verdier.brand, "Night", [verdier.people["agent"]], verdier.people["owner"])
    page = body(browser(verdier.people["reader"]).get(TEAMS))
    assert "Night" in page
    assert "Make the team" not in page
    assert post(verdier, "agent", name="Mine").status_code == 403


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "–"}, "A name has at least a letter."),
        ({"name": "Night"}, "There is a team of this name."),
    ],
)
def test_a_name_that_will_not_do(verdier: House, data: dict[str, str], words: str) -> None:
    Team.make(verdier.brand, "Night", [], verdier.people["owner"])
    refused = post(verdier, "owner", **data)
    assert refused.status_code == 422
    assert words in body(refused)
    other = Team.make(verdier.brand, "Day", [], verdier.people["owner"])
    assert post(verdier, "owner", f"{other.pk}/", **data).status_code == 422


def test_only_those_who_answer_are_in_a_team(verdier: House) -> None:
    for who in (verdier.people["reader"], verdier.stranger):
        refused = post(verdier, "owner", name="Night", members=[who.pk])
        assert "Somebody chosen may not answer for this brand." in body(refused)
