from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    name = "comptoir.measurement"
    label = "measurement"
