"""Old mentions in files: which files there are, and what stays of a mention. Whatever goes of that is lost to its file,
by whatever way it goes."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import comptoir.kernel.clock

LOST = """
CREATE FUNCTION listening_stored_lost() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM FROM listening_storedfile WHERE id IN (SELECT file_id FROM gone) ORDER BY id FOR UPDATE;
    UPDATE listening_storedfile f SET lost = f.lost || g.ids
        FROM (SELECT file_id, array_agg(id) AS ids FROM gone GROUP BY file_id) g WHERE f.id = g.file_id;
    RETURN NULL;
END $$;
CREATE TRIGGER listening_stored_lost AFTER DELETE ON listening_storedmention REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION listening_stored_lost();
"""
UNDONE = """
DROP TRIGGER listening_stored_lost ON listening_storedmention;
DROP FUNCTION listening_stored_lost();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0011_rounds"),
        ("networks", "0015_corrections"),
        ("organisation", "0015_channels"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredScrap",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("made", models.DateTimeField(default=comptoir.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("name", models.TextField(unique=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("rows", models.PositiveIntegerField()),
                ("size", models.BigIntegerField()),
                (
                    "lost",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                ("made", models.DateTimeField(default=comptoir.kernel.clock.now)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stored_files",
                        to="organisation.brand",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoredMention",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.BigIntegerField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stored",
                        to="networks.actor",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="listening.storedfile",
                    ),
                ),
                (
                    "query",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stored",
                        to="listening.query",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key", "query"), name="stored_once")],
            },
        ),
        migrations.RunSQL(LOST, UNDONE),
    ]
