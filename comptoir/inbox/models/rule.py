"""Rules: what is done by itself with messages that come in, and the log of what each rule did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Max, Q

from comptoir.inbox.models.entry import Entry
from comptoir.kernel import clock
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, keep, take_hold

if TYPE_CHECKING:
    from comptoir.organisation.models import User

RULES_MOST = 100
"""Rules of one brand: each is asked about each message."""
LATELY = timedelta(days=7)
DECIDES = ("query", "conditions", "actions", "stops")
"""What decides what a rule does: when one of these changes it has to be tried again."""


class TooManyRules(Exception):
    """The brand has as many as one may have."""


class NotTried(Exception):
    """What was tried is not what the rule says now."""


class RuleQuerySet(BrandQuerySet["Rule"]):
    def in_order(self) -> Self:
        """As they are asked, one after the other."""
        return self.order_by("place", "pk")

    def with_counts(self) -> Self:
        """Each with `lately`: how many messages it did something about in the last seven days."""
        since = Q(deeds__at__gte=clock.now() - LATELY)
        return self.annotate(lately=Count("deeds", filter=since))


class RuleManager(BrandManager["Rule", "RuleQuerySet"]):
    queryset_class = RuleQuerySet


class Rule(models.Model):
    """When a message fits `query` and `conditions`, `actions` are done. Off until it was tried as it is.

    conditions  any of channels (numbers), kinds, authors (handles), followers (at least), hours ("open" or "shut")
    actions     any of tags, assign, queue, priority, saved, hide, notify, call: see `inbox.ruling`
    stops       no rule after it is asked about a message that it fits
    version     one more with each change of what it does

    What these may hold is said by one form, `inbox.forms_of_rules`.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="rules", db_index=False)
    name = models.CharField(max_length=80)
    place = models.PositiveIntegerField()
    on = models.BooleanField(default=False)
    query = models.TextField(blank=True)
    conditions = models.JSONField(default=dict)
    actions = models.JSONField(default=dict)
    stops = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[RuleManager] = RuleManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="rule_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, brand: Brand, by: User, given: Mapping[str, Any]) -> Rule:
        """A new rule behind the others, off. NameTaken; TooManyRules."""
        with transaction.atomic():
            brand.hold()
            rows = cls.objects.of(brand)
            if rows.count() >= RULES_MOST:
                raise TooManyRules
            last = rows.aggregate(last=Max("place"))["last"] or 0
            made = cls(brand=brand, place=last + 1, changed_by=by, **given)
            keep(made)
            record("rule_made", brand, made, by, rule=made.name, **_said(made, DECIDES))
        return made

    def change(self, by: User, given: Mapping[str, Any]) -> None:
        """Have it do something else: it is off then, until it is tried again. Another name alone leaves it on."""
        with transaction.atomic():
            held = self._held()
            changed = [name for name in ("name", *DECIDES) if getattr(held, name) != given[name]]
            if not changed:
                return
            before = _said(held, changed)
            for name in changed:
                setattr(held, name, given[name])
            if set(changed) & set(DECIDES):
                held.on, held.version = False, held.version + 1
            held.changed_by, held.changed_at = by, clock.now()
            keep(held)
            after = _said(held, changed)
            record("rule_changed", self.brand_id, self, by, rule=held.name, changes=", ".join(changed),
                   before=before, after=after)  # fmt: skip
        self.refresh_from_db()

    def switch(self, on: bool, by: User, tried: int = 0) -> bool:
        """Switch it on or off; False when it is so already. `tried` is the version that was tried: NotTried when it is
        not the one that would be switched on."""
        with transaction.atomic():
            held = self._held()
            if held.on == on:
                return False
            if on and tried != held.version:
                raise NotTried
            held.on = on
            keep(held)
            self.on = on
            record("rule_on" if on else "rule_off", self.brand_id, self, by, rule=held.name)
        return True

    def move(self, by: int, who: User) -> bool:
        """So many places further down, negative for up; False at the ends."""
        with transaction.atomic():
            self.brand.hold()
            order = list(Rule.objects.of(self.brand_id).in_order())
            at = [each.pk for each in order].index(self.pk)
            to = min(max(at + by, 0), len(order) - 1)
            if to == at:
                return False
            order.insert(to, order.pop(at))
            _place(order)
            record("rule_moved", self.brand_id, self, who, rule=self.name, place=to + 1)
        return True

    def remove(self, by: User) -> None:
        """There is no such rule any more; what it did stays, under its name."""
        with transaction.atomic():
            record("rule_removed", self.brand_id, self, by, rule=self.name)
            self.delete()

    def _held(self) -> Rule:
        return take_hold(Rule.objects.of(self.brand_id), self.pk)


def reorder(brand: Brand, rules: Sequence[int], by: User) -> None:
    """Have a brand's rules asked in this order. ValueError where one is missing, named twice, or of somebody else."""
    with transaction.atomic():
        brand.hold()
        found = {each.pk: each for each in Rule.objects.of(brand)}
        if sorted(found) != sorted(rules):
            raise ValueError("rules")
        _place([found[pk] for pk in rules])
        record("rules_ordered", brand, None, by)


def _place(order: Sequence[Rule]) -> None:
    for place, each in enumerate(order, 1):
        each.place = place
    if order:
        Rule.objects.of(order[0].brand_id).bulk_update(order, ["place"])


def _said(rule: Rule, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in names}


class Deed(models.Model):
    """What a rule did about one message, once: `did` by action, `failed` what it could not do and why.

    `name` is what the rule was called: that stays when the rule goes. Where nothing was left to do both are empty.
    """

    rule = models.ForeignKey(Rule, on_delete=models.SET_NULL, null=True, related_name="deeds", db_index=False)
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="deeds")
    at = models.DateTimeField(default=clock.now)
    did = models.JSONField(default=dict)
    failed = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "entry"], name="deed_once")]
        indexes = [models.Index(fields=["rule", "-at", "-id"], name="deed_of_rule")]

    def __str__(self) -> str:
        return f"{self.name} about {self.entry_id}"
