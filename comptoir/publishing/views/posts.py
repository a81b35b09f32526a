"""The pages of posts: all of them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing import deciding
from comptoir.publishing.models import Destination, Post
from comptoir.publishing.narrowing import Narrowing, saying
from comptoir.publishing.older import part_of

LISTED = 50


@require_safe
@on_brand()
def posts(request: BrandRequest) -> HttpResponse:
    """What was changed last at the top; by words (q), channel, campaign and state."""
    form, words = Narrowing(request), request.GET.get("q", "")[:200].strip()
    rows = saying(form.those(Post.objects.of(request.brand)), words)
    places = Destination.objects.of(request.brand).select_related("channel")
    rows = rows.prefetch_related("variants", Prefetch("destinations", places))
    part = part_of(request, rows, "changed", LISTED)
    asked = {"q": words, **form.found}
    context = {
        "brand": request.brand, "here": "publishing", "form": form, "q": words, "part": part,
        "kept": urlencode({name: value for name, value in asked.items() if value}),
        "settles": request.membership.may("manager"), "writes": request.membership.may("agent"),
        "asking": deciding.count_asking(request.brand), "posts": part.rows,
    }  # fmt: skip
    return render(request, "publishing/posts.html", context)
