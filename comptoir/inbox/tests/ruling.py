"""Rules for tests: made, tried and switched on in a line, and what came of them."""

from __future__ import annotations

from typing import Any

from comptoir.inbox import jobs, ruling
from comptoir.inbox.models import Deed, Rule, Tag
from comptoir.inbox.tests.building import House, hear
from comptoir.networks.connector import Activity
from comptoir.networks.models import Activity as Row


def rule(house: House, name: str = "Refunds", query: str = "refund", on: bool = True, **given: Any) -> Rule:
    """A rule of the brand; without actions it tags "money"."""
    manager = house.people["manager"]
    actions = given.pop("actions", None) or {"tags": [Tag.called(house.brand, "money", manager).pk]}
    plain = {"query": query, "conditions": {}, "actions": actions, "stops": False} | given
    made = Rule.make(house.brand, manager, {"name": name, **plain})
    if on:
        made.switch(True, manager, made.version)
    return made


def comes(house: House, *items: Activity, times: int = 1) -> None:
    """Something comes in, and the rules look at it."""
    hear(house.channel, items)
    names = [item.remote_id for item in items]
    rows = Row.objects.of(house.brand).filter(remote_id__in=names)
    for _time in range(times):
        jobs.rule.func(channel_id=house.channel.pk, activities=list(rows.values_list("pk", flat=True)))


def deeds(house: House) -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """What rules did, in order."""
    rows = Deed.objects.filter(entry__thread__brand=house.brand).order_by("pk")
    return [(each.name, each.did, each.failed) for each in rows]


def fits(made: Rule) -> list[str]:
    """The words of what a rule would have fitted."""
    return [heard.document.text for heard in ruling.trial_of(made).matched]
