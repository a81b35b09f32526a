"""Rules through the interface for programs."""

from __future__ import annotations

import pytest

from comptoir.inbox.models import Tag
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.inbox.tests.ruling import comes
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
RULES = "brands/verdier/rules"
GIVEN = {
    "name": "Refunds",
    "query": "refund*",
    "conditions": {"kinds": ["mention"], "authors": ["@person0.example"], "followers": 100},
    "actions": {"tags": ["money"], "priority": 2},
}


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0", "My refund never arrived"), said("m1", "A refund!", by=4)])
    return made


def test_programs_make_try_and_switch_rules(verdier: House) -> None:
    manager, agent = Program(verdier.people["manager"]), Program(verdier.people["agent"])
    assert problem(agent.ask("POST", RULES, GIVEN)) == "role-too-low"
    made = manager.ask("POST", RULES, GIVEN).json()
    there = f"{RULES}/{made['id']}"
    assert (made["on"], made["version"], made["troubles"], made["lately"]) == (False, 1, [], 0)
    assert made["actions"]["tags"] == ["money"]
    assert made["conditions"]["authors"] == ["person0.example"]
    assert agent.get(there) == made == agent.get(RULES)["items"][0]
    tried = agent.get(f"{there}/trial")
    assert (tried["version"], tried["looked"], tried["matched"]) == (1, 2, 1)
    assert tried["items"][0]["outlook"] == {"tags": "do", "priority": "do"}
    assert problem(manager.ask("POST", f"{there}/switch", {"on": True})) == "too-late"
    assert manager.ask("POST", f"{there}/switch", {"on": True, "version": 1}).json()["on"] is True
    comes(verdier, said("m2", "refund, again"))
    (deed,) = agent.all(f"{there}/deeds?limit=1")
    assert (deed["did"], deed["failed"]) == ({"tags": ["money"], "priority": 2}, {})
    changed = manager.ask("PUT", there, {**GIVEN, "query": "rembours*"}).json()
    assert (changed["on"], changed["version"], changed["lately"]) == (False, 2, 1)
    Tag.objects.of(verdier.brand).get().remove(verdier.people["manager"])
    assert agent.get(there)["troubles"] == ["A tag that it puts on was removed."]
    assert manager.ask("DELETE", there).status_code == 204
    assert problem(manager.ask("GET", f"{there}/trial")) == "not-found"


def test_what_will_not_do_is_said_with_its_place(verdier: House) -> None:
    manager = Program(verdier.people["manager"])
    wrong = manager.ask("POST", RULES, {**GIVEN, "query": "late AND box OR fibre"})
    assert problem(wrong) == "invalid"
    assert wrong.json()["errors"][0]["at"] == "query"
    nobody = manager.ask("POST", RULES, {**GIVEN, "actions": {"person": verdier.stranger.pk}})
    assert nobody.json()["errors"][0]["at"] == "assign"
    assert problem(manager.ask("POST", RULES, {**GIVEN, "actions": {}})) == "invalid"
    manager.ask("POST", RULES, GIVEN)
    assert manager.ask("POST", RULES, GIVEN).json()["errors"][0]["at"] == "name"


def test_programs_order_rules(verdier: House) -> None:
    manager = Program(verdier.people["manager"])
    one, two = (manager.ask("POST", RULES, {**GIVEN, "name": name}).json()["id"] for name in ("One", "Two"))
    ordered = manager.ask("PUT", f"{RULES}/order", {"rules": [two, one]}).json()
    assert [each["name"] for each in ordered["items"]] == ["Two", "One"]
    assert problem(manager.ask("PUT", f"{RULES}/order", {"rules": [two]})) == "invalid"
    assert problem(manager.ask("PUT", f"{RULES}/order", {"rules": [two, two]})) == "invalid"
