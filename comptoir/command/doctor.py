"""`comptoir doctor`: looks at all that Comptoir needs, says what is wrong and what to do about it."""

import os
import stat
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from comptoir.command import preparing, tasks, up
from comptoir.kernel import config, onboard
from comptoir.kernel.cluster import Home
from comptoir.upkeep import space

OLDEST_SERVER = 150_000
LATE_MINUTES = 5


class Mark(StrEnum):
    """How something is."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "WRONG"


class Finding(NamedTuple):
    """One line of what the doctor says."""

    mark: Mark
    name: str
    text: str


Findings = Iterator[Finding]


def doctor(mail_to: str = "") -> int:
    """Look at everything. The exit code: 1 when anything is wrong."""
    wrong = 0
    for look in (_python, _data, _addresses, _inside, _mail):
        wrong += _say(look)
    with ExitStack() as stack:
        wrong += _say(lambda: _database(stack))
    print("Nothing is wrong." if not wrong else f"{wrong} thing{'s' * (wrong > 1)} to put right.")
    return 1 if wrong else 0


def _say(look: Callable[[], Findings]) -> int:
    """Print what a look finds as it comes; how many things are wrong."""
    wrong = 0
    for finding in look():
        wrong += finding.mark is Mark.WRONG
        print(f"{finding.mark:<6} {finding.name:<11} {finding.text}", flush=True)
    return wrong


def _python() -> Findings:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < (3, 12):  # noqa: UP036
        yield Finding(Mark.WRONG, "python", f"{version} is too old: install 3.12 or newer.")
    else:
        yield Finding(Mark.FINE, "python", version)


def _data() -> Findings:
    data = config.data_folder()
    if not os.access(data, os.W_OK):
        yield Finding(
            Mark.WRONG, "data", f"{data} cannot be written to: give it to the user who runs Comptoir."
        )
        return
    yield Finding(Mark.FINE, "data", str(data))
    said = f"{space.free() / 1e9:.1f} GB free in {space.place()}"
    if space.free() < space.least():
        yield Finding(Mark.WRONG, "space", f"{said}: make room, the database stops when there is none.")
    else:
        yield Finding(Mark.FINE, "space", said)
    for name in ("secret.key", "grant.key"):
        yield from _key(data / name)


def _key(path: Path) -> Findings:
    if path.name == "grant.key" and os.environ.get("COMPTOIR_KEYS"):
        yield Finding(Mark.FINE, "keys", "the grants are sealed with COMPTOIR_KEYS")
    elif not path.exists():
        yield Finding(Mark.NOTE, "keys", f"{path.name} is not there yet: it is made when it is first needed")
    elif not os.access(path, os.R_OK):
        yield Finding(Mark.WRONG, "keys", f"{path} cannot be read: run this as its owner.")
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding(Mark.WRONG, "keys", f"{path} can be read by others: chmod 600 {path}")
    else:
        yield Finding(Mark.FINE, "keys", f"{path.name} is readable by its owner alone")


def _addresses() -> Findings:
    url = config.public_url()
    if already := up.running(config.data_folder()):
        yield Finding(Mark.FINE, "up", already)
    else:
        yield Finding(Mark.NOTE, "up", "Comptoir does not run on this data folder: comptoir up")
        for port in (config.port(), config.port() + 1):
            try:
                up.check_free(config.bind(), port)
                yield Finding(Mark.FINE, "port", f"{port} is free")
            except onboard.Unusable as error:
                yield Finding(Mark.WRONG, "port", str(error))
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        yield Finding(
            Mark.WRONG, "address", f"PUBLIC_URL={url} is no address: say https://counter.example.org"
        )
    elif parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        yield Finding(
            Mark.WRONG, "address", f"{url}: passwords travel in clear. Put https before it: PUBLIC_URL"
        )
    else:
        yield Finding(Mark.FINE, "address", url)


def _inside() -> Findings:
    """The one way past the inside guard: shown, whatever it is."""
    allowed = config.words("INSIDE_ALLOWED")
    if not allowed:
        yield Finding(
            Mark.FINE, "inside", "INSIDE_ALLOWED is empty: no address of our own network is reached"
        )
    for place in allowed:
        host, _, port = place.rpartition(":")
        if not host or not port.isdecimal():
            yield Finding(Mark.WRONG, "inside", f"INSIDE_ALLOWED has {place}: each is host:port")
        else:
            yield Finding(
                Mark.NOTE, "inside", f"whoever can post a link has Comptoir visit {place}: INSIDE_ALLOWED"
            )


def _mail() -> Findings:
    if os.environ.get("EMAIL_HOST"):
        yield Finding(Mark.FINE, "mail", f"by {os.environ['EMAIL_HOST']}")
    else:
        yield Finding(Mark.NOTE, "mail", "is printed in the terminal: set EMAIL_HOST to send it")


def _database(stack: ExitStack) -> Findings:
    """The database, then all that can only be seen in it."""
    data = config.data_folder()
    if not os.environ.get("DATABASE_URL") and not Home(data).made:
        yield Finding(Mark.NOTE, "database", "is not made yet: comptoir up makes it")
        return
    import psycopg
    from django.db import DatabaseError

    try:
        stack.enter_context(tasks.at_hand())
        preparing.knock()
        yield from _server()
        if (yield from _tables()):
            yield from _grants()
            yield from _channels()
            yield from _jobs()
    except onboard.Unusable as error:
        yield Finding(Mark.WRONG, "database", str(error))
    except (DatabaseError, psycopg.Error) as error:
        said = " ".join(str(error).split())
        yield Finding(Mark.WRONG, "database", f"does not answer: {said}. Is DATABASE_URL right?")


def _server() -> Findings:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
    version = f"PostgreSQL {number // 10_000}.{number % 10_000}"
    where = "named by DATABASE_URL" if os.environ.get("DATABASE_URL") else "on board"
    if number < OLDEST_SERVER:
        yield Finding(Mark.WRONG, "database", f"{version} is too old: 15 or newer is needed.")
    else:
        yield Finding(Mark.FINE, "database", f"{version}, {where}")


def _tables() -> Generator[Finding, None, bool]:
    """Whether the tables are up to date."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        yield Finding(Mark.WRONG, "tables", f"{pending} migrations are to be applied: comptoir migrate")
    else:
        yield Finding(Mark.FINE, "tables", "up to date")
    return not pending


