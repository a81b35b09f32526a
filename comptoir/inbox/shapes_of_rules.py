"""Rules as programs read and give them. What is given goes through the form that the page has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext_noop
from pydantic import BaseModel, Field

from comptoir.inbox.forms_of_rules import RESTS
from comptoir.inbox.models import Deed, Rule
from comptoir.inbox.models.ruled import Case
from comptoir.inbox.presets import PRESETS
from comptoir.inbox.ruling import Trial
from comptoir.inbox.shapes_of_acts import Given
from comptoir.networks.models.moderation import Reason
from comptoir.organisation.programs.paging import NUMBER_MOST, Page

MessageKind = Literal["mention", "reply", "quote", "comment", "message", "review", "post"]


class Conditions(Given):
    """What has to hold beside the query; what is left out is not asked."""

    channels: list[int] = Field(default=[], max_length=100, description=gettext_noop("Numbers of channels."))
    kinds: list[MessageKind] = []
    authors: list[str] = Field(
        default=[], max_length=50, description=gettext_noop("Handles or names, any of them.")
    )
    followers: int | None = Field(
        default=None, ge=1, le=2**31, description=gettext_noop("So many at the least.")
    )
    hours: Literal["", "open", "shut"] = Field(
        default="", description=gettext_noop("Within or outside the brand's business hours.")
    )


class HideGiven(Given):
    """How a message is hidden, and why."""

    verdict: Literal["hold", "spam", "remove"]
    reason: Literal[tuple(Reason.values)] = "spam"  # type: ignore[valid-type]


class ToldGiven(Given):
    """Who is told."""

    people: list[int] = Field(default=[], max_length=100)
    teams: list[int] = Field(default=[], max_length=100)


class Actions(Given):
    """What is done; one of these at least."""

    tags: list[str] = Field(default=[], max_length=5, description=gettext_noop("Names of tags."))
    person: int | None = Field(default=None, ge=1, le=NUMBER_MOST)
    team: int | None = Field(default=None, ge=1, le=NUMBER_MOST)
    queue: int | None = Field(default=None, ge=1, le=NUMBER_MOST)
    priority: Literal[-1, 0, 1, 2] | None = None
    hide: HideGiven | None = None
    saved: int | None = Field(
        default=None, ge=1, le=NUMBER_MOST, description=gettext_noop("The saved reply that is proposed.")
    )
    notify: ToldGiven | None = None
    call: Literal[RESTS] | None = Field(  # type: ignore[valid-type]
        default=None,
        description=gettext_noop("Whoever is on duty is called, once in so many minutes at the most."),
    )


class RuleGiven(Given):
    """A rule as it shall be. One that is made or changed is off until it was tried."""

    name: str = Field(min_length=1, max_length=80)
    query: str = Field(
        default="",
        max_length=4_096,
        description=gettext_noop("In the language of queries; empty: any message."),
    )
    conditions: Conditions = Conditions()
    actions: Actions
    stops: bool = Field(
        default=False, description=gettext_noop("Whether no rule after it looks at the same message.")
    )

    def data(self) -> dict[str, Any]:
        """The same as the form of the page takes it."""
        when, then = self.conditions, self.actions
        told, hide = then.notify or ToldGiven(), then.hide
        team = f"team:{then.team}" if then.team else ""
        return {
            "name": self.name, "query": self.query, "stops": self.stops, "channels": when.channels,
            "kinds": when.kinds, "authors": ",".join(when.authors), "followers": when.followers,
            "hours": when.hours, "tags": ",".join(then.tags), "assign": str(then.person or team),
            "queue": then.queue, "priority": "" if then.priority is None else then.priority,
            "hide": hide.verdict if hide else "", "reason": hide.reason if hide else "",
            "saved": then.saved, "call": then.call,
            "notify": [*map(str, told.people), *(f"team:{pk}" for pk in told.teams)],
        }  # fmt: skip


class RuleShown(BaseModel):
    """What is done by itself with messages that come in. Rules are asked in the order of their list."""

    id: int
    name: str
    on: bool
    version: int = Field(description=gettext_noop("One more with each change of what it does."))
    query: str
    conditions: Conditions
    actions: Actions
    stops: bool
    troubles: list[str] = Field(description=gettext_noop("What of it cannot be done any more, as sentences."))
    lately: int = Field(description=gettext_noop("Messages that it fitted in the last seven days."))
    changed: datetime

    @classmethod
    def of(cls, rule: Any, tags: Mapping[int, str], troubles: list[str]) -> RuleShown:
        acts = rule.actions
        return cls.model_construct(
            id=rule.pk, name=rule.name, on=rule.on, version=rule.version, query=rule.query,
            conditions=Conditions(**rule.conditions), actions=_actions(acts, tags), stops=rule.stops,
            troubles=troubles, lately=rule.lately, changed=rule.changed_at,
        )  # fmt: skip


def _actions(acts: Mapping[str, Any], tags: Mapping[int, str]) -> Actions:
    named = {
        name: acts[name] for name in ("queue", "priority", "hide", "saved", "notify", "call") if name in acts
    }
    return Actions(
        **named, **acts.get("assign", {}), tags=[tags[pk] for pk in acts.get("tags", ()) if pk in tags]
    )


class Rules(BaseModel):
    """A brand's rules, in the order in which they are asked."""

    items: list[RuleShown]


