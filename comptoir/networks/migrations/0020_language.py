from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0019_counts"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]