def _grants() -> Findings:
    """Whether our key opens every grant."""
    from comptoir.kernel.secrets import Unreadable
    from comptoir.networks.models import Grant

    closed = []
    grants = list(Grant.objects.select_related("channel"))
    for grant in grants:
        try:
            grant.secrets()
        except Unreadable:
            closed.append(grant.channel.handle)
    if closed:
        yield Finding(
            Mark.WRONG,
            "grants",
            f"our key does not open {', '.join(closed)}: put the old one back (COMPTOIR_KEYS), or reconnect.",
        )
    else:
        yield Finding(Mark.FINE, "grants", f"{len(grants)} can be read")


def _channels() -> Findings:
    from comptoir.networks.models import Channel
    from comptoir.networks.sentences import sentence

    channels = Channel.objects.everywhere().exclude(state=Channel.State.OFF).order_by("pk")
    dead = [channel for channel in channels if channel.state == Channel.State.RECONNECT]
    for channel in dead:
        why = sentence(channel.code, channel.facts, channel.network)
        yield Finding(
            Mark.WRONG,
            "channels",
            f"{channel.handle} on {channel.network}: {why} comptoir connect {channel.network}",
        )
    if not dead:
        yield Finding(Mark.FINE, "channels", f"{len(channels)} connected")


def _jobs() -> Findings:
    """Jobs that nobody takes up: no worker runs, or it cannot keep up."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
            " AND coalesce(scheduled_at, now()) < now() - make_interval(mins => %s)",
            [LATE_MINUTES],
        )
        late = cursor.fetchone()[0]
    if late and up.running(config.data_folder()):
        yield Finding(
            Mark.WRONG, "jobs", f"{late} wait for more than {LATE_MINUTES} minutes: is a worker running?"
        )
    else:
        yield Finding(Mark.FINE, "jobs", f"{late} late" if late else "none is late")
