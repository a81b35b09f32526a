"""Addresses for hubs: who holds one may say that something came at one place, and nothing else."""

from django.urls import path

from comptoir.listening.views.hubs import hub

urlpatterns = [path("hubs/<str:token>/", hub, name="hub")]
