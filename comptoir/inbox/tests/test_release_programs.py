"""Programs answer a cluster together as the page does: nothing leaves that was not looked at, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.inbox import jobs
from comptoir.inbox.models import Release, Reply
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.inbox.tests.test_release import WORDS, ask, cluster, prepare, read
from comptoir.inbox.views import releases as page
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
BRAND = "brands/verdier/"


@pytest.fixture
def verdier() -> House:
    built = house()
    ask(built)
    hear(built.channel, [said("more", "Anybody? My son is asthmatic.", 1, by=0, in_reply_to="ask4")])
    hear(built.channel, [said("else", "And is the bar open?", 1, by=0, in_reply_to="ask5")])
    read(built, ["more", "else"])
    return built


def drafted(of: House, who: Program) -> tuple[dict[str, Any], str]:
    """A draft, and its address."""
    made = who.ask("POST", f"{BRAND}clusters/{cluster(of).pk}/releases", {"texts": WORDS})
    assert made.status_code == 201, made.content
    return made.json(), f"{BRAND}releases/{made.json()['id']}"


def looked(who: Program, there: str) -> int:
    """What was looked at, once every exception was read."""
    found = who.get(f"{there}/people?which=exceptions")
    while found["next"]:
        assert found["version"] is None
        found = who.get(found["next"])
    version: int = found["version"]
    return version


def test_a_cluster_is_opened_drafted_looked_at_and_released_once(verdier: House) -> None:
    agent = Program(verdier.people["agent"], ["threads:read", "threads:write"])
    there = f"{BRAND}clusters/{cluster(verdier).pk}"
    opened = agent.get(there)
    assert (opened["waiting"], opened["pressing"], opened["languages"]) == (6, 1, ["en"])
    waiting = agent.all(f"{there}/people?limit=2")
    assert len({each["thread"] for each in waiting}) == 6
    assert sorted(len(each["why"]) for each in waiting) == [0, 0, 0, 0, 1, 2]
    draft, release = drafted(verdier, agent)
    assert (draft["state"], draft["chosen"], draft["left_out"], draft["exceptions"]) == ("draft", 4, 2, 2)
    people = agent.all(f"{release}/people?limit=4")
    assert (len(people), people[0]["text"][:11], people[0]["most"]) == (6, "Hello Ada0,", 300)
    odd = agent.all(f"{release}/people?which=exceptions&limit=1")
    assert {why["code"] for each in odd for why in each["why"]} == {"more", "pressing"}
    assert [each["chosen"] for each in odd] == [False, False]
    assert problem(agent.ask("POST", f"{release}/departure", {"version": 1})) == "not-seen"
    assert problem(agent.ask("POST", f"{release}/departure", {})) == "invalid"
    first = looked(agent, release)
    choice = {"tick": [odd[0]["thread"]], "untick": [people[0]["thread"]]}
    assert agent.ask("PUT", f"{release}/choice", choice).json()["chosen"] == 4
    # Somebody chose otherwise: what was looked at before is not what would leave.
    assert problem(agent.ask("POST", f"{release}/departure", {"version": first})) == "not-seen"
    assert Release.objects.of(verdier.brand).get().state == "draft"
    version = looked(agent, f"{release}")
    assert agent.ask("POST", f"{release}/departure", {"version": version}).status_code == 202
    assert problem(agent.ask("POST", f"{release}/departure", {"version": version})) == "too-late"
    assert problem(agent.ask("PUT", f"{release}/choice", choice)) == "too-late"
    for _each in range(2):
        jobs.release.func(release_id=draft["id"])
    answered = set(Reply.objects.values_list("thread", flat=True))
    assert len(answered) == Reply.objects.count() == 4
    assert odd[0]["thread"] in answered
    assert people[0]["thread"] not in answered
    (shown,) = agent.all(f"{BRAND}releases")
    assert (shown["state"], shown["answered"], shown["by"]["name"]) == ("done", 4, "Agent")
    assert {each["outcome"] for each in agent.all(f"{release}/people")} == {"answered", ""}
    assert agent.ask("DELETE", release).json()["state"] == "stopping"
    told = AuditEntry.objects.of(verdier.brand).filter(what__in=("release_changed", "released"))
    assert {each.user for each in told} == {verdier.people["agent"]}


def test_a_page_is_read_again_where_somebody_chose_otherwise_meanwhile(verdier: House) -> None:
    agent = Program(verdier.people["agent"])
    _draft, release = drafted(verdier, agent)
    begun = agent.get(f"{release}/people?limit=3")
    made = Release.objects.of(verdier.brand).get()
    made.choose(verdier.people["owner"], [made.parts.order_by("pk")[0].pk], [])
    assert problem(agent.ask("GET", begun["next"].removeprefix("http://testserver"))) == "not-seen"


def test_what_cannot_be_chosen_is_refused_with_its_place(verdier: House) -> None:
    agent = Program(verdier.people["agent"])
    _draft, release = drafted(verdier, agent)
    made = Release.objects.of(verdier.brand).get()
    part = made.parts.order_by("pk")[0]
    for body, place in (
        ({"tick": [part.thread_id + 1000]}, "tick"),
        ({"untick": [part.thread_id + 1000]}, "untick"),
        ({"tick": [part.thread_id], "untick": [part.thread_id]}, "tick"),
    ):
        assert agent.ask("PUT", f"{release}/choice", body).json()["errors"][0]["at"] == place
    made.parts.filter(pk=part.pk).update(why=["twice"], chosen=False)
    assert problem(agent.ask("PUT", f"{release}/choice", {"tick": [part.thread_id]})) == "invalid"
    everybody = [each.thread_id for each in made.parts.all()]
    assert agent.ask("PUT", f"{release}/choice", {"untick": everybody}).status_code == 200
    nobody = agent.ask("POST", f"{release}/departure", {"version": looked(agent, release)})
    assert problem(nobody) == "cannot-answer"
    assert not Reply.objects.exists()


def test_rights_and_walls(verdier: House) -> None:
    agent = Program(verdier.people["agent"])
    _draft, release = drafted(verdier, agent)
    version = looked(agent, release)
    reader = Program(verdier.people["reader"])
    assert looked(reader, release) == version
    reads = Program(verdier.people["agent"], ["threads:read"])
    stranger = Program(verdier.stranger)
    for who, kind in ((reader, "role-too-low"), (reads, "scope-missing"), (stranger, "not-found")):
        assert problem(who.ask("POST", f"{release}/departure", {"version": version})) == kind
        assert problem(who.ask("PUT", f"{release}/choice", {})) == kind
        assert problem(who.ask("DELETE", release)) == kind
    for there in (f"{BRAND}clusters/{cluster(verdier).pk}/people", f"{BRAND}releases", f"{release}/people"):
        assert problem(stranger.ask("GET", there)) == "not-found"
    other = house("lebrun")
    theirs = Program(other.people["owner"])
    assert problem(theirs.ask("GET", f"{release}/people".replace("verdier", "lebrun"))) == "not-found"
    assert theirs.all("brands/lebrun/releases") == []
    Release.objects.of(verdier.brand).update(by=None)
    assert problem(agent.ask("POST", f"{release}/departure", {"version": version})) == "too-late"
    assert not Reply.objects.exists()


def test_lists_ask_as_much_for_many_as_for_few(verdier: House) -> None:
    agent = Program(verdier.people["agent"])
    _draft, release = drafted(verdier, agent)
    pages = [f"{BRAND}clusters/{cluster(verdier).pk}/people", f"{release}/people", f"{BRAND}releases"]
    few = []
    for there in pages:
        agent.get(there)
        with CaptureQueriesContext(connection) as asked:
            agent.get(there)
        few.append(len(asked))
    ask(verdier, 20, first=100)
    again = prepare(verdier)
    pages[1] = f"{BRAND}releases/{again.pk}/people"
    for there, most in zip(pages, few, strict=True):
        with CaptureQueriesContext(connection) as asked:
            agent.get(there)
        assert len(asked) <= most


def test_the_page_shows_whoever_would_get_an_answer_before_whoever_is_left_out(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "LAST", 1)
    made = prepare(verdier)
    odd = list(made.parts.exclude(why=[]).order_by("pk"))
    made.choose(verdier.people["agent"], [each.pk for each in odd], [odd[1].pk])
    shown = browser(verdier.people["agent"]).get(f"/b/verdier/surge/releases/{made.pk}/").content.decode()
    assert f'id="part-{odd[1].pk}" checked' in shown
    assert f'id="part-{odd[0].pk}"' not in shown
    assert "1 more is left out and not shown." in shown
