"""Bringing a backup back: into an empty house, or in the place of what is there when that was asked for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from comptoir.kernel import config, restored, secrets
from comptoir.listening.stored import place
from comptoir.organisation import audit
from comptoir.upkeep import stage
from comptoir.upkeep.archive import Damaged, Manifest, Reader, TooNew
from comptoir.upkeep.blueprint import lay_out
from comptoir.upkeep.known import strange
from comptoir.upkeep.saving import PASSING, SIGNING, Say, silent

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'comptoir%'
"""
_QUEUE = """
DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') OR task_name = ANY(%(leaving)s);
DELETE FROM procrastinate_jobs j WHERE j.status = 'doing' AND EXISTS (
    SELECT FROM procrastinate_jobs o
    WHERE o.queueing_lock = j.queueing_lock AND o.id <> j.id AND (o.status = 'todo' OR o.id < j.id));
UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, abort_requested = false;
UPDATE procrastinate_periodic_defers d SET job_id = NULL
    WHERE NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.id = d.job_id)
"""
"""What was under way is to be done again; what may have left since the backup, and what is over, is not."""


class Occupied(Exception):
    """It cannot be restored here now. The text says why and what to do."""


def check_known(manifest: Manifest) -> None:
    """TooNew when the backup holds tables that a newer program made."""
    if new := strange(_keys(manifest), MigrationLoader(None, ignore_no_migrations=True)):
        raise TooNew(f"{manifest.version} (it has {' '.join(new[-1])})")


def restore(archive: Reader, replace: bool = False, say: Say = silent) -> list[str]:
    """Put what a checked archive holds where the pages look for it; sentences for the host.

    Until the last step, which is one transaction, nothing of what is there is touched. Occupied when somebody works
    with the database, or when something is in it and `replace` is off; TooNew; Damaged.
    """
    manifest = archive.manifest
    check_known(manifest)
    _one_connection()
    with connection.cursor() as cursor:
        house = stage.home(cursor)
        _enter(cursor, replace)
        since = time.monotonic()
        stage.clear(cursor)
        _migrate_to(manifest)
        say("tables", "made as they were", since)
        notes = list(_load(cursor, archive, say))
        since = time.monotonic()
        call_command("migrate", verbosity=0, interactive=False)
        say("tables", "brought up to date", since)
        since = time.monotonic()
        if files := bring_stored(archive, cursor, house):
            say("stored", f"{files:,} files put in {place()}", since)
        notes += _take_keys(archive, replace)
        for step in restored.steps:
            notes += step(manifest.moment)
        audit.record("restored", None, made=manifest.made, version=manifest.version)
        with transaction.atomic():
            cursor.execute("SET LOCAL lock_timeout = '20s'")
            stage.swap(cursor, house)
        cursor.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(house)))
        cursor.execute("ANALYZE")
    return notes


def _keys(manifest: Manifest) -> list[tuple[str, str]]:
    return [(app, name) for app, names in manifest.migrations.items() for name in names]


def _one_connection() -> None:
    """Work on one connection from beginning to end: which schema is meant is a setting of it."""
    connection.settings_dict["OPTIONS"].pop("pool", None)
    connection.settings_dict["CONN_MAX_AGE"] = None
    connection.close()


def _enter(cursor: Any, replace: bool) -> None:
    """Refuse while anybody works with the database or, unless told, while there is something in it."""
    if not cursor.execute("SELECT pg_try_advisory_lock(%s)", [stage.HOUSE]).fetchone()[0]:
        raise Occupied(
            "A backup is being made of this database, or its tables are changed: wait for its end."
        )
    if cursor.execute(_OTHERS).fetchone()[0]:
        raise Occupied(
            "Comptoir works with this database: stop it everywhere (comptoir up, web, worker, live)."
        )
    if cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()[0] and not replace:
        raise Occupied(
            "There is something in this database already. To put the backup in its place: --replace"
        )


