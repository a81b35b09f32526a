"""Cards of communities: where one is, how one behaves there, and who is asked before a brand speaks where none does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comptoir.inbox.models import Reply, Thread
from comptoir.inbox.tests.building import TOWN, House, browser, house, said
from comptoir.inbox.tests.building import hear as receive
from comptoir.kernel import clock
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Query, Source
from comptoir.networks.connector import Kind
from comptoir.networks.models import Audience, Community
from comptoir.networks.models.community import home_of, met, place_of, places_in
from comptoir.organisation.models import ApiToken, AuditEntry, Membership

pytestmark = pytest.mark.django_db
HERE = "/b/verdier/communities/"


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Tea", "teapot*")
    return made


def card(at: House, place: str, speaks: str = "no", **rest: str) -> Community:
    return Community.make(at.brand, at.people["agent"], place=place, speaks=speaks, **rest)


def agent(at: House) -> Client:
    return browser(at.people["agent"])


# Places


@pytest.mark.parametrize(("given", "place"), [
    ("https://www.Social.example/", "social.example"), ("social.example", "social.example"),
    ("forum.example/c/Tea?sort=new#top", "forum.example/c/tea"), ("#Thé", "#thé"), (" @x@social.example", None),
    ("", None), ("no host", None), ("localhost", None), ("#", None), ("a" * 400 + ".example", None),
])  # fmt: skip
def test_a_place_has_one_spelling(given: str, place: str | None) -> None:
    if place is None:
        with pytest.raises(ValueError, match="place"):
            place_of(given)
    else:
        assert place_of(given) == place_of(place) == place


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_place_or_none(text: str) -> None:
    try:
        found = place_of(text)
    except ValueError:
        return
    assert place_of(found) == found


@given(st.lists(st.text(max_size=60), max_size=4))
def test_places_are_found_in_whatever_a_network_gives(texts: list[str]) -> None:
    assert all(each == each.casefold() for each in places_in(texts, texts, texts))


def test_the_places_of_a_message_are_its_addresses_and_tags(verdier: House) -> None:
    found = places_in(["https://www.forum.example/c/tea/12"], ["@ann@social.example"], ["a #Teapot of mine"])
    assert found == {"forum.example", "forum.example/c", "forum.example/c/tea", "forum.example/c/tea/12",
                     "social.example", "#teapot"}  # fmt: skip
    assert home_of(["not an address", "https://www.forum.example/c/tea"]) == "forum.example"
    wide, narrow = card(verdier, "forum.example", "yes"), card(verdier, "forum.example/c/tea", "no")
    card(verdier, "social.example", "ask", network="feed")
    card(house("other"), "forum.example", "no")
    assert met(verdier.brand, TOWN, found) == [narrow, wide]


# Pages


def test_cards_are_written_found_noted_reviewed_and_removed(verdier: House) -> None:
    client, member = agent(verdier), Membership.objects.get(brand=verdier.brand, user=verdier.people["agent"])
    assert "No card yet" in client.get(HERE).content.decode()
    form = {"network": "", "place": "https://Social.example/", "name": "Tea people", "speaks": "addressed",
            "customs": "Nobody sells here.", "asks": "@mod@social.example", "speakers": [str(member.pk)]}  # fmt: skip
    assert client.post(f"{HERE}new/", {**form, "place": "nowhere at all"}).status_code == 422
    assert client.post(f"{HERE}new/", form).status_code == 302
    assert "a card for this place already" in client.post(f"{HERE}new/", form).content.decode()
    made = Community.objects.of(verdier.brand).get()
    assert made.place == "social.example"
    assert "Tea people" in client.get(HERE, {"q": "sells tea"}).content.decode()
    assert "No card has these words" in client.get(HERE, {"q": "coffee"}).content.decode()
    assert client.post(f"{HERE}{made.pk}/notes/", {"text": "They like <b>photos</b>"}).status_code == 302
    page = client.get(f"{HERE}{made.pk}/").content.decode()
    for words in (
        "Nobody sells here.",
        "@mod@social.example",
        "&lt;b&gt;photos",
        "Agent",
        "Only when it is addressed",
    ):
        assert words in page
    Community.objects.of(verdier.brand).update(reviewed=clock.now() - timedelta(days=200))
    assert "To be looked at again" in client.get(HERE).content.decode()
    assert "Is it still true?" in client.get(f"{HERE}{made.pk}/").content.decode()
    client.post(f"{HERE}{made.pk}/review/")
    assert "To be looked at again" not in client.get(HERE).content.decode()
    sheet = client.get(f"{HERE}cards.csv").content.decode()
    assert "Tea people" in sheet
    assert "Agent" in sheet
    assert client.post(f"{HERE}{made.pk}/edition/", {**form, "speaks": "no"}).status_code == 302
    assert client.post(f"{HERE}{made.pk}/removal/", {"confirm": "yes"}).status_code == 403
    manager = browser(verdier.people["manager"])
    assert manager.post(f"{HERE}{made.pk}/removal/").status_code == 400
    assert manager.post(f"{HERE}{made.pk}/removal/", {"confirm": "yes"}).status_code == 302
    written = AuditEntry.objects.of(verdier.brand).filter(what__startswith="community_")
    assert sorted(written.values_list("what", flat=True)) == [
        "community_changed", "community_made", "community_noted", "community_removed", "community_reviewed",
    ]  # fmt: skip


def test_a_card_is_read_by_readers_and_is_no_other_brands_business(verdier: House) -> None:
    made = card(verdier, "social.example")
    reader = browser(verdier.people["reader"])
    assert reader.get(f"{HERE}{made.pk}/").status_code == 200
    assert reader.get(f"{HERE}new/").status_code == 403
    assert reader.post(f"{HERE}{made.pk}/notes/", {"text": "x"}).status_code == 403
    other = browser(house("other").people["owner"])
    assert other.get(f"/b/other/communities/{made.pk}/").status_code == 404


def test_who_leaves_speaks_there_no_more(verdier: House) -> None:
    member = Membership.objects.get(brand=verdier.brand, user=verdier.people["agent"])
    made = Community.make(verdier.brand, verdier.people["manager"], [member], place="social.example")
    stranger = Membership.objects.get(brand=house("other").brand, role="agent")
    made.change(verdier.people["manager"], [member, stranger])
    assert list(made.speakers.all()) == [member]
    verdier.brand.dismiss(member.user, verdier.people["owner"])
    assert not made.speakers.exists()


# Where it matters


def heard(at: House) -> Mention:
    post = replace(
        said("a", "a teapot #teaparty", kind=Kind.POST), addressed=False, url="https://forum.example/c/tea/1"
    )
    hear(TOWN, [post])
    return Mention.objects.of(at.brand).get()


def test_a_mention_shows_the_card_and_is_brought_from_where_no_brand_speaks_once_that_is_meant(
    verdier: House,
) -> None:
    mention, client = heard(verdier), agent(verdier)
    page, bringing = (f"/b/verdier/listening/mentions/{mention.pk}/{rest}" for rest in ("", "bringing/"))
    assert "place=forum.example" in client.get(page).content.decode()
    made = card(verdier, "#teaparty", customs="A party among friends.")
    shown = client.get(page).content.decode()
    assert "A party among friends." in shown
    assert f"{HERE}{made.pk}/" in shown
    assert "No brand speaks in this community" in client.post(bringing, follow=True).content.decode()
    assert not Audience.objects.exists()
    client.post(bringing, {"community": "yes", "from": "mention"})
    assert Audience.objects.count() == 1


def test_a_thread_shows_the_card_above_the_composer_and_an_answer_has_to_be_meant(verdier: House) -> None:
    receive(verdier.channel, [replace(said("m", "Where is my teapot?"), url="https://forum.example/c/tea/2")])
    thread = Thread.objects.of(verdier.brand).get()
    client, at = agent(verdier), f"/b/verdier/threads/{thread.pk}/"
    assert "forum.example" not in client.get(at).content.decode().partition('id="writing"')[2]
    made = card(verdier, "forum.example", "ask", customs="Ask the moderators.", asks="@mod")
    shown = client.get(at).content.decode()
    assert "Ask the moderators." in shown
    assert "answer all the same" not in shown
    made.change(verdier.people["agent"], speaks="no")
    assert "answer all the same" in client.get(at).content.decode()
    answer = {"text": "On its way.", "seen": "0"}
    refused = client.post(f"{at}replies/", answer)
    assert refused.status_code == 422
    assert "Say that you mean it" in refused.content.decode()
    assert not Reply.objects.filter(thread=thread).exists()
    client.post(f"{at}replies/", {**answer, "community": "yes"})
    assert Reply.objects.filter(thread=thread).count() == 1


def test_a_source_leads_to_the_card_of_its_place(verdier: House) -> None:
    source = Source.objects.create(
        brand=verdier.brand, network="feed", address="https://www.blog.example/feed", name="n"
    )
    client, page = agent(verdier), f"/b/verdier/listening/sources/{source.pk}/"
    assert "place=blog.example" in client.get(page).content.decode()
    made = card(verdier, "blog.example")
    assert f"{HERE}{made.pk}/" in client.get(page).content.decode()


# Programs


def test_programs_write_and_read_cards(verdier: House) -> None:
    token = ApiToken.make(verdier.people["manager"], "t", ["channels:read", "channels:write"])[1]
    at, headers = "/api/v1/brands/verdier/communities", {"authorization": f"Bearer {token}"}
    client, kind = Client(), "application/json"
    facts = {"place": "www.Social.example", "speaks": "no", "speakers": [verdier.people["agent"].pk]}
    made = client.post(at, facts, kind, headers=headers)
    assert made.status_code == 201, made.content
    assert (made.json()["place"], made.json()["name"]) == ("social.example", "social.example")
    assert made.json()["speakers"] == [verdier.people["agent"].pk]
    one = f"{at}/{made.json()['id']}"
    assert client.post(at, facts, kind, headers=headers).status_code == 422
    assert client.post(at, {"place": "x y"}, kind, headers=headers).status_code == 422
    assert (
        client.post(
            at, {**facts, "place": "b.example", "speakers": [1 << 40]}, kind, headers=headers
        ).status_code
        == 422
    )
    assert (
        client.put(one, {"place": "#tea", "speaks": "yes"}, kind, headers=headers).json()["place"] == "#tea"
    )
    assert client.post(f"{one}/notes", {"text": "n"}, kind, headers=headers).status_code == 201
    assert len(client.get(at, headers=headers).json()["items"]) == 1
    assert client.delete(one, headers=headers).status_code == 204
    assert client.get(one, headers=headers).status_code == 404
