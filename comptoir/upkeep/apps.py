from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "comptoir.upkeep"
    label = "upkeep"
