"""For programs: what people said of messages, at the counter and of mentions alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_noop
from ninja import Query as Asked
from ninja import Router
from pydantic import BaseModel, Field

from comptoir.inbox.models import Entry
from comptoir.listening.models import Mention
from comptoir.networks.models import Correction
from comptoir.networks.shapes_of_corrections import CorrectionShown
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, Page, newest, paged

router = Router(tags=["messages"])
_READS = Bearer("threads:read")


class PlaceShown(BaseModel):
    """Where a message is in a thread."""

    thread: int
    message: int


class CorrectionListed(CorrectionShown):
    """What somebody said of a message, and where that message is."""

    undone: datetime | None = Field(description=gettext_noop("When it was taken back, null while it stands."))
    network: str
    remote_id: str = Field(description=gettext_noop("The message's name on its network."))
    messages: list[PlaceShown] = Field(description=gettext_noop("The message in the brand's threads."))
    mentions: list[int] = Field(description=gettext_noop("The message as mentions of the brand's queries."))


class Corrections(Page[CorrectionListed]):
    """What people said of messages, the latest at the top."""


What = Annotated[
    Literal["", "tone", "language", "spam"], Asked(description=gettext_noop("Only these; empty for all."))
]
Undone = Annotated[bool, Asked(description=gettext_noop("Also what was taken back."))]


@router.get("/brands/{slug:brand}/corrections", auth=_READS, response=Corrections, operation_id="corrections",
            summary=gettext_noop("What people said of messages, the latest at the top"))  # fmt: skip
def corrections(
    request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "", what: What = "",
    undone: Undone = False,
) -> Corrections:  # fmt: skip
    rows = Correction.objects.of(request.brand).select_related("activity").defer("activity__search")
    rows = rows if undone else rows.standing()
    rows = rows.filter(what=what) if what else rows
    found, following = paged(request, "corrections", newest(rows, cursor, "corrections", limit), limit)
    return Corrections.model_construct(items=_listed(request.brand.pk, found), next=following)


def _listed(brand: int, rows: Sequence[Correction]) -> list[CorrectionListed]:
    ids = {row.activity_id for row in rows}
    places: dict[int, list[PlaceShown]] = defaultdict(list)
    entries = Entry.objects.filter(thread__brand=brand, activity__in=ids).order_by("pk")
    for message, activity, thread in entries.values_list("pk", "activity", "thread"):
        places[activity].append(PlaceShown.model_construct(thread=thread, message=message))
    mentions: dict[int, list[int]] = defaultdict(list)
    heard = Mention.objects.of(brand).filter(activity__in=ids).order_by("pk")
    for activity, mention in heard.values_list("activity", "pk"):
        mentions[activity].append(mention)
    return [
        CorrectionListed.model_construct(
            **dict(CorrectionShown.of(row)), undone=row.undone_at, network=row.activity.network,
            remote_id=row.activity.remote_id, messages=places[row.activity_id], mentions=mentions[row.activity_id],
        )
        for row in rows
    ]  # fmt: skip
