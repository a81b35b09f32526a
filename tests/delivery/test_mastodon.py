"""The main path on two snac2 that federate, by real processes: heard, answered once, answered back, changed.

snac2 ignores keys, so that an answer leaves once is by looking first: also when workers are killed.
"""

import signal
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from comptoir.inbox.models import Thread
from comptoir.kernel.tests.waiting import until
from comptoir.networks.connecting import connect
from comptoir.networks.fetching import fetch
from comptoir.networks.models import Activity, Channel, Delivery
from comptoir.networks.outside import http
from comptoir.networks.sending import send
from comptoir.organisation.models import Brand, User
from tests.beside import running, start
from tests.delivery.test_conversation import texts
from tests.delivery.test_kills import STEPS, states
from tests.servers.neighbour import SnacNeighbour, words
from tests.servers.snac import SnacPair
from tests.servers.stranger import until as seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def brand(snac: SnacPair) -> SnacNeighbour:
    """The brand's account, as its people have it in an app of their own."""
    return SnacNeighbour.arrives(snac.home, "brand")


@pytest.fixture
def fan(snac: SnacPair) -> SnacNeighbour:
    return SnacNeighbour.arrives(snac.away, "fan")


@pytest.fixture
def channel(
    snac: SnacPair, brand: SnacNeighbour, settings: LazySettings, transactional_db: None
) -> Iterator[Channel]:
    settings.INSIDE_ALLOWED = frozenset(snac.addresses)
    http.cache_clear()
    answers = {"server": snac.home.url, "token": brand.account.token}
    yield connect(Brand.objects.create(name="Brand", slug="brand"), "mastodon", answers)
    http.cache_clear()


def said_by(brand: SnacNeighbour) -> list[str]:
    """Every text that the brand's account holds."""
    me = brand.call("GET", "/api/v1/accounts/verify_credentials")["id"]
    return sorted(words(each) or "" for each in brand.call("GET", f"/api/v1/accounts/{me}/statuses"))


def test_a_stranger_and_the_brand(
    snac: SnacPair, channel: Channel, brand: SnacNeighbour, fan: SnacNeighbour
) -> None:
    agent = User.objects.create_user("agent@example.org", name="Agent")
    threads = Thread.objects.of(channel.brand_id)
    brand.follow(fan.uri, fan.handle)  # snac2 tells of deletions only those who follow
    with running("comptoir.command.main", "worker", allowed=snac.addresses):
        question = fan.post(f"@{brand.handle} is the bridge open?")
        until(lambda: threads.filter(answered=False).exists(), 60, "the thread")
        thread = threads.get()
        reply = thread.reply("Yes, until tne tonight.", agent)
        answer = seen(lambda: fan.answers(question), 30)[0]
        assert words(answer) == "Yes, until tne tonight."
        thanks = fan.post(f"@{brand.handle} lovely, thank you!", reply_to=answer["uri"])
        until(lambda: len(texts(thread)) == 3, 30, "the answer back")
        assert texts(thread) == [
            f"@{brand.handle} is the bridge open?",
            "Yes, until tne tonight.",
            f"@{brand.handle} lovely, thank you!",
        ]
        assert threads.count() == 1
        reply.refresh_from_db()
        reply.edit("Yes, until ten tonight.", agent)
        until(lambda: texts(thread)[1] == "Yes, until ten tonight.", 30, "the change here")
        seen(lambda: words(fan.seen(answer["uri"])) == "Yes, until ten tonight.", 30)
        fan.act("Delete", thanks)
        until(lambda: texts(thread)[-1] == "", 60, "the deletion")
        removal = reply.take_back(agent)
        until(lambda: _refused(removal), 30, "what snac2 cannot do")
    assert texts(thread)[1] == "Yes, until ten tonight."
    assert said_by(brand) == ["Yes, until ten tonight."]


def _refused(delivery: Delivery) -> bool:
    delivery.refresh_from_db()
    return (delivery.state, delivery.code) == ("refused", "server_cannot")


def test_killed_at_any_step_an_answer_is_there_once(
    snac: SnacPair, channel: Channel, brand: SnacNeighbour, fan: SnacNeighbour
) -> None:
    asked = [fan.post(f"@{brand.handle} question {n}") for n, _ in enumerate(STEPS)]
    heard = Activity.objects.of(channel.brand_id).filter(remote_id__in=asked)

    def all_heard() -> bool:
        fetch(channel)
        return heard.count() == len(STEPS)

    # A server that was too busy to take one is asked again by snac2 after a minute, then after two.
    until(all_heard, 240, "the questions")
    for number, (step, target) in enumerate(zip(STEPS, heard.order_by("published", "pk"), strict=True)):
        send(channel, f"answer {number}", target=target)
        worker = start("tests.delivery.dying_worker", step, allowed=snac.addresses)
        assert worker.wait(60) == -signal.SIGKILL
    assert "sent" not in states(channel)
    with running("comptoir.command.main", "worker", allowed=snac.addresses, WORKER_DEAD_AFTER="6"):
        until(lambda: states(channel) == ["sent"] * len(STEPS), 60, f"all sent, not {states(channel)}")
    assert said_by(brand) == [f"answer {number}" for number, _ in enumerate(STEPS)]
