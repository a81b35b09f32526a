import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0015_hub"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="first",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="joined",
                to="listening.alert",
            ),
        ),
    ]
