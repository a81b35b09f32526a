"""Sending cases to customer service: by mail, or signed to a program; each once.

A mail may have left although its worker died, or the line broke at the end: the case is uncertain then, and a person
looks. A program is told under one name on every try, and knows what it has.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from comptoir.inbox.models import Case, Entry, ServiceDesk
from comptoir.inbox.models.case import TEXT_MOST
from comptoir.kernel import clock
from comptoir.kernel.restored import after_restoring
from comptoir.kernel.secrets import Unreadable
from comptoir.networks.found import label_of
from comptoir.networks.models import Activity, Channel
from comptoir.organisation.calling import post_signed

log = logging.getLogger(__name__)
ABANDONED = timedelta(minutes=5)
"""After so long one that is being sent was left by a worker that died."""
MOST_TRIES = 8
AT_ONCE = 50
_LATER = frozenset({408, 425, 429})
State = Case.State
_MARK = re.compile(r"\[([0-9]{1,9})-([0-9a-f]{10})\]")
"""What stands in the subject of a case that was mailed."""


class Stuck(Exception):
    """It did not leave; the text is a code. `later`: it may another time."""

    def __init__(self, code: str, later: bool) -> None:
        super().__init__(code)
        self.code, self.later = code[:60], later


def due_cases() -> list[int]:
    """The numbers of those to send now, after those that a dead worker left are settled."""
    left = Case.objects.everywhere().filter(state=State.SENDING, claimed_at__lte=clock.now() - ABANDONED)
    for case in left.select_related("desk")[:AT_ONCE]:
        again = case.desk.way == ServiceDesk.Way.PROGRAM
        case.move(State.WAITING if again else State.UNCERTAIN, reason="" if again else "worker_died")
    due = Case.objects.everywhere().filter(state=State.WAITING, due__lte=clock.now())
    return list(due.order_by("due").values_list("pk", flat=True)[:AT_ONCE])


def send(case_id: int) -> None:
    """Send one that waits, and write down what came of it. Another worker's is left alone."""
    with transaction.atomic():
        waiting = Case.objects.everywhere().filter(
            pk=case_id, state=State.WAITING, due__lte=clock.now(), brand__archived_at=None
        )
        held = waiting.select_for_update(skip_locked=True, of=("self",))
        case = held.select_related("brand", "desk", "desk__answers", "thread__channel").first()
        if case is None:
            return
        case.tries += 1
        Case.objects.of(case.brand_id).filter(pk=case.pk).update(
            state=State.SENDING, claimed_at=clock.now(), tries=case.tries
        )
    try:
        theirs = _by_mail(case) if case.desk.way == ServiceDesk.Way.MAIL else _to_program(case)
    except Stuck as why:
        _later(case, why)
    else:
        case.move(State.SENT, reason="", **({"theirs": theirs} if theirs else {}))


def _later(case: Case, why: Stuck) -> None:
    log.warning("case %s: %s", case.pk, why.code)
    if why.later and case.tries < MOST_TRIES:
        due = clock.now() + timedelta(minutes=2 ** min(case.tries, 8))
        case.move(State.WAITING, due=due, reason=why.code)
    else:
        case.move(State.FAILED, reason=why.code)


def _by_mail(case: Case) -> str:
    """Mail it. Once the words are out, whatever goes wrong leaves it uncertain."""
    subject, body = letter(case)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    back = [case.desk.answers.handle] if case.desk.answers else []
    mail = EmailMessage(
        subject, body, None, [case.desk.address], reply_to=back,
        headers={"Message-ID": f"<case-{case.sending}@{host}>"},
    )  # fmt: skip
    try:
        if not mail.send():
            raise Stuck("no_mail", later=False)
    except OSError as error:
        if isinstance(error, ConnectionRefusedError) or type(error).__name__ == "gaierror":
            raise Stuck(type(error).__name__, later=True) from None
        # What the mail server itself said: it took nothing. Anything else may have come after the last word.
        refused = getattr(error, "recipients", None)
        code = getattr(error, "smtp_code", 0) or max(
            (said[0] for said in (refused or {}).values()), default=0
        )
        if not code:
            case.move(State.UNCERTAIN, reason=type(error).__name__[:60])
            return ""
        raise Stuck(f"smtp_{code}", later=code < 500) from None
    return ""


