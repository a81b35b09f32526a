"""The team's room on a real Matrix server: notices go there once, answers below them come back as notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from comptoir.connectors.discuss import Discuss
from comptoir.inbox import jobs as inbox_jobs
from comptoir.inbox.models import Note, Thread
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.kernel.http import Outside
from comptoir.networks import discussing, fetching, sending
from comptoir.networks.connecting import connect
from comptoir.networks.connector import Actor, Gone, Reconnect, Refused, Remark
from comptoir.networks.models import Activity, Channel, Delivery
from comptoir.organisation.models import Notice
from tests.contract.harness import Grant
from tests.servers.synapse import MatrixUser, Synapse


@pytest.fixture
def anna(matrix: Synapse) -> MatrixUser:
    return matrix.new_user("anna")


@pytest.fixture
def bot(matrix: Synapse) -> MatrixUser:
    return matrix.new_user("comptoir")


@pytest.fixture
def http(matrix: Synapse) -> Iterator[Outside]:
    with Outside(frozenset({matrix.address})) as outside:
        yield outside


class Room:
    """The connector, connected to a room of Anna's."""

    def __init__(self, http: Outside, anna: MatrixUser, bot: MatrixUser) -> None:
        self.http, self.anna = http, anna
        self.id = anna.room(bot.name)
        self.answers = {"server": anna.server.url, "user": bot.name, "password": "pw", "room": self.id}
        given = Discuss(http=http, grant=Grant({}), settings={}).connect(self.answers)
        self.connector = Discuss(
            http=http, grant=Grant(dict(given.grant)), settings=given.settings, me=given.me
        )
        self.cursor = self.connector.fetch(None, []).cursor

    def fetch(self) -> list[Any]:
        found: list[Any] = []
        more = True
        while more:
            page = self.connector.fetch(self.cursor, [])
            found, self.cursor, more = [*found, *page.items], page.cursor, page.more
        return found


@pytest.fixture
def room(http: Outside, anna: MatrixUser, bot: MatrixUser) -> Room:
    return Room(http, anna, bot)


def test_a_notice_is_told_once_and_an_answer_below_it_is_heard(room: Room) -> None:
    told = room.connector.tell("Somebody wrote again.", "notice-1-1")
    assert room.connector.tell("Somebody wrote again.", "notice-1-1").remote_id == told.remote_id
    assert [e["content"]["body"] for e in room.anna.heard(room.id)] == ["Somebody wrote again."]
    room.anna.say(room.id, "lunch?")
    answer = room.anna.say(
        room.id, "I take it", told.remote_id, fallback="> <@comptoir> Somebody wrote again.\n\n"
    )
    [remark] = room.fetch()
    assert isinstance(remark, Remark)
    assert (remark.remote_id, remark.below, remark.text) == (answer, told.remote_id, "I take it")
    assert remark.author == room.anna.name
    assert room.fetch() == []
    room.anna.take_back(room.id, answer)
    assert room.fetch() == [Gone(answer)]


def test_more_than_a_page_comes_whole_and_in_order(room: Room) -> None:
    told = room.connector.tell("Many answers, please.", "notice-2-1")
    for n in range(130):
        room.anna.say(room.id, f"answer {n}", told.remote_id)
    assert [r.text for r in room.fetch()] == [f"answer {n}" for n in range(130)]


def test_the_stream_tells_when_somebody_speaks(room: Room) -> None:
    stream = room.connector.listen()
    assert next(stream) is True
    room.anna.say(room.id, "anybody?")
    assert next(stream) is True
    stream.close()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"password": "no"}, "wrong_password"),
        ({"room": "!nowhere:localhost"}, "unknown_room"),
        ({"server": "http://matrix.example"}, "insecure_server"),
    ],
)
def test_what_is_wrong_is_said(room: Room, wrong: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        Discuss(http=room.http, grant=Grant({}), settings={}).connect({**room.answers, **wrong})
    assert refused.value.code == code


def test_an_encrypted_room_is_refused(http: Outside, anna: MatrixUser, bot: MatrixUser) -> None:
    secret = anna.room(bot.name, encrypted=True)
    answers = {"server": anna.server.url, "user": bot.name, "password": "pw", "room": secret}
    with pytest.raises(Refused) as refused:
        Discuss(http=http, grant=Grant({}), settings={}).connect(answers)
    assert refused.value.code == "encrypted_room"


def test_a_token_taken_back_asks_to_connect_again(room: Room) -> None:
    token = {"token": room.connector.grant["token"]}
    MatrixUser(room.anna.server, "", token["token"]).call("POST", "logout", {})
    with pytest.raises(Reconnect):
        room.connector.tell("Hello?", "notice-3-1")
    with pytest.raises(Reconnect):
        room.fetch()


# In the house


@pytest.fixture
def built(settings: Any, matrix: Synapse) -> House:
    settings.INSIDE_ALLOWED = frozenset({matrix.address})
    from comptoir.networks.outside import http

    http.cache_clear()
    built = house()
    hear(built.channel, [said("m1")])
    return built


def work(channel: Channel) -> None:
    """What the worker does: tell what is new, send it, hear the room."""
    discussing.announce(list(Notice.objects.everywhere().values_list("pk", flat=True)))
    discussing.announce(list(Notice.objects.everywhere().values_list("pk", flat=True)))
    for delivery in Delivery.objects.everywhere().filter(state="waiting").select_related("channel"):
        sending.attempt(delivery)
    fetching.fetch(channel)


@pytest.mark.django_db
def test_a_thread_given_to_somebody_is_talked_over_in_the_room(
    built: House, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(discussing, "tell", lambda event, **_: told.append(event))
    channel = connect(built.brand, "discuss", room.answers)
    fetching.fetch(channel)
    thread: Thread = built.thread()
    thread.assign(built.people["agent"], built.people["owner"])
    work(channel)
    [message] = room.anna.heard(room.id)
    assert "For Agent: Owner gave you a conversation on @verdier." in message["content"]["body"]
    assert f"/b/verdier/threads/{thread.pk}/" in message["content"]["body"]
    answer = room.anna.say(room.id, "She is a good customer.", message["event_id"])
    room.anna.say(room.id, "lunch?")
    work(channel)
    room.anna.take_back(room.id, answer)
    work(channel)
    for event in told * 2:
        inbox_jobs.take_remarks.func(channel_id=event.channel_id, remarks=event.remarks, gone=event.gone)
    note = Note.objects.get()
    assert (note.thread, note.text, note.said_as) == (thread, "She is a good customer.", room.anna.name)
    assert note.withdrawn_at is not None
    assert not Activity.objects.everywhere().filter(network="discuss").exists()
    assert Thread.objects.of(built.brand).count() == 1


@pytest.mark.django_db
def test_another_brand_s_notices_stay_out(built: House, room: Room) -> None:
    channel = connect(built.brand, "discuss", room.answers)
    fetching.fetch(channel)
    other = built.stranger.brands.get()  # type: ignore[attr-defined]
    Notice.post(other.pk, "channel_reconnect", "channel:1", channel="@other")
    work(channel)
    assert room.anna.heard(room.id) == []
    assert Actor(room.id, "x").remote_id == channel.remote_id
