"""Back-tests find in files of old mentions what they found in the table, as the evaluator alone does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from comptoir.inbox.tests.building import TOWN, House, browser
from comptoir.kernel.asking import ask
from comptoir.listening import backtesting, stored, storing
from comptoir.listening.hearing import hear
from comptoir.listening.models import Backtest, Mention, Query, StoredFile, StoredMention
from comptoir.listening.posts import Post
from comptoir.networks.connector import Gone
from comptoir.networks.models import Activity
from comptoir.reading.query import parse
from tests.listening.test_storing import files, place, verdier

pytestmark = pytest.mark.django_db
__all__ = ["place", "verdier"]
_HELD = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE d.datname = current_database() AND l.objid::bigint = %(lock)s AND l.mode = 'ShareLock'
"""
TEXTS = (
    "broken OR parfaite",
    "teapot NOT broken",
    "lang:fr",
    "sentiment:negative AND teapot",
    '"adore cette"',
    "is:own",
)


def _tested(made: House, text: str) -> Backtest:
    """A back-test of the query about teapots with that text."""
    query = Query.objects.of(made.brand).get(name="Tea")
    query.rewrite(made.people["manager"], text)
    test = Backtest.ask(query.versions.get(number=query.number), made.people["manager"])
    backtesting.run(test)
    test.refresh_from_db()
    return test


def _plainly(made: House, text: str) -> Any:
    """The same by the evaluator alone, over all that is kept."""
    query, days, lost = parse(text), Counter[str](), 0
    rows = list(Activity.objects.everywhere().select_related("actor").order_by("published"))
    mine = set(Mention.objects.of(made.brand).filter(query__name="Tea").values_list("activity", flat=True))
    for each in rows:
        post = Post(each.network, each.as_contract(), made.brand.zone)
        if query.matches(post):
            days[f"{post.local:%Y-%m-%d}"] += 1
        else:
            lost += each.pk in mine
    return len(rows), days.total(), lost, dict(days), rows[0].published


def _found(test: Backtest) -> Any:
    return test.looked, test.matched, test.lost, test.days, test.since


def test_what_is_stored_is_looked_at_as_what_is_kept(verdier: House, place: Path) -> None:
    plain = [_plainly(verdier, text) for text in TEXTS]
    kept = [_tested(verdier, text) for text in TEXTS]
    assert [_found(each) for each in kept] == plain
    assert not any(each.stored for each in kept)
    storing.store_old()
    assert Mention.objects.of(verdier.brand).count() == 5
    tests = [_tested(verdier, text) for text in TEXTS]
    assert [_found(each) for each in tests] == plain
    assert {(each.total, each.stored, each.unread) for each in tests} == {(125, 120, 0)}
    assert len({each.matched for each in tests}) > 3
    page = browser(verdier.people["reader"]).get(
        f"/b/{verdier.brand.slug}/listening/backtests/{tests[0].pk}/"
    )
    assert "to 20 March 2026" in page.content.decode()
    assert "of 120 in files of old mentions" in page.content.decode()


def test_what_was_taken_back_is_not_looked_at_though_a_file_still_says_it(verdier: House) -> None:
    storing.store_old()
    hear(TOWN, [Gone("p0"), Gone("p1")])
    assert StoredFile.objects.of(verdier.brand).exclude(lost=[]).exists()
    assert _tested(verdier, "teapot*").looked == 123


def test_files_that_are_not_there_are_told_of(verdier: House, place: Path) -> None:
    storing.store_old()
    first, *_others = sorted(files(place))
    held = StoredMention.objects.of(verdier.brand).filter(file__name=first)
    missing = held.values("key").distinct().count()
    (place / first).unlink()
    test = _tested(verdier, "teapot*")
    assert test.unread == missing > 0
    assert test.looked == 125 - missing
    assert test.done
    page = browser(verdier.people["reader"]).get(f"/b/{verdier.brand.slug}/listening/backtests/{test.pk}/")
    assert f"{missing} old messages are in files that cannot be read" in page.content.decode()


def test_files_stay_as_they_are_while_one_looks(verdier: House) -> None:
    storing.store_old()
    with stored.at_rest():
        assert ask(_HELD, {"lock": stored.ALONE}) == [(1,)]
    assert ask(_HELD, {"lock": stored.ALONE}) == [(0,)]
