"""Addresses of figures, below a brand."""

from django.urls import path

from comptoir.measurement import views
from comptoir.measurement.views_of_surge import surge

urlpatterns = [
    path("surge/", surge, name="surge"),
    path("figures/", views.figures, name="figures"),
    path("figures/people/", views.people, name="people-figures"),
    path("figures/<slug:table>.csv", views.sheet, name="figures-sheet"),
]
