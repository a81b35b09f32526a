"""The narrowed views: of every table that hangs on a channel; missing, they show nothing; gone after each request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from comptoir.inbox.models import Entry, Note, Reply, Thread
from comptoir.inbox.tests.building import TOWN, House, browser, hear, house, said
from comptoir.kernel.asking import ask
from comptoir.kernel.sight import SCHEMA, WHOLE, Blind, Sight, narrow, returned, seeing, sight, widen
from comptoir.networks.models import Activity, Actor, Channel, Delivery
from comptoir.organisation.access import sight_of, user_with_memberships
from comptoir.organisation.models import Brand, Membership, Notice
from comptoir.organisation.models.terms import Terms
from comptoir.web import narrowing

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    return house()


@pytest.fixture(autouse=True)
def whole() -> Iterator[None]:
    yield
    widen()


@pytest.fixture
def second(verdier: House) -> Channel:
    """Another channel of the brand, with a thread of its own."""
    first = verdier.channel
    made = Channel.objects.create(
        brand=verdier.brand, network=TOWN, remote_id="second", handle="@second", name="Second",
        settings=first.settings, next_fetch=first.next_fetch, next_recheck=first.next_recheck, history_done=True,
    )  # fmt: skip
    hear(first, [said("a1", "first words")])
    hear(made, [said("b1", "second words", by=7)])
    return made


def given(verdier: House, *channels: Channel, role: str = "agent") -> Membership:
    """A member who is given these channels only."""
    member = Membership.objects.get(brand=verdier.brand, user=verdier.people[role])
    member.agree(Terms(channels=tuple(each.pk for each in channels)), verdier.people["owner"])
    return member


def test_every_model_of_a_brand_is_narrowed_or_named() -> None:
    """A new model with a brand and no way to a channel fails here: say in `web.narrowing` how it is narrowed, or why
    everybody sees it."""
    narrowed = narrowing.conditions()
    of_brands = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Brand
        if model._meta.db_table not in narrowed
    }
    assert of_brands == set(narrowing.OF_THE_BRAND)
    for model in (Channel, Activity, Actor, Delivery, Thread, Entry, Reply, Note, Notice):
        assert model._meta.db_table in narrowed


def test_models_and_statements_by_hand_see_the_same(verdier: House, second: Channel) -> None:
    given(verdier, second)
    eyes = sight_of(verdier.people["agent"])
    assert eyes == Sight(verdier.people["agent"].pk, (verdier.brand.pk,), (second.pk,))
    with seeing(eyes):
        assert [each.channel_id for each in Thread.objects.of(verdier.brand)] == [second.pk]
        assert ask("SELECT count(*) FROM inbox_thread", {}) == [(1,)]
        assert ask("SELECT text FROM networks_activity", {}) == [("second words",)]
        assert ask("SELECT remote_id FROM networks_actor", {}) == [("person-7",)]
        assert Entry.objects.count() == 1
    assert ask("SELECT count(*) FROM inbox_thread", {}) == [(2,)]
    assert Entry.objects.count() == 2


def test_all_narrowed_tables_can_be_read_and_none_is_empty_for_others(
    verdier: House, second: Channel
) -> None:
    stranger = Sight(verdier.people["agent"].pk, (), ())
    for table in narrowing.conditions():
        whole = ask(f"SELECT count(*) FROM {table}", {})
        with seeing(stranger):
            # Whoever is given less of no brand misses nothing; only bodies without any audience are nobody's.
            assert ask(f"SELECT count(*) FROM {table}", {}) == whole, table


def test_nobody_given_any_channel_sees_none(verdier: House, second: Channel) -> None:
    given(verdier)
    with seeing(sight_of(verdier.people["agent"])):
        assert not Thread.objects.of(verdier.brand).exists()
        assert not Channel.objects.of(verdier.brand).exists()


def test_missing_views_show_nothing(verdier: House, second: Channel) -> None:
    given(verdier, second)
    eyes = sight_of(verdier.people["agent"])
    assert eyes
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP VIEW {SCHEMA}.measurement_heard CASCADE")
        cursor.execute("SELECT to_regclass(%s)", [WHOLE])
        assert cursor.fetchone() == (None,), "whatever is missing, the whole is"
        with pytest.raises(Blind):
            narrow(eyes)
        widen()
        client = browser(verdier.people["agent"])
        client.raise_request_exception = False
        assert client.get(verdier.url()).status_code == 500
        transaction.set_rollback(True)


def test_while_tables_change_the_views_show_nothing(verdier: House, second: Channel) -> None:
    with transaction.atomic():
        narrowing.shut()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('{SCHEMA}')")
            assert cursor.fetchone() == (len(narrowing.conditions()),)
            cursor.execute(f"SELECT * FROM {SCHEMA}.inbox_thread")
            assert not cursor.description
        narrowing.build()
        given(verdier, second)
        with seeing(sight_of(verdier.people["agent"])):
            assert Thread.objects.of(verdier.brand).count() == 1


def test_they_are_made_once(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        narrowing.build()
    call_command("migrate", verbosity=0)


def test_a_connection_that_sees_less_meets_nobody_else(verdier: House, second: Channel) -> None:
    class Line:
        closed = False

        def close(self) -> None:
            self.closed = True

    plain, narrowed = Line(), Line()
    narrowed._comptoir_narrowed = True  # type: ignore[attr-defined]
    returned(plain)
    returned(narrowed)
    assert (plain.closed, narrowed.closed) == (False, True)


def test_after_each_request_all_is_seen_again(verdier: House, second: Channel) -> None:
    given(verdier, second)
    path = ask("SHOW search_path", {})
    client = browser(verdier.people["agent"])
    page = client.get(verdier.url())
    assert b"second words" in page.content
    assert b"first words" not in page.content
    assert sight() is None
    assert ask("SHOW search_path", {}) == path
    sheet: Any = client.get("/b/verdier/figures/channel.csv")
    told = b"".join(sheet.streaming_content) if sheet.streaming else sheet.content
    assert b"@verdier" not in told
    assert sight() is None
    assert ask("SHOW search_path", {}) == path


def test_who_sees_all_pays_nothing(verdier: House, second: Channel, django_assert_num_queries: Any) -> None:
    client = browser(verdier.people["agent"])
    client.get(verdier.url())
    found = user_with_memberships(verdier.people["agent"].pk)
    with django_assert_num_queries(0):
        assert sight_of(found) is None
    given(verdier, second, role="reader")
    reader = browser(verdier.people["reader"])
    reader.get(verdier.url())
    with CaptureQueriesContext(connection) as before:
        client.get(verdier.url())
    with CaptureQueriesContext(connection) as after:
        reader.get(verdier.url())
    assert not any("search_path" in each["sql"] for each in before.captured_queries)
    assert len(after.captured_queries) <= len(before.captured_queries)
