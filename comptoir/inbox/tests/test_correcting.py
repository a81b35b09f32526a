"""What people say of a message of a thread counts there, is undone, and marks what it says in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comptoir.inbox import jobs
from comptoir.inbox.hearing import read_last_words
from comptoir.inbox.models import Thread
from comptoir.inbox.models.heard import last_heard
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.networks.models import Activity, Channel, Correction
from comptoir.organisation.models import ApiToken, Membership
from comptoir.organisation.models.terms import Terms
from comptoir.organisation.tests.programs import Program
from comptoir.reading.query import parse

pytestmark = pytest.mark.django_db
HEAP = " ".join(f"#teapot{n}" for n in range(14)) + " cheap"


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    hear(made.channel, [said("m1", "The teapot is sick")])
    read_last_words([made.thread().pk])
    return made


def at(house: House, rest: str = "") -> str:
    return f"/b/{house.brand.slug}/threads/{house.thread().pk}/{rest}"


def test_tone_and_language_of_a_message_are_corrected_and_it_is_undone(verdier: House) -> None:
    agent = browser(verdier.people["agent"])
    first, before = verdier.thread(), verdier.thread().tone
    wanted = "positive" if before != "positive" else "negative"
    entry = verdier.thread().entries.get()
    here = at(verdier, f"messages/{entry.pk}/corrections/")
    assert browser(verdier.people["reader"]).post(here, {"as": f"tone:{wanted}"}).status_code == 403
    assert agent.post(here, {"as": f"tone:{wanted}"}).status_code == 302
    agent.post(here, {"as": "language:de"})
    assert (verdier.thread().tone, verdier.thread().language) == (wanted, "de")
    read_last_words([verdier.thread().pk])
    assert (verdier.thread().tone, verdier.thread().language) == (wanted, "de")
    hear(verdier.channel, [said("m2", "RT @x: the teapot is sick!", by=2)])
    copy = Thread.objects.of(verdier.brand).exclude(pk=verdier.thread().pk).get()
    read_last_words([copy.pk])
    copy.refresh_from_db()
    assert copy.tone == wanted, "its copies are read so as well"
    undone = f"/b/{verdier.brand.slug}/threads/{first.pk}/corrections/"
    for correction in Correction.objects.of(verdier.brand):
        assert agent.post(f"{undone}{correction.pk}/withdrawal/").status_code == 302
        jobs.corrected.func(brand_id=verdier.brand.pk, activity_id=correction.activity_id)
    first.refresh_from_db()
    assert first.tone == before
    assert agent.post(here, {"as": "tone:splendid"}).status_code == 400


def test_what_looks_like_spam_is_proposed_until_somebody_says_otherwise(verdier: House) -> None:
    hear(verdier.channel, [said("m3", HEAP, minutes_ago=1, in_reply_to="m1")])
    agent = browser(verdier.people["agent"])
    assert "Looks like spam" in agent.get(at(verdier)).content.decode()
    entry = verdier.thread().entries.get(activity__remote_id="m3")
    agent.post(at(verdier, f"messages/{entry.pk}/corrections/"), {"as": "spam:ham"})
    assert "Looks like spam" not in agent.get(at(verdier)).content.decode()
    found = agent.get(f"/b/{verdier.brand.slug}/threads/", {"q": "is:spam", "show": "all"}).content.decode()
    assert f"/threads/{verdier.thread().pk}/" not in found


def searched(house: House, query: str) -> bool:
    """Whether a search finds the thread."""
    page = browser(house.people["agent"]).get(f"/b/{house.brand.slug}/threads/", {"q": query, "show": "all"})
    return f"/threads/{house.thread().pk}/" in page.content.decode()


def test_searches_and_rules_know_what_was_corrected_and_what_is_like_it(verdier: House) -> None:
    hear(verdier.channel, [said("m2", "The kettle is fine", minutes_ago=1, in_reply_to="m1")])
    read_last_words([verdier.thread().pk])
    first = verdier.thread().entries.get(activity__remote_id="m1").activity
    agent, zone = verdier.people["agent"], verdier.brand.zone
    assert not searched(verdier, "teapot is:spam")
    assert not searched(verdier, "teapot lang:de")
    for what, value in (("spam", "spam"), ("language", "de"), ("tone", "negative")):
        Correction.make(verdier.brand, first, agent, what, value)
    for query in ("is:spam", "lang:de", "sentiment:negative"):
        assert searched(verdier, f"teapot {query}"), query
        assert not searched(verdier, f"kettle {query}"), "of the message itself, not of its thread"
    hear(verdier.channel, [said("m3", "RT @x: the teapot is sick", by=2)])
    asked = parse("teapot is:spam lang:de sentiment:negative")
    heard = {each.activity: asked.matches(each.document) for each in last_heard(verdier.brand.pk, zone)}
    copy = Activity.objects.of(verdier.brand).get(remote_id="m3")
    assert heard == {
        first.pk: True,
        copy.pk: True,
        **{pk: False for pk in heard if pk not in (first.pk, copy.pk)},
    }
    for each in Correction.objects.of(verdier.brand):
        each.undo(agent)
    assert not searched(verdier, "teapot is:spam")
    assert not searched(verdier, "teapot lang:de")


def test_hate_is_marked_in_a_word(verdier: House) -> None:
    other = verdier.thread()
    hear(
        verdier.channel, [said("m4", "Sale arabe, rentre dans ton pays, race de merde", by=4, language="fr")]
    )
    thread = Thread.objects.of(verdier.brand).get(entries__activity__remote_id="m4")
    read_last_words([thread.pk])
    thread.refresh_from_db()
    assert thread.toxic
    agent = browser(verdier.people["agent"])
    assert "Hateful" in agent.get(f"/b/{verdier.brand.slug}/threads/", {"show": "all"}).content.decode()
    page = agent.get(f"/b/{verdier.brand.slug}/threads/", {"q": "is:toxic", "show": "all"}).content.decode()
    assert f"/threads/{thread.pk}/" in page
    assert f"/threads/{other.pk}/" not in page


def test_programs_correct_messages(verdier: House) -> None:
    _token, secret = ApiToken.make(verdier.people["agent"], "mine", ["threads:read", "threads:write"])
    client = Client(headers={"authorization": f"Bearer {secret}"})
    here = f"/api/v1/brands/{verdier.brand.slug}/threads/{verdier.thread().pk}/corrections"
    given: dict[str, Any] = {
        "message": verdier.thread().entries.get().pk,
        "what": "tone",
        "value": "negative",
    }
    made = client.post(here, given, "application/json")
    assert (made.status_code, verdier.thread().tone) == (201, "negative")
    assert client.post(here, given | {"value": "odd"}, "application/json").status_code == 422
    assert client.delete(f"{here}/{made.json()['id']}").status_code == 204
    assert client.delete(f"{here}/999999").status_code == 404


def test_programs_see_how_messages_are_read_and_what_people_said(verdier: House) -> None:
    hear(verdier.channel, [said("m2", f"{HEAP} where do I get one?", minutes_ago=1, in_reply_to="m1")])
    agent = Program(verdier.people["agent"])
    here = f"brands/verdier/threads/{verdier.thread().pk}/messages"
    heap, sick = agent.get(here)["items"]
    assert (heap["spam"], heap["toxic"], heap["asks"], sick["spam"]) == (True, False, True, False)
    entry = verdier.thread().entries.get(activity__remote_id="m2")
    for what, value in (("spam", "ham"), ("tone", "positive"), ("language", "de")):
        made = Correction.make(verdier.brand, entry.activity, verdier.people["agent"], what, value)
    heap = agent.get(f"{here}/{entry.pk}")
    assert (heap["spam"], heap["tone"], heap["language"]) == (False, "positive", "de")
    all_of_them = agent.get("brands/verdier/corrections?limit=2")
    first, _second = all_of_them["items"]
    assert (first["id"], first["what"], first["value"], first["remote_id"]) == (
        made.pk,
        "language",
        "de",
        "m2",
    )
    assert (first["messages"], first["mentions"]) == (
        [{"thread": verdier.thread().pk, "message": entry.pk}], [],
    )  # fmt: skip
    cursor = all_of_them["next"].partition("cursor=")[2]
    (last,) = agent.get(f"brands/verdier/corrections?limit=2&cursor={cursor}")["items"]
    assert (last["what"], last["undone"]) == ("spam", None)
    made.undo(verdier.people["agent"])
    assert [each["what"] for each in agent.get("brands/verdier/corrections")["items"]] == ["tone", "spam"]
    assert agent.get("brands/verdier/corrections?undone=true&what=language")["items"][0]["undone"]


def test_who_is_given_other_channels_sees_no_correction_of_this_one(verdier: House) -> None:
    first = verdier.channel
    other = Channel.objects.create(
        brand=verdier.brand, network=first.network, remote_id="second", handle="@second", settings=first.settings,
        next_fetch=first.next_fetch, next_recheck=first.next_recheck, history_done=True,
    )  # fmt: skip
    hear(other, [said("o1", "Another teapot", by=5)])
    for each in Activity.objects.of(verdier.brand):
        Correction.make(verdier.brand, each, verdier.people["manager"], "tone", "negative")
    member = Membership.objects.get(brand=verdier.brand, user=verdier.people["agent"])
    member.agree(Terms(channels=(other.pk,)), verdier.people["owner"])
    listed = Program(verdier.people["agent"]).get("brands/verdier/corrections")["items"]
    assert [each["remote_id"] for each in listed] == ["o1"]
    assert len(Program(verdier.people["manager"]).get("brands/verdier/corrections")["items"]) == 2
    stranger = house("stranger")
    assert Program(stranger.people["owner"]).ask("GET", "brands/verdier/corrections").status_code == 404
