"""What is agreed with people, on the page of people: at inviting and later, by whom it may be, and seen by all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from comptoir.inbox.tests.building import House, browser, house
from comptoir.kernel import clock
from comptoir.organisation.models import AuditEntry, Invitation, Membership
from comptoir.organisation.models.terms import Terms

pytestmark = pytest.mark.django_db
PEOPLE = "/b/verdier/people/"
INVITE = "/b/verdier/invitations/"


@pytest.fixture
def verdier() -> House:
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def day(ahead: int) -> str:
    return str(timezone.localdate() + timedelta(days=ahead))


def member(verdier: House, role: str = "agent") -> Membership:
    return Membership.objects.get(brand=verdier.brand, user=verdier.people[role])


def page_of(verdier: House, role: str = "agent") -> str:
    return f"{PEOPLE}{member(verdier, role).pk}/terms/"


def test_an_agencys_person_is_invited_and_comes_under_terms(verdier: House) -> None:
    client = browser(verdier.people["manager"])
    given = {"email": "anna@agence.example", "role": "agent", "on_behalf_of": " Agence  X ", "until": day(30)}
    page = body(client.post(INVITE, given, follow=True))
    assert "speaks for Agence X" in page
    assert "works here until" in page
    made = Invitation.objects.of(verdier.brand).get()
    assert made.terms == Terms(
        clock.end_of(timezone.localdate() + timedelta(days=30), verdier.brand.zone), "Agence X"
    )
    anna = verdier.stranger
    made.link(mailed=False)
    assert made.accept(anna).terms == made.terms
    assert body(browser(verdier.people["reader"]).get(PEOPLE)).count("speaks for Agence X") == 1
    facts = AuditEntry.objects.of(verdier.brand).get(what="member_admitted").facts
    assert facts["company"] == "Agence X"
    assert facts["until"].endswith("+00:00")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"role": "agent", "until": "2001-01-01"}, "This day is over."),
        ({"role": "agent", "until": "9999-12-31"}, "That is too far off"),
        ({"role": "owner", "until": day(3)}, "An owner’s access has no end"),
        ({"role": "agent", "until": "soon"}, "Enter a valid date."),
        ({"role": "agent", "on_behalf_of": "x" * 81}, "at most 80 characters"),
        ({"role": "agent", "reach": "some"}, "Tick one channel at least."),
        ({"role": "agent", "reach": "some", "channels": "999999"}, "Select a valid choice."),
        ({"role": "manager", "reach": "some", "channels": "1"}, "Managers and owners see all channels"),
    ],
)
def test_terms_that_make_no_sense_are_not_kept(verdier: House, given: dict[str, str], words: str) -> None:
    answer = browser(verdier.people["owner"]).post(INVITE, {"email": "a@b.example", **given})
    assert answer.status_code == 422
    assert words in body(answer)
    assert not Invitation.objects.of(verdier.brand).exists()


def test_terms_are_changed_made_longer_and_lifted(verdier: House) -> None:
    client, there = browser(verdier.people["manager"]), page_of(verdier)
    client.post(there, {"on_behalf_of": "Agence X", "until": day(3)})
    client.post(there, {"on_behalf_of": "Agence X", "until": day(30)})
    assert f'value="{day(30)}"' in body(client.get(there))
    assert "Kept." in body(client.post(there, {"on_behalf_of": "", "until": ""}, follow=True))
    client.post(there, {"on_behalf_of": "", "until": ""})
    assert member(verdier).terms == Terms()
    entries = AuditEntry.objects.of(verdier.brand).filter(what="member_terms_settled")
    assert [each.facts.get("company") for each in entries.order_by("pk")] == ["Agence X", "Agence X", None]
    log = body(client.get("/b/verdier/audit/"))
    assert "Manager settled with Agent until when they work here" in log


def test_channels_are_given_at_inviting_and_taken_later(verdier: House) -> None:
    client, channel = browser(verdier.people["manager"]), str(verdier.channel.pk)
    given = {"email": "anna@agence.example", "role": "agent", "reach": "some", "channels": [channel]}
    assert "only on @verdier" in body(client.post(INVITE, given, follow=True))
    made = Invitation.objects.of(verdier.brand).get()
    assert made.terms.channels == (verdier.channel.pk,)
    made.link(mailed=False)
    assert made.accept(verdier.stranger).terms == made.terms
    there = page_of(verdier)
    client.post(there, {"reach": "some", "channels": [channel]})
    assert member(verdier).terms.channels == (verdier.channel.pk,)
    entry = AuditEntry.objects.of(verdier.brand).get(what="member_terms_settled")
    assert entry.facts["channels"].startswith("@verdier (")
    assert body(client.get(there)).count("checked") == 2, "the way, and the channel"
    client.post(there, {"reach": "all", "channels": [channel]})
    assert member(verdier).terms.channels is None


def test_who_becomes_a_manager_sees_all(verdier: House) -> None:
    found = member(verdier)
    found.agree(Terms(channels=(verdier.channel.pk,)), verdier.people["owner"])
    verdier.brand.admit(verdier.people["agent"], "manager")
    found.refresh_from_db()
    assert found.channels is None
    with pytest.raises(ValueError, match="manager"):
        found.agree(Terms(channels=()), verdier.people["owner"])
    assert 'name="channels"' not in body(browser(verdier.people["owner"]).get(page_of(verdier)))


def test_nobody_changes_their_own_nor_those_of_whom_is_above(verdier: House) -> None:
    for role in ("reader", "agent"):
        assert browser(verdier.people[role]).get(page_of(verdier)).status_code == 403
    manager = browser(verdier.people["manager"])
    assert body(manager.get(PEOPLE)).count(">Terms<") == 2
    for above in ("manager", "owner"):
        assert manager.post(page_of(verdier, above), {"until": day(900)}).status_code == 403
    other = Membership.objects.get(user=verdier.stranger)
    assert manager.get(f"{PEOPLE}{other.pk}/terms/").status_code == 404
    owner = browser(verdier.people["owner"])
    assert owner.post(page_of(verdier, "owner"), {"until": day(9)}).status_code == 422
    assert owner.post(page_of(verdier, "owner"), {"on_behalf_of": "The house"}).status_code == 302


def test_who_is_here_for_a_time_gives_no_longer(verdier: House) -> None:
    own = Terms(clock.end_of(timezone.localdate() + timedelta(days=5), verdier.brand.zone), "Agence X")
    member(verdier, "manager").agree(own, verdier.people["owner"])
    client = browser(verdier.people["manager"])
    client.post(page_of(verdier), {"on_behalf_of": "", "until": day(300)})
    client.post(INVITE, {"email": "friend@elsewhere.example", "role": "manager"})
    assert member(verdier).terms == own
    assert Invitation.objects.of(verdier.brand).get().terms == own


def test_the_page_of_people_asks_no_more_for_more_people(
    verdier: House, django_assert_max_num_queries: Any
) -> None:
    until = clock.now() + timedelta(days=9)
    for n in range(8):
        Invitation.make(
            verdier.brand, f"n{n}@agence.example", "agent", verdier.people["owner"], Terms(until, "X")
        )
    members = Membership.objects.filter(brand=verdier.brand)
    members.exclude(role="owner").update(until=until, on_behalf_of="X")
    members.filter(role__in=["reader", "agent"]).update(channels=[verdier.channel.pk])
    client = browser(verdier.people["owner"])
    with django_assert_max_num_queries(9):
        client.get(PEOPLE)
