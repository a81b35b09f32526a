"""For programs: the channels of a brand, and how they are."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from comptoir.networks.connector import Deletes, Fetches, Publishes, Replies
from comptoir.networks.forms import ChoosingForm
from comptoir.networks.found import installed, label_of
from comptoir.networks.models import Channel
from comptoir.networks.models.channel import ChannelQuerySet, Signing
from comptoir.networks.only_listening import only_listen
from comptoir.networks.sentences import sentence
from comptoir.organisation.models import Brand
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, Page, paged, place
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at

router = Router(tags=["channels"])
_CAN = {"hear": Fetches, "reply": Replies, "publish": Publishes, "delete": Deletes}


class ChannelShown(BaseModel):
    """An account of the brand on a network."""

    id: int
    network: str
    handle: str
    name: str
    called: str = Field(description=gettext_noop("What the brand's people call it, empty for its own name."))
    state: str = Field(description=gettext_noop("active, reconnect (its grant died) or off."))
    trouble: str = Field(description=gettext_noop("What is wrong, as a sentence; empty when nothing is."))
    code: str = Field(description=gettext_noop("The same as a code that never changes."))
    can: list[str] = Field(description=gettext_noop("What can be done there: hear, reply, publish, delete."))
    signing: str = Field(
        description=gettext_noop("What answers are signed with: none, first_name, real_name or initials.")
    )
    country: str = Field(
        description=gettext_noop("The country that it serves, in two letters; empty for any.")
    )
    listen_only: bool = Field(description=gettext_noop("Whether nothing leaves there: it only listens."))
    heard: datetime | None = Field(description=gettext_noop("When the network was last asked."))
    created: datetime

    @classmethod
    def of(cls, channel: Channel) -> ChannelShown:
        trouble = sentence(channel.code, channel.facts, label_of(channel.network)) if channel.code else ""
        return cls.model_construct(
            id=channel.pk, network=channel.network, handle=channel.handle, name=channel.name, called=channel.called,
            state=channel.state, trouble=trouble, code=channel.code, can=_can(channel),
            signing=channel.signing, country=channel.country, listen_only=channel.listen_only,
            heard=channel.fetched_at, created=channel.created,
        )  # fmt: skip


class ChannelGiven(BaseModel):
    """What is said of a channel; what is left out stays, and so do its connector's own options."""

    model_config = ConfigDict(extra="forbid")
    called: str | None = Field(default=None, max_length=80)
    signing: Literal[tuple(Signing.values)] | None = None  # type: ignore[valid-type]
    country: str | None = Field(default=None, max_length=2)
    listen_only: bool | None = None


class Channels(Page[ChannelShown]):
    """Channels, the oldest at the top."""


def _can(channel: Channel) -> list[str]:
    """Nothing, when the network's connector is no longer installed."""
    return [name for name, ability in _CAN.items() if channel.can(ability)]


@router.get(
    "/brands/{slug:brand}/channels", auth=Bearer("channels:read"), response=Channels,
    operation_id="channels", summary=gettext_noop("Channels"),
)  # fmt: skip
def channels(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> Channels:
    after = place(cursor, "channels", 1)
    rows = _channels(request.brand)
    if after is not None:
        rows = rows.filter(pk__gt=after[0])
    found, following = paged(request, "channels", list(rows[: limit + 1]), limit)
    return Channels.model_construct(items=[ChannelShown.of(row) for row in found], next=following)


@router.get(
    "/brands/{slug:brand}/channels/{number:pk}", auth=Bearer("channels:read"), response=ChannelShown,
    operation_id="channel", summary=gettext_noop("One channel"),
)  # fmt: skip
def channel(request: ApiRequest, brand: str, pk: int) -> ChannelShown:
    found = _channels(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    return ChannelShown.of(found)


@router.put(
    "/brands/{slug:brand}/channels/{number:pk}/settings", auth=Bearer("channels:write", "manager"),
    response=ChannelShown, operation_id="settle-channel",
    summary=gettext_noop(
        "Say what it is called, how its answers are signed, which country it serves, and if it only listens"
    ),
)  # fmt: skip
def settle(request: ApiRequest, brand: str, pk: int, given: ChannelGiven) -> ChannelShown:
    found = Channel.objects.of(request.brand).filter(pk=pk).first()
    if found is None or installed(found.network) is None:
        raise Problem("not-found")
    said = {"called": found.called, "country": found.country, **given.model_dump(exclude_none=True)}
    form = ChoosingForm(found, said)
    for name in [each for each in form.fields if each.startswith("option_")]:
        del form.fields[name]
    if given.signing is not None and "signing" not in form.fields:
        raise wrong_at("signing", _("Nothing is answered on this channel, so nothing is signed."))
    if not form.is_valid():
        raise unfit(form)
    asked = form.cleaned_data
    found.choose(
        asked["called"], found.settings.get("options", {}), asked.get("signing", ""), asked["country"]
    )
    if given.listen_only is not None:
        only_listen(found, given.listen_only)
    return channel(request, brand, pk)


def _channels(brand: Brand) -> ChannelQuerySet:
    return Channel.objects.of(brand).defer("cursor", "history_cursor", "settings").order_by("pk")
