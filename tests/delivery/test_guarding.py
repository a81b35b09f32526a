"""Blocks and reports by real processes on a real network: workers are killed, and nothing is done twice."""

import signal

import pytest

from comptoir.inbox.models import Thread
from comptoir.kernel.tests.waiting import until
from comptoir.networks.models import Channel, Defence, Delivery
from comptoir.organisation.models import User
from tests.beside import running, start
from tests.delivery.test_kills import hear, stranger_of
from tests.servers.running import AtprotoNetwork
from tests.servers.stranger import Stranger

pytestmark = pytest.mark.django_db(transaction=True)
BLOCK = "app.bsky.graph.block"


@pytest.mark.parametrize(("step", "reported"), [("after-claim", 0), ("after-sending", 1)])
def test_killed_at_a_step_a_block_is_made_once_and_a_report_never_twice(
    step: str,
    reported: int,
    atproto: AtprotoNetwork,
    channel: Channel,
    stranger: Stranger,
    allowed: list[str],
) -> None:
    agent = User.objects.create_user("agent@example.org", name="Agent")
    channel.refresh_from_db()
    message = hear(channel, stranger.mention(stranger_of(channel), "you idiots").uri)
    with running("comptoir.command.main", "worker", allowed=allowed):
        until(lambda: Thread.objects.of(channel.brand_id).exists(), 30, "the thread")
    thread = Thread.objects.of(channel.brand_id).get()

    def states() -> dict[str, str]:
        return dict(Defence.objects.of(channel.brand_id).values_list("act", "delivery__state"))

    def blocks() -> int:
        asked = {"repo": channel.remote_id, "collection": BLOCK}
        return len(stranger.ask("com.atproto.repo.listRecords", **asked)["records"])

    for act in (
        lambda: thread.block(agent, reason="harassment"),
        lambda: thread.report(agent, ground="rude", words="Look.", message=message),
    ):
        act()
        worker = start("tests.delivery.dying_worker", step, allowed=allowed)
        assert worker.wait(60) == -signal.SIGKILL
    assert states() == {"block": "sending", "report": "sending"}
    with running("comptoir.command.main", "worker", allowed=allowed, WORKER_DEAD_AFTER="6"):
        until(
            lambda: states() == {"block": "sent", "report": "uncertain"}, 60, f"both taken up, not {states()}"
        )
        assert blocks() == 1
        assert len(atproto.reports_of(stranger.did)) == reported
        thread.unblock(agent)
        until(lambda: states().get("unblock") == "sent", 30, "the unblocking")
        assert blocks() == 0
        doubt = Delivery.objects.of(channel.brand_id).get(state="uncertain")
        doubt.settle(agent, sent=bool(reported))
        until(lambda: states()["report"] == "sent", 60, "what a person decided")
    told = [("rude", "Look.", [message.remote_id])]
    assert atproto.reports_of(stranger.did) == told
    assert not Defence.objects.of(channel.brand_id).standing().exists()
