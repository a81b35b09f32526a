from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "comptoir.organisation"
    label = "organisation"
