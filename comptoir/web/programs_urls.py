"""Addresses for programs, and of the pages on which people let them in."""

from django.urls import URLPattern, URLResolver, include, path

from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>
from comptoir.web import api_tokens, webhooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("comptoir.web.api_urls")),
    path("settings/tokens/", api_tokens.tokens, name="api-tokens"),
    path("settings/tokens/<number:pk>/ending/", api_tokens.ending, name="api-token-ending"),
    path("b/<slug:brand>/webhooks/", webhooks.webhooks, name="webhooks"),
    path("b/<slug:brand>/webhooks/<number:pk>/", webhooks.webhook, name="webhook"),
    path("b/<slug:brand>/webhooks/<number:pk>/secret/", webhooks.secret, name="webhook-secret"),
    path("b/<slug:brand>/webhooks/<number:pk>/switching/", webhooks.switching, name="webhook-switching"),
    path("b/<slug:brand>/webhooks/<number:pk>/removal/", webhooks.removal, name="webhook-removal"),
    path("b/<slug:brand>/webhooks/<number:pk>/trial/", webhooks.trial, name="webhook-trial"),
    path(
        "b/<slug:brand>/webhooks/<number:pk>/calls/<number:act>/again/", webhooks.again, name="webhook-again"
    ),
]
