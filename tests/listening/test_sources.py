"""Listening at public places: what is heard is kept once with the cursor, whatever dies; silence is said."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings

from comptoir.inbox.tests.building import House, house
from comptoir.kernel import clock
from comptoir.kernel.tests.waiting import until
from comptoir.listening import jobs, lines, minding
from comptoir.listening.lines import Lines, Lost, keep
from comptoir.listening.models import Mention, Query, Sample, Source
from comptoir.listening.models.source import AlreadyHeard
from comptoir.networks.connector import Account, Activity, Actor, Gone, Kind, Overheard, Standing
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Actor as Person
from comptoir.networks.outside import http
from comptoir.organisation.models import AuditEntry, Notice
from tests.beside import start
from tests.servers.jetstream import JetstreamStandIn, jetstream_stand_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    return made


@pytest.fixture
def stream() -> Iterator[JetstreamStandIn]:
    """The stand-in, which this process and those beside it may speak to."""
    with jetstream_stand_in() as server, override_settings(INSIDE_ALLOWED=frozenset([server.address])):
        http.cache_clear()
        yield server
    http.cache_clear()


@pytest.fixture
def source(verdier: House, stream: JetstreamStandIn) -> Source:
    place = Source.find("bluesky", {"stream": "jetstream", "service": stream.url})
    return Source.listen(verdier.brand, verdier.people["manager"], "bluesky", place)


def said(n: int, text: str = "a teapot", who: str = "did:plc:ann") -> Activity:
    """Something said in public."""
    uri = f"at://{who}/app.bsky.feed.post/{n}"
    return Activity(uri, Kind.POST, Actor(who, who), clock.now(), text, addressed=False)


def mentioned() -> list[str]:
    return sorted(Mention.objects.everywhere().values_list("activity__remote_id", flat=True))


def test_a_batch_and_its_cursor_are_kept_together_or_not_at_all(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = uuid4()
    assert source.leased(me, lines.LEASE)
    keep(source, Overheard([said(1), said(2, "coffee")], {"place": 1}, at=clock.now()), me)
    assert mentioned() == [said(1).remote_id]
    assert Sample.objects.count() == 2

    def breaks(*_: Any) -> None:
        raise RuntimeError("no disk")

    with monkeypatch.context() as broken:
        broken.setattr(lines, "hear", breaks)
        with pytest.raises(RuntimeError):
            keep(source, Overheard([said(3)], {"place": 2}), me)
    source.refresh_from_db()
    assert source.cursor == {"place": 1}
    # The same batch again, and one that nobody may keep any more.
    keep(source, Overheard([said(1), said(3)], {"place": 2}), me)
    assert len(mentioned()) == 2
    with pytest.raises(Lost):
        keep(source, Overheard([said(4)], {"place": 9}), uuid4())
    assert len(mentioned()) == 2


def test_killed_in_the_middle_and_cut_off_nothing_is_lost_or_doubled(
    source: Source, stream: JetstreamStandIn
) -> None:
    """Real workers, killed (-9) while somebody goes on talking, and a line that is cut."""
    wanted: list[str] = []
    going, done = threading.Event(), threading.Event()

    def talk() -> None:
        going.wait(60)
        for n in range(1_500):
            wanted.append(stream.post(f"teapot {n}", rkey=f"k{n}"))
            time.sleep(0.004)
        done.set()

    threading.Thread(target=talk, daemon=True).start()
    for cuts in (False, True):
        with a_worker(stream) as worker:
            going.set()
            enough = len(mentioned()) + 50
            until(lambda: len(mentioned()) > enough, 60, "something was kept")  # noqa: B023
            if cuts:
                stream.hang_up()
            worker.send_signal(signal.SIGKILL)
        # What was leased to the dead is free when its time is over.
        Source.objects.everywhere().update(listening_until=clock.now())
    with a_worker(stream):
        assert done.wait(60)
        until(lambda: len(mentioned()) >= len(wanted), 60, "all of it was kept")
    assert mentioned() == sorted(wanted)
    source.refresh_from_db()
    assert source.missed_at is None
    assert source.behind is None


@contextmanager
def a_worker(stream: JetstreamStandIn) -> Iterator[subprocess.Popen[bytes]]:
    """A worker, once its line is open."""
    lines_before = len(stream.asked)
    worker = start("comptoir.command.main", "worker", allowed=[stream.address])
    try:
        until(lambda: len(stream.asked) > lines_before, 60, "a line is open")
        yield worker
    finally:
        worker.kill()
        worker.wait(10)


def test_a_line_in_this_process_hears_deletions_and_closed_accounts(
    source: Source, stream: JetstreamStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.connectors.bluesky.overhearing.SELDOM", 0.5)
    all_lines = Lines(look=0.05)
    all_lines.start()
    try:
        until(lambda: len(stream.asked) > 1, 20, "a line is open")
        first, second = stream.post("teapot one"), stream.post("teapot two", did="did:plc:bob")
        until(lambda: mentioned() == sorted([first, second]), 20, "both are kept")
        stream.take_back(first)
        until(lambda: mentioned() == [second], 20, "one was taken back")
        stream.tell(
            {"did": "did:plc:bob", "kind": "account", "account": {"active": False, "status": "deleted"}}
        )
        until(lambda: mentioned() == [], 20, "an account was closed")
    finally:
        all_lines.stop()
    assert not Row.objects.everywhere().exclude(text="").exists()
    source.refresh_from_db()
    assert (source.listener, source.failures) == (None, 0)


def test_of_a_hidden_account_only_what_reached_nobody_goes(source: Source, verdier: House) -> None:
    me = uuid4()
    source.leased(me, lines.LEASE)
    who = "did:plc:cas"
    keep(source, Overheard([said(1, who=who), said(2, who=who)], {}), me)
    channel = verdier.channel
    type(channel).objects.of(verdier.brand).filter(pk=channel.pk).update(network="bluesky")
    channel.refresh_from_db()
    channel.receive([replace(said(2, who=who), addressed=True, kind=Kind.MENTION)])
    keep(source, Overheard([Account(who, Standing.HIDDEN)], {}), me)
    assert mentioned() == [said(2).remote_id.replace("ann", "cas")]
    keep(source, Overheard([Account(who, None, "cas.test")], {}), me)
    assert Person.objects.get(remote_id=who).handle == "cas.test"
    # A stream knows her by her id alone: what is known stays.
    keep(source, Overheard([said(5, who=who)], {}), me)
    assert Person.objects.get(remote_id=who).handle == "cas.test"
    keep(source, Overheard([Account(who, Standing.CLOSED)], {}), me)
    assert mentioned() == []


def test_a_place_is_heard_once_for_all_who_listen_there(source: Source, stream: JetstreamStandIn) -> None:
    other = house("other")
    place = Source.find("bluesky", {"stream": "jetstream", "service": stream.url})
    with pytest.raises(AlreadyHeard):
        Source.listen(source.brand, source.brand.memberships.first().user, "bluesky", place)  # type: ignore[union-attr]
    me = uuid4()
    source.leased(me, lines.LEASE)
    keep(source, Overheard([said(1)], {"place": 4}), me)
    theirs = Source.listen(other.brand, other.people["manager"], "bluesky", place)
    assert theirs.cursor == {"place": 4}
    assert not theirs.leased(uuid4(), lines.LEASE)
    keep(source, Overheard([said(2)], {"place": 5}), me)
    theirs.refresh_from_db()
    assert theirs.cursor == {"place": 5}
    source.remove(source.brand.memberships.first().user)  # type: ignore[union-attr]
    assert theirs.leased(me, lines.LEASE)


def test_what_is_silent_late_or_out_of_reach_is_said_and_taken_down(source: Source) -> None:
    def up() -> set[str]:
        jobs.mind_sources(0)
        return set(Notice.objects.of(source.brand).filter(settled_at=None).values_list("code", flat=True))

    def now(**changes: Any) -> None:
        Source.objects.everywhere().update(**changes)

    ago = clock.now() - timedelta(minutes=20)
    assert up() == set()
    now(heard_at=ago, alive_at=clock.now())
    assert up() == {"source_silent"}
    now(heard_at=clock.now(), upto=ago)
    assert up() == {"source_behind"}
    source.refresh_from_db()
    assert source.behind is not None
    now(upto=clock.now(), failures=3, code="unreachable", alive_at=ago)
    assert up() == {"source_lost"}
    now(failures=0, alive_at=clock.now())
    assert up() == set()


def test_a_place_out_of_reach_is_tried_later_each_time(source: Source, stream: JetstreamStandIn) -> None:
    Source.objects.everywhere().update(settings={**source.settings, "service": "http://127.0.0.1:9"})
    source.refresh_from_db()
    waits = []
    for _ in range(3):
        moved = lines.follow(source, uuid4(), threading.Event())
        Source.objects.everywhere().update(**moved)
        waits.append((moved["next_try"] - clock.now()).total_seconds())
    assert waits[0] < waits[1] < waits[2] < 60
    source.refresh_from_db()
    assert (source.failures, bool(source.code)) == (3, True)


def test_people_are_asked_after_and_what_is_kept_is_asked_for_again(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network's answers here are made; the contract suite asks a real one."""
    me, connector = uuid4(), type(source.connector())
    source.leased(me, lines.LEASE)
    kept = keep(source, Overheard([said(1), said(2, who="did:plc:bob")], {}), me)
    ann = Actor("did:plc:ann", "ann.test", "Ann", followers=7)
    monkeypatch.setattr(connector, "introduce", lambda self, ids: [ann] if ann.remote_id in ids else [])
    assert minding.introduce(kept) == 1
    assert Person.objects.get(remote_id=ann.remote_id).name == "Ann"
    asked: list[str] = []

    def recheck(self: Any, ids: list[str]) -> list[Gone]:
        asked.extend(ids)
        return [Gone(each) for each in ids if "bob" in each]

    monkeypatch.setattr(connector, "recheck", recheck)
    assert jobs.rechecking.recheck() == 1
    assert sorted(asked) == sorted([said(1).remote_id, said(2, who="did:plc:bob").remote_id])
    assert mentioned() == [said(1).remote_id]


