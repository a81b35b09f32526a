"""What is noise is passed over at first, with its count and the reason; and how something spread."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from comptoir.inbox.tests.building import TOWN, House, browser, house
from comptoir.kernel import clock
from comptoir.listening import jobs
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Query
from tests.listening.test_folding import SAYS
from tests.listening.test_hearing import public

pytestmark = pytest.mark.django_db
WORDS = (SAYS + " kettle green lovely shop Lyon never again quick cup spoon sugar milk").split()
HEAP = " ".join(f"#teapot{n}" for n in range(14)) + " cheap"


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    new = hear(TOWN, [
        public("spam", HEAP, by=1, minutes_ago=9),
        *[public(f"m{n}", SAYS, by=n, minutes_ago=300 - 60 * n) for n in range(4)],
        public("asks", "Where can I buy such a teapot, please?", by=9, minutes_ago=4),
        public("sad", "My baby was hurt by this teapot, she is in hospital", by=8, minutes_ago=3),
    ])  # fmt: skip
    jobs.tell_mentions.func(ids=new)
    return made


def at(house: House, rest: str = "") -> str:
    return f"/b/{house.brand.slug}/listening/{rest}"


def test_noise_is_passed_over_with_its_count_and_is_one_click_away(verdier: House) -> None:
    reader = browser(verdier.people["reader"])
    here = at(verdier, f"queries/{Query.objects.of(verdier.brand).get().pk}/")
    page = reader.get(here).content.decode()
    assert "1 is spam" in page
    assert "3 say the same" in page
    assert "and 3 the same" in page
    assert page.count('id="mention-') == 3
    assert "</mark> cheap" not in page
    spam = reader.get(here, {"noise": "spam"}).content.decode()
    assert spam.count('id="mention-') == 1
    assert "</mark> cheap" in spam
    assert reader.get(here, {"noise": "repeat"}).content.decode().count('id="mention-') == 3
    assert reader.get(here, {"noise": "all"}).content.decode().count('id="mention-') == 7
    assert "None like that" in reader.get(here, {"noise": "nonsense"}).content.decode()


def test_what_marks_a_message_is_a_word_and_narrows(verdier: House) -> None:
    reader = browser(verdier.people["reader"])
    here = at(verdier, f"queries/{Query.objects.of(verdier.brand).get().pk}/")
    asks = reader.get(here, {"sign": "asks"}).content.decode()
    assert "Where can I buy" in asks
    assert "Wants an answer</span>" in asks
    assert "in hospital" not in asks
    assert "Pressing</span>" in reader.get(here, {"sign": "presses"}).content.decode()


def test_the_page_of_a_mention_says_how_it_spread(verdier: House, django_assert_max_num_queries: Any) -> None:
    reader = browser(verdier.people["reader"])
    first = Mention.objects.of(verdier.brand).get(activity__remote_id="m0")
    with django_assert_max_num_queries(16):
        page = reader.get(at(verdier, f"mentions/{first.pk}/")).content.decode()
    assert "4 say the same" in page
    assert "3 h later" in page
    assert page.count("1200 followers") >= 4
    assert 'max="1"' in page
    last = Mention.objects.of(verdier.brand).get(activity__remote_id="m3")
    assert (
        f'href="{at(verdier, f"mentions/{first.pk}/")}"'
        in reader.get(at(verdier, f"mentions/{last.pk}/")).content.decode()
    )
    place = clock.place(first.at, first.pk)
    later = reader.get(at(verdier, f"mentions/{first.pk}/"), {"after": place}).content.decode()
    assert later.count('<p class="words" dir="auto">') == 4
    assert reader.get(at(verdier, f"mentions/{first.pk}/"), {"after": "x"}).status_code == 400
    alone = Mention.objects.of(verdier.brand).get(activity__remote_id="asks")
    assert "say the same" not in reader.get(at(verdier, f"mentions/{alone.pk}/")).content.decode()
    assert browser(verdier.stranger).get(at(verdier, f"mentions/{alone.pk}/")).status_code == 404


def test_a_full_page_weighs_little(verdier: House, django_assert_max_num_queries: Any) -> None:
    random = Random(3)
    batch = [
        public(f"w{n}", f"teapot {' '.join(random.sample(WORDS, 14))}", by=n, minutes_ago=500 + n)
        for n in range(60)
    ]
    jobs.tell_mentions.func(ids=hear(TOWN, batch))
    here = at(verdier, f"queries/{Query.objects.of(verdier.brand).get().pk}/")
    agent = browser(verdier.people["agent"])
    agent.get(here)
    with django_assert_max_num_queries(12):
        page = agent.get(here).content
    assert page.count(b'id="mention-') == 50
    assert len(page) < 60_000
