"""Brands, and who works for them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.organisation.models.scope import BrandManager, BrandQuerySet


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
