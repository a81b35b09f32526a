"""Posts that are due together leave together: claimed, said and written down a handful at a time, on many channels.

What is claimed here and said by nobody, because the worker died, is found and taken up one by one as every delivery is
(`sending.attempt`): whoever says it again uses the same key, or looks first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

from django.db import transaction

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.events import tell
from comptoir.networks import returning
from comptoir.networks.connector import ConnectorError, Sent
from comptoir.networks.events import DeliveriesMoved
from comptoir.networks.models import Activity, Channel, Delivery
from comptoir.networks.sending import PARTS, Doubtful, own, say, settle_unsent

CHANNELS = 32
"""Channels on which one worker has something said at a time."""
IN_A_ROW = 20
"""Messages that one channel says before others have their turn."""
BEAT = timedelta(seconds=8)
"""How often it is said that what was claimed is still on its way: less than what is `ABANDONED`."""

_SENT = """
UPDATE networks_delivery d
SET state = 'sent', remote_id = n.remote_id, url = n.url, result_id = n.result, code = '', facts = '{}'
FROM unnest(%(ids)s::bigint[], %(remote_ids)s::text[], %(urls)s::text[], %(results)s::bigint[])
    AS n (id, remote_id, url, result)
WHERE d.id = n.id AND d.state = 'sending' RETURNING d.id
"""

type Said = list[tuple[Delivery, Sent | ConnectorError | Doubtful]]


def leave(part: int) -> int:
    """Have all posts that are due on this part of the channels said; how many were claimed. One at a time a part.

    A channel whose network is slow keeps no other one waiting.
    """
    claimed = 0
    saying: dict[Future[Said], list[Delivery]] = {}
    with ThreadPoolExecutor(CHANNELS, thread_name_prefix="saying") as speakers:
        while True:
            if len(saying) <= CHANNELS // 2:
                busy = {some[0].channel_id for some in saying.values()}
                new = Delivery.claim_posts(CHANNELS - len(saying), IN_A_ROW, (part, PARTS), busy)
                claimed += len(new)
                for some in _by_channel(new):
                    saying[speakers.submit(_say_in_a_row, some[0].channel.connector(apart=True), some)] = some
            if not saying:
                return claimed
            done, _rest = wait(saying, timeout=BEAT.total_seconds(), return_when=FIRST_COMPLETED)
            _write_down([(saying.pop(future)[0].channel, future.result()) for future in done])
            _beat([each.pk for some in saying.values() for each in some])


def _by_channel(deliveries: Sequence[Delivery]) -> Collection[list[Delivery]]:
    found: dict[int, list[Delivery]] = defaultdict(list)
    for each in deliveries:
        found[each.channel_id].append(each)
    return found.values()


def _say_in_a_row(connector: Any, deliveries: Sequence[Delivery]) -> Said:
    return [(each, say(connector, each)) for each in deliveries]


def _write_down(outcomes: Sequence[tuple[Channel, Said]]) -> None:
    """What came of each, by channel."""
    for channel, said in outcomes:
        if sent := [(delivery, outcome) for delivery, outcome in said if isinstance(outcome, Sent)]:
            _settle_each(channel, sent)
        for delivery, outcome in said:
            if not isinstance(outcome, Sent):
                settle_unsent(delivery, outcome)


def _settle_each(channel: Channel, sent: Sequence[tuple[Delivery, Sent]]) -> None:
    """sending > sent of posts of one channel, with the brand's own activities stored in the same transaction."""
    with transaction.atomic():
        channel.receive([own(delivery, outcome) for delivery, outcome in sent])
        by_id = {outcome.remote_id: outcome for _delivery, outcome in sent}
        rows = Activity.objects.of(channel.brand_id).filter(network=channel.network, remote_id__in=by_id)
        results: dict[str, int] = {}
        for pk, remote_id, facts in rows.values_list("pk", "remote_id", "facts").distinct():
            results[remote_id] = pk
            # It may have been heard as the brand's own before we came to write this.
            if not by_id[remote_id].facts.items() <= facts.items():
                rows.filter(pk=pk).update(facts=facts | by_id[remote_id].facts)
        given = {
            "ids": [delivery.pk for delivery, _outcome in sent],
            "remote_ids": [outcome.remote_id for _delivery, outcome in sent],
            "urls": [outcome.url for _delivery, outcome in sent],
            "results": [results.get(outcome.remote_id) for _delivery, outcome in sent],
        }
        moved = {pk for (pk,) in ask(_SENT, given)}
        tell(DeliveriesMoved(sorted(moved), Delivery.State.SENT.value))
        those = [(delivery, outcome) for delivery, outcome in sent if delivery.pk in moved]
        for delivery, outcome in those:
            delivery.state, delivery.remote_id = Delivery.State.SENT, outcome.remote_id
        returning.heard_before(channel, [delivery for delivery, _outcome in those])


def _beat(ids: Sequence[int]) -> None:
    """Say that these are still on their way, where that was last said a while ago."""
    now = clock.now()
    rows = Delivery.objects.everywhere().filter(pk__in=ids, state=Delivery.State.SENDING)
    if ids:
        rows.filter(claimed_at__lt=now - BEAT).update(claimed_at=now)
