"""A channel that only listens: everything arrives, and nothing leaves by any way until somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest

from comptoir.inbox import jobs as inner
from comptoir.inbox.models import Release
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.inbox.tests.ruling import comes, rule
from comptoir.inbox.tests.test_release import ask as many_ask
from comptoir.inbox.tests.test_release import cluster
from comptoir.networks import jobs as ways
from comptoir.networks.connector import (
    Blocks,
    Connector,
    Deletes,
    Edits,
    Fetches,
    Ground,
    Json,
    Keyed,
    Kind,
    Length,
    Moderates,
    Page,
    Publishes,
    Replies,
    Reports,
    Said,
    Sent,
    Verdict,
)
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.only_listening import only_listen
from comptoir.networks.sending import attempt, send
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
WORDS = "This channel only listens: nothing leaves there."


class Loud(Fetches, Replies, Publishes, Deletes, Edits, Moderates, Blocks, Reports, Keyed, Connector):
    """Can do everything, and writes down what left."""

    network = "standin"
    label = "Stand-in"
    verdicts = (Verdict.APPROVE, Verdict.HOLD, Verdict.SPAM, Verdict.REMOVE)
    block_means = "They cannot reach you."
    left: ClassVar[list[str]] = []

    def fetch(self, cursor: Json, said: Sequence[Said]) -> Page:
        return Page([], cursor)

    def history(self, since: Any, cursor: Json) -> Page:
        return Page([], None)

    def length(self, text: str) -> Length:
        return Length(len(text), 300, len(text) - 300)

    def reply(self, to: Any, text: str, media: Any, key: str, at: Any) -> Sent:
        self.left.append("reply")
        return Sent(f"said-{key}")

    def publish(self, text: str, media: Any, key: str, at: Any) -> Sent:
        self.left.append("publish")
        return Sent(f"said-{key}")

    def delete(self, remote_id: str) -> None:
        self.left.append("delete")

    def edit(self, remote_id: str, text: str) -> None:
        self.left.append("edit")

    def moderate(self, remote_id: str, verdict: Verdict) -> None:
        self.left.append("moderate")

    def block(self, who: Any, key: str, at: Any) -> None:
        self.left.append("block")

    def unblock(self, who: Any) -> None:
        self.left.append("unblock")

    def grounds(self) -> Sequence[Ground]:
        return [Ground("spam", "Spam")]

    def report(self, who: Any, message: Any, ground: str, words: str) -> str:
        self.left.append("report")
        return "r1"


@pytest.fixture
def place(db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    made = house()
    made.channel.network = "standin"
    made.channel.save()
    every_network_is(monkeypatch, Loud)
    Loud.left.clear()
    hear(made.channel, [said("m1", kind=Kind.COMMENT)])
    return made


def everything_leaves() -> list[str]:
    """Whatever waits is tried, twice; what left."""
    Delivery.objects.everywhere().filter(state="waiting").update(not_before="2020-01-01T00:00Z")
    for pk in list(Delivery.objects.everywhere().values_list("pk", flat=True)) * 2:
        ways.deliver.func(delivery_id=pk)
    return Loud.left


def test_it_is_said_on_its_page_and_written_down() -> None:
    place = house()
    manager = browser(place.people["manager"])
    here = f"/b/{place.brand.slug}/channels/{place.channel.pk}/"
    assert "Only listen" in manager.get(here).content.decode()
    program = Program(place.people["manager"])
    there = f"brands/{place.brand.slug}/channels/{place.channel.pk}"
    assert "reply" in program.get(there)["can"]
    form = {"called": "", "country": "", "signing": "none", "listen_only": "on"}
    assert manager.post(f"{here}settings/", form).status_code == 302
    found = program.get(there)
    assert (found["listen_only"], found["can"]) == (True, ["hear"])
    assert "Only listens" in manager.get(here).content.decode()
    assert "Only listens" in manager.get(f"/b/{place.brand.slug}/channels/").content.decode()
    assert program.ask("PUT", f"{there}/settings", {"called": "Us"}).json()["listen_only"], "it stays"
    again = program.ask("PUT", f"{there}/settings", {"listen_only": False}).json()
    assert (again["listen_only"], "reply" in again["can"]) == (False, True)
    codes = AuditEntry.objects.of(place.brand).filter(what__in=["channel_listens_only", "channel_speaks"])
    assert list(codes.order_by("pk").values_list("what", flat=True)) == [
        "channel_listens_only", "channel_speaks",
    ]  # fmt: skip
    agent = Program(place.people["agent"])
    assert problem(agent.ask("PUT", f"{there}/settings", {"listen_only": True})) == "role-too-low"


def test_everything_arrives_and_the_desk_says_that_nothing_leaves(place: House) -> None:
    only_listen(place.channel, True)
    hear(place.channel, [said("m2", "is anybody there", by=2)])
    agent = browser(place.people["agent"])
    page = agent.get(place.url(f"{place.thread().pk}/")).content.decode()
    assert "is anybody there" in page
    assert WORDS in page
    assert "Your reply" not in page
    only_listen(place.channel, False)
    page = agent.get(place.url(f"{place.thread().pk}/")).content.decode()
    assert WORDS not in page
    assert "Your reply" in page


def test_pages_refuse_and_nothing_leaves(place: House) -> None:
    thread, agent = place.thread(), browser(place.people["agent"])
    entry = thread.entries.get()
    only_listen(place.channel, True)
    here = place.url(f"{thread.pk}/")
    answered = agent.post(f"{here}replies/", {"text": "hello", "seen": "0", "key": "a" * 32}, **HTMX)
    assert (answered.status_code, WORDS in answered.content.decode()) == (400, True)
    decided = agent.post(f"{here}messages/{entry.pk}/moderations/", {"verdict": "spam"}, **HTMX)
    assert WORDS in decided.content.decode()
    assert agent.post(f"{here}block/", {"reason": "spam", "words": ""}).status_code == 400
    assert agent.post(f"{here}report/", {"ground": "spam", "words": ""}).status_code in (400, 404)
    assert not Delivery.objects.of(place.brand).exists()
    assert everything_leaves() == []


def test_programs_are_refused_and_told_why(place: House) -> None:
    thread, program = place.thread(), Program(place.people["agent"])
    reply = thread.reply("said before", place.people["agent"])
    everything_leaves()
    Loud.left.clear()
    only_listen(place.channel, True)
    here, entry = f"brands/{place.brand.slug}/threads/{thread.pk}", thread.entries.first()
    for method, path, given in (
        ("POST", "replies", {"text": "hello", "seen": reply.pk}),
        ("POST", f"replies/{reply.pk}/edition", {"text": "otherwise"}),
        ("POST", f"replies/{reply.pk}/deletion", None),
        ("POST", "moderations", {"message": entry.pk, "verdict": "spam"}),
        ("POST", "block", {"reason": "spam"}),
        ("DELETE", "block", None),
        ("POST", "reports", {"ground": "spam"}),
    ):
        answer = program.ask(method, f"{here}/{path}", given)
        assert answer.status_code in (409, 422), (path, answer.content)
        assert answer.json()["detail"] == WORDS, path
    assert everything_leaves() == []


def test_rules_and_releases_leave_it_alone(place: House) -> None:
    only_listen(place.channel, True)
    rule(place, actions={"hide": {"verdict": "hold", "reason": "spam"}})
    comes(place, said("m3", "a refund", by=3))
    many_ask(place)
    before = Delivery.objects.of(place.brand).count()
    only_listen(place.channel, False)
    made = Release.prepare(cluster(place), place.people["agent"], {"en": "Hello {{first_name}}, we look."})
    only_listen(place.channel, True)
    made.release(place.people["agent"])
    inner.release.func(release_id=made.pk)
    assert set(made.parts.filter(chosen=True).values_list("outcome", flat=True)) == {"channel"}
    assert before == Delivery.objects.of(place.brand).count() == 0
    assert everything_leaves() == []


def test_what_waited_is_refused_and_does_not_leave_later(place: House) -> None:
    thread = place.thread()
    reply = thread.reply("hello", place.people["agent"])
    assert only_listen(place.channel, True)
    assert not only_listen(place.channel, True), "it is so already"
    reply.delivery.refresh_from_db()
    assert (reply.delivery.state, reply.delivery.code) == ("refused", "listen_only")
    only_listen(place.channel, False)
    assert everything_leaves() == []
    thread.reply("once more", place.people["agent"])
    assert everything_leaves() == ["reply"]


@pytest.mark.parametrize("state", ["waiting", "sending"])
def test_what_slipped_through_is_stopped_at_the_way_out(place: House, state: str) -> None:
    """A job that had read the channel before, and a worker that died in the middle of saying it."""
    delivery = send(place.channel, "a post", by=place.people["manager"])
    Channel.objects.of(place.brand).update(listen_only=True)
    Delivery.objects.of(place.brand).update(state=state)
    rows = Delivery.objects.of(place.brand).select_related("channel")
    attempt(rows.get())
    assert Loud.left == []
    assert rows.get().state == ("refused" if state == "waiting" else "uncertain")
    read_before = rows.get()
    read_before.channel.listen_only, read_before.state = False, "waiting"
    assert not read_before.claim()
    with pytest.raises(ValueError, match="listens"):
        send(delivery.channel, "another")
    assert Loud.left == []
