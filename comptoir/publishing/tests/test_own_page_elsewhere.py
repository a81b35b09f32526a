"""A brand's own page for others: feeds, shared links, the widget, programs."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import feedparser
import pytest

from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.models import Asset, Content, OwnPage, PageEntry, Variant
from comptoir.publishing.tests.building import House, browser, house
from comptoir.publishing.tests.own_pages import (
    GIVEN,
    entries,
    leave,
    letters,
    opened_house,
    page_of,
    published,
    read,
    said,
)
from tests.servers.stranger import jpeg

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def ours(transactional_db: None) -> House:
    return opened_house()


def test_feeds_say_the_same_and_go_on_to_older_ones(ours: House) -> None:
    page = page_of(ours)
    for number in range(21):
        made = PageEntry.objects.create(
            page=page, word=f"{'a' * 11}{letters(number)}", language="en", languages=["en", "fr"]
        )
        made.texts.create(language="en", parts=[f"Number {number}\nwith <b> & more"])
        made.texts.create(language="fr", parts=[f"Numéro {number}"])
    told = feedparser.parse(read("/p/verdier/en/feed.atom").content)
    assert (told.bozo, told.feed.title, len(told.entries)) == (False, "Maison Verdier", 20)
    assert (told.entries[0].title, told.entries[0].content[0].language) == ("Number 20", "en")
    assert "with &lt;b&gt; &amp; more" in told.entries[0].content[0].value
    (older,) = [each.href for each in told.feed.links if each.rel == "next"]
    assert [each.title for each in feedparser.parse(read(_path(older)).content).entries] == ["Number 0"]
    answer = read("/p/verdier/feed.json", "fr")
    assert answer["Access-Control-Allow-Origin"] == "*"
    found = answer.json()
    assert [each["title"] for each in found["items"]] == [f"Numéro {n}" for n in reversed(range(1, 21))]
    assert [each["title"] for each in read(_path(found["next_url"])).json()["items"]] == ["Numéro 0"]


def test_a_feed_stays_xml_whatever_stands_there(ours: House) -> None:
    odd = "]]> & \x01\x0b \uffff 🍞 <a"
    given = replace(GIVEN, title=f"Title {odd}", abouts={"fr": odd})
    OwnPage.settle(ours.brand, ours.people["manager"], given)
    made = PageEntry.objects.create(page=page_of(ours), word="c" * 13, language="fr", languages=["fr"])
    made.texts.create(language="fr", parts=[odd], warning=odd)
    told = feedparser.parse(read("/p/verdier/fr/feed.atom").content)
    assert (told.bozo, len(told.entries)) == (False, 1)
    assert read("/p/verdier/fr/feed.json").json()["items"][0]["content_text"] == odd


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_a_shared_link_says_what_it_leads_to(ours: House) -> None:
    by, channel = ours.people["agent"], page_of(ours).channel
    asset = Asset.bring(ours.brand, by, jpeg(), "bread.jpg")
    words = [Variant(parts=["Portes ouvertes\nDemain"]), Variant(language="en", parts=["Open day\nTomorrow"])]
    published(ours, Content("fr", words, [(channel.pk, "")], [(asset.pk, "Le four")]))
    (entry,) = entries(ours)
    head = said(read(f"/p/verdier/{entry.word}/", "en")).partition("</head>")[0]
    base = page_of(ours).address
    for wanted in (
        'property="og:title" content="Open day"',
        f'property="og:url" content="{base}{entry.word}/"',
        f'property="og:image" content="{base}pictures/',
        'property="og:image:alt" content="Le four"',
        f'rel="canonical" href="{base}en/{entry.word}/"',
        f'hreflang="fr" href="{base}fr/{entry.word}/"',
        f'hreflang="x-default" href="{base}{entry.word}/"',
    ):
        assert wanted in head


def test_only_the_widget_is_framed_and_only_by_the_sites_that_were_named(ours: House) -> None:
    published(ours)
    assert "frame-ancestors 'none'" in read("/p/verdier/widget/")["Content-Security-Policy"]
    sites = ("https://www.verdier.example", "https://shop.example:8443")
    OwnPage.settle(ours.brand, ours.people["manager"], replace(GIVEN, sites=sites))
    answer = read("/p/verdier/widget/?n=1")
    assert f"frame-ancestors {' '.join(sites)}" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    for path in ("", f"{entries(ours)[0].word}/", "fr/"):
        other = read(f"/p/verdier/{path}")
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"
    assert "script-src" not in answer["Content-Security-Policy"], "nothing runs there at all"


def test_programs_of_managers_open_it_too(transactional_db: None) -> None:
    of = house()
    there = "/api/v1/brands/verdier/page"
    given = {"slug": "v", "title": "Verdier", "languages": ["fr"], "about": {"fr": "Du pain."}, "open": True}
    assert problem(Program(of.people["agent"]).ask("PUT", there, given)) == "role-too-low"
    program = Program(of.people["manager"])
    assert problem(program.ask("GET", there)) == "not-found"
    for wrong in (
        {"languages": ["xx"]},
        {"sites": ["ftp://a"]},
        {"slug": "a b"},
        {"about": {"de": "x"}},
        {"title": " "},
    ):
        assert problem(program.ask("PUT", there, {**given, **wrong})) == "invalid"
    shown = program.ask("PUT", there, given).json()
    assert (shown["open"], shown["about"], shown["channel"]) == (
        True,
        {"fr": "Du pain."},
        page_of(of).channel_id,
    )
    assert program.get(there) == shown
    assert read("/p/v/").status_code == 200


def test_the_composer_says_which_other_languages_are_read_there(ours: House) -> None:
    client = browser(ours.people["agent"])
    form = {"language": "en", "part-||": "Good morning!", "channel": str(page_of(ours).channel_id)}
    answer = client.post(
        "/b/verdier/posts/looks/", form | {"wording": ["||", "fr||"], "part-fr||": "Bonjour !"}
    )
    assert "It is read there in French as well" in said(answer)


def test_a_manager_takes_an_entry_back_at_once(ours: House) -> None:
    published(ours, Content("en", [Variant(parts=["one", "two"])], [(page_of(ours).channel.pk, "")]))
    published(ours, text="Another")
    second, first = entries(ours)
    there = f"/b/verdier/page/entries/{first.pk}/removal/"
    assert browser(ours.people["agent"]).post(there).status_code == 403
    client = browser(ours.people["manager"])
    assert f'action="{there}"' in said(client.get("/b/verdier/page/"))
    for words in ("It stands there no more.", "It was taken back already."):
        assert words in said(client.post(there, follow=True))
    assert read(f"/p/verdier/{first.word}/").status_code == 410
    assert not first.texts.exists()
    assert "Another" in said(read(f"/p/verdier/{second.word}/"))
    leave()
    assert read(f"/p/verdier/{first.word}/").status_code == 410, (
        "whoever follows its message again leaves it so"
    )
    # Of an entry whose post is gone as well.
    PageEntry.objects.of(ours.brand).filter(pk=second.pk).update(destination=None)
    client.post(f"/b/verdier/page/entries/{second.pk}/removal/")
    assert (read(f"/p/verdier/{second.word}/").status_code, second.texts.exists()) == (410, False)
