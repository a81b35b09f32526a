"""The team's own rooms: notices are told there, and what colleagues answer below them goes to whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from comptoir.kernel.events import tell
from comptoir.networks.connector import Discusses, Gone, Remark
from comptoir.networks.events import RemarksHeard
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.sending import send
from comptoir.organisation.models import Notice
from comptoir.organisation.reaching import link
from comptoir.organisation.topics import sentence

LONGEST_REMARK = 10_000


def announce(ids: Sequence[int]) -> None:
    """Tell new notices in their brands' rooms, in the brand's language. Safe to run twice."""
    notices = Notice.objects.everywhere().filter(pk__in=ids, settled_at=None).select_related("brand", "to")
    rooms: dict[int, list[Channel]] = {}
    for notice in notices.order_by("pk"):
        if notice.brand_id not in rooms:
            rooms[notice.brand_id] = _rooms(notice.brand_id)
        for room in rooms[notice.brand_id]:
            key = f"notice-{notice.pk}-{room.pk}"
            if not Delivery.objects.of(notice.brand_id).filter(key=key).exists():
                send(room, _words(notice), key=key, act=Delivery.Act.TELL)


def hear(channel: Channel, items: Iterable[Any]) -> None:
    """Pass on what colleagues said below notices of ours, and what they took back; the rest of the room is theirs."""
    remarks = [item for item in items if isinstance(item, Remark)]
    about = _about(channel, {remark.below for remark in remarks})
    told = [
        {
            "id": remark.remote_id[:500],
            "about": about[remark.below],
            "author": remark.author[:200],
            "text": remark.text.replace("\x00", "")[:LONGEST_REMARK],
            "at": remark.at.isoformat(),
        }
        for remark in remarks
        if remark.below in about
    ]
    gone = [item.remote_id for item in items if isinstance(item, Gone)]
    if told or gone:
        tell(RemarksHeard(channel.pk, told, gone), lock=f"remarks:{channel.pk}")


def _rooms(brand_id: int) -> list[Channel]:
    active = Channel.objects.of(brand_id).filter(state=Channel.State.ACTIVE)
    return [channel for channel in active.order_by("pk") if channel.can(Discusses)]


def _words(notice: Notice) -> str:
    with translation.override(notice.brand.language or settings.LANGUAGE_CODE):
        words = sentence(notice.code, notice.facts)
        if notice.to:
            words = _("For %(person)s: %(words)s") % {"person": notice.to, "words": words}
        return f"{notice.brand}: {words}\n{link(notice)}"


def _about(channel: Channel, messages: set[str]) -> dict[str, str]:
    """What each of our messages in the room was about, as the notice that it told says."""
    told = Delivery.objects.of(channel.brand_id).filter(
        channel=channel, act=Delivery.Act.TELL, remote_id__in=messages
    )
    notices = {name: int(key.split("-")[1]) for name, key in told.values_list("remote_id", "key")}
    about = dict(
        Notice.objects.of(channel.brand_id).filter(pk__in=notices.values()).values_list("pk", "about")
    )
    return {name: about[pk] for name, pk in notices.items() if pk in about}
