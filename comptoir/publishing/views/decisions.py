"""What was due and did not leave: the page that asks, item by item."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.networks.models import Delivery
from comptoir.networks.models.hold import HELD
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing import deciding
from comptoir.publishing.forms_of_holds import LaterForm
from comptoir.publishing.models import NotNow, Post
from comptoir.publishing.models.destination import UNCREDITED
from comptoir.publishing.models.readiness import NOT_SHOWN
from comptoir.publishing.telling import not_now


@require_safe
@on_brand()
def decisions(request: BrandRequest) -> HttpResponse:
    """Posts and answers that wait for somebody to say what becomes of them."""
    posts = deciding.posts_asking(request.brand)
    for each in posts:
        each.barred = any(one.code in NOT_SHOWN for one in each.asking)  # type: ignore[attr-defined]
        each.held_back = any(one.code == HELD for one in each.asking)  # type: ignore[attr-defined]
        each.uncredited = any(one.code == UNCREDITED for one in each.asking)  # type: ignore[attr-defined]
    context = {
        "brand": request.brand,
        "here": "publishing",
        "posts": posts,
        "answers": deciding.replies_asking(request.brand),
        "may_decide": request.membership.may("agent"),
    }
    return render(request, "publishing/decisions.html", context)


@require_POST
@on_brand("agent")
def of_post(request: BrandRequest, pk: int) -> HttpResponse:
    """what=now, later (at `wall`), draft or drop."""
    post = Post.objects.of(request.brand).filter(pk=pk).select_related("brand", "campaign").first()
    if post is None:
        raise Http404(_("There is no such post here."))
    what = request.POST.get("what", "")
    if what not in ("now", "later", "draft", "drop"):
        raise BadRequest(_("Say what becomes of it: now, later, draft or drop."))
    if what == "later":
        done = _later(request, post)
    elif what == "now":
        done = _leave(request, post)
    elif what == "draft":
        done = deciding.draft_again(post, request.user) is not None
    else:
        done = deciding.drop(post, request.user)
    if done is False:
        messages.warning(request, _("A colleague has decided that already."))
    elif done:
        messages.success(request, _("Decided."))
    return redirect("decisions", request.brand.slug)


@require_POST
@on_brand("agent")
def of_answer(request: BrandRequest, pk: int) -> HttpResponse:
    """what=now or drop."""
    rows = Delivery.objects.of(request.brand).filter(step=None).select_related("channel")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such answer here."))
    what = request.POST.get("what", "")
    if what not in ("now", "drop"):
        raise BadRequest(_("Say what becomes of it: now or drop."))
    done = (deciding.leave_reply if what == "now" else deciding.drop_reply)(found, request.user)
    if done:
        messages.success(request, _("Decided."))
    else:
        messages.warning(request, _("A colleague has decided that already."))
    return redirect("decisions", request.brand.slug)


def _leave(request: BrandRequest, post: Post, wall: datetime | None = None) -> bool | None:
    """None where it cannot, which is said."""
    try:
        return deciding.leave(post, request.user, wall)
    except NotNow as why:
        past = _("That time is over. Choose a later one.")
        messages.error(request, past if why.code == "past" else not_now(why.code))
        return None


def _later(request: BrandRequest, post: Post) -> bool | None:
    """None where the time will not do, which is said."""
    form = LaterForm(request.POST)
    if not form.is_valid() or form.cleaned_data["wall"] is None:
        messages.error(request, _("Write a day and a time, like 2026-12-24 18:00."))
        return None
    return _leave(request, post, form.cleaned_data["wall"])
