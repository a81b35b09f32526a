"""Leaving: the one place where every kind of access that a person has comes to its end.

`Brand.dismiss` and `switch_off` come here. Whoever gives people a new kind of access (a token, a link, a device that is
told things) adds a line to `KINDS`; a test looks at everything that points at a person and asks for that line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.kernel.live import revoke
from comptoir.organisation import audit
from comptoir.organisation.events import WorkEnded
from comptoir.organisation.models import (
    AddressProof,
    Brand,
    Departure,
    Invitation,
    JoinRequest,
    Membership,
    Notice,
    Reach,
    Role,
    Shift,
    SignInLink,
    Taste,
    TeamMember,
    User,
)
from comptoir.organisation.models.invitation import withdraw_beyond

if TYPE_CHECKING:
    By = User | None


def _nothing_of_brand(user: User, brand: Brand, by: By) -> None:
    """This kind of access is to the house, not to one brand."""


def _nothing_of_house(user: User, by: By) -> None:
    """This kind of access is to one brand and ended with it."""


@dataclass(frozen=True, slots=True)
class Access:
    """One kind of access: the models that hold it ("app.Model"), and how it ends on a brand and in the house."""

    name: str
    held_by: tuple[str, ...] = ()
    end_on_brand: Callable[[User, Brand, By], None] = _nothing_of_brand
    end_in_house: Callable[[User, By], None] = _nothing_of_house


def _end_role(user: User, brand: Brand, by: By) -> None:
    for membership in brand.memberships.filter(user=user):
        over = membership.is_over and by is None
        Departure.objects.create(brand=brand, user=user, role=membership.role, by=by, over=over)
        Notice.settle(brand.pk, f"member:{membership.pk}")
        membership.delete()


def _end_streams(user: User, brand: Brand, by: By) -> None:
    revoke(user.pk, brand.pk)


def _end_all_streams(user: User, by: By) -> None:
    revoke(user.pk)


def _end_invitations_made(user: User, brand: Brand, by: By) -> None:
    withdraw_beyond(user, brand, by)


def _end_sessions(user: User, by: By) -> None:
    user.end_sessions()


def _end_links(user: User, by: By) -> None:
    SignInLink.objects.filter(user=user, used_at=None).delete()
    AddressProof.objects.filter(email=user.email, used_at=None).delete()


def _end_requests(user: User, by: By) -> None:
    for each in user.join_requests.filter(answered_at=None):
        each.decline(by)


def _end_notices(user: User, brand: Brand, by: By) -> None:
    Notice.objects.of(brand).filter(to=user, settled_at=None).update(settled_at=clock.now())
    Reach.objects.filter(user=user, notice__brand=brand).delete()


def _end_teams(user: User, brand: Brand, by: By) -> None:
    TeamMember.objects.filter(user=user, team__brand=brand).delete()


def _end_shifts(user: User, brand: Brand, by: By) -> None:
    Shift.objects.of(brand).filter(user=user).delete()


def _end_ways_to_be_told(user: User, by: By) -> None:
    user.devices.all().delete()
    Taste.objects.filter(user=user).update(chat=None)


def _end_tokens_of_brand(user: User, brand: Brand, by: By) -> None:
    user.api_tokens.filter(brand=brand).end(by)


def _end_tokens(user: User, by: By) -> None:
    user.api_tokens.end(by)


KINDS = (
    Access("role", ("organisation.Membership",), _end_role),
    Access("teams", ("organisation.TeamMember",), _end_teams),
    Access("duty", ("organisation.Shift",), _end_shifts),
    Access("live streams", (), _end_streams, _end_all_streams),
    Access("invitations made", ("organisation.Invitation",), _end_invitations_made),
    Access("sessions", ("organisation.Session",), end_in_house=_end_sessions),
    Access(
        "sign-in links", ("organisation.SignInLink", "organisation.AddressProof"), end_in_house=_end_links
    ),
    Access("tokens for programs", ("organisation.ApiToken",), _end_tokens_of_brand, _end_tokens),
    Access("requests to join", ("organisation.JoinRequest",), end_in_house=_end_requests),
    Access("notices", ("organisation.Notice", "organisation.Reach"), _end_notices),
    Access(
        "ways to be told", ("organisation.Device", "organisation.Taste"), end_in_house=_end_ways_to_be_told
    ),
)
"""Every kind of access, in the order in which it ends."""


def leave(user: User, brand: Brand, by: By = None) -> None:
    """End all that a person may on a brand; and all that they may in the house, when nothing keeps them here.

    The caller has seen to it that the brand keeps an owner. What they wrote stays; threads of theirs go back to nobody.
    """
    with transaction.atomic():
        for kind in KINDS:
            kind.end_on_brand(user, brand, by)
        tell(WorkEnded(brand.pk, user.pk, by.pk if by else None))
        if not is_kept(user):
            for kind in KINDS:
                kind.end_in_house(user, by)


def is_kept(user: User) -> bool:
    """Whether somebody has a reason to be here: a role on any brand, or a request that nobody has answered."""
    return user.memberships.exists() or user.join_requests.filter(answered_at=None).exists()


def change(user: User, brand: Brand, before: str, role: str, by: By = None) -> None:
    """Somebody's role is another one: pages left open must ask anew what they may."""
    revoke(user.pk, brand.pk)
    if role not in Role(before).and_above():
        withdraw_beyond(user, brand, by)
        if role not in Role.AGENT.and_above():
            tell(WorkEnded(brand.pk, user.pk, by.pk if by else None))


def settle(user: User, brand: Brand, membership: Membership) -> None:
    """Somebody belongs to a brand now: whatever else would have brought them in has had its answer."""
    now = clock.now()
    Invitation.objects.of(brand).open().filter(email=user.email).update(accepted_at=now, accepted_by=user)
    for asked in JoinRequest.objects.of(brand).open().filter(user=user):
        JoinRequest.objects.of(brand).filter(pk=asked.pk).update(answered_at=now, role=membership.role)
        Notice.settle(brand.pk, f"request:{asked.pk}")


def switch_off(user: User, by: By = None) -> bool:
    """Close an account: no way in works any more, roles are kept for the day when it is opened again.

    LastOwner when a brand would have nobody left to own it. False when it was off already.
    """
    with transaction.atomic():
        mine = list(Membership.objects.filter(user=user).select_related("brand").order_by("brand_id"))
        for membership in mine:
            membership.brand.hold()
            membership.brand.keep_an_owner(membership)
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            return False
        user.is_active = False
        audit.record("account_switched_off", None, user, by, account=str(user))
        for membership in mine:
            withdraw_beyond(user, membership.brand, by)
            tell(WorkEnded(membership.brand_id, user.pk, by.pk if by else None))
        for kind in KINDS:
            kind.end_in_house(user, by)
    return True


def switch_on(user: User, by: By = None) -> bool:
    """Open an account again, with the roles that it had. False when it was open."""
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            return False
        user.is_active = True
        audit.record("account_switched_on", None, user, by, account=str(user))
    return True
