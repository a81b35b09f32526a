from django.db import migrations, models

KNOWN = ["waiting", "sending", "sent", "refused", "uncertain", "withdrawn", "returned"]


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0003_persons"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="automatic",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answer", "answer"),
                    ("bulk", "bulk"),
                    ("returned", "returned"),
                    ("delayed", "delayed"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="quoted",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("refused", "Refused"),
                    ("uncertain", "Uncertain"),
                    ("withdrawn", "Withdrawn"),
                    ("returned", "Came back"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_state_known",
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", KNOWN)), name="delivery_state_known"
            ),
        ),
    ]
