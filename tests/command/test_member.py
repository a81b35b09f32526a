"""`comptoir member`: colleagues get a role and a way in, and lose them again."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from comptoir.command.main import ROLES
from comptoir.command.members import member
from comptoir.organisation.models import Brand, LastOwner, Membership, Role, User
from comptoir.web import first

pytestmark = pytest.mark.django_db


def call(email: str = "", role: str = "", slug: str = "", name: str = "", remove: bool = False) -> int:
    return member(email, role, slug, name, remove)


@pytest.fixture
def brand() -> Brand:
    return first.prepare().brand


def roles(brand: Brand) -> dict[str, str]:
    return {
        each.user.email: each.role for each in Membership.objects.filter(brand=brand).select_related("user")
    }


def link(capsys: pytest.CaptureFixture[str]) -> str:
    found = re.search(r"(/owner/\S+)", capsys.readouterr().out)
    assert found
    return found[1]


def test_the_command_knows_the_roles_that_there_are() -> None:
    assert set(ROLES) == set(Role.values)


def test_a_team_of_three_can_work(brand: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    for email, role in (("ana@brand.test", "manager"), ("Bob@Brand.test", "")):
        assert call(email, role, name="Somebody") == 0
        browser = Client()
        where = link(capsys)
        assert browser.get(where).status_code == 200
        browser.post(where)
        page = browser.get("/", follow=True)
        assert page.redirect_chain == [(f"/b/{brand.slug}/threads/", 302)]
        assert Client().get(where).status_code == 410
    owner = first.prepare().owner.email
    assert roles(brand) == {owner: "owner", "ana@brand.test": "manager", "bob@brand.test": "agent"}
    assert call() == 0
    listed = capsys.readouterr().out
    assert re.findall(r"^(\w+) +(\S+)", listed, re.MULTILINE) == [
        ("manager", "ana@brand.test"), ("agent", "bob@brand.test"), ("owner", owner),
    ]  # fmt: skip


def test_a_role_is_kept_unless_another_is_given(brand: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    call("ana@brand.test", "manager", name="Ana")
    earlier = link(capsys)
    call("ANA@brand.test")
    assert Client().get(earlier).status_code == 410
    assert roles(brand)["ana@brand.test"] == "manager"
    call("ana@brand.test", "reader")
    assert roles(brand)["ana@brand.test"] == "reader"
    assert User.objects.get(email="ana@brand.test").name == "Ana"


def test_who_is_removed_sees_nothing_more(brand: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    call("ana@brand.test")
    browser = Client()
    browser.post(link(capsys))
    assert browser.get(f"/b/{brand.slug}/threads/").status_code == 200
    assert call("Ana@brand.test", remove=True) == 0
    assert browser.get(f"/b/{brand.slug}/threads/")["Location"].startswith("/account/login/")
    assert call("ana@brand.test", remove=True) == 1
    assert "has no role" in capsys.readouterr().err


def test_a_brand_keeps_an_owner(brand: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    owner = first.prepare().owner.email
    assert call(owner, "agent") == 1
    assert call(owner, remove=True) == 1
    assert "last owner" in capsys.readouterr().err
    assert roles(brand) == {owner: "owner"}
    call("ana@brand.test", "owner")
    assert call(owner, remove=True) == 0
    assert roles(brand) == {"ana@brand.test": "owner"}


@pytest.mark.parametrize("wrong", ["ana", "ana@", "a b@c.test", "ana@brand"])
def test_what_is_no_address_is_refused(brand: Brand, capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    assert call(wrong) == 1
    assert "not an e-mail address" in capsys.readouterr().err
    assert len(roles(brand)) == 1


def test_which_brand_and_which_account(brand: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    other = Brand.objects.create(name="Other", slug="other")
    assert call("ana@brand.test") == 1
    assert "--brand" in capsys.readouterr().err
    assert call("ana@brand.test", slug="other") == 0
    assert roles(other) == {"ana@brand.test": "agent"}
    assert len(roles(brand)) == 1
    User.objects.filter(email="ana@brand.test").update(is_active=False)
    capsys.readouterr()
    assert call("ana@brand.test", slug="other") == 1
    assert "switched off" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_each_leave_because_the_other_stays(brand: Brand) -> None:
    owners = [first.prepare().owner, User.objects.create_user("second@brand.test")]
    brand.admit(owners[1], "owner")

    def leave(owner: Any) -> bool:
        try:
            brand.dismiss(owner)
        except LastOwner:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, owners)) == [False, True]
    assert len(roles(brand)) == 1
