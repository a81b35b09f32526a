"""The link by which a client outside approves a post: no account, no cookie, one version, one decision."""

from __future__ import annotations

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.kernel.acting import acting
from comptoir.organisation.models.pace import Allowance
from comptoir.publishing.forms_of_approval import DecisionForm
from comptoir.publishing.models import Approval
from comptoir.publishing.views.approvals import what_leaves
from comptoir.publishing.views.outcome import drawn

_TRIES = Allowance("approving", 30, 60)
_LANGUAGES = {code for code, _name in settings.LANGUAGES}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approving(request: HttpRequest, token: str) -> HttpResponse:
    """The post as it will leave. Looking decides nothing, so that programs that follow links do not: a button does."""
    found = Approval.behind(token)
    language = found.post.brand.language if found else ""
    with translation.override(language if language in _LANGUAGES else translation.get_language()):
        answer = _answered(request, found, token)
    answer["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
@require_safe
def approving_picture(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """A picture of the post behind the link."""
    found = Approval.behind(token)
    shown = found.post.illustrations.filter(asset=pk).select_related("asset").first() if found else None
    return drawn(shown.asset if shown else None)


def _answered(request: HttpRequest, found: Approval | None, token: str) -> HttpResponse:
    if found is None:
        return render(request, "publishing/approving.html", {"found": None}, status=410)
    post = found.post
    timezone.activate(post.brand.zone)
    asked = not found.decision and found.number == post.number
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"number": found.number})
    if asked and request.method == "POST" and form.is_valid():
        if not _TRIES.take(f"approving:{acting().address}").allowed:
            form.add_error(None, _("That was too much in a short time. Wait a few minutes, then try again."))
        else:
            found.decide(form.cleaned_data["decision"], form.cleaned_data["words"])
            asked = False
    prefetch_related_objects([post], "variants__channel", "destinations__channel", "aims")
    context = {
        "found": found, "post": post, "asked": asked, "form": form,
        **what_leaves(post.brand, post),
        "earlier": post.approvals.filter(number__lt=found.number).exclude(words="").order_by("asked"),
        "remarks": post.remarks.filter(internal=False).select_related("by"),
        "pictures": [
            ("" if each.asset.is_film else reverse("approving-picture", args=[token, each.asset_id]), each.alt)
            for each in post.illustrations.select_related("asset").defer("asset__content")
        ],
    }  # fmt: skip
    return render(request, "publishing/approving.html", context, status=422 if form.errors and asked else 200)
