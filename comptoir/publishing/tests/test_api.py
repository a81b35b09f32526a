"""Posts for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.kernel import clock
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Brand, Webhook
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.models import Post
from comptoir.publishing.tests.building import House, Wall, channel_of, draft, house
from comptoir.publishing.tests.test_leaving import run

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    Wall.said.clear()
    Wall.raises.clear()
    return house()


@pytest.fixture
def agent(desk: House) -> Program:
    return Program(desk.people["agent"])


HERE = "brands/verdier/posts"


def given(*channels: int, **more: Any) -> dict[str, Any]:
    words = [{"parts": ["Hello"]}, {"language": "fr", "parts": ["Bonjour"]}]
    to = [{"channel": each} for each in channels]
    return {"language": "en", "wordings": words, "destinations": to, "reason": "a test", **more}


def test_a_program_writes_changes_and_publishes(desk: House, agent: Program) -> None:
    channel = channel_of(desk.brand)
    made = agent.ask("POST", HERE, given(channel.pk, title="Morning"))
    assert made.status_code == 201
    post = made.json()
    assert (post["state"], post["version"], post["destinations"][0]["state"]) == ("draft", 1, "waiting")
    there = f"{HERE}/{post['id']}"
    changed = agent.ask("PUT", there, given(channel.pk, version=1, language="fr")).json()
    assert (changed["version"], changed["language"]) == (2, "fr")
    assert problem(agent.ask("PUT", there, given(channel.pk, version=1))) == "not-seen"
    assert agent.ask("POST", f"{there}/departure").json()["state"] == "scheduled"
    run()
    shown = agent.get(there)
    assert (shown["state"], shown["destinations"][0]["url"][:21]) == ("published", "https://wall.example/")
    assert [said[0] for said in Wall.said.values()] == ["Bonjour"]
    assert problem(agent.ask("DELETE", there)) == "too-late"
    assert [each["id"] for each in agent.get(f"{HERE}?state=published")["items"]] == [post["id"]]
    assert agent.get(f"{HERE}?state=draft")["items"] == []


def test_webhooks_are_told_once_how_it_went(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    by, told = desk.people["owner"], []
    Webhook.make(desk.brand, "https://example.org/hook", ["post.settled"], by)
    queued = "comptoir.organisation.announcing.queue"
    monkeypatch.setattr(queued, lambda hooks, kind, data: told.append((len(hooks), kind, dict(data))))
    post = draft(desk.brand, by, channel_of(desk.brand))
    post.publish(by)
    run()
    assert told == [(1, "post.settled", {"post": post.pk, "state": "published"})]


def test_it_is_scheduled_made_a_draft_again_and_given_up(desk: House, agent: Program) -> None:
    channel = channel_of(desk.brand)
    there = f"{HERE}/{agent.ask('POST', HERE, given(channel.pk)).json()['id']}"
    time = {"day": str((clock.now() + timedelta(days=40)).date()), "hour": "07:00", "zone": "Indian/Reunion"}
    scheduled = agent.ask("POST", f"{there}/schedule", time).json()
    assert (scheduled["state"], scheduled["due"][11:16]) == ("scheduled", "03:00")
    assert agent.ask("DELETE", f"{there}/schedule").json()["state"] == "draft"
    assert agent.ask("DELETE", there).json()["state"] == "cancelled"
    assert problem(agent.ask("POST", f"{there}/schedule", time | {"zone": "Nowhere"})) == "invalid"


def test_what_will_not_do_is_said(desk: House, agent: Program) -> None:
    channel = channel_of(desk.brand)
    long = agent.ask("POST", HERE, given(channel.pk, wordings=[{"parts": ["x" * 305]}])).json()
    answer = agent.ask("POST", f"{HERE}/{long['id']}/departure")
    assert (problem(answer), answer.json()["detail"]) == ("invalid", "Too long by 5.")
    for wrong in (
        given(10**9), given(channel.pk, campaign=7), given(channel.pk, wordings=[]),
        given(channel.pk, wordings=[{"parts": ["x"], "network": "wall", "channel": channel.pk}]),
    ):  # fmt: skip
        assert problem(agent.ask("POST", HERE, wrong)) == "invalid", wrong
    nul = agent.ask("POST", HERE, given(channel.pk, title="a\x00b", wordings=[{"parts": ["a\x00b"]}])).json()
    assert (nul["title"], nul["wordings"][0]["parts"]) == ("ab", ["ab"])
    assert problem(agent.ask("GET", f"{HERE}?state=zebra")) == "invalid"
    assert problem(agent.ask("GET", f"{HERE}/999999")) == "not-found"


def test_what_is_another_brands_stays_there(desk: House, agent: Program) -> None:
    other = Brand.objects.create(name="Other", slug="other")
    theirs = channel_of(other, "theirs")
    assert problem(agent.ask("POST", HERE, given(theirs.pk))) == "invalid"
    assert not Post.objects.of(desk.brand).exists()
    reader = Program(desk.people["reader"])
    assert reader.get(HERE)["items"] == []
    assert problem(reader.ask("POST", HERE, given())) == "role-too-low"
    answering = Program(desk.people["agent"], ["threads:write"])
    assert problem(answering.ask("POST", HERE, given())) == "scope-missing"
