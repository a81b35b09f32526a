from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("networks", "0011_index_anew")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="country",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
    ]
