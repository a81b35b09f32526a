from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "comptoir.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Say what we hold of people."""
        from comptoir.publishing import persons  # noqa: F401
