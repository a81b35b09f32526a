from django.conf import settings
from django.db import migrations, models

ASKING = """
UPDATE publishing_post AS post SET state = 'asking' WHERE state = 'partly'
AND EXISTS (SELECT FROM publishing_destination WHERE post_id = post.id AND state = 'asking')
AND NOT EXISTS (
    SELECT FROM publishing_destination WHERE post_id = post.id AND state IN ('published', 'uncertain')
)
"""
BACK = "UPDATE publishing_post SET state = 'partly' WHERE state = 'asking'"


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0015_channels"),
        ("publishing", "0003_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="post",
            name="post_state_known",
        ),
        migrations.AlterField(
            model_name="post",
            name="state",
            field=models.CharField(
                choices=[
                    ("idea", "Idea"),
                    ("draft", "Draft"),
                    ("review", "To be approved"),
                    ("changes", "Changes asked for"),
                    ("declined", "Declined"),
                    ("approved", "Approved"),
                    ("scheduled", "Scheduled"),
                    ("missed", "Not approved in time"),
                    ("leaving", "Leaving"),
                    ("asking", "To be decided"),
                    ("published", "Published"),
                    ("partly", "Published in part"),
                    ("failed", "Not published"),
                    ("cancelled", "Cancelled"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.RunSQL(ASKING, BACK),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "idea",
                            "draft",
                            "review",
                            "changes",
                            "declined",
                            "approved",
                            "scheduled",
                            "missed",
                            "leaving",
                            "asking",
                            "published",
                            "partly",
                            "failed",
                            "cancelled",
                        ],
                    )
                ),
                name="post_state_known",
            ),
        ),
    ]
