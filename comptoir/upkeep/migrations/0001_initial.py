"""Counts that only grow."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("networks", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("network", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("received", models.BigIntegerField(default=0)),
                ("up_to", models.BigIntegerField(default=0)),
            ],
        ),
    ]
