"""What was stored before is to be found by the rule of today: signs such as ™ are no part of a word."""

from importlib import import_module

from django.db import migrations

order = import_module("comptoir.networks.migrations.0011_index_anew").order


class Migration(migrations.Migration):
    dependencies = [("networks", "0013_defences"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunPython(order, migrations.RunPython.noop)]
