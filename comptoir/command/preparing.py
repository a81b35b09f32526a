"""Bringing the database to what the program expects: the tables, the cache, and what a first start needs."""

import time

from comptoir.command import saying
from comptoir.command.keeping import FATAL

_LOCK = 0x636F6D70746F6972
"""Of the database: two machines that start at once migrate one after the other."""
_PATIENCE = 30.0


def migrate() -> int:
    """Bring the tables up to date. Returns how many migrations were applied."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return len(plan)


def prepare() -> str:
    """Migrate and do what a first start needs. Returns a sign-in link until the owner has used one, then "".

    Ends the process with `FATAL`, having said why, when the database cannot be used.
    """
    import psycopg
    from django.db import DatabaseError

    from comptoir.web import first

    try:
        reach()
        since = time.monotonic()
        applied = migrate()
        said = f"{applied} migrations applied" if applied else "nothing to migrate"
        saying.line("tables", said, since)
        since = time.monotonic()
        house = first.prepare()
        saying.line("first set-up", f"{house.brand}" if house.made else "was done before", since)
        return "" if house.owner.last_login else first.owner_link()
    except (DatabaseError, psycopg.Error) as error:
        saying.plain(f"The database cannot be used: {error}".strip())
        raise SystemExit(FATAL) from error


def knock() -> None:
    """Connect to the database once, without the pool, which would try for long before it says why it cannot."""
    import psycopg
    from procrastinate.contrib.django.utils import connector_params

    wanted = ("dbname", "user", "password", "host", "port", "sslmode")
    given = {key: value for key, value in connector_params("default").items() if key in wanted}
    psycopg.connect(**given, connect_timeout=5).close()


def reach() -> None:
    """Wait until the database takes connections: one that starts beside us may need a moment."""
    import psycopg

    until, told = time.monotonic() + _PATIENCE, False
    while True:
        try:
            return knock()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
        if not told:
            saying.line("database", f"does not answer yet: waiting up to {_PATIENCE:.0f} s")
        told = True
        time.sleep(0.5)
