"""What the doctor sees in the database. Django is set up, and it answers."""

import os
import time
from collections.abc import Generator

from comptoir.command import preparing, up
from comptoir.command.findings import Finding, Findings, fine, note, wrong
from comptoir.kernel import config
from comptoir.kernel.stores import INSTALL, Folder, Store, StoreFailed, lacking
from comptoir.listening import stored

OLDEST_SERVER = 150_000
LATE_MINUTES = 5
_APART = 2.0
"""Seconds that two clocks may be apart without a word."""
_FAR_APART = 30.0
_SERVER = """
SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datcollate,
       coalesce(datcollversion <> pg_database_collation_actual_version(oid), false),
       current_setting('fsync'), current_setting('full_page_writes'), current_setting('max_connections')::int,
       extract(epoch FROM clock_timestamp())::float8
FROM pg_database WHERE datname = current_database()
"""


def looks() -> Findings:
    """Everything, in order; what needs the tables only when they are as they should be."""
    yield from _server()
    if (yield from _tables()):
        yield from _grants()
        yield from _channels()
        yield from _workers()
        yield from _jobs()
        yield from _asked_again()
        yield from _stored()


def _asked_again() -> Findings:
    """Whether all that was heard in public is asked for again within a day, so that deletions reach it."""
    from comptoir.listening.models import Round

    for walk in Round.objects.order_by("network"):
        since = (
            f"all that was kept has been asked for since {walk.whole:%Y-%m-%d %H:%M} UTC"
            if walk.whole
            else ""
        )
        said = f"{walk.label}: {since or 'being asked for the first time'}"
        said += "" if walk.ended else f", now at {walk.asked:,} of {walk.kept:,}"
        if not walk.is_behind:
            yield fine("asked again", said)
        else:
            why = f" ({walk.code})" if walk.code else ": is a worker running?"
            yield note("asked again", f"{said}; that is {walk.hours} hours, and should be 24{why}")


def _stored() -> Findings:
    """Whether the files of old mentions are where the setting points: it may have been changed since."""
    from comptoir.kernel.asking import ask

    held = dict(ask("SELECT name, rows - cardinality(lost) FROM listening_storedfile", {}))
    if not held:
        return
    if missing := lacking():
        yield wrong(
            "stored",
            f"{len(held)} files of old mentions cannot be read without {', '.join(missing)}: {INSTALL}",
        )
        return
    place, usual = stored.place(), stored.usual()
    try:
        away = place.missing(held)
        here = away - usual.missing(away)
    except StoreFailed as error:
        yield wrong("stored", f"{error}. See MENTIONS_STORED_IN.")
        return
    if not away:
        yield fine("stored", f"{len(held)} files with {sum(held.values()):,} old mentions are in {place}")
        return
    said = f"{len(away)} of {len(held)} files of old mentions are not in {place}, where MENTIONS_STORED_IN points: "
    said += f"{sum(held[name] for name in away):,} mentions are left out of Explore. "
    came = f"{len(here)} of them are in {usual}, where files stand when it is empty. " if here else ""
    yield wrong("stored", f"{said}{came}Stop Comptoir, then copy all of the place that it named before, folders and all"
                f" ({_copied(usual if here else None, place)}), or have it name that place again. What is lost for good"
                " is in a backup.")  # fmt: skip


def _copied(former: Store | None, place: Store) -> str:
    """A command that does it."""
    if isinstance(place, Folder):
        return f"cp -a {former or 'BEFORE'}/. {place}/"
    return f"rclone copy {former or 'BEFORE'} STORE:{str(place).removeprefix('s3://')}"


def _server() -> Findings:
    from django.db import connection

    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute(_SERVER)
        number, encoding, order, moved, fsync, whole_pages, most, clock = cursor.fetchone()
    version = f"PostgreSQL {number // 10_000}.{number % 10_000}"
    where = "named by DATABASE_URL" if os.environ.get("DATABASE_URL") else "on board"
    if number < OLDEST_SERVER:
        yield wrong("database", f"{version} is too old: 15 or newer is needed.")
    else:
        yield fine("database", f"{version}, {where}, {encoding}, order {order}")
    if encoding != "UTF8":
        yield wrong(
            "database", f"its encoding is {encoding}: make one with ENCODING 'UTF8' TEMPLATE template0."
        )
    if moved:
        yield wrong("database", "the machine sorts otherwise than when it was made: REINDEX DATABASE, then ALTER"
                    " DATABASE ... REFRESH COLLATION VERSION.")  # fmt: skip
    if "off" in (fsync, whole_pages):
        yield wrong("database", "it runs with fsync or full_page_writes off: a power cut would destroy it.")
    if most < 40:
        yield note("database", f"max_connections is {most}: a web process takes up to 8, a worker up to 10")
    yield from _clock(clock - (before + time.time()) / 2)


def _clock(apart: float) -> Findings:
    said = f"{abs(apart):.1f} s {'ahead of' if apart < 0 else 'behind'} the database's"
    if abs(apart) > _FAR_APART:
        yield wrong("clock", f"this machine's is {said}: have both set by NTP.")
    elif abs(apart) > _APART:
        yield note("clock", f"this machine's is {said}")
    else:
        yield fine("clock", "agrees with the database's")


def _tables() -> Generator[Finding, None, bool]:
    """Whether the tables are up to date."""
    from django.db import connection

    from comptoir.upkeep import stage

    try:
        pending = preparing.pending()
    except preparing.Unfit as error:
        yield wrong("tables", str(error))
        return False
    if pending:
        yield wrong("tables", f"{pending} migrations are to be applied: comptoir migrate")
    else:
        yield fine("tables", "up to date")
    with connection.cursor() as cursor:
        if stage.half_made(cursor):
            yield note("tables", f"a restoring was interrupted: the schema {stage.STAGE} can be dropped")
    return not pending


def _grants() -> Findings:
    """Whether our keys open all that is kept sealed."""
    from comptoir.kernel import secrets

    closed, count = [], 0
    for each in (each for place in secrets.places for each in place()):
        count += 1
        try:
            secrets.unseal(each.value)
        except secrets.Unreadable:
            closed.append(each.about)
    if closed:
        yield wrong(
            "grants",
            f"our key does not open {', '.join(dict.fromkeys(closed))}:"
            " put the old one back (COMPTOIR_KEYS), or reconnect.",
        )
    else:
        yield fine("grants", f"{count} can be read")


def _channels() -> Findings:
    from comptoir.networks.models import Channel
    from comptoir.networks.sentences import sentence

    channels = Channel.objects.everywhere().exclude(state=Channel.State.OFF).order_by("pk")
    dead = [channel for channel in channels if channel.state == Channel.State.RECONNECT]
    for channel in dead:
        why = sentence(channel.code, channel.facts, channel.network)
        yield wrong(
            "channels", f"{channel.handle} on {channel.network}: {why} comptoir connect {channel.network}"
        )
    if not dead:
        yield fine("channels", f"{len(channels)} connected")


def _workers() -> Findings:
    """Whether somebody does the jobs: known only where Comptoir should be running."""
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [2 * settings.WORKER_DEAD_AFTER],
        )
        alive = cursor.fetchone()[0]
    if alive:
        yield fine("workers", f"{alive} alive")
    elif up.running(config.data_folder()):
        yield wrong("workers", "none is alive: nothing comes in or leaves. What does the log say?")
    else:
        yield note("workers", "none is alive")


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
        yield wrong("jobs", f"{late} wait for more than {LATE_MINUTES} minutes: is a worker running?")
    else:
        yield fine("jobs", f"{late} late" if late else "none is late")
