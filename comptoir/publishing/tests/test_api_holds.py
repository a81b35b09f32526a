"""Programs stop what leaves and let it go again, as managers do."""

from __future__ import annotations

import pytest

from comptoir.networks.models import Hold
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing import departing
from comptoir.publishing.tests.building import House, Wall, channel_of, draft, house

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HERE = "/api/v1/brands/verdier/holds"


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


def test_a_manager_stops_and_lifts(verdier: House) -> None:
    program = Program(verdier.people["manager"])
    made = program.ask("POST", HERE, {"reason": "Flood in the valley"})
    assert made.status_code == 201
    shown = made.json()
    assert (shown["reason"], shown["brand"], shown["replies"], shown["in_flight"]) == (
        "Flood in the valley", True, False, [],
    )  # fmt: skip
    post = draft(verdier.brand, verdier.people["agent"], channel_of(verdier.brand))
    post.publish(verdier.people["agent"])
    departing.depart()
    assert post.destinations.get().state == "waiting"
    assert [each["id"] for each in program.get(HERE)["items"]] == [shown["id"]]
    lifted = program.ask("DELETE", f"{HERE}/{shown['id']}")
    assert lifted.json()["lifted"]
    again = program.ask("DELETE", f"{HERE}/{shown['id']}")
    assert again.json()["lifted"] == lifted.json()["lifted"]
    assert program.get(f"{HERE}/{shown['id']}")["lifted"]
    assert post.destinations.get().state == "asking"


def test_what_will_not_do_is_said(verdier: House) -> None:
    program = Program(verdier.people["manager"])
    assert problem(program.ask("POST", HERE, {"reason": "  "})) == "invalid"
    assert problem(program.ask("POST", HERE, {"reason": "Flood", "country": "CH"})) == "invalid"
    assert problem(program.ask("GET", f"{HERE}/77")) == "not-found"
    assert problem(Program(verdier.people["agent"]).ask("POST", HERE, {"reason": "Flood"})) == "role-too-low"
    assert not Hold.objects.on().exists()


def test_a_hold_of_the_house_is_seen_and_not_lifted_from_a_brand(verdier: House) -> None:
    whole = Hold.place("The whole house")
    program = Program(verdier.people["owner"])
    assert program.get(HERE)["items"][0]["brand"] is False
    assert problem(program.ask("DELETE", f"{HERE}/{whole.pk}")) == "role-too-low"
    assert Hold.objects.on().exists()
