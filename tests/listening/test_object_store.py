"""Old mentions in an object store: the same counts, and what is taken back leaves it. The store is a stand-in."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from comptoir.inbox.tests.building import TOWN, House
from comptoir.kernel.stores import StoreFailed
from comptoir.listening import storing
from comptoir.listening.counting import counted
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, StoredFile
from comptoir.networks.connector import Gone
from tests.listening.object_store import BUCKET, KEY, SECRET, ObjectStore, object_store
from tests.listening.test_storing import _scopes, place, told, verdier

pytestmark = pytest.mark.django_db
__all__ = ["place", "verdier"]


@pytest.fixture
def bucket(verdier: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    with object_store() as made:
        for name, value in {
            "MENTIONS_STORED_IN": f"s3://{BUCKET}/comptoir",
            "STORE_ENDPOINT": made.address,
            "STORE_KEY": KEY,
            "STORE_SECRET": SECRET,
            "STORE_REGION": "here",
        }.items():
            monkeypatch.setenv(name, value)
        yield made


def _names(bucket: ObjectStore) -> set[str]:
    return {name.removeprefix("comptoir/") for name in bucket.objects if name.endswith(".parquet")}


def test_an_object_store_serves_as_a_folder_does(verdier: House, bucket: ObjectStore) -> None:
    before = [told(counted(scope)) for scope in _scopes(verdier)]
    assert storing.store_old() > 150
    assert Mention.objects.of(verdier.brand).count() == 5
    assert [told(counted(scope)) for scope in _scopes(verdier)] == before
    noted = StoredFile.objects.of(verdier.brand)
    assert _names(bucket) == set(noted.values_list("name", flat=True))
    hear(TOWN, [Gone("p3")])
    after = [told(counted(scope)) for scope in _scopes(verdier)]
    assert after != before
    had = _names(bucket)
    assert storing.mend() == 1
    assert _names(bucket) == set(noted.values_list("name", flat=True)) != had
    assert [told(counted(scope)) for scope in _scopes(verdier)] == after


def test_a_store_that_fails_loses_nothing_and_its_keys_are_said_to_nobody(
    verdier: House, bucket: ObjectStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scope = _scopes(verdier)[4]
    before = told(counted(scope))
    bucket.broken = True
    with pytest.raises(StoreFailed) as failed:
        storing.store_old()
    assert told(counted(scope)) == before
    bucket.broken = False
    storing.store_old()
    assert told(counted(scope)) == before
    bucket.broken = True
    with pytest.raises(StoreFailed) as unread:
        counted(scope)
    assert SECRET not in f"{failed.value} {unread.value} {caplog.text}"
