"""Old mentions in an object store: the same counts, and what is taken back leaves it. The store is SeaweedFS."""

from __future__ import annotations

import logging
from uuid import uuid4

import pytest

from comptoir.inbox.tests.building import TOWN, House
from comptoir.kernel.ports import free_port
from comptoir.kernel.stores import StoreFailed
from comptoir.listening import stored, storing
from comptoir.listening.counting import counted
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, StoredFile
from comptoir.networks.connector import Gone
from tests.listening.test_storing import _scopes, place, told, verdier
from tests.servers.seaweed import BUCKET, KEY, SECRET, Seaweed

pytestmark = pytest.mark.django_db
__all__ = ["place", "verdier"]


@pytest.fixture
def part(verdier: House, object_store: Seaweed, monkeypatch: pytest.MonkeyPatch) -> str:
    """The part of the bucket that is this test's."""
    name = uuid4().hex
    for setting, value in {
        "MENTIONS_STORED_IN": f"s3://{BUCKET}/{name}",
        "STORE_ENDPOINT": object_store.url,
        "STORE_KEY": KEY,
        "STORE_SECRET": SECRET,
        "STORE_REGION": "here",
    }.items():
        monkeypatch.setenv(setting, value)
    return name


def test_an_object_store_serves_as_a_folder_does(verdier: House, object_store: Seaweed, part: str) -> None:
    before = [told(counted(scope)) for scope in _scopes(verdier)]
    assert storing.store_old() > 150
    assert Mention.objects.of(verdier.brand).count() == 5
    assert [told(counted(scope)) for scope in _scopes(verdier)] == before
    noted = StoredFile.objects.of(verdier.brand)
    assert object_store.names(part) == set(noted.values_list("name", flat=True))
    hear(TOWN, [Gone("p3")])
    after = [told(counted(scope)) for scope in _scopes(verdier)]
    assert after != before
    had = object_store.names(part)
    assert storing.mend() == 1
    assert object_store.names(part) == set(noted.values_list("name", flat=True)) != had
    assert [told(counted(scope)) for scope in _scopes(verdier)] == after


def test_files_that_are_not_in_the_bucket_are_named(verdier: House, part: str) -> None:
    storing.store_old()
    scope = _scopes(verdier)[4]
    first, *others = StoredFile.objects.of(verdier.brand).order_by("pk")
    assert stored.place().missing([first.name, "brand=1/none.parquet"]) == {"brand=1/none.parquet"}
    whole = told(counted(scope))
    stored.place().drop(first.name)
    with pytest.raises(StoreFailed):
        counted(scope)
    with stored.what_is_there() as files:
        there = told(counted(scope))
    assert others
    assert 0 < there.total() < whole.total()
    gap = stored.gap(files)
    assert gap is not None
    assert (gap.files, gap.n) == (1, first.rows)


_OUT_OF_ORDER = {"another secret": ("STORE_SECRET", "not the one"), "nobody there": ("STORE_ENDPOINT", "")}


@pytest.mark.parametrize("how", _OUT_OF_ORDER)
def test_a_store_that_fails_loses_nothing_and_its_keys_are_said_to_nobody(
    verdier: House, part: str, how: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scope = _scopes(verdier)[4]
    before = told(counted(scope))
    setting, value = _OUT_OF_ORDER[how]
    value = value or f"http://127.0.0.1:{free_port()}"
    with monkeypatch.context() as broken:
        broken.setenv(setting, value)
        with pytest.raises(StoreFailed) as failed:
            storing.store_old()
    assert told(counted(scope)) == before
    storing.store_old()
    assert told(counted(scope)) == before
    monkeypatch.setenv(setting, value)
    with pytest.raises(StoreFailed) as unread:
        counted(scope)
    told_of = f"{failed.value} {unread.value} {caplog.text}"
    assert SECRET not in told_of
    assert "not the one" not in told_of
