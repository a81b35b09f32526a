"""Blocking and reporting where no healthy network can be made to say it: lost answers, old grants, hidden messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.connectors.bluesky import Bluesky
from comptoir.connectors.mastodon import Mastodon
from comptoir.connectors.mastodon.instance import instance_of
from comptoir.kernel.http import Outside
from comptoir.networks.connector import Activity, Actor, Gone, Reconnect, Refused, TryLater, Unanswered
from tests.contract.canned import Canned, canned
from tests.contract.harness import Grant, told_of
from tests.contract.instance import ANN, NOW, STATUSES, TO, V2, connector_at, settings, sick_instance, status
from tests.contract.rehearsal import RehearsalHarness
from tests.contract.test_bluesky_errors import token

WHO = Actor(str(ANN["uri"]), "ann@there.example")
LOOKUP = "/api/v1/accounts/lookup"
BLOCK = "/api/v1/accounts/9/block"
REPORTS = "/api/v1/reports"
DID = "did:plc:ann"


@pytest.fixture
def sick() -> Iterator[Canned]:
    with sick_instance() as server:
        server.say(LOOKUP, ANN)
        server.say(BLOCK, {"blocking": True})
        server.say(f"{STATUSES}/5", status(5))
        yield server


@pytest.fixture
def mastodon(sick: Canned) -> Iterator[Mastodon]:
    with connector_at(sick) as made:
        yield made


def test_mastodon_blocks_whom_it_surely_knows(sick: Canned, mastodon: Mastodon) -> None:
    mastodon.block(WHO, "key", NOW)
    assert sick.asked[-2:] == [LOOKUP, BLOCK]
    somebody_else = {**ANN, "uri": "https://there.example/users/other", "url": "https://there.example/@other"}
    sick.say(LOOKUP, somebody_else)
    with pytest.raises(Refused) as refusal:
        mastodon.block(WHO, "key", NOW)
    assert refusal.value.code == "person_gone"
    sick.say(LOOKUP, {"error": "Record not found"}, 404)
    sick.say("/api/v2/search", {"accounts": [somebody_else, ANN]})
    mastodon.block(WHO, "key", NOW)
    assert sick.asked[-1] == BLOCK
    sick.say(BLOCK, {"error": "Record not found"}, 404)
    with pytest.raises(Refused) as refusal:
        mastodon.block(WHO, "key", NOW)
    assert refusal.value.code == "server_cannot"


def test_a_grant_from_before_is_no_lost_grant(sick: Canned, mastodon: Mastodon) -> None:
    said = {"error": "This action is outside the authorized scopes"}
    sick.say(BLOCK, said, 403)
    sick.say(REPORTS, said, 403)
    for act in (
        lambda: mastodon.block(WHO, "key", NOW),
        lambda: mastodon.report(WHO, None, "spam", ""),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "not_granted"
    sick.say(BLOCK, {"error": "The access token was revoked"}, 401)
    with pytest.raises(Reconnect):
        mastodon.block(WHO, "key", NOW)


def test_mastodon_reports_against_the_instances_own_rules(sick: Canned, mastodon: Mastodon) -> None:
    sick.say(REPORTS, {"id": "77"})
    rules = [{"id": "3", "text": "Be kind"}, {"id": "4"}, "nonsense", {"id": "5", "text": " "}]
    sick.say(V2, {"version": "4.5.0", "domain": "here.example", "rules": rules})
    kept = instance_of(mastodon._session)
    mastodon.settings = settings(sick, **kept, options={"reports": "both"})
    grounds = {each.code: each.label for each in mastodon.grounds()}
    assert grounds["rule:3"] == "Be kind"
    assert list(grounds) == ["spam", "legal", "rule:3", "other"]
    mastodon._facts = lambda uris: {uri: {"id": "5", "at": sick.address} for uri in uris}
    sick.say(STATUSES, [status(5)])
    assert mastodon.report(WHO, TO, "rule:3", "Look.") == "77"
    assert json.loads(sick.told[-1][2]) == {
        "comment": "Look.", "forward": True, "category": "violation", "rule_ids": ["3"], "account_id": "9",
        "status_ids": ["5"],
    }  # fmt: skip
    mastodon.settings = settings(sick, software="snac")
    assert list(mastodon.grounds()) == []


def test_a_report_whose_answer_is_lost_stays_in_doubt(sick: Canned, mastodon: Mastodon) -> None:
    for status_code in (500, 502, 504):
        sick.say(REPORTS, b"", status_code)
        with pytest.raises(Unanswered):
            mastodon.report(WHO, None, "spam", "")
    sick.say(REPORTS, {"error": "Too many requests"}, 429)
    with pytest.raises(TryLater):
        mastodon.report(WHO, None, "spam", "")


def test_what_a_list_hides_is_asked_for_alone_before_it_counts_as_gone(
    sick: Canned, mastodon: Mastodon
) -> None:
    """Mastodon leaves those whom an account blocks or mutes out of lists, and shows what is asked for alone."""
    sick.say(STATUSES, [])
    mastodon._facts = lambda uris: {uri: {"id": "5", "at": sick.address} for uri in uris}
    assert told_of(mastodon.recheck([TO.remote_id])) == []
    sick.say(f"{STATUSES}/5", {"error": "Record not found"}, 404)
    assert told_of(mastodon.recheck([TO.remote_id])) == [Gone(TO.remote_id)]


@pytest.fixture
def bluesky() -> Iterator[tuple[Canned, Bluesky]]:
    with canned() as server, Outside(frozenset([server.address])) as http:
        client: Any = http
        grant = Grant(
            {"did": "did:plc:brand", "pds": server.url, "access": token(3600), "refresh": token(9999)}
        )
        yield server, Bluesky(client, grant, {"service": server.url}, Actor("did:plc:brand", "brand.test"))


def test_bluesky_writes_a_block_once_and_next_to_what_took_its_key(bluesky: tuple[Canned, Bluesky]) -> None:
    server, connector = bluesky
    who, at = Actor(DID, "ann.test"), datetime(2026, 11, 20, tzinfo=UTC)
    server.say("com.atproto.repo.putRecord", {"error": "InvalidSwap"}, 400)
    server.say("com.atproto.repo.getRecord", {"value": {"subject": DID}})
    connector.block(who, "key", at)
    assert server.asked.count("com.atproto.repo.putRecord") == 1, "it stands there already"
    server.say("com.atproto.repo.getRecord", {"value": {"subject": "did:plc:other"}})
    with pytest.raises(Refused) as refusal:
        connector.block(who, "key", at)
    assert refusal.value.code == "key_taken"
    keys = {json.loads(body)["rkey"] for method, _, body in server.told if method.endswith("putRecord")}
    assert len(keys) == 4


def test_bluesky_ends_every_block_of_somebody_and_no_other(bluesky: tuple[Canned, Bluesky]) -> None:
    server, connector = bluesky
    rows = [("a", DID), ("b", "did:plc:other"), ("c", DID)]
    server.say(
        "com.atproto.repo.listRecords",
        {"records": [{"uri": f"at://did:plc:brand/x/{key}", "value": {"subject": did}} for key, did in rows]},
    )
    server.say("com.atproto.repo.deleteRecord", {})
    connector.unblock(Actor(DID, "ann.test"))
    deleted = [json.loads(body)["rkey"] for method, _, body in server.told if method.endswith("deleteRecord")]
    assert deleted == ["a", "c"]


def test_bluesky_reports_in_doubt_stay_in_doubt(bluesky: tuple[Canned, Bluesky]) -> None:
    server, connector = bluesky
    server.say("com.atproto.moderation.createReport", b"", 502)
    with pytest.raises(Unanswered):
        connector.report(Actor(DID, "ann.test"), None, "rude", "")
    message = Activity("at://did:plc:ann/app.bsky.feed.post/1", TO.kind, Actor(DID, "ann.test"), NOW)
    server.say("com.atproto.repo.getRecord", {"error": "RecordNotFound"}, 400)
    with pytest.raises(Refused) as refusal:
        connector.report(Actor(DID, "ann.test"), message, "rude", "")
    assert refusal.value.code == "target_gone"


def test_in_the_town_the_blocked_fall_silent_until_they_are_unblocked() -> None:
    with Outside() as nowhere:
        town: Any = RehearsalHarness(nowhere)
        town.connect()
        town.fetch()
        said: dict[str, int] = {}
        for item in town.heard.values():
            said[item.actor.remote_id] = said.get(item.actor.remote_id, 0) + 1
        loud = max(said, key=lambda name: said[name] if name != town.connected.me.remote_id else 0)
        who = Actor(loud, loud)
        again: Any = RehearsalHarness(nowhere)
        again.connect()
        for _ in range(2):
            again.connector().block(who, "key", NOW)
        again.fetch()
        assert said[loud] > 0
        assert loud not in {item.actor.remote_id for item in again.heard.values()}
        assert len(again.heard) == len(town.heard) - said[loud]
        again.connector().unblock(who)
        again.cursor = None
        again.fetch()
        assert again.heard.keys() == town.heard.keys()
