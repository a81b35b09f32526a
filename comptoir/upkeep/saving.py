"""Making a backup while everything goes on: all tables as they were at one moment, in one file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg import sql

from comptoir.kernel import clock, config, secrets
from comptoir.kernel.beside import beside
from comptoir.listening.stored import ALONE, place
from comptoir.upkeep import stage
from comptoir.upkeep.archive import Manifest, Stored, Table, Writer, writing

PASSING = frozenset(
    {
        "cache", "django_session", "organisation_addressproof", "organisation_invitationlink", "organisation_session",
        "organisation_signinlink", "organisation_tries", "procrastinate_events", "procrastinate_workers",
    }
)  # fmt: skip
"""Tables whose rows are not saved: what lets somebody in, and what only holds for the processes that run now."""
SIGNING = "secret.key"
Say = Callable[[str, str, float], None]
"""Told of each step: a name, what was done, and when it began on the monotonic clock."""

_SETTINGS = (
    "SET statement_timeout = 0; SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = 0;"
    "SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET timezone = 'UTC'; SET bytea_output = 'hex';"
    "SET extra_float_digits = 1; SET client_encoding = 'UTF8'"
)


def folder() -> Path:
    """Where backups are kept: `BACKUP_DIR`, else a folder in the data folder."""
    given = os.environ.get("BACKUP_DIR")
    return Path(given).absolute() if given else config.data_folder() / "backups"


def name_now(prefix: str = "comptoir") -> str:
    """The name of a backup that is made now."""
    return f"{prefix}-{clock.now():%Y-%m-%d-%H%M%S}.zip"


def silent(name: str, text: str, since: float) -> None:
    """Tell nobody."""


def save(path: Path, with_key: bool = False, say: Say = silent) -> Manifest:
    """Write a backup to `path`, which must not exist yet; what it holds.

    `with_key`: put the keys in, so that it opens the grants wherever it is restored. FileExistsError; OSError when the
    disk does not take it; psycopg.Error when the database does not give it; StoreFailed when what is stored cannot be
    read. Nothing is left behind then.
    """
    with snapshot() as line, writing(path) as archive:
        manifest = _manifest(line)
        schema = stage.home(line)
        for name, columns in stage.columns(line, schema).items():
            if name in PASSING:
                manifest.left_out.append(name)
                continue
            since = time.monotonic()
            manifest.tables[name] = _table(line, archive, name, columns)
            if manifest.tables[name].rows:
                say("saved", f"{name}: {manifest.tables[name].rows:,} rows", since)
        manifest.stored = _stored(line, archive, say)
        manifest.sequences = stage.sequences(line, schema)
        if with_key:
            keys = {secrets.FILE: " ".join(secrets.words()), SIGNING: config.secret(SIGNING)}
            manifest.keys = {name: archive.key(name, content) for name, content in keys.items()}
        archive.manifest(manifest)
    return manifest


@contextmanager
def snapshot() -> Iterator[Any]:
    """A connection of its own that sees the database as it is now, for as long as the block lasts.

    The tables stay as they are meanwhile: whoever wants to migrate waits, and we wait for whoever does.
    """
    with beside("comptoir backup") as line:
        line.execute(_SETTINGS)
        line.execute("SELECT pg_advisory_lock_shared(%s)", [stage.HOUSE])
        # Files that are stored stay as they are.
        line.execute("SELECT pg_advisory_lock_shared(%s)", [ALONE])
        with line.transaction():
            line.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield line


def _manifest(line: Any) -> Manifest:
    from importlib.metadata import version

    migrations: dict[str, list[str]] = {}
    for app, name in line.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall():
        migrations.setdefault(app, []).append(name)
    server = line.execute("SHOW server_version").fetchone()[0]
    return Manifest(version("comptoir"), clock.now().isoformat(timespec="seconds"), server, migrations)


def _table(line: Any, archive: Writer, name: str, columns: list[str]) -> Table:
    fields = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(fields, sql.Identifier(name))
    with line.cursor() as cursor, cursor.copy(statement) as rows:
        return archive.table(name, columns, rows)


def _stored(line: Any, archive: Writer, say: Say) -> dict[str, Stored]:
    """Put the files in that the tables know; what is saved before an upgrade may be of a time without them."""
    since, found = time.monotonic(), {}
    there = line.execute("SELECT to_regclass('listening_storedfile') IS NOT NULL").fetchone()[0]
    named = line.execute("SELECT name FROM listening_storedfile ORDER BY id").fetchall() if there else []
    for (name,) in named:
        with place().open(name) as source:
            found[name] = archive.stored(name, source)
    if found:
        say(
            "saved",
            f"stored: {len(found):,} files, {sum(each.size for each in found.values()) / 1e6:,.1f} MB",
            since,
        )
    return found
