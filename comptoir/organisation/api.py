"""For programs: who asks, the brands that they work for, and the people of a brand."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, Field

from comptoir.organisation.models import Brand, Membership, User
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import USUAL, After, Limit, Page, paged, place
from comptoir.organisation.programs.problems import Problem

router = Router()
COMPANY = gettext_noop("Whose person they are when not the brand's own: an agency, a partner.")


class PersonBrief(BaseModel):
    """Somebody who works here."""

    id: int
    name: str

    @classmethod
    def of(cls, user: User) -> PersonBrief:
        return cls.model_construct(id=user.pk, name=str(user))


class Myself(BaseModel):
    """The token, and the person whose it is."""

    person: PersonBrief
    token: str = Field(description=gettext_noop("The token's name."))
    scopes: list[str]
    brand: str | None = Field(
        description=gettext_noop("The only brand that the token reaches, null for all.")
    )
    expires: datetime | None


class BrandShown(BaseModel):
    """A brand that the token's person works for."""

    id: int
    slug: str = Field(description=gettext_noop("Its name in addresses."))
    name: str
    role: str = Field(description=gettext_noop("The person's role: reader, agent, manager or owner."))
    created: datetime

    @classmethod
    def of(cls, membership: Membership) -> BrandShown:
        brand = membership.brand
        return cls.model_construct(
            id=brand.pk, slug=brand.slug, name=brand.name, role=membership.role, created=brand.created
        )


class Brands(Page[BrandShown]):
    """Brands, the one joined first at the top."""


class Member(BaseModel):
    """Somebody who works for the brand."""

    id: int
    name: str
    email: str
    role: str
    since: datetime
    until: datetime | None = Field(
        description=gettext_noop("When their access ends by itself, null for never.")
    )
    on_behalf_of: str = Field(description=COMPANY)
    channels: tuple[int, ...] | None = Field(
        description=gettext_noop(
            "The numbers of the only channels that they see and answer on, null for all."
        )
    )

    @classmethod
    def of(cls, membership: Membership) -> Member:
        user = membership.user
        return cls.model_construct(
            id=user.pk, name=str(user), email=user.email, role=membership.role, since=membership.created,
            until=membership.until, on_behalf_of=membership.on_behalf_of, channels=membership.terms.channels,
        )  # fmt: skip


class Members(Page[Member]):
    """Members, the one who joined first at the top."""


@router.get(
    "/me", auth=Bearer(), response=Myself, operation_id="me", tags=["brands"],
    summary=gettext_noop("Who asks"),
)  # fmt: skip
def me(request: ApiRequest) -> Myself:
    token = request.token
    only = next((each.brand.slug for each in request.memberships if each.brand_id == token.brand_id), None)
    return Myself.model_construct(
        person=PersonBrief.of(request.user), token=token.name, scopes=token.scopes, brand=only,
        expires=token.expires,
    )  # fmt: skip


@router.get(
    "/brands", auth=Bearer(), response=Brands, operation_id="brands", tags=["brands"],
    summary=gettext_noop("Brands"),
)  # fmt: skip
def brands(request: ApiRequest, limit: Limit = USUAL, cursor: After = "") -> Brands:
    after = place(cursor, "brands", 1)
    rows = [each for each in request.memberships if after is None or each.pk > after[0]]
    rows, following = paged(request, "brands", rows[: limit + 1], limit)
    return Brands.model_construct(items=[BrandShown.of(row) for row in rows], next=following)


@router.get(
    "/brands/{slug:brand}", auth=Bearer(), response=BrandShown, operation_id="brand", tags=["brands"],
    summary=gettext_noop("One brand"),
)  # fmt: skip
def brand(request: ApiRequest, brand: str) -> BrandShown:
    return BrandShown.of(request.membership)


@router.get(
    "/brands/{slug:brand}/people", auth=Bearer("people:read"), response=Members, operation_id="people",
    tags=["people"], summary=gettext_noop("Who works for the brand"),
)  # fmt: skip
def people(request: ApiRequest, brand: str, limit: Limit = USUAL, cursor: After = "") -> Members:
    after = place(cursor, "people", 1)
    rows = _members(request.brand)
    if after is not None:
        rows = rows.filter(pk__gt=after[0])
    found, following = paged(request, "people", list(rows[: limit + 1]), limit)
    return Members.model_construct(items=[Member.of(row) for row in found], next=following)


@router.get(
    "/brands/{slug:brand}/people/{number:pk}", auth=Bearer("people:read"), response=Member,
    operation_id="member", tags=["people"], summary=gettext_noop("One of them"),
)  # fmt: skip
def member(request: ApiRequest, brand: str, pk: int) -> Member:
    found = _members(request.brand).filter(user=pk).first()
    if found is None:
        raise Problem("not-found")
    return Member.of(found)


def _members(brand: Brand):  # type: ignore[no-untyped-def]
    rows = Membership.objects.going_on().filter(brand=brand, user__is_active=True)
    return rows.select_related("user").order_by("pk")
