from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_open_with_last_in")]

    operations = [
        migrations.AddField("note", "said_as", models.TextField(blank=True, default="")),
        migrations.AddField("note", "remark", models.TextField(null=True, unique=True)),
    ]
