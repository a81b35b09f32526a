"""Bringing the database to what the program expects: the tables, the cache, and what a first start needs."""

import os
import time
from typing import TYPE_CHECKING

from comptoir.command import saying
from comptoir.command.keeping import FATAL
from comptoir.kernel import config

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

_PATIENCE = 30.0
_KEPT = 3
"""Backups from before a migration that are kept."""


class Unfit(Exception):
    """The tables are not the ones that this program works with. The text says why and what to do."""


def migrate() -> int:
    """Bring the tables up to date, saving them first where they are ours. Returns how many migrations were applied.

    Unfit when a newer program made them, or when they could not be saved.
    """
    from django.core.management import call_command
    from django.db import connection

    from comptoir.upkeep.stage import HOUSE
    from comptoir.web import narrowing

    if pending() and _anything_there():
        _save_first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [HOUSE])
    try:
        if count := pending():
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        narrowing.build()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [HOUSE])
    return count


def pending() -> int:
    """How many migrations are to be applied. Unfit when the database has some that we do not know."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    _refuse_newer(executor.loader)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def check() -> None:
    """Unfit unless the tables are the ones that this program works with: who serves does not change them."""
    from django.db import connection

    count = pending()
    # Whoever serves forks, and a connection is not to be shared.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    if count:
        raise Unfit(f"{count} migrations are to be applied to the database first: comptoir migrate")


def _refuse_newer(loader: "MigrationLoader") -> None:
    from comptoir.upkeep.known import strange

    if new := strange(loader.applied_migrations, loader):
        app, name = new[-1]
        raise Unfit(
            f"A newer Comptoir has worked with this database (it has {app} {name}). Install that one, or a newer; "
            "or restore a backup from before."
        )


def _anything_there() -> bool:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return bool(MigrationRecorder(connection).applied_migrations())


def _save_first() -> None:
    """Save what a migration is about to change: on board by ourselves, elsewhere it is the host's to decide."""
    from comptoir.upkeep import saving

    if os.environ.get("DATABASE_URL"):
        saying.line("tables", "are changed now. Their backup is yours to make: comptoir backup")
        return
    if config.off("BACKUP_FIRST"):
        return
    since = time.monotonic()
    folder = saving.folder()
    path = folder / saving.name_now("before")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        saving.save(path)
    except OSError as error:
        raise Unfit(
            f"The tables are to be changed, and they could not be saved first: {error.strerror}, in {folder}. "
            "Make room, or name another folder: BACKUP_DIR. To go on without a backup: BACKUP_FIRST=no"
        ) from error
    saying.line("backup", f"of before, in {path}", since)
    for old in sorted(folder.glob("before-*.zip"))[:-_KEPT]:
        old.unlink()


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
    except Unfit as error:
        saying.plain(str(error))
        raise SystemExit(FATAL) from error
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
