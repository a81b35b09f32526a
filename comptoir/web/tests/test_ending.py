"""Access agreed for a time ends at that moment, everywhere, and who speaks for whom is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.organisation import ending, leaving
from comptoir.organisation.jobs import end_access, warn_of_ends
from comptoir.organisation.models import (
    AuditEntry,
    Brand,
    Departure,
    Invitation,
    JoinRequest,
    Membership,
    Notice,
    Role,
    User,
)
from comptoir.organisation.models.terms import Terms
from comptoir.organisation.tests.programs import Program

pytestmark = pytest.mark.django_db
AGENCY = "Agence X"


@pytest.fixture
def verdier() -> House:
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def member(verdier: House, role: str = "agent") -> Membership:
    return Membership.objects.get(brand=verdier.brand, user=verdier.people[role])


def agreed(verdier: House, role: str = "agent", **terms: Any) -> Membership:
    """A member with terms: until tomorrow, for an agency."""
    found = member(verdier, role)
    usual = Terms(clock.now() + timedelta(days=1), AGENCY)
    found.agree(replace(usual, **terms), verdier.people["owner"])
    return found


def test_the_door_shuts_at_the_moment_whatever_the_job_did(verdier: House) -> None:
    agreed(verdier)
    client = browser(verdier.people["agent"])
    program = Program(verdier.people["agent"])
    assert client.get(verdier.url()).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
        page = client.get(verdier.url())
        assert page.status_code == 404
        assert "Your access to Maison Verdier was agreed for a time, and that is over." in body(page)
        assert client.get("/live-token/").json()["brands"] == []
        assert "Maison Verdier" not in body(client.get("/"))
        refused = program.ask("GET", "brands/verdier/threads")
        assert (refused.status_code, refused.json()["type"]) == (403, "/api/docs#access-ended")
        assert program.get("brands")["items"] == []
        assert not verdier.brand.answerers().filter(pk=verdier.people["agent"].pk).exists()
        assert not Brand.objects.seen_by(verdier.people["agent"]).exists()


def test_the_job_ends_the_rest_as_leaving_does(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = verdier.people["agent"]
    agreed(verdier)
    key = Program(agent, brand=verdier.brand)
    client = browser(agent)
    ended: list[Any] = []
    monkeypatch.setattr(leaving, "revoke", lambda *whose: ended.append(whose))
    end_access.func(0)
    assert Membership.objects.filter(user=agent).exists()
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
        # A token for this brand alone opens nothing from the first second on.
        assert key.ask("GET", "brands").status_code == 401
        for _twice in range(2):
            end_access.func(0)
        assert not Membership.objects.filter(user=agent).exists()
        assert ended == [(agent.pk, verdier.brand.pk), (agent.pk,)], (
            "the live stream of an open page is closed"
        )
        left = Departure.objects.get(user=agent)
        assert (left.over, left.by, left.role) == (True, None, "agent")
        assert not agent.api_tokens.exists()
        assert key.ask("GET", "brands").status_code == 401
        page = client.get(verdier.url(), follow=True)
        assert "was agreed for a time, and that is over" in body(page)
    entry = AuditEntry.objects.of(verdier.brand).get(what="member_expired")
    assert (entry.user, entry.facts["member"]) == (None, "Agent")
    assert not AuditEntry.objects.of(verdier.brand).filter(what="member_dismissed").exists()


def test_of_several_brands_only_the_one_that_is_over_closes(verdier: House) -> None:
    agent = verdier.people["agent"]
    other = verdier.stranger.memberships.get().brand
    other.admit(agent, "agent")
    agreed(verdier)
    program = Program(agent)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        for _before_and_after in range(2):
            client = browser(agent)
            page = client.get("/", follow=True)
            assert page.redirect_chain[-1][0] == "/b/not-verdier/threads/", (
                "one brand is left: straight to it"
            )
            assert "Maison Verdier" not in body(page)
            assert client.get(verdier.url()).status_code == 404
            assert client.get("/live-token/").json()["brands"] == [other.pk]
            assert program.ask("GET", "brands/verdier/threads").status_code == 403
            assert [each["slug"] for each in program.get("brands")["items"]] == ["not-verdier"]
            end_access.func(0)


def test_the_stream_lives_no_longer_than_the_access(verdier: House) -> None:
    agreed(verdier, until=clock.now() + timedelta(seconds=90))
    assert 80 <= browser(verdier.people["agent"]).get("/live-token/").json()["seconds"] <= 90


def test_owners_and_the_person_hear_of_it_once(verdier: House) -> None:
    found = agreed(verdier, until=clock.now() + timedelta(days=9))
    warn_of_ends.func(0)
    assert not Notice.objects.of(verdier.brand).exists()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        for _hour in range(2):
            warn_of_ends.func(0)
        told = Notice.objects.of(verdier.brand).order_by("code")
        assert [(each.code, each.to) for each in told] == [
            ("access_ending", None),
            ("own_access_ending", verdier.people["agent"]),
        ]
        assert "The access of Agent (Agence X) ends on" in body(
            browser(verdier.people["owner"]).get(verdier.url())
        )
        assert "The access of" not in body(browser(verdier.people["reader"]).get(verdier.url()))
        found.agree(
            Terms(found.until + timedelta(days=90) if found.until else None, AGENCY), verdier.people["owner"]
        )
        assert not told.filter(settled_at=None).exists(), "made longer, nobody has to hear of it"
        warn_of_ends.func(0)
        assert not told.filter(settled_at=None).exists()


def test_who_comes_back_begins_anew(verdier: House) -> None:
    agreed(verdier)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        again = Invitation.make(verdier.brand, "agent@verdier.example", "reader", verdier.people["owner"])
        again.link(mailed=False)
        back = again.accept(verdier.people["agent"])
        assert (back.role, back.terms) == ("reader", Terms())
        assert browser(verdier.people["agent"]).get(verdier.url()).status_code == 200


def test_nobody_gives_more_than_they_have(verdier: House) -> None:
    boss = verdier.people["manager"]
    own = agreed(verdier, "manager").terms
    long = Terms(clock.now() + timedelta(days=400))
    made = Invitation.make(verdier.brand, "new@elsewhere.example", "agent", boss, long)
    assert made.terms == own
    asker = User.objects.create_user("asks@company.example")
    JoinRequest.ask(asker, verdier.brand)
    let_in = JoinRequest.objects.of(verdier.brand).get().approve("agent", boss)
    assert let_in is not None
    assert let_in.terms == own


def test_an_owner_has_no_end(verdier: House) -> None:
    with pytest.raises(ValueError, match="owner"):
        agreed(verdier, "owner")
    found = agreed(verdier)
    verdier.brand.admit(verdier.people["agent"], Role.OWNER)
    found.refresh_from_db()
    assert (found.role, found.until, found.on_behalf_of) == ("owner", None, AGENCY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=found.pk).update(until=clock.now())


def test_who_speaks_for_whom_is_said_and_stays(verdier: House) -> None:
    hear(verdier.channel, [said("m1", "Is anybody there?")])
    agent, thread = verdier.people["agent"], verdier.thread()
    agreed(verdier)
    client = browser(agent)
    client.post(verdier.url(f"{thread.pk}/replies/"), {"text": "Here we are.", "key": "a" * 32, "seen": "0"})
    client.post(verdier.url(f"{thread.pk}/notes/"), {"text": "I answered."})
    entries = AuditEntry.objects.of(verdier.brand).filter(what__in=["replied", "noted"])
    assert {each.who for each in entries} == {"Agent (Agence X)"}
    owner = Program(verdier.people["owner"])
    place = f"brands/verdier/threads/{thread.pk}"
    assert owner.get(f"{place}/replies")["items"][0]["on_behalf_of"] == AGENCY
    assert owner.get(f"{place}/notes")["items"][0]["on_behalf_of"] == AGENCY
    shown = {each["name"]: each for each in owner.get("brands/verdier/people")["items"]}
    assert shown["Agent"]["on_behalf_of"] == AGENCY
    assert shown["Agent"]["until"] is not None
    assert (shown["Owner"]["on_behalf_of"], shown["Owner"]["until"]) == ("", None)
    verdier.brand.dismiss(agent)
    page = body(browser(verdier.people["owner"]).get(verdier.url(f"{thread.pk}/")))
    assert page.count("Agent, Agence X") == 2, "beside the answer and the note, also after she left"


def test_a_day_ends_by_the_brands_clock(verdier: House) -> None:
    verdier.brand.time_zone = "Pacific/Auckland"
    zone = verdier.brand.zone
    end = clock.end_of(datetime(2026, 11, 30, tzinfo=UTC).date(), zone)
    assert end == datetime(2026, 11, 30, 11, tzinfo=UTC)
    assert str(clock.last_day_before(end, zone)) == "2026-11-30"


def test_ending_is_done_a_person_at_a_time(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(verdier)
    agreed(verdier, "reader")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert ending.end() == 2
    assert Departure.objects.filter(over=True).count() == 2