def _migrate_to(manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made."""
    lay_out(_keys(manifest))
    executor = MigrationExecutor(connection)
    applied = {key for key in _keys(manifest) if key in executor.loader.graph.node_map}
    parents = {parent.key for key in applied for parent in executor.loader.graph.node_map[key].parents}
    executor.migrate([key for key in executor.loader.graph.node_map if key in applied - parents])


def _load(cursor: Any, archive: Reader, say: Say) -> Iterator[str]:
    """Fill the tables in the schema beside."""
    there = stage.columns(cursor, stage.STAGE)
    there.pop("django_migrations")
    tables = sql.SQL(", ").join(map(sql.Identifier, there))
    with transaction.atomic():
        stage.triggers(cursor, on=False)
        cursor.execute(sql.SQL("TRUNCATE {}").format(tables))
        bring_back = stage.bare(cursor)
        for name, table in archive.manifest.tables.items():
            if name not in there:
                if name != "django_migrations":
                    yield f"{name} is no table of Comptoir: it was left in the file."
                continue
            since = time.monotonic()
            if not set(table.columns) <= set(there[name]):
                raise Damaged(f"{name} has columns that it never had")
            if name not in PASSING:
                _fill(cursor, archive, name)
            if table.rows:
                say("loaded", f"{name}: {table.rows:,} rows", since)
        _settle(cursor, archive.manifest)
        since = time.monotonic()
        for statement in bring_back:
            cursor.execute(statement)
        stage.triggers(cursor, on=True)
        say("indexes", "made", since)


def bring_stored(archive: Reader, cursor: Any, house: str) -> int:
    """Put what is stored in its place, under new names: files that the backup's own house has there are none of ours.
    Those of the house that is replaced are nobody's from now on. How many files; StoreFailed."""
    for name in archive.manifest.stored:
        new = f"{name.rpartition('/')[0]}/{uuid4().hex}.parquet"
        place().put(new, lambda out, name=name: [out.write(block) for block in archive.stored(name)])  # type: ignore[misc]
        cursor.execute("UPDATE listening_storedfile SET name = %s WHERE name = %s", [new, name])
    cursor.execute("DELETE FROM listening_storedscrap")
    for table in ("listening_storedfile", "listening_storedscrap"):
        before = sql.Identifier(house, table)
        if cursor.execute("SELECT to_regclass(%s)", [before.as_string()]).fetchone()[0]:
            cursor.execute(
                sql.SQL("INSERT INTO listening_storedscrap (name, made) SELECT name, now() FROM {}").format(
                    before
                )
            )
    return len(archive.manifest.stored)


def _fill(cursor: Any, archive: Reader, name: str) -> None:
    fields = sql.SQL(", ").join(map(sql.Identifier, archive.manifest.tables[name].columns))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), fields)) as copy:
        for block in archive.rows(name):
            copy.write(block)


def _settle(cursor: Any, manifest: Manifest) -> None:
    """Have sequences go on where they were, and the queue hold what is still to be done."""
    for statement in _QUEUE.split(";"):
        cursor.execute(statement, {"leaving": sorted(restored.leaving)})
    for name, last in manifest.sequences.items():
        cursor.execute(
            "SELECT setval(to_regclass(%s), %s) WHERE to_regclass(%s) IS NOT NULL", [name, last, name]
        )


def _take_keys(archive: Reader, replace: bool) -> Iterator[str]:
    """The keys that came along: ours stay first where there was a house before."""
    given = archive.manifest.keys
    if secrets.FILE in given:
        theirs = archive.key(secrets.FILE).split()
        if os.environ.get("COMPTOIR_KEYS"):
            if not set(theirs) <= set(secrets.words()):
                yield "The backup's key is not among COMPTOIR_KEYS: put it there, after your own, and connect nothing."
        else:
            ours = config.secret(secrets.FILE).split() if replace else []
            config.replace_secret(secrets.FILE, " ".join(dict.fromkeys([*ours, *theirs])))
    if SIGNING in given and not replace:
        config.replace_secret(SIGNING, archive.key(SIGNING))
