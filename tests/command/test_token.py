"""`comptoir token`: tokens for programs, made in a terminal."""

from __future__ import annotations

import pytest
from django.test import Client

from comptoir.command.main import SCOPES as NAMED
from comptoir.command.programs import token
from comptoir.organisation.models import User
from comptoir.organisation.models.api_token import SCOPES
from comptoir.web import first

pytestmark = pytest.mark.django_db


@pytest.fixture
def email() -> str:
    return first.prepare().owner.email


def call(
    email: str, name: str = "", scopes: str = "", slug: str = "", days: int = 90, end: bool = False
) -> int:
    return token(email, name, scopes.split(), slug, days, end)


def test_the_command_knows_the_scopes_that_there_are() -> None:
    assert set(NAMED) == set(SCOPES)


def test_a_token_is_printed_once_listed_and_ended(email: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(email, "report", "threads:read", days=0) == 0
    key = capsys.readouterr().out.strip()
    bearer = {"Authorization": f"Bearer {key}"}
    assert Client().get("/api/v1/me", headers=bearer).status_code == 200
    assert call(email) == 0
    listed = capsys.readouterr().out
    assert "report" in listed
    assert key not in listed
    assert call(email, "report", end=True) == 0
    assert Client().get("/api/v1/me", headers=bearer).status_code == 401
    assert call(email, "report", end=True) == 1


def test_what_will_not_do(email: str, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.create_user("bo@x.example")
    slug = first.prepare().brand.slug
    assert call("nobody@x.example", "report", "threads:read") == 1
    assert call(email, "report") == 1
    assert call("bo@x.example", "report", "threads:read", slug) == 1
    assert capsys.readouterr().out == ""
