"""For programs: rules, tried before they are switched on, and the log of what they did."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status

from comptoir.inbox.forms_of_rules import RuleForm, tag_names
from comptoir.inbox.models import Rule
from comptoir.inbox.models.rule import NotTried, TooManyRules, reorder
from comptoir.inbox.presets import PRESETS, begin
from comptoir.inbox.ruling import cases_of, trial_of
from comptoir.inbox.shapes_of_rules import (
    Deeds,
    DeedShown,
    OrderGiven,
    ReadyGiven,
    RuleGiven,
    Rules,
    RuleShown,
    SwitchGiven,
    TrialShown,
    trial_shown,
)
from comptoir.inbox.worded import worded
from comptoir.organisation.models import NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import MOST, USUAL, After, Limit, newest, paged
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at

router = Router(tags=["rules"])
RULES = "/brands/{slug:brand}/rules"
RULE = f"{RULES}/{{number:pk}}"
_READS, _WRITES = Bearer("threads:read", "agent"), Bearer("threads:write", "manager")


@router.get(
    RULES, auth=_READS, response=Rules, operation_id="rules",
    summary=gettext_noop("Rules, in the order in which they are asked"),
)  # fmt: skip
def rules(request: ApiRequest, brand: str) -> Rules:
    return _all(request)


@router.post(
    RULES, auth=_WRITES, response={201: RuleShown}, operation_id="make-rule",
    summary=gettext_noop("Make a rule, off, behind the others"),
)  # fmt: skip
def make(request: ApiRequest, brand: str, given: RuleGiven) -> Status[Any]:
    form = _asked(request, given)
    try:
        made = Rule.make(request.brand, request.user, form.rule(request.user))
    except NameTaken:
        raise _taken() from None
    except TooManyRules:
        words = _("A brand has a hundred rules at the most.")
        raise wrong_at("name", words) from None
    return Status(201, _shown(request, made.pk))


@router.post(
    f"{RULES}/ready", auth=_WRITES, response={201: RuleShown}, operation_id="take-rule",
    summary=gettext_noop("Take one that comes ready-made, off, with the saved reply that it proposes"),
)  # fmt: skip
def take(request: ApiRequest, brand: str, given: ReadyGiven) -> Status[Any]:
    try:
        made = begin(PRESETS[given.ready], request.brand, request.user)
    except NameTaken:
        raise _taken("ready") from None
    except TooManyRules:
        raise wrong_at("ready", _("A brand has a hundred rules at the most.")) from None
    return Status(201, _shown(request, made.pk))


@router.put(
    f"{RULES}/order", auth=_WRITES, response=Rules, operation_id="order-rules",
    summary=gettext_noop("Have them asked in another order"),
)  # fmt: skip
def order(request: ApiRequest, brand: str, given: OrderGiven) -> Rules:
    try:
        reorder(request.brand, given.rules, request.user)
    except ValueError:
        words = _("Name each rule of the brand once.")
        raise wrong_at("rules", words) from None
    return _all(request)


@router.get(RULE, auth=_READS, response=RuleShown, operation_id="rule", summary=gettext_noop("One rule"))
def rule(request: ApiRequest, brand: str, pk: int) -> RuleShown:
    return _shown(request, pk)


@router.put(
    RULE, auth=_WRITES, response=RuleShown, operation_id="change-rule",
    summary=gettext_noop("Have it do something else: it is off then, until it is tried again"),
)  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: RuleGiven) -> RuleShown:
    found = _found(request, pk)
    try:
        found.change(request.user, _asked(request, given).rule(request.user))
    except NameTaken:
        raise _taken() from None
    return _shown(request, pk)


@router.delete(
    RULE, auth=_WRITES, response={204: None}, operation_id="remove-rule",
    summary=gettext_noop("Remove it; what it did stays"),
)  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _found(request, pk).remove(request.user)
    return Status(204, None)


@router.get(
    f"{RULE}/trial", auth=_READS, response=TrialShown, operation_id="try-rule",
    summary=gettext_noop("Try it on the last 1,000 messages; nothing is done"),
)  # fmt: skip
def trial(request: ApiRequest, brand: str, pk: int) -> TrialShown:
    found = _found(request, pk)
    tried = trial_of(found)
    return trial_shown(found, tried, cases_of(found, tried.matched[:MOST], tried.calls))


@router.post(
    f"{RULE}/switch", auth=_WRITES, response=RuleShown, operation_id="switch-rule",
    summary=gettext_noop("Switch it on, as it was tried, or off"),
)  # fmt: skip
def switch(request: ApiRequest, brand: str, pk: int, given: SwitchGiven) -> RuleShown:
    try:
        _found(request, pk).switch(given.on, request.user, given.version)
    except NotTried:
        words = _("It was changed since it was tried. Look at what it would do now.")
        raise Problem("too-late", words) from None
    return _shown(request, pk)


@router.get(
    f"{RULE}/deeds", auth=_READS, response=Deeds, operation_id="deeds",
    summary=gettext_noop("What it did, about each message that it fitted"),
)  # fmt: skip
def deeds(request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "") -> Deeds:
    rows = newest(_found(request, pk).deeds.select_related("entry"), cursor, "deeds", limit)
    found, following = paged(request, "deeds", rows, limit)
    return Deeds.model_construct(items=[DeedShown.of(each) for each in found], next=following)


def _all(request: ApiRequest, **one: int) -> Rules:
    rows = list(Rule.objects.of(request.brand).filter(**one).with_counts().in_order())
    tags = tag_names(request.brand, rows)
    shown = [RuleShown.of(each.rule, tags, each.troubles) for each in worded(request.brand, rows)]
    return Rules.model_construct(items=shown)


def _shown(request: ApiRequest, pk: int) -> RuleShown:
    found = _all(request, pk=pk).items
    if not found:
        raise Problem("not-found")
    return found[0]


def _found(request: ApiRequest, pk: int) -> Rule:
    found = Rule.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.brand = request.brand
    return found


def _asked(request: ApiRequest, given: RuleGiven) -> RuleForm:
    """What was given, if it will do."""
    form = RuleForm(request.brand, given.data())
    if not form.is_valid():
        raise unfit(form, {"__all__": "actions"})
    return form


def _taken(at: str = "name") -> Problem:
    return wrong_at(at, _("Another rule has this name."))
