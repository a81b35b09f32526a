"""Explore: what is said, by whom, in what tone; each figure leads to the posts that it counts."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from comptoir.inbox.tests.building import TOWN, House, browser, house
from comptoir.kernel import clock
from comptoir.listening.hearing import hear
from comptoir.listening.models import Exploration, Mention, Query
from comptoir.listening.period import NAMED
from comptoir.networks.connector import Actor
from comptoir.networks.models import Channel
from comptoir.organisation.models import ApiToken, AuditEntry, Membership
from comptoir.organisation.models.terms import Terms
from tests.listening.test_counting import _at
from tests.listening.test_hearing import public

pytestmark = pytest.mark.django_db


def _said(n: int, text: str, days: float, who: int, followers: int = 10) -> Any:
    said = public(f"p{n}", text)
    person = Actor(f"u{who}", f"u{who}@x.example", f"Person {who}", followers=followers)
    moved = _at(said, clock.now() - timedelta(days=days))
    changes = {"actor": person, "url": f"https://www.site{who % 2}.example/{n}"}
    return type(moved)(**{name: getattr(moved, name) for name in moved.__slots__} | changes)


@pytest.fixture
def verdier() -> House:
    """Forty posts of the week before about teapots, thirty of this week that say they leak, and kettles."""
    made = house("verdier")
    manager = made.people["manager"]
    Query.make(made.brand, manager, "Tea", "teapot*")
    Query.make(made.brand, manager, "Kettles", "kettle*")
    old = [_said(n, f"A fine teapot number {n}", 9 + n % 3, n % 9) for n in range(40)]
    new = [
        _said(100 + n, f"I hate it: the teapot has a loose lid {n}", n % 3 + 0.1, n % 7) for n in range(30)
    ]
    kettles = [_said(200 + n, f"Une bouilloire, a kettle {n}", n % 3 + 0.1, 20, 50_000) for n in range(10)]
    hear(TOWN, [*old, *new, *kettles])
    Mention.objects.of(made.brand).filter(activity__remote_id__in=["p100", "p101"]).update(noise="spam")
    return made


def at(house: House, rest: str = "") -> str:
    return f"/b/{house.brand.slug}/listening/{rest}"


def _links(page: str) -> dict[str, str]:
    """The addresses of lists on a page, by the words of their links."""
    found = re.findall(r'<a href="(/b/[^"]+/mentions/\?[^"]+)">(?:<bdi>)?([^<]+)<', page)
    return {words: unescape(link) for link, words in found}


def _count(client: Any, link: str) -> int:
    """How many posts a list has, page after page."""
    page, n = client.get(link), 0
    while True:
        n += len(page.context["shown"])
        if not page.context["older"]:
            return n
        page = client.get(f"{link.partition('?')[0]}?{page.context['older']}")


def test_each_figure_leads_to_its_posts(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.listening.views.mentions.PAGE", 12)
    reader = browser(verdier.people["reader"])
    answer = reader.get(at(verdier, "explore/"))
    found, page, links = answer.context["found"], answer.content.decode(), _links(answer.content.decode())
    assert (found.now.n, found.before.n, dict(found.now.folded)) == (38, 40, {"spam": 2})
    assert sum(point.n for point in found.series) == 38
    shares = {voice.query: (voice.now.n, voice.share) for voice in found.voices}
    names = {each.name: each.pk for each in Query.objects.of(verdier.brand)}
    assert shares == {names["Tea"]: (28, 28 / 38), names["Kettles"]: (10, 10 / 38)}
    for words, n in (("38", 38), ("Tea", 28), ("Kettles", 10), ("Spam · 2", 2), ("Person 20", 10)):
        assert _count(reader, links[words]) == n, words
    for row in (*answer.context["tables"].tones, *answer.context["tables"].languages):
        assert _count(reader, f"{at(verdier, 'mentions/')}?{row.posts}") == row.n, row.label
    days = [row for row in answer.context["tables"].series if row.n]
    assert [_count(reader, f"{at(verdier, 'mentions/')}?{row.posts}") for row in days] == [
        row.n for row in days
    ]
    assert found.speakers.heard[0].name == "Person 20"
    assert "passed over" in page
    noisy = reader.get(at(verdier, "explore/"), {"noise": "all", "query": names["Tea"]}).context["found"]
    assert (noisy.now.n, noisy.now.folded.total(), len(noisy.voices)) == (30, 0, 1)


def test_words_that_are_new_stand_out_and_lead_to_who_says_them(verdier: House) -> None:
    reader = browser(verdier.people["reader"])
    answer = reader.get(at(verdier, "explore/"))
    topics = {topic.words: topic for topic in answer.context["found"].topics}
    (phrase,) = [words for words in topics if "loose lid" in words]
    assert (topics[phrase].now, topics[phrase].before) == (28, 0)
    assert "fine" not in " ".join(topics)
    links = _links(answer.content.decode())
    assert _count(reader, links[phrase]) == 28
    assert _count(reader, links["site0.example"]) == dict(answer.context["found"].sites)["site0.example"]
    assert answer.context["found"].read == (38, 40)
    silent = reader.get(at(verdier, "explore/"), {"against": "none"})
    assert "nothing of the other period" in silent.content.decode()


@pytest.mark.parametrize("name", [*NAMED, ""])
def test_periods_are_asked_for_in_few_statements(
    verdier: House, name: str, django_assert_max_num_queries: Any
) -> None:
    reader = browser(verdier.people["reader"])
    today = clock.now().date()
    given = {"period": name} if name else {"since": f"{today - timedelta(days=200)}", "until": f"{today}"}
    reader.get(at(verdier, "explore/"), given)
    with django_assert_max_num_queries(20):
        answer = reader.get(at(verdier, "explore/"), given)
    found = answer.context["found"]
    assert sum(point.n for point in found.series) == found.now.n > 0
    assert len(answer.content) < 90_000
    other = reader.get(at(verdier, "explore/"), {"period": "7", "against": f"{today - timedelta(days=14)}"})
    assert other.context["found"].before.n > 0


def test_a_form_asks_for_named_periods_or_days_of_one_s_own(verdier: House) -> None:
    reader = browser(verdier.people["reader"])
    first = clock.now().date() - timedelta(days=14)
    asked = {"period": "7", "since": "", "until": "", "against": ["none", ""]}
    assert reader.get(at(verdier, "explore/"), asked).context["found"].before is None
    asked |= {"since": f"{first}", "until": f"{first}", "against": ["none", f"{first - timedelta(days=3)}"]}
    found = reader.get(at(verdier, "explore/"), asked).context["asked"]
    assert (found.period.since.date(), found.period.length, found.period.name) == (first, 1, "")
    assert found.against.since.date() == first - timedelta(days=3)


def test_what_makes_no_sense_is_said(verdier: House) -> None:
    reader = browser(verdier.people["reader"])
    for given in ({"since": "x"}, {"since": "2026-05-02", "until": "2026-05-01"}, {"since": "1200-01-01"}):
        assert reader.get(at(verdier, "explore/"), given).status_code == 400
    wrong = reader.get(at(verdier, "mentions/"), {"q": "a AND b OR c"})
    assert "parentheses" in wrong.content.decode()
    assert reader.get(at(verdier, "explore/"), {"query": "9999999"}).context["found"].now.n == 38
    assert browser(verdier.stranger).get(at(verdier, "explore/")).status_code == 404
    assert reader.get(at(verdier, "explore/nonsense.csv")).status_code == 404


def test_a_search_is_decided_by_the_evaluator_whatever_the_index_proposes(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = browser(verdier.people["reader"])
    expected = {
        "lid": 28, '"loose lid"': 28, '"lid loose"': 0, "teapot NOT lid": 40, "lid OR bouilloire": 38, "lid lang:fr": 0,
        "teapot author:u3": None, "loose NEAR/2 lid": 28, "nowhere": 0,
    }  # fmt: skip
    one = Mention.objects.of(verdier.brand).get(activity__remote_id="p103").author
    searched = {query: f"q={query.replace(' ', '+')}" for query in expected}
    expected |= {"one person's": 4, "one person's of old": 5}
    searched |= {"one person's": f"q=lid&author={one}", "one person's of old": f"q=fine&author={one}"}
    found: dict[tuple[str, bool], int] = {}
    for gathers in (True, False):
        monkeypatch.setattr("comptoir.listening.finding._STEP", 10**9 if gathers else 0)
        monkeypatch.setattr("comptoir.listening.finding._FIRST_REACH", 1)
        for query, address in searched.items():
            found[query, gathers] = _count(reader, f"{at(verdier, 'mentions/')}?{address}")
    for query, n in expected.items():
        assert found[query, True] == found[query, False], query
        assert n is None or found[query, True] == n, query
    assert 0 < found["teapot author:u3", True] < 20


def test_what_rows_say_themselves_narrows_a_search_to_no_less_than_it_is_true_of(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = browser(verdier.people["reader"])
    rows = Mention.objects.of(verdier.brand).filter(noise="").order_by("pk")
    languages = ("fr", "FR", "fr-CA", "pt-BR", "pt", "", "frr", "es-419")
    for n, pk in enumerate(rows.values_list("pk", flat=True)):
        tone = ("negative", "positive", "neutral")[n % 3]
        Mention.objects.of(verdier.brand).filter(pk=pk).update(language=languages[n % 8], tone=tone)
    asked = (
        "lang:fr", "lang:FR", "lang:pt-br", "lang:f*", "lang:(pt OR es-419)", "teapot lang:fr", "teapot NOT lang:fr",
        "lang:fr OR kettle", "sentiment:negative", "teapot sentiment:(positive OR neutral)",
        f"network:{TOWN}", "network:nowhere lid", "lang:fr sentiment:negative", "lang:xx",
    )  # fmt: skip

    def counts() -> list[int]:
        return [_count(reader, f"{at(verdier, 'mentions/')}?{urlencode({'q': each})}") for each in asked]

    narrowed = counts()
    monkeypatch.setattr("comptoir.listening.finding._SAID_OF", {})
    assert narrowed == counts()
    assert narrowed[0] == narrowed[1] == 30
    assert narrowed[2] == 10
    assert narrowed[-1] == 0


def test_tables_are_files_that_run_nothing(verdier: House) -> None:
    hear(TOWN, [_said(900 + n, "a teapot =cmd", 0.1, 30 + n) for n in range(3)])
    reader = browser(verdier.people["reader"])
    for table in ("summary", "series", "voices", "tones", "languages", "networks", "noise", "topics", "tags", "sites",
                  "people"):  # fmt: skip
        answer = reader.get(at(verdier, f"explore/{table}.csv"))
        assert answer["Content-Type"].startswith("text/csv"), table
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) > 1 or table == "tags", table
        assert not [line for line in lines if line.startswith("=")]
    rows = reader.get(at(verdier, "explore/voices.csv")).content.decode().splitlines()
    assert rows[1].split(",")[1:3] == ["Tea", "31"]


def test_views_are_kept_for_oneself_or_for_all(verdier: House) -> None:
    agent, reader = browser(verdier.people["agent"]), browser(verdier.people["reader"])
    here = at(verdier, "explorations/")
    agent.post(here, {"name": "Weeks", "asked": "period=30&tone=negative", "shared": "on"})
    reader.post(here, {"name": "Mine", "asked": "period=90"})
    assert reader.post(here, {"name": "For all", "asked": "", "shared": "on"}).status_code == 403
    assert reader.post(here, {"name": " "}).status_code == 400
    page = reader.get(at(verdier, "explore/")).content.decode()
    assert 'href="?period=30&amp;tone=negative"' in page
    assert "Mine" in page
    assert "Mine" not in agent.get(at(verdier, "explore/")).content.decode()
    mine, weeks = (Exploration.objects.of(verdier.brand).get(name=name).pk for name in ("Mine", "Weeks"))
    assert agent.post(f"{here}{mine}/removal/").status_code == 404
    assert reader.post(f"{here}{weeks}/removal/").status_code == 403
    assert browser(verdier.people["manager"]).post(f"{here}{weeks}/removal/").status_code == 302
    codes = (
        AuditEntry.objects.of(verdier.brand)
        .filter(what__startswith="exploration")
        .values_list("what", flat=True)
    )
    assert sorted(codes) == ["exploration_kept", "exploration_kept", "exploration_removed"]


def test_who_is_given_some_channels_explores_what_they_see(verdier: House) -> None:
    first = verdier.channel
    second = Channel.objects.create(
        brand=verdier.brand, network=TOWN, remote_id="second", handle="@second", settings=first.settings,
        next_fetch=first.next_fetch, next_recheck=first.next_recheck, history_done=True,
    )  # fmt: skip
    heard = Mention.objects.of(verdier.brand).get(activity__remote_id="p105").activity
    heard.audience.create(channel=first)
    member = Membership.objects.get(brand=verdier.brand, user=verdier.people["agent"])
    member.agree(Terms(channels=(second.pk,)), verdier.people["owner"])
    agent = browser(verdier.people["agent"])
    answer = agent.get(at(verdier, "explore/"))
    assert answer.context["found"].now.n == 37
    assert "You see some channels" in answer.content.decode()
    assert _count(agent, f"{at(verdier, 'mentions/')}?{answer.context['posts']}") == 37


def test_programs_get_the_same_figures(verdier: House, client: Any) -> None:
    _token, key = ApiToken.make(verdier.people["manager"], "p", ["threads:read"])
    asked: dict[str, Any] = {"headers": {"Authorization": f"Bearer {key}"}}
    tea = Query.objects.of(verdier.brand).get(name="Tea").pk
    found = client.get(f"/api/v1/brands/{verdier.brand.slug}/explore?query={tea}&period=7", **asked).json()
    assert (found["mentions"], found["before"], found["noise"]) == (28, 40, {"spam": 2})
    assert sum(each["mentions"] for each in found["series"]) == 28
    assert any("loose lid" in each["words"] for each in found["topics"])
    assert found["voices"] == [{"query": tea, "mentions": 28, "share": 1.0, "before": 40, "reach": 280,
                                "negative_share": found["voices"][0]["negative_share"]}]  # fmt: skip
    page = client.get(
        f"/api/v1/brands/{verdier.brand.slug}/queries/{tea}/mentions?q=lid+NOT+teapots&limit=2", **asked
    ).json()
    assert len(page["items"]) == 2
    assert page["next"]
    assert client.get(f"/api/v1/brands/{verdier.brand.slug}/explore?since=x", **asked).status_code == 422
