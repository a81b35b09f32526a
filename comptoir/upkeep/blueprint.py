"""The tables as all migrations leave them, written down: an empty database has them at once.

To work through every migration takes ten times as long, since Django draws the tables anew after each step. What was
added to the migrations since `tables.sql` was written (`make tables`) is applied after it, as ever.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

FILE = Path(__file__).with_name("tables.sql")
HEAD = "-- migrations: "
Key = tuple[str, str]


def holds(text: str) -> list[Key]:
    """The migrations, as (app, name), whose work is in a text: its first lines name them."""
    keys: list[Key] = []
    for line in text.splitlines():
        if not line.startswith(HEAD):
            break
        app, *names = line.removeprefix(HEAD).split()
        keys += ((app, name) for name in names)
    return keys


def lay_out(wanted: Collection[Key] | None = None) -> bool:
    """Make the tables in an empty database, and note which migrations that stands for.

    False, and nothing is done, where there are tables already, or where some of those migrations are not `wanted`,
    which by default are all that are known here.
    """
    text = FILE.read_text()
    keys = holds(text)
    loader = MigrationLoader(connection)
    if loader.applied_migrations or not set(keys) <= set(
        loader.disk_migrations if wanted is None else wanted
    ):
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(text)
        rows = MigrationRecorder.Migration
        rows.objects.bulk_create(rows(app=app, name=name) for app, name in keys)
    return True