class TrialMessage(BaseModel):
    """A message that a rule fits, and of each of its actions what would have come of it."""

    message: int
    thread: int
    at: datetime
    outlook: dict[str, Literal["do", "there", "taken", "gone", "cannot", "rests"]] = Field(
        description=gettext_noop(
            "do: it would be done; there: it is so already; taken: somebody has it; gone: what the rule names is no"
            " longer there; cannot: the network cannot; rests: it called a short while before."
        )
    )


class TrialShown(BaseModel):
    """A rule tried on the last messages. Nothing was done."""

    version: int = Field(
        description=gettext_noop("To switch it on with, as long as nobody changes the rule.")
    )
    looked: int = Field(description=gettext_noop("How many messages it was tried on."))
    matched: int = Field(description=gettext_noop("How many of them it fits."))
    calls: int = Field(description=gettext_noop("How often it would have called whoever is on duty."))
    items: list[TrialMessage] = Field(description=gettext_noop("The newest hundred of these."))


class SwitchGiven(Given):
    """Whether a rule is to be on."""

    on: bool
    version: int = Field(
        default=0,
        ge=0,
        le=2**31,
        description=gettext_noop("To switch it on: the version that its trial gave."),
    )


class ReadyGiven(Given):
    """A rule that comes ready-made."""

    ready: Literal[tuple(PRESETS)]  # type: ignore[valid-type]


class OrderGiven(Given):
    """All rules of the brand, in the order in which they are to be asked."""

    rules: list[int] = Field(max_length=1_000)


class DeedShown(BaseModel):
    """What a rule did about one message."""

    id: int
    message: int
    thread: int
    at: datetime
    version: int
    did: dict[str, Any] = Field(
        description=gettext_noop("What was done, by action; nothing where all was so already.")
    )
    failed: dict[str, str] = Field(description=gettext_noop("What could not be done, and why."))

    @classmethod
    def of(cls, deed: Deed) -> DeedShown:
        own = ("assignment", "queuing", "moderation")
        return cls.model_construct(
            id=deed.pk, message=deed.entry_id, thread=deed.entry.thread_id, at=deed.at, version=deed.version,
            did={name: value for name, value in deed.did.items() if name not in own}, failed=deed.failed,
        )  # fmt: skip


class Deeds(Page[DeedShown]):
    """What a rule did, the newest at the top."""


def trial_shown(rule: Rule, tried: Trial, cases: Sequence[Case]) -> TrialShown:
    """A trial as programs read it."""
    items = [
        TrialMessage.model_construct(
            message=case.heard.entry, thread=case.heard.thread, at=case.heard.at,
            outlook={name: way or "do" for name, way in case.outlook().items()},
        )
        for case in cases
    ]  # fmt: skip
    return TrialShown.model_construct(
        version=rule.version,
        looked=tried.looked,
        matched=len(tried.matched),
        calls=len(tried.calls),
        items=items,
    )
