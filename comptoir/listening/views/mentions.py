"""The lists of mentions: of a query, and of several; the newest first, narrowed. And bringing one to the counter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.kernel.numbers import number_of
from comptoir.listening import stored
from comptoir.listening.asked import KINDS, Asked
from comptoir.listening.counting import Scope, counted_by_kind
from comptoir.listening.events import MentionsShown
from comptoir.listening.finding import Found, find
from comptoir.listening.models import Fold, Mention, Query, StoredMention
from comptoir.listening.models.watching import follows
from comptoir.listening.period import Period
from comptoir.listening.posts import Post
from comptoir.listening.sampled import keeps
from comptoir.listening.views.labels import kinds, label
from comptoir.listening.views.queries import query_of
from comptoir.listening.views.shown import shown_posts, sign_words
from comptoir.networks.answering import answering
from comptoir.networks.found import label_of
from comptoir.networks.models import Actor, Audience, Community
from comptoir.networks.models.community import met, places_in
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand
from comptoir.organisation.query_words import parsed, said_of
from comptoir.reading import closely
from comptoir.reading.query import Query as Sought

PAGE = 50
LATELY = "30"
"""What filters are offered hangs on what was said in so many days, where no period was asked for."""


@require_safe
@on_brand()
def query(request: BrandRequest, pk: int) -> HttpResponse:
    """What a query heard, the newest first, narrowed by tone, language and network, time, what marks it and a search;
    page after page without an end. Noise is passed over at first, with its count."""
    found = query_of(request, pk)
    context = {
        **_listed(request, Asked.of(request.brand, request.GET, only=found)), "query": found,
        "writes": request.membership.may("manager"), "readable": isinstance(parsed(found.text), Sought),
        "follows": follows(found, request.user),
    }  # fmt: skip
    return render(request, "listening/query.html", context)


@require_safe
@on_brand()
def mentions(request: BrandRequest) -> HttpResponse:
    """What several queries heard, the same way: the posts behind a figure."""
    asked = Asked.of(request.brand, request.GET)
    return render(request, "listening/mentions.html", {**_listed(request, asked), "several": True})


def _listed(request: BrandRequest, asked: Asked) -> dict[str, Any]:
    """A page of the list, and what it may be narrowed by."""
    before = request.GET.get("before", "")
    with stored.what_is_there() as files:
        found = find(asked, _place(before), PAGE)
        filters = _filters(asked)
    look_closer(found.mentions)
    last = found.mentions[-1] if found.mentions else None
    end = found.stopped or ((last.at, last.pk) if last else None)
    return {
        "brand": request.brand, "here": "listening", "asked": asked, "noise": asked.noise,
        "chosen": bool(asked.address(query="")), "shown": _found(asked, found), "before": before,
        "back": asked.address(before=before), "newest": bool(before), "all": asked.address(),
        "older": asked.address(before=clock.place(*end)) if found.more and end else "",
        "substance": asked.address(noise=""), "noisy": f"{asked.address(noise='')}&".lstrip("&"), **filters,
        "brought": brought(request, found.mentions), "brings": request.membership.may("agent"),
        "stopped": found.stopped, "wrong": bool(found.wrong),
        "problems": said_of(asked.q, lambda fix: f"?{asked.address(q=fix)}"),
        "author": Actor.objects.filter(pk=asked.author).first() if asked.author else None,
        "ends": asked.ends(asked.period) if asked.period else {},
        "gap": stored.gap(files),
        "hours": f"{asked.period.since:%H:%M} – {asked.period.until:%H:%M}" if asked.period else "",
    }  # fmt: skip


def look_closer(page: Sequence[Mention]) -> None:
    """Have what is shown read by the better tier, where it was not yet and where there is one."""
    ids = [each.pk for each in page if not each.closely and not each.stored]
    if ids and closely.installed():
        tell(MentionsShown(ids))


def _found(asked: Asked, found: Found) -> list[Any]:
    """A page of mentions, each with what the search finds in it, else its query as it is now."""
    shown: list[Any] = []
    for post, row in zip(found.posts, found.mentions, strict=True):
        query = parsed(asked.q or row.query.text)
        shown += shown_posts(query if isinstance(query, Sought) else None, [post], [row])
    return _told(asked.brand, shown)


def _how_many_same(brand_id: int, page: list[Mention]) -> dict[int, int]:
    """How many others say the same as those of a page that are shown for them, by fold."""
    folds = [each.fold for each in page if each.fold and not each.noise]
    rows = Fold.objects.of(brand_id).filter(pk__in=folds) if folds else ()
    return {each.pk: each.size - 1 for each in rows if each.size > 1}


def _place(given: str) -> tuple[datetime, int] | None:
    """Where a page ends."""
    found = clock.placed(given)
    if given and not found:
        raise BadRequest(_("There is no such place in the list."))
    return found


def shown_of(found: Query, page: list[Mention], whole: bool = False) -> list[Any]:
    """A page of mentions, each with what the query finds in it now; of long texts a part, or the whole."""
    asked = parsed(found.text)
    posts = [
        Post(each.network, each.activity.as_contract(), found.brand.zone).read_as(
            each.language, each.tone, each.signs
        )
        for each in page
    ]
    return _told(found.brand, shown_posts(asked if isinstance(asked, Sought) else None, posts, page, whole))


def _told(brand: Brand, shown: list[Any]) -> list[Any]:
    """Each with how many others say the same and are not shown."""
    same = _how_many_same(brand.pk, [each.mention for each in shown])
    for each in shown:
        row = each.mention
        each.same = same.get(row.fold or 0, 0) if not row.noise else 0
    return shown


def brought(request: BrandRequest, page: list[Mention]) -> set[int]:
    """What of a page has reached a channel of the brand, as somebody brought it or as it was said to the brand."""
    ids = [each.activity_id for each in page]
    rows = Audience.objects.filter(activity__in=ids, channel__brand=request.brand, addressed=True)
    return set(rows.values_list("activity_id", flat=True))


def _filters(asked: Asked) -> dict[str, Any]:
    """What may be narrowed by, of what was said in the period: each choice with its words and its count; and how much
    is noise (`passed`), of what is narrowed to."""
    period = asked.period or Period.named(LATELY, asked.zone)
    by: dict[str, Counter[str]] = {name: Counter() for name in KINDS}
    passed: Counter[str] = Counter()
    for each in counted_by_kind(Scope(asked.numbers, period)):
        if keeps(asked.noise, each.noise):
            for name, counter in by.items():
                counter[getattr(each, name)] += each.n
        if all(getattr(each, name) == value for name, value in asked.fields.items()):
            passed[each.noise] += each.n
    filters: list[dict[str, Any]] = [
        {
            "name": name, "label": words, "chosen": asked.kinds.get(name, ""),
            "choices": [(value or "-", label(name, value), n) for value, n in by[name].most_common(30)],
        }
        for name, words in kinds().items()
    ]  # fmt: skip
    # What marks a message is not counted by the hour.
    filters.append({
        "name": "sign", "label": _("Marked"), "chosen": asked.sign,
        "choices": [(sign, words, None) for sign, words in sign_words().items()],
    })  # fmt: skip
    return {"filters": filters, "passed": {why: passed[why] for why in ("spam", "repeat") if passed[why]}}


@require_POST
@on_brand("agent")
def bringing(request: BrandRequest, pk: int) -> HttpResponse:
    """Bring what was heard to the counter, where it becomes a thread."""
    found = mention_of(request, pk)
    channels = answering(request.brand.pk, found.network)
    chosen = number_of(request.POST.get("channel", ""))
    channel = next((each for each in channels if chosen in (None, each.pk)), None)
    if channel is None:
        words = _("To answer on %(network)s, connect an account there first.")
        messages.warning(request, words % {"network": label_of(found.network)})
        return back_to(request, found)
    if request.POST.get("community") != "yes" and any(
        c.forbids for c in communities_of(request.brand, found)
    ):
        messages.warning(
            request, _("No brand speaks in this community. Say that you mean it, then bring it.")
        )
        return redirect("mention", request.brand.slug, found.pk)
    if found.bring(channel, request.user):
        messages.success(request, _("It is on the counter now."))
    return back_to(request, found)


def communities_of(brand: Brand, found: Mention) -> list[Community]:
    """The cards of the communities that a mention was said in, the strictest first."""
    said = found.activity
    places = places_in([said.url, said.remote_id], [said.actor.handle] if said.actor else [], [said.text])
    return met(brand, found.network, places)


def back_to(request: BrandRequest, found: Mention) -> HttpResponse:
    """Where a button was pressed: its own page, or its place in the list as it was narrowed."""
    if request.POST.get("from") == "mention":
        return redirect("mention", request.brand.slug, found.pk)
    asked = QueryDict(request.POST.get("back", "")[:4_096]).urlencode()
    address = reverse("query", args=[request.brand.slug, found.query_id])
    if request.POST.get("from") == "several":
        address = reverse("mentions", args=[request.brand.slug])
    return redirect(f"{address}{'?' if asked else ''}{asked}#mention-{found.pk}")


def mention_of(request: BrandRequest, pk: int) -> Mention:
    """One of the brand's, or 404."""
    found = Mention.objects.of(request.brand).filter(pk=pk).select_related("query", "activity__actor").first()
    if found is None:
        if StoredMention.objects.of(request.brand).filter(pk=pk).exists():
            raise Http404(
                _("This mention is old and stands in a file by now: lists show it, and nothing changes it.")
            )
        raise Http404(_("There is no such mention any more. It may have been taken back."))
    found.query.brand = request.brand
    return found
