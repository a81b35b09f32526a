"""The approval of a post, for colleagues: who was asked, what they said, deciding; and who is asked at all."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import Brand, Notice
from comptoir.publishing.covering import Said, covered, lacking
from comptoir.publishing.forms_of_approval import DecisionForm, RemarkForm, StepsForm
from comptoir.publishing.models import Approval, ApprovalStep, NotNow, Post, Remark
from comptoir.publishing.models.approval import is_asked
from comptoir.publishing.outgoing import leaving, translations
from comptoir.publishing.telling import not_now


def post_of(request: BrandRequest, pk: int) -> Post:
    """A post of the brand, with what its pages show. Http404."""
    rows = Post.objects.of(request.brand).filter(pk=pk).select_related("author", "campaign", "brand")
    found = rows.prefetch_related(
        "variants__channel", "destinations__channel", "illustrations", "aims"
    ).first()
    if found is None:
        raise Http404(_("There is no such post, or it is not yours to see."))
    return found


@require_safe
@on_brand()
def approval(request: BrandRequest, pk: int) -> HttpResponse:
    """Who was asked about a post, what they said, and what is to be decided."""
    post = post_of(request, pk)
    Notice.settle(request.brand.pk, f"post:{post.pk}", to=request.user.pk)
    return _page(request, post)


def _page(request: BrandRequest, post: Post, status: int = 200, **more: Any) -> HttpResponse:
    approvals = list(post.approvals.select_related("by").order_by("-asked", "-pk")[:50])
    for each in approvals:
        each.post = post
    asked = next((each for each in approvals if not each.decision), None)
    approved = next((each for each in approvals if each.decision == "approved"), None)
    writes = request.membership.may("agent")
    context = {
        **what_leaves(request.brand, post),
        "brand": request.brand, "here": "publishing", "post": post, "approvals": approvals, "asked": asked,
        "decides": asked is not None and asked.may(request.membership),
        "own": asked is not None and asked.role and post.author_id == request.user.pk,
        "remarks": post.remarks.select_related("by")[:200], "writes": writes,
        "pictures": [
            ("" if each.asset.is_film else reverse("post-picture", args=[request.brand.slug, each.asset_id]), each.alt)
            for each in post.illustrations.select_related("asset").defer("asset__content")
        ],
        "submits": writes and asked is None and post.state in _SUBMITTED and is_asked(request.brand),
        "changed": changed_since(approved, post) if approved and approved.number != post.number else [],
        "decision_form": DecisionForm(initial={"number": post.number}), "remark_form": RemarkForm(), **more,
    }  # fmt: skip
    return render(request, "publishing/approval.html", context, status=status)


_SUBMITTED = frozenset({"draft", "changes", "missed", "declined"})


@require_POST
@on_brand("agent")
def request_approval(request: BrandRequest, pk: int) -> HttpResponse:
    """Ask for it."""
    post = post_of(request, pk)
    try:
        post.submit(request.user)
    except NotNow as error:
        messages.error(request, not_now(error.code))
    return redirect("post-approval", request.brand.slug, pk)


@require_POST
@on_brand("agent")
def decision(request: BrandRequest, pk: int) -> HttpResponse:
    """Decide the step that is asked, about the version that was looked at."""
    post = post_of(request, pk)
    asked = post.approvals.filter(decision="").first()
    form = DecisionForm(request.POST)
    if asked is None:
        messages.error(request, nobody_asked())
        return redirect("post-approval", request.brand.slug, pk)
    asked.post = post
    if not asked.may(request.membership):
        raise PermissionDenied(not_yours())
    if not form.is_valid():
        return _page(request, post, 422, decision_form=form)
    given = form.cleaned_data
    if given["number"] != asked.number or not asked.decide(given["decision"], given["words"], request.user):
        messages.error(request, _("The post was changed while you read it. Look at it again, then decide."))
    return redirect("post-approval", request.brand.slug, pk)


@require_POST
@on_brand("agent")
def link(request: BrandRequest, pk: int) -> HttpResponse:
    """Make a link for the client who is asked. It is shown this once: only its hash is kept."""
    post = post_of(request, pk)
    asked = post.approvals.filter(decision="", role="").first()
    if asked is None:
        messages.error(request, _("No client is asked about this post."))
        return redirect("post-approval", request.brand.slug, pk)
    asked.post = post
    return _page(request, post, link=asked.new_link(request.user))


@require_POST
@on_brand("agent")
def remarks(request: BrandRequest, pk: int) -> HttpResponse:
    """Say something about a draft."""
    post = post_of(request, pk)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, post, 422, remark_form=form)
    Remark.say(post, form.cleaned_data["text"], request.user, internal=not form.cleaned_data["shared"])
    return redirect("post-approval", request.brand.slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def steps(request: BrandRequest) -> HttpResponse:
    """Who approves the brand's posts, one after the other."""
    now = list(ApprovalStep.objects.of(request.brand).values_list("role", "who"))
    form = StepsForm(request.POST if request.method == "POST" else None, steps=now)
    if request.method == "POST" and form.is_valid():
        if ApprovalStep.put(request.brand, request.user, form.steps):
            messages.success(request, _("Posts are approved in these steps from now on."))
        return redirect("approval-steps", request.brand.slug)
    context = {"brand": request.brand, "here": "publishing", "form": form}
    return render(request, "publishing/approval_steps.html", context, status=422 if form.errors else 200)


def what_leaves(brand: Brand, post: Post) -> dict[str, Any]:
    """What whoever decides looks at: the words as they will stand, and for whom something is missing."""
    said, cells = leaving(post), covered(brand, Said.of(post))
    return {
        "leaving": said, "translations": translations(post, said) if said else [], "cells": cells,
        "gaps": lacking(cells),
    }  # fmt: skip


def nobody_asked() -> str:
    """What is said where nothing is to be decided."""
    return _("Nobody is asked about this post any more. See what was decided below.")


def not_yours() -> str:
    """What is said to whoever does not decide a step."""
    return _("This step is for somebody else to decide.")


def changed_since(approval: Approval, post: Post) -> list[tuple[str, list[tuple[str, str]]]]:
    """What differs from what was approved: for each wording its name, and its words as kept, gone or new."""
    before = {_key(each): "\n\n".join(each["parts"] or []) for each in approval.shown}
    after = {
        (each.language, each.network, each.channel_id): "\n\n".join(each.parts or [])
        for each in post.variants.all()
    }
    names = {(each.language, each.network, each.channel_id): each.label for each in post.variants.all()}
    return [
        (names.get(key, ""), difference(before.get(key, ""), after.get(key, "")))
        for key in dict.fromkeys([*before, *after])
        if before.get(key, "") != after.get(key, "")
    ]


def _key(shown: dict[str, Any]) -> tuple[str, str, int | None]:
    return shown["language"], shown["network"], shown["channel_id"]


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts as one, word by word: what is in both, what is gone ("del") and what is new ("ins")."""
    old, new = before.split(" "), after.split(" ")
    found: list[tuple[str, str]] = []
    for how, start, end, begin, stop in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(("", " ".join(old[start:end]) + " "))
            continue
        if start < end:
            found.append(("del", " ".join(old[start:end]) + " "))
        if begin < stop:
            found.append(("ins", " ".join(new[begin:stop]) + " "))
    return found
