"""The way out: what a person says is queued, leaves once, and what became of it is known."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from comptoir.kernel import clock
from comptoir.kernel.http import OutsideError
from comptoir.networks import connector as contract
from comptoir.networks import returning
from comptoir.networks.connector import ConnectorError, Reconnect, Refused, Sent, TryLater, Unanswered, Upload
from comptoir.networks.defending import REPEATABLE, carry_out
from comptoir.networks.models import Activity, Attachment, Channel, Delivery
from comptoir.networks.models.channel import ONLY_LISTENS
from comptoir.networks.models.defence import DEFENCES
from comptoir.networks.moderating import ACTS, carried_out
from comptoir.networks.outside import code_of

log = logging.getLogger(__name__)
State = Delivery.State
DELIVER = "comptoir.networks.jobs.deliver"
"""The job that brings a delivery a step further, by name: jobs know this module, and not the other way round."""
DELIVER_POSTS = "comptoir.networks.jobs.deliver_posts"
PARTS = 2
"""Workers that have posts leave at the same time, each those of its own channels."""
MOST_TRIES = 12
OUTAGE = timedelta(days=2)
"""For so long a network may be away without an answer to it counting as refused."""


class Doubtful(Exception):
    """It may be on the network, or not."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to say on a channel: an answer to `target`, else a post. It leaves at `at`; of what belongs to a post,
    by `leave_by`, or it asks.

    `warning` stands above it where the network knows content warnings; `language` is that of its words, "" unsaid.
    `countries` are those that it is shown in where the network can, none for all.
    """

    channel: Channel
    text: str
    at: datetime
    by: Any = None
    target: Activity | None = None
    media: Sequence[Upload] = ()
    key: str = ""
    act: str = ""
    warning: str = ""
    leave_by: datetime | None = None
    language: str = ""
    countries: Sequence[str] = ()

    def delivery(self) -> Delivery:
        """As it is written down."""
        act = self.act or (Delivery.Act.REPLY if self.target else Delivery.Act.POST)
        return Delivery(
            channel=self.channel, act=act, target=self.target, text=self.text, warning=self.warning, author=self.by,
            not_before=self.at, leave_by=self.leave_by, language=self.language,
            countries=list(self.countries),
            **({"key": self.key} if self.key else {}),
        )  # fmt: skip


def write_down(sayings: Sequence[Saying]) -> list[Delivery]:
    """Things to say, on channels that speak; whoever writes them down has them leave. Part of the caller's
    transaction."""
    with transaction.atomic():
        made = Delivery.objects.bulk_create([each.delivery() for each in sayings], batch_size=1_000)
        Attachment.objects.bulk_create(
            (
                Attachment(delivery=delivery, content=m.content, mime=m.mime, alt=m.alt, name=m.name)
                for delivery, saying in zip(made, sayings, strict=True)
                for m in saying.media
            ),
            batch_size=100,
        )
    return made


def send(
    channel: Channel,
    text: str,
    *,
    by: Any = None,
    target: Activity | None = None,
    media: Sequence[Upload] = (),
    key: str = "",
    act: str = "",
    warning: str = "",
    after: float = 0,
    leave_by: datetime | None = None,
    language: str = "",
) -> Delivery:
    """Queue one `Saying`, which leaves `after` seconds from now. ValueError("listens") on one that only listens."""
    if Channel.objects.of(channel.brand_id).filter(pk=channel.pk, listen_only=True).exists():
        raise ValueError("listens")
    when = clock.now() + timedelta(seconds=after)
    with transaction.atomic():
        saying = Saying(channel, text, when, by, target, media, key, act, warning, leave_by, language)
        delivery = write_down([saying])[0]
        job = app.configure_task(
            DELIVER, schedule_at=when, lock=f"delivery:{delivery.pk}", allow_unknown=False
        )
        job.defer(delivery_id=delivery.pk)
    return delivery


def ask_posts() -> None:
    """Have the posts leave that are due, unless that is asked for already."""
    for part in range(PARTS):
        lock = f"posts:{part}"
        with suppress(AlreadyEnqueued), transaction.atomic():
            task = app.configure_task(DELIVER_POSTS, lock=lock, queueing_lock=lock, allow_unknown=False)
            task.defer(part=part)


def attempt(delivery: Delivery) -> None:
    """Bring one delivery a step further: claim it, say it, write down what became of it.

    A delivery found `sending` was left by a worker that died: said again where the network honours keys, looked for
    where the connector can, else `uncertain` for a person to settle.
    """
    if delivery.channel.state != Channel.State.ACTIVE:
        return
    if delivery.channel.listen_only and delivery.state == State.WAITING:
        delivery.move(State.WAITING, State.REFUSED, code=ONLY_LISTENS)
        return
    if delivery.state == State.WAITING:
        if delivery.not_before > clock.now() or not delivery.claim():
            return
        again = False
    elif delivery.state == State.SENDING:
        again = True
    else:
        return
    outcome = say(delivery.channel.connector(), delivery, again)
    if isinstance(outcome, Sent):
        settle(delivery, outcome)
    else:
        settle_unsent(delivery, outcome)


def say(connector: Any, delivery: Delivery, again: bool = False) -> Sent | ConnectorError | Doubtful:
    """Have a claimed delivery said; what came of it. `again`: somebody may have said it, and did not write it down."""
    connector.first = delivery.tries == 1 and not again
    try:
        return _say(connector, delivery, again)
    except (Doubtful, ConnectorError) as error:
        return error


def settle_unsent(delivery: Delivery, error: ConnectorError | Doubtful) -> None:
    """sending > waiting, refused or uncertain, as what kept it from being sent says."""
    if isinstance(error, Doubtful):
        delivery.move(State.SENDING, State.UNCERTAIN, code="uncertain")
    elif isinstance(error, Refused):
        delivery.move(State.SENDING, State.REFUSED, code=error.code, facts=error.facts)
    else:
        _wait(delivery, error)
        if isinstance(error, Reconnect):
            delivery.channel.lose(error)


def settle(delivery: Delivery, sent: Sent) -> None:
    """sending > sent, with the brand's own activity stored in the same transaction."""
    channel = delivery.channel
    with transaction.atomic():
        result = None
        if delivery.act == Delivery.Act.DELETE:
            if delivery.target:
                channel.receive([contract.Gone(delivery.target.remote_id)])
        elif delivery.act in ACTS:
            carried_out(delivery)
        elif delivery.act == Delivery.Act.EDIT:
            if delivery.target:
                channel.receive([_changed(delivery, delivery.target)])
        elif delivery.act not in DEFENCES and delivery.act != Delivery.Act.TELL:
            channel.receive([own(delivery, sent)])
            result = Activity.objects.of(channel.brand_id).filter(
                network=channel.network, remote_id=sent.remote_id
            ).first()  # fmt: skip
            # It may have been heard as the brand's own before we came to write this.
            if result and not sent.facts.items() <= result.facts.items():
                result.facts |= sent.facts
                result.save(update_fields=["facts"])
        delivery.move(
            State.SENDING,
            State.SENT,
            remote_id=sent.remote_id,
            url=sent.url,
            result=result,
            code="",
            facts={},
        )
        if result is not None:
            returning.heard_before(channel, [delivery])


