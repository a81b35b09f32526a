"""Figures are told by queue, too. Threads go into queues by themselves and leave no act: a trigger marks them."""

import django.db.models.deletion
from django.db import migrations, models

WATCH = """
CREATE FUNCTION measurement_queue_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO measurement_due (thread, since) VALUES (NEW.id, now());
    RETURN NULL;
END $$;
CREATE TRIGGER measurement_queues AFTER UPDATE OF queue_id ON inbox_thread FOR EACH ROW
    WHEN (OLD.queue_id IS DISTINCT FROM NEW.queue_id) EXECUTE FUNCTION measurement_queue_changed();
INSERT INTO measurement_due (thread, since) SELECT id, now() FROM inbox_thread WHERE queue_id IS NOT NULL;
"""
LEAVE = """
DROP TRIGGER measurement_queues ON inbox_thread;
DROP FUNCTION measurement_queue_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("measurement", "0002_what_is_due"), ("inbox", "0012_queues")]
    operations = [
        migrations.AddField(
            "heard",
            "queue",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="inbox.queue",
            ),
        ),
        migrations.RunSQL(WATCH, LEAVE),
    ]
