"""From a message to its thread, for whoever knows the message by its number and not where it was put."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.inbox.models import Thread
from comptoir.organisation.access import BrandRequest, on_brand


@require_safe
@on_brand()
def thread_about(request: BrandRequest, pk: int) -> HttpResponse:
    """The thread that a message is in. What has only just come in may be on its way there."""
    rows = Thread.objects.of(request.brand).filter(entries__activity=pk).order_by("-last_at")
    found = rows.values_list("merged_into", "pk").first()
    if found is None:
        raise Http404(
            _("This message is in no thread yet. If it has only just come in, try again in a moment.")
        )
    return redirect("thread", request.brand.slug, found[0] or found[1])
