"""Removed queries stay until all that they kept is gone; their names are free at once."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("listening", "0009_past")]
    operations: ClassVar = [
        migrations.AddField("query", "removed", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("query", "query_once"),
        migrations.AddConstraint(
            "query",
            models.UniqueConstraint(
                fields=["brand", "name"], condition=models.Q(removed=None), name="query_once"
            ),
        ),
    ]
