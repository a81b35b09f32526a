"""For programs: saying what is true of a message of a thread."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import Field

from comptoir.inbox.api import THREAD, WRITES, thread_found
from comptoir.inbox.hearing import read_again, reading_of
from comptoir.networks.models import Correction
from comptoir.networks.shapes_of_corrections import CorrectionGiven, CorrectionShown
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.paging import NUMBER_MOST
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at

router = Router(tags=["order"])


class MessageCorrectionGiven(CorrectionGiven):
    """What is true of a message of the thread."""

    message: int = Field(ge=1, le=NUMBER_MOST, description=gettext_noop("The number of the message."))


@router.post(f"{THREAD}/corrections", auth=WRITES, response={201: CorrectionShown},
             operation_id="correct-message", summary=gettext_noop("Say what is true of a message"))  # fmt: skip
def correct(request: ApiRequest, brand: str, pk: int, given: MessageCorrectionGiven) -> Status[Any]:
    rows = thread_found(request, pk).entries.filter(pk=given.message, own=False)
    if (entry := rows.select_related("activity").first()) is None:
        raise wrong_at("message", _("There is no such message here."))
    was = reading_of(request.brand.pk, entry.activity)
    try:
        made = Correction.make(
            request.brand, entry.activity, request.user, given.what, given.value, was[given.what]
        )
    except ValueError:
        raise wrong_at("value", _("A message cannot be corrected to that.")) from None
    read_again(request.brand.pk, entry.activity_id)
    return Status(201, CorrectionShown.of(made))


@router.delete(f"{THREAD}/corrections/{{number:act}}", auth=WRITES, response={204: None},
               operation_id="uncorrect-message",
               summary=gettext_noop("Take back what was said of a message"))  # fmt: skip
def uncorrect(request: ApiRequest, brand: str, pk: int, act: int) -> Status[Any]:
    messages = thread_found(request, pk).entries.values("activity")
    rows = Correction.objects.of(request.brand).filter(pk=act, activity__in=messages)
    if (said := rows.select_related("activity").first()) is None:
        raise Problem("not-found")
    if said.undo(request.user):
        read_again(request.brand.pk, said.activity_id)
    return Status(204, None)
