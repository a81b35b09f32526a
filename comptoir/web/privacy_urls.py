"""Addresses about personal data: an owner's pages below a brand, and the public page."""

from django.urls import path

from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>
from comptoir.web import information, privacy

urlpatterns = [
    path("information/<slug:brand>/", information.information, name="information"),
    path("b/<slug:brand>/privacy/", privacy.privacy, name="privacy"),
    path("b/<slug:brand>/privacy/information/", information.information_lines, name="information-lines"),
    path("b/<slug:brand>/privacy/retention/", privacy.retentions, name="retentions"),
    path("b/<slug:brand>/privacy/objections/", privacy.objection_list, name="objections"),
    path("b/<slug:brand>/privacy/<number:pk>/", privacy.person, name="privacy-person"),
    path("b/<slug:brand>/privacy/<number:pk>/export/", privacy.person_export, name="privacy-export"),
    path("b/<slug:brand>/privacy/<number:pk>/erasure/", privacy.person_erasure, name="privacy-erasure"),
    path("b/<slug:brand>/privacy/<number:pk>/objection/", privacy.person_objection, name="privacy-objection"),
    path(
        "b/<slug:brand>/objections/<number:pk>/withdrawal/",
        privacy.objection_withdrawal,
        name="objection-withdrawal",
    ),
]
