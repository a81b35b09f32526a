"""A rule in words: when it acts, what it does, and what of it cannot be done any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from comptoir.inbox.forms_of_rules import HOURS, KINDS, PRIORITIES, VERDICTS, once_in
from comptoir.inbox.models import Rule
from comptoir.inbox.models.ruled import Means
from comptoir.networks.connector import Replies, Verdict
from comptoir.networks.models import Channel
from comptoir.networks.moderating import verdicts_of
from comptoir.organisation.models import Brand
from comptoir.organisation.query_words import problems_of, sentence_of


@dataclass(frozen=True, slots=True)
class Worded:
    """A rule as its pages show it: `when` and `then` are short phrases, `troubles` sentences."""

    rule: Rule
    when: list[str]
    then: list[str]
    troubles: list[str]


def worded(brand: Brand, rules: Sequence[Rule]) -> list[Worded]:
    """Rules in words: a fixed number of statements, however many they are."""
    means = Means.of(brand, rules)
    channels = {channel.pk: channel for channel in Channel.objects.of(brand)}
    return [
        Worded(
            rule,
            list(_when(rule, channels)),
            [words for _name, words in actions_of(rule, means)],
            list(_troubles(rule, means, channels)),
        )
        for rule in rules
    ]


def _when(rule: Rule, channels: dict[int, Channel]) -> Iterator[str]:
    """Its conditions beside the query."""
    given = rule.conditions
    if named := given.get("channels"):
        handles = [channels[pk].handle for pk in named if pk in channels]
        yield _("on %(channels)s") % {"channels": ", ".join(handles) or "–"}
    if kinds := given.get("kinds"):
        yield ", ".join(str(KINDS[kind]) for kind in kinds if kind in KINDS)
    if authors := given.get("authors"):
        yield _("by %(name)s") % {"name": ", ".join(authors)}
    if followers := given.get("followers"):
        yield _("%(n)s followers or more") % {"n": number_format(followers, force_grouping=True)}
    if hours := given.get("hours"):
        yield str(HOURS[hours])


def actions_of(rule: Rule, means: Means) -> Iterator[tuple[str, str]]:
    """Each of its actions: the name, and what it does."""
    acts, none = rule.actions, "–"
    if "tags" in acts:
        names = [means.tags[pk].name for pk in acts["tags"] if pk in means.tags]
        yield "tags", _("Tag %(tags)s") % {"tags": ", ".join(names) or none}
    if "assign" in acts:
        named = acts["assign"]
        heir = means.teams.get(named["team"]) if "team" in named else means.people.get(named["person"])
        yield "assign", _("Give it to %(who)s") % {"who": heir or none}
    if "queue" in acts:
        queue = means.queues.get(acts["queue"])
        yield "queue", _("Put it in the queue %(queue)s") % {"queue": queue or none}
    if "priority" in acts:
        yield "priority", str(PRIORITIES[acts["priority"]])
    if "hide" in acts:
        yield "hide", str(VERDICTS[Verdict(acts["hide"]["verdict"])])
    if "saved" in acts:
        saved = means.saved.get(acts["saved"])
        yield "saved", _("Propose “%(saved)s”") % {"saved": saved.name if saved else none}
    if "notify" in acts:
        told = acts["notify"]
        names = [str(means.members[pk]) for pk in told.get("people", ()) if pk in means.members]
        names += [means.teams[pk].name for pk in told.get("teams", ()) if pk in means.teams]
        yield "notify", _("Tell %(who)s") % {"who": ", ".join(names) or none}
    if "call" in acts:
        yield "call", _("Call whoever is on duty, %(often)s") % {"often": once_in(acts["call"])}


def _troubles(rule: Rule, means: Means, channels: dict[int, Channel]) -> Iterator[str]:
    acts, named = rule.actions, rule.conditions.get("channels") or list(channels)
    if wrong := problems_of(rule.query):
        yield sentence_of(wrong[0])
    if "channels" in rule.conditions and not set(named) <= set(channels):
        yield _("A channel that it names is gone.")
    if not set(acts.get("tags", ())) <= set(means.tags):
        yield _("A tag that it puts on was removed.")
    given = acts.get("assign", {})
    if given and given.get("person") not in means.people and given.get("team") not in means.teams:
        yield _("Whoever it gives threads to is no longer here, or may not answer any more.")
    if "queue" in acts and acts["queue"] not in means.queues:
        yield _("The queue that it puts threads in is gone.")
    if "saved" in acts and acts["saved"] not in means.saved:
        yield _("The saved reply that it proposes was removed.")
    if "notify" in acts and not means.told(acts["notify"]):
        yield _("Nobody whom it tells is here any more.")
    here = [channels[pk] for pk in named if pk in channels]
    if "saved" in acts and here and not any(channel.can(Replies) for channel in here):
        yield _("Nothing can be answered on its channels from here.")
    if "hide" in acts:
        cannot = [each for each in here if Verdict(acts["hide"]["verdict"]) not in verdicts_of(each)]
        if cannot:
            handles = ", ".join(each.handle for each in cannot)
            yield _("It cannot hide anything on %(channels)s: the network has no such thing.") % {
                "channels": handles
            }
