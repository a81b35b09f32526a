"""The slow proof: 200 replies leave to the network while workers are killed with -9 at 200 random moments."""

import random
import time

import pytest

from comptoir.kernel.tests.waiting import until
from comptoir.networks.fetching import fetch
from comptoir.networks.models import Activity, Channel
from comptoir.networks.sending import send
from tests.beside import running
from tests.delivery.test_kills import states, stranger_of
from tests.servers.stranger import Stranger

REPLIES = 200
KILLS = 200
SEED = 20261121


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_200_replies_and_200_killed_workers(channel: Channel, stranger: Stranger, allowed: list[str]) -> None:
    mentions = {stranger.mention(stranger_of(channel), f"question {n}").uri for n in range(REPLIES)}
    heard = Activity.objects.of(channel.brand_id).filter(remote_id__in=mentions)

    def all_heard() -> bool:
        fetch(channel)
        return heard.count() == REPLIES

    until(all_heard, 60, "all questions heard")
    dice = random.Random(SEED)
    started = time.monotonic()
    nursery = ("tests.delivery.nursery", str(KILLS), str(SEED))
    with running(*nursery, allowed=allowed, WORKER_DEAD_AFTER="6"):
        for number, target in enumerate(heard.order_by("pk")):
            send(channel, f"answer {number}", target=target, after=dice.uniform(0, KILLS))
        until(lambda: states(channel) == ["sent"] * REPLIES, 1_200, f"all sent, not {states(channel)}")
    said = sorted(record["value"]["text"] for record in stranger.records(channel.remote_id))
    assert said == sorted(f"answer {number}" for number in range(REPLIES))
    print(f"\n{len(said)} of {REPLIES} answers on the network, each once, {KILLS} kills, "
          f"{time.monotonic() - started:.0f} s")  # fmt: skip
