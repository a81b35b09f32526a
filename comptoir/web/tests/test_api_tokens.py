"""The page of a person's tokens, and the reference."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comptoir.kernel import clock
from comptoir.organisation.leaving import leave, switch_off
from comptoir.organisation.models import ApiToken, Brand, Membership, User
from comptoir.organisation.programs.problems import KINDS

pytestmark = pytest.mark.django_db
HERE = "/settings/tokens/"


@pytest.fixture
def ana() -> User:
    user = User.objects.create_user("ana@verdier.example", name="Ana")
    for slug in ("verdier", "second"):
        brand = Brand.objects.create(name=slug.title(), slug=slug)
        Membership.objects.create(user=user, brand=brand, role="agent")
        boss = User.objects.create_user(f"boss@{slug}.example")
        Membership.objects.create(user=boss, brand=brand, role="owner")
    return user


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def make(browser: Client, **changes: Any) -> Any:
    given = {"name": "Night report", "scopes": ["threads:read"], "brand": "", "life": "30", **changes}
    return browser.post(HERE, given)


def test_a_token_is_seen_once_and_works(browser: Client, ana: User) -> None:
    assert "No token yet" in browser.get(HERE).content.decode()
    answer = make(browser)
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r'value="(cpt_[^"]+)"', answer.content.decode())
    assert found
    token = ana.api_tokens.get()
    assert token.expires is not None
    assert timedelta(days=29) < token.expires - clock.now() <= timedelta(days=30)
    assert found[1] not in browser.get(HERE).content.decode()
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {found[1]}"})
    assert answer.json()["token"] == "Night report"


def test_what_will_not_do_is_said(browser: Client) -> None:
    other = Brand.objects.create(name="Other", slug="other")
    wrong: tuple[dict[str, Any], ...] = (
        {"name": ""},
        {"scopes": []},
        {"scopes": ["all"]},
        {"brand": str(other.pk)},
        {"life": "9"},
    )
    for changes in wrong:
        answer = make(browser, **changes)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_one_ends_ones_own_tokens_alone(browser: Client, ana: User) -> None:
    mine, _key = ApiToken.make(ana, "mine", ["threads:read"])
    theirs, _key = ApiToken.make(User.objects.create_user("bo@x.example"), "theirs", ["threads:read"])
    assert browser.post(f"{HERE}{theirs.pk}/ending/").status_code == 404
    assert browser.post(f"{HERE}{mine.pk}/ending/").status_code == 302
    assert list(ApiToken.objects.all()) == [theirs]


def test_who_leaves_a_brand_leaves_its_tokens(ana: User) -> None:
    first, second = Brand.objects.seen_by(ana).order_by("pk")
    for brand in (first, second, None):
        ApiToken.make(ana, str(brand), ["threads:read"], brand)
    leave(ana, first)
    assert sorted(ana.api_tokens.values_list("name", flat=True)) == ["None", "Second"]
    leave(ana, second)
    assert not ana.api_tokens.exists()


def test_an_account_that_is_switched_off_has_no_tokens(ana: User) -> None:
    ApiToken.make(ana, "x", ["threads:read"])
    switch_off(ana)
    assert not ana.api_tokens.exists()


def test_the_reference_names_everything(client: Client) -> None:
    page = client.get("/api/docs").content.decode()
    document = client.get("/api/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f'id="{operation["operationId"]}"' in page
            assert f"{method.upper()}</span> {path}" in page
    for kind in KINDS:
        assert f'id="{kind}"' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert not links - set(ids)
    assert "<script" not in page


def test_the_reference_is_read_in_french(client: Client) -> None:
    page = client.get("/api/docs", headers={"Accept-Language": "fr"}).content.decode()
    assert "Interface pour programmes" in page
    assert "Le début de son dernier message." in page
