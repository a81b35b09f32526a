"""What the history offers: threads from before the channel was connected that nobody answered."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.inbox.models import Thread
from comptoir.organisation.access import BrandRequest, on_brand


@require_POST
@on_brand("agent")
def offers(request: BrandRequest) -> HttpResponse:
    """Bring them all to the counter (`do=take`), or leave them closed (`do=leave`)."""
    threads = Thread.objects.of(request.brand)
    match request.POST.get("do"):
        case "take":
            threads.take_up()
        case "leave":
            threads.leave(request.user)
        case _:
            raise BadRequest(_("Say whether to take these threads up or to leave them."))
    return redirect("threads", request.brand.slug)
