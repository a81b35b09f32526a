import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comptoir.kernel.clock

_VERDICTS = ["approve", "hold", "spam", "remove"]
_STANDINGS = ["held", "spam", "removed"]
_REASONS = [
    ("spam", "Spam or advertising"), ("illegal", "Illegal content"), ("hate", "Hate speech"),
    ("harassment", "Insult or harassment"), ("off_topic", "Off topic"),
    ("personal_data", "Personal data of somebody"), ("other", "Another reason"),
]  # fmt: skip
_ACTS = [
    ("reply", "Reply"), ("post", "Post"), ("delete", "Deletion"), ("edit", "Change"), ("tell", "Notice"),
    ("approve", "Approval"), ("hold", "Holding back"), ("spam", "Marking as spam"), ("remove", "Removal"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0005_edits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Moderation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verdict", models.CharField(choices=[(v, v) for v in _VERDICTS], max_length=8)),
                ("reason", models.CharField(blank=True, choices=_REASONS, max_length=20)),
                ("words", models.TextField(blank=True)),
                ("before", models.CharField(blank=True, choices=[(s, s) for s in _STANDINGS], max_length=10)),
                ("at", models.DateTimeField(default=comptoir.kernel.clock.now)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moderations",
                        to="networks.activity",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moderations",
                        to="networks.channel",
                    ),
                ),
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moderation",
                        to="networks.delivery",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="undone",
                        to="networks.moderation",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="delivery",
            name="act",
            field=models.CharField(choices=_ACTS, default="reply", max_length=8),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("standing", "held")),
                fields=["network", "published"],
                name="activity_held",
            ),
        ),
    ]
