"""For programs: on which terms somebody works for a brand, and its teams."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.api import COMPANY, Member, PersonBrief
from comptoir.organisation.models import Membership, NameTaken, Team
from comptoir.organisation.models.terms import COMPANY_MOST
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at
from comptoir.web.people import may_settle
from comptoir.web.teams import TeamForm
from comptoir.web.terms import TermsForm

router = Router(tags=["people"])
TEAMS = "/brands/{slug:brand}/teams"
_DECIDES = Bearer("people:write", "manager")


class TermsGiven(Given):
    """What is agreed with somebody; what is left out is agreed no more."""

    on_behalf_of: str = Field(default="", max_length=COMPANY_MOST, description=COMPANY)
    last_day: date | None = Field(
        default=None,
        description=gettext_noop("By the brand's clock; their access ends at its end. Null: none."),
    )
    channels: list[int] | None = Field(
        default=None, max_length=1_000,
        description=gettext_noop("The only channels that they see and answer on, null for all."),
    )  # fmt: skip


class TeamShown(BaseModel):
    """Members of a brand who are given work together."""

    id: int
    name: str
    members: list[PersonBrief]

    @classmethod
    def of(cls, team: Team) -> TeamShown:
        members = [PersonBrief.of(each) for each in team.members.all()]
        return cls.model_construct(id=team.pk, name=team.name, members=members)


class Teams(BaseModel):
    """The brand's teams, by name."""

    items: list[TeamShown]


class TeamGiven(Given):
    """A team's name, and who is in it."""

    name: str = Field(min_length=1, max_length=60)
    members: list[int] = Field(default=[], max_length=1_000)


@router.put(
    "/brands/{slug:brand}/people/{number:pk}/terms", auth=_DECIDES, response=Member, operation_id="agree",
    summary=gettext_noop("Agree on other terms with somebody"),
)  # fmt: skip
def agree(request: ApiRequest, brand: str, pk: int, given: TermsGiven) -> Member:
    found = request.brand.memberships.going_on().filter(user=pk, user__is_active=True).first()
    if found is None:
        raise Problem("not-found", _("This person does not belong here."))
    found.brand = request.brand
    if not may_settle(request, found):
        words = _("You can agree on this with others, up to your own role. Ask an owner of the brand.")
        raise Problem("role-too-low", words)
    form = _asked(found, given)
    found.agree(form.terms.under(request.membership.terms), request.user, **form.said)
    return Member.of(found)


def _asked(member: Membership, given: TermsGiven) -> TermsForm:
    """What is to be agreed, if it will do."""
    said = {
        "on_behalf_of": given.on_behalf_of, "until": given.last_day, "channels": given.channels or [],
        "reach": "all" if given.channels is None else "some",
    }  # fmt: skip
    form = TermsForm.of(member, said)
    if given.channels is not None and "channels" not in form.fields:
        # There the page does not even ask.
        all_of_them = _("Managers and owners see all channels of the brand.")
        raise wrong_at("channels", all_of_them if form.named else _("There is no such channel here."))
    if not form.is_valid():
        raise unfit(form, {"until": "last_day", "reach": "channels"})
    return form


@router.get(
    TEAMS, auth=Bearer("people:read"), response=Teams, operation_id="teams",
    summary=gettext_noop("Its teams"),
)  # fmt: skip
def teams(request: ApiRequest, brand: str) -> Teams:
    found = Team.objects.of(request.brand).prefetch_related("members").order_by("name")
    return Teams.model_construct(items=[TeamShown.of(each) for each in found])


@router.post(
    TEAMS, auth=_DECIDES, response={201: TeamShown}, operation_id="make-team",
    summary=gettext_noop("Make a team"),
)  # fmt: skip
def make_team(request: ApiRequest, brand: str, given: TeamGiven) -> Status[Any]:
    asked = _team_asked(request, given)
    try:
        made = Team.make(request.brand, asked["name"], asked["members"], request.user)
    except NameTaken:
        raise _taken() from None
    return Status(201, TeamShown.of(made))


@router.put(
    f"{TEAMS}/{{number:pk}}", auth=_DECIDES, response=TeamShown, operation_id="change-team",
    summary=gettext_noop("Give it another name, or other people"),
)  # fmt: skip
def change_team(request: ApiRequest, brand: str, pk: int, given: TeamGiven) -> TeamShown:
    found, asked = _team(request, pk), _team_asked(request, given)
    try:
        found.change(asked["name"], asked["members"], request.user)
    except NameTaken:
        raise _taken() from None
    return TeamShown.of(found)


@router.delete(
    f"{TEAMS}/{{number:pk}}", auth=_DECIDES, response={204: None}, operation_id="dissolve-team",
    summary=gettext_noop("Dissolve it"),
)  # fmt: skip
def dissolve_team(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _team(request, pk).dissolve(request.user)
    return Status(204, None)


def _team(request: ApiRequest, pk: int) -> Team:
    found = Team.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such team any more."))
    return found


def _team_asked(request: ApiRequest, given: TeamGiven) -> dict[str, Any]:
    form = TeamForm(request.brand, given.model_dump())
    if not form.is_valid():
        raise unfit(form)
    return form.cleaned_data


def _taken() -> Problem:
    return wrong_at("name", _("There is a team of this name."))
