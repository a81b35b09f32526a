"""The audit log: who acts is known without being told, and nothing in it changes, not even by hand."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from comptoir.kernel.acting import acting, acts, becomes
from comptoir.organisation.audit import record, record_each
from comptoir.organisation.models import AuditEntry, Brand, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(name="Audited", slug="audited")


def _entry(brand: Brand) -> AuditEntry:
    return AuditEntry.objects.of(brand).get()


def test_outside_of_all_doors_a_job_acts(brand: Brand) -> None:
    record("closed", brand, brand, why="x")
    entry = _entry(brand)
    assert (entry.via, entry.who, entry.user_id, entry.address) == ("job", "", None, "")
    assert (entry.about_kind, entry.about_id, entry.facts) == ("brand", brand.pk, {"why": "x"})


def test_who_acts_is_taken_from_the_door(brand: Brand) -> None:
    ana = User.objects.create_user("ana@example.org", name="Ana")
    with acts("page", lambda: ana, address="192.0.2.7"):
        record("closed", brand)
        with acts("command", name="root"):
            assert acting().name == "root"
    entry = _entry(brand)
    assert (entry.via, entry.who, entry.user_id, entry.address) == ("page", "Ana", ana.pk, "192.0.2.7")
    assert acting().via == "job"


def test_a_stranger_who_turns_out_to_be_somebody(brand: Brand) -> None:
    ana = User.objects.create_user("ana@example.org")
    with acts("page", address="192.0.2.7"):
        becomes(ana, "api")
        record("closed", brand)
    entry = _entry(brand)
    assert (entry.via, entry.who, entry.address) == ("api", "ana@example.org", "192.0.2.7")
    assert acting().user is None


def test_an_entry_outlives_its_brand_and_its_author(brand: Brand) -> None:
    ana = User.objects.create_user("ana@example.org", name="Ana")
    record("closed", brand, by=ana)
    kept = _entry(brand).pk
    ana.delete()
    brand.delete()
    entry = AuditEntry.objects.everywhere().get(pk=kept)
    assert entry.who == "Ana"
    assert entry.brand_id is not None


def test_many_at_once_are_one_statement(brand: Brand, django_assert_num_queries: object) -> None:
    people = [User.objects.create_user(f"{n}@example.org") for n in range(5)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        record_each("closed", brand, people)
    assert AuditEntry.objects.of(brand).count() == 5


@pytest.mark.database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organisation_auditentry SET who = 'somebody else'",
        "UPDATE organisation_auditentry SET facts = '{}'",
        "DELETE FROM organisation_auditentry",
        "TRUNCATE organisation_auditentry",
        "SET LOCAL comptoir.purging_audit = 'on'; UPDATE organisation_auditentry SET who = 'x'",
    ],
)
def test_nobody_edits_it_by_hand(brand: Brand, statement: str) -> None:
    record("closed", brand)
    with (
        pytest.raises(DatabaseError, match="never edited"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert _entry(brand).who == ""


def test_nor_through_the_models(brand: Brand) -> None:
    record("closed", brand)
    entry = _entry(brand)
    for change in (entry.delete, entry.save, AuditEntry.objects.of(brand).delete):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            change()
