"""Invitations: somebody with a right asks an address to work for a brand."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from comptoir.kernel import clock
from comptoir.organisation import audit
from comptoir.organisation.models import tokens
from comptoir.organisation.models.brand import NO_TERMS, Brand, Membership, Role
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet
from comptoir.organisation.models.terms import Agreed, Terms

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User

LIFE = timedelta(days=7)
MOST_LINKS = 5
"""Links of one invitation that work beside each other: a mail sent again does not kill the one before it."""


class AlreadyMember(Exception):
    """The address belongs to somebody who works for the brand."""


class BeyondRole(Exception):
    """A role that the inviter may not give."""


class Spent(Exception):
    """The invitation was used by somebody else, withdrawn, or is too old."""


class InvitationQuerySet(BrandQuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Neither accepted nor withdrawn; the links of some may be too old."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def withdraw(self, by: User | None) -> int:
        """Take these back: none of their links opens anything any more. How many were open."""
        with transaction.atomic():
            found = list(self.open().select_for_update())
            for each in found:
                audit.record("invitation_withdrawn", each.brand_id, each, by, role=each.role)
            ids = [each.pk for each in found]
            self.open().filter(pk__in=ids).update(withdrawn_at=clock.now(), withdrawn_by=by)
        return len(found)


class InvitationManager(BrandManager["Invitation", "InvitationQuerySet"]):
    queryset_class = InvitationQuerySet


class Invitation(Agreed):
    """`by` asks `email` to work for a brand in a role and under terms; at most one open invitation for each address and
    brand.

    `expires` is when its newest link does; `mailed_at` when a mail last left for it, None when people carry the link.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=8, choices=Role.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=clock.now)
    expires = models.DateTimeField(default=clock.now)
    mailed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar[InvitationManager] = InvitationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_an_address",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(condition=Q(until=None) | ~Q(role=Role.OWNER), name="invited_owners_stay"),
            models.CheckConstraint(
                condition=Q(channels=None) | Q(role__in=Role.AGENT.and_below()),
                name="invited_managers_see_all",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @classmethod
    def make(
        cls, brand: Brand, email: str, role: str, by: User, terms: Terms = NO_TERMS, **named: str
    ) -> Invitation:
        """Invite an address; one that is invited already is invited anew, in this role and by this person.

        AlreadyMember, or BeyondRole when `by` may not give that role on the brand. Of the terms, what `by` may give;
        `named`: how the log calls their channels.
        """
        email = email.strip().lower()
        with transaction.atomic():
            Brand.objects.of(brand).select_for_update().get()
            if role not in rights(brand, by):
                raise BeyondRole(role)
            if brand.memberships.going_on().filter(user__email__iexact=email).exists():
                raise AlreadyMember(email)
            terms = terms.under(brand.memberships.get(user=by).terms)
            earlier = cls.objects.of(brand).open().filter(email=email).first()
            if earlier is None:
                made = cls.objects.create(brand=brand, email=email, role=role, by=by, **asdict(terms))
                audit.record("member_invited", brand, made, by, role=role, **terms.said() | named)
                return made
            if earlier.role not in rights(brand, by):
                raise BeyondRole(earlier.role)
            if (earlier.role, earlier.by_id, earlier.terms) != (role, by.pk, terms):
                earlier.take({"role": role, "by": by, **asdict(terms)})
                audit.record("member_invited", brand, earlier, by, role=role, **terms.said() | named)
        return earlier

    @property
    def is_live(self) -> bool:
        """Whether a link of it may still open the door."""
        waits = self.accepted_at is None and self.withdrawn_at is None
        return waits and self.expires > clock.now() and not self.is_over

    def link(self, mailed: bool) -> str:
        """A new link's token, good for seven days. `mailed`: it goes to the address, and so proves it."""
        now = clock.now()
        token, digest = tokens.fresh()
        with transaction.atomic():
            self.links.create(digest=digest, mailed=mailed, created=now)
            newest = self.links.order_by("-created", "-pk").values_list("pk", flat=True)[:MOST_LINKS]
            self.links.exclude(pk__in=list(newest)).delete()
            self.expires, self.mailed_at = now + LIFE, now if mailed else self.mailed_at
            self.save(update_fields=["expires", "mailed_at"])
        return token

    def just_mailed(self, within: timedelta = timedelta(minutes=1)) -> bool:
        """Whether a mail left so lately that another one would be the same click twice."""
        return self.mailed_at is not None and self.mailed_at > clock.now() - within

    def accept(self, user: User) -> Membership:
        """Make the invited person a member. A second time by the same person changes nothing; Spent otherwise.

        Who belongs to the brand already keeps the role that they have.
        """
        with transaction.atomic():
            self.brand.hold()
            held = Invitation.objects.of(self.brand_id).select_for_update(of=("self",)).get(pk=self.pk)
            member = self.brand.memberships.going_on().filter(user=user).first()
            if held.accepted_by_id == user.pk and member is not None:
                return member
            if not held.is_live or self.brand.archived_at is not None:
                raise Spent
            audit.record("invitation_accepted", self.brand_id, held, user, member=str(user), role=held.role)
            if member is not None:
                held.accepted_at, held.accepted_by = clock.now(), user
                held.save(update_fields=["accepted_at", "accepted_by"])
                return member
            made = self.brand.admit(user, held.role, by=user, terms=held.terms)
            Invitation.objects.of(self.brand_id).open().filter(pk=held.pk).update(
                accepted_at=clock.now(), accepted_by=user
            )
            return made


class InvitationLink(models.Model):
    """One way in that an invitation gave out."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    mailed = models.BooleanField(default=False)
    created = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[InvitationLink]] = models.Manager()

    def __str__(self) -> str:
        return f"link of invitation {self.invitation_id}"

    @classmethod
    def of(cls, token: str) -> InvitationLink | None:
        """The link of a token, with its invitation and brand, whatever became of it; None for words of nobody's."""
        found = cls.objects.filter(digest=tokens.digest(token))
        return found.select_related("invitation__brand", "invitation__by", "invitation__accepted_by").first()

    @property
    def ends(self) -> datetime:
        return self.created + LIFE

    @property
    def is_live(self) -> bool:
        """Whether it opens the door now."""
        invitation = self.invitation
        return invitation.is_live and self.ends > clock.now() and invitation.brand.archived_at is None


def rights(brand: Brand, user: User) -> list[str]:
    """The roles that somebody may give on a brand: from manager on, all up to their own."""
    membership = brand.memberships.going_on().filter(user=user, user__is_active=True).first()
    if membership is None or not membership.may(Role.MANAGER):
        return []
    return Role(membership.role).and_below()


def withdraw_beyond(user: User, brand: Brand, by: User | None) -> None:
    """Take back the invitations of somebody who may not give these roles any more."""
    mine = Invitation.objects.of(brand).filter(by=user)
    mine.exclude(role__in=rights(brand, user)).withdraw(by)
