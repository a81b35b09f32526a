"""Invitations, from the page to the mail and back in: once, by whom they are for, never higher than the inviter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from comptoir.inbox.tests.building import House, browser, house
from comptoir.kernel import clock
from comptoir.organisation.models import (
    AlreadyMember,
    AuditEntry,
    BeyondRole,
    Invitation,
    InvitationLink,
    Membership,
    Spent,
    User,
)
from comptoir.web.tests.letters import delivered, link_in

pytestmark = pytest.mark.django_db
PEOPLE = "/b/verdier/people/"
INVITE = "/b/verdier/invitations/"
NEW = "New.One@elsewhere.example"
SECRET = "a long enough secret 7"


@pytest.fixture
def verdier() -> House:
    cache.clear()
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def invited(verdier: House, email: str = NEW, role: str = "agent", by: str = "owner") -> str:
    """The link of an invitation that was made and mailed."""
    browser(verdier.people[by]).post(INVITE, {"email": email, "role": role})
    return link_in(delivered()[-1])


def test_somebody_new_comes_in_by_the_mail(verdier: House) -> None:
    client = browser(verdier.people["owner"])
    page = client.post(INVITE, {"email": NEW, "role": "manager"}, follow=True)
    assert "An invitation is on its way to new.one@elsewhere.example." in body(page)
    assert "Invited, not here yet" in body(page)
    (letter,) = delivered()
    assert letter.to == ["new.one@elsewhere.example"]
    assert letter.subject == "Owner invites you to Maison Verdier"
    assert "in the role Manager" in letter.body
    link = link_in(letter)
    assert not InvitationLink.objects.filter(digest__contains=link.split("/")[2]).exists()

    guest = Client()
    for _look in range(2):
        assert guest.head(link).status_code == 200
        assert "new.one@elsewhere.example" in body(guest.get(link))
    assert not User.objects.filter(email__startswith="new.one").exists()
    assert "is required" in body(guest.post(link, {}))
    assert guest.post(link, {"name": "Newt", "password": "short"}).status_code == 422
    page = guest.post(link, {"name": "Newt One", "password": SECRET}, follow=True)
    assert (page.status_code, page.redirect_chain[-1][0]) == (200, verdier.url())
    user = User.objects.get(email="new.one@elsewhere.example")
    assert (user.name, user.check_password(SECRET)) == ("Newt One", True)
    assert Membership.objects.get(user=user).role == "manager"
    assert EmailAddress.objects.get(user=user).verified, "they came with what was sent to the address"
    made = Invitation.objects.of(verdier.brand).get()
    assert (made.accepted_by, made.by) == (user, verdier.people["owner"])
    assert guest.get(link)["Location"] == verdier.url(), "the second click of two"
    assert Client().get(link).status_code == 410
    assert "not here yet" not in body(client.get(PEOPLE))
    assert AuditEntry.objects.everywhere().filter(what="account_made", user=user).count() == 1
    codes = AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True)
    assert list(codes) == ["member_invited", "invitation_accepted", "member_admitted"]


def test_without_a_password_they_sign_in_by_code(verdier: House) -> None:
    guest = Client()
    guest.post(invited(verdier), {"name": "Newt", "password": ""})
    assert not User.objects.get(name="Newt").has_usable_password()
    assert guest.get(verdier.url()).status_code == 200


def test_a_known_address_signs_in_first(verdier: House) -> None:
    link = invited(verdier, "stranger@verdier.example", "reader")
    guest = Client()
    page = guest.get(link)
    assert "stranger@verdier.example" not in body(page)
    assert f"/account/login/?next={link.replace('/', '%2F')}" in body(page)
    assert guest.post(link, {"name": "Thief", "password": SECRET})["Location"] == link
    verdier.stranger.refresh_from_db()
    assert verdier.stranger.name == "Stranger"
    assert not verdier.brand.memberships.filter(user=verdier.stranger).exists()
    mine = browser(verdier.stranger)
    assert "in the role Reader" in body(mine.get(link))
    assert mine.post(link)["Location"] == verdier.url()
    assert verdier.brand.memberships.get(user=verdier.stranger).role == "reader"
    assert "Other" in body(mine.get("/")), "the brand from before is still theirs"


def test_the_link_is_for_nobody_else(verdier: House) -> None:
    link = invited(verdier)
    other = browser(verdier.stranger)
    for answer in (other.get(link), other.post(link, {"name": "X", "password": SECRET})):
        assert "sent to another address" in body(answer)
        assert NEW.lower() not in body(answer)
        assert "Verdier" not in body(answer).replace("verdier.example", "")
    assert not verdier.brand.memberships.filter(user=verdier.stranger).exists()


@pytest.mark.parametrize("how", ["withdrawn", "late", "unknown", "inviter gone", "archived"])
def test_a_dead_link_says_the_same_whatever_killed_it(verdier: House, how: str) -> None:
    link = invited(verdier, by="manager")
    later = clock.now()
    if how == "withdrawn":
        pk = Invitation.objects.of(verdier.brand).get().pk
        browser(verdier.people["owner"]).post(f"{INVITE}{pk}/withdrawal/")
    elif how == "late":
        later += timedelta(days=7, seconds=2)
    elif how == "unknown":
        link = "/invitation/whatever/"
    elif how == "inviter gone":
        verdier.brand.dismiss(verdier.people["manager"])
    else:
        verdier.brand.archive(verdier.people["owner"])
    with time_machine.travel(later):
        page = Client().get(link)
        assert page.status_code == 410
        assert "It was used, or withdrawn, or is too old." in body(page)
        assert "Verdier" not in body(page)
        assert Client().post(link, {"name": "X", "password": SECRET}).status_code == 302
    assert not User.objects.filter(email=NEW.lower()).exists()


@pytest.mark.parametrize(("role", "gives"), [("manager", "owner"), ("agent", "reader"), ("reader", "reader")])
def test_nobody_gives_more_than_they_have(verdier: House, role: str, gives: str) -> None:
    client = browser(verdier.people[role])
    answer = client.post(INVITE, {"email": NEW, "role": gives})
    assert answer.status_code in {403, 422}
    with pytest.raises(BeyondRole):
        Invitation.make(verdier.brand, NEW, gives, verdier.people[role])
    invited(verdier, role="owner")
    made = Invitation.objects.of(verdier.brand).get()
    for act in ("sending", "withdrawal"):
        assert client.post(f"{INVITE}{made.pk}/{act}/").status_code == 403
    with pytest.raises(BeyondRole):
        Invitation.make(verdier.brand, NEW, "reader", verdier.people[role])


def test_who_is_there_already_is_not_invited(verdier: House) -> None:
    answer = browser(verdier.people["owner"]).post(
        INVITE, {"email": "Agent@verdier.example", "role": "owner"}
    )
    assert answer.status_code == 422
    assert "This person belongs here already." in body(answer)
    with pytest.raises(AlreadyMember):
        Invitation.make(verdier.brand, " AGENT@verdier.example ", "agent", verdier.people["owner"])


@pytest.mark.parametrize("wrong", [{"email": "nobody", "role": "agent"}, {"email": NEW, "role": "king"}, {}])
def test_what_makes_no_sense_is_said_at_the_field(verdier: House, wrong: dict[str, str]) -> None:
    answer = browser(verdier.people["owner"]).post(INVITE, wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in body(answer)


def test_a_double_click_is_one_invitation_and_one_mail(verdier: House) -> None:
    client = browser(verdier.people["owner"])
    for _click in range(2):
        assert client.post(INVITE, {"email": NEW, "role": "agent"}).status_code == 302
    assert len(delivered()) == 1
    assert Invitation.objects.of(verdier.brand).count() == 1


def test_sent_again_both_mails_open_the_door_once(verdier: House) -> None:
    first = invited(verdier)
    client = browser(verdier.people["manager"])
    pk = Invitation.objects.of(verdier.brand).get().pk
    with time_machine.travel(clock.now() + timedelta(days=3)):
        client.post(f"{INVITE}{pk}/sending/")
        second = link_in(delivered()[-1])
        assert first != second
        assert Client().get(first).status_code == Client().get(second).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert Client().get(first).status_code == 410
        guest = Client()
        guest.post(second, {"name": "Newt", "password": ""})
        assert Client().get(second).status_code == 410


def test_invited_in_another_role_the_link_from_before_gives_that_one(verdier: House) -> None:
    link = invited(verdier, role="owner")
    browser(verdier.people["owner"]).post(INVITE, {"email": NEW, "role": "reader"})
    Client().post(link, {"name": "Newt", "password": ""})
    assert Membership.objects.get(user__name="Newt").role == "reader"


def test_without_mail_the_link_is_handed_over(verdier: House, settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    client = browser(verdier.people["owner"])
    page = client.post(INVITE, {"email": NEW, "role": "agent"})
    assert page.status_code == 200
    assert "Hand this link over yourself" in body(page)
    link = body(page).split(f'value="{settings.PUBLIC_URL}')[1].split('"')[0]
    assert "/invitation/" not in body(client.get(PEOPLE)), "it is shown once"
    guest = Client()
    assert guest.post(link, {"name": "Newt", "password": ""}).status_code == 422, "no code could be sent"
    assert guest.post(link, {"name": "Newt", "password": SECRET}).status_code == 302
    assert not EmailAddress.objects.get(user__name="Newt").verified, "nobody has seen that mailbox"
    assert not mail.outbox


def test_a_role_taken_takes_its_invitations_along(verdier: House) -> None:
    manager = verdier.people["manager"]
    low = invited(verdier, "low@elsewhere.example", "reader", by="manager")
    high = invited(verdier, "high@elsewhere.example", "manager", by="manager")
    verdier.brand.admit(manager, "agent", by=verdier.people["owner"])
    assert {Client().get(link).status_code for link in (low, high)} == {410}
    by = Invitation.objects.of(verdier.brand).values_list("withdrawn_by", flat=True)
    assert set(by) == {verdier.people["owner"].pk}
    owner = verdier.people["owner"]
    verdier.brand.admit(verdier.people["agent"], "owner")
    kept = invited(verdier, "kept@elsewhere.example", "manager")
    gone = invited(verdier, "gone@elsewhere.example", "owner")
    verdier.brand.admit(owner, "manager")
    assert (Client().get(kept).status_code, Client().get(gone).status_code) == (200, 410)


def test_who_came_in_another_way_needs_no_invitation(verdier: House) -> None:
    link = invited(verdier, "stranger@verdier.example", "owner")
    verdier.brand.admit(verdier.stranger, "reader")
    assert browser(verdier.stranger).post(link)["Location"] == verdier.url()
    assert verdier.brand.memberships.get(user=verdier.stranger).role == "reader"


def test_the_mail_speaks_the_language_of_whoever_reads_it(verdier: House) -> None:
    User.objects.filter(pk=verdier.stranger.pk).update(language="fr")
    invited(verdier, "stranger@verdier.example")
    verdier.brand.change(verdier.people["owner"], language="fr")
    invited(verdier, "other@elsewhere.example")
    assert [letter.subject for letter in delivered()] == ["Owner vous invite à rejoindre Maison Verdier"] * 2


def test_too_many_invitations_have_to_wait(verdier: House) -> None:
    client = browser(verdier.people["owner"])
    answers = [client.post(INVITE, {"email": f"n{n}@x.example", "role": "agent"}) for n in range(41)]
    assert [each.status_code for each in answers[39:]] == [302, 429]
    link = link_in(delivered()[0])
    guest = Client()
    tries = [guest.post(f"/invitation/guess{n}/") for n in range(31)]
    assert tries[-1].status_code == 429
    assert guest.post(link, {"name": "N"}).status_code == 429


def test_no_names_of_the_invited_in_the_audit_log(verdier: House) -> None:
    invited(verdier)
    entry = AuditEntry.objects.of(verdier.brand).get(what="member_invited")
    assert "elsewhere" not in str(entry.facts)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_account() -> None:
    verdier = house()
    owner = verdier.people["owner"]
    link = Invitation.make(verdier.brand, NEW, "agent", owner).link(mailed=True)

    def click(_n: int) -> int:
        try:
            return Client().post(f"/invitation/{link}/", {"name": "Newt", "password": ""}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {302}
    assert User.objects.filter(email=NEW.lower()).count() == 1
    assert Membership.objects.filter(user__email=NEW.lower()).count() == 1


def test_accepting_twice_is_accepting_once(verdier: House) -> None:
    made = Invitation.make(verdier.brand, verdier.stranger.email, "agent", verdier.people["owner"])
    made.link(mailed=True)
    once = made.accept(verdier.stranger)
    assert made.accept(verdier.stranger) == once
    with pytest.raises(Spent):
        made.accept(verdier.people["reader"])
