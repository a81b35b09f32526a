"""What notices are about: for each code its sentence, who is told and how, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from comptoir.organisation.topic import DIGEST as DIGEST
from comptoir.organisation.topic import NEVER as NEVER
from comptoir.organisation.topic import NOW as NOW
from comptoir.organisation.topic import Topic as Topic
from comptoir.organisation.topics_of_listening import LISTENING
from comptoir.organisation.topics_of_posts import POSTS

WAYS = ("mail", "push", "chat")
ROUSING = ("mail", "push")
"""The ways by which whoever is on duty is always called."""
TRIAL = "trial"
"""What a person sends themselves to see whether a way works."""


CALLS = {
    "colleague": gettext_noop("%(by)s needs whoever is on duty."),
    "late": gettext_noop("Answers are later than was promised: %(queue)s."),
    "rule": gettext_noop("The rule %(rule)s calls whoever is on duty."),
}
"""Why somebody on duty is called, by the `reason` of the alarm."""

TOPICS = {
    "duty_called": Topic(
        gettext_noop("You are on duty and called"),
        gettext_noop("You are on duty and called. %(why)s"),
        page="alarm",
        personal=True,
        rouses=True,
    ),
    "duty_unanswered": Topic(
        gettext_noop("Nobody on duty takes a call, and you own the brand"),
        gettext_noop("Nobody on duty has taken this call yet. %(why)s"),
        page="alarm",
        personal=True,
        rouses=True,
    ),
    "alarm_open": Topic(
        gettext_noop("A call to the one on duty that nobody has taken"),
        gettext_noop("The one on duty is called, and nobody has taken it yet. %(why)s"),
        role="owner",
        strip="agent",
        mail=NEVER,
        push=NEVER,
        page="alarm",
    ),
    "duty_given": Topic(
        gettext_noop("Your shifts on duty have changed"),
        gettext_noop("%(by)s changed your shifts on duty."),
        page="duty",
        personal=True,
        bad=False,
    ),
    "surge": Topic(
        gettext_noop("Many write at once"),
        gettext_noop("Many people write at once. What most of them say is gathered on one page."),
        role="agent",
        strip="",
        mail=NEVER,
        push=NEVER,
        page="surge",
        bad=False,
    ),
    "channel_reconnect": Topic(
        gettext_noop("A channel has to be connected again"),
        gettext_noop("%(channel)s has to be connected again: until then nothing comes in or leaves there."),
        role="manager",
        page="channel",
    ),
    "restored": Topic(
        gettext_noop("The counter was restored from a backup"),
        gettext_noop(
            "This counter was restored from a backup. %(count)s answers may have left since: say for each of them "
            "whether it is there."
        ),
        role="manager",
        page="deliveries",
    ),
    "channel_silent": Topic(
        gettext_noop("A network does not answer"),
        gettext_noop(
            "%(channel)s has not been heard for more than an hour: its network does not answer. It is tried again by "
            "itself, and what is said meanwhile comes in afterwards."
        ),
        role="manager",
        mail=DIGEST,
        push=NEVER,
        page="channel",
    ),
    "backup_failed": Topic(
        gettext_noop("The backup of the day could not be made"),
        gettext_noop(
            "The backup of the day could not be made. Whoever runs this counter finds the reason with: comptoir doctor"
        ),
        role="manager",
        strip="manager",
    ),
    "disk_low": Topic(
        gettext_noop("The disk is nearly full"),
        gettext_noop(
            "The disk of this counter is nearly full (%(free)s MB left). Nothing can be received or sent once it is: "
            "tell whoever runs it."
        ),
        role="manager",
    ),
    "webhook_off": Topic(
        gettext_noop("A webhook was switched off"),
        gettext_noop("The webhook to %(place)s was switched off: nobody took its calls."),
        role="manager",
        strip="manager",
        page="webhook",
    ),
    "names_off": Topic(
        gettext_noop("Names are taken off the answers"),
        gettext_noop("Names are off: answers leave without the name of who wrote them, on every channel."),
        role="agent",
        strip="agent",
        mail=NEVER,
        push=NEVER,
        page="channels",
        bad=False,
    ),
    "join_request": Topic(
        gettext_noop("Somebody asks to work for the brand"),
        gettext_noop("%(who)s asks to work for the brand."),
        role="manager",
        strip="manager",
        page="people",
        bad=False,
    ),
    "access_ending": Topic(
        gettext_noop("Somebody's access ends soon"),
        gettext_noop("The access of %(who)s ends on %(day)s. It can be made longer on the page of people."),
        role="owner",
        strip="owner",
        page="people",
        bad=False,
    ),
    "own_access_ending": Topic(
        gettext_noop("Your access to a brand ends soon"),
        gettext_noop("Your access ends on %(day)s, as was agreed. An owner of the brand can make it longer."),
        page="people",
        personal=True,
        bad=False,
    ),
    "thread_assigned": Topic(
        gettext_noop("A conversation is given to you"),
        gettext_noop("%(by)s gave you a conversation on %(channel)s."),
        mail=DIGEST,
        page="thread",
        personal=True,
    ),
    "thread_taken_over": Topic(
        gettext_noop("A colleague takes over an answer that you were writing"),
        gettext_noop(
            "%(by)s took over the answer that you were writing on %(channel)s. Your words are kept."
        ),
        mail=NEVER,
        push=NEVER,
        page="thread",
        personal=True,
        bad=False,
    ),
    "thread_answered": Topic(
        gettext_noop("Somebody writes again in a conversation of yours"),
        gettext_noop("Somebody wrote again in a conversation of yours on %(channel)s."),
        mail=NEVER,
        page="thread",
        personal=True,
    ),
    "thread_awake": Topic(
        gettext_noop("A conversation that you put off is back"),
        gettext_noop("A conversation on %(channel)s that was put off is back."),
        mail=NEVER,
        page="thread",
        personal=True,
        bad=False,
    ),
    "promise_due": Topic(
        gettext_noop("What you promised to somebody is due"),
        gettext_noop("What you promised to somebody is due (%(day)s). Say whether it was kept."),
        page="promises",
        personal=True,
    ),
    "thread_followed": Topic(
        gettext_noop("A colleague does something in a conversation that you follow"),
        gettext_noop("%(by)s did something in a conversation on %(channel)s that you follow."),
        mail=NEVER,
        push=NEVER,
        page="thread",
        personal=True,
        bad=False,
    ),
    "thread_soon": Topic(
        gettext_noop("A conversation of yours is due soon"),
        gettext_noop("A conversation of yours on %(channel)s is due soon."),
        mail=NEVER,
        page="thread",
        personal=True,
        bad=False,
    ),
    "rule_matched": Topic(
        gettext_noop("A rule tells you of a message"),
        gettext_noop("The rule “%(rule)s” found a message on %(channel)s."),
        mail=NEVER,
        page="thread",
        personal=True,
        bad=False,
    ),
    "thread_late": Topic(
        gettext_noop("A conversation of yours is late"),
        gettext_noop("A conversation of yours on %(channel)s is late."),
        mail=NEVER,
        page="thread",
        personal=True,
    ),
    "queue_due": Topic(
        gettext_noop("Conversations that are nobody’s are due in a queue of yours"),
        gettext_noop("In the queue %(queue)s, conversations that are nobody’s are due or late: %(count)s."),
        mail=NEVER,
        page="queue-threads",
        personal=True,
    ),
    "queue_late": Topic(
        gettext_noop("Conversations are late"),
        gettext_noop("Conversations that are late in %(queue)s: %(count)s."),
        role="manager",
        strip="manager",
        mail=DIGEST,
        page="queue-threads",
    ),
    "note_mention": Topic(
        gettext_noop("A colleague names you in a note"),
        gettext_noop("%(by)s named you in a note on a conversation on %(channel)s."),
        page="thread",
        personal=True,
    ),
    "case_answered": Topic(
        gettext_noop("Customer service answers a case that you handed over"),
        gettext_noop("%(desk)s answered case %(number)s."),
        page="thread",
        personal=True,
        bad=False,
    ),
    "case_stuck": Topic(
        gettext_noop("A case that you handed over did not reach customer service"),
        gettext_noop("Case %(number)s did not reach %(desk)s, or nobody knows whether it did. See to it."),
        page="cases",
        personal=True,
    ),
    "reply_refused": Topic(
        gettext_noop("An answer of yours did not leave"),
        gettext_noop("An answer of yours on %(channel)s did not leave."),
        page="thread",
        personal=True,
    ),
    "reply_returned": Topic(
        gettext_noop("An answer of yours came back"),
        gettext_noop("An answer of yours on %(channel)s came back: it was not delivered."),
        page="thread",
        personal=True,
    ),
    "reply_uncertain": Topic(
        gettext_noop("Nobody knows whether an answer of yours left"),
        gettext_noop("An answer of yours on %(channel)s may have left, or not. Say whether it is there."),
        page="thread",
        personal=True,
    ),
    **LISTENING,
    **POSTS,
}


def rouses(code: str) -> bool:
    """Whether a notice of this topic is told in quiet hours, too."""
    return code in TOPICS and TOPICS[code].rouses


class Facts(dict[str, Any]):
    """Facts that a sentence names and nobody gave are shown as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """What a notice says, in the reader's language."""
    if code == TRIAL:
        return _("This is what a notice looks like: it arrives.")
    if code in TOPICS:
        told = Facts(facts, why=_why(facts))
        if "day" in told:
            told["day"] = date_format(date.fromisoformat(told["day"]))
        if "moment" in told:
            when = localtime(datetime.fromisoformat(told["moment"]))
            told["moment"] = date_format(when, "SHORT_DATETIME_FORMAT")
        if told.get("usual") == 0:
            told["usual"] = pgettext("messages", "none")
        also = _("Also on: %(queries)s.") % {"queries": ", ".join(facts["also"])} if "also" in facts else ""
        return f"{_(TOPICS[code].sentence) % told} {also}".strip()
    return _("Something needs you (%(code)s).") % {"code": code}


def call_words(reason: str, facts: Mapping[str, Any]) -> str:
    """Why somebody on duty is called, "" where nobody said."""
    return _(CALLS[reason]) % Facts(facts) if reason in CALLS else ""


def _why(facts: Mapping[str, Any]) -> str:
    """The same, with what the caller wrote to it."""
    return f"{call_words(facts.get('reason', ''), facts)} {facts.get('note', '')}".strip()


def address(code: str, about: str, slug: str) -> str:
    """Where a notice leads below the house's own address, "" for nowhere."""
    page = TOPICS[code].page if code in TOPICS else ""
    _kind, _colon, number = about.partition(":")
    if page in {
        "alarm",
        "alert",
        "asset",
        "channel",
        "event",
        "post",
        "post-approval",
        "queue-threads",
        "source",
        "thread",
        "webhook",
    }:
        return reverse(page, args=[slug, int(number)]) if number.isdecimal() else ""
    return reverse(page, args=[slug]) if page else ""
