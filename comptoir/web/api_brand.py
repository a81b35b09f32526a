"""For programs: what an owner settles about a brand, as on its page."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, Field

from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.models import Brand
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.wrong import unfit
from comptoir.web.brands import BrandForm, initial_of

router = Router(tags=["brands"])
_SETTINGS = "/brands/{slug:brand}/settings"


class BrandSettings(BaseModel):
    """How a brand is called and drawn, and which language and clock it goes by."""

    name: str
    sign: str = Field(description=gettext_noop("Letters on its disc; empty: from the name."))
    tint: int | None = Field(description=gettext_noop("Colour of its disc, 0 to 5; null: from the name."))
    language: str = Field(
        description=gettext_noop("Of mail to people who have not chosen one: en, fr or empty.")
    )
    time_zone: str = Field(description=gettext_noop("Such as Europe/Paris; empty: the house's own."))

    @classmethod
    def of(cls, brand: Brand) -> BrandSettings:
        return cls.model_construct(
            name=brand.name,
            sign=brand.sign,
            tint=brand.tint,
            language=brand.language,
            time_zone=brand.time_zone,
        )


class BrandGiven(Given):
    """What is to be otherwise; what is left out stays as it is."""

    name: str | None = Field(default=None, min_length=1, max_length=120)
    sign: str | None = Field(default=None, max_length=2)
    tint: int | None = Field(
        default=None, ge=0, le=5, description=gettext_noop("Given as null, the name decides.")
    )
    language: str | None = Field(default=None, max_length=8)
    time_zone: str | None = Field(default=None, max_length=60)


@router.get(
    _SETTINGS, auth=Bearer(), response=BrandSettings, operation_id="brand-settings",
    summary=gettext_noop("How a brand is called, and its language and time zone"),
)  # fmt: skip
def settings(request: ApiRequest, brand: str) -> BrandSettings:
    return BrandSettings.of(request.brand)


@router.put(
    _SETTINGS, auth=Bearer("brand:write", "owner"), response=BrandSettings, operation_id="settle-brand",
    summary=gettext_noop("Settle how a brand is called, its language and time zone"),
)  # fmt: skip
def settle(request: ApiRequest, brand: str, given: BrandGiven) -> BrandSettings:
    found = request.brand
    said = given.model_dump(exclude_unset=True)
    if "tint" in said:
        said["tint"] = "" if said["tint"] is None else str(said["tint"])
    form = BrandForm(initial_of(found) | {name: value for name, value in said.items() if value is not None})
    if not form.is_valid():
        raise unfit(form)
    found.change(request.user, **form.cleaned_data)
    return BrandSettings.of(found)
