"""The coverage map: segments against the posts of the coming two weeks, or of a campaign."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comptoir.kernel.numbers import number_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.covering import Said, cell, mapped, rows_of, with_words
from comptoir.publishing.models import Campaign, Post

COLUMNS = 10
"""Posts that stand beside each other on one page."""
SHEETS_MOST = 1_000


@require_safe
@on_brand()
def coverage(request: BrandRequest) -> HttpResponse:
    """Which segment has what."""
    campaign = (
        Campaign.objects.of(request.brand).filter(pk=number_of(request.GET.get("campaign", "")) or 0).first()
    )
    posts = mapped(Post.objects.of(request.brand), campaign)
    aimed = posts.filter(aims__isnull=False).distinct()
    sheet = min(number_of(request.GET.get("page", "")) or 1, SHEETS_MOST)
    found = list(with_words(aimed)[(sheet - 1) * COLUMNS : sheet * COLUMNS + 1])
    rows = rows_of(request.brand)
    shown = [(each, Said.of(each)) for each in found[:COLUMNS]]
    context = {
        "brand": request.brand, "here": "publishing", "campaign": campaign, "rows": rows,
        "campaigns": Campaign.objects.of(request.brand).open(), "posts": found[:COLUMNS],
        "table": [(row, [cell(row, said) for _post, said in shown]) for row in rows],
        "lists": [(each, [cell(row, said) for row in rows]) for each, said in shown],
        "aimless": posts.filter(aims=None).count(), "sheet": sheet, "settles": request.membership.may("manager"),
        "before": sheet - 1, "after": sheet + 1 if len(found) > COLUMNS else 0,
    }  # fmt: skip
    return render(request, "publishing/coverage.html", context)
