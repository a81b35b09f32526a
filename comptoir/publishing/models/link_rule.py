"""What a brand's links are marked with, so that its sites know where visitors came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction

from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.publishing.tagging import PARAMETERS, VALUE_MOST, Rule

if TYPE_CHECKING:
    from comptoir.organisation.models import User

RULES_MOST = 20
HOSTS_MOST = 50


class LinkRule(models.Model):
    """What links to some hosts are given: values of the UTM parameters, with placeholders."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="link_rules", db_index=False)
    place = models.PositiveSmallIntegerField()
    hosts = ArrayField(models.CharField(max_length=253))
    source = models.CharField(max_length=VALUE_MOST, blank=True)
    medium = models.CharField(max_length=VALUE_MOST, blank=True)
    campaign = models.CharField(max_length=VALUE_MOST, blank=True)
    content = models.CharField(max_length=VALUE_MOST, blank=True)
    term = models.CharField(max_length=VALUE_MOST, blank=True)

    objects: ClassVar[BrandManager[LinkRule, BrandQuerySet[LinkRule]]] = BrandManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        constraints = [models.UniqueConstraint(fields=["brand", "place"], name="link_rule_once")]

    def __str__(self) -> str:
        return ", ".join(self.hosts)

    @property
    def rule(self) -> Rule:
        """As links are marked by it."""
        return Rule(tuple(self.hosts), {each: getattr(self, each) for each in PARAMETERS})

    @classmethod
    def put(cls, brand: Brand, by: User, given: Sequence[Rule]) -> bool:
        """Have links marked by these rules; whether any differs."""
        with transaction.atomic():
            brand.hold()
            if [each.rule for each in cls.objects.of(brand)] == list(given):
                return False
            cls.objects.of(brand).delete()
            cls.objects.bulk_create(
                cls(brand=brand, place=place, hosts=list(rule.hosts), **rule.values)
                for place, rule in enumerate(given)
            )
            record("link_rules_set", brand, None, by, rules=len(given))
        return True

    @classmethod
    def of_brands(cls, brands: Collection[int]) -> Mapping[int, Sequence[Rule]]:
        """By brand, what its links are marked by."""
        found: dict[int, list[Rule]] = defaultdict(list)
        for each in cls.objects.everywhere().filter(brand__in=brands):
            found[each.brand_id].append(each.rule)
        return found
