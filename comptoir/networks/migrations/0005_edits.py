from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0004_quoted_automatic_returned"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="warning",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="act",
            field=models.CharField(
                choices=[
                    ("reply", "Reply"),
                    ("post", "Post"),
                    ("delete", "Deletion"),
                    ("edit", "Change"),
                    ("tell", "Notice"),
                ],
                default="reply",
                max_length=8,
            ),
        ),
    ]