def _say(connector: Any, delivery: Delivery, again: bool) -> Sent:
    """Say it through the connector. Doubtful when its outcome cannot be known."""
    act = Delivery.Act(delivery.act)
    harmless = act in (Delivery.Act.DELETE, Delivery.Act.EDIT) or act in ACTS or act in REPEATABLE
    safe = harmless or (isinstance(connector, contract.Keyed) and act not in DEFENCES)
    stopped = again and (delivery.channel.listen_only or (not harmless and delivery.held))
    if stopped or (again and not safe):
        return _look(connector, delivery)
    try:
        return _speak(connector, delivery, act)
    except OutsideError as error:
        if safe or not error.sent:
            raise TryLater(code_of(error)) from error
        return _look(connector, delivery)
    except Unanswered as error:
        if safe:
            raise TryLater(error.code) from error
        return _look(connector, delivery)
    except ConnectorError:
        raise
    except Exception as error:
        log.exception("delivery %s", delivery.pk)
        if safe:
            raise TryLater("broken") from error
        raise Doubtful from error


def _speak(connector: Any, delivery: Delivery, act: Delivery.Act) -> Sent:
    if act == Delivery.Act.TELL:
        return connector.tell(delivery.text, delivery.key)  # type: ignore[no-any-return]
    if act in DEFENCES:
        return carry_out(connector, delivery)
    target = delivery.target.as_contract() if delivery.target else None
    if act == Delivery.Act.DELETE:
        if target:
            connector.delete(target.remote_id)
        return Sent(delivery.remote_id)
    if act == Delivery.Act.EDIT:
        if target is None or (delivery.target and delivery.target.deleted):
            raise Refused("not_there")
        connector.edit(target.remote_id, delivery.text)
        return Sent(target.remote_id, target.url)
    if act in ACTS:
        if target is None:
            raise Refused("target_gone")
        connector.moderate(target.remote_id, contract.Verdict(act))
        return Sent(target.remote_id)
    media = [Upload(bytes(a.content), a.mime, a.alt, a.name) for a in delivery.attachments.all()]
    warned = isinstance(connector, contract.Warns) and delivery.warning
    said = (delivery.text, media, delivery.key, delivery.said_at, *([delivery.warning] if warned else []))
    spoken = isinstance(connector, contract.SaysLanguage) and delivery.language
    more: dict[str, Any] = {"language": delivery.language} if spoken else {}
    if act == Delivery.Act.POST:
        if isinstance(connector, contract.Targets) and delivery.countries:
            more["countries"] = delivery.countries
        return connector.publish(*said, **more)  # type: ignore[no-any-return]
    if target is None or (delivery.target and delivery.target.deleted):
        raise Refused("target_gone")
    return connector.reply(target, *said, **more)  # type: ignore[no-any-return]


