"""Every address for programs, asked for with tokens of everybody: never our fault, never somebody else's data."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from comptoir.inbox.tests.building import House
from comptoir.organisation.models import ApiToken
from comptoir.organisation.models.api_token import SCOPES
from comptoir.organisation.tests.programs import problem
from tests.asked import written
from tests.programs import API
from tests.test_walk import MARK, METHODS, ROUTES, Route, _paths, in_helpings, ours
from tests.unlogged import UNLOGGED

pytestmark = pytest.mark.django_db
__all__ = ["ours"]
OF_PROGRAMS = [route for route in ROUTES if route.pattern.startswith("api/v1/")]
each_of_programs = in_helpings(OF_PROGRAMS)
_program = Client(raise_request_exception=False)


def _ask(key: str, method: str, path: str) -> Any:
    """Ask, and undo whatever it did. What changed a table has written itself down."""
    with transaction.atomic():
        before = written()
        said = '{"text": "hello"}' if method == "POST" else ""
        bearer = {"Authorization": f"Bearer {key}"}
        answer = _program.generic(method, path, said, "application/json", headers=bearer)
        changed = {table for table, rows in written().items() if rows != before.get(table, 0)} - set(UNLOGGED)
        assert not changed or "organisation_auditentry" in changed, (
            f"{method} {path} changed {changed} unlogged"
        )
        transaction.set_rollback(True)
    assert answer.status_code < 500, f"{method} {path}: {answer.status_code}"
    return answer


@each_of_programs
def test_programs_of_every_role_are_answered(ours: House, routes: list[Route]) -> None:
    keys = {role: ApiToken.make(user, role, SCOPES)[1] for role, user in ours.people.items()}
    for (_route, path), (role, key) in product(_paths(routes, ours), keys.items()):
        for method in METHODS:
            answer = _ask(key, method, path)
            if answer.status_code >= 400 and method != "HEAD":
                assert problem(answer)
            if role == "reader" and method in {"POST", "DELETE"}:
                assert answer.status_code in {403, 405} or path.endswith(
                    ("/reading", "/following", "/views")
                ), (
                    method,
                    path,
                )


@each_of_programs
def test_a_strangers_token_finds_nothing(ours: House, routes: list[Route]) -> None:
    _token, key = ApiToken.make(ours.stranger, "stranger", SCOPES)
    both = zip(_paths(routes, ours), _paths(routes, ours, brand="not-ours"), strict=True)
    for ((route, ours_there), (_same, there)), method in product(both, METHODS):
        of_a_row = route.pattern.removeprefix(API).count("<") > 0 and route.pattern.startswith(API)
        for path, theirs in ((ours_there, False), (there, True)):
            answer = _ask(key, method, path)
            assert MARK.encode() not in answer.content, (method, path)
            if "brand" in route.parts and not (theirs and not of_a_row):
                assert answer.status_code in {204, 404, 405, 422}, (method, path)
