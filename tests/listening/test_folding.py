"""What says almost the same is folded: the first that was said is shown, in whatever order they come and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from django.db import connection

from comptoir.inbox.tests.building import TOWN, House, house
from comptoir.kernel import clock
from comptoir.listening import folding, jobs
from comptoir.listening.hearing import hear
from comptoir.listening.models import Fold, Mention, Print, Query
from comptoir.networks.connector import Gone
from tests.listening.test_hearing import in_step, public, told

pytestmark = pytest.mark.django_db
SAYS = "My teapot from Maison Verdier came broken in two and nobody answers my letters"

OTHERS = ["Where did you buy that green", "Quelle jolie", "My grandmother collects every"]


@pytest.fixture
def tea() -> Query:
    made: House = house("verdier")
    return Query.make(made.brand, made.people["manager"], "Tea", 'teapot* OR "Maison Verdier"')


def listen(*batch: Any) -> list[int]:
    """Hear a batch, and do what is to be done about it."""
    new = hear(TOWN, batch)
    jobs.tell_mentions.func(ids=new)
    return new


def noise(query: Query) -> dict[str, str]:
    """Why each mention is passed over."""
    return dict(query.mentions.values_list("activity__remote_id", "noise"))


def is_true(query: Query) -> bool:
    """Whether each fold shows the first of it alone, has its size, and rollups say what a full count does."""
    for fold in Fold.objects.of(query.brand):
        rows = list(Mention.objects.of(query.brand).filter(fold=fold.pk).order_by("at", "pk"))
        said = [row for row in rows if row.noise != "spam"]
        if (
            len(rows) != fold.size
            or [row.noise for row in said] != ["", "repeat", "repeat", "repeat"][: len(said)]
        ):
            return False
    return in_step()


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_the_first_is_shown_in_whatever_order_they_come(tea: Query, order: tuple[int, ...]) -> None:
    texts = [SAYS, f"RT @somebody: {SAYS}", f"{SAYS}!! #fail https://t.example/1"]
    batch = [public(f"m{n}", texts[n], by=n, minutes_ago=30 - n) for n in range(3)]
    for n in order:
        listen(batch[n], public(f"other-{n}", f"{OTHERS[n]} teapot"))
    assert {key: found for key, found in noise(tea).items() if key[0] == "m"} == {
        "m0": "", "m1": "repeat", "m2": "repeat",
    }  # fmt: skip
    assert Fold.objects.of(tea.brand).get().size == 3
    assert is_true(tea)


def test_twice_is_once_and_a_batch_at_once_is_the_same(tea: Query) -> None:
    batch = [public(f"m{n}", SAYS, by=n, minutes_ago=30 - n) for n in range(4)]
    new = listen(*batch)
    jobs.tell_mentions.func(ids=new)
    hear(TOWN, batch)
    jobs.tell_mentions.func(ids=new)
    assert noise(tea) == {"m0": "", "m1": "repeat", "m2": "repeat", "m3": "repeat"}
    assert told() == [new]
    assert (Fold.objects.of(tea.brand).get().size, Print.objects.count()) == (4, 1)
    assert is_true(tea)


def test_when_the_first_goes_the_next_is_shown(tea: Query) -> None:
    listen(*[public(f"m{n}", SAYS, by=n, minutes_ago=30 - n) for n in range(4)])
    hear(TOWN, [Gone("m0")])
    assert noise(tea) == {"m1": "", "m2": "repeat", "m3": "repeat"}
    assert is_true(tea)
    hear(TOWN, [Gone("m2")])
    assert noise(tea) == {"m1": "", "m3": "repeat"}
    assert not Print.objects.exists(), "that of what was taken back went with it"
    listen(public("m4", SAYS, by=9, minutes_ago=1))
    assert noise(tea) == {"m1": "", "m3": "repeat", "m4": "repeat"}
    assert is_true(tea)
    tea.remove(tea.brand.memberships.get(role="manager").user)
    jobs.empty_query.func(brand_id=tea.brand_id, query_id=tea.pk)
    assert not Fold.objects.everywhere().exists()
    assert not Print.objects.exists()


def test_what_is_edited_is_folded_anew(tea: Query) -> None:
    listen(*[public(f"m{n}", SAYS, by=n, minutes_ago=30 - n) for n in range(3)])
    now = datetime.now(UTC)
    first = Mention.objects.of(tea.brand).get(activity__remote_id="m0")
    hear(TOWN, [replace(public("m0", "Teapots: what colours are there?", by=0, minutes_ago=30), edited=now)])
    jobs.fold_edited.func(ids=[first.pk])
    jobs.fold_edited.func(ids=[first.pk])
    assert noise(tea) == {"m0": "", "m1": "", "m2": "repeat"}
    first.refresh_from_db()
    assert (first.fold, first.asks) == (None, True)
    assert is_true(tea)
    hear(TOWN, [replace(public("m0", SAYS, by=0, minutes_ago=30), edited=now + timedelta(minutes=1))])
    jobs.fold_edited.func(ids=[first.pk])
    assert noise(tea) == {"m0": "", "m1": "repeat", "m2": "repeat"}
    assert is_true(tea)


def test_spam_is_passed_over_and_stays_so_in_a_fold(tea: Query) -> None:
    heap = " ".join(f"#teapot{n}" for n in range(14))
    listen(
        public("s0", f"{heap} cheap", minutes_ago=3), public("s1", f"{heap} cheap", by=2), public("ok", SAYS)
    )
    assert noise(tea) == {"s0": "spam", "s1": "spam", "ok": ""}
    assert in_step()


def test_each_query_folds_for_itself(tea: Query) -> None:
    other = house("other")
    theirs = Query.make(other.brand, other.people["manager"], "Tea", "teapot AND letters")
    listen(public("a", SAYS.replace("letters", "mails"), minutes_ago=9), public("b", SAYS, minutes_ago=8))
    listen(public("c", SAYS, minutes_ago=7))
    assert noise(tea) == {"a": "", "b": "repeat", "c": "repeat"}
    assert noise(theirs) == {"b": "", "c": "repeat"}
    assert is_true(tea)
    assert is_true(theirs)


def test_what_nobody_repeats_is_let_go_of(tea: Query) -> None:
    listen(public("a", SAYS), public("b", SAYS, by=2), public("c", "A green teapot, of all things"))
    assert Print.objects.count() == 2
    old = clock.now() - timedelta(days=8)
    Print.objects.update(heard=old)
    assert folding.sweep() == 1, "what was still said lately is kept in mind"
    Fold.objects.of(tea.brand).update(last_at=old)
    assert folding.sweep() == 1
    assert folding.sweep() == 0
    assert Fold.objects.of(tea.brand).count() == 1


def test_any_coming_and_going_leaves_figures_true(tea: Query) -> None:
    random = Random(7)
    said = [
        "The teapot leaks and nobody at the shop cares about it",
        SAYS,
        "What a lovely teapot they sell in Lyon",
    ]
    alive: list[str] = []
    for turn in range(25):
        some = [f"t{turn}-{n}" for n in range(random.randrange(1, 5))]
        listen(*[
            public(each, random.choice(said), by=random.randrange(9), minutes_ago=random.randrange(99)) for each in some
        ])  # fmt: skip
        alive += some
        gone = random.sample(alive, min(len(alive), random.randrange(3)))
        hear(TOWN, [Gone(each) for each in gone])
        alive = [each for each in alive if each not in gone]
        shown = [key for key, why in noise(tea).items() if not why]
        assert len(shown) <= len(said)
        assert in_step()
    for fold in Fold.objects.of(tea.brand):
        rows = Mention.objects.of(tea.brand).filter(fold=fold.pk).order_by("at", "pk")
        assert [row.noise for row in rows] == ["", *["repeat"] * (fold.size - 1)]


def test_folding_asks_a_few_statements_a_batch(tea: Query, django_assert_max_num_queries: Any) -> None:
    new = hear(TOWN, [public(f"m{n}", f"{SAYS} {'x' * (n % 3)}", by=n) for n in range(60)])
    with django_assert_max_num_queries(14, connection=connection):
        folding.fold(new)
    assert is_true(tea) or Fold.objects.of(tea.brand).get().size == 60
