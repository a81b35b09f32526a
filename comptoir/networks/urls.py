"""Addresses about channels, below a brand."""

from django.urls import path

from comptoir.networks.views import channels, media, waiting
from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>

urlpatterns = [
    path("channels/", channels.channels, name="channels"),
    path("channels/new/", channels.new, name="channel-new"),
    path("channels/new/<slug:network>/", channels.connection, name="connection"),
    path("channels/<number:pk>/", channels.channel, name="channel"),
    path("channels/<number:pk>/settings/", channels.choosing, name="choosing"),
    path("channels/<number:pk>/switching/", channels.switching, name="switching"),
    path("deliveries/", waiting.deliveries, name="deliveries"),
    path("deliveries/<number:pk>/settlement/", waiting.settlement, name="settlement"),
    path("set-aside/", waiting.set_aside, name="set-aside"),
    path("set-aside/<number:pk>/settlement/", waiting.seen, name="seen"),
    path("media/<slug:size>/<str:token>/", media.media, name="media"),
    path("files/<number:pk>/<number:place>/", media.file, name="file"),
]
