"""Explore and the lists behind its figures are the same before and after old mentions are stored."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from comptoir.command import from_database
from comptoir.command.findings import Mark
from comptoir.inbox.tests.building import TOWN, House, browser, house
from comptoir.kernel import clock
from comptoir.listening import storing
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Query, StoredFile, StoredMention
from comptoir.networks.connector import Gone
from comptoir.organisation.models import ApiToken
from tests.listening.test_explore import _count, _links, _said, at
from tests.listening.test_storing import files, place

pytestmark = pytest.mark.django_db
__all__ = ["place"]
OLD = 200
"""Days."""


@pytest.fixture
def verdier(place: Path) -> House:
    """What was said of teapots and kettles 200 days ago, in a week and the week before; and a little now."""
    made = house("verdier")
    manager = made.people["manager"]
    Query.make(made.brand, manager, "Tea", "teapot*")
    Query.make(made.brand, manager, "Kettles", "kettle*")
    old = [_said(n, f"A fine teapot number {n}", OLD + 9 + n % 3, n % 9) for n in range(40)]
    new = [
        _said(100 + n, f"I hate it: the teapot has a loose lid #lid {n}", OLD + n % 3, n % 7)
        for n in range(30)
    ]
    kettles = [_said(200 + n, f"Une bouilloire, a kettle {n}", OLD + n % 3, 20, 50_000) for n in range(10)]
    hear(TOWN, [*old, *new, *kettles, _said(300, "A teapot of now", 0.2, 3)])
    Mention.objects.of(made.brand).filter(activity__remote_id__in=["p100", "p101"]).update(noise="spam")
    return made


def _period() -> dict[str, str]:
    day = clock.now().date() - timedelta(days=OLD)
    return {"since": f"{day - timedelta(days=4)}", "until": f"{day + timedelta(days=2)}"}


def _figures(found: Any) -> Any:
    people = [(each.author, each.n, each.followers, each.reach, each.name) for each in found.speakers.most]
    heard = [(each.author, each.n, each.reach) for each in found.speakers.heard]
    return (
        found.now.n, found.now.reach, found.now.by, dict(found.now.folded), found.before.n, found.series, found.voices,
        found.read, found.tags, found.sites, people, heard, found.speakers.sampled,
        sorted((each.words, each.now, each.before) for each in found.topics), found.peak,
    )  # fmt: skip


def test_explore_and_its_posts_are_the_same(
    verdier: House, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.listening.views.mentions.PAGE", 12)
    reader = browser(verdier.people["reader"])

    def told() -> Any:
        answer = reader.get(at(verdier, "explore/"), _period())
        links = _links(answer.content.decode())
        return _figures(answer.context["found"]), {
            words: _count(reader, link) for words, link in links.items()
        }

    before = told()
    assert before[0][0] == 38
    assert storing.store_old() == 80
    assert Mention.objects.of(verdier.brand).count() == 1
    after = told()
    assert after[0] == before[0]
    assert after[1] == before[1]
    assert {"38", "Tea", "Kettles", "Spam · 2"} <= set(before[1])
    assert len(files(place)) >= 1


def test_a_list_goes_on_into_what_is_stored(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.listening.views.mentions.PAGE", 12)
    agent = browser(verdier.people["agent"])
    address = at(verdier, "mentions/")
    asked = ("", "q=lid", "noise=all", "q=teapot NOT fine", "q=nothing")
    listed = [_pages(agent, address, more) for more in asked]
    offered = agent.get(address, _period()).context["filters"]
    storing.store_old()
    assert [_pages(agent, address, more) for more in asked] == listed
    assert agent.get(address, _period()).context["filters"] == offered
    assert sum(n for _value, _words, n in offered[0]["choices"]) == 38
    assert len(listed[0]) == 79
    assert len(listed[1]) == 28
    monkeypatch.setattr("comptoir.listening.finding.PATIENCE", -1)
    monkeypatch.setattr("comptoir.listening.finding._MOST_LOOKS", 7)
    assert _pages(agent, address, "q=lid") == listed[1]
    page = agent.get(address, {"q": "lid"}).content.decode()
    assert "Stored" in page
    old = StoredMention.objects.of(verdier.brand)[0]
    gone = agent.get(at(verdier, f"mentions/{old.pk}/"))
    assert gone.status_code == 404
    assert "stands in a file" in gone.content.decode()
    hear(TOWN, [Gone("p110")])
    assert len(_pages(agent, address, "q=lid")) == 27


def _pages(client: Any, address: str, more: str) -> list[int]:
    page, found = client.get(f"{address}?{more}"), []
    while True:
        found += [each.mention.pk for each in page.context["shown"]]
        if not page.context["older"]:
            return found
        page = client.get(f"{address}?{page.context['older']}")


def test_programs_list_what_is_stored(verdier: House, client: Any) -> None:
    query = Query.objects.of(verdier.brand).get(name="Tea")
    _token, secret = ApiToken.make(verdier.people["agent"], "script", ["threads:read"])
    address = f"/api/v1/brands/{verdier.brand.slug}/queries/{query.pk}/mentions"

    def asked() -> Any:
        return client.get(f"{address}?limit=90", headers={"Authorization": f"Bearer {secret}"}).json()[
            "items"
        ]

    before = asked()
    storing.store_old()
    assert asked() == before


def test_pages_say_which_files_are_not_there_and_show_the_rest(verdier: House, place: Path) -> None:
    storing.store_old()
    reader = browser(verdier.people["reader"])
    whole = reader.get(at(verdier, "explore/"), _period())
    assert whole.context["gap"] is None
    place.rename(place.with_name("elsewhere"))
    days = {"since": _period()["since"], "until": f"{clock.now().date()}"}
    page = reader.get(at(verdier, "explore/"), days)
    held = sum(StoredFile.objects.of(verdier.brand).values_list("rows", flat=True))
    assert page.context["gap"].n == held == 80
    assert f"{held} mentions from" in page.content.decode()
    assert page.context["found"].now.n == 1
    listed = reader.get(at(verdier, "mentions/"), days)
    assert len(listed.context["shown"]) == 1
    assert f"{listed.context['gap'].n} mentions from" in listed.content.decode()
    lately = reader.get(at(verdier, "explore/"), {"period": "7", "against": "none"})
    assert lately.context["gap"] is None
    place.with_name("elsewhere").rename(place)
    again = reader.get(at(verdier, "explore/"), _period())
    assert _figures(again.context["found"]) == _figures(whole.context["found"])


def test_a_table_that_is_taken_along_is_refused_rather_than_short(verdier: House, place: Path) -> None:
    storing.store_old()
    place.rename(place.with_name("elsewhere"))
    reader = browser(verdier.people["reader"])
    reader.raise_request_exception = False
    answer = reader.get(at(verdier, "explore/series.csv"), _period())
    assert answer.status_code == 503
    assert "Old mentions are kept in files" in answer.content.decode()


def test_the_doctor_says_where_files_are_missing_and_how_to_move_them(
    verdier: House, place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert not list(from_database._stored())
    storing.store_old()
    (seen,) = from_database._stored()
    assert seen.mark is Mark.FINE
    monkeypatch.setenv("COMPTOIR_DATA", str(tmp_path))
    monkeypatch.setenv("MENTIONS_STORED_IN", str(tmp_path / "new"))
    (seen,) = from_database._stored()
    assert seen.mark is Mark.WRONG
    assert "80 mentions are left out" in seen.text
    command = seen.text[seen.text.index("cp -a") :].partition(")")[0]
    assert command == f"cp -a {tmp_path}/stored/. {tmp_path}/new/"
    (tmp_path / "new").mkdir()
    subprocess.run(command.split(), check=True)
    (seen,) = from_database._stored()
    assert seen.mark is Mark.FINE
