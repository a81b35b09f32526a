from django.db import migrations, models

import comptoir.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("listening", "0010_removing")]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network", models.CharField(max_length=30, unique=True)),
                ("first", models.DateTimeField(default=comptoir.kernel.clock.now)),
                ("began", models.DateTimeField(default=comptoir.kernel.clock.now)),
                ("ended", models.DateTimeField(null=True)),
                ("upto", models.BigIntegerField(default=0)),
                ("kept", models.PositiveBigIntegerField(default=0)),
                ("asked", models.PositiveBigIntegerField(default=0)),
                ("gaps", models.BooleanField(default=False)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("facts", models.JSONField(default=dict)),
                ("whole", models.DateTimeField(null=True)),
            ],
        ),
    ]
