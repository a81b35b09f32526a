"""The way in: what a connector hands over is stored once, kept up to date, and told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.postgres.search import SearchVector
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.networks import indexing, jobs
from comptoir.networks.connector import Activity, Actor, Gone, Kind, Media, Span, Unusable
from comptoir.networks.models import Activity as Row
from comptoir.networks.models import Audience, Channel, SetAside
from comptoir.organisation.models import Brand

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA = Actor("did:anna", "anna.test", "Anna")


def message(n: int = 1, **changes: Any) -> Activity:
    base = Activity(f"at://anna/{n}", Kind.MENTION, ANNA, NOON + timedelta(seconds=n), text=f"hello {n}")
    return replace(base, **changes)


def rows() -> list[Row]:
    return list(Row.objects.everywhere().order_by("remote_id"))


@pytest.fixture
def channel(db: None) -> Channel:
    brand = Brand.objects.create(name="Brand", slug="brand")
    return Channel.objects.create(
        brand=brand, network="rehearsal", remote_id="did:brand", handle="brand.test"
    )


def test_each_activity_is_stored_once_and_told_once(channel: Channel) -> None:
    first = channel.receive([message(1), message(2)])
    again = channel.receive([message(2), message(3)])
    assert [r.text for r in rows()] == ["hello 1", "hello 2", "hello 3"]
    assert len(first) == 2
    assert len(again) == 1
    assert ProcrastinateJob.objects.filter(task_name__endswith="inbox.jobs.gather").count() == 2


def test_a_batch_that_says_a_thing_twice_stores_its_last_word(channel: Channel) -> None:
    channel.receive([message(1, text="draft"), message(1, text="final")])
    assert [r.text for r in rows()] == ["final"]


def test_the_same_message_reaches_two_channels_as_one_row(channel: Channel) -> None:
    other = Channel.objects.create(
        brand=Brand.objects.create(name="Other", slug="other"), network="rehearsal", remote_id="x", handle="x"
    )
    assert channel.receive([message(1)]) == other.receive([message(1)])
    assert len(rows()) == 1
    assert Audience.objects.count() == 2
    assert Row.objects.of(other.brand_id).count() == 1


def test_an_edit_replaces_the_text_and_an_older_one_does_not(channel: Channel) -> None:
    channel.receive([message(1)])
    assert channel.receive([message(1, text="mended", edited=NOON + timedelta(hours=1))])
    assert not channel.receive([message(1, text="stale", edited=NOON + timedelta(minutes=1))])
    assert [r.text for r in rows()] == ["mended"]


def test_what_its_author_takes_back_is_blank_and_stays_so(channel: Channel) -> None:
    channel.receive(
        [message(1, media=(Media("https://example.org/a.png"),), spans=(Span(0, 5, "tag", "https://e.org"),))]
    )
    assert channel.receive([Gone("at://anna/1")])
    assert not channel.receive([message(1, text="again", edited=NOON + timedelta(days=1))])
    (row,) = rows()
    assert (row.text, row.media, row.spans) == ("", [], [])
    assert row.deleted


def test_a_deletion_that_overtakes_its_message_wins(channel: Channel) -> None:
    channel.receive([Gone("at://anna/1")])
    channel.receive([message(1)])
    (row,) = rows()
    assert row.text == ""
    assert row.deleted


def test_one_unusable_message_is_set_aside_and_the_rest_stored(channel: Channel) -> None:
    bad = [
        Unusable("at://anna/9", "unreadable record", "{"),
        message(3, published="yesterday"),
        message(4, remote_id=""),
        message(5, actor=Actor("", "nobody")),
        message(6, published=datetime(9999, 12, 31, tzinfo=UTC)),
    ]
    channel.receive([message(1), *bad, message(2)])
    assert [r.text for r in rows()] == ["hello 1", "hello 2"]
    reasons = sorted(s.reason for s in SetAside.objects.of(channel.brand_id))
    assert reasons == ["no_author", "no_id", "no_time", "no_time", "unreadable record"]


def test_hostile_text_is_stored_harmless(channel: Channel) -> None:
    hostile = [
        message(
            1, text="a\x00b\ud800c", actor=replace(ANNA, name="<script>\x00", avatar="javascript:alert(1)")
        ),
        message(2, text="x" * 1_000_000, url="file:///etc/passwd"),
        message(3, facts={"k\x00": ["v\x00", {"n": float("inf")}]}, media=(Media("ftp://x\x00/"),)),
        message(4, text="\u202eevil\u202c\\N\t\\.\n"),
    ]
    channel.receive(hostile)
    stored = rows()
    assert len(stored) == 4
    assert stored[0].text == "abc"
    assert stored[0].actor is not None
    assert stored[0].actor.avatar == ""
    assert len(stored[1].text) == 20_000
    assert stored[1].url == ""
    assert stored[3].text == "\u202eevil\u202c\\N\t\\.\n"


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(),
    name=st.text(),
    remote_id=st.text(max_size=50),
    facts=st.dictionaries(st.text(), st.text() | st.floats() | st.none(), max_size=3),
    followers=st.none() | st.integers(),
)
def test_nothing_that_a_network_says_breaks_a_batch(
    channel: Channel, text: str, name: str, remote_id: str, facts: dict[str, Any], followers: int | None
) -> None:
    odd = message(
        2, text=text, remote_id=remote_id, facts=facts, actor=replace(ANNA, name=name, followers=followers)
    )
    channel.receive([message(1), odd])
    assert Row.objects.of(channel.brand_id).filter(remote_id="at://anna/1").exists()


def test_pictures_that_a_first_version_lacked_are_added(channel: Channel) -> None:
    """What we sent is stored at once as plain words; the network's own version brings its pictures and links."""
    channel.receive([message(1)])
    assert channel.receive([message(1, media=(Media("https://example.org/a.png"),))])
    assert not channel.receive([message(1)])
    assert rows()[0].media


def test_what_was_stored_by_an_older_rule_is_found_by_that_of_today(channel: Channel) -> None:
    channel.receive([message(n, text=f"The end.Begin{n} at orange.fr") for n in range(1, 4)])
    channel.receive([message(4, deleted=True)])
    right = [row.search for row in rows()]
    Row.objects.everywhere().filter(deleted=None).update(search=SearchVector("text", config="simple"))
    assert [row.search for row in rows()] != right
    for _twice in range(2):
        last = indexing.index_anew(0)
        assert last == rows()[2].pk
        assert indexing.index_anew(last) == 0
        assert [row.search for row in rows()] == right
    jobs.index_anew.func(after=0)
    assert ProcrastinateJob.objects.get(task_name__endswith="index_anew").args == {"after": last}
