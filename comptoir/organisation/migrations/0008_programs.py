"""Tokens of programs, and how often somebody may ask."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comptoir.kernel.clock

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
CASCADE = django.db.models.deletion.CASCADE
# Written at each request and of no worth after a crash: not logged, with room in each page for the next version.
LIGHT = """
ALTER TABLE organisation_pace SET UNLOGGED;
ALTER TABLE organisation_pace SET (fillfactor = 50, autovacuum_vacuum_threshold = 1000);
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0007_retention")]
    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=80)),
                ("beginning", models.CharField(max_length=10)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", django.contrib.postgres.fields.ArrayField(models.CharField(max_length=30))),
                ("expires", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("created", models.DateTimeField(default=comptoir.kernel.clock.now)),
                ("brand", models.ForeignKey(
                    null=True, on_delete=CASCADE, related_name="api_tokens", to="organisation.brand",
                )),
                ("user", models.ForeignKey(
                    on_delete=CASCADE, related_name="api_tokens", to=settings.AUTH_USER_MODEL,
                )),
            ],
            options={"ordering": ["-created", "-id"]},
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("whole_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(LIGHT, migrations.RunSQL.noop),
    ]  # fmt: skip
