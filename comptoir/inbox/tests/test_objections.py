"""Who objected is skipped; what was taken back, or erased, stays away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from comptoir.inbox import gathering
from comptoir.inbox.models import Thread
from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.inbox.tests.marking import MARK, marked_house, person, places_of, thread_of
from comptoir.networks import objections, persons
from comptoir.networks.connector import Actor as Somebody
from comptoir.networks.connector import Gone, Unusable
from comptoir.networks.models import (
    Delivery,
    Objection,
    SetAside,
)
from comptoir.organisation.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path):
        yield


@pytest.fixture
def marked() -> House:
    return marked_house()


def test_who_objected_is_skipped_and_counted(marked: House, django_assert_num_queries: Any) -> None:
    me = person()
    objections.object_to(me.network, account=me.remote_id, brand=marked.brand)
    mine = [said(f"n{n}", "no", actor=Somebody(me.remote_id, "@new-handle")) for n in range(3)]
    assert len(marked.channel.receive([*mine, said("yes", by=7)])) == 1
    row = Objection.objects.of(marked.brand).get()
    assert row.skipped == 3
    assert MARK not in f"{row.of_account}{row.of_handle}"


def test_an_objection_to_one_brand_is_none_to_another(marked: House) -> None:
    theirs = house("theirs")
    me = person()
    objections.object_to(me.network, account=me.remote_id, brand=marked.brand)
    message = said("both", "hello", actor=Somebody(me.remote_id, me.handle))
    assert marked.channel.receive([message]) == []
    assert len(theirs.channel.receive([message])) == 1
    objections.object_to(me.network, account=me.remote_id)
    assert theirs.channel.receive([said("both-2", actor=Somebody(me.remote_id, me.handle))]) == []


def test_a_handle_that_changes_hands_silences_nobody_else(marked: House) -> None:
    objections.object_to("rehearsal", handle="@Early.example", brand=marked.brand)
    assert marked.channel.receive([said("e1", actor=Somebody("first", "@early.example"))]) == []
    assert len(marked.channel.receive([said("e2", actor=Somebody("second", "@early.example"))])) == 1
    assert marked.channel.receive([said("e3", actor=Somebody("first", "@renamed.example"))]) == []


def test_who_changed_their_mind_comes_in_again(marked: House) -> None:
    me = person()
    row = objections.object_to(me.network, account=me.remote_id, brand=marked.brand)
    objections.take_back(row)
    assert len(marked.channel.receive([said("again", actor=Somebody(me.remote_id, me.handle))])) == 1
    kinds = AuditEntry.objects.of(marked.brand).filter(what__contains="object").values_list("what", flat=True)
    assert sorted(kinds) == ["objection_withdrawn", "person_objected"]


def test_receiving_asks_once_a_batch_who_objected(marked: House, django_assert_max_num_queries: Any) -> None:
    objections.object_to("rehearsal", handle="@somebody")
    marked.channel.receive([said("warm")])
    with django_assert_max_num_queries(16) as few:
        marked.channel.receive([said("one")])
    with django_assert_max_num_queries(len(few)):
        marked.channel.receive([said(f"many{n}", by=n) for n in range(200)])


# What the network takes back


def test_what_is_taken_back_on_the_network_is_nowhere_here(marked: House) -> None:
    text = "Only this message says quxwords"
    hear(marked.channel, [said("gone-1", text, by=9, minutes_ago=-1)])
    thread = Thread.objects.of(marked.brand).order_by("-last_at")[0]
    assert "inbox_thread.last_text" in places_of("quxwords")
    ids = marked.channel.receive([Gone("gone-1")])
    from comptoir.inbox import jobs

    jobs.gather.func(channel_id=marked.channel.pk, new=[], changed=ids)
    assert places_of("quxwords") == set()
    assert thread.pk


def test_nor_is_our_own_answer_once_it_was_taken_back_there(marked: House) -> None:
    from comptoir.inbox import jobs
    from comptoir.networks.connector import Sent
    from comptoir.networks.sending import settle

    reply = thread_of(marked).reply("We say quxwords", marked.people["agent"])
    reply.delivery.move("waiting", "sending")
    settle(reply.delivery, Sent("ours-2"))
    Delivery.objects.create(
        channel=marked.channel, act="edit", text="quxwords too", target_id=reply.delivery.result_id
    )
    marked.channel.receive([Unusable("odd", "unreadable", "raw quxwords")])
    ids = marked.channel.receive([Gone("ours-2"), Gone("odd")])
    jobs.gather.func(channel_id=marked.channel.pk, new=[], changed=ids)
    assert places_of("quxwords") == set()


def test_times_without_a_zone_do_not_break_the_look_at_erasures(marked: House) -> None:
    persons.erase(person())
    naive = said("naive", "x", actor=Somebody(f"id-{MARK}", "@m"))
    object.__setattr__(naive, "published", datetime.now(UTC).replace(tzinfo=None) - timedelta(days=1))
    assert marked.channel.receive([naive]) == []
    assert SetAside.objects.of(marked.brand).count() == 0
    assert gathering.refresh is not None
