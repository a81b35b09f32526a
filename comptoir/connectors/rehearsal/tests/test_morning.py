"""The hours before the town opened: people are already talking when the first page is shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from comptoir.connectors.rehearsal.cast import PARTS
from comptoir.connectors.rehearsal.tests.acting import OPENED, Stage
from comptoir.networks.connector import OPENING, Activity, Kind

TOWNS = ("demo", "harbour", "", "a", "b", "c")
KIND = {
    "fr": "Bonjour, merci, nous nous en occupons tout de suite, promis.",
    "en": "Hello, thanks, we are on it now.",
}


def morning(stage: Stage) -> list[Activity]:
    """What the first fetch brings, a second after the opening."""
    return [item for item in stage.watch([1]) if item.published < OPENED]


def conversations(items: list[Activity]) -> list[list[Activity]]:
    found: dict[str, list[Activity]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.published):
        found[item.conversation].append(item)
    return list(found.values())


@pytest.mark.parametrize("languages", ["both", "fr", "en"])
@pytest.mark.parametrize("seed", TOWNS)
def test_people_are_already_talking(seed: str, languages: str) -> None:
    stage = Stage(seed, languages)
    items = morning(stage)
    threads = conversations(items)
    assert 24 <= len(threads) <= len(PARTS)
    assert all(OPENED - timedelta(hours=4, minutes=45) < item.published < OPENED for item in items)
    ages = sorted(OPENED - thread[-1].published for thread in threads)
    assert ages[0] < timedelta(seconds=10)
    assert ages[5] < timedelta(minutes=10)
    assert ages[-1] > timedelta(hours=3, minutes=30)
    assert len({thread[0].actor.handle for thread in threads}) == len(threads)
    assert {item.language for item in items} == ({"fr", "en"} if languages == "both" else {languages})
    assert {Kind.MENTION, Kind.COMMENT, Kind.MESSAGE, Kind.QUOTE} <= {thread[0].kind for thread in threads}
    assert len({item.text for item in items}) == len(items)


@pytest.mark.parametrize("seed", TOWNS)
def test_some_conversations_have_several_turns(seed: str) -> None:
    stage = Stage(seed)
    threads = conversations(morning(stage))
    own = [[item.actor.remote_id == stage.me.remote_id for item in thread] for thread in threads]
    assert not any(turns[0] for turns in own)
    shapes = Counter((any(turns), turns[-1]) for turns in own if len(turns) > 1)
    assert shapes[(True, False)] >= 4, "answered, and answered back"
    assert shapes[(True, True)] == 2, "the brand had the last word"
    for thread, turns in zip(threads, own, strict=True):
        known = {thread[0].remote_id}
        for item, mine in zip(thread[1:], turns[1:], strict=True):
            assert item.in_reply_to in known
            assert item.kind in OPENING
            assert item.addressed is not mine
            assert mine or item.actor == thread[0].actor
            known.add(item.remote_id)


def test_they_are_told_once_and_only_to_who_has_heard_nothing() -> None:
    stage = Stage("demo")
    first = stage.at(2).fetch(None, [])
    assert not [item for item in stage.at(60).fetch(first.cursor, []).items if item.published < OPENED]  # type: ignore[union-attr]
    late = stage.at(86_400).fetch(None, [])
    assert {item.remote_id for item in morning(stage)} <= {item.remote_id for item in late.items}


def test_who_is_answered_answers_back_into_the_same_conversation() -> None:
    stage = Stage("demo")
    threads = conversations(morning(stage))
    last = {}
    for number, thread in enumerate(threads):
        said = stage.say(thread[-1], f"{KIND[thread[0].language]} {'z' * number}", 10 + number)
        last[said.remote_id] = thread[0]
    back = [item for item in stage.back() if item.kind in OPENING]
    assert len(back) > 8
    for item in back:
        first = last[item.in_reply_to]
        assert item.conversation == first.conversation
        assert item.actor == first.actor


def test_who_is_left_waiting_asks_again_soon() -> None:
    stage = Stage("demo")
    asked = [item for item in stage.day([900]) if "/m." in item.remote_id]
    assert len(asked) >= 3
    for item in morning(stage):
        if item.remote_id in {one.in_reply_to for one in asked}:
            stage.say(item, KIND[item.language], 2)
    assert not [item for item in stage.day([900]) if "/m." in item.remote_id and "-n" in item.remote_id]


def test_nobody_says_in_the_first_minutes_what_was_said_just_before() -> None:
    stage = Stage("demo")
    before = {item.text.removeprefix("@bacetcable ")[:40] for item in morning(stage)}
    after = [item for item in stage.spoken(900) if item.kind is not Kind.COMMENT]
    assert not [item.text for item in after if item.text.removeprefix("@bacetcable ")[:40] in before]
