"""Addresses for clients who have no account here: what they hold is their right."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>
from comptoir.publishing.models.short_link import PREFIX as SHORT
from comptoir.publishing.views import own_page
from comptoir.publishing.views.approving import approving, approving_picture
from comptoir.publishing.views.feed import feed
from comptoir.publishing.views.short import short_link
from comptoir.publishing.visiting import PREFIX, Locale, Word

register_converter(Locale, "locale")
register_converter(Word, "word")


def _of_page(chosen: str) -> list[URLPattern]:
    """What there is of an own page: by what the browser reads, and with `chosen`, as the address says."""
    return [
        path("", own_page.own_page, name=f"own-page{chosen}"),
        path("feed.atom", own_page.atom, name=f"own-page-atom{chosen}"),
        path("feed.json", own_page.json_feed, name=f"own-page-json{chosen}"),
        path("widget/", own_page.widget, name=f"own-page-widget{chosen}"),
        path("<word:word>/", own_page.entry, name=f"own-page-entry{chosen}"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{SHORT}<str:code>", short_link, name="short"),
    path("calendar/<str:token>.ics", feed, name="calendar-feed"),
    path("approve/<str:token>/", approving, name="approving"),
    path("approve/<str:token>/pictures/<number:pk>/", approving_picture, name="approving-picture"),
    path(f"{PREFIX}<slug:page>/", include(_of_page(""))),
    path(f"{PREFIX}<slug:page>/pictures/<number:pk>/", own_page.picture, name="own-page-picture"),
    path(f"{PREFIX}<slug:page>/<locale:locale>/", include(_of_page("-in"))),
]
