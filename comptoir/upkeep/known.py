"""Which changes of the tables this program knows: a database or a backup with others is a newer program's."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.migrations.loader import MigrationLoader

DEPARTED = frozenset({"sessions"})
"""Apps that former versions had and this one has not: their tables are nobody's any more."""


def strange(applied: Iterable[tuple[str, str]], loader: MigrationLoader) -> list[tuple[str, str]]:
    """Of the migrations that were applied somewhere, as (app, name), those that we do not know."""
    known = {*loader.disk_migrations, *loader.replacements}
    return sorted(key for key in applied if key not in known and key[0] not in DEPARTED)
