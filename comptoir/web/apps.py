from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "comptoir.web"
    label = "web"

    def ready(self) -> None:
        """Hear sign-ins and lost memberships in every process, not only in those that have served a sign-in."""
        from comptoir.web import security_restored, security_watch, signins  # noqa: F401