def _look(connector: Any, delivery: Delivery) -> Sent:
    """Look for our own message before anyone tries again."""
    if delivery.act in DEFENCES or not isinstance(connector, contract.Finds):
        raise Doubtful
    target = delivery.target.as_contract() if delivery.target else None
    try:
        found = connector.find(target, delivery.text, delivery.key, delivery.said_at)
    except (ConnectorError, OutsideError) as error:
        raise Doubtful from error
    if found is None:
        raise TryLater("not_arrived")
    return found


def _wait(delivery: Delivery, error: ConnectorError) -> None:
    """sending > waiting: a later try, as the network says or growing; after the last one a person decides."""
    away = error.code == "unreachable" and clock.now() - delivery.created < OUTAGE
    if delivery.tries >= MOST_TRIES and not away:
        delivery.move(State.SENDING, State.REFUSED, code="too_many_tries", facts={"last": error.code})
        return
    after = getattr(error, "after", None) or timedelta(seconds=min(600, 2**delivery.tries))
    delivery.move(
        State.SENDING, State.WAITING, not_before=clock.now() + after, code=error.code, facts=error.facts
    )


def own(delivery: Delivery, sent: Sent) -> contract.Activity:
    """What was sent, as the brand's own activity."""
    target = delivery.target
    return contract.Activity(
        remote_id=sent.remote_id,
        kind=contract.Kind.REPLY if target else contract.Kind.POST,
        actor=delivery.channel.me,
        published=delivery.said_at,
        text=delivery.text,
        language=delivery.language,
        url=sent.url,
        in_reply_to=target.remote_id if target else "",
        conversation=(target.conversation or target.remote_id) if target else "",
        warning=delivery.warning,
        facts=sent.facts,
    )


def _changed(delivery: Delivery, target: Activity) -> contract.Activity:
    """The brand's own message as it reads now."""
    media = tuple(contract.Media(**each) for each in target.media)
    return replace(target.as_contract(), text=delivery.text, edited=clock.now(), media=media, spans=())
