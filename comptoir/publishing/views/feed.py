"""The feed of the calendar: for a person's own calendar program, and the page where its address is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.kernel import clock
from comptoir.kernel.acting import acting
from comptoir.organisation.access import BrandRequest, look_as, memberships_of, on_brand
from comptoir.organisation.models import Brand
from comptoir.organisation.models.pace import Allowance
from comptoir.publishing.icalendar import Entry, written
from comptoir.publishing.models import CalendarFeed, DayNote, Post

BEFORE, AHEAD = timedelta(days=60), timedelta(days=366)
"""How far back and ahead a feed goes."""
MOST = 2_000
"""Posts in a feed, the nearest."""
_MISSES = Allowance("calendar-feed", 20, 300)
_LANGUAGES = {code for code, _name in settings.LANGUAGES}
_SETTLED = frozenset({"approved", "scheduled", "leaving", "published", "partly"})


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def feed_page(request: BrandRequest) -> HttpResponse:
    """Make an address (do=make), which is shown this once, or end it (do=end)."""
    address = ""
    if request.method == "POST":
        if request.POST.get("do") != "make":
            CalendarFeed.end(request.brand, request.user)
            messages.success(request, _("The address opens nothing any more."))
            return redirect("calendar-feed-page", request.brand.slug)
        address = CalendarFeed.make(request.brand, request.user)
    context = {
        "brand": request.brand, "here": "publishing", "address": address,
        "feed": CalendarFeed.objects.of(request.brand).filter(user=request.user).first(),
    }  # fmt: skip
    return render(request, "publishing/feed.html", context)


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind an address, as its person sees it now. Http404 where it opens nothing."""
    found = CalendarFeed.behind(token)
    mine = [each for each in memberships_of(found.user) if each.brand_id == found.brand_id] if found else []
    if found is None or not mine:
        allowed = _MISSES.take(f"calendar-feed:{acting().address}").allowed
        if not allowed:
            return HttpResponse(status=429)
        raise Http404(_("This address opens no calendar any more. Make a new one on the calendar’s page."))
    look_as(found.user)
    language = found.user.language or found.brand.language
    with translation.override(language if language in _LANGUAGES else settings.LANGUAGE_CODE):
        content = written(_("%(brand)s: posts") % {"brand": found.brand.name}, _entries(found.brand))
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{found.brand.slug}.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _entries(brand: Brand) -> Iterator[Entry]:
    house = urlsplit(settings.PUBLIC_URL).hostname or "comptoir"
    now = clock.now()
    rows = Post.objects.of(brand).between(now - BEFORE, now + AHEAD).exclude(state=Post.State.CANCELLED)
    for post in rows.prefetch_related("variants", "destinations__channel")[:MOST]:
        state = str(post.get_state_display())
        channels = [f"{each.channel.handle} ({each.channel.label})" for each in post.destinations.all()]
        yield Entry(
            f"post-{post.pk}@{house}", post.changed, f"{post.name} ({state})", at=post.due,
            text="\n".join([state, *channels]),
            url=f"{settings.PUBLIC_URL}{reverse('post', args=[brand.slug, post.pk])}",
            state="CONFIRMED" if post.state in _SETTLED else "TENTATIVE",
        )  # fmt: skip
    for note in DayNote.objects.of(brand).between((now - BEFORE).date(), (now + AHEAD).date())[:MOST]:
        yield Entry(
            f"note-{note.pk}@{house}", note.changed, note.title, days=(note.first, note.last), text=note.text,
            url=f"{settings.PUBLIC_URL}{reverse('day-note', args=[brand.slug, note.pk])}",
        )  # fmt: skip
