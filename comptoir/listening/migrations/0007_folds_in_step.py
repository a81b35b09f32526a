"""Folds follow their mentions, by whatever way these go: the next one is shown, sizes are true, prints go along.

What it takes of the rollups to show another mention is held in the order in which everybody holds it, before any of it
changes. The trigger's name comes before those of the rollups, and so does its turn.
"""

from importlib import import_module

from django.db import migrations

_BY_DAY = import_module("comptoir.listening.migrations.0005_by_day")
_KIND = "network, language, tone, noise"
_TOUCHED = f"""SELECT query_id, at, {_KIND} FROM gone
            UNION ALL SELECT query_id, at, {_KIND} FROM listening_mention WHERE id = ANY(heads)
            UNION ALL SELECT query_id, at, network, language, tone, '' FROM listening_mention WHERE id = ANY(heads)"""  # noqa: S608


def _hold(table: str) -> str:
    """Hold what the rows come to in a table."""
    place, moment = _BY_DAY._TABLES[table]
    same = " AND ".join(f"r.{each} = g.{each}" for each in ("query_id", place, *_KIND.split(", ")))
    fixed = ", ".join(f'r.{each} COLLATE "C"' for each in _KIND.split(", "))
    return f"""
        PERFORM FROM {table} r JOIN (
            SELECT DISTINCT m.query_id, {moment} AS {place}, {_KIND}
            FROM ({_TOUCHED}) m JOIN listening_query q ON q.id = m.query_id) g
            ON {same} ORDER BY r.query_id, r.{place}, {fixed} FOR UPDATE OF r;"""  # noqa: S608


IN_STEP = f"""
CREATE FUNCTION listening_fold_gone() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE heads bigint[]; BEGIN
    DELETE FROM listening_print p USING gone g WHERE p.mention = g.id;
    IF NOT EXISTS (SELECT FROM gone WHERE fold IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(h.id) INTO heads FROM (SELECT DISTINCT fold FROM gone WHERE fold IS NOT NULL AND noise = '') f
        CROSS JOIN LATERAL (SELECT id FROM listening_mention
            WHERE fold = f.fold AND noise = 'repeat' ORDER BY at, id LIMIT 1) h;
    IF heads IS NOT NULL THEN
        {_BY_DAY._HOLD.format(rows="gone")}{"".join(map(_hold, _BY_DAY._TABLES))}
        UPDATE listening_mention SET noise = '' WHERE id = ANY(heads);
    END IF;
    UPDATE listening_fold f SET size = f.size - n.n
        FROM (SELECT fold, count(*) AS n FROM gone WHERE fold IS NOT NULL GROUP BY 1) n WHERE f.id = n.fold;
    DELETE FROM listening_fold f USING gone g WHERE f.id = g.fold AND f.size = 0;
    RETURN NULL;
END $$;
CREATE TRIGGER listening_fold_gone AFTER DELETE ON listening_mention REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION listening_fold_gone();
"""  # noqa: S608 - nothing in it comes from outside

UNDONE = """
DROP TRIGGER listening_fold_gone ON listening_mention;
DROP FUNCTION listening_fold_gone();
"""


class Migration(migrations.Migration):
    dependencies = [("listening", "0006_folds")]

    operations = [migrations.RunSQL(IN_STEP, UNDONE)]
