"""Where managers say how links leave."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.forms_of_links import LinkRulesForm
from comptoir.publishing.models import LinkRule
from comptoir.publishing.tagging import PLACEHOLDERS


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def links(request: BrandRequest) -> HttpResponse:
    """What links to the brand's sites are marked with; with a form, it is otherwise."""
    rules = [each.rule for each in LinkRule.objects.of(request.brand)]
    form = LinkRulesForm(rules, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        LinkRule.put(request.brand, request.user, form.given)
        messages.success(request, _("Kept."))
        return redirect("links", request.brand.slug)
    meanings = {
        "network": _("the network’s name"), "channel": _("the account that posts"),
        "campaign": _("the campaign of the post"), "language": _("the language of the post, such as fr"),
        "date": _("the day on which it leaves, by the brand’s clock, such as 2026-12-24"),
    }  # fmt: skip
    context = {
        "brand": request.brand, "here": "publishing", "form": form, "rules": rules,
        "placeholders": [(f"{{{each}}}", meanings[each]) for each in PLACEHOLDERS],
    }  # fmt: skip
    return render(request, "publishing/links.html", context, status=422 if form.errors else 200)
