"""Deciding, blocking and reporting by programs, on the rehearsal town's own connector."""

from __future__ import annotations

import pytest

from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.inbox.tests.test_defending import carried_out
from comptoir.networks.models import Channel
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
BRAND = "brands/verdier"


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m1", "You idiots!")])
    return made


def test_programs_block_and_let_again(verdier: House) -> None:
    agent, thread = Program(verdier.people["agent"]), verdier.thread()
    there = f"{BRAND}/threads/{thread.pk}"
    assert problem(agent.ask("POST", f"{there}/block", {"reason": "taste"})) == "invalid"
    assert problem(agent.ask("DELETE", f"{there}/block")) == "too-late"
    made = agent.ask("POST", f"{there}/block", {"reason": "harassment", "words": "Third time."})
    assert made.status_code == 201
    assert agent.ask("POST", f"{there}/block", {"reason": "spam"}).json()["id"] == made.json()["id"]
    carried_out(verdier)
    assert problem(agent.ask("POST", f"{there}/block", {"reason": "spam"})) == "too-late"
    (blocked,) = agent.all(f"{BRAND}/blocks?limit=1")
    assert (blocked["act"], blocked["state"], blocked["label"], blocked["words"], blocked["by"]["name"]) == (
        "block", "sent", "Insult or harassment", "Third time.", "Agent",
    )  # fmt: skip
    assert blocked["person"]["id"] == thread.person_id
    assert agent.ask("DELETE", f"{there}/block").json()["act"] == "unblock"
    carried_out(verdier)
    assert agent.all(f"{BRAND}/blocks") == []
    assert [each["act"] for each in agent.all(f"{there}/defences?limit=1")] == ["unblock", "block"]
    reader = Program(verdier.people["reader"])
    assert reader.all(f"{BRAND}/blocks") == []
    assert problem(reader.ask("POST", f"{there}/block", {"reason": "spam"})) == "role-too-low"
    assert problem(reader.ask("DELETE", f"{there}/block")) == "role-too-low"
    whose = AuditEntry.objects.of(verdier.brand).filter(what="person_blocked").get()
    assert whose.user == verdier.people["agent"]


def test_programs_block_a_person_wherever_they_wrote(verdier: House) -> None:
    agent = Program(verdier.people["agent"])
    there = f"{BRAND}/persons/{verdier.thread().person_id}/block"
    assert problem(agent.ask("DELETE", there)) == "too-late"
    nowhere = agent.ask("POST", there, {"reason": "spam", "channels": [verdier.channel.pk + 1]})
    assert nowhere.json()["errors"][0]["at"] == "channels"
    made = agent.ask("POST", there, {"reason": "harassment", "words": "Third time."})
    assert made.status_code == 201
    assert [(each["act"], each["channel"]) for each in made.json()["items"]] == [
        ("block", verdier.channel.pk)
    ]
    carried_out(verdier)
    assert problem(agent.ask("POST", there, {"reason": "spam"})) == "too-late"
    assert [each["act"] for each in agent.ask("DELETE", there).json()["items"]] == ["unblock"]
    carried_out(verdier)
    assert agent.all(f"{BRAND}/blocks") == []
    for who, kind in ((verdier.people["reader"], "role-too-low"), (verdier.stranger, "not-found")):
        assert problem(Program(who).ask("POST", there, {"reason": "spam"})) == kind
        assert problem(Program(who).ask("DELETE", there)) == kind


def test_programs_report_on_the_networks_grounds(verdier: House) -> None:
    agent, thread = Program(verdier.people["agent"]), verdier.thread()
    there, entry = f"{BRAND}/threads/{thread.pk}", thread.entries.get()
    grounds = agent.get(f"{there}/grounds")["items"]
    assert {"code": "spam", "label": "Spam or advertising"} in grounds
    assert problem(agent.ask("POST", f"{there}/reports", {"ground": "taste"})) == "invalid"
    nobodys = agent.ask("POST", f"{there}/reports", {"ground": "spam", "message": entry.pk + 1})
    assert nobodys.json()["errors"][0]["at"] == "message"
    given = {"ground": "rude", "words": "Insults us.", "message": entry.pk}
    made = agent.ask("POST", f"{there}/reports", given).json()
    assert (made["message"], made["state"], made["label"]) == (entry.pk, "waiting", "Insult or harassment")
    assert agent.ask("DELETE", f"{there}/defences/{made['id']}").status_code == 204
    again = agent.ask("POST", f"{there}/reports", given).json()
    carried_out(verdier)
    assert agent.all(f"{there}/defences")[0] | {"state": "", "at": ""} == again | {"state": "", "at": ""}
    assert problem(agent.ask("POST", f"{there}/reports", given)) == "too-late"
    assert problem(agent.ask("DELETE", f"{there}/defences/{again['id']}")) == "too-late"
    other = Program(verdier.people["manager"])
    assert problem(other.ask("DELETE", f"{there}/defences/{again['id']}")) == "not-found"


def test_programs_decide_what_others_see(verdier: House) -> None:
    agent, thread = Program(verdier.people["agent"]), verdier.thread()
    there, entry = f"{BRAND}/threads/{thread.pk}", thread.entries.get()
    given = {"message": entry.pk, "verdict": "remove"}
    assert agent.ask("POST", f"{there}/moderations", given).json()["errors"][0]["at"] == "reason"
    refused = agent.ask("POST", f"{there}/moderations", {**given, "reason": "hate"})
    assert refused.json()["detail"] == "Nothing can be decided about this message."
    Channel.objects.of(verdier.brand).update(network="wordpress")
    made = agent.ask("POST", f"{there}/moderations", {**given, "reason": "hate", "words": "Why."})
    assert made.status_code == 201
    assert (made.json()["verdict"], made.json()["reason"], made.json()["state"]) == (
        "remove",
        "hate",
        "waiting",
    )
    assert agent.get(f"{there}/grounds")["items"] == []
    for what, body in (("block", {"reason": "spam"}), ("reports", {"ground": "spam"})):
        assert problem(agent.ask("POST", f"{there}/{what}", body)) == "invalid"