def test_listening_is_written_down_and_ends_with_the_brand(source: Source, verdier: House) -> None:
    assert source.switch(False, verdier.people["manager"])
    assert not source.switch(False, verdier.people["manager"])
    assert source.switch(True, verdier.people["manager"])
    jobs.brand_archived(verdier.brand.pk)
    source.refresh_from_db()
    assert not source.on
    codes = (
        AuditEntry.objects.of(verdier.brand).filter(what__startswith="source_").values_list("what", flat=True)
    )
    assert sorted(codes) == ["source_made", "source_off", "source_off", "source_on"]


def test_the_pages_show_how_it_is_and_managers_change_it(
    source: Source, verdier: House, stream: JetstreamStandIn, client: Client
) -> None:
    here = f"/b/{verdier.brand.slug}/listening/sources/"
    client.force_login(verdier.people["manager"])
    page = client.get(here).content.decode()
    assert source.name in page
    assert "Nothing said there yet" in page
    assert "Mastodon" in client.get(f"{here}new/").content.decode()
    assert client.get(f"{here}new/?at=nowhere").status_code == 404
    form = {"stream": "jetstream", "service": stream.url, "appview": ""}
    assert "listens there already" in client.post(f"{here}new/?at=bluesky", form).content.decode()
    wrong = client.post(f"{here}new/?at=bluesky", {**form, "stream": "firehose"})
    assert wrong.status_code == 422
    assert client.post(f"{here}{source.pk}/switch/", {"state": "off"}).status_code == 302
    assert "Stopped" in client.get(f"{here}{source.pk}/").content.decode()
    assert client.post(f"{here}{source.pk}/removal/").status_code == 302
    assert client.post(f"{here}new/?at=bluesky", form).status_code == 302
    made = Source.objects.of(verdier.brand).get()
    client.force_login(verdier.people["reader"])
    assert made.name in client.get(f"{here}{made.pk}/").content.decode()
    assert client.post(f"{here}{made.pk}/switch/", {"state": "off"}).status_code == 403
    assert client.get(f"{here}new/").status_code in (403, 404)
    client.force_login(house("stranger").people["manager"])
    assert client.get(f"{here}{made.pk}/").status_code == 404
