"""Addresses of figures, below a brand."""

from django.urls import path

from comptoir.measurement import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/people/", views.people, name="people-figures"),
    path("figures/<slug:table>.csv", views.sheet, name="figures-sheet"),
]
