from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

TOGETHER = 1_000


def mark(apps: Any, _schema: Any) -> None:
    """Wordings that were kept before have their hashes as those kept from now on."""
    from comptoir.publishing.models.variant import bands_of

    rows = apps.get_model("publishing", "Variant").objects
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").only("pk", "parts")[:TOGETHER]):
        last = found[-1].pk
        for each in found:
            each.bands = bands_of(each.parts)
        rows.bulk_update([each for each in found if each.bands], ["bands"])


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0013_found_pieces"),
    ]

    operations = [
        migrations.AddField(
            model_name="variant",
            name="bands",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="variant",
            index=django.contrib.postgres.indexes.GinIndex(fields=["bands"], name="variant_bands"),
        ),
    ]
