"""Addresses of the interface for programs, below /api/."""

from django.urls import path, re_path

from comptoir.organisation import addresses as numbers  # noqa: F401 - registers <number:...>
from comptoir.web import api, api_reference

app_name = "api"
urlpatterns = [
    path("docs", api_reference.reference, name="docs"),
    path("openapi.json", api_reference.schema, name="schema"),
    *api.addresses(),
    re_path(r"^(?P<rest>.*)$", api.nothing, name="nothing"),
]
for _pattern in urlpatterns[-1:]:
    _pattern.callback.csrf_exempt = True  # type: ignore[attr-defined]
