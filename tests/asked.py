"""Asking an address of the house as a browser does, with nothing left of what that did."""

from __future__ import annotations

import time
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client

from comptoir.inbox.tests.building import browser
from comptoir.kernel.asking import ask as statement
from comptoir.organisation.models import User
from tests.unlogged import UNLOGGED

SENSIBLE = urlencode(
    {
        "text": "hello",
        "sent": "yes",
        "to": "",
        "state": "closed",
        "seed": "x",
        "languages": "fr",
        "name": "Sensible",
    }
    | {"confirm": "DELETE", "network": "rehearsal", "controller": "A", "contact": "B", "days-audit": "400"}
)
"""A form that every page finds something to do with."""


_WRITTEN = """
SELECT relname, n FROM (
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid) AS n
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) found
WHERE n > 0
"""
"""`pg_stat_xact_user_tables` says the same in ten times the time."""


def written() -> dict[str, int]:
    """How many rows of each table this transaction has written to so far."""
    return dict(statement(_WRITTEN, {}))


def inside(user: User) -> Client:
    """A browser, signed in a moment ago: what asks again who it is lets it pass."""
    client = browser(user)
    session = client.session
    session["proved_at"] = time.time()
    session.save()
    return client


def ask(client: Client, method: str, path: str, **headers: str) -> Any:
    """Ask, and undo whatever it did."""
    client.raise_request_exception = False
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        kind = "application/x-www-form-urlencoded"
        before = written()
        answer = client.generic(method, path, SENSIBLE if method == "POST" else "", kind, headers=headers)
        changed = {table for table, rows in written().items() if rows != before.get(table, 0)} - set(UNLOGGED)
        assert not changed or "organisation_auditentry" in changed, (
            f"{method} {path} changed {changed} unlogged"
        )
        transaction.set_rollback(True)
    client.cookies = cookies
    assert answer.status_code < 500, f"{method} {path}: {answer.status_code}"
    return answer
