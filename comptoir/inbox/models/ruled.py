"""What a rule would do about a message, and does: each action looks first whether there is anything left for it.

What somebody has, or an earlier rule gave, is left with them; what a rule did to a thread it does not do again before
the thread was closed: colleagues have the last word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from comptoir.inbox.models.queue import Queue
from comptoir.inbox.models.rule import Rule
from comptoir.inbox.models.saved import SavedReply
from comptoir.inbox.models.sorting import Tag, put_on
from comptoir.networks.connector import Replies, Verdict
from comptoir.networks.models import Activity
from comptoir.networks.models.moderation import LEADS_TO
from comptoir.networks.moderating import verdicts_of
from comptoir.organisation.models import Alarm, Brand, Draft, Membership, Notice, Team, User

if TYPE_CHECKING:
    from comptoir.inbox.models.heard import Heard
    from comptoir.inbox.models.thread import Thread

DO, THERE, TAKEN, BEFORE = "", "there", "taken", "before"
"""There is something to do; it is so already; somebody has it, or an earlier rule saw to it; the rule did it before."""
GONE, CANNOT = "gone", "cannot"
"""What the rule names is no more; the channel's network cannot."""
RESTS = "rests"
"""It called whoever is on duty a short while ago, or they are still being called."""
TO_THREADS = ("tags", "assign", "queue", "priority", "call")
"""What is done to a thread, and so once; the others are done about each message."""


@dataclass(slots=True)
class Means:
    """What the actions of some rules name, as far as it is still there: found once for many messages.

    `given`: of those of its people who see some channels only, which.
    """

    brand: Brand
    tags: dict[int, Tag] = field(default_factory=dict)
    people: dict[int, User] = field(default_factory=dict)
    given: dict[int, list[int]] = field(default_factory=dict)
    members: dict[int, User] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    queues: dict[int, Queue] = field(default_factory=dict)
    saved: dict[int, SavedReply] = field(default_factory=dict)

    @classmethod
    def of(cls, brand: Brand, rules: Iterable[Rule]) -> Means:
        """What these rules need: one statement for each kind of thing that they name."""
        acts = [rule.actions for rule in rules]
        given = [act.get("assign", {}) for act in acts]
        told = [act.get("notify", {}) for act in acts]
        means = cls(brand)
        if tags := {pk for act in acts for pk in act.get("tags", ())}:
            means.tags = Tag.objects.of(brand).in_bulk(tags)
        if people := {each["person"] for each in given if "person" in each}:
            means.people = brand.answerers().in_bulk(people)
            some = Membership.objects.filter(brand=brand, user__in=people, channels__isnull=False)
            means.given = {user: channels or [] for user, channels in some.values_list("user", "channels")}
        if members := {pk for each in told for pk in each.get("people", ())}:
            here = Membership.objects.going_on().filter(brand=brand, user__is_active=True, user__in=members)
            means.members = {each.user_id: each.user for each in here.select_related("user")}
        teams = {each["team"] for each in given if "team" in each}
        if teams := teams | {pk for each in told for pk in each.get("teams", ())}:
            means.teams = Team.objects.of(brand).prefetch_related("members").in_bulk(teams)
        if queues := {act["queue"] for act in acts if "queue" in act}:
            means.queues = Queue.objects.of(brand).in_bulk(queues)
        if saved := {act["saved"] for act in acts if "saved" in act}:
            means.saved = SavedReply.objects.of(brand).filter(own=False).in_bulk(saved)
        return means

    def told(self, notify: Mapping[str, Any]) -> dict[int, User]:
        """Who hears of it: the people named, and those of the teams."""
        found = {pk: self.members[pk] for pk in notify.get("people", ()) if pk in self.members}
        for pk in notify.get("teams", ()):
            found |= {each.pk: each for each in self.teams[pk].members.all()} if pk in self.teams else {}
        return {pk: user for pk, user in found.items() if user.is_active}


