"""A connection of one's own beside Django's, to the same database: for what outlives a request or waits."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection

_WANTED = ("dbname", "user", "password", "host", "port", "sslmode")


def beside(name: str, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect, each statement a transaction of its own; `name` is what the server shows for it."""
    given = connection.get_connection_params()
    kept = {key: value for key, value in given.items() if key in _WANTED}
    return psycopg.connect(**kept, application_name=name, autocommit=True, **options)
