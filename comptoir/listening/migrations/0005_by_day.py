"""Mentions are counted by the day as well, and both by the clock of the query's zone.

Whoever writes mentions holds their queries first: a zone that changes waits for them, and they for it.
"""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import migrations

_KIND = "network, language, tone, noise"
_C = 'network COLLATE "C", language COLLATE "C", tone COLLATE "C", noise COLLATE "C"'
_TABLES = {
    "listening_rollup": ("hour", "date_trunc('hour', m.at, q.zone)"),
    "listening_dayrollup": ("day", "(m.at AT TIME ZONE q.zone)::date"),
}
_HOLD = "PERFORM FROM listening_query WHERE id IN (SELECT query_id FROM {rows}) ORDER BY id FOR KEY SHARE;"


def _counted(table: str, rows: str) -> str:
    """What the rows come to in a table."""
    place, moment = _TABLES[table]
    return f"""SELECT m.query_id, {moment} AS {place}, {_KIND}, count(*) AS n, sum(followers) AS f
            FROM {rows} m JOIN listening_query q ON q.id = m.query_id GROUP BY 1, 2, 3, 4, 5, 6"""  # noqa: S608


def _gone(table: str) -> str:
    place, _moment = _TABLES[table]
    same = f"(r.query_id, r.{place}, r.network, r.language, r.tone, r.noise) = (g.query_id, g.{place}, g.network, g.language, g.tone, g.noise)"  # noqa: E501
    fixed = ", ".join(f'r.{each} COLLATE "C"' for each in ("network", "language", "tone", "noise"))
    return f"""
    PERFORM FROM {table} r JOIN ({_counted(table, "gone")}) g ON {same}
        ORDER BY r.query_id, r.{place}, {fixed} FOR UPDATE OF r;
    WITH less AS (
        UPDATE {table} r SET count = r.count - g.n, followers = r.followers - g.f
        FROM ({_counted(table, "gone")}) g WHERE {same} RETURNING r.id, r.count)
    SELECT array_agg(id) INTO empty FROM less WHERE count = 0;
    DELETE FROM {table} WHERE id = ANY(empty) AND count = 0;"""  # noqa: S608


def _come(table: str) -> str:
    place, _moment = _TABLES[table]
    return f"""
    INSERT INTO {table} AS r (query_id, {place}, {_KIND}, count, followers)
        SELECT query_id, {place}, {_KIND}, n, f FROM ({_counted(table, "come")}) c
        ORDER BY 1, 2, {_C}
        ON CONFLICT (query_id, {place}, {_KIND}) DO UPDATE
        SET count = r.count + excluded.count, followers = r.followers + excluded.followers;"""  # noqa: S608


IN_STEP = f"""
CREATE OR REPLACE FUNCTION listening_mentions_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE empty bigint[]; BEGIN
    {_HOLD.format(rows="gone")}{"".join(map(_gone, _TABLES))}
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION listening_mentions_come() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {_HOLD.format(rows="come")}{"".join(map(_come, _TABLES))}
    RETURN NULL;
END $$;
"""
_BEFORE = import_module("comptoir.listening.migrations.0002_in_step").IN_STEP
UNDONE = _BEFORE[: _BEFORE.index("CREATE TRIGGER")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def count(apps: Any, schema_editor: Any) -> None:
    """Count what there is by the zone of each brand, as `rollup.settle_zone` does."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            """UPDATE listening_query q SET zone = z.name FROM organisation_brand b, pg_timezone_names z
            WHERE b.id = q.brand_id AND z.name = coalesce(nullif(b.time_zone, ''), %s)""",
            [settings.TIME_ZONE],
        )
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            place = _TABLES[table][0]
            cursor.execute(
                f"INSERT INTO {table} (query_id, {place}, {_KIND}, count, followers)"
                f" {_counted(table, 'listening_mention')}"
            )


class Migration(migrations.Migration):
    dependencies = [("listening", "0004_exploring"), ("organisation", "0015_channels")]

    operations = [
        migrations.RunSQL(IN_STEP, UNDONE),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
