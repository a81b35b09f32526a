"""The main path, by real processes on a real network: heard, answered once, answered back, taken back."""

import pytest

from comptoir.inbox.models import Thread
from comptoir.kernel.tests.waiting import until
from comptoir.networks import fetching
from comptoir.networks.models import Activity, Channel, Delivery, Snapshot
from comptoir.organisation.models import User
from tests.beside import running
from tests.delivery.test_kills import stranger_of
from tests.servers.stranger import Stranger
from tests.servers.stranger import until as seen

pytestmark = pytest.mark.django_db(transaction=True)


def texts(thread: Thread) -> list[str]:
    return [entry.activity.text for entry in thread.entries.select_related("activity").order_by("at", "id")]


def test_a_stranger_and_the_brand(channel: Channel, stranger: Stranger, allowed: list[str]) -> None:
    agent = User.objects.create_user("agent@example.org", name="Agent")
    threads = Thread.objects.of(channel.brand_id)
    with running("comptoir.command.main", "worker", allowed=allowed):
        question = stranger.mention(stranger_of(channel), "is the bridge open?")
        until(lambda: threads.filter(answered=False).exists(), 30, "the thread")
        thread = threads.get()
        reply = thread.reply("Yes, until ten tonight.", agent)
        answer = seen(lambda: stranger.answers_below(question))[0]
        assert answer["record"]["text"] == "Yes, until ten tonight."
        stranger.like(stranger.ref(answer["uri"]))
        thanks = stranger.reply(stranger.ref(answer["uri"]), "Lovely, thank you!")
        until(lambda: len(texts(thread)) == 3, 30, "the answer back")
        assert texts(thread)[1:] == ["Yes, until ten tonight.", "Lovely, thank you!"]
        assert threads.count() == 1
        stranger.delete(thanks)
        until(lambda: texts(thread)[-1] == "", 60, "the deletion")
        until(lambda: not threads.filter(last_text__contains="Lovely").exists(), 10, "the list without it")
        _counted(channel, answer["uri"])
        reply.refresh_from_db()
        removal = reply.take_back(agent)
        until(lambda: _state(removal) == "sent", 30, "our own deletion")
    assert not stranger.records(channel.remote_id)
    assert texts(thread)[1] == ""


def _counted(channel: Channel, uri: str) -> None:
    """The brand's message has one like, known here."""
    mine = Activity.objects.of(channel.brand_id).get(remote_id=uri)

    def liked() -> bool:
        channel.measured_at = None  # as if it had never been
        fetching.measure(channel)
        latest = Snapshot.objects.filter(activity=mine).order_by("-at").first()
        return latest is not None and latest.likes == 1

    until(liked, 20, "one like counted")
    known = Snapshot.objects.filter(activity=mine).count()
    channel.measured_at = None
    fetching.measure(channel)
    assert Snapshot.objects.filter(activity=mine).count() == known


def _state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state
