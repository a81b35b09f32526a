import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comptoir.kernel.clock

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
USER = settings.AUTH_USER_MODEL
CASCADE = django.db.models.deletion.CASCADE
NOW = comptoir.kernel.clock.now
STATES = ["waiting", "sending", "sent", "failed", "dropped"]


class Migration(migrations.Migration):
    dependencies = [("organisation", "0005_sessions")]

    operations = [
        migrations.AddField(
            "notice",
            "to",
            models.ForeignKey(null=True, on_delete=CASCADE, related_name="notices", to=USER),
        ),
        migrations.RemoveConstraint("notice", "one_open_notice_about_a_thing"),
        migrations.AddConstraint(
            "notice",
            models.UniqueConstraint(
                fields=["brand", "code", "about", "to"],
                condition=models.Q(settled_at__isnull=True),
                name="one_open_notice_a_thing_and_person",
                nulls_distinct=False,
            ),
        ),
        migrations.CreateModel(
            name="Taste",
            fields=[
                ("id", ID),
                ("choices", models.JSONField(default=dict)),
                ("zone", models.CharField(default="UTC", max_length=60)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("quiet_days", models.JSONField(default=list)),
                ("digest_at", models.TimeField(default=datetime.time(8, 0))),
                ("chat", models.BinaryField(null=True)),
                ("user", models.OneToOneField(on_delete=CASCADE, related_name="taste", to=USER)),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", ID),
                ("endpoint", models.TextField(unique=True)),
                ("keys", models.BinaryField()),
                ("name", models.CharField(blank=True, max_length=120)),
                ("created", models.DateTimeField(default=NOW)),
                ("told_at", models.DateTimeField(null=True)),
                ("user", models.ForeignKey(on_delete=CASCADE, related_name="devices", to=USER)),
            ],
        ),
        migrations.CreateModel(
            name="Reach",
            fields=[
                ("id", ID),
                ("created", models.DateTimeField(default=NOW)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False, on_delete=CASCADE, related_name="reaches", to="organisation.notice"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to=USER),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["notice", "user"], name="told_once")],
                "indexes": [
                    models.Index(fields=["user", "-id"], name="reaches_of_user"),
                    models.Index(fields=["user"], condition=models.Q(seen_at=None), name="reaches_unseen"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", ID),
                ("way", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(default="waiting", max_length=8, choices=[(s, s) for s in STATES]),
                ),
                ("due", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "reach",
                    models.ForeignKey(
                        db_index=False, on_delete=CASCADE, related_name="dispatches", to="organisation.reach"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["reach", "way"], name="dispatched_once_a_way"),
                    models.CheckConstraint(condition=models.Q(state__in=STATES), name="dispatch_state_known"),
                ],
                "indexes": [
                    models.Index(
                        fields=["due"],
                        condition=models.Q(state__in=["waiting", "sending"]),
                        name="dispatch_due",
                    )
                ],
            },
        ),
    ]
