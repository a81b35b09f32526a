"""Rules at work: asked about each message that comes in, once; and tried on those that came before."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction

from comptoir.inbox.models.heard import Condition, Heard, condition_of, just_heard, last_heard
from comptoir.inbox.models.rule import Deed, Rule
from comptoir.inbox.models.ruled import Case, Means
from comptoir.inbox.models.sorting import Tagging
from comptoir.inbox.models.thread import Thread
from comptoir.kernel.acting import acts
from comptoir.kernel.asking import ask
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.organisation.models.hours import calendar_of

log = logging.getLogger(__name__)

_BEFORE = """
SELECT d.rule_id, d.entry_id, d.did
FROM inbox_entry e JOIN inbox_deed d ON d.entry_id = e.id
WHERE e.thread_id = %(thread)s AND d.rule_id = ANY(%(rules)s) AND (d.entry_id = ANY(%(entries)s)
    OR d.at > coalesce((SELECT max(k.at) FROM inbox_closure k WHERE k.thread_id = e.thread_id), '-infinity'))
"""

type Pair = tuple[Rule, Heard]


def apply(channel: Channel, activities: Sequence[int]) -> int:
    """Have the brand's rules look at what came in on a channel; how many deeds there were. Safe to run twice."""
    rules = list(Rule.objects.of(channel.brand_id).filter(on=True).in_order())
    if not rules:
        return 0
    brand = channel.brand
    calendar = calendar_of(brand)
    conditions = [(rule, condition_of(rule)) for rule in rules]
    by_thread: dict[int, list[Pair]] = {}
    for heard in just_heard(channel.pk, activities, calendar.zone):
        for rule in _fitting(conditions, heard, calendar):
            by_thread.setdefault(heard.thread, []).append((rule, heard))
    means = Means.of(brand, {rule.pk: rule for pairs in by_thread.values() for rule, _ in pairs}.values())
    return sum(_act(brand, thread, pairs, means) for thread, pairs in by_thread.items())


def _fitting(conditions: Sequence[tuple[Rule, Condition]], heard: Heard, calendar: Any) -> Iterator[Rule]:
    """The rules that a message fits, up to one that is the last."""
    for rule, condition in conditions:
        if condition.fits(heard, calendar):
            yield rule
            if rule.stops:
                return


def _act(brand: Brand, thread_id: int, pairs: Sequence[Pair], means: Means) -> int:
    """Do what these rules want of one thread, in one transaction; how many deeds there were."""
    with transaction.atomic():
        rows = Thread.objects.of(brand).select_related("channel", "assignee", "team", "person")
        thread = rows.select_for_update(of=("self",)).filter(pk=thread_id).first()
        if thread is None:
            return 0
        thread.brand = thread.channel.brand = brand
        known, before = _known(thread, pairs)
        tags = set(Tagging.objects.filter(thread=thread).values_list("tag_id", flat=True))
        seen_to: dict[int, set[str]] = {}
        deeds = []
        for rule, heard in pairs:
            if (rule.pk, heard.entry) in known:
                continue
            seen = seen_to.setdefault(heard.entry, set())
            case = Case(rule, thread, heard, means, tags, before.setdefault(rule.pk, set()), seen)
            deeds.append(_deed(case))
            before[rule.pk] |= deeds[-1].did.keys()
        Deed.objects.bulk_create(deeds)
    return len(deeds)


def _known(thread: Thread, pairs: Sequence[Pair]) -> tuple[set[tuple[int, int]], dict[int, set[str]]]:
    """What these rules looked at already, and what each has done to the thread since it was last closed."""
    given = {
        "thread": thread.pk,
        "rules": list({rule.pk for rule, _ in pairs}),
        "entries": list({heard.entry for _, heard in pairs}),
    }
    known: set[tuple[int, int]] = set()
    before: dict[int, set[str]] = {}
    for rule, entry, did in ask(_BEFORE, given):
        known.add((rule, entry))
        before.setdefault(rule, set()).update(did)
    return known, before


def _deed(case: Case) -> Deed:
    """Have one rule act about one message. Whatever goes wrong in it stops no other."""
    rule = case.rule
    made = Deed(rule=rule, name=rule.name, version=rule.version, entry_id=case.heard.entry)
    try:
        with transaction.atomic(), acts("job", rule=rule.name, rule_number=rule.pk):
            made.did, made.failed = case.act()
    except OperationalError:
        raise
    except Exception:
        log.exception("rule %s failed", rule.pk)
        made.did, made.failed = {}, {"rule": "broken"}
    return made


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done: of `looked` messages it fits those in `matched`, the newest first. Because of those
    in `calls` it would have called whoever is on duty."""

    looked: int
    matched: list[Heard]
    calls: frozenset[int]


def trial_of(rule: Rule) -> Trial:
    """Try a rule on the last messages, as it is."""
    calendar, condition = calendar_of(rule.brand), condition_of(rule)
    heard = last_heard(rule.brand_id, calendar.zone)
    matched = [each for each in heard if condition.fits(each, calendar)]
    return Trial(len(heard), matched, frozenset(_calls(rule, matched)))


def _calls(rule: Rule, matched: Sequence[Heard]) -> Iterator[int]:
    """The messages because of which it would have called: once for a thread, and then none until it has rested, had
    somebody taken each call at once."""
    last: datetime | None = None
    threads: set[int] = set()
    for heard in reversed(matched if "call" in rule.actions else ()):
        rested = last is None or heard.at - last >= timedelta(minutes=rule.actions["call"])
        if rested and heard.thread not in threads:
            last = heard.at
            threads.add(heard.thread)
            yield heard.entry


def cases_of(rule: Rule, some: Sequence[Heard], calls: Collection[int]) -> list[Case]:
    """Some messages of a rule's trial, with their threads as they are now."""
    ids = {heard.thread for heard in some}
    rows = (
        Thread.objects.of(rule.brand_id).select_related("channel", "assignee", "team", "person").in_bulk(ids)
    )
    tags: dict[int, set[int]] = {}
    for thread, tag in Tagging.objects.filter(thread__in=ids).values_list("thread_id", "tag_id"):
        tags.setdefault(thread, set()).add(tag)
    means = Means.of(rule.brand, [rule])
    return [
        Case(rule, rows[heard.thread], heard, means, tags.get(heard.thread, set()), calls=calls)
        for heard in some
        if heard.thread in rows
    ]
