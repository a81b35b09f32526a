"""Addresses about channels, below a brand."""

from django.urls import path

from comptoir.networks.views import channels, communities, media, waiting
from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>

urlpatterns = [
    path("channels/", channels.channels, name="channels"),
    path("channels/new/", channels.new, name="channel-new"),
    path("channels/new/<slug:network>/", channels.connection, name="connection"),
    path("channels/<number:pk>/", channels.channel, name="channel"),
    path("channels/<number:pk>/settings/", channels.choosing, name="choosing"),
    path("channels/<number:pk>/switching/", channels.switching, name="switching"),
    path("communities/", communities.communities, name="communities"),
    path("communities/new/", communities.community_new, name="community-new"),
    path("communities/cards.csv", communities.communities_sheet, name="communities-sheet"),
    path("communities/<number:pk>/", communities.community, name="community"),
    path("communities/<number:pk>/edition/", communities.community_edition, name="community-edition"),
    path("communities/<number:pk>/review/", communities.community_review, name="community-review"),
    path("communities/<number:pk>/notes/", communities.community_notes, name="community-notes"),
    path("communities/<number:pk>/removal/", communities.community_removal, name="community-removal"),
    path("deliveries/", waiting.deliveries, name="deliveries"),
    path("deliveries/<number:pk>/settlement/", waiting.settlement, name="settlement"),
    path("set-aside/", waiting.set_aside, name="set-aside"),
    path("set-aside/<number:pk>/settlement/", waiting.seen, name="seen"),
    path("media/<slug:size>/<str:token>/", media.media, name="media"),
    path("files/<number:pk>/<number:place>/", media.file, name="file"),
]
