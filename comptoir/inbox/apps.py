from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "comptoir.inbox"
    label = "inbox"

    def ready(self) -> None:
        """Say what we hold of people, and for how long."""
        from comptoir.inbox import persons, purging  # noqa: F401
