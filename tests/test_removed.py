"""What a colleague removes while it is being changed stays removed, and whoever changes it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from comptoir.inbox.models import CustomField, Queue, SavedReply, Tag
from comptoir.inbox.tests.building import House, browser, house
from comptoir.inbox.tests.ruling import rule
from comptoir.listening.models import Query
from comptoir.organisation.models import AuditEntry, Hours, Removed, Team

pytestmark = pytest.mark.django_db
WEEK = ((), (), (), (), (), (), ())


def _hours(house: House, by: Any) -> Hours:
    Hours.settle(house.brand, "UTC", WEEK, [], by, "Night")
    return Hours.objects.of(house.brand).get(name="Night")


KINDS: dict[str, tuple[Callable[[House, Any], Any], Callable[[Any, Any], Any]]] = {
    "queue": (lambda h, by: Queue.make(h.brand, by, name="a"), lambda row, by: row.change(by, name="b")),
    "field": (
        lambda h, by: CustomField.make(h.brand, by, name="a", kind="text"),
        lambda row, by: row.change(by, name="b"),
    ),
    "hours": (_hours, lambda row, by: row.change("Day", "UTC", WEEK, [], by)),
    "team": (lambda h, by: Team.make(h.brand, "a", [], by), lambda row, by: row.change("b", [], by)),
    "saved reply": (
        lambda h, by: SavedReply.make(h.brand, by, "a", "a", {"en": "a"}),
        lambda row, by: row.change(by, "b", "b", {"en": "b"}),
    ),
    "tag": (lambda h, by: Tag.called(h.brand, "a", by), lambda row, by: row.rename("b", by)),
    "rule": (lambda h, by: rule(h, "a", "b"), lambda row, by: row.switch(not row.on, by, row.version)),
    "query": (lambda h, by: Query.make(h.brand, by, "a", "a"), lambda row, by: row.rewrite(by, "b")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_removed_meanwhile_does_not_come_back(kind: str) -> None:
    made = house()
    by = made.people["manager"]
    make, change = KINDS[kind]
    row = make(made, by)
    rows = type(row).objects.of(made.brand).filter(pk=row.pk)
    rows.delete()
    noted = AuditEntry.objects.of(made.brand).count()
    with pytest.raises(Removed, match="removed it meanwhile"):
        change(row, by)
    assert not rows.exists()
    assert AuditEntry.objects.of(made.brand).count() == noted, "what did not happen is not noted"


def test_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    made = house()
    by = made.people["manager"]
    team = Team.make(made.brand, "Night", [], by)
    change = Team.change

    def removed_meanwhile(self: Team, *given: Any) -> None:
        team.dissolve(by)
        change(self, *given)

    monkeypatch.setattr(Team, "change", removed_meanwhile)
    answer = browser(by).post(f"/b/{made.brand.slug}/teams/{team.pk}/", {"name": "Day"})
    assert answer.status_code == 404
    assert "Somebody removed it meanwhile. Nothing was changed." in answer.content.decode()
