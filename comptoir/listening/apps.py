from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "comptoir.listening"
    label = "listening"

    def ready(self) -> None:
        """Say what we hold of people, and for how long."""
        from comptoir.listening import persons, purging  # noqa: F401
