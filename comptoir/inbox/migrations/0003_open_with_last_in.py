from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of open threads carries when somebody last wrote: what is unread is counted without their rows."""

    dependencies = [("inbox", "0002_initial")]

    operations = [
        migrations.RemoveIndex(model_name="thread", name="thread_open"),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                fields=["brand", "-last_at", "-id"],
                condition=models.Q(("closed_at", None)),
                include=("last_in",),
                name="thread_open",
            ),
        ),
    ]
