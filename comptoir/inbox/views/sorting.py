"""Tags on a thread; the brand's views and tags on a page of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.inbox.forms import ViewForm
from comptoir.inbox.models import Tag, View
from comptoir.inbox.models.sorting import TooManyTags, put_on, tags_full, take_off, unfit_tag
from comptoir.inbox.views.acts import done, path_of
from comptoir.inbox.views.outcome import Outcome
from comptoir.inbox.views.thread import thread_for
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken, Role


@require_POST
@on_brand("agent")
def tags(request: BrandRequest, pk: int) -> HttpResponse:
    """Put a tag on a thread (`name`), or take one off (`name` and state=off)."""
    found = thread_for(request, pk)
    here = f"{path_of(request, found)}tags/"
    name, off = request.POST.get("name", ""), request.POST.get("state") == "off"
    try:
        tag = Tag.known(request.brand, name) if off else Tag.called(request.brand, name, request.user)
    except ValueError:
        return done(request, found, Outcome(unfit_tag(), "warn", "bad"), status=422)
    except TooManyTags:
        return done(request, found, Outcome(tags_full(), "warn", "bad"), status=422)
    if tag is None:
        return done(request, found, Outcome(_("There is no such tag any more."), "warn", "bad"))
    if off:
        take_off(found, tag, request.user)
        words = _("The tag %(tag)s is off.") % {"tag": tag}
        return done(request, found, Outcome(words, "tag", undo=here, undo_name=tag.name))
    put_on(found, tag, request.user)
    words = _("Tagged %(tag)s.") % {"tag": tag}
    return done(request, found, Outcome(words, "tag", undo=here, undo_state="off", undo_name=tag.name))


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("reader")
def views(request: BrandRequest) -> HttpResponse:
    """The brand's views and tags; POST keeps what was asked as a view: for oneself, or for all (agents)."""
    form = ViewForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["shared"] and not request.membership.may(Role.AGENT):
            raise PermissionDenied(_("Readers keep views for themselves."))
        View.keep(
            request.brand, given["name"], request.user, given["shared"], show=given["show"], q=given["q"]
        )
        messages.success(request, _("The view %(view)s is kept.") % {"view": given["name"]})
        return redirect("views", request.brand.slug)
    context = {
        "brand": request.brand,
        "here": "threads",
        "form": form,
        "views": View.objects.of(request.brand).for_user(request.user).select_related("by").order_by("name"),
        "tags": Tag.objects.of(request.brand).order_by("folded"),
        "may_tag": request.membership.may(Role.AGENT),
        "decides": request.membership.may(Role.MANAGER),
    }
    return render(request, "inbox/views.html", context, status=422 if form.errors else 200)


@require_POST
@on_brand("reader")
def view_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """Remove a view: one's own, or as a manager one that is shared."""
    found: Any = View.objects.of(request.brand).for_user(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such view any more."))
    if found.by_id != request.user.pk and not request.membership.may(Role.MANAGER):
        raise PermissionDenied(_("Ask whoever shared it, or a manager, to remove it."))
    found.remove(request.user)
    messages.success(request, _("The view %(view)s is removed.") % {"view": found.name})
    return redirect("views", request.brand.slug)


@require_POST
@on_brand("manager")
def tag(request: BrandRequest, pk: int) -> HttpResponse:
    """Rename a tag of the brand, or with do=remove take it off everything."""
    found = Tag.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such tag any more."))
    if request.POST.get("do") == "remove":
        found.remove(request.user)
        messages.success(request, _("The tag %(tag)s is removed.") % {"tag": found.name})
        return redirect("views", request.brand.slug)
    try:
        found.rename(request.POST.get("name", ""), request.user)
    except NameTaken:
        messages.warning(request, _("There is a tag of this name."))
    except ValueError:
        raise BadRequest(unfit_tag()) from None
    return redirect("views", request.brand.slug)
