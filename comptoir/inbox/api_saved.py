"""For programs: saved replies, and the switch that takes names off answers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status

from comptoir.inbox.api import READS, THREAD, thread_found
from comptoir.inbox.forms_of_saved import SavedReplyForm
from comptoir.inbox.models import SavedReply, ShortcutTaken
from comptoir.inbox.models.offering import offers
from comptoir.inbox.models.signing import shield
from comptoir.inbox.shapes_of_saved import (
    Offers,
    OfferShown,
    SavedReplies,
    SavedReplyGiven,
    SavedReplyMade,
    SavedReplyShown,
    ShieldShown,
)
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, paged, place
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["saved replies"])
SAVED = "/brands/{slug:brand}/saved-replies"
SHIELD = "/brands/{slug:brand}/shield"
_READS, _WRITES = Bearer("threads:read", "agent"), Bearer("threads:write", "agent")
_SHIELDS = Bearer("threads:write", "manager")


@router.get(
    SAVED, auth=_READS, response=SavedReplies, operation_id="saved-replies",
    summary=gettext_noop("Saved replies: the brand's, and the token's person's own"),
)  # fmt: skip
def saved_replies(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> SavedReplies:
    after = place(cursor, "saved-replies", 1)
    rows = SavedReply.objects.of(request.brand).open_to(request.user).prefetch_related("texts").order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after[0])
    found, following = paged(request, "saved-replies", list(rows[: limit + 1]), limit)
    return SavedReplies.model_construct(items=[SavedReplyShown.of(row) for row in found], next=following)


@router.get(
    f"{THREAD}/saved-replies", auth=_READS, response=Offers, operation_id="offers",
    summary=gettext_noop("Those that fit a thread, filled in for it"),
)  # fmt: skip
def offered(request: ApiRequest, brand: str, pk: int) -> Offers:
    found = offers(thread_found(request, pk), request.user)
    return Offers.model_construct(items=[OfferShown.of(each) for each in found])


@router.post(
    SAVED, auth=_WRITES, response={201: SavedReplyShown}, operation_id="save-reply",
    summary=gettext_noop("Keep words for others to answer with"),
)  # fmt: skip
def make(request: ApiRequest, brand: str, given: SavedReplyMade) -> Status[Any]:
    if not given.own and not request.membership.may("manager"):
        raise Problem("role-too-low", _("Only managers and owners change what everybody answers with."))
    asked = _asked(request, given, own=given.own)
    try:
        made = SavedReply.make(
            request.brand,
            request.user,
            asked["name"],
            asked["shortcut"],
            asked["texts"],
            given.own,
            asked.get("team"),
        )
    except ShortcutTaken:
        raise _taken() from None
    return Status(201, SavedReplyShown.of(made))


@router.get(
    f"{SAVED}/{{number:pk}}", auth=_READS, response=SavedReplyShown, operation_id="saved-reply",
    summary=gettext_noop("One saved reply"),
)  # fmt: skip
def saved_reply(request: ApiRequest, brand: str, pk: int) -> SavedReplyShown:
    return SavedReplyShown.of(_found(request, pk))


@router.put(
    f"{SAVED}/{{number:pk}}", auth=_WRITES, response=SavedReplyShown, operation_id="change-saved-reply",
    summary=gettext_noop("Give it other words"),
)  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: SavedReplyGiven) -> SavedReplyShown:
    found = _mine(request, pk)
    asked = _asked(request, given, own=found.own)
    try:
        found.change(request.user, asked["name"], asked["shortcut"], asked["texts"], asked.get("team"))
    except ShortcutTaken:
        raise _taken() from None
    return SavedReplyShown.of(found)


@router.delete(
    f"{SAVED}/{{number:pk}}", auth=_WRITES, response={204: None}, operation_id="remove-saved-reply",
    summary=gettext_noop("Remove it"),
)  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _mine(request, pk).remove(request.user)
    return Status(204, None)


@router.get(
    SHIELD, auth=READS, response=ShieldShown, operation_id="shielded", tags=["signing"],
    summary=gettext_noop("Whether names are off answers"),
)  # fmt: skip
def shielded(request: ApiRequest, brand: str) -> ShieldShown:
    return _shield(request)


@router.post(
    SHIELD, auth=_SHIELDS, response=ShieldShown, operation_id="shield", tags=["signing"],
    summary=gettext_noop("Take the names off all answers, those that wait to leave included"),
)  # fmt: skip
def raise_shield(request: ApiRequest, brand: str) -> ShieldShown:
    shield(request.brand, request.user)
    return _shield(request)


@router.delete(
    SHIELD, auth=_SHIELDS, response=ShieldShown, operation_id="unshield", tags=["signing"],
    summary=gettext_noop("Sign again as the channels say"),
)  # fmt: skip
def lower_shield(request: ApiRequest, brand: str) -> ShieldShown:
    shield(request.brand, request.user, on=False)
    return _shield(request)


def _shield(request: ApiRequest) -> ShieldShown:
    since = request.brand.shielded_at
    return ShieldShown.model_construct(on=since is not None, since=since)


def _asked(request: ApiRequest, given: SavedReplyGiven, own: bool) -> dict[str, Any]:
    """What was given, if it will do."""
    data = {"name": given.name, "shortcut": given.shortcut, "team": given.team}
    form = SavedReplyForm(request.brand, data, versions=given.texts.items(), shares=not own, fixed=True)
    if not form.is_valid():
        at = next((name for name in form.errors if name != "__all__"), "texts")
        raise wrong_at(at, form.wrong)
    return form.cleaned_data


def _taken() -> Problem:
    words = _("Another saved reply has this shortcut.")
    return wrong_at("shortcut", words)


def _found(request: ApiRequest, pk: int) -> SavedReply:
    rows = SavedReply.objects.of(request.brand).open_to(request.user)
    found = rows.filter(pk=pk).prefetch_related("texts").first()
    if found is None:
        raise Problem("not-found")
    return found


def _mine(request: ApiRequest, pk: int) -> SavedReply:
    """One that the token's person may change."""
    found = _found(request, pk)
    if not found.may_be_changed(request.user, request.membership.may("manager")):
        raise Problem("role-too-low", _("Only managers and owners change what everybody answers with."))
    return found
