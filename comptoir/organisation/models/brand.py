"""Brands, and who works for them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.events import tell
from comptoir.kernel.live import revoke
from comptoir.organisation import audit
from comptoir.organisation.events import BrandArchived, BrandOpened, HoursChanged, SightNarrowed
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet
from comptoir.organisation.models.terms import Agreed, Terms, going_on, seeing, spoken_for

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User


TINTS = 6
NO_TERMS = Terms()


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
    def zone(self) -> tzinfo:
        """Its time zone, else the house's."""
        return clock.zone_of(self.time_zone)

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
            tell(BrandOpened(brand.pk))
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
            tell(BrandOpened(self.pk))
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

    def answerers(self, channel: int | None = None) -> models.QuerySet[User]:
        """Its people who may answer, on one channel or on any, and so be given threads: those whose account is on."""
        from comptoir.organisation.models.user import User

        here = self.memberships.filter(going_on(), role__in=Role.AGENT.and_above())
        here = here if channel is None else here.filter(seeing(channel))
        return User.objects.filter(pk__in=here.values("user"), is_active=True)

    def admit(
        self, user: User, role: str = "", by: User | None = None, terms: Terms = NO_TERMS
    ) -> Membership:
        """Let somebody work for the brand. "" leaves the role that they have, or makes a newcomer an agent.

        `terms` are a newcomer's; those of a member stay, but an owner has none that end. LastOwner when the brand would
        have no owner left.
        """
        from comptoir.organisation import leaving

        with transaction.atomic():
            self.hold()
            begun = {"role": role or str(Role.AGENT), **asdict(terms)}
            membership, new = self.memberships.get_or_create(user=user, defaults=begun)
            if membership.is_over:
                # Nobody has ended it yet: they begin anew.
                membership.take(begun)
                new = True
            told = {"member": str(user), "member_id": user.pk}
            if new:
                facts = terms.said() | told
                audit.record("member_admitted", self, membership, by, role=membership.role, **facts)
                leaving.settle(user, self, membership)
            elif role not in ("", membership.role):
                self.keep_an_owner(membership)
                before, membership.role = membership.role, role
                membership.until = None if role == Role.OWNER else membership.until
                membership.channels = None if membership.may(Role.MANAGER) else membership.channels
                membership.save(update_fields=["role", "until", "channels"])
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
                over = membership.is_over and by is None
                what = "member_expired" if over else "member_dismissed"
                audit.record(what, self, membership, by, member=str(user), member_id=user.pk)
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


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def going_on(self) -> Self:
        """Those whose agreed time is not over."""
        return self.filter(going_on())


class Membership(Agreed):
    """A person's role on a brand, and what was agreed with them."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.AGENT)
    created = models.DateTimeField(auto_now_add=True)
    barred: bool = False
    """Whether the brand asks for a second step and its member has none: as the statement that found it saw."""

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "brand"], name="one_role_a_brand"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=models.Q(until=None) | ~models.Q(role=Role.OWNER), name="owners_stay"
            ),
            models.CheckConstraint(
                condition=models.Q(channels=None) | models.Q(role__in=Role.AGENT.and_below()),
                name="managers_see_all",
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=models.Q(until__isnull=False), name="membership_ends")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.brand}"

    def may(self, role: str) -> bool:
        """Whether this member may do what `role` may."""
        return self.role in Role(role).and_above()

    @property
    def speaks_as(self) -> str:
        """Who they are, and whose person when not the brand's own."""
        return spoken_for(self.user, self.on_behalf_of)

    def agree(self, terms: Terms, by: User | None, **named: str) -> bool:
        """Agree on other terms; False when all is as it was. `named`: how the log calls its channels.

        ValueError("owner") when an owner's were to end, ValueError("manager") when a manager were to see less than all.
        """
        from comptoir.organisation.models.notice import Notice

        if terms.until is not None and self.role == Role.OWNER:
            raise ValueError("owner")
        if terms.channels is not None and self.may(Role.MANAGER):
            raise ValueError("manager")
        with transaction.atomic():
            self.brand.hold()
            held = Membership.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if held.terms == terms:
                return False
            self.take(asdict(terms))
            facts = {"member": str(self.user), "member_id": self.user_id, **terms.said(), **named}
            audit.record("member_terms_settled", self.brand, self, by, **facts)
            Notice.settle(self.brand_id, f"member:{self.pk}")
            revoke(self.user_id, self.brand_id)
            if terms.channels is not None:
                tell(SightNarrowed(self.brand_id, self.user_id, by.pk if by else None))
        return True

    def end(self) -> None:
        """What was agreed is over: the access ends as if somebody had ended it."""
        self.brand.dismiss(self.user)


def company_of(user: User, brand_id: int) -> str:
    """In whose name somebody speaks on a brand, "" for the brand's own people."""
    if user.found_with is not None:
        return next((each.on_behalf_of for each in user.found_with if each.brand_id == brand_id), "")
    found = Membership.objects.filter(user=user, brand=brand_id).values_list("on_behalf_of", flat=True)
    return found.first() or ""
