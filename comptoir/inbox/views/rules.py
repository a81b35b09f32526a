"""The pages of rules: all of them in their order, one with its log, its form, and its trial."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.inbox.forms_of_rules import RuleForm, data_of
from comptoir.inbox.models import Deed, Rule, Tag
from comptoir.inbox.models.rule import LATELY, NotTried, TooManyRules
from comptoir.inbox.models.sorting import TooManyTags, tags_full
from comptoir.inbox.presets import PRESETS, begin
from comptoir.inbox.ruling import cases_of, trial_of
from comptoir.inbox.views.deeds import did_words, failed_words, why_words
from comptoir.inbox.worded import actions_of, worded
from comptoir.kernel import clock
from comptoir.kernel.numbers import number_of
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken
from comptoir.organisation.query_words import is_keeping, problems_of, said_of, sent, tidy

PAGE = 30


@require_safe
@on_brand("agent")
def rules(request: BrandRequest) -> HttpResponse:
    """All of them, in the order in which they are asked."""
    rows = list(Rule.objects.of(request.brand).with_counts().in_order().select_related("changed_by"))
    context = {
        "brand": request.brand,
        "here": "threads",
        "rows": worded(request.brand, rows),
        "presets": PRESETS.values(),
        "decides": request.membership.may("manager"),
    }
    return render(request, "inbox/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def rule_new(request: BrandRequest) -> HttpResponse:
    """The form of a new one; POST makes it, off, and leads to its trial."""
    form = RuleForm(request.brand, sent(request, "query"))
    if is_keeping(request) and form.is_valid():
        try:
            made = Rule.make(request.brand, request.user, form.rule(request.user))
        except NameTaken:
            form.taken()
        except TooManyRules:
            form.add_error(None, _("A brand has a hundred rules at the most."))
        else:
            return redirect("rule-trial", request.brand.slug, made.pk)
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def rule_edition(request: BrandRequest, pk: int) -> HttpResponse:
    """Its form; POST changes it, which switches it off until it was tried, and leads to its trial."""
    found = _found(request, pk)
    form = RuleForm(request.brand, sent(request, "query"), initial=data_of(found))
    if is_keeping(request) and form.is_valid():
        try:
            found.change(request.user, form.rule(request.user))
        except NameTaken:
            form.taken()
        else:
            return redirect("rule" if found.on else "rule-trial", request.brand.slug, found.pk)
    return _form_page(request, form, found)


def _form_page(request: BrandRequest, form: RuleForm, found: Rule | None = None) -> HttpResponse:
    tags = Tag.objects.of(request.brand).order_by("folded").values_list("name", flat=True)
    context = {
        "brand": request.brand,
        "here": "threads",
        "form": form,
        "rule": found,
        "tags": tags[:1000],
        "problems": said_of(tidy(str(form["query"].value() or ""))) if form.is_bound else [],
    }
    return render(request, "inbox/rule_form.html", context, status=422 if form.errors else 200)


@require_safe
@on_brand("manager")
def rule_checking(request: BrandRequest) -> HttpResponse:
    """What is to be said of a query while it is typed."""
    text = tidy(request.GET.get("query", ""))
    context = {"problems": said_of(text), "fine": bool(text) and not problems_of(text)}
    return render(request, "inbox/rule_form.html#checked", context)


@require_safe
@on_brand("agent")
def rule(request: BrandRequest, pk: int) -> HttpResponse:
    """One of them: what it does, whether it can, and the log of what it did."""
    found = _found(request, pk)
    rows = found.deeds.select_related("entry__thread", "entry__activity__actor").order_by("-at", "-pk")
    turn = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    (words,) = worded(request.brand, [found])
    context = {
        "brand": request.brand,
        "here": "threads",
        "rule": found,
        "words": words,
        "turn": turn,
        "deeds": [_deed(request, deed) for deed in turn],
        "lately": found.deeds.filter(at__gte=clock.now() - LATELY).count(),
        "decides": request.membership.may("manager"),
    }
    return render(request, "inbox/rule.html", context)


def _deed(request: BrandRequest, deed: Deed) -> dict[str, Any]:
    message = deed.entry.activity
    return {
        "at": deed.at,
        "who": str(message.actor) if message.actor else _("Somebody"),
        "words": message.text[:140],
        "url": reverse("thread", args=[request.brand.slug, deed.entry.thread_id]),
        "did": did_words(deed.did),
        "failed": failed_words(deed.failed),
    }


@require_safe
@on_brand("agent")
def rule_trial(request: BrandRequest, pk: int) -> HttpResponse:
    """What it would have done with the last messages. Whoever has seen that may switch it on."""
    found = _found(request, pk)
    trial = trial_of(found)
    turn = Paginator(trial.matched, PAGE).get_page(request.GET.get("page"))
    (words,) = worded(request.brand, [found])
    context = {
        "brand": request.brand,
        "here": "threads",
        "rule": found,
        "words": words,
        "trial": trial,
        "turn": turn,
        "would": _would(request, found, turn, trial.calls),
        "decides": request.membership.may("manager"),
    }
    return render(request, "inbox/rule_trial.html", context)


def _would(request: BrandRequest, found: Rule, turn: Any, calls: frozenset[int]) -> list[dict[str, Any]]:
    """Each message of a page of the trial, and of each action what would have come of it."""
    shown = []
    acts: list[tuple[str, str]] = []
    for case in cases_of(found, list(turn), calls):
        acts, outlook = acts or list(actions_of(found, case.means)), case.outlook()
        shown.append({
            "at": case.heard.at,
            "who": case.heard.document.name or case.heard.document.handle or _("Somebody"),
            "words": case.heard.document.text[:140],
            "url": reverse("thread", args=[request.brand.slug, case.thread.pk]),
            "acts": [(words, why_words(outlook[name])) for name, words in acts],
        })  # fmt: skip
    return shown


@require_POST
@on_brand("manager")
def rule_switch(request: BrandRequest, pk: int) -> HttpResponse:
    """Switch it on (state=on, `tried` the version whose trial was looked at) or off."""
    found = _found(request, pk)
    on, tried = request.POST.get("state") == "on", number_of(request.POST.get("tried", "")) or 0
    try:
        found.switch(on, request.user, tried)
    except NotTried:
        messages.warning(request, _("It was changed since it was tried. Look at what it would do now."))
        return redirect("rule-trial", request.brand.slug, pk)
    words = _("The rule %(rule)s is on: it looks at whatever comes in from now on.")
    off = _("The rule %(rule)s is off.")
    messages.success(request, (words if on else off) % {"rule": found.name})
    return redirect("rule", request.brand.slug, pk)


@require_POST
@on_brand("manager")
def rule_place(request: BrandRequest, pk: int) -> HttpResponse:
    """Move it one place up or down (to=up, to=down)."""
    found, steps = _found(request, pk), {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if steps is None:
        raise BadRequest(_("Rules are moved up or down."))
    found.move(steps, request.user)
    return redirect("rules", request.brand.slug)


@require_POST
@on_brand("manager")
def rule_removal(request: BrandRequest, pk: int) -> HttpResponse:
    """It is no more; what it did stays."""
    found = _found(request, pk)
    found.remove(request.user)
    messages.success(request, _("The rule %(rule)s is removed.") % {"rule": found.name})
    return redirect("rules", request.brand.slug)


@require_POST
@on_brand("manager")
def rule_ready(request: BrandRequest) -> HttpResponse:
    """Take one that comes ready-made (`preset`), with what it needs, off; leads to its trial."""
    preset = PRESETS.get(request.POST.get("preset", ""))
    if preset is None:
        raise BadRequest(_("There is no such ready-made rule."))
    try:
        made = begin(preset, request.brand, request.user)
    except NameTaken as taken:
        messages.warning(request, _("There is a rule %(rule)s already.") % {"rule": taken})
        return redirect("rules", request.brand.slug)
    except TooManyRules:
        messages.warning(request, _("A brand has a hundred rules at the most."))
        return redirect("rules", request.brand.slug)
    except TooManyTags:
        messages.warning(request, tags_full())
        return redirect("rules", request.brand.slug)
    return redirect("rule-trial", request.brand.slug, made.pk)


def _found(request: BrandRequest, pk: int) -> Rule:
    found = Rule.objects.of(request.brand).select_related("changed_by").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such rule any more."))
    found.brand = request.brand
    return found
