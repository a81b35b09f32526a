"""The door of the interface for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comptoir.kernel import clock
from comptoir.organisation.models import (
    ApiToken,
    AuditEntry,
    Brand,
    Membership,
    Pace,
    SecondStepRule,
    TooManyTokens,
    User,
)
from comptoir.organisation.models.pace import Allowance
from comptoir.organisation.programs.keeping import forget_paces
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(name="Maison Verdier", slug="verdier")


@pytest.fixture
def ana(brand: Brand) -> User:
    user = User.objects.create_user("ana@verdier.example", name="Ana")
    Membership.objects.create(user=user, brand=brand, role="agent")
    return user


def bare(path: str = "/api/v1/me", **headers: str) -> Any:
    return Client(raise_request_exception=False).get(path, headers=headers)


def test_a_token_opens_what_its_person_may(ana: User, brand: Brand) -> None:
    Brand.objects.create(name="Other", slug="other")
    program = Program(ana, ["threads:read"])
    assert program.get("me")["person"] == {"id": ana.pk, "name": "Ana"}
    assert [each["slug"] for each in program.get("brands")["items"]] == ["verdier"]
    assert program.get("brands/verdier")["role"] == "agent"
    assert problem(program.ask("GET", "brands/other")) == "not-found"


def test_only_the_hash_of_a_token_is_kept(ana: User) -> None:
    program = Program(ana)
    row = ApiToken.objects.values_list().get()
    assert program.key not in map(str, row)
    assert program.key.startswith(program.token.beginning)
    assert len(program.key) > 40


def test_who_has_no_token_is_told_how(ana: User) -> None:
    for given in ({}, {"Authorization": ""}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}):
        answer = bare(**given)
        assert problem(answer) == "token-missing"
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_nothing(ana: User) -> None:
    browser = Client()
    browser.force_login(ana)
    assert problem(browser.get("/api/v1/me")) == "token-missing"


@pytest.mark.parametrize("key", ["x", "cpt_", "cpt_" + "a" * 43, "cpt_é", "a b"])
def test_a_wrong_token_opens_nothing(ana: User, key: str) -> None:
    assert problem(bare(Authorization=f"Bearer {key}")) in ("token-unknown", "token-missing")


def test_an_ended_token_opens_nothing(ana: User) -> None:
    program = Program(ana)
    ApiToken.objects.filter(user=ana).end(ana)
    assert problem(program.ask("GET", "me")) == "token-unknown"


def test_a_token_grows_old(ana: User) -> None:
    program = Program(ana, expires=clock.now() + timedelta(days=30))
    assert program.ask("GET", "me").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert problem(program.ask("GET", "me")) == "token-unknown"
        assert program.token.is_over
        assert not ApiToken.objects.live().exists()


def test_a_token_of_an_account_that_is_off_opens_nothing(ana: User) -> None:
    program = Program(ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert problem(program.ask("GET", "me")) == "token-unknown"


def test_a_token_may_what_the_role_may_now(ana: User, brand: Brand) -> None:
    program = Program(ana)
    path = "brands/verdier/threads/1/notes"
    assert problem(program.ask("POST", path, {"text": "hello"})) == "not-found"
    Membership.objects.filter(user=ana).update(role="reader")
    assert problem(program.ask("POST", path, {"text": "hello"})) == "role-too-low"
    Membership.objects.filter(user=ana).delete()
    assert problem(program.ask("POST", path, {"text": "hello"})) == "not-found"


def test_a_token_reaches_as_far_as_its_scopes(ana: User) -> None:
    program = Program(ana, ["threads:read"])
    answer = program.ask("GET", "brands/verdier/people")
    assert problem(answer) == "scope-missing"
    assert answer.json()["scope"] == "people:read"
    assert program.get("brands/verdier/threads")["items"] == []


def test_a_token_of_one_brand_does_not_see_the_others(ana: User, brand: Brand) -> None:
    second = Brand.objects.create(name="Second", slug="second")
    Membership.objects.create(user=ana, brand=second, role="owner")
    program = Program(ana, brand=second)
    assert [each["slug"] for each in program.get("brands")["items"]] == ["second"]
    assert program.get("me")["brand"] == "second"
    assert problem(program.ask("GET", "brands/verdier")) == "not-found"


def test_an_archived_brand_is_closed_to_programs_too(ana: User, brand: Brand) -> None:
    program = Program(ana)
    brand.archive(None)
    assert program.get("brands")["items"] == []
    assert problem(program.ask("GET", "brands/verdier")) == "not-found"


def test_a_token_has_a_pace(ana: User, settings: Any) -> None:
    settings.API_RATE = 3
    program, other = Program(ana), Program(ana)
    with time_machine.travel(clock.now(), tick=False) as moment:
        told = [program.ask("GET", "me") for _ in range(3)]
        assert [each.status_code for each in told] == [200] * 3
        assert told[0]["RateLimit-Policy"] == '"token";q=3;w=60'
        assert [each["RateLimit"] for each in told] == [
            f'"token";r={left};t={20 * (3 - left)}' for left in (2, 1, 0)
        ]
        late = program.ask("GET", "me")
        assert problem(late) == "too-many-requests"
        assert late["Retry-After"] == "20"
        assert other.ask("GET", "me").status_code == 200
        moment.shift(20)
        assert program.ask("GET", "me").status_code == 200
        assert problem(program.ask("GET", "me")) == "too-many-requests"


def test_wrong_tokens_are_counted_by_address(ana: User) -> None:
    said = [bare(Authorization=f"Bearer cpt_{n}") for n in range(25)]
    assert [each.status_code for each in said] == [401] * 20 + [429] * 5
    assert int(said[-1]["Retry-After"]) in range(1, 16)
    assert Program(ana).ask("GET", "me").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        assert bare(Authorization="Bearer cpt_x").status_code == 401


def test_the_real_client_is_counted_behind_a_proxy(ana: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for n in range(20):
        bare(Authorization="Bearer cpt_x", X_Forwarded_For=f"10.1.1.{n}, 9.9.9.9")
    assert bare(Authorization="Bearer cpt_x", **{"X-Forwarded-For": "9.9.9.8"}).status_code == 401


def test_paces_are_exact_in_two_processes_and_forgotten(ana: User) -> None:
    allowance = Allowance("x", 2, 60)
    assert [allowance.take("name").allowed for _ in range(3)] == [True, True, False]
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        assert Pace.objects.count() == forget_paces(clock.now(), 10) > 0
        assert not Pace.objects.exists()
        assert allowance.take("name").left == 1


def test_the_table_of_paces_is_not_logged() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence::text FROM pg_class WHERE relname = 'organisation_pace'")
        assert cursor.fetchone() == ("u",)


def test_when_a_token_was_used_is_seldom_written(ana: User) -> None:
    program = Program(ana)
    program.ask("GET", "me")
    first = ApiToken.objects.get().used_at
    assert first is not None
    with CaptureQueriesContext(connection) as asked:
        program.ask("GET", "me")
    assert len(asked) == 2, [each["sql"][:80] for each in asked]
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        program.ask("GET", "me")
        later = ApiToken.objects.get().used_at
        assert later is not None
        assert later > first


def test_what_a_program_does_is_written_down_as_its_persons(ana: User) -> None:
    program = Program(ana)
    made = AuditEntry.objects.everywhere().get(what="api_token_made")
    assert (made.user_id, made.facts["token"]) == (ana.pk, "a program")
    ApiToken.objects.filter(pk=program.token.pk).end(ana)
    assert AuditEntry.objects.everywhere().filter(what="api_token_ended", about_id=program.token.pk).exists()


def test_nobody_has_more_than_fifty(ana: User) -> None:
    for n in range(50):
        ApiToken.make(ana, str(n), [])
    with pytest.raises(TooManyTokens):
        ApiToken.make(ana, "one more", [])


def test_problems_speak_the_callers_language(ana: User) -> None:
    french = bare(**{"Accept-Language": "fr"})
    assert french["Content-Language"] == "fr"
    assert french.json()["title"] == "Il faut un jeton"
    ana.language = "fr"
    ana.save()
    program = Program(ana)
    assert program.ask("GET", "brands/no").json()["title"] == "Rien ici"
    assert program.ask("GET", "brands/no", Accept_Language="en").json()["title"] == "Nothing here"


def test_every_error_below_api_is_a_problem(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(ana)
    assert problem(program.ask("GET", "/api/v1/nothing")) == "not-found"
    assert problem(bare("/api/")) == "not-found"
    assert problem(bare("/api/%00")) == "nonsense"
    assert problem(program.ask("PUT", "me")) == "method-not-allowed"
    assert problem(program.ask("GET", "brands/verdier/people/99999999999999999999")) == "not-found"
    assert problem(program.ask("GET", "brands?limit=0")) == "invalid"
    assert problem(program.ask("GET", "brands?cursor=nonsense")) == "invalid"

    def break_down(*_args: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("comptoir.organisation.api.BrandShown.of", break_down)
    assert problem(program.ask("GET", "brands/verdier")) == "broken"


def test_methods_and_conditions_are_understood(ana: User) -> None:
    program = Program(ana)
    whole = program.ask("GET", "me")
    assert program.ask("GET", "me", If_None_Match=whole["ETag"]).status_code == 304
    assert program.ask("GET", "me", If_None_Match='"other"').status_code == 200
    head = program.ask("HEAD", "me")
    assert (head.status_code, head.content) == (200, b"")
    options = program.ask("OPTIONS", "me")
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert "Access-Control-Allow-Origin" not in options
    assert "Authorization" in whole["Vary"]
    assert "private" in whole["Cache-Control"]


def test_a_token_is_no_way_round_the_second_step(ana: User, brand: Brand) -> None:
    program = Program(ana)
    assert program.ask("GET", "brands/verdier").status_code == 200
    SecondStepRule.lay_down(brand, ana)
    assert problem(program.ask("GET", "brands/verdier")) == "second-step-missing"
    Authenticator.objects.create(user=ana, type="totp", data={})
    assert program.ask("GET", "brands/verdier").status_code == 200
