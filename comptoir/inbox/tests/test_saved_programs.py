"""Saved replies through the interface for programs."""

from __future__ import annotations

import pytest

from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0", "My parcel never arrived, where is it please?")])
    return made


def test_programs_keep_them(verdier: House) -> None:
    manager, agent = Program(verdier.people["manager"]), Program(verdier.people["agent"])
    given = {"name": "Thanks", "texts": {"en": "Thank you, {{first_name}}."}}
    assert problem(agent.ask("POST", "brands/verdier/saved-replies", given)) == "role-too-low"
    made = manager.ask("POST", "brands/verdier/saved-replies", given).json()
    assert (made["shortcut"], made["own"], made["uses"], made["used"]) == ("thanks", False, 0, None)
    there = f"brands/verdier/saved-replies/{made['id']}"
    assert agent.get(there) == made
    assert agent.all("brands/verdier/saved-replies?limit=1") == [made]
    (offer,) = agent.get(f"brands/verdier/threads/{verdier.thread().pk}/saved-replies")["items"]
    assert (offer["language"], offer["texts"]) == ("en", {"en": "Thank you, Person."})
    changed = manager.ask("PUT", there, {**given, "texts": {"fr": "Merci"}, "shortcut": "m"}).json()
    assert (changed["texts"], changed["shortcut"]) == ({"fr": "Merci"}, "m")
    assert problem(agent.ask("PUT", there, given)) == "role-too-low"
    assert problem(agent.ask("DELETE", there)) == "role-too-low"
    wrong = manager.ask("PUT", there, {**given, "texts": {"en": "{{nom}}"}})
    assert problem(wrong) == "invalid"
    assert "{{nom}}" in wrong.json()["detail"]
    mine = agent.ask("POST", "brands/verdier/saved-replies", {**given, "own": True}).json()
    assert problem(agent.ask("POST", "brands/verdier/saved-replies", {**given, "own": True})) == "invalid"
    assert problem(manager.ask("GET", f"brands/verdier/saved-replies/{mine['id']}")) == "not-found"
    assert agent.ask("DELETE", f"brands/verdier/saved-replies/{mine['id']}").status_code == 204
    assert manager.ask("DELETE", there).status_code == 204
    assert (
        problem(Program(verdier.people["reader"]).ask("GET", "brands/verdier/saved-replies"))
        == "role-too-low"
    )
