"""Programs ask for approvals and decide them as people do, bound to the version that they read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.models import ApprovalStep, Post
from comptoir.publishing.tests.building import House, Wall, content, draft, house

pytestmark = pytest.mark.django_db
POSTS = "/api/v1/brands/verdier/posts"
STEPS = f"{POSTS}/approval"


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


def asking(verdier: House, *given: tuple[str, str]) -> Post:
    """A post of the agent's, where posts are approved in these steps."""
    ApprovalStep.put(verdier.brand, verdier.people["owner"], given)
    return draft(verdier.brand, verdier.people["agent"], verdier.channel)


def test_managers_say_who_approves(verdier: House) -> None:
    manager, agent = Program(verdier.people["manager"]), Program(verdier.people["agent"])
    given: Any = {"items": [{"role": "manager"}, {"role": "client", "who": "Mairie"}]}
    assert problem(agent.ask("PUT", STEPS, given)) == "role-too-low"
    for wrong in ([{"role": "client"}], [{"role": "owner", "who": "Mairie"}], [{"role": "king"}]):
        assert problem(manager.ask("PUT", STEPS, {"items": wrong})) == "invalid"
    assert manager.ask("PUT", STEPS, given).status_code == 200
    assert agent.get(STEPS)["items"] == [{"role": "manager", "who": ""}, {"role": "client", "who": "Mairie"}]
    rows = ApprovalStep.objects.of(verdier.brand).values_list("role", "who")
    assert list(rows) == [("manager", ""), ("", "Mairie")]


def test_a_post_is_submitted_and_decided_once_at_the_version_that_was_read(verdier: House) -> None:
    post, by = asking(verdier, ("manager", "")), verdier.people["agent"]
    place = f"{POSTS}/{post.pk}/approval"
    agent, manager = Program(by), Program(verdier.people["manager"])
    assert (
        problem(manager.ask("POST", f"{place}/decision", {"version": 1, "decision": "approved"}))
        == "too-late"
    )
    shown = agent.ask("POST", f"{place}/request").json()
    assert (shown["state"], shown["decides"], shown["decisions"][0]["decision"]) == ("review", False, "")
    assert manager.get(place)["decides"]
    approved = {"version": 1, "decision": "approved"}
    assert problem(agent.ask("POST", f"{place}/decision", approved)) == "role-too-low"
    sent_back = {"version": 1, "decision": "changes"}
    assert problem(manager.ask("POST", f"{place}/decision", sent_back)) == "invalid"
    after = manager.ask("POST", f"{place}/decision", sent_back | {"words": "Say until when."}).json()
    assert (after["state"], after["decisions"][0]["words"]) == ("changes", "Say until when.")
    post.refresh_from_db()
    post.rewrite(by, post.number, content(verdier.channel, text="Open until nine"))
    agent.ask("POST", f"{place}/request")
    assert problem(manager.ask("POST", f"{place}/decision", approved)) == "not-seen"
    done = manager.ask("POST", f"{place}/decision", {"version": 2, "decision": "approved"}).json()
    assert (done["state"], done["decisions"][0]["by"]) == ("approved", "Manager")


def test_a_client_decides_by_the_link_that_a_program_makes(verdier: House, client: Client) -> None:
    post = asking(verdier, ("", "Mairie"))
    agent, place = Program(verdier.people["agent"]), f"{POSTS}/{post.pk}/approval"
    assert problem(agent.ask("POST", f"{place}/link")) == "too-late"
    agent.ask("POST", f"{place}/request")
    first = agent.ask("POST", f"{place}/link").json()["link"]
    link = agent.ask("POST", f"{place}/link").json()["link"]
    path = link[link.index("/approve/") :]
    assert client.get(first[first.index("/approve/") :]).status_code == 410
    client.post(path, {"number": "1", "decision": "approved"})
    (decision,) = agent.get(place)["decisions"]
    assert (decision["decision"], decision["role"], decision["who"]) == ("approved", "client", "Mairie")
    assert problem(agent.ask("POST", f"{place}/link")) == "too-late"


def test_remarks_are_written_and_read(verdier: House) -> None:
    post = asking(verdier, ("manager", ""))
    agent, reader = Program(verdier.people["agent"]), Program(verdier.people["reader"])
    place = f"{POSTS}/{post.pk}/approval"
    assert problem(agent.ask("POST", f"{place}/remarks", {"text": "  "})) == "invalid"
    assert (
        agent.ask("POST", f"{place}/remarks", {"text": "A day too early?", "shared": True}).status_code == 201
    )
    assert problem(reader.ask("POST", f"{place}/remarks", {"text": "x"})) == "role-too-low"
    (said,) = reader.get(place)["remarks"]
    assert (said["text"], said["shared"], said["by"]) == ("A day too early?", True, "Agent")
    assert (
        problem(Program(verdier.people["agent"]).ask("GET", f"{POSTS}/{post.pk + 9}/approval")) == "not-found"
    )
