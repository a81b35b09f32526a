"""What managers and agents keep for the counter, through the interface: fields, views, tags, ready-made rules."""

from __future__ import annotations

import pytest

from comptoir.inbox import jobs
from comptoir.inbox.models import Case, CustomField, Queue, Rule, ServiceDesk, Tag, View
from comptoir.inbox.models.custom import fill
from comptoir.inbox.models.sorting import put_on
from comptoir.inbox.presets import PRESETS
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.networks.models import Delivery
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
HERE = "brands/verdier"


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0")])
    return made


def programs(verdier: House) -> tuple[Program, Program, Program]:
    manager, agent, reader = (Program(verdier.people[role]) for role in ("manager", "agent", "reader"))
    return manager, agent, reader


def last(verdier: House) -> str:
    return AuditEntry.objects.of(verdier.brand).latest("pk").what


def test_fields_of_the_brands_own(verdier: House) -> None:
    manager, agent, _reader = programs(verdier)
    given = {"name": "Reason", "kind": "choice", "choices": ["Refund", " refund ", "Late"], "required": True}
    assert problem(agent.ask("POST", f"{HERE}/fields", given)) == "role-too-low"
    made = manager.ask("POST", f"{HERE}/fields", given).json()
    assert (made["name"], made["kind"], made["choices"], made["required"]) == (
        "Reason", "choice", ["refund", "Late"], True,
    )  # fmt: skip
    for wrong, at in (
        (given, "name"),
        ({"name": "?", "kind": "text"}, "name"),
        ({"name": "Other", "kind": "choice"}, "choices"),
    ):
        answer = manager.ask("POST", f"{HERE}/fields", wrong)
        assert (problem(answer), answer.json()["errors"][0]["at"]) == ("invalid", at)
    there = f"{HERE}/fields/{made['id']}"
    assert problem(manager.ask("PUT", there, {"name": "Why"})) == "invalid", "a choice needs choices"
    changed = manager.ask("PUT", there, {"name": "Why", "choices": ["Late"]}).json()
    assert (changed["name"], changed["kind"], changed["required"]) == ("Why", "choice", False)
    fill(verdier.thread(), {CustomField.objects.of(verdier.brand).get(): "Late"}, verdier.people["agent"])
    assert manager.ask("DELETE", there).json() == {"threads": 1}
    assert problem(manager.ask("DELETE", there)) == "not-found"
    assert last(verdier) == "field_removed"


def test_views_and_tags(verdier: House) -> None:
    manager, agent, reader = programs(verdier)
    assert problem(reader.ask("POST", f"{HERE}/views", {"name": "Late", "shared": True})) == "role-too-low"
    mine = reader.ask("POST", f"{HERE}/views", {"name": "Late", "q": "is:late"}).json()
    assert (mine["show"], mine["q"], mine["shared"]) == ("open", "is:late", False)
    wrong = agent.ask("POST", f"{HERE}/views", {"name": "Both", "q": "a OR b AND c"})
    assert (problem(wrong), wrong.json()["errors"][0]["at"]) == ("invalid", "q")
    shared = agent.ask("POST", f"{HERE}/views", {"name": "Storm", "shared": True}).json()
    assert problem(reader.ask("DELETE", f"{HERE}/views/{shared['id']}")) == "role-too-low"
    assert problem(agent.ask("DELETE", f"{HERE}/views/{mine['id']}")) == "not-found"
    assert reader.ask("DELETE", f"{HERE}/views/{mine['id']}").status_code == 204
    assert manager.ask("DELETE", f"{HERE}/views/{shared['id']}").status_code == 204
    assert not View.objects.of(verdier.brand).exists()

    owner = verdier.people["owner"]
    tag, other = (Tag.called(verdier.brand, name, owner) for name in ("Storm", "Other"))
    put_on(verdier.thread(), tag, owner)
    assert problem(agent.ask("PUT", f"{HERE}/tags/{tag.pk}", {"name": "Gale"})) == "role-too-low"
    assert manager.ask("PUT", f"{HERE}/tags/{tag.pk}", {"name": "#Gale"}).json()["name"] == "Gale"
    for name in (other.name, "??"):
        assert problem(manager.ask("PUT", f"{HERE}/tags/{tag.pk}", {"name": name})) == "invalid"
    assert manager.ask("DELETE", f"{HERE}/tags/{tag.pk}").status_code == 204
    assert agent.get(f"{HERE}/threads/{verdier.thread().pk}/tags")["items"] == []


