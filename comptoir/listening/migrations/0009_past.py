"""A source knows what was said before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0008_alerts")]

    operations = [migrations.AddField("source", "past", models.JSONField(null=True))]
