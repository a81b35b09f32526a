"""Brands, and who works for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.events import tell
from comptoir.kernel.live import revoke
from comptoir.organisation import audit
from comptoir.organisation.events import BrandArchived, HoursChanged
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User


TINTS = 6


class LastOwner(Exception):
    """A brand keeps an owner who can sign in."""


class SlugTaken(Exception):
    """Another brand of the house has this address, archived perhaps."""


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

    def and_below(self) -> list[str]:
        """This role and those that may do less."""
        ranks = list(type(self))
        return [str(role) for role in ranks[: ranks.index(self) + 1]]


class BrandsQuerySet(BrandQuerySet["Brand"]):
    brand_path = "pk"


class BrandsManager(BrandManager["Brand", "BrandsQuerySet"]):
    queryset_class = BrandsQuerySet


class Brand(models.Model):
    """A name that people speak to and about. Everything else belongs to one.

    `sign` and `tint` (0 to 5) draw its disc, "" and None: as the name makes them. `language` is that of mail to people
    who have not chosen one, `time_zone` that of readers whose browser names none; "" in both: the house's own.
    `shielded_at`: since when nothing leaves with the names of those who answer, whatever their channels say.
    `duty_minutes`: how long whoever is on duty and was called has before the next one is.
    """

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), unique=True)
    sign = models.CharField(max_length=2, blank=True)
    tint = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=8, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    archived_at = models.DateTimeField(null=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)
    duty_minutes = models.PositiveSmallIntegerField(default=5, db_default=5)
    shielded_at = models.DateTimeField(null=True)
    shielded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="brands")

    objects: ClassVar[BrandsManager] = BrandsManager()

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for its disc."""
        if self.sign:
            return self.sign
        words = [found[0] for word in self.name.split() if (found := [c for c in word if c.isalnum()])]
        return "".join(words[:1] + words[1:][-1:]).upper() or "?"

    @property
    def shade(self) -> int:
        """Which of the discs' six quiet tints it has."""
        return sum(self.name.encode()) % TINTS if self.tint is None else self.tint

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone, else the house's own."""
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)

    @classmethod
    def make(cls, name: str, owner: User, slug: str = "", by: User | None = None, **looks: Any) -> Brand:
        """A new brand with its first owner. Without a `slug` its address is made of the name. SlugTaken when it is."""
        proposed = slugify(name)[:46] or "brand"
        with transaction.atomic():
            for n in range(1, 2 if slug else 100):
                asked = slug or (f"{proposed}-{n}" if n > 1 else proposed)
                if brand := cls._made(name=name, slug=asked, **looks):
                    break
            else:
                raise SlugTaken(asked)
            audit.record("brand_made", brand, brand, by, name=name)
            brand.admit(owner, Role.OWNER, by=by)
        return brand

    @classmethod
    def _made(cls, **values: Any) -> Brand | None:
        """The row; None when there is another one of this address."""
        try:
            with transaction.atomic():
                return cls.objects.create(**values)
        except IntegrityError:
            return None

    def change(self, by: User, **changes: Any) -> bool:
        """Give it another name, looks, language or time zone; False when all is as it was."""
        real = {name: value for name, value in changes.items() if getattr(self, name) != value}
        if not real:
            return False
        with transaction.atomic():
            Brand.objects.of(self).update(**real)
            audit.record(
                "brand_changed", self, self, by, changed=sorted(real), name=real.get("name", self.name)
            )
            if "time_zone" in real:
                tell(HoursChanged(self.pk))
        for name, value in real.items():
            setattr(self, name, value)
        return True

    def archive(self, by: User | None) -> bool:
        """Put it away: its pages close, its channels fall silent, nothing is lost. False when it was already."""
        with transaction.atomic():
            if (
                not Brand.objects.of(self)
                .filter(archived_at=None)
                .update(archived_at=clock.now(), archived_by=by)
            ):
                return False
            audit.record("brand_archived", self, self, by, name=self.name)
            tell(BrandArchived(self.pk))
            for user in self.memberships.values_list("user_id", flat=True):
                revoke(user, self.pk)
        self.refresh_from_db(fields=["archived_at", "archived_by"])
        return True

    def bring_back(self, by: User | None) -> bool:
        """Open its pages again; its channels wait for somebody to switch them on. False when it was not archived."""
        with transaction.atomic():
            away = Brand.objects.of(self).filter(archived_at__isnull=False)
            if not away.update(archived_at=None, archived_by=None):
                return False
            audit.record("brand_brought_back", self, self, by, name=self.name)
        self.archived_at = self.archived_by = None
        return True

    def shield(self, by: User) -> bool:
        """Take the names of those who answer off what leaves; False when they were off already."""
        from comptoir.organisation.models.notice import Notice

        with transaction.atomic():
            bare = Brand.objects.of(self).filter(shielded_at=None)
            if not bare.update(shielded_at=clock.now(), shielded_by=by):
                return False
            audit.record("shield_raised", self, self, by)
            Notice.post(self.pk, "names_off", "shield")
        self.refresh_from_db(fields=["shielded_at", "shielded_by"])
        return True

    def unshield(self, by: User) -> bool:
        """Let answers be signed again as their channels say; False when they were already."""
        from comptoir.organisation.models.notice import Notice

        with transaction.atomic():
            shielded = Brand.objects.of(self).filter(shielded_at__isnull=False)
            if not shielded.update(shielded_at=None, shielded_by=None):
                return False
            audit.record("shield_lowered", self, self, by)
            Notice.settle(self.pk, "shield")
        self.shielded_at = self.shielded_by = None
        return True

    def answerers(self) -> models.QuerySet[User]:
        """Its people who may answer, and so be given threads: those whose account is on."""
        from comptoir.organisation.models.user import User

        return User.objects.filter(
            memberships__brand=self, memberships__role__in=Role.AGENT.and_above(), is_active=True
        )

    def admit(self, user: User, role: str = "", by: User | None = None) -> Membership:
        """Let somebody work for the brand. "" leaves the role that they have, or makes a newcomer an agent.

        LastOwner when the brand would have no owner left.
        """
        from comptoir.organisation import leaving

        with transaction.atomic():
            self.hold()
            membership, new = self.memberships.get_or_create(
                user=user, defaults={"role": role or str(Role.AGENT)}
            )
            told = {"member": str(user), "member_id": user.pk}
            if new:
                audit.record("member_admitted", self, membership, by, role=membership.role, **told)
                leaving.settle(user, self, membership)
            elif role not in ("", membership.role):
                self.keep_an_owner(membership)
                before, membership.role = membership.role, role
                membership.save(update_fields=["role"])
                audit.record("member_role_changed", self, membership, by, before=before, role=role, **told)
                leaving.change(user, self, before, role, by)
        return membership

    def dismiss(self, user: User, by: User | None = None) -> None:
        """Take somebody's role away, and with it every access that came with it. LastOwner when nobody would own it."""
        from comptoir.organisation import leaving

        with transaction.atomic():
            self.hold()
            for membership in self.memberships.filter(user=user):
                self.keep_an_owner(membership)
                audit.record("member_dismissed", self, membership, by, member=str(user), member_id=user.pk)
                leaving.leave(user, self, by)

    def hold(self) -> None:
        """One change of roles at a time: two owners cannot each leave because the other stays."""
        Brand.objects.of(self).select_for_update().get()

    def keep_an_owner(self, leaving: Membership) -> None:
        """LastOwner when nobody who can sign in would own the brand without this membership."""
        owners = self.memberships.filter(role=Role.OWNER, user__is_active=True)
        if leaving.role == Role.OWNER and not owners.exclude(pk=leaving.pk).exists():
            raise LastOwner


def is_shielded(brand_id: int) -> bool:
    """Whether the brand's answers leave without names, as it stands until the caller's transaction ends: `shield` waits
    for those that began to write one."""
    rows = ask(_SHIELDED, {"brand": brand_id})
    return bool(rows and rows[0][0])


_SHIELDED = "SELECT shielded_at IS NOT NULL FROM organisation_brand WHERE id = %(brand)s FOR SHARE"


class Membership(models.Model):
    """A person's role on a brand."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.AGENT)
    created = models.DateTimeField(auto_now_add=True)
    barred: bool = False
    """Whether the brand asks for a second step and its member has none: as the statement that found it saw."""

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