def letter(case: Case) -> tuple[str, str]:
    """The subject and the words of the mail, in the brand's language."""
    with translation.override(case.brand.language or settings.LANGUAGE_CODE):
        context = {
            "case": case,
            "messages": told(case),
            "url": f"{settings.PUBLIC_URL}{reverse('case-answer', args=[case.link()])}",
            "by_mail": case.desk.answers is not None,
        }
        body = render_to_string("inbox/case_mail.txt", context)
        subject = render_to_string("inbox/case_subject.txt", context)
    return " ".join(subject.split())[:200], body


def told(case: Case) -> list[dict[str, Any]]:
    """The chosen messages as they stand now: what was erased or taken back since is not passed on."""
    rows = Entry.objects.filter(pk__in=case.messages, activity__deleted=None, activity__erased=None)
    return [
        {
            "at": entry.at,
            "own": entry.own,
            "who": str(entry.activity.actor or ""),
            "text": entry.activity.text,
            "url": entry.activity.url,
        }
        for entry in rows.select_related("activity__actor").order_by("at", "pk")
    ]


def _to_program(case: Case) -> str:
    """Post it, signed; the desk's own number if it answered with one."""
    try:
        secrets = [case.desk.secret()]
    except Unreadable:
        raise Stuck("key_missing", later=False) from None
    answer, code = post_signed(case.desk.address, secrets, case.sending, body_of(case))
    if answer is None:
        raise Stuck(code, later=code not in ("not_https", "inside"))
    if not 200 <= answer.status < 300:
        raise Stuck(f"status_{answer.status}", later=answer.status in _LATER or answer.status >= 500)
    try:
        number = json.loads(answer.text).get("number", "")
    except (ValueError, AttributeError):
        return ""
    return tidy_number(number)


def body_of(case: Case) -> bytes:
    """What a program is sent, the same at every try as long as the thread is."""
    person = case.thread.person
    said = {
        "id": case.sending,
        "type": "case.handed",
        "timestamp": case.created.isoformat().replace("+00:00", "Z"),
        "brand": case.brand.slug,
        "data": {
            "case": case.number,
            "note": case.note,
            "contact": case.contact,
            "consent": case.consent,
            "network": label_of(case.thread.channel.network),
            "person": {"name": person.name, "handle": person.handle} if person else None,
            "messages": [
                {**each, "at": each["at"].isoformat().replace("+00:00", "Z")} for each in told(case)
            ],
            "answer": f"{settings.PUBLIC_URL}{reverse('desk-outcomes', args=[case.desk_id])}",
        },
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def tidy_number(number: Any) -> str:
    """A number of theirs as it is kept: what they gave, on one line."""
    words = str(number) if isinstance(number, str | int) and not isinstance(number, bool) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:80]


def take_answers(channel: Channel, new: Sequence[int]) -> None:
    """Mails from a desk, to the mailbox that it answers to and with the code of a case in their subject, become what
    came of it; the threads that they made are closed. Machines that say nobody is there answer nothing."""
    if not ServiceDesk.objects.of(channel.brand_id).filter(answers=channel).exists():
        return
    mails = Activity.objects.of(channel.brand_id).filter(
        pk__in=new, title__regex=_MARK.pattern, automatic="", answers=None, deleted=None, erased=None
    )
    for mail in mails.select_related("actor").order_by("published", "pk"):
        case = _case_of(channel, mail)
        if case is None:
            continue
        case.bring_back(mail.text[:TEXT_MOST] or "…", f"mail:{mail.pk}", done=False)
        for entry in mail.entries.select_related("thread").filter(thread__brand=channel.brand_id):
            if entry.thread.messages == 1:
                entry.thread.close(None)


def _case_of(channel: Channel, mail: Activity) -> Case | None:
    """The case that a mail answers: its subject has the code, and it comes from where the case went."""
    found = _MARK.search(mail.title)
    if found is None or mail.actor is None:
        return None
    rows = Case.objects.of(channel.brand_id).filter(
        number=int(found[1]), code=found[2], desk__answers=channel
    )
    case = rows.select_related("brand", "desk", "thread").first()
    domains = (
        [each.rpartition("@")[2].lower() for each in (mail.actor.handle, case.desk.address)] if case else []
    )
    return case if len(set(domains)) == 1 else None


@after_restoring
def cases_under_way(moment: datetime) -> Iterator[str]:
    """What was to leave when the backup was made may have left since."""
    under_way = Case.objects.everywhere().filter(state__in=[State.WAITING, State.SENDING])
    if count := under_way.update(state=State.UNCERTAIN, reason="restored"):
        yield f"{count} cases for customer service that waited when the backup was made do not leave by themselves."
