"""Sources for programs: each is added, read, switched and removed, within the brand, and what is wrong is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from comptoir.inbox.tests.building import House, house
from comptoir.kernel import clock
from comptoir.listening import jobs
from comptoir.listening.models import Query, Source
from comptoir.networks.connector import Place
from comptoir.networks.models import Channel
from comptoir.networks.outside import http
from comptoir.organisation.models import AuditEntry, Notice
from comptoir.organisation.models.webhook import Webhook, WebhookCall
from comptoir.organisation.tests.programs import Program, problem
from tests.servers.jetstream import JetstreamStandIn, jetstream_stand_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def verdier() -> House:
    return house("verdier")


@pytest.fixture
def stream() -> Iterator[JetstreamStandIn]:
    with jetstream_stand_in() as server, override_settings(INSIDE_ALLOWED=frozenset([server.address])):
        http.cache_clear()
        yield server
    http.cache_clear()


def test_a_program_adds_reads_switches_and_removes(verdier: House, stream: JetstreamStandIn) -> None:
    program, here = Program(verdier.people["manager"]), "brands/verdier/sources"
    kinds = {each["at"]: each for each in program.get(f"{here}/kinds")["items"]}
    assert {"bluesky", "feed", "mastodon"} <= set(kinds)
    stream_asked = next(each for each in kinds["bluesky"]["questions"] if each["name"] == "stream")
    assert "jetstream" in {each["value"] for each in stream_asked["choices"]}
    given = {"at": "bluesky", "answers": {"stream": "jetstream", "service": stream.url}}
    made = program.ask("POST", here, given)
    assert made.status_code == 201, made.content
    there = f"{here}/{made.json()['id']}"
    assert [each["how"] for each in program.get(here)["items"]] == ["new"]
    again = program.ask("POST", here, given)
    assert (again.status_code, again.json()["errors"][0]["at"]) == (422, "at")
    assert program.ask("PUT", there, {"on": False}).json()["how"] == "off"
    assert program.ask("PUT", there, {"on": True}).json()["how"] == "new"
    assert program.ask("DELETE", there).status_code == 204
    assert problem(program.ask("GET", there)) == "not-found"
    codes = AuditEntry.objects.of(verdier.brand).filter(what__startswith="source_").order_by("pk")
    assert list(codes.values_list("what", flat=True)) == [
        "source_made", "source_off", "source_on", "source_removed",
    ]  # fmt: skip


def test_what_is_wrong_is_said_where_it_is(verdier: House, stream: JetstreamStandIn) -> None:
    program, here = Program(verdier.people["manager"]), "brands/verdier/sources"

    def wrong(at: str, **answers: str) -> str:
        answer = program.ask("POST", here, {"at": at, "answers": answers})
        assert answer.status_code == 422, answer.content
        return str(answer.json()["errors"][0]["at"])

    assert wrong("nowhere") == "at"
    assert wrong("bluesky", stream="smoke") == "answers.stream"
    assert wrong("bluesky", colour="red") == "answers.colour"
    assert wrong("feed") == "answers.address"
    assert wrong("feed", address="x" * 3_000) == "answers.address"
    assert wrong("feed", address="http://127.0.0.1:9/feed")
    assert not Source.objects.of(verdier.brand).exists()


def test_only_managers_write_and_strangers_find_nothing(verdier: House) -> None:
    place = Place("https://a.example/feed", "A", {"address": "https://a.example/feed"})
    made = Source.listen(verdier.brand, verdier.people["manager"], "feed", place)
    there = f"brands/verdier/sources/{made.pk}"
    reader = Program(verdier.people["reader"])
    assert reader.get(there)["name"] == "A"
    for method, path, given in (
        ("PUT", there, {"on": False}), ("DELETE", there, None), ("POST", f"{there}/past", None),
        ("POST", "brands/verdier/sources", {"at": "feed"}),
    ):  # fmt: skip
        assert problem(reader.ask(method, path, given)) == "role-too-low"
    scoped = Program(verdier.people["manager"], ["threads:read"])
    assert problem(scoped.ask("PUT", there, {"on": False})) == "scope-missing"
    other = Program(house("stranger").people["manager"])
    assert problem(other.ask("GET", there)) == "not-found"
    assert problem(other.ask("DELETE", f"brands/stranger/sources/{made.pk}")) == "not-found"
    manager = Program(verdier.people["manager"])
    assert manager.ask("POST", f"{there}/past").status_code == 422


def test_who_is_back_is_told_once_all_is_well_and_the_notice_goes(verdier: House) -> None:
    place = Place("https://a.example/feed", "A", {"address": "https://a.example/feed"})
    Source.listen(verdier.brand, verdier.people["manager"], "feed", place)
    Webhook.make(verdier.brand, "https://example.org/hook", ["source.back"], verdier.people["owner"])

    def now(**changes: object) -> list[list[str]]:
        Source.objects.of(verdier.brand).update(**changes)
        jobs.mind_sources(0)
        return [each.data["was"] for each in WebhookCall.objects.of(verdier.brand).order_by("pk")]

    ago = clock.now() - timedelta(minutes=20)
    assert now(failures=3, code="unreachable", alive_at=ago) == []
    assert Notice.objects.of(verdier.brand).filter(settled_at=None).count() == 1
    assert now(failures=0, alive_at=clock.now(), heard_at=clock.now(), upto=ago) == [], "it is behind now"
    assert now(upto=clock.now()) == [["source_behind"]]
    assert not Notice.objects.of(verdier.brand).filter(settled_at=None).exists()
    assert now(upto=clock.now()) == [["source_behind"]], "once"
    assert now(failures=3, alive_at=ago) == [["source_behind"]]


def test_how_far_a_query_is_heard_is_said_place_by_place(verdier: House) -> None:
    manager = verdier.people["manager"]
    query = Query.make(verdier.brand, manager, "Tea", "brown AND (teapot OR kettle) NOT lamp")
    place = Place("https://a.example/feed", "A feed", {"address": "https://a.example/feed"})
    feed = Source.listen(verdier.brand, manager, "feed", place)
    stream = Source.listen(verdier.brand, manager, "bluesky", Place("jetstream", "A stream", {}))
    Source.listen(verdier.brand, manager, "bluesky", Place("jetstream2", "Off", {})).switch(False)
    account = Channel.objects.create(
        brand=verdier.brand, network="bluesky", remote_id="did:plc:us", handle="us.test"
    )
    program, there = Program(manager), f"brands/verdier/queries/{query.pk}/coverage"
    found = program.get(there)
    assert {each["source"]: each["reach"] for each in found["heard"]} == {
        feed.pk: "site",
        stream.pk: "network",
    }
    (searching,) = found["searching"]
    assert (searching["channel"], searching["whole"], searching["since"]) == (account.pk, False, None)
    assert searching["missing"] == ["kettle brown", "teapot brown"]
    assert searching["beyond"] == [{"why": "without", "text": "NOT lamp"}]
    source = Source.search(account, manager, "kettle")
    (searching,) = program.get(there)["searching"]
    assert (searching["missing"], searching["sources"]) == (["teapot brown"], [source.pk])
    browser = Client()
    browser.force_login(manager)
    here = f"/b/verdier/listening/queries/{query.pk}/coverage/"
    page = browser.get(here).content.decode()
    for words in ("A feed", "A stream", "NOT lamp", "In part", "teapot brown", "what this site publishes"):
        assert words in page
    more = f"/b/verdier/listening/sources/new/?at=search&account={account.pk}&words=teapot%20brown"
    assert more.replace("&", "&amp;") in page
    assert 'value="teapot brown"' in browser.get(more).content.decode()
    Source.search(account, manager, "brown")
    assert program.get(there)["searching"][0]["whole"]
    assert "Covered" in browser.get(here).content.decode()
    browser.force_login(house("stranger").people["manager"])
    assert browser.get(here).status_code == 404
