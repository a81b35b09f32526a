"""The page of what stands on the networks: changed there, or taken down."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from comptoir.kernel.numbers import number_of
from comptoir.networks.sentences import sentence
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.publishing.carrying import NotThere, There, change, may_carry, standing, take_down
from comptoir.publishing.models import Post
from comptoir.publishing.written import TEXT_MOST


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("agent")
def post_standing(request: BrandRequest, pk: int) -> HttpResponse:
    """How a post reads where it stands. With texts (`part-NUMBER`) it is changed there, with a channel (`down`) it is
    taken down from there."""
    post = Post.objects.of(request.brand).filter(pk=pk).first()
    if post is None:
        raise Http404(_("There is no such post any more."))
    post.brand = request.brand
    may = may_carry(post, request.membership.may)
    given = {}
    if request.method == "POST":
        if not may:
            raise PermissionDenied(_("Posts are approved here: a manager changes what stands already."))
        given = _texts(request)
        if _carried(request, post, given):
            return redirect("post-standing", request.brand.slug, pk)
    rows = [(each, _words(each), _shown(each, given)) for each in standing(post)]
    context = {
        "brand": request.brand, "here": "publishing", "post": post, "rows": rows, "may": may,
        "moving": any(each.state == "moving" for each, _said, _parts in rows), "most": TEXT_MOST,
    }  # fmt: skip
    return render(request, "publishing/standing.html", context, status=422 if given else 200)


def _texts(request: BrandRequest) -> dict[int, str]:
    found = {}
    for name, text in request.POST.items():
        number = number_of(name.removeprefix("part-")) if name.startswith("part-") else None
        if number:
            found[number] = str(text)[:TEXT_MOST].replace("\r\n", "\n")
    return found


def _carried(request: BrandRequest, post: Post, given: dict[int, str]) -> bool:
    """Have it done, and say what was; False where something is to be mended first."""
    try:
        if down := number_of(request.POST.get("down", "")):
            given.clear()
            done = take_down(post, request.user, [down])
            words = ngettext("%(n)d message is taken down.", "%(n)d messages are taken down.", done)
        else:
            done = change(post, request.user, given)
            words = ngettext("%(n)d message is changed there.", "%(n)d messages are changed there.", done)
    except NotThere as error:
        messages.error(request, told(error))
        return not given
    if done:
        messages.success(request, words % {"n": done})
    else:
        messages.info(request, _("There was nothing to do."))
    return True


def told(error: NotThere) -> str:
    """Why it cannot be carried out, in words."""
    return {
        "not_there": _("It stands there no more."),
        "under_way": _("An earlier change is still under way there: wait until it is through."),
        "cannot": _("This network does not let that be done."),
        "too_long": _("Too long by %(n)d.") % {"n": error.over},
        "empty": _("There is nothing to say here: write something."),
        "uncredited": _("What it shares would stand there without its author or its link: leave both in."),
    }[error.code]


def _words(there: There) -> str:
    """What there is to know of a channel before somebody asks, and what became of it after."""
    if trouble := there.trouble:
        why = sentence(trouble.code, trouble.facts, there.channel.label)
        return _("It could not be carried out there: %(why)s") % {"why": why}
    if there.state == "gone":
        return _("It stands there no more.")
    facts = {"network": there.channel.label}
    if not there.edits and not there.deletes:
        return _("%(network)s lets nothing be changed or taken down from here.") % facts
    if not there.edits:
        return _("%(network)s knows no changes: it can only be taken down.") % facts
    return "" if there.deletes else _("It cannot be taken down from %(network)s from here.") % facts


def _shown(there: There, given: dict[int, str]) -> list[tuple[int, str, bool]]:
    """Its messages: the number of each, how it reads or was to read, and whether it is gone."""
    return [(each.step.pk, given.get(each.step.pk, each.text), each.gone) for each in there.parts]
