"""What others see of a message, and what the brand's people can decide about it, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from comptoir.inbox.models import Thread
from comptoir.inbox.models.opened import Done, Said
from comptoir.networks.connector import Verdict
from comptoir.networks.found import label_of
from comptoir.networks.models import Channel
from comptoir.networks.models.moderation import LEADS_TO, Reason
from comptoir.networks.moderating import verdicts_of
from comptoir.networks.sentences import sentence


@dataclass(slots=True)
class Judging:
    """What stands beside a message where the brand decides: `standing` is how it is seen ("" by all).

    `verdicts` are those that can be made now, by name; `reasons` pairs of code and words; `under_way` says what has
    been decided and not done yet, `refused` what the network said to it.
    """

    standing: str = ""
    words: str = ""
    sign: str = ""
    url: str = ""
    verdicts: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    under_way: str = ""
    refused: str = ""


@dataclass(slots=True)
class Judged:
    """The newest verdict on each message of a thread, and whether its channel has any."""

    thread: Thread
    verdicts: tuple[str, ...]
    latest: dict[int, Done] = field(default_factory=dict)
    reasons: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, thread: Thread, acts: Iterable[Done]) -> Judged:
        """For a thread and everything that was done with it."""
        judged = cls(thread, tuple(verdict.value for verdict in verdicts_of(thread.channel)))
        for act in sorted((act for act in acts if act.kind == "moderated"), key=lambda act: act.pk):
            judged.latest[act.result or 0] = act
        judged.reasons = tuple((reason.value, str(reason.label)) for reason in Reason)
        return judged

    def beside(self, entry: Said) -> Judging | None:
        """What stands beside a message; None where there is nothing to decide."""
        if entry.own or entry.gone or not (self.verdicts or entry.standing):
            return None
        words, sign = _seen(entry.standing)
        judging = Judging(entry.standing, words, sign)
        act = self.latest.get(entry.activity_id)
        if act and act.state in ("waiting", "sending"):
            judging.under_way = _on_its_way(act.to)
        elif self.thread.channel.state == Channel.State.ACTIVE:
            judging.verdicts = tuple(v for v in self.verdicts if LEADS_TO[Verdict(v)] != entry.standing)
            judging.reasons = self.reasons
            judging.url = reverse("moderations", args=[self.thread.brand.slug, self.thread.pk, entry.pk])
        if act and act.state == "refused":
            judging.refused = sentence(act.code, act.facts or {}, label_of(self.thread.channel.network))
        return judging


def _seen(standing: str) -> tuple[str, str]:
    """How a message is seen, in words and as a sign."""
    return {
        "held": (_("Waits for approval: nobody else sees it yet."), "clock"),
        "spam": (_("Marked as spam: nobody else sees it."), "no"),
        "removed": (_("Removed: nobody else sees it."), "bin"),
    }.get(standing, ("", ""))


def _on_its_way(verdict: str) -> str:
    return {
        "approve": _("Approval on its way…"),
        "hold": _("Being held back…"),
        "spam": _("Being marked as spam…"),
        "remove": _("Being removed…"),
    }[verdict]


def decided(act: Done) -> str:
    """What somebody decided, with the reason given."""
    said = {
        "approve": _("%(who)s approved a message"),
        "hold": _("%(who)s held a message back"),
        "spam": _("%(who)s marked a message as spam"),
        "remove": _("%(who)s removed a message"),
    }[act.to] % {"who": act.who or _("Somebody")}
    why = (
        [str(Reason(act.url).label)]
        if act.url in Reason.values and (act.to, act.url) != ("spam", "spam")
        else []
    )
    why += [f"“{act.text}”"] if act.text else []
    return f"{said} · {' · '.join(why)}" if why and act.to != "approve" else said


def refused_words(why: str) -> str:
    """Why nothing was decided about a message, by the codes of `networks.moderating`."""
    return {
        "gone": _("Its author took it back: there is nothing left to decide."),
        "stands": _("It stands so already."),
        "listens": _("This channel only listens: nothing leaves there."),
    }.get(why, _("Nothing can be decided about this message."))
