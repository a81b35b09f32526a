"""A query that is removed is gone at once; what it kept goes in the background, whatever happens meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.inbox.tests.building import HTMX, TOWN, House, browser, house
from comptoir.listening import jobs
from comptoir.listening.backtesting import run
from comptoir.listening.hearing import hear
from comptoir.listening.models import Backtest, DayRollup, Mention, Query, Rollup, mention
from comptoir.listening.models.query import Version
from comptoir.networks.models import Activity
from comptoir.organisation.models import AuditEntry
from tests.listening.test_hearing import in_step, public
from tests.listening.test_pages import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    Query.make(made.brand, made.people["manager"], "Blue", "blue")
    hear(TOWN, [public(f"p{n}", f"teapot number {n}") for n in range(5)] + [public("b", "a blue teapot")])
    return made


def test_it_is_gone_at_once_and_its_name_is_free(verdier: House) -> None:
    manager = verdier.people["manager"]
    tea = Query.objects.of(verdier.brand).get(name="Tea")
    client = browser(manager)
    assert (
        "the 6 mentions that it kept"
        in client.get(at(verdier, f"queries/{tea.pk}/removal/")).content.decode()
    )
    client.post(at(verdier, f"queries/{tea.pk}/removal/"))
    assert AuditEntry.objects.of(verdier.brand).filter(what="query_removed").count() == 1
    for rest in ("", "edition/", "versions/", "removal/"):
        assert client.get(at(verdier, f"queries/{tea.pk}/{rest}")).status_code == 404
    page = client.get(at(verdier)).content.decode()
    assert "Tea is removed; 6 mentions of it are still to go." in page
    assert f"/queries/{tea.pk}/" not in page
    assert hear(TOWN, [public("late", "one more teapot")]) == []
    again = Query.make(verdier.brand, manager, "Tea", "kettle*")
    jobs.empty_query.func(brand_id=verdier.brand.pk, query_id=tea.pk)
    assert "still to go" not in client.get(at(verdier), **HTMX).content.decode()
    assert [each.pk for each in Query.objects.of(verdier.brand).by_name()][1] == again.pk
    assert set(Activity.objects.everywhere().values_list("remote_id", flat=True)) == {"b"}
    assert in_step()


def test_killed_in_the_middle_it_goes_on_and_leaves_nothing(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = Query.objects.of(verdier.brand).get(name="Tea")
    tea.rewrite(verdier.people["manager"], "teapot* OR kettle*")
    waits = Backtest.ask(tea.versions.get(number=1), verdier.people["manager"])
    tea.remove(verdier.people["manager"])
    monkeypatch.setattr(mention, "_AT_ONCE", 2)
    done: list[Any] = []
    let_go = mention.let_go_of_unheld

    def killed(activities: set[int]) -> None:
        let_go(activities)
        done.append(activities)
        if len(done) == 2:
            raise SystemExit("killed")

    monkeypatch.setattr(mention, "let_go_of_unheld", killed)
    given = {"brand_id": verdier.brand.pk, "query_id": tea.pk}
    with pytest.raises(SystemExit):
        jobs.empty_query.func(**given)
    # The step that it was killed in is undone as a whole, the one before it stands.
    assert tea.mentions.count() == 4
    assert not Activity.objects.everywhere().filter(mentions=None).exists()
    assert in_step()
    for _twice in range(2):
        jobs.empty_query.func(**given)
    run(waits)
    mine = {"query": tea.pk}
    for model in (Mention, Rollup, DayRollup, Version):
        assert not model.objects.everywhere().filter(**mine).exists()
    assert not Query.leaving.everywhere().exists()
    assert set(Activity.objects.everywhere().values_list("remote_id", flat=True)) == {"b"}
    assert Mention.objects.everywhere().count() == 1
    assert in_step()
