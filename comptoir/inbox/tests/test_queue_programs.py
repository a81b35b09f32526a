"""Queues and targets for programs, and in the language of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.inbox.models import Clerk, Queue, Thread
from comptoir.inbox.models.searching import matching
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.kernel import clock
from comptoir.organisation.tests.programs import Program, problem
from comptoir.reading.query import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0"), said("m1", by=1)])
    return made


def test_programs_make_queues_and_put_threads_into_them(verdier: House) -> None:
    manager, agent = Program(verdier.people["manager"]), Program(verdier.people["agent"])
    given = {"name": "Lost", "languages": ["fr"], "people": [verdier.people["agent"].pk], "takes": False}
    assert problem(agent.ask("POST", "brands/verdier/queues", given)) == "role-too-low"
    made = manager.ask("POST", "brands/verdier/queues", given).json()
    assert (made["languages"], made["target"], made["waiting"]) == (["fr"], None, 0)
    assert problem(manager.ask("POST", "brands/verdier/queues", given)) == "invalid"
    assert (
        problem(manager.ask("POST", "brands/verdier/queues", {"name": "X", "countries": ["F1"]})) == "invalid"
    )
    there = f"brands/verdier/queues/{made['id']}"
    target = manager.ask("PUT", f"{there}/target", {"first": 60, "open_hours": False}).json()["target"]
    assert target == {
        "first": 60, "next": None, "resolution": None, "open_hours": False, "warns": 75, "escalates": 0,
        "calls": False,
    }  # fmt: skip
    thread = f"brands/verdier/threads/{verdier.thread().pk}"
    assert agent.ask("POST", f"{thread}/assignment", {"queue": made["id"], "to": 1}).status_code == 422
    put = agent.ask("POST", f"{thread}/assignment", {"queue": made["id"]}).json()
    assert (put["queue"], put["due_for"]) == ({"id": made["id"], "name": "Lost"}, "first")
    assert agent.get(there)["waiting"] == 1
    usual = manager.ask("PUT", "brands/verdier/queues/usual-target", {"resolution": 5}).json()["usual"]
    assert usual["resolution"] == 5
    changed = manager.ask("PUT", there, {"name": "Found", "people": []}).json()
    assert (changed["name"], changed["people"], changed["languages"]) == ("Found", [], [])
    assert manager.ask("DELETE", there).status_code == 204
    assert problem(manager.ask("GET", there)) == "not-found"
    assert agent.get(thread)["queue"] is None


def test_whose_hands_are_full_is_told_so(verdier: House) -> None:
    agent = verdier.people["agent"]
    Clerk.settle(verdier.brand, agent, verdier.people["owner"], [], [], 1)
    program = Program(agent)
    taken = program.ask("POST", "brands/verdier/threads/next").json()
    program.ask("POST", f"brands/verdier/threads/{taken['id']}/reading")
    assert problem(program.ask("POST", "brands/verdier/threads/next")) == "hands-full"


def test_queries_know_the_queue_and_what_is_late(verdier: House) -> None:
    queue = Queue.make(verdier.brand, verdier.people["manager"], name="Lost luggage", takes=False)
    rows = Thread.objects.of(verdier.brand)
    rows.get(conversation="m0").put_in(queue, None)
    rows.filter(conversation="m1").update(due_at=clock.now() - timedelta(minutes=1))
    names = {row.pk: row.conversation for row in rows}

    def found(text: str) -> list[str]:
        result = matching(verdier.brand.pk, verdier.people["agent"].pk, "open", parse(text))
        return sorted(names[pk] for pk in result.threads)

    assert found('queue:"lost luggage"') == ["m0"]
    assert found("is:late") == ["m1"]
    assert found("type:post NOT is:late") == ["m0"]


def test_programs_say_who_can_what(verdier: House) -> None:
    manager, agent = Program(verdier.people["manager"]), verdier.people["agent"]
    there = f"brands/verdier/clerks/{agent.pk}"
    given = {"languages": ["FR", "pt-BR"], "skills": ["Refunds", " legal  matters"], "most": 3}
    assert problem(Program(agent).ask("PUT", there, given)) == "role-too-low"
    told = manager.ask("PUT", there, given).json()
    kept = {"languages": ["fr", "pt"], "skills": ["legal matters", "refunds"], "most": 3}
    assert told == {"id": agent.pk, "name": "Agent"} | kept == Program(agent).get(there)
    everybody = manager.get("brands/verdier/clerks")["items"]
    assert [each["name"] for each in everybody] == ["Agent", "Manager", "Owner"]
    assert [each["most"] for each in everybody] == [3, None, None]
    wrong = manager.ask("PUT", there, {"languages": ["français"]})
    assert (problem(wrong), wrong.json()["errors"][0]["at"]) == ("invalid", "languages")
    reader = verdier.people["reader"].pk
    assert problem(manager.ask("PUT", f"brands/verdier/clerks/{reader}", given)) == "not-found"
    manager.ask("PUT", there, {})
    assert not Clerk.objects.of(verdier.brand).get(user=agent).skills


def test_programs_have_queues_asked_in_another_order(verdier: House) -> None:
    manager = Program(verdier.people["manager"])
    made = [manager.ask("POST", "brands/verdier/queues", {"name": name}).json()["id"] for name in "abc"]
    turned = manager.ask("PUT", "brands/verdier/queues/order", {"queues": made[::-1]}).json()["items"]
    assert [each["name"] for each in turned] == ["c", "b", "a"]
    for wrong in (made[1:], [*made, made[0]], [*made[1:], 999_999]):
        assert problem(manager.ask("PUT", "brands/verdier/queues/order", {"queues": wrong})) == "invalid"
    assert [each.name for each in Queue.objects.of(verdier.brand).in_order()] == ["c", "b", "a"]
