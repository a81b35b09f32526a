"""A delivery whose worker is killed at any step leaves exactly once."""

import signal

import pytest

from comptoir.kernel.tests.waiting import until
from comptoir.networks.fetching import fetch
from comptoir.networks.models import Activity, Channel, Delivery
from comptoir.networks.sending import send
from tests.beside import running, start
from tests.servers.stranger import Stranger

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = ("before-claim", "after-claim", "after-sending", "before-commit")
TIMES = 5


def states(channel: Channel) -> list[str]:
    rows = Delivery.objects.of(channel.brand_id).filter(channel=channel)
    return sorted(rows.values_list("state", flat=True))


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_and_taken_up_again(
    step: str, channel: Channel, stranger: Stranger, allowed: list[str]
) -> None:
    channel.refresh_from_db()
    for number in range(TIMES):
        mention = stranger.mention(stranger_of(channel), f"question {number}")
        send(channel, f"answer {number}", target=hear(channel, mention.uri))
        worker = start("tests.delivery.dying_worker", step, allowed=allowed)
        assert worker.wait(60) == -signal.SIGKILL
    assert "sent" not in states(channel)
    with running("comptoir.command.main", "worker", allowed=allowed, WORKER_DEAD_AFTER="6"):
        until(lambda: states(channel) == ["sent"] * TIMES, 60, f"{TIMES} answers sent, not {states(channel)}")
    said = sorted(record["value"]["text"] for record in stranger.records(channel.remote_id))
    assert said == [f"answer {number}" for number in range(TIMES)]


class stranger_of:  # noqa: N801
    """The brand's account as the network's client names it."""

    def __init__(self, channel: Channel) -> None:
        self.handle, self.did = channel.handle, channel.remote_id


def hear(channel: Channel, uri: str) -> Activity:
    """Fetch until a message is here."""
    found = Activity.objects.of(channel.brand_id).filter(remote_id=uri)

    def heard() -> bool:
        fetch(channel)
        return found.exists()

    until(heard, 20, f"{uri} heard")
    return found.get()