def test_rules_that_come_ready_made_are_taken_off(verdier: House) -> None:
    manager, agent, _reader = programs(verdier)
    assert problem(agent.ask("POST", f"{HERE}/rules/ready", {"ready": "praise"})) == "role-too-low"
    for ready in PRESETS:
        assert manager.ask("POST", f"{HERE}/rules/ready", {"ready": ready}).json()["on"] is False
    assert problem(manager.ask("POST", f"{HERE}/rules/ready", {"ready": "praise"})) == "invalid"
    assert problem(manager.ask("POST", f"{HERE}/rules/ready", {"ready": "nix"})) == "invalid"
    assert Rule.objects.of(verdier.brand).count() == len(PRESETS)


def test_a_thread_is_taken_out_of_its_queue(verdier: House) -> None:
    _manager, agent, reader = programs(verdier)
    thread, there = verdier.thread(), f"{HERE}/threads/{verdier.thread().pk}"
    thread.put_in(Queue.make(verdier.brand, verdier.people["owner"], name="Press", takes=False), None)
    assert problem(reader.ask("DELETE", f"{there}/queue")) == "role-too-low"
    for _twice in range(2):
        told = agent.ask("DELETE", f"{there}/queue").json()
        assert (told["queue"], told["state"]) == (None, "new")
    assert AuditEntry.objects.of(verdier.brand).filter(what="unqueued").count() == 1


def test_what_the_history_offers_is_taken_or_left(verdier: House) -> None:
    _manager, agent, reader = programs(verdier)
    ids = verdier.channel.receive([said("old", minutes_ago=600, by=3)], historic=True)
    jobs.gather.func(channel_id=verdier.channel.pk, new=ids, changed=[])
    assert problem(reader.ask("POST", f"{HERE}/history", {"take": True})) == "role-too-low"
    assert agent.ask("POST", f"{HERE}/history", {"take": True}).json() == {"threads": 1}
    assert len(agent.all(f"{HERE}/threads?show=open")) == 2
    assert agent.ask("POST", f"{HERE}/history", {"take": False}).json() == {"threads": 0}


def test_what_nobody_knows_of_is_settled(verdier: House) -> None:
    _manager, agent, _reader = programs(verdier)
    reply = verdier.thread().reply("Hello", verdier.people["agent"])
    there = f"{HERE}/threads/{verdier.thread().pk}/replies/{reply.pk}/settlement"
    assert problem(agent.ask("POST", there, {"there": True})) == "too-late"
    Delivery.objects.of(verdier.brand).update(state="uncertain")
    assert agent.ask("POST", there, {"there": False}).json()["state"] == "waiting"
    Delivery.objects.of(verdier.brand).update(state="uncertain")
    assert agent.ask("POST", there, {"there": True}).json()["state"] == "sent"

    desk, _secret = ServiceDesk.make(verdier.brand, "Desk", "mail", "a@b.example", verdier.people["owner"])
    case = Case.hand_over(verdier.thread(), desk, verdier.people["agent"], note="Look at it")
    there = f"{HERE}/cases/{case.number}/settlement"
    assert problem(agent.ask("POST", there, {"there": True})) == "too-late"
    Case.objects.of(verdier.brand).update(state="uncertain")
    assert agent.ask("POST", there, {"there": True}).json()["state"] == "sent"
