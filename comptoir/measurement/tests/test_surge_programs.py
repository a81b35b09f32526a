"""Programs read a surge and prepare an answer to many; releasing it stays a person's."""

from __future__ import annotations

import pytest

from comptoir.inbox import jobs
from comptoir.inbox.models import Cluster, Release, Reply
from comptoir.inbox.tests.building import House, house
from comptoir.inbox.tests.test_release import WORDS, ask
from comptoir.organisation.tests.programs import Program

pytestmark = pytest.mark.django_db
BRAND = "/api/v1/brands/verdier/"


@pytest.fixture
def verdier() -> House:
    built = house()
    ask(built)
    return built


def test_a_surge_is_read_and_an_answer_prepared_and_stopped(verdier: House) -> None:
    program = Program(verdier.people["agent"], ["threads:read", "threads:write"])
    found = program.get(f"{BRAND}surge")
    assert (found["waiting"], found["alone"], found["zero"], found["zero_in"]) == (6, 0, "never", None)
    (cluster,) = found["clusters"]
    assert (cluster["waiting"], cluster["new"], cluster["languages"]) == (6, True, ["en"])
    there = f"{BRAND}clusters/{cluster['id']}/releases"
    for texts in ({}, {"en": "{{nobody}}"}, {"en": " "}, {"?": "x"}):
        assert program.ask("POST", there, {"texts": texts}).status_code == 422
    made = program.ask("POST", there, {"texts": WORDS})
    assert made.status_code == 201
    shown = made.json()
    assert (shown["state"], shown["chosen"], shown["answered"]) == ("draft", 6, 0)
    assert shown["url"].endswith(f"/b/verdier/surge/releases/{shown['id']}/")
    assert not Reply.objects.exists()
    release = f"{BRAND}releases/{shown['id']}"
    assert program.ask("DELETE", release).status_code == 409
    Release.objects.of(verdier.brand).get().release(verdier.people["agent"])
    jobs.release.func(release_id=shown["id"])
    assert program.get(release)["answered"] == 6
    assert program.ask("DELETE", release).status_code == 202
    jobs.release.func(release_id=shown["id"])
    assert program.get(release)["state"] == "stopped"


def test_rights(verdier: House) -> None:
    there = f"{BRAND}clusters/{Cluster.objects.of(verdier.brand).get().pk}/releases"
    reader = Program(verdier.people["reader"], ["threads:read", "threads:write"])
    assert reader.ask("GET", f"{BRAND}surge").status_code == 200
    assert reader.ask("POST", there, {"texts": WORDS}).status_code == 403
    stranger = Program(verdier.stranger, ["threads:read"])
    assert stranger.ask("GET", f"{BRAND}surge").status_code == 404
    agent = Program(verdier.people["agent"], ["threads:write"])
    assert agent.ask("POST", f"{BRAND}clusters/999999/releases", {"texts": WORDS}).status_code == 404
    assert not Release.objects.of(verdier.brand).exists()
