from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class WebConfig(AppConfig):
    name = "comptoir.web"
    label = "web"

    def ready(self) -> None:
        """Hear sign-ins and lost memberships in every process, not only in those that have served a sign-in."""
        from comptoir.kernel.sight import opened
        from comptoir.web import narrowing, security_restored, security_watch, signins  # noqa: F401

        connection_created.connect(opened)
        # Once for all rooms: theirs are the tables, and ours has none.
        house = apps.get_app_config("organisation")
        pre_migrate.connect(narrowing.shut, sender=house)
        post_migrate.connect(narrowing.build, sender=house)
