"""The town is a function of its seed, the clock and what was said to it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.connectors.rehearsal.tests.acting import OPENED, Stage
from comptoir.networks.connector import OPENING, SILENT, Activity, Kind

KIND = "Bonjour, hello, pardon, sorry and merci: your 4 coins are back, and so is the ferry."


def key(item: Activity) -> tuple[object, ...]:
    return (item.remote_id, item.text, item.published, item.deleted, item.edited, item.in_reply_to)


def same(one: list[Activity], other: list[Activity]) -> bool:
    """The same things, each as often: nothing lost, nothing twice."""
    return Counter(map(key, one)) == Counter(map(key, other))


def talkative(seed: str, at: float = 0) -> Stage:
    """A town where a storm blows and the brand answers, posts, and answers the answers."""
    stage = Stage(seed)
    stage.order("volcano", 2, 60, at)
    messages = stage.spoken(400)
    draw = random.Random(seed)
    texts = (
        KIND,
        "Non.",
        "Hello, thank you. Where was it, and when?",
        "Bonjour, je regarde et je reviens vers vous.",
    )
    for item in draw.sample(messages, 12):
        after = (item.published - OPENED).total_seconds()
        stage.say(item, draw.choice(texts), after + draw.uniform(2, 300))
    stage.say(None, "Bonjour à toutes et à tous, soup is served on the quay.", 120)
    for item in stage.back(500)[:6]:
        after = (item.published - OPENED).total_seconds()
        stage.say(item, draw.choice(texts), after + draw.uniform(2, 100))
    return stage


def test_the_same_seed_at_the_same_moment_is_the_same_town() -> None:
    assert same(talkative("a").watch([1_500]), talkative("a").watch([1_500]))
    one, other = Stage("a").watch([1_500]), Stage("b").watch([1_500])
    assert not {item.text for item in one if item.text} >= {item.text for item in other if item.text}


def test_two_towns_never_share_an_id() -> None:
    towns = [Stage("a"), Stage("b"), Stage(""), Stage("a", opened=OPENED + timedelta(seconds=1))]
    ids = []
    for stage in towns:
        items = [*stage.watch([900]), *stage.at(900).history(OPENED - timedelta(days=30), None).items]
        ids.append({item.remote_id for item in items} | {item.actor.remote_id for item in items})  # type: ignore[union-attr]
        ids[-1].add(stage.me.remote_id)
    for number, some in enumerate(ids):
        assert all(not some & others for others in ids[number + 1 :])


STAGE = talkative("steps")
WHOLE = STAGE.watch([1_500])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0, 1_500), max_size=60))
def test_the_pattern_of_fetching_changes_nothing(moments: list[float]) -> None:
    assert same(STAGE.watch([*sorted(moments), 1_500]), WHOLE)


def test_a_hundred_steps_are_one_step() -> None:
    assert same(STAGE.watch([15 * n for n in range(101)]), WHOLE)


def test_what_is_heard_late_still_has_its_effects() -> None:
    """A reply that its worker stored after the next fetch: the answers to it come, only later."""
    late = STAGE.watch([3 * n for n in range(501)], late=25)
    said = {one.remote_id for one in STAGE.said}
    assert {key(item) for item in late if item.in_reply_to in said} >= {
        key(item)
        for item in WHOLE
        if item.in_reply_to in said and item.published < OPENED + timedelta(seconds=1_400)
    }


def test_a_fetch_that_was_not_stored_can_be_made_again() -> None:
    connector = STAGE.at(300)
    first = connector.fetch(None, STAGE.said)
    assert list(first.items) == list(connector.fetch(None, STAGE.said).items)


def test_a_page_is_never_much_larger_than_a_page() -> None:
    stage = Stage("pages")
    stage.order("spam", 1_000, 5)
    page = stage.at(10).fetch(None, [])
    sizes = [len(page.items)]
    while page.more:
        page = stage.at(10).fetch(page.cursor, [])
        sizes.append(len(page.items))
    assert max(sizes) < 700
    assert sum(sizes) > 4_900


@pytest.mark.parametrize("languages", ["fr", "en", "both"])
def test_people_speak_the_towns_languages(languages: str) -> None:
    stage = Stage("tongues", languages)
    found = {item.language for item in stage.watch([3_000]) if item.text}
    assert found == ({"fr", "en"} if languages == "both" else {languages})


def test_an_ordinary_day_is_lively_at_first_then_steady_then_unhurried() -> None:
    stage = Stage("pace")
    items = [
        item
        for item in stage.day([86_400])
        if "~" not in item.remote_id and not item.edited and not item.deleted
    ]
    after = [(item.published - OPENED).total_seconds() for item in items]
    assert after[0] < 5
    first = [x for x in after if x < 600]
    assert 44 <= len(first) <= 52
    assert max(later - earlier for earlier, later in pairwise(first)) < 30
    asked = [item for item in stage.spoken(600) if item.kind in OPENING]
    assert 34 <= len(asked) <= 48
    hour = [x for x in after if 3_600 <= x < 7_200]
    assert 100 <= len(hour) <= 130
    assert 150 <= len([x for x in after if x > 10_800]) <= 360
    night = [item for item in items if item.published.hour >= 22 or item.published.hour < 5]
    assert len(night) < 50


def test_nobody_repeats_a_seed_for_hours() -> None:
    stage = Stage("fresh")
    messages = [item for item in stage.spoken(5_000) if item.kind is not Kind.COMMENT]
    assert len({item.text.removeprefix("@bacetcable ")[:40] for item in messages}) > 0.97 * len(messages)


def test_a_thousand_messages_of_a_storm_do_not_look_alike() -> None:
    stage = Stage("storm")
    stage.order("badbuzz", 100, 10)
    texts = [item.text for item in stage.watch([11]) if item.text]
    assert len(texts) > 850
    assert len(set(texts)) > 0.8 * len(texts)


@pytest.mark.parametrize("scenario", ["quiet", "volcano", "badbuzz", "spam"])
@pytest.mark.parametrize(("rate", "seconds"), [(0.5, 60), (20, 30), (100, 10)])
def test_a_storm_brings_what_was_ordered(scenario: str, rate: float, seconds: float) -> None:
    def count(stage: Stage) -> int:
        items = [item for item in stage.watch([seconds + 1]) if "~" not in item.remote_id]
        return len([item for item in items if not item.edited and not item.deleted])

    stage = Stage("force")
    stage.order(scenario, rate, seconds)
    extra = count(stage) - count(Stage("force"))
    assert 0.9 * rate * seconds - 2 <= extra <= rate * seconds + 3


def test_a_storm_ordered_between_two_fetches_is_heard_from_its_start() -> None:
    stage = Stage("between")
    page = stage.at(100).fetch(None, [])
    stage.order("volcano", 10, 20, at=90)
    found = stage.at(101).fetch(page.cursor, []).items
    assert len([item for item in found if "/d1." in item.remote_id]) > 80


def test_a_bad_buzz_begins_with_the_poster() -> None:
    stage = Stage("poster")
    stage.order("badbuzz", 20, 20)
    items = stage.day([30])
    posters = [item for item in items if item.actor.remote_id == stage.me.remote_id]
    assert [item.kind for item in posters] == [Kind.POST, Kind.POST]
    below = {item.in_reply_to or item.about for item in items if item.kind in (Kind.COMMENT, Kind.QUOTE)}
    assert below & {item.remote_id for item in posters}


@pytest.mark.parametrize(
    ("scenario", "rate", "seconds"),
    [
        ("flood", 1, 1),
        ("spam", 0, 1),
        ("spam", -1, 1),
        ("spam", 1, 0),
        ("spam", 1e9, 1),
        ("spam", 1, 1e9),
        ("", 1, 1),
    ],
)
def test_a_storm_that_cannot_be_is_refused(scenario: str, rate: float, seconds: float) -> None:
    with pytest.raises(ValueError, match=r"unknown|rate"):
        Stage().order(scenario, rate, seconds)


def test_some_change_their_message_and_some_take_it_back() -> None:
    stage = Stage("second")
    items = stage.watch([7_200])
    first = {item.remote_id: item for item in reversed(items)}
    changed = [item for item in items if item.edited]
    gone = [item for item in items if item.deleted]
    assert changed
    assert gone
    assert all(first[item.remote_id].published == item.published for item in changed + gone)
    assert all(item.text.startswith(first[item.remote_id].text) for item in changed)
    assert all((item.edited or item.published) > item.published for item in changed)
    assert not any(item.text for item in gone)


def test_what_goes_unanswered_is_asked_again_and_what_is_answered_is_not() -> None:
    stage = Stage("nudges")
    asked = [item for item in stage.watch([4_000]) if "-n" in item.remote_id and "/q." in item.remote_id]
    assert len(asked) > 8
    roots = {item.in_reply_to for item in asked}
    for item in stage.spoken(4_000):
        if item.remote_id in roots:
            stage.say(item, KIND, (item.published - OPENED).total_seconds() + 5)
    again = [item for item in stage.watch([4_000]) if "-n" in item.remote_id]
    assert not roots & {item.in_reply_to for item in again}


def test_the_month_before() -> None:
    stage = Stage("past")
    items: list[Activity] = []
    page = stage.at(10).history(OPENED - timedelta(days=30), None)
    items += page.items  # type: ignore[arg-type]
    while page.more:
        page = stage.at(5_000).history(OPENED - timedelta(days=30), page.cursor)
        items += page.items  # type: ignore[arg-type]
    assert len({item.remote_id for item in items}) == len(items)
    assert all(OPENED - timedelta(days=30) <= item.published < OPENED for item in items)
    assert not {item.remote_id for item in items} & {item.remote_id for item in stage.watch([0])}
    own = [item for item in items if item.actor.remote_id == stage.me.remote_id]
    assert not any(item.addressed for item in own)
    answered = {item.in_reply_to for item in own}
    heard = [i for i in items if i.addressed and i.kind in OPENING and "~" not in i.remote_id]
    assert 140 <= len(heard) <= 150
    open_ = [item for item in heard if item.remote_id not in answered]
    recent = [item for item in open_ if item.published > OPENED - timedelta(days=7)]
    assert 12 <= len(recent) <= 30
    assert len(open_) - len(recent) < 12
    assert len([item for item in own if item.kind is Kind.POST]) >= 20
    assert {item.kind for item in items} >= SILENT
    week = stage.at(10).history(OPENED - timedelta(days=7), None)
    assert not week.more
    assert {i.remote_id for i in week.items} == {
        i.remote_id for i in items if i.published >= OPENED - timedelta(days=7)
    }


def test_measuring_leaves_out_what_is_not_of_this_town() -> None:
    stage = Stage("counts")
    mine = stage.spoken(60)[0].remote_id
    early, later = (stage.at(s).measure([mine, "rehearsal:other/q.1"]) for s in (60, 90_000))
    assert [c.remote_id for c in early] == [c.remote_id for c in later] == [mine]
    assert (later[0].likes or 0) >= (early[0].likes or 0)
