from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Threads count what waits for approval and what the brand hides: no message had a standing before."""

    dependencies = [("inbox", "0004_remarks"), ("networks", "0006_moderation")]

    operations = [
        migrations.AddField(model_name="thread", name="held", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="thread", name="hidden", field=models.PositiveIntegerField(default=0)),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                fields=["brand", "-last_at", "-id"], condition=Q(("held__gt", 0)), name="thread_held"
            ),
        ),
    ]
