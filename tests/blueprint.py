"""Write down the tables that all migrations together make: `make tables`.

They are made step by step on a database of their own, read by pg_dump, and freed of what belongs to that database
alone: its schema, its comments, the settings of a session.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import psycopg

from comptoir.kernel import cluster, onboard

EARLY = "SET LOCAL check_function_bodies = off;\n"
"""Functions stand before the tables that they ask."""
_DUMP = ("--schema-only", "--schema=public", "--no-owner", "--no-privileges", "--no-comments")
_NOT_OURS = re.compile(
    r"^(--.*|\\.*|SET .*;|SELECT pg_catalog\.set_config.*|CREATE SCHEMA .*)?\n", re.MULTILINE | re.ASCII
)


def written() -> str:
    """What belongs into `tables.sql`.

    What was made is made once more from what was read: PostgreSQL words some conditions otherwise when it reads its
    own words, and the same after that.
    """
    with _database() as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "comptoir.settings"}
        keys, tables = _step_by_step(), dumped(url)
    with _database() as url:
        with psycopg.connect(url) as line:
            line.execute(f"{EARLY}{tables}".encode())
        tables = dumped(url)
    heads = (
        f"-- migrations: {app} {' '.join(name for _app, name in names)}\n"
        for app, names in groupby(sorted(keys), key=lambda key: key[0])
    )
    return f"{''.join(heads)}{EARLY}{tables}"


@contextmanager
def _database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ct-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with onboard.running(folder, fsync=False) as url:
            yield url


def dumped(url: str) -> str:
    """The tables of a database, as statements."""
    tool = cluster.binaries(None, print) / "pg_dump"
    said = subprocess.run([tool, *_DUMP, url], capture_output=True, text=True, check=True).stdout
    return _NOT_OURS.sub("", said).replace("public.", "")


def _step_by_step() -> set[tuple[str, str]]:
    import django
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command

    django.setup()
    call_command(Command(), verbosity=0)
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return set(MigrationRecorder(connection).applied_migrations())


if __name__ == "__main__":
    print(written(), end="")
