"""The pages of evergreen posts: what is said again, how often, and what was said already."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.copying import copied
from comptoir.publishing.forms_of_evergreen import EvergreenForm
from comptoir.publishing.models import Evergreen, Post, Repetition
from comptoir.publishing.views.composer import post_of

LISTED = 200


@require_safe
@on_brand()
def evergreen_posts(request: BrandRequest) -> HttpResponse:
    """What is said again, what leaves next at the top; the stopped ones are on the page of their post."""
    found = list(Evergreen.objects.of(request.brand).going().with_last().order_by("-pk")[:LISTED])
    numbers = {each.post_id for each in found} | {each.last_post for each in found}
    posts = Post.objects.of(request.brand).prefetch_related("variants").in_bulk(numbers)
    times = Repetition.objects.of(request.brand).filter(evergreen__in=found).order_by()
    many: dict[int, int] = {}
    for pk in times.values_list("evergreen", flat=True):
        many[pk] = many.get(pk, 1) + 1
    rows = [(each, posts[each.post_id], posts[each.last_post], many.get(each.pk, 1)) for each in found]
    context = {"brand": request.brand, "here": "publishing", "rows": rows}
    return render(request, "publishing/evergreen_posts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand()
def post_again(request: BrandRequest, pk: int) -> HttpResponse:
    """How often one is said again, and when it was; with a form (do=set), it is so, or (do=stop) no longer."""
    post, writes = post_of(request, pk), request.membership.may("agent")
    if request.method == "POST" and not writes:
        raise PermissionDenied
    found = Evergreen.of_post(post)
    if found is not None and request.POST.get("do") == "stop":
        if found.stop(request.user):
            messages.success(request, _("It is said no more, once what waits has left."))
        return redirect("post-again", request.brand.slug, pk)
    first = {"every": found.every, "until": found.until} if found else {}
    data = request.POST if request.method == "POST" else None
    form = EvergreenForm(request.brand, data, initial=first) if writes else None
    if form is not None and request.method == "POST" and form.is_valid():
        Evergreen.put(post, request.user, form.cleaned_data["every"], form.cleaned_data["until"])
        messages.success(
            request, _("It is said again. Its next time stands in the calendar once it has left.")
        )
        return redirect("post-again", request.brand.slug, pk)
    context = {
        "brand": request.brand, "here": "publishing", "post": post, "form": form, "evergreen": found,
        "times": _times(found) if found else [],
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "publishing/post_again.html", context, status=status)


@require_POST
@on_brand("agent")
def post_copy(request: BrandRequest, pk: int) -> HttpResponse:
    """A new draft says the same."""
    made = copied(post_of(request, pk), request.user)
    messages.success(request, _("This is the copy: a draft, without a time."))
    return redirect("post", request.brand.slug, made.pk)


def _times(found: Evergreen) -> list[Post]:
    """The posts by which one was said, or will be, the first of them first."""
    rows = Post.objects.of(found.post.brand_id).prefetch_related("variants")
    return [*rows.filter(pk=found.post_id), *rows.filter(repetition__evergreen=found).order_by("pk")[:LISTED]]
