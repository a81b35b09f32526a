"""Rollups follow mentions, and mentions follow what they are about, whoever changes either and by whatever way.

Mentions come and go in batches: their triggers run once a statement, and take the rows of rollups in one order, so that
two batches never wait for each other.
"""

from django.db import migrations

_OF = "query_id, date_trunc('hour', at, 'UTC') AS hour, network, language, tone, noise"
_SAME = """(r.query_id, r.hour, r.network, r.language, r.tone, r.noise)
            = (g.query_id, g.hour, g.network, g.language, g.tone, g.noise)"""

IN_STEP = f"""
CREATE FUNCTION listening_mentions_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM FROM listening_rollup r JOIN (SELECT DISTINCT {_OF} FROM gone) g ON {_SAME}
        ORDER BY r.query_id, r.hour, r.network COLLATE "C", r.language COLLATE "C", r.tone COLLATE "C",
            r.noise COLLATE "C"
        FOR UPDATE OF r;
    UPDATE listening_rollup r SET count = r.count - g.n, followers = r.followers - g.f
        FROM (SELECT {_OF}, count(*) AS n, sum(followers) AS f FROM gone GROUP BY 1, 2, 3, 4, 5, 6) g
        WHERE {_SAME};
    DELETE FROM listening_rollup r USING (SELECT DISTINCT {_OF} FROM gone) g WHERE {_SAME} AND r.count = 0;
    RETURN NULL;
END $$;
CREATE FUNCTION listening_mentions_come() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO listening_rollup AS r (query_id, hour, network, language, tone, noise, count, followers)
        SELECT {_OF}, count(*), sum(followers) FROM come GROUP BY 1, 2, 3, 4, 5, 6
        ORDER BY 1, 2, network COLLATE "C", language COLLATE "C", tone COLLATE "C", noise COLLATE "C"
        ON CONFLICT (query_id, hour, network, language, tone, noise) DO UPDATE
        SET count = r.count + excluded.count, followers = r.followers + excluded.followers;
    RETURN NULL;
END $$;
CREATE TRIGGER listening_mentions_new AFTER INSERT ON listening_mention REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION listening_mentions_come();
CREATE TRIGGER listening_mentions_over AFTER DELETE ON listening_mention REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION listening_mentions_gone();
CREATE TRIGGER listening_mentions_were AFTER UPDATE ON listening_mention REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION listening_mentions_gone();
CREATE TRIGGER listening_mentions_will_be AFTER UPDATE ON listening_mention REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION listening_mentions_come();

CREATE FUNCTION listening_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM listening_mention WHERE activity_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER listening_taken_back AFTER UPDATE OF deleted, erased ON networks_activity FOR EACH ROW
    WHEN ((NEW.deleted IS NOT NULL AND OLD.deleted IS NULL) OR (NEW.erased IS NOT NULL AND OLD.erased IS NULL))
    EXECUTE FUNCTION listening_taken_back();

"""  # noqa: S608 - nothing in it comes from outside

UNDONE = """
DROP TRIGGER listening_taken_back ON networks_activity;
DROP TRIGGER listening_mentions_will_be ON listening_mention;
DROP TRIGGER listening_mentions_were ON listening_mention;
DROP TRIGGER listening_mentions_over ON listening_mention;
DROP TRIGGER listening_mentions_new ON listening_mention;
DROP FUNCTION listening_taken_back();
DROP FUNCTION listening_mentions_come();
DROP FUNCTION listening_mentions_gone();
"""


class Migration(migrations.Migration):
    dependencies = [("listening", "0001_initial")]

    operations = [migrations.RunSQL(IN_STEP, UNDONE)]
