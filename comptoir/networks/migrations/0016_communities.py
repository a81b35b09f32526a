import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comptoir.kernel.clock

SPEAKS = [
    ("yes", "A brand may speak there"),
    ("addressed", "Only when it is addressed"),
    ("ask", "Ask first"),
    ("no", "No brand speaks there"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0015_corrections"),
        ("organisation", "0015_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Community",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network", models.CharField(blank=True, max_length=30)),
                ("place", models.CharField(max_length=300)),
                ("name", models.CharField(max_length=100)),
                ("customs", models.TextField(blank=True)),
                ("speaks", models.CharField(choices=SPEAKS, default="ask", max_length=9)),
                ("asks", models.CharField(blank=True, max_length=200)),
                ("reviewed", models.DateTimeField(default=comptoir.kernel.clock.now)),
                ("made", models.DateTimeField(default=comptoir.kernel.clock.now)),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="communities",
                        to="organisation.brand",
                    ),
                ),
                ("speakers", models.ManyToManyField(related_name="+", to="organisation.membership")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "network", "place"), name="community_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="CommunityNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=comptoir.kernel.clock.now)),
                ("text", models.TextField()),
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
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="networks.community",
                    ),
                ),
            ],
        ),
    ]
