from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "comptoir.organisation"
    label = "organisation"

    def ready(self) -> None:
        """Hear of new keys in every process."""
        from comptoir.organisation import resealing  # noqa: F401
