"""The square of the town: the same is said however it is asked for, nothing of it is lost, all of it is readable."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import regex

from comptoir.connectors.rehearsal import LIMIT, square
from comptoir.connectors.rehearsal.plan import plan_of
from comptoir.connectors.rehearsal.tests.acting import Stage
from comptoir.networks.connector import Activity, Gone, Kind, Overheard, Refused

DAY = 86_400.0


def heard(stage: Stage, moments: list[float]) -> list[Any]:
    """What is said to whoever listens at each of the moments (seconds after the opening), a line each."""
    cursor: Any = None
    found: list[Any] = []
    for seconds in moments:
        with closing(stage.at(seconds).overhear(cursor)) as line:  # type: ignore[type-var]
            for batch in line:
                found += batch.items
                cursor = json.loads(json.dumps(batch.cursor))
                if batch.after:
                    break
    return found


def past(stage: Stage, seconds: float = 0) -> list[Activity]:
    connector = stage.at(seconds)
    cursor: Any = None
    found: list[Activity] = []
    more = True
    while more:
        page = connector.recall(connector.now - timedelta(days=30), cursor)
        cursor, more = json.loads(json.dumps(page.cursor)), page.more
        found += [item for item in page.items if isinstance(item, Activity)]
    return found


@pytest.fixture(scope="module")
def month() -> list[Activity]:
    return past(Stage())


def test_the_same_is_said_however_often_one_listens() -> None:
    stage = Stage()
    often = heard(stage, [0, *range(7, 3_600, 37), 3_600])
    assert often == heard(stage, [0, 3_600])
    assert len(often) > 80
    assert any(isinstance(item, Gone) for item in often)
    assert any(isinstance(item, Activity) and item.edited for item in often)


def test_somebody_speaks_within_the_first_minute_and_nothing_of_before_is_told() -> None:
    stage = Stage()
    said = [item for item in heard(stage, [0, 60]) if isinstance(item, Activity)]
    assert len(said) >= 3
    assert min(item.published for item in said) >= stage.opened
    assert all(item.kind == Kind.POST and not item.addressed for item in said)


def test_who_was_away_for_longer_than_a_day_is_told_so() -> None:
    stage = Stage()
    early = {"told": int(stage.opened.timestamp() * 1_000)}
    batches: list[Overheard] = []
    with closing(stage.at(3 * DAY).overhear(early)) as line:  # type: ignore[type-var]
        for batch in line:
            batches.append(batch)
            if batch.after:
                break
    assert [batch.missed for batch in batches] == [True] + [False] * (len(batches) - 1)
    times = [item.published for batch in batches for item in batch.items if isinstance(item, Activity)]
    assert min(times) > stage.opened + timedelta(days=2) - timedelta(hours=1)


def test_the_month_before_has_a_rhythm_and_two_days_of_which_all_speak(month: list[Activity]) -> None:
    assert 2_000 < len(month) < 4_000
    assert len({item.remote_id for item in month}) == len(month)
    by_day = Counter(item.published.date() for item in month)
    (loudest, most), (second, _), *rest = by_day.most_common()
    assert (Stage().opened.date() - loudest).days == 9
    assert (Stage().opened.date() - second).days == 20
    assert most > 2.5 * rest[0][1]
    night = sum(item.published.hour < 5 for item in month)
    assert 0 < night < len(month) / 20


def test_what_stands_there_is_what_was_heard(month: list[Activity]) -> None:
    """Whoever listened and whoever asks afterwards know the same messages but those that were taken back, and looking
    again tells of them."""
    stage = Stage()
    live = heard(stage, [0, 3_600])
    gone = {item.remote_id for item in live if isinstance(item, Gone)}
    said = {item.remote_id for item in live if isinstance(item, Activity)}
    found = {item.remote_id for item in past(stage, 7_200) if item.published >= stage.opened}
    assert said - gone - found <= {i for i in said if stage.at(9_000).recheck([i])}
    assert gone
    assert {item.remote_id for item in stage.at(7_200).recheck(sorted(said))} >= gone
    assert stage.at(7_200).recheck([month[0].remote_id, "rehearsal:elsewhere/z.1", "nonsense"]) == []


def test_it_is_readable_in_all_its_languages(month: list[Activity]) -> None:
    assert {item.language for item in month} == {"", "fr", "en", *square.VISITORS}
    assert not [item.text for item in month if re.search(r"[{}]", item.text)]
    assert max(len(regex.findall(r"\X", item.text)) for item in month) <= LIMIT
    tags = [item for item in month if "#" in item.text]
    assert all(item.text[item.spans[0].start : item.spans[0].end].startswith("#") for item in tags)
    repeated = Counter(item.text for item in month)
    assert 50 < sum(times - 1 for times in repeated.values()) < len(month) / 5


def test_a_storm_is_spoken_of_on_the_square() -> None:
    stage = Stage()
    calm = len(heard(stage, [40_000, 40_600]))
    stage.order("badbuzz", 5, 600, at=40_000)
    assert len(heard(stage, [40_000, 40_600])) > 10 * max(calm, 10)


def test_whoever_speaks_there_answers_when_the_brand_does() -> None:
    stage = Stage()
    said = [item for item in heard(stage, [0, 300]) if isinstance(item, Activity)]
    first = next(
        item for item in said if item.language in ("fr", "en") and not item.actor.handle.startswith("promo")
    )
    one = stage.say(first, "Bonjour, nous en sommes désolés : un technicien est sur place.", at=310)
    watched = stage.watch([311, 400, 900, 5_000])
    answers = [item for item in watched if one.remote_id in (item.in_reply_to, item.about)]
    assert answers
    assert answers[0].actor == first.actor


def test_a_town_without_a_channel_stands_at_its_seed() -> None:
    bare = Stage().at(0).__class__(None, {}, {})  # type: ignore[arg-type]
    place = bare.public({"seed": "Harbour", "languages": "fr"})
    assert place == bare.public({"seed": "Harbour", "languages": "fr"})
    assert place != bare.public({"seed": "Mole", "languages": "fr"})
    assert plan_of(place.settings).languages == ("fr",)
    with pytest.raises(Refused):
        bare.public({"languages": "klingon"})
