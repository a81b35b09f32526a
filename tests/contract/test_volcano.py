"""A volcano: most ask what many ask, in words that are almost the same; some need help and must not drown."""

from __future__ import annotations

from collections import Counter

from comptoir.connectors.rehearsal.dice import Dice
from comptoir.connectors.rehearsal.tests.acting import Stage
from comptoir.connectors.rehearsal.wear import worn
from comptoir.networks.connector import Activity
from comptoir.reading.likeness import clusters
from comptoir.reading.pressing import presses

ASKED = "Bonjour, où en est le bac de 9h40 ? Je suis à Sémaphore et il n'y a aucune information."


def poured(name: str) -> list[Activity]:
    stage = Stage(name)
    stage.order("volcano", 100, 20)
    items = [item for item in stage.watch([21]) if "/d1." in item.remote_id and "~" not in item.remote_id]
    return [item for item in items if not item.deleted and not item.edited]


def test_what_was_ordered_are_messages_and_the_same_each_time() -> None:
    found = poured("ash")
    assert 1_990 <= len(found) <= 2_000
    assert all(item.text for item in found)
    assert [(i.remote_id, i.text) for i in found] == [(i.remote_id, i.text) for i in poured("ash")]
    assert {item.language for item in found} == {"fr", "en"}


def test_most_ask_what_many_ask_and_no_two_in_the_very_same_words() -> None:
    texts = [item.text for item in poured("ash")]
    found = clusters(texts)
    assert len(found[0]) > 60
    assert sum(len(each) for each in found if len(each) >= 10) > 0.55 * len(texts)
    assert sum(len(each) == 1 for each in found) > 0.03 * len(texts)
    biggest = [texts[n] for n in found[0]]
    assert len(set(biggest)) > 0.9 * len(biggest)
    assert Counter(map(presses, texts))[True] > 20


def test_words_are_worn_and_stay_readable() -> None:
    found = [worn(ASKED, "fr", Dice(n)) for n in range(200)]
    assert 40 < found.count(ASKED) < 120
    assert len(set(found)) > 60
    assert all("9h40" in each for each in found)
    assert any(each.islower() for each in found)
    assert len(clusters(found)) == 1
