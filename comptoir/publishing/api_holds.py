"""For programs: stopping what leaves, and letting it go again."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.networks.models import Channel, Hold
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.departing import depart
from comptoir.publishing.forms_of_holds import REASON_MOST
from comptoir.publishing.shapes_of_posts import Text
from comptoir.publishing.views.holds import LIFTED

router = Router(tags=["posts"])
HOLDS = "/brands/{slug:brand}/holds"
HOLD = f"{HOLDS}/{{number:pk}}"
_READS, _STOPS = Bearer("posts:read"), Bearer("posts:write", "manager")


class HoldGiven(BaseModel):
    """What is to stop, and why."""

    model_config = ConfigDict(extra="forbid")
    reason: Text = Field(min_length=1, max_length=REASON_MOST)
    country: str = Field(
        default="", pattern=r"^([A-Z]{2})?$",
        description=gettext_noop("Only the channels that serve it, such as FR; empty: all of the brand."),
    )  # fmt: skip
    replies: bool = Field(default=False, description=gettext_noop("Whether answers stop as well."))


class InFlight(BaseModel):
    """A message that had been taken up when the hold was placed."""

    delivery: int
    channel: int
    state: str


class HoldShown(BaseModel):
    """A hold. `brand` is false for one over the whole house, which whoever runs Comptoir lifts."""

    id: int
    reason: str
    country: str
    replies: bool
    brand: bool
    placed: datetime
    lifted: datetime | None
    in_flight: list[InFlight] = Field(
        description=gettext_noop("What could not be stopped any more; it is over once none of it is sending.")
    )

    @classmethod
    def of(cls, found: Hold, brand: int) -> HoldShown:
        flying = [each for each in found.in_flight() if each.channel.brand_id == brand]
        return cls.model_construct(
            id=found.pk, reason=found.reason, country=found.country, replies=found.replies,
            brand=found.brand_id is not None or found.channel_id is not None, placed=found.placed_at,
            lifted=found.lifted_at,
            in_flight=[
                InFlight.model_construct(delivery=each.pk, channel=each.channel_id, state=each.state)
                for each in flying
            ],
        )  # fmt: skip


class Holds(BaseModel):
    """Those that are on, then the last that were lifted."""

    items: list[HoldShown]


@router.get(HOLDS, auth=_READS, response=Holds, operation_id="holds", summary=gettext_noop("Holds"))
def holds(request: ApiRequest, brand: str) -> Holds:
    rows = Hold.objects.of(request.brand).select_related("brand", "channel")
    lifted = rows.filter(lifted_at__isnull=False).order_by("-lifted_at")[:LIFTED]
    found = [*rows.on().order_by("-placed_at"), *lifted]
    return Holds.model_construct(items=[HoldShown.of(each, request.brand.pk) for each in found])


@router.post(HOLDS, auth=_STOPS, response={201: HoldShown}, operation_id="place-hold",
             summary=gettext_noop("Stop what leaves"))  # fmt: skip
def place(request: ApiRequest, brand: str, given: HoldGiven) -> Status[HoldShown]:
    if not given.reason.strip():
        raise wrong_at("reason", _("Write something here."))
    if given.country and not Channel.objects.of(request.brand).filter(country=given.country).exists():
        raise wrong_at("country", _("No channel of this brand serves this country."))
    made = Hold.place(
        given.reason.strip(), request.user, request.brand, country=given.country, replies=given.replies
    )
    return Status(201, HoldShown.of(made, request.brand.pk))


@router.get(HOLD, auth=_READS, response=HoldShown, operation_id="show-hold", summary=gettext_noop("One hold"))
def hold(request: ApiRequest, brand: str, pk: int) -> HoldShown:
    return HoldShown.of(_found(request, pk), request.brand.pk)


@router.delete(HOLD, auth=_STOPS, response=HoldShown, operation_id="lift-hold",
               summary=gettext_noop("Let it flow again: what was due meanwhile is decided item by item"))  # fmt: skip
def lift(request: ApiRequest, brand: str, pk: int) -> HoldShown:
    found = _found(request, pk)
    if found.brand_id is None and found.channel_id is None:
        raise Problem("role-too-low", _("This hold is over the whole house: whoever runs Comptoir lifts it."))
    if found.lift(request.user):
        depart()
    else:
        found.refresh_from_db()
    return HoldShown.of(found, request.brand.pk)


def _found(request: ApiRequest, pk: int) -> Hold:
    found = Hold.objects.of(request.brand).select_related("brand", "channel").filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    return found
