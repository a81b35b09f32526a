"""What was stored before is to be found by the rule of today: a full stop without a blank parts words as well."""

from django.db import migrations
from procrastinate.contrib.django import app


def order(apps, _schema_editor):
    if apps.get_model("networks", "Activity").objects.exists():
        app.configure_task("comptoir.networks.jobs.index_anew", lock="index_anew").defer(after=0)


class Migration(migrations.Migration):
    dependencies = [("networks", "0010_paced"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunPython(order, migrations.RunPython.noop)]
