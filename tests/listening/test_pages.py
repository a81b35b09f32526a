"""The pages of listening, and what programs can do there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from comptoir.inbox import jobs as inbox_jobs
from comptoir.inbox.tests.building import HTMX, TOWN, House, browser, house, said
from comptoir.inbox.tests.building import hear as receive
from comptoir.kernel.sight import seeing
from comptoir.listening import jobs
from comptoir.listening.hearing import hear
from comptoir.listening.models import Backtest, Mention, Query
from comptoir.networks.connector import Gone, Kind
from comptoir.networks.models import Activity as Message
from comptoir.networks.models import Channel
from comptoir.organisation.access import sight_of
from comptoir.organisation.models import ApiToken, Membership
from comptoir.organisation.models.terms import Terms
from tests.listening.test_hearing import public

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    hear(TOWN, [
        public("p1", "My <b>teapot</b> is broken and I hate it", minutes_ago=5),
        public("p2", "J’adore cette théière, merci la teapot parfaite", minutes_ago=9),
        public("p3", "Nothing of the kind"),
    ])  # fmt: skip
    return made


def at(house: House, rest: str = "") -> str:
    return f"/b/{house.brand.slug}/listening/{rest}"


def test_the_list_says_how_much_each_heard(verdier: House) -> None:
    page = browser(verdier.people["reader"]).get(at(verdier)).content.decode()
    assert "teapot*" in page
    assert "<dd>2</dd>" in page
    assert "New query" not in page
    assert f'href="{at(verdier, "mentions/")}">All mentions<' in page
    mentions = browser(verdier.people["reader"]).get(at(verdier, "mentions/")).content.decode()
    assert mentions.count('id="mention-') == 2
    assert "New query" in browser(verdier.people["manager"]).get(at(verdier)).content.decode()
    assert browser(verdier.stranger).get(at(verdier)).status_code == 404


def test_while_typing_one_sees_what_it_would_find_and_how_to_mend_it(verdier: House) -> None:
    manager = browser(verdier.people["manager"])
    trial = at(verdier, "queries/trial/")
    page = manager.get(trial, {"text": "teapot*"}, **HTMX).content.decode()
    assert "2 of the last 3 messages heard in public" in page
    assert "which is all that passed" in page
    assert "My &lt;b&gt;<mark>teapot</mark>&lt;/b&gt;" in page
    wrong = manager.get(trial, {"text": "teapot AND green OR blue"}, **HTMX).content.decode()
    assert "Column 1" in wrong
    assert 'value="(teapot AND green) OR blue"' in wrong
    nothing = manager.get(trial, {"text": "lang:fr AND merci"}, **HTMX).content.decode()
    assert "1 of the last 3 messages heard in public" in nothing
    assert browser(verdier.people["agent"]).get(trial, {"text": "x"}).status_code == 403


def test_a_query_is_written_mended_changed_paused_and_taken_back(verdier: House) -> None:
    manager = browser(verdier.people["manager"])
    new = at(verdier, "queries/new/")
    mended = manager.post(new, {"name": "Blue", "text": "a AND b OR c", "mend": "(a AND b) OR c"})
    assert "(a AND b) OR c" in mended.content.decode()
    assert not Query.objects.of(verdier.brand).filter(name="Blue").exists()
    assert manager.post(new, {"name": "Blue", "text": "a AND b OR c"}).status_code == 422
    assert manager.post(new, {"name": "Tea", "text": "blue"}).status_code == 422
    manager.post(new, {"name": "Blue", "text": "blue"})
    made = Query.objects.of(verdier.brand).get(name="Blue")
    here = at(verdier, f"queries/{made.pk}/")
    manager.post(f"{here}edition/", {"name": "Blue", "text": "blue OR green"})
    page = manager.get(f"{here}versions/").content.decode()
    assert '<ins><span class="q-operator">OR</span> green</ins>' in page
    manager.post(f"{here}versions/1/back/")
    made.refresh_from_db()
    assert (made.text, made.number) == ("blue", 3)
    manager.post(f"{here}switch/", {"state": "off"})
    made.refresh_from_db()
    assert not made.on
    assert browser(verdier.people["agent"]).post(f"{here}switch/", {"state": "on"}).status_code == 403
    assert manager.get(f"{here}removal/").status_code == 200
    manager.post(f"{here}removal/")
    assert not Query.objects.of(verdier.brand).filter(name="Blue").exists()


def test_mentions_are_narrowed_paged_and_brought_to_the_counter(
    verdier: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query.objects.of(verdier.brand).get()
    here = at(verdier, f"queries/{query.pk}/")
    agent = browser(verdier.people["agent"])
    page = agent.get(here).content.decode()
    assert page.index("My &lt;b&gt;") < page.index("cette théière")
    french = agent.get(here, {"language": "fr"}).content.decode()
    assert "cette théière" in french
    assert "My &lt;b&gt;" not in french
    monkeypatch.setattr("comptoir.listening.views.mentions.PAGE", 1)
    first = agent.get(here)
    assert "cette théière" not in first.content.decode()
    older = agent.get(f"{here}?{first.context['older']}").content.decode()
    assert "cette théière" in older
    assert "My &lt;b&gt;" not in older
    assert agent.get(here, {"before": "x"}).status_code == 400
    mention = Mention.objects.of(verdier.brand).newest()[0]
    bringing = at(verdier, f"mentions/{mention.pk}/bringing/")
    assert browser(verdier.people["reader"]).post(bringing).status_code == 403
    back = agent.post(bringing, {"back": "tone=negative"})
    assert back["Location"] == f"{here}?tone=negative#mention-{mention.pk}"
    inbox_jobs.gather.func(channel_id=verdier.channel.pk, new=[mention.activity_id], changed=[])
    assert "On the counter" in agent.get(here).content.decode()
    there = agent.get(f"/b/{verdier.brand.slug}/threads/about/{mention.activity_id}/")
    assert there["Location"] == verdier.url(f"{verdier.thread().pk}/")
    thread = agent.get(there["Location"]).content.decode()
    assert "My &lt;b&gt;teapot" in thread
    # The link back to the mention, by the name of its query.
    assert f'href="{at(verdier, f"mentions/{mention.pk}/")}"' in thread
    assert f"Heard by {query.name}" in thread


def test_lists_cut_long_texts_between_words_and_a_mention_has_the_whole(verdier: House) -> None:
    words = " ".join(f"and then my aunt said {n} things about it," for n in range(9))
    hear(TOWN, [public("long", f"We have a teapot at home, {words} and that was it", minutes_ago=1)])
    reader, row = browser(verdier.people["reader"]), Mention.objects.of(verdier.brand).newest()[0]
    listed = reader.get(at(verdier, "mentions/")).content.decode()
    assert re.search(r" (and|then|my|aunt|said|\d|things|about|it,) …</p>", listed)
    assert "that was it</p>" in reader.get(at(verdier, f"mentions/{row.pk}/")).content.decode()


def test_a_version_is_put_to_what_is_kept(verdier: House) -> None:
    query = Query.objects.of(verdier.brand).get()
    manager = browser(verdier.people["manager"])
    query.rewrite(verdier.people["manager"], "broken OR kind")
    began = manager.post(at(verdier, f"queries/{query.pk}/versions/2/backtests/"))
    (made,) = Backtest.objects.of(verdier.brand)
    assert began["Location"] == at(verdier, f"backtests/{made.pk}/")
    assert "every 1s" in manager.get(began["Location"], **HTMX).content.decode()
    jobs.backtest.func(backtest_id=made.pk)
    jobs.backtest.func(backtest_id=made.pk)
    made.refresh_from_db()
    assert (made.looked, made.total, made.matched, made.lost) == (2, 2, 1, 1)
    assert (made.sampled, made.of, made.sample_matched) == (3, 3, 2)
    page = manager.get(began["Location"], **HTMX).content.decode()
    assert "every 1s" not in page
    assert "1 mention that the query kept" in page


def test_a_query_keeps_what_came_before_it_when_asked(verdier: House) -> None:
    receive(verdier.channel, [said("m1", "Your kettles, please?"), said("m2", "A kettle", kind=Kind.MESSAGE)])
    made = Query.make(verdier.brand, verdier.people["manager"], "Kettles", "kettle* OR parfaite")
    manager = browser(verdier.people["manager"])
    here, offered = at(verdier, f"queries/{made.pk}/"), "Look through what came before as well"
    assert offered in manager.get(here).content.decode()
    assert offered not in browser(verdier.people["agent"]).get(here).content.decode()
    manager.post(at(verdier, f"queries/{made.pk}/versions/1/backtests/"))
    (test,) = Backtest.objects.of(verdier.brand)
    jobs.backtest.func(backtest_id=test.pk)
    assert "Keep what it finds there" in manager.get(at(verdier, f"backtests/{test.pk}/")).content.decode()
    manager.post(at(verdier, f"queries/{made.pk}/look-back/"))
    jobs.look_back.func(brand_id=verdier.brand.pk)
    jobs.look_back.func(brand_id=verdier.brand.pk)
    assert sorted(made.mentions.values_list("activity__remote_id", flat=True)) == ["m1", "p2"]
    verdier.channel.receive([replace(said("m1", "Your kettles, please?"), standing="spam")])
    (row,) = Message.objects.of(verdier.brand).filter(remote_id="m1")
    jobs.listen.func(channel_id=verdier.channel.pk, new=[], changed=[row.pk])
    assert sorted(made.mentions.values_list("activity__remote_id", flat=True)) == ["p2"]


def test_who_is_given_some_channels_sees_what_is_public_and_what_reached_these(verdier: House) -> None:
    query, first = Query.objects.of(verdier.brand).get(), verdier.channel
    second = Channel.objects.create(
        brand=verdier.brand, network=TOWN, remote_id="second", handle="@second", settings=first.settings,
        next_fetch=first.next_fetch, next_recheck=first.next_recheck, history_done=True,
    )  # fmt: skip
    for channel, name in ((first, "m1"), (second, "m2")):
        new = channel.receive([said(name, f"{name}: a teapot")])
        jobs.listen.func(channel_id=channel.pk, new=new, changed=[])
    assert query.mentions.count() == 4
    member = Membership.objects.get(brand=verdier.brand, user=verdier.people["agent"])
    member.agree(Terms(channels=(second.pk,)), verdier.people["owner"])
    page = browser(verdier.people["agent"]).get(at(verdier, f"queries/{query.pk}/")).content.decode()
    assert "cette théière" in page
    assert "m2: a" in page
    assert "m1: a" not in page
    with seeing(sight_of(verdier.people["agent"])):
        second.receive([Gone("m2")])
    assert query.mentions.count() == 3, "what is taken back is, whoever hears of it"


def test_programs_write_queries_and_read_mentions(verdier: House, client: Any) -> None:
    _token, key = ApiToken.make(verdier.people["manager"], "p", ["threads:read", "threads:write"])
    asked: dict[str, Any] = {"headers": {"Authorization": f"Bearer {key}"}}
    queries = f"/api/v1/brands/{verdier.brand.slug}/queries"
    kind = "application/json"
    made = client.post(queries, {"name": "Blue", "text": "blue", "on": False}, kind, **asked)
    assert (made.status_code, made.json()["on"], made.json()["version"]) == (201, False, 1)
    one = f"{queries}/{made.json()['id']}"
    changed = client.put(one, {"name": "Blue", "text": "blue OR green"}, kind, **asked).json()
    assert (changed["text"], changed["version"], changed["on"]) == ("blue OR green", 2, True)
    assert client.post(queries, {"name": "x", "text": "a AND b OR c"}, kind, **asked).status_code == 422
    assert [each["version"] for each in client.get(f"{one}/versions", **asked).json()["items"]] == [2, 1]
    assert client.delete(one, **asked).status_code == 204
    (tea,) = client.get(queries, **asked).json()["items"]
    page = client.get(f"{queries}/{tea['id']}/mentions?limit=1", **asked).json()
    assert page["items"][0]["text"].startswith("My <b>teapot")
    after = client.get(page["next"], **asked).json()
    assert (after["items"][0]["language"], after["next"]) == ("fr", None)
    bring = f"/api/v1/brands/{verdier.brand.slug}/mentions/{after['items'][0]['id']}/bringing"
    assert client.post(bring, {"channel": 1_000_000}, kind, **asked).status_code == 422
    assert client.post(bring, {"channel": verdier.channel.pk}, kind, **asked).status_code == 204
