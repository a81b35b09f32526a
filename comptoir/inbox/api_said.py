"""For programs: answers that have left are changed on the network, deleted, or settled."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import THREAD, WRITES, thread_found
from comptoir.inbox.forms import EditForm
from comptoir.inbox.models import Reply, Thread
from comptoir.inbox.shapes import ReplyShown
from comptoir.inbox.shapes_of_acts import Given, SettledGiven
from comptoir.networks.connector import Deletes, Edits
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["replies"])
_REPLY = f"{THREAD}/replies/{{number:reply}}"


class EditGiven(Given):
    """Other words for an answer that is on the network."""

    text: str = Field(min_length=1, max_length=100_000)


class UnderWay(BaseModel):
    """What the network is asked to do. What becomes of it is told by the thread's messages."""

    delivery: int
    state: str


@router.post(
    f"{_REPLY}/edition", auth=WRITES, response={202: UnderWay}, operation_id="edit-reply",
    summary=gettext_noop("Have the network show other words"),
)  # fmt: skip
def edit(request: ApiRequest, brand: str, pk: int, reply: int, given: EditGiven) -> Status[Any]:
    found, row = _said(request, pk, reply)
    if not found.channel.can_now(Edits):
        raise Problem(
            "cannot-answer", found.channel.silence or _("This network cannot change what was said.")
        )
    form = EditForm({"text": given.text}, thread=found, reply=row)
    if not form.is_valid():
        raise wrong_at("text", form.wrong)
    try:
        made = row.edit(form.cleaned_data["text"], request.user)
    except ValueError as why:
        late = _("An earlier change is still on its way: wait a moment, then change it again.")
        words = late if str(why) == "under_way" else _("It is not on the network, so nothing was changed.")
        raise Problem("too-late", words) from None
    return Status(202, UnderWay.model_construct(delivery=made.pk, state=str(made.state)))


@router.post(
    f"{_REPLY}/deletion", auth=WRITES, response={202: UnderWay}, operation_id="delete-reply",
    summary=gettext_noop("Have the network delete it"),
)  # fmt: skip
def delete(request: ApiRequest, brand: str, pk: int, reply: int) -> Status[Any]:
    found, row = _said(request, pk, reply)
    if not found.channel.can(Deletes):
        raise Problem(
            "cannot-answer", found.channel.silence or _("This network cannot take back what was said.")
        )
    try:
        made = row.take_back(request.user)
    except ValueError:
        raise Problem("too-late", _("It is not on the network, so nothing was taken back.")) from None
    return Status(202, UnderWay.model_construct(delivery=made.pk, state=str(made.state)))


@router.post(
    f"{_REPLY}/settlement", auth=WRITES, response=ReplyShown, operation_id="settle-reply",
    summary=gettext_noop("Say whether an answer of which nobody knows is there, or have it leave again"),
)  # fmt: skip
def settle(request: ApiRequest, brand: str, pk: int, reply: int, given: SettledGiven) -> ReplyShown:
    found, row = _said(request, pk, reply)
    if not row.delivery.settle(request.user, sent=given.there):
        raise Problem("too-late", _("A colleague has settled this already."))
    row.delivery.refresh_from_db()
    return ReplyShown.of(row, found.channel.network)


def _said(request: ApiRequest, pk: int, reply: int) -> tuple[Thread, Reply]:
    found = thread_found(request, pk)
    rows = found.replies.select_related("delivery__result", "delivery__channel")
    row = rows.filter(pk=reply).first()
    if row is None:
        raise Problem("not-found", _("There is no such answer here."))
    row.thread = found
    return found, row
