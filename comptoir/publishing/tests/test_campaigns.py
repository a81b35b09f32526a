"""Campaigns: made, changed and closed by managers, on pages and by programs; everybody of the brand sees them."""

from __future__ import annotations

from datetime import date

import pytest

from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.models import Campaign, Post
from comptoir.publishing.tests.building import House, browser, channel_of, draft, house

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HERE = "/b/verdier/campaigns/"
SUMMER = {
    "name": "Summer",
    "purpose": "More people at the beach",
    "first": "2026-06-01",
    "last": "2026-08-31",
}


@pytest.fixture
def verdier() -> House:
    return house()


def test_a_manager_makes_changes_and_closes_one(verdier: House) -> None:
    manager = browser(verdier.people["manager"])
    assert manager.post(f"{HERE}new/", SUMMER).status_code == 302
    made = Campaign.objects.of(verdier.brand).get()
    assert (made.name, made.first, made.last) == ("Summer", date(2026, 6, 1), date(2026, 8, 31))
    assert manager.post(f"{HERE}{made.pk}/", SUMMER | {"last": ""}).status_code == 302
    made.refresh_from_db()
    assert made.last is None
    manager.post(f"{HERE}{made.pk}/state/", {"state": "closed"})
    assert not Campaign.objects.of(verdier.brand).open().exists()
    manager.post(f"{HERE}{made.pk}/state/", {"state": "open"})
    assert Campaign.objects.of(verdier.brand).open().exists()
    codes = AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True)
    assert list(codes) == ["campaign_made", "campaign_changed", "campaign_closed", "campaign_opened"]


def test_what_is_wrong_is_said(verdier: House) -> None:
    manager = browser(verdier.people["manager"])
    manager.post(f"{HERE}new/", SUMMER)
    again = manager.post(f"{HERE}new/", SUMMER)
    assert again.status_code == 400
    assert "Another campaign has this name." in again.content.decode()
    backwards = manager.post(f"{HERE}new/", SUMMER | {"name": "Autumn", "last": "2026-05-01"})
    assert "It ends before it begins." in backwards.content.decode()
    assert manager.post(f"{HERE}new/", {"name": "No purpose"}).status_code == 400
    assert Campaign.objects.of(verdier.brand).count() == 1


def test_everybody_sees_them_with_their_posts_and_agents_change_none(verdier: House) -> None:
    agent = verdier.people["agent"]
    made = Campaign.make(verdier.brand, verdier.people["manager"], "Summer", "More people at the beach")
    draft(verdier.brand, agent, channel_of(verdier.brand)).belong(agent, made)
    page = browser(verdier.people["reader"]).get(HERE).content.decode()
    assert "More people at the beach" in page
    assert "1 post" in page
    assert browser(agent).get(f"{HERE}new/").status_code == 403
    assert browser(agent).post(f"{HERE}{made.pk}/state/", {"state": "closed"}).status_code == 403
    assert browser(verdier.people["manager"]).get(f"{HERE}{made.pk + 1}/").status_code == 404
    assert Post.objects.of(verdier.brand).get().campaign == made


def test_programs(verdier: House) -> None:
    program = Program(verdier.people["manager"])
    place = "/api/v1/brands/verdier/campaigns"
    made = program.ask("POST", place, SUMMER)
    assert made.status_code == 201
    number = made.json()["id"]
    assert problem(program.ask("POST", place, SUMMER)) == "invalid"
    assert problem(program.ask("POST", place, SUMMER | {"name": "  "})) == "invalid"
    closed = program.ask("PUT", f"{place}/{number}", SUMMER | {"name": "Late summer", "closed": True})
    assert (closed.json()["name"], closed.json()["closed"]) == ("Late summer", True)
    assert [each["name"] for each in program.get(place)["items"]] == ["Late summer"]
    assert problem(program.ask("PUT", f"{place}/{number + 1}", SUMMER)) == "not-found"
