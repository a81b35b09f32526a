"""`comptoir brand`, and accounts switched off and on by `comptoir member`."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comptoir.command.brands import brand
from comptoir.command.members import member, switch
from comptoir.organisation.models import Brand, Role, User
from comptoir.web import first

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Brand:
    return first.prepare().brand


def test_a_brand_is_made_and_listed(house: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    assert brand("new", "Café Noisette", "", "") == 0
    assert "Café Noisette is there, owned by owner@localhost: http" in capsys.readouterr().out
    assert brand("new", "Other", "other-one", "Ana@brand.test") == 0
    said = capsys.readouterr().out
    link = re.search(r"/owner/\S+", said)
    assert link, "somebody new is let in"
    assert Client().post(link[0]).status_code == 302
    made = Brand.objects.everywhere().get(slug="other-one")
    assert [(m.user.email, m.role) for m in made.memberships.all()] == [("ana@brand.test", Role.OWNER)]
    made.archive(None)
    brand("list", "", "", "")
    listed = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert set(listed) == {house.slug, "cafe-noisette", "other-one"}
    assert listed["other-one"].endswith("Other  (1 person)  archived")


@pytest.mark.parametrize(
    ("name", "slug", "owner", "words"),
    [
        ("", "", "", "Say its name"),
        ("***", "", "", "Say its name"),
        ("X", "Not A Slug", "", "cannot stand in an address"),
        ("X", "taken", "", "Another brand has the address taken."),
        ("X", "", "nobody", "is not an e-mail address"),
    ],
)
def test_what_will_not_do_is_said(
    house: Brand, capsys: pytest.CaptureFixture[str], name: str, slug: str, owner: str, words: str
) -> None:
    brand("new", "Taken", "taken", "")
    assert brand("new", name, slug, owner) == 1
    assert words in capsys.readouterr().err
    assert Brand.objects.everywhere().count() == 2


def test_a_house_without_an_owner_has_to_start_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert brand("new", "X", "", "") == 1
    assert "start Comptoir once" in capsys.readouterr().err


def test_an_account_is_switched_off_and_on(house: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    member("ana@brand.test", "agent", "", "Ana", remove=False)
    assert switch(" Ana@brand.test", on=False) == 0
    assert not User.objects.get(email="ana@brand.test").is_active
    member("", "", "", "", remove=False)
    assert "ana@brand.test  Ana  switched off" in capsys.readouterr().out
    assert switch("ana@brand.test", on=True) == 0
    assert User.objects.get(email="ana@brand.test").is_active
    assert switch("owner@localhost", on=False) == 1
    assert "last owner" in capsys.readouterr().err
    assert switch("who@brand.test", on=False) == 1
    assert "has no account" in capsys.readouterr().err


def test_an_archived_brand_is_not_the_only_one(house: Brand) -> None:
    other = Brand.make("Other", first.owner())
    other.archive(None)
    assert member("ana@brand.test", "agent", "", "", remove=False) == 0
    assert house.memberships.filter(user__email="ana@brand.test").exists()
