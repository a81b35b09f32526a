"""For programs: what each person can at the counter, and how much they have in hand at once."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS
from comptoir.inbox.forms_of_queues import ClerkForm
from comptoir.inbox.models import Clerk
from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.models import User
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit

router = Router(tags=["queues"])
CLERKS = "/brands/{slug:brand}/clerks"
_MOST = gettext_noop("How many open threads that wait for an answer they have in hand, null for any number.")


class ClerkGiven(Given):
    """What somebody can at the counter."""

    languages: list[str] = Field(
        default=[], max_length=100, description=gettext_noop("Those they answer in; none named: any.")
    )
    skills: list[str] = Field(default=[], max_length=100, description=gettext_noop("As queues ask for them."))
    most: int | None = Field(default=None, ge=1, le=1_000, description=_MOST)


class ClerkShown(BaseModel):
    """Somebody who answers for the brand, and what they can."""

    id: int
    name: str
    languages: list[str]
    skills: list[str]
    most: int | None = Field(description=_MOST)

    @classmethod
    def of(cls, user: User, clerk: Clerk | None) -> ClerkShown:
        known = clerk or Clerk()
        return cls.model_construct(
            id=user.pk, name=str(user), languages=known.languages, skills=known.skills, most=known.most
        )


class Clerks(BaseModel):
    """Those who answer for the brand, by name."""

    items: list[ClerkShown]


@router.get(
    CLERKS, auth=READS, response=Clerks, operation_id="clerks",
    summary=gettext_noop("Who can what at the counter"),
)  # fmt: skip
def clerks(request: ApiRequest, brand: str) -> Clerks:
    known = {each.user_id: each for each in Clerk.objects.of(request.brand)}
    people = request.brand.answerers().order_by("name", "email")
    return Clerks.model_construct(items=[ClerkShown.of(user, known.get(user.pk)) for user in people])


@router.get(
    f"{CLERKS}/{{number:pk}}", auth=READS, response=ClerkShown, operation_id="clerk",
    summary=gettext_noop("What one person can"),
)  # fmt: skip
def clerk(request: ApiRequest, brand: str, pk: int) -> ClerkShown:
    return _shown(request, _person(request, pk))


@router.put(
    f"{CLERKS}/{{number:pk}}", auth=Bearer("threads:write", "manager"), response=ClerkShown,
    operation_id="settle-clerk", summary=gettext_noop("Say what one person can, and how much at once"),
)  # fmt: skip
def settle(request: ApiRequest, brand: str, pk: int, given: ClerkGiven) -> ClerkShown:
    person = _person(request, pk)
    said = {"languages": "\n".join(given.languages), "skills": "\n".join(given.skills), "most": given.most}
    form = ClerkForm(said)
    if not form.is_valid():
        raise unfit(form)
    Clerk.settle(request.brand, person, request.user, **form.cleaned_data)
    return _shown(request, person)


def _person(request: ApiRequest, pk: int) -> User:
    found: User | None = request.brand.answerers().filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is nobody of that number who answers here."))
    return found


def _shown(request: ApiRequest, person: User) -> ClerkShown:
    return ClerkShown.of(person, Clerk.objects.of(request.brand).filter(user=person).first())
