"""Webhooks, their calls, and each try of a call."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comptoir.kernel.clock

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
CASCADE = django.db.models.deletion.CASCADE
NOW = comptoir.kernel.clock.now
WAITING = models.Q(("state", "waiting"))


class Migration(migrations.Migration):
    dependencies = [("organisation", "0008_programs")]
    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", ID),
                ("address", models.TextField()),
                ("events", django.contrib.postgres.fields.ArrayField(models.CharField(max_length=30))),
                ("sealed", models.BinaryField()),
                ("sealed_before", models.BinaryField(null=True)),
                ("rotated_at", models.DateTimeField(null=True)),
                ("on", models.BooleanField(default=True)),
                ("code", models.CharField(blank=True, max_length=30)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("rests_until", models.DateTimeField(null=True)),
                ("created", models.DateTimeField(default=NOW)),
                ("brand", models.ForeignKey(
                    on_delete=CASCADE, related_name="webhooks", to="organisation.brand",
                )),
                ("made_by", models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                    to=settings.AUTH_USER_MODEL,
                )),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="WebhookCall",
            fields=[
                ("id", ID),
                ("event", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=30)),
                ("data", models.JSONField()),
                ("at", models.DateTimeField(default=NOW)),
                ("state", models.CharField(
                    choices=[("waiting", "Waiting"), ("taken", "Taken"), ("failed", "Not taken")],
                    default="waiting", max_length=8,
                )),
                ("tries", models.PositiveIntegerField(default=0)),
                ("queued", models.DateTimeField(default=NOW)),
                ("due", models.DateTimeField(default=NOW)),
                ("code", models.CharField(blank=True, max_length=30)),
                ("webhook", models.ForeignKey(
                    db_index=False, on_delete=CASCADE, related_name="calls", to="organisation.webhook",
                )),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "taken", "failed"])),
                        name="webhook_call_state_known",
                    )
                ],
                "indexes": [
                    models.Index(condition=WAITING, fields=["webhook", "id"], name="webhook_call_waiting"),
                    models.Index(fields=["webhook", "-id"], name="webhook_call_newest"),
                    models.Index(fields=["at"], name="webhook_call_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", ID),
                ("at", models.DateTimeField(default=NOW)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("code", models.CharField(blank=True, max_length=30)),
                ("took", models.PositiveIntegerField(default=0)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("call", models.ForeignKey(
                    on_delete=CASCADE, related_name="attempts", to="organisation.webhookcall",
                )),
            ],
        ),
    ]  # fmt: skip
