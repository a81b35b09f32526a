"""Brands, and who works for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from comptoir.organisation import audit
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User


class LastOwner(Exception):
    """A brand keeps an owner who can sign in."""


class Role(models.TextChoices):
    """What a member may do, each role all that the ones before it may."""

    READER = "reader", _("Reader")
    AGENT = "agent", _("Agent")
    MANAGER = "manager", _("Manager")
    OWNER = "owner", _("Owner")

    def and_above(self) -> list[str]:
        """This role and those that may do more."""
        ranks = list(type(self))
        return [str(role) for role in ranks[ranks.index(self) :]]


class BrandsQuerySet(BrandQuerySet["Brand"]):
    brand_path = "pk"


class BrandsManager(BrandManager["Brand", "BrandsQuerySet"]):
    queryset_class = BrandsQuerySet


class Brand(models.Model):
    """A name that people speak to and about. Everything else belongs to one."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), unique=True)
    created = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="brands")

    objects: ClassVar[BrandsManager] = BrandsManager()

    def __str__(self) -> str:
        return self.name

    def admit(self, user: User, role: str = "") -> Membership:
        """Let somebody work for the brand. "" leaves the role that they have, or makes a newcomer an agent.

        LastOwner when the brand would have no owner left.
        """
        with transaction.atomic():
            self._hold()
            membership, new = self.memberships.get_or_create(
                user=user, defaults={"role": role or str(Role.AGENT)}
            )
            told = {"member": str(user), "member_id": user.pk}
            if new:
                audit.record("member_admitted", self, membership, role=membership.role, **told)
            elif role not in ("", membership.role):
                self._keep_an_owner(membership)
                before, membership.role = membership.role, role
                membership.save(update_fields=["role"])
                audit.record("member_role_changed", self, membership, before=before, role=role, **told)
        return membership

    def dismiss(self, user: User) -> None:
        """Take somebody's role away. LastOwner when the brand would have no owner left."""
        with transaction.atomic():
            self._hold()
            for membership in self.memberships.filter(user=user):
                self._keep_an_owner(membership)
                audit.record("member_dismissed", self, membership, member=str(user), member_id=user.pk)
                membership.delete()

    def _hold(self) -> None:
        """One change of roles at a time: two owners cannot each leave because the other stays."""
        Brand.objects.of(self).select_for_update().get()

    def _keep_an_owner(self, leaving: Membership) -> None:
        owners = self.memberships.filter(role=Role.OWNER, user__is_active=True)
        if leaving.role == Role.OWNER and not owners.exclude(pk=leaving.pk).exists():
            raise LastOwner


class Membership(models.Model):
    """A person's role on a brand."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.AGENT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "brand"], name="one_role_a_brand"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.brand}"

    def may(self, role: str) -> bool:
        """Whether this member may do what `role` may."""
        return self.role in Role(role).and_above()
