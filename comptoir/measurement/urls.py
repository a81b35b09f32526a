"""Addresses of figures, below a brand."""

from django.urls import path

from comptoir.measurement import views, views_of_posts
from comptoir.measurement.views_of_surge import surge

urlpatterns = [
    path("surge/", surge, name="surge"),
    path("figures/", views.figures, name="figures"),
    path("figures/people/", views.people, name="people-figures"),
    path("figures/posts/", views_of_posts.posts, name="post-figures"),
    path("figures/posts/<number:pk>/", views_of_posts.growth, name="post-growth"),
    path("figures/posts/all.csv", views_of_posts.sheet, name="post-figures-sheet"),
    path("figures/<slug:table>.csv", views.sheet, name="figures-sheet"),
]
