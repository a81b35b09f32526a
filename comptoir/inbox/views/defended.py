"""What was done against somebody, in words: blocks, their end, reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from comptoir.inbox.models.opened import Done
from comptoir.networks.models.defence import UNDER_WAY
from comptoir.networks.models.moderation import Reason
from comptoir.networks.sentences import sentence


def defended(act: Done, network: str) -> str:
    """What somebody decided, what became of it, and why."""
    of_message = bool(act.result)
    said = {
        "block": _("%(who)s blocked this person"),
        "unblock": _("%(who)s unblocked this person"),
        "report": _("%(who)s reported a message to %(network)s")
        if of_message
        else _("%(who)s reported this account to %(network)s"),
    }[act.to] % {"who": act.who or _("Somebody"), "network": network}
    parts = [said]
    if act.state == "refused":
        parts.append(sentence(act.code, act.facts or {}, network))
    elif act.state == "uncertain":
        parts.append(_("we cannot tell whether it arrived"))
    elif act.state in UNDER_WAY:
        parts.append(_("on its way…"))
    parts += [why] if (why := reason_words(act.to, act.url)) else []
    parts += [f"“{act.text}”"] if act.text else []
    return " · ".join(parts)


def reason_words(act: str, reason: str) -> str:
    """Why, in words: ours for a block, the network's for a report."""
    if act == "report":
        return _(reason) if reason else ""
    return str(Reason(reason).label) if reason in Reason.values else ""


def reported(acts: Iterable[Done]) -> set[int | None]:
    """The messages that were reported, or are about to be."""
    reports = (act for act in acts if act.kind == "defended" and act.to == "report")
    return {act.result for act in reports if act.state != "refused"}


def blocked_here(thread: Any) -> bool:
    """Whether the thread's channel blocks its person, or is about to; `thread` with the file of the person."""
    here = (thread.person_id, thread.channel_id)
    return any((each.pk, each.channel_id) == here for each in thread.file.blocks)


def to_settle(act: Done, network: str) -> str:
    """What a person has to find out."""
    if act.to == "report":
        words = _(
            "We cannot tell whether this report reached %(network)s, and reports cannot be looked up there. It is never"
            " made twice by itself: if in doubt, leave it at one."
        )
    else:
        words = _(
            "We cannot tell whether this reached %(network)s. Look there, then say: it is never sent twice by itself."
        )
    return words % {"network": network}


def refusal_words(why: str) -> str:
    """Why something could not be decided against somebody, by the codes of `networks.defending`."""
    words: dict[str, Any] = {
        "own": _("That is an account of the brand’s own."),
        "gone": _("There is nothing left to decide about: it was taken back, or erased."),
        "stands": _("It stands so already."),
        "listens": _("This channel only listens: nothing leaves there."),
        "ground": _("Choose one of the network’s reasons."),
    }
    return str(words.get(why, _("This network cannot do that.")))
