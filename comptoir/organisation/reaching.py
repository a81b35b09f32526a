"""Telling people: who is told of a notice, by which ways and when, and the telling itself.

A mail, push or chat message may be told twice when a worker dies between sending it and writing that down; it is never
told after it was seen on the page, settled, or its person lost the right to know.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.kernel.live import nudge
from comptoir.organisation.access import sees
from comptoir.organisation.chatting import tell_by_chat
from comptoir.organisation.models import Membership, Notice, Role, User
from comptoir.organisation.models.dispatch import MOST_TRIES, Dispatch, Reach
from comptoir.organisation.models.taste import Taste
from comptoir.organisation.pushing import tell_by_push
from comptoir.organisation.topics import TOPICS, TRIAL, WAYS, address, rouses, sentence

log = logging.getLogger(__name__)
GRACE = {"mail": timedelta(minutes=1), "push": timedelta(0), "chat": timedelta(0)}
"""How long each way waits whether the notice is met on the page first."""


class NotTold(Exception):
    """This way failed for now; the text is a code."""


def spread(ids: Sequence[int]) -> None:
    """Decide who is told of new notices, by which ways and when. Safe to run twice."""
    notices = Notice.objects.everywhere().filter(pk__in=ids, settled_at=None).select_related("brand")
    for notice in notices:
        people = _people(notice)
        tastes = {taste.user_id: taste for taste in Taste.objects.filter(user__in=people)}
        with transaction.atomic():
            Reach.objects.bulk_create(
                [Reach(notice=notice, user=user) for user in people], ignore_conflicts=True
            )
            rows = Reach.objects.filter(notice=notice, user__in=people)
            planned = [
                plan for reach in rows for plan in _plans(reach, tastes.get(reach.user_id), notice.code)
            ]
            Dispatch.objects.bulk_create(planned, ignore_conflicts=True)
            for user in people:
                nudge(notice.brand_id, what=f"notices:{user.pk}")


def _people(notice: Notice) -> list[User]:
    """Whom a notice concerns: its one person while they work for the brand, else all of its topic's role."""
    topic = TOPICS.get(notice.code)
    members = Membership.objects.going_on().filter(brand=notice.brand_id, user__is_active=True)
    members = members.select_related("user")
    if notice.to_id:
        members = members.filter(user=notice.to_id)
    elif topic:
        members = members.filter(role__in=Role(topic.role).and_above())
    found = members.order_by("user_id")
    return [each.user for each in found if each.channels is None or sees(each.user, notice)]


def _plans(reach: Reach, taste: Taste | None, code: str) -> list[Dispatch]:
    taste = taste or Taste(user_id=reach.user_id)
    now = clock.now()
    planned = []
    for way in WAYS:
        due = taste.due(code, way, now)
        if due is not None and (way != "chat" or taste.chat):
            grace = timedelta(0) if rouses(code) else GRACE[way]
            planned.append(Dispatch(reach=reach, way=way, due=max(due, now + grace)))
    return planned


def dispatch() -> list[list[int]]:
    """Claim what is due: the ids of dispatches, those that go to one person by one way together."""
    together: dict[tuple[int, str], list[int]] = defaultdict(list)
    with transaction.atomic():
        for each in Dispatch.objects.all().claim():
            together[each.reach.user_id, each.way].append(each.pk)
    return list(together.values())


def send(ids: Sequence[int]) -> None:
    """Tell one person what was claimed for one way, as one message. What fails is tried again, later each time."""
    rows = list(
        Dispatch.objects.filter(pk__in=ids, state="sending")
        .select_related("reach__user", "reach__notice__brand")
        .order_by("reach__notice__created", "pk")
    )
    fit = [row for row in rows if _still(row)]
    _done([row for row in rows if row not in fit], "dropped")
    if not fit:
        return
    tell: Callable[[User, Sequence[Notice]], bool] = {
        "mail": _tell_by_mail, "push": tell_by_push, "chat": tell_by_chat,
    }[fit[0].way]  # fmt: skip
    user = fit[0].reach.user
    try:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            told = tell(user, [row.reach.notice for row in fit])
    except Exception as error:
        log.warning("notices by %s: %s", fit[0].way, type(error).__name__)
        _later(fit, type(error).__name__)
    else:
        _done(fit, "sent" if told else "dropped")


def _still(row: Dispatch) -> bool:
    """Whether the person has still to be told."""
    notice, user = row.reach.notice, row.reach.user
    if row.reach.seen_at or notice.settled_at or not user.is_active:
        return False
    member = Membership.objects.going_on().filter(brand=notice.brand_id, user=user).first()
    return member is not None and (member.channels is None or sees(user, notice))


def _done(rows: Iterable[Dispatch], state: str) -> None:
    ids = [row.pk for row in rows]
    Dispatch.objects.filter(pk__in=ids, state="sending").update(state=state, done_at=clock.now(), code="")


def _later(rows: Iterable[Dispatch], code: str) -> None:
    for row in rows:
        over = row.tries >= MOST_TRIES
        Dispatch.objects.filter(pk=row.pk, state="sending").update(
            state="failed" if over else "waiting",
            due=clock.now() + timedelta(minutes=2 ** min(row.tries, 8)),
            code=code[:60],
            done_at=clock.now() if over else None,
        )


def lines(notices: Sequence[Notice]) -> list[dict[str, str]]:
    """Notices as messages show them: brand, sentence and the whole address that they lead to."""
    return [
        {
            "brand": notice.brand.name,
            "sentence": sentence(notice.code, notice.facts),
            "url": link(notice),
        }
        for notice in notices
    ]


def link(notice: Notice) -> str:
    """Where a notice leads, by way of the page that marks it as seen."""
    there = address(notice.code, notice.about, notice.brand.slug)
    return f"{settings.PUBLIC_URL}{there}" if there else str(settings.PUBLIC_URL)


def _tell_by_mail(user: User, notices: Sequence[Notice]) -> bool:
    told = lines(notices)
    if len(told) == 1:
        subject = f"{told[0]['brand']}: {told[0]['sentence']}"
    else:
        subject = _("%(count)s things at the counter") % {"count": len(told)}
    context = {"user": user, "lines": told, "settings_url": f"{settings.PUBLIC_URL}/settings/notices/"}
    body = render_to_string("organisation/notices_mail.txt", context)
    EmailMessage(" ".join(subject.split())[:200], body, None, [user.email]).send()
    return True


def see(user: User, notice_ids: Sequence[int] | None = None) -> int:
    """The person has met these notices, or all, on the page: how many were new to them."""
    unseen = Reach.objects.filter(user=user, seen_at=None)
    if notice_ids is not None:
        unseen = unseen.filter(notice__in=notice_ids)
    return unseen.update(seen_at=clock.now())


def try_out(user: User, way: str) -> bool:
    """Tell the person something by one way now, so that they see whether it works. False when there is nowhere to."""
    from comptoir.organisation.models import Brand

    brand = Brand.objects.seen_by(user).first() or Brand(name="Comptoir", slug="")
    sample = Notice(brand=brand, code=TRIAL)
    tell = {"mail": _tell_by_mail, "push": tell_by_push, "chat": tell_by_chat}[way]
    with translation.override(user.language or settings.LANGUAGE_CODE):
        return bool(tell(user, [sample]))
