"""Whoever changes what figures hang on, by whatever way, marks the thread: triggers write it down.

They only add rows, so nobody waits for anybody. Messages come in batches: their trigger runs once a statement.
"""

from django.db import migrations

WATCH = """
CREATE FUNCTION measurement_entries_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO measurement_due (thread, since) SELECT DISTINCT thread_id, now() FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER measurement_entries_new AFTER INSERT ON inbox_entry REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION measurement_entries_changed();
CREATE TRIGGER measurement_entries_there AFTER UPDATE ON inbox_entry REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION measurement_entries_changed();
CREATE TRIGGER measurement_entries_from AFTER UPDATE ON inbox_entry REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION measurement_entries_changed();
CREATE TRIGGER measurement_entries_gone AFTER DELETE ON inbox_entry REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION measurement_entries_changed();

CREATE FUNCTION measurement_thread_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO measurement_due (thread, since) VALUES (NEW.thread_id, now());
    RETURN NULL;
END $$;
CREATE TRIGGER measurement_closures AFTER INSERT OR UPDATE ON inbox_closure
    FOR EACH ROW EXECUTE FUNCTION measurement_thread_changed();
CREATE TRIGGER measurement_assignments AFTER INSERT ON inbox_assignment
    FOR EACH ROW EXECUTE FUNCTION measurement_thread_changed();
CREATE TRIGGER measurement_replies AFTER INSERT OR UPDATE ON inbox_reply
    FOR EACH ROW EXECUTE FUNCTION measurement_thread_changed();

CREATE FUNCTION measurement_delivery_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO measurement_due (thread, since)
        SELECT thread_id, now() FROM inbox_reply WHERE delivery_id = NEW.id
        UNION SELECT thread_id, now() FROM inbox_entry WHERE activity_id = NEW.result_id;
    RETURN NULL;
END $$;
CREATE TRIGGER measurement_deliveries AFTER UPDATE OF state, result_id ON networks_delivery FOR EACH ROW
    WHEN ((OLD.state, OLD.result_id) IS DISTINCT FROM (NEW.state, NEW.result_id))
    EXECUTE FUNCTION measurement_delivery_moved();

CREATE FUNCTION measurement_message_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO measurement_due (thread, since) SELECT thread_id, now() FROM inbox_entry WHERE activity_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER measurement_messages AFTER UPDATE OF standing, deleted, language, automatic ON networks_activity
    FOR EACH ROW WHEN ((OLD.standing, OLD.deleted, OLD.language, OLD.automatic)
        IS DISTINCT FROM (NEW.standing, NEW.deleted, NEW.language, NEW.automatic))
    EXECUTE FUNCTION measurement_message_changed();

INSERT INTO measurement_due (thread, since) SELECT id, now() FROM inbox_thread;
"""
LEAVE = """
DROP TRIGGER measurement_messages ON networks_activity;
DROP TRIGGER measurement_deliveries ON networks_delivery;
DROP TRIGGER measurement_replies ON inbox_reply;
DROP TRIGGER measurement_assignments ON inbox_assignment;
DROP TRIGGER measurement_closures ON inbox_closure;
DROP TRIGGER measurement_entries_gone ON inbox_entry;
DROP TRIGGER measurement_entries_from ON inbox_entry;
DROP TRIGGER measurement_entries_there ON inbox_entry;
DROP TRIGGER measurement_entries_new ON inbox_entry;
DROP FUNCTION measurement_message_changed();
DROP FUNCTION measurement_delivery_moved();
DROP FUNCTION measurement_thread_changed();
DROP FUNCTION measurement_entries_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("measurement", "0001_initial")]
    operations = [migrations.RunSQL(WATCH, LEAVE)]
