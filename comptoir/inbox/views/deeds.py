"""What rules do, did, and could not do, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from comptoir.networks.models.moderation import Reason


def did_words(did: Mapping[str, Any]) -> list[str]:
    """What was done about a message, in order."""
    return list(_did(did))


def _did(did: Mapping[str, Any]) -> Iterator[str]:
    if tags := did.get("tags"):
        yield _("tagged %(tags)s") % {"tags": ", ".join(tags)}
    if "assign" in did:
        yield _("given to %(who)s") % {"who": did["assign"]}
    if "queue" in did:
        yield _("put in the queue %(queue)s") % {"queue": did["queue"]}
    if "priority" in did:
        yield priority_words(did["priority"])
    if "hide" in did:
        why = did.get("reason", "")
        said = [hide_words(did["hide"])]
        said += [str(Reason(why).label)] if why in Reason.values and why != did["hide"] else []
        yield " · ".join(said)
    if "saved" in did:
        yield _("the answer “%(saved)s” proposed") % {"saved": did["saved_name"]}
    if told := did.get("notify"):
        yield _("%(who)s told") % {"who": ", ".join(told)}
    if "call" in did:
        yield _("whoever is on duty called")


def priority_words(priority: int) -> str:
    """How much it is made to press."""
    return {2: _("made urgent"), 1: _("made pressing"), 0: _("made as pressing as others")}.get(
        priority, _("made less pressing")
    )


def hide_words(verdict: str) -> str:
    """What others see of it then."""
    return {"spam": _("marked as spam"), "hold": _("held back")}.get(verdict, _("removed"))


def failed_words(failed: Mapping[str, str]) -> list[str]:
    """What could not be done, and why."""
    return [f"{name_of(name)}: {why_words(why)}" for name, why in failed.items()]


def name_of(action: str) -> str:
    """What an action is called."""
    names = {
        "tags": _("tags"),
        "assign": _("giving it to somebody"),
        "queue": _("queue"),
        "priority": _("priority"),
        "hide": _("hiding"),
        "saved": _("saved reply"),
        "notify": _("telling somebody"),
        "call": _("calling whoever is on duty"),
    }
    return names.get(action, _("the rule"))


def why_words(why: str) -> str:
    """Why there is nothing to do for an action, "" where there is."""
    return {
        "there": _("so already"),
        "taken": _("somebody has it already"),
        "before": _("done before"),
        "rests": _("called a short while before"),
        "gone": _("what it names is no longer there"),
        "cannot": _("the network cannot"),
        "broken": _("it stopped halfway; the log of the house says where"),
    }.get(why, "")
