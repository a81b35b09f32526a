from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "comptoir.networks"
    label = "networks"

    def ready(self) -> None:
        """Say what has to happen to our rows when a backup comes back."""
        from comptoir.networks import restored  # noqa: F401
