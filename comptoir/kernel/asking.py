"""Statements written by hand for the pages that people ask for all day long.

They go past the composing of queries, which costs more than running them, and PostgreSQL plans each one once a
connection. Answers come in the binary format: times and numbers are not parsed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg.types.numeric import Int8

from comptoir.kernel.sight import sight

_ADAPTERS = psycopg.adapt.AdaptersMap(psycopg.adapters)
_PLACE = re.compile(r"%(?:%|\((\w+)\)s)")


class _Cursor(psycopg.RawCursor[tuple[Any, ...]]):
    """A cursor with psycopg's own adapters, in C, instead of the ones that Django gives its connections."""

    def __init__(self, line: psycopg.Connection[Any]) -> None:
        super().__init__(line)
        self._adapters = _ADAPTERS
        self.format = psycopg.pq.Format.BINARY


def ask(statement: str, values: Mapping[str, Any], again: bool = True) -> list[tuple[Any, ...]]:
    """The rows of a statement with %(named)s values, on Django's connection and in its transaction.

    Its text must be one of few, and what changes in the values; with `again` off it is planned for this once.
    Times come back in UTC, JSON as what it says.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    # One type for all numbers: a plan would be kept for each size of number otherwise.
    given = {name: Int8(value) if type(value) is int else value for name, value in values.items()}
    text, names = _numbered(statement)
    in_order = [given[name] for name in names]
    # What is planned for narrowed eyes is not kept: the plans of everybody else stay as they are.
    again = again and sight() is None
    with connection.wrap_database_errors, _Cursor(connection.connection) as cursor:
        if connection.queries_logged:
            with connection.make_debug_cursor(cast(Any, cursor)).debug_sql(statement, given):
                cursor.execute(text, in_order, prepare=again)
        else:
            cursor.execute(text, in_order, prepare=again)
        # Not `description`: that describes each column anew.
        return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []


@lru_cache(maxsize=512)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """A statement as PostgreSQL takes it, with its values' names in order: psycopg reads long ones anew each time."""
    numbers: dict[str, int] = {}

    def number(place: re.Match[str]) -> str:
        return f"${numbers.setdefault(place[1], len(numbers) + 1)}" if place[1] else "%"

    return _PLACE.sub(number, statement).encode(), tuple(numbers)


@lru_cache
def columns(model: type[Model], alias: str, without: str = "") -> str:
    """All columns of a model's table under a short name, for a statement whose rows `made` turns into models; perhaps
    `without` one that is large."""
    return ", ".join(f"{alias}.{field.column}" for field in _fields(model, without))


def made[Row: Model](model: type[Row], values: Sequence[Any], without: str = "") -> Row:
    """The model of a row that holds its `columns`; one that it is `without` is asked for where it is needed."""
    return model.from_db("default", _names(model, without), values)


@lru_cache
def _names(model: type[Model], without: str) -> list[str]:
    return [field.attname for field in _fields(model, without)]


def _fields(model: type[Model], without: str) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name != without]
