"""What the brand said and came back: a network that tells only afterwards tells it by a message of its own."""

from __future__ import annotations

from collections.abc import Iterable

from comptoir.networks.models import Activity, Channel, Delivery

RETURNED, DELAYED = "returned", "delayed"
_CODES = {RETURNED: "came_back", DELAYED: "delayed"}
_LONGEST = 400


def hear(channel: Channel, activity_ids: Iterable[int]) -> None:
    """Tell the deliveries that these messages are about. Safe to repeat."""
    told = Activity.objects.of(channel.brand_id).filter(pk__in=list(activity_ids), automatic__in=_CODES)
    for report in told.exclude(about="").order_by("published", "pk"):
        mine = Delivery.objects.of(channel.brand_id).filter(channel=channel, state=Delivery.State.SENT)
        for delivery in mine.filter(result__network=report.network, result__remote_id=report.about):
            _tell(delivery, report)


def heard_before(channel: Channel, deliveries: Iterable[Delivery]) -> None:
    """What came back before anybody had written down that it was sent: after a crash, say. All of one channel."""
    sent = {each.remote_id: each for each in deliveries}
    reports = Activity.objects.of(channel.brand_id).filter(
        network=channel.network, about__in=sent, automatic__in=_CODES
    )
    for report in reports.order_by("published", "pk").distinct():
        _tell(sent[report.about], report)


def _tell(delivery: Delivery, report: Activity) -> None:
    new = Delivery.State.RETURNED if report.automatic == RETURNED else Delivery.State.SENT
    facts = {"reason": report.text[:_LONGEST]}
    delivery.move(Delivery.State.SENT, new, code=_CODES[report.automatic], facts=facts)
