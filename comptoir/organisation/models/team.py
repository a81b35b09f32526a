"""Teams: colleagues of a brand who are given work together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from comptoir.organisation import audit
from comptoir.organisation.models.brand import Brand, Membership
from comptoir.organisation.models.keeping import keep
from comptoir.organisation.models.scope import BrandManager, BrandQuerySet

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User


class TeamQuerySet(BrandQuerySet["Team"]):
    pass


class TeamManager(BrandManager["Team", "TeamQuerySet"]):
    queryset_class = TeamQuerySet


class Team(models.Model):
    """A group of members; what is given to a team waits for any of them."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="teams", db_index=False)
    name = models.CharField(_("name"), max_length=60)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="TeamMember", related_name="teams")

    objects: ClassVar[TeamManager] = TeamManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, brand: Brand, name: str, members: Iterable[User], by: User) -> Team:
        """A new team. NameTaken when there is one of that name; who is no member of the brand is left out."""
        with transaction.atomic():
            team = cls(brand=brand, name=name)
            keep(team)
            team._fill(members)
            audit.record("team_made", brand, team, by, team=name)
        return team

    def change(self, name: str, members: Iterable[User], by: User) -> None:
        """Another name, other members. NameTaken when there is one of that name."""
        with transaction.atomic():
            self.name = name
            keep(self)
            self.memberships.all().delete()
            self._fill(members)
            audit.record("team_changed", self.brand_id, self, by, team=name)

    def dissolve(self, by: User) -> None:
        """There is no such team any more; what was given to it is nobody's."""
        with transaction.atomic():
            audit.record("team_dissolved", self.brand_id, self, by, team=self.name)
            self.delete()

    def _fill(self, members: Iterable[User]) -> None:
        wanted = [user.pk for user in members]
        here = Membership.objects.filter(brand=self.brand_id, user__in=wanted).values_list(
            "user_id", flat=True
        )
        TeamMember.objects.bulk_create(TeamMember(team=self, user_id=pk) for pk in sorted(here))


class TeamMember(models.Model):
    """Somebody belongs to a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"
