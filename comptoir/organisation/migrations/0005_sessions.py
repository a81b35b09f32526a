"""Sessions that know whose they are, sealed and found by a digest; tries counted in a table of their own.

Whoever is signed in stays so: the sessions that are not over move here.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.core import signing
from django.db import migrations, models

from comptoir.kernel import clock
from comptoir.kernel.secrets import seal

SALT = "django.contrib.sessions.SessionStore"
OLD = "SELECT session_key, session_data, expire_date FROM django_session WHERE expire_date > now()"


def move(apps: Any, schema_editor: Any) -> None:
    """Bring the sessions of signed-in people here, then drop the table that was theirs."""
    connection = schema_editor.connection
    session, user = (apps.get_model("organisation", name) for name in ("Session", "User"))
    with connection.cursor() as cursor:
        if "django_session" not in connection.introspection.table_names(cursor):
            return
        cursor.execute(OLD)
        rows = [row for old in cursor.fetchall() if (row := _moved(session, *old))]
        people = set(user.objects.values_list("pk", flat=True))
        session.objects.bulk_create([row for row in rows if row.user_id in people], batch_size=500)
        cursor.execute("DROP TABLE django_session")


def _moved(session: Any, key: str, data: str, ends: datetime) -> Any:
    try:
        said = signing.loads(data, salt=SALT)
    except signing.BadSignature:
        return None
    if not str(said.get("_auth_user_id", "")).isdecimal():
        return None
    return session(
        digest=sha256(key.encode()).hexdigest(),
        sealed=seal(json.dumps(said)).decode(),
        ends=ends,
        user_id=int(said["_auth_user_id"]),
    )


class Migration(migrations.Migration):
    dependencies = [("organisation", "0004_people")]
    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("sealed", models.TextField()),
                ("ends", models.DateTimeField(db_index=True)),
                ("began", models.DateTimeField(default=clock.now)),
                ("seen", models.DateTimeField(default=clock.now)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("device", models.CharField(blank=True, max_length=80)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(max_length=64)),
                ("place", models.CharField(max_length=64)),
                ("count", models.PositiveIntegerField(default=0)),
                ("last", models.DateTimeField(db_index=True, default=clock.now)),
                ("until", models.DateTimeField(default=clock.now)),
            ],
        ),
        migrations.AddConstraint(
            model_name="tries",
            constraint=models.UniqueConstraint(fields=("account", "place"), name="tries_once_a_place"),
        ),
        migrations.CreateModel(
            name="SecondStepRule",
            fields=[
                (
                    "brand",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="second_step_rule",
                        serialize=False,
                        to="organisation.brand",
                    ),
                ),
                ("since", models.DateTimeField(default=clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(move, migrations.RunPython.noop, elidable=True),
    ]
