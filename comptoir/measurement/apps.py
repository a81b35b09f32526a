from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    name = "comptoir.measurement"
    label = "measurement"

    def ready(self) -> None:
        """Say what we hold of people."""
        from comptoir.measurement import persons  # noqa: F401
