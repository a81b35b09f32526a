"""For programs: campaigns."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.models import NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.models import Campaign
from comptoir.publishing.models.campaign import NAME_MOST, PURPOSE_MOST
from comptoir.publishing.shapes_of_posts import Text
from comptoir.publishing.views.campaigns import LISTED

router = Router(tags=["posts"])
CAMPAIGNS = "/brands/{slug:brand}/campaigns"
CAMPAIGN = f"{CAMPAIGNS}/{{number:pk}}"
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "manager")


class CampaignGiven(BaseModel):
    """Posts that belong together, and what they are for."""

    model_config = ConfigDict(extra="forbid")
    name: Text = Field(min_length=1, max_length=NAME_MOST)
    purpose: Text = Field(min_length=1, max_length=PURPOSE_MOST)
    first: date | None = None
    last: date | None = None
    closed: bool = Field(
        default=False, description=gettext_noop("Whether new posts may no longer belong to it.")
    )


class CampaignShown(CampaignGiven):
    """A campaign."""

    id: int

    @classmethod
    def of(cls, found: Campaign) -> CampaignShown:
        return cls.model_construct(
            id=found.pk, name=found.name, purpose=found.purpose, first=found.first, last=found.last,
            closed=found.closed is not None,
        )  # fmt: skip


class Campaigns(BaseModel):
    """The campaigns of a brand, by name."""

    items: list[CampaignShown]


@router.get(CAMPAIGNS, auth=_READS, response=Campaigns, operation_id="campaigns",
            summary=gettext_noop("Campaigns"))  # fmt: skip
def campaigns(request: ApiRequest, brand: str) -> Campaigns:
    rows = Campaign.objects.of(request.brand).order_by("name", "pk")[:LISTED]
    return Campaigns.model_construct(items=[CampaignShown.of(each) for each in rows])


@router.post(CAMPAIGNS, auth=_WRITES, response={201: CampaignShown}, operation_id="make-campaign",
             summary=gettext_noop("Make a campaign"))  # fmt: skip
def make(request: ApiRequest, brand: str, given: CampaignGiven) -> Status[Any]:
    values = _values(given)
    try:
        made = Campaign.make(request.brand, request.user, **values)
    except NameTaken:
        raise wrong_at("name", _("Another campaign has this name.")) from None
    if given.closed:
        made.close(request.user)
    return Status(201, CampaignShown.of(made))


@router.put(CAMPAIGN, auth=_WRITES, response=CampaignShown, operation_id="change-campaign",
            summary=gettext_noop("Change a campaign, close it, or open it again"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: CampaignGiven) -> CampaignShown:
    found = Campaign.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    try:
        found.settle(request.user, **_values(given))
    except NameTaken:
        raise wrong_at("name", _("Another campaign has this name.")) from None
    found.close(request.user, given.closed)
    return CampaignShown.of(found)


def _values(given: CampaignGiven) -> dict[str, Any]:
    name, purpose = given.name.strip(), given.purpose.strip()
    if not name or not purpose:
        raise wrong_at("purpose" if name else "name", _("Write something here."))
    if given.first and given.last and given.last < given.first:
        raise wrong_at("last", _("It ends before it begins."))
    return {"name": name, "purpose": purpose, "first": given.first, "last": given.last}