@dataclass(slots=True)
class Case:
    """A message that a rule fits, with its thread: `tags` are the numbers of those on it.

    `before` is what the rule did to the thread before, `seen_to` what earlier rules did about the message. `calls`:
    where the rule is only tried, the messages because of which it would have called whoever is on duty.
    """

    rule: Rule
    thread: Thread
    heard: Heard
    means: Means
    tags: set[int]
    before: set[str] = field(default_factory=set)
    seen_to: set[str] = field(default_factory=set)
    calls: Collection[int] | None = None

    def outlook(self) -> dict[str, str]:
        """Each action of the rule, with what is in its way (DO for nothing)."""
        return {name: self._outlook(name) for name in ACTIONS if name in self.rule.actions}

    def _outlook(self, name: str) -> str:
        if name in TO_THREADS and name in self.before:
            return BEFORE
        if name != "tags" and name in self.seen_to:
            return TAKEN
        return ACTIONS[name][0](self)

    def act(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Do what there is to do: what was done by action, and what could not be done and why."""
        did: dict[str, Any] = {}
        outlook = self.outlook()
        for name, way in outlook.items():
            if way == DO:
                did |= ACTIONS[name][1](self)
                self.seen_to.add(name)
        return did, {name: way for name, way in outlook.items() if way in (GONE, CANNOT)}


def _tags(case: Case) -> list[Tag]:
    """Those to be put on that are still there."""
    return [case.means.tags[pk] for pk in case.rule.actions["tags"] if pk in case.means.tags]


def _may_tag(case: Case) -> str:
    tags = _tags(case)
    if not tags:
        return GONE
    return DO if {tag.pk for tag in tags} - case.tags else THERE


def _tag(case: Case) -> dict[str, Any]:
    put = [tag for tag in _tags(case) if put_on(case.thread, tag, None)]
    case.tags |= {tag.pk for tag in put}
    return {"tags": [tag.name for tag in put]}


def _heir(case: Case) -> User | Team | None:
    """Whom the thread is given to."""
    named = case.rule.actions["assign"]
    if "team" in named:
        return case.means.teams.get(named["team"])
    person: int = named["person"]
    if case.thread.channel_id not in case.means.given.get(person, [case.thread.channel_id]):
        return None
    return case.means.people.get(person)


def _may_assign(case: Case) -> str:
    heir, thread = _heir(case), case.thread
    if heir is None:
        return GONE
    if heir.pk == (thread.team_id if isinstance(heir, Team) else thread.assignee_id):
        return THERE
    return TAKEN if thread.assignee_id or (isinstance(heir, Team) and thread.team_id) else DO


def _assign(case: Case) -> dict[str, Any]:
    heir = _heir(case)
    act = case.thread.assign(heir, None)
    return {"assign": str(heir), "assignment": act.pk}


def _may_queue(case: Case) -> str:
    queue = case.means.queues.get(case.rule.actions["queue"])
    if queue is None:
        return GONE
    return THERE if case.thread.queue_id == queue.pk else DO


def _queue(case: Case) -> dict[str, Any]:
    queue = case.means.queues[case.rule.actions["queue"]]
    act = case.thread.put_in(queue, None)
    return {"queue": queue.name, "queuing": act.pk}


def _may_prioritise(case: Case) -> str:
    return THERE if case.thread.priority == case.rule.actions["priority"] else DO


def _prioritise(case: Case) -> dict[str, Any]:
    case.thread.prioritise(case.rule.actions["priority"], None)
    return {"priority": case.rule.actions["priority"]}


def _may_propose(case: Case) -> str:
    if case.rule.actions["saved"] not in case.means.saved:
        return GONE
    return DO if case.thread.channel.can(Replies) else CANNOT


def _propose(case: Case) -> dict[str, Any]:
    saved = case.means.saved[case.rule.actions["saved"]]
    return {"saved": saved.pk, "saved_name": saved.name}


def _may_hide(case: Case) -> str:
    verdict = Verdict(case.rule.actions["hide"]["verdict"])
    if verdict not in verdicts_of(case.thread.channel):
        return CANNOT
    return THERE if case.heard.standing == LEADS_TO[verdict] else DO


def _hide(case: Case) -> dict[str, Any]:
    hide = case.rule.actions["hide"]
    message = Activity.objects.of(case.thread.brand_id).get(pk=case.heard.activity)
    try:
        made = case.thread.moderate(message, Verdict(hide["verdict"]), None, reason=hide["reason"])
    except ValueError:
        # Taken back, or decided about, a moment ago.
        return {}
    return {"hide": hide["verdict"], "reason": hide["reason"], "moderation": made.pk}


def _may_notify(case: Case) -> str:
    return DO if case.means.told(case.rule.actions["notify"]) else GONE


def _notify(case: Case) -> dict[str, Any]:
    told = case.means.told(case.rule.actions["notify"])
    facts = {"rule": case.rule.name, "channel": case.thread.channel.handle}
    about = f"thread:{case.thread.pk}"
    Notice.post_all(Draft(case.thread.brand_id, "rule_matched", about, facts, pk) for pk in told)
    return {"notify": [str(user) for user in told.values()]}


def _may_call(case: Case) -> str:
    if case.calls is not None:
        return DO if case.heard.entry in case.calls else RESTS
    open_ones = Alarm.objects.of(case.thread.brand_id).filter(acknowledged_at=None)
    if open_ones.filter(about=f"thread:{case.thread.pk}").exists():
        return THERE
    return RESTS if _rests(case) else DO


def _rests(case: Case) -> bool:
    rests = timedelta(minutes=case.rule.actions["call"])
    return Alarm.goes_on(case.means.brand, "rule", rests, number=case.rule.pk)


def _call(case: Case) -> dict[str, Any]:
    rule, brand = case.rule, case.means.brand
    # Two workers, on two channels: one of them calls, the other one then sees that.
    Rule.objects.of(brand).select_for_update(no_key=True).filter(pk=rule.pk).first()
    if _rests(case):
        return {}
    made = Alarm.sound(brand, "rule", f"thread:{case.thread.pk}", rule=rule.name, number=rule.pk)
    return {"call": made.pk}


ACTIONS: dict[str, tuple[Callable[[Case], str], Callable[[Case], dict[str, Any]]]] = {
    "tags": (_may_tag, _tag),
    "assign": (_may_assign, _assign),
    "queue": (_may_queue, _queue),
    "priority": (_may_prioritise, _prioritise),
    "hide": (_may_hide, _hide),
    "saved": (_may_propose, _propose),
    "notify": (_may_notify, _notify),
    "call": (_may_call, _call),
}
"""Every action: whether there is anything to do, and how it is done."""
