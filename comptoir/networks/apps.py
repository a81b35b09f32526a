from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "comptoir.networks"
    label = "networks"
