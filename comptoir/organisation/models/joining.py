"""Joining without an invitation: whose address is of the brand's company may ask, and somebody with a right answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from comptoir.kernel import clock
from comptoir.organisation import audit
from comptoir.organisation.models import tokens
from comptoir.organisation.models.brand import NO_TERMS, Brand, Membership, Role
from comptoir.organisation.models.notice import Notice
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User

PROOF_LIFE = timedelta(hours=1)
AGAIN_AFTER = timedelta(days=7)
"""How long after a no somebody may ask again."""


class CompanyDomain(models.Model):
    """A company's mail domain: whoever has an address of it may ask to work for the brand."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=clock.now)

    objects: ClassVar[BrandManager[CompanyDomain, BrandQuerySet[CompanyDomain]]] = BrandManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "domain"], name="domain_once_a_brand")]

    def __str__(self) -> str:
        return self.domain

    @classmethod
    def open(cls, brand: Brand, domain: str, by: User) -> CompanyDomain:
        """Let people of a domain ask; once is enough."""
        with transaction.atomic():
            named, new = cls.objects.of(brand).get_or_create(brand=brand, domain=domain, defaults={"by": by})
            if new:
                audit.record("domain_opened", brand, named, by, domain=domain)
        return named

    def shut(self, by: User) -> None:
        """Nobody of the domain may ask any more; who has asked still gets an answer."""
        with transaction.atomic():
            audit.record("domain_shut", self.brand_id, self, by, domain=self.domain)
            self.delete()


def open_to(email: str, user: User | None = None) -> list[Brand]:
    """The brands that somebody with this address may ask to work for, by name. `user`: without those of theirs."""
    domain = email.rpartition("@")[2].lower()
    named = CompanyDomain.objects.everywhere().filter(domain=domain, brand__archived_at=None)
    if user is not None:
        named = named.exclude(brand__memberships__user=user)
    return sorted({each.brand for each in named.select_related("brand")}, key=lambda b: (b.name, b.pk))


def any_is_open() -> bool:
    """Whether any brand lets people of some company ask."""
    return CompanyDomain.objects.everywhere().filter(brand__archived_at=None).exists()


class AddressProof(models.Model):
    """A link on its way to an address: who comes back with it reads that mailbox."""

    email = models.EmailField(max_length=254)
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[AddressProof]] = models.Manager()

    def __str__(self) -> str:
        return f"proof {self.pk}"

    @classmethod
    def issue(cls, email: str) -> str:
        """A token to send to the address, good for an hour. Those that are too old are forgotten."""
        token, digest = tokens.fresh()
        now = clock.now()
        cls.objects.filter(expires__lt=now).delete()
        cls.objects.create(email=email.strip().lower(), digest=digest, expires=now + PROOF_LIFE)
        return token

    @classmethod
    def proven(cls, token: str) -> str:
        """The address that a token proves, "" when it is unknown, used or too old; looking does not use it."""
        live = cls.objects.filter(digest=tokens.digest(token), used_at=None, expires__gt=clock.now())
        return live.values_list("email", flat=True).first() or ""

    @classmethod
    def spend(cls, token: str) -> bool:
        """Use it up; False when it was already."""
        live = cls.objects.filter(digest=tokens.digest(token), used_at=None, expires__gt=clock.now())
        return live.update(used_at=clock.now()) == 1


class JoinRequestQuerySet(BrandQuerySet["JoinRequest"]):
    def open(self) -> JoinRequestQuerySet:
        """Those that nobody has answered."""
        return self.filter(answered_at=None)


class JoinRequestManager(BrandManager["JoinRequest", "JoinRequestQuerySet"]):
    queryset_class = JoinRequestQuerySet


class JoinRequest(models.Model):
    """Somebody asks to work for a brand. Answered with a `role`, or with none: declined."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    created = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    role = models.CharField(max_length=8, choices=Role.choices, blank=True)

    objects: ClassVar[JoinRequestManager] = JoinRequestManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "user"], condition=Q(answered_at=None), name="one_open_request_a_person"
            ),
            models.CheckConstraint(condition=Q(role__in=["", *Role.values]), name="request_role_known"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @classmethod
    def ask(cls, user: User, brand: Brand) -> bool:
        """Ask, once; whoever can answer sees a notice. False for members and those who were told no lately."""
        with transaction.atomic():
            brand.hold()
            mine = cls.objects.of(brand).filter(user=user)
            if brand.memberships.going_on().filter(user=user).exists():
                return False
            if mine.open().exists():
                return True
            if mine.filter(role="", answered_at__gt=clock.now() - AGAIN_AFTER).exists():
                return False
            made = cls.objects.create(brand=brand, user=user)
            audit.record("joining_asked", brand, made, user)
            Notice.post(brand.pk, "join_request", f"request:{made.pk}", who=str(user))
        return True

    def approve(self, role: str, by: User) -> Membership | None:
        """Let them in; None when somebody has answered before."""
        with transaction.atomic():
            if not self._answer(role, by):
                return None
            giver = self.brand.memberships.get(user=by).terms
            return self.brand.admit(self.user, role, by=by, terms=NO_TERMS.under(giver))

    def decline(self, by: User | None) -> bool:
        """Say no; False when somebody has answered before."""
        with transaction.atomic():
            if not self._answer("", by):
                return False
            audit.record("joining_declined", self.brand_id, self, by, member_id=self.user_id)
        return True

    def _answer(self, role: str, by: User | None) -> bool:
        mine = JoinRequest.objects.of(self.brand_id).open().filter(pk=self.pk)
        if not mine.update(answered_at=clock.now(), answered_by=by, role=role):
            return False
        Notice.settle(self.brand_id, f"request:{self.pk}")
        return True
