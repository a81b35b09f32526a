"""The audit log, and the triggers that keep it as it was written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import comptoir.kernel.clock

GUARD = """
CREATE FUNCTION audit_is_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' AND coalesce(current_setting('comptoir.purging_audit', true), '') = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log is never edited' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON organisation_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_is_never_edited();
CREATE TRIGGER audit_kept_whole BEFORE TRUNCATE ON organisation_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_never_edited();
"""
OPEN = """
DROP TRIGGER audit_kept ON organisation_auditentry;
DROP TRIGGER audit_kept_whole ON organisation_auditentry;
DROP FUNCTION audit_is_never_edited();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_cache")]
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=comptoir.kernel.clock.now)),
                ("who", models.CharField(blank=True, max_length=254)),
                ("what", models.CharField(max_length=60)),
                ("about_kind", models.CharField(blank=True, max_length=60)),
                ("about_id", models.BigIntegerField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("via", models.CharField(max_length=8)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("brand", models.ForeignKey(
                    db_constraint=False, db_index=False, null=True,
                    on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="organisation.brand",
                )),
                ("user", models.ForeignKey(
                    db_constraint=False, db_index=False, null=True,
                    on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=settings.AUTH_USER_MODEL,
                )),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("via__in", ["page", "api", "command", "job"])), name="audit_via_known"
                    )
                ],
                "indexes": [
                    models.Index(fields=["brand", "-at", "-id"], name="audit_of_brand"),
                    models.Index(fields=["brand", "user", "-at", "-id"], name="audit_of_person"),
                    models.Index(fields=["brand", "what", "-at", "-id"], name="audit_of_kind"),
                    models.Index(fields=["about_kind", "about_id", "-at", "-id"], name="audit_of_thing"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, OPEN),
    ]  # fmt: skip
