"""What is published on a brand's own page: once, in the reader's language and country, and nothing of anybody's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from comptoir.networks import jobs as network_jobs
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.sending import PARTS, send
from comptoir.organisation.models import Brand, Membership
from comptoir.publishing import departing, jobs
from comptoir.publishing.carrying import change, take_down
from comptoir.publishing.models import (
    Asset,
    Content,
    OwnPage,
    PageEntry,
    PageGiven,
    Post,
    Segment,
    SegmentGiven,
    Step,
    Variant,
)
from comptoir.publishing.models.own_page import Unfit
from comptoir.publishing.tests.building import House, browser, channel_of, content, house
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


def test_nobody_sees_it_until_a_manager_opens_it(transactional_db: None) -> None:
    of = house()
    assert read("/p/verdier/").status_code == 404
    by = of.people["manager"]
    OwnPage.settle(of.brand, by, PageGiven("verdier", "Verdier", ("fr",)))
    assert read("/p/verdier/").status_code == 404
    assert page_of(of).channel.state == Channel.State.OFF
    assert OwnPage.settle(of.brand, by, PageGiven("verdier", "Verdier", ("fr",), open=True))
    assert not OwnPage.settle(of.brand, by, PageGiven("verdier", "Verdier", ("fr",), open=True))
    assert page_of(of).channel.state == Channel.State.ACTIVE
    assert read("/p/verdier/").status_code == 200
    of.brand.archive(of.people["owner"])
    assert read("/p/verdier/").status_code == 404


def test_what_leaves_for_it_stands_there_with_an_address_of_its_own(ours: House) -> None:
    post = published(ours, text="Good morning!\nWe bake at four.")
    (entry,) = entries(ours)
    delivery = Delivery.objects.of(ours.brand).get()
    assert delivery.url == f"{page_of(ours).address}{entry.word}/"
    assert post.destinations.get().entry == entry
    assert "We bake at four." in said(read("/p/verdier/", "en"))
    alone = read(f"/p/verdier/{entry.word}/", "en")
    assert "<title>Good morning! · Maison Verdier</title>" in said(alone)
    assert "Du pain depuis 1921." in said(read("/p/verdier/"))


def test_it_is_shown_in_the_readers_language_and_where_none_fits_in_the_pages_first(ours: House) -> None:
    published(ours, text="Good morning!", language="en", fr="Bonjour !")
    (entry,) = entries(ours)
    assert (entry.language, entry.languages) == ("en", ["en", "fr"])
    for language, words in (
        ("fr-FR,fr;q=0.9", "Bonjour"),
        ("en-GB", "Good morning"),
        ("ja", "Bonjour"),
        ("", "Bonjour"),
    ):
        assert words in said(read("/p/verdier/", language)), language
    assert "Good morning" in said(read("/p/verdier/en/", "fr")), (
        "what the address says goes before the browser"
    )
    assert "Bonjour" in said(read(f"/p/verdier/fr/{entry.word}/", "en"))
    assert read("/p/verdier/de/").status_code == 404


def test_what_is_written_in_another_language_alone_stands_among_everything(ours: House) -> None:
    published(ours, text="Guten Morgen!", language="de")
    (entry,) = entries(ours)
    page = said(read("/p/verdier/"))
    assert page.index("In others there is" if "In others" in page else "Dans d’autres") < page.index(
        "Guten Morgen"
    )
    published(ours, text="Bonjour", language="fr")
    assert "Guten Morgen" not in said(read("/p/verdier/"))
    assert "Guten Morgen" in said(read("/p/verdier/all/"))
    assert "Guten Morgen" in said(read(f"/p/verdier/{entry.word}/")), "an address that was shared leads there"


def test_what_is_for_a_country_is_shown_there(ours: House, settings: Any) -> None:
    published(ours, text="Pour la Belgique", language="fr")
    PageEntry.objects.of(ours.brand).update(countries=["BE"])
    assert "Belgique" in said(read("/p/verdier/", "fr-BE"))
    assert "Belgique" in said(read("/p/verdier/fr-BE/", "fr-FR"))
    for elsewhere in ("fr-FR", "fr"):
        assert "Belgique" not in said(read("/p/verdier/", elsewhere))
    assert "Belgique" in said(read("/p/verdier/all/"))
    settings.COUNTRY_HEADER = "X-Country"
    assert "Belgique" in said(read("/p/verdier/", "fr-FR", **{"X-Country": "be"}))
    assert "Belgique" not in said(read("/p/verdier/", "fr-BE", **{"X-Country": "XX"}))
    assert "X-Country" in read("/p/verdier/")["Vary"]


def test_a_thread_and_its_comment_are_one_entry(ours: House) -> None:
    channel = page_of(ours).channel
    words = [
        Variant(parts=["one", "two", "three"], comment="below"),
        Variant(language="fr", parts=["un", "deux"]),
    ]
    published(ours, Content("en", words, [(channel.pk, "")]))
    (entry,) = entries(ours)
    texts = {each.language: each.parts for each in entry.texts.all()}
    assert texts == {"en": ["one", "two", "three", "below"], "fr": ["un", "deux", "below"]}


def test_an_entry_and_published_are_written_in_one_transaction(ours: House) -> None:
    by = ours.people["agent"]
    post = Post.make(ours.brand, by, content(page_of(ours).channel))
    post.belong(by, None, "a test")
    post.publish(by)
    jobs.depart.func(timestamp=0)
    for part in range(PARTS):
        network_jobs.deliver_posts.func(part=part)
    ids = list(Delivery.objects.of(ours.brand).values_list("pk", flat=True))
    with transaction.atomic():
        # The worker dies before it commits.
        departing.follow(ids)
        assert len(entries(ours)) == 1
        transaction.set_rollback(True)
    assert (entries(ours), post.destinations.get().state) == ([], "leaving")
    for _twice in range(2):
        jobs.follow.func(ids=ids, state="sent")
    assert (len(entries(ours)), post.destinations.get().state) == (1, "published")


def test_a_worker_that_died_in_the_middle_leaves_one_entry(ours: House) -> None:
    post = published(ours)
    (before,) = entries(ours)
    # It was said, and the worker died before it wrote that down: somebody takes it up again.
    Delivery.objects.of(ours.brand).update(state="sending", result=None, remote_id="", url="")
    post.destinations.update(state="leaving")
    leave()
    assert [each.word for each in entries(ours)] == [before.word]
    assert post.destinations.get().state == "published"


def test_changes_and_deletions_of_what_left_reach_the_page(ours: House) -> None:
    published(ours, text="Opn at nine", fr="Ouvert à neuf heures")
    (entry,) = entries(ours)
    message = Delivery.objects.of(ours.brand).get().result
    channel = page_of(ours).channel
    send(channel, "Open at nine", target=message, act=Delivery.Act.EDIT)
    leave()
    assert "Open at nine" in said(read(f"/p/verdier/en/{entry.word}/"))
    assert entries(ours)[0].changed > entry.changed
    send(channel, "", target=message, act=Delivery.Act.DELETE)
    leave()
    gone = read(f"/p/verdier/{entry.word}/")
    assert (gone.status_code, 'href="/p/verdier/fr/"' in said(gone)) == (410, True)
    assert read("/p/verdier/aaaaaaaaaaaaa/").status_code == 404
    assert "nine" not in said(read("/p/verdier/all/"))
    assert not entries(ours)[0].texts.exists(), "what was taken back is not kept"


def test_the_list_goes_on_without_a_gap_while_new_ones_arrive(ours: House) -> None:
    page = page_of(ours)
    for number in range(45):
        made = PageEntry.objects.create(
            page=page, word=f"{'a' * 11}{letters(number)}", language="fr", languages=["fr"]
        )
        made.texts.create(language="fr", parts=[f"numéro {number};"])
    seen: list[int] = []
    path = "/p/verdier/fr/"
    while path:
        answer = read(path)
        seen += [n for n in reversed(range(45)) if f"numéro {n};" in said(answer)]
        late = PageEntry.objects.create(
            page=page, word=f"{'b' * 11}{letters(len(seen))}", language="fr", languages=["fr"]
        )
        late.texts.create(language="fr", parts=["nouveau"])
        older = answer.context["older"]
        path = f"/p/verdier/fr/?before={older}" if older else ""
    assert seen == list(reversed(range(45)))


def test_pictures_stand_there_with_their_words_and_go_with_the_entry(ours: House) -> None:
    by, channel = ours.people["agent"], page_of(ours).channel
    asset = Asset.bring(ours.brand, by, jpeg(), "bread.jpg")
    words = Content("fr", [Variant(parts=["Le pain"])], [(channel.pk, "")], [(asset.pk, "Un pain <rond>")])
    published(ours, words)
    (entry,) = entries(ours)
    (picture,) = entry.pictures.all()
    assert 'alt="Un pain &lt;rond&gt;"' in said(read("/p/verdier/"))
    answer = read(f"/p/verdier/pictures/{picture.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "immutable" in answer["Cache-Control"]
    PageEntry.objects.of(ours.brand).update(taken_back=entry.published)
    assert read(f"/p/verdier/pictures/{picture.pk}/").status_code == 404


def test_hostile_words_are_shown_and_not_obeyed(ours: House) -> None:
    evil = (
        '<script>alert(1)</script>\n"><img src=x onerror=alert(1)> https://a.example/"onmouseover="alert(1)'
    )
    published(ours, text=evil, language="fr")
    (entry,) = entries(ours)
    for path in ("", f"{entry.word}/", "widget/", "feed.atom"):
        page = said(read(f"/p/verdier/{path}"))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert '"onmouseover="' not in page or path == "feed.atom", "as words of a feed it is harmless"


def test_a_warning_folds_what_it_is_about(ours: House) -> None:
    channel = page_of(ours).channel
    published(ours, Content("fr", [Variant(parts=["la fin"], warning="Divulgâche")], [(channel.pk, "")]))
    (entry,) = entries(ours)
    page = said(read(f"/p/verdier/{entry.word}/"))
    assert "<details" in page
    assert page.index("Divulgâche</summary>") < page.index("la fin")
    assert "la fin" not in page[: page.index("</head>")]


def test_it_knows_nobody_and_caches_may_keep_it(ours: House) -> None:
    published(ours)
    client = browser(ours.people["agent"])
    client.cookies["zone"] = "Asia/Tokyo"
    answer = client.get("/p/verdier/", headers={"Accept-Language": "en"})
    assert not answer.cookies
    assert "Cookie" not in answer["Vary"]
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Agent" not in said(answer)
    again = read("/p/verdier/", "en", **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert read("/p/verdier/", "fr", **{"If-None-Match": answer["ETag"]}).status_code == 200
    published(ours, text="Something new")
    assert read("/p/verdier/", "en", **{"If-None-Match": answer["ETag"]}).status_code == 200


def test_the_number_of_questions_does_not_grow(ours: House, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        published(ours, text=f"number {number}", fr=f"numéro {number}")
    with django_assert_max_num_queries(5):
        assert said(read("/p/verdier/")).count("<article") == 3


def test_an_address_is_one_pages_and_stays_once_something_stands_there(ours: House) -> None:
    other = Brand.objects.create(name="Other", slug="other")
    with pytest.raises(Unfit, match="taken"):
        OwnPage.settle(other, ours.people["owner"], GIVEN)
    published(ours)
    moved = PageGiven("elsewhere", "Maison Verdier", ("fr", "en"), open=True)
    with pytest.raises(Unfit, match="fixed"):
        OwnPage.settle(ours.brand, ours.people["manager"], moved)


def test_managers_open_it_on_its_page_and_agents_do_not(transactional_db: None) -> None:
    of = house()
    there = "/b/verdier/page/"
    form = {
        "open": "on",
        "title": "Chez nous",
        "slug": "chez-nous",
        "languages": "FR, en",
        "sites": "https://WWW.verdier.example/blog",
    }
    assert browser(of.people["agent"]).post(there, form).status_code == 403
    client = browser(of.people["manager"])
    for name, wrong in (
        ("languages", "fr, klingon"),
        ("sites", "javascript:alert(1)"),
        ("slug", "a b"),
        ("sites", "https://a.example'; script-src *"),
    ):
        answer = client.post(there, {**form, name: wrong})
        assert (answer.status_code, name in answer.context["form"].errors) == (422, True), wrong
    assert client.post(there, form).status_code == 302
    assert page_of(of).given() == PageGiven(
        "chez-nous", "Chez nous", ("fr", "en"), {}, ("https://www.verdier.example",), True
    )
    assert "/p/chez-nous/widget/" in said(client.get(there))
    assert read("/p/chez-nous/").status_code == 200


def test_who_sees_some_channels_only_is_a_stranger_there_like_everybody(ours: House) -> None:
    agent = ours.people["agent"]
    published(ours, text="Bonjour", language="fr")
    Membership.objects.filter(user=agent).update(channels=[channel_of(ours.brand, "other").pk])
    assert "Bonjour" in said(browser(agent).get("/p/verdier/"))


def test_a_post_for_segments_is_for_their_countries_and_these_can_be_chosen(ours: House) -> None:
    by, channel = ours.people["manager"], page_of(ours).channel
    places = [("Belgium", ("BE",)), ("Alps", ("CH", "FR")), ("Readers", ())]
    segments = [Segment.make(ours.brand, by, SegmentGiven(name, codes, ("fr",))).pk for name, codes in places]
    words = [Variant(parts=["Pour nos voisins"])]
    published(ours, Content("fr", words, [(channel.pk, "")], (), segments[:2]))
    assert entries(ours)[0].countries == page_of(ours).countries == ["BE", "CH", "FR"]
    page = said(read("/p/verdier/", "fr"))
    assert "voisins" not in page
    assert 'href="/p/verdier/fr-BE/"' in page
    assert "voisins" in said(read("/p/verdier/fr-CH/"))
    published(ours, Content("fr", words, [(channel.pk, "")], (), segments))
    assert entries(ours)[0].countries == [], "one of them is for all"


@pytest.mark.parametrize(
    ("given", "meant"), [("pt-BR", "pt"), ("zh-hant", "zh-hant"), ("all", "fr"), ("x y", "fr")]
)
def test_whatever_a_post_calls_its_language_its_entry_can_be_read(
    ours: House, given: str, meant: str
) -> None:
    channel = page_of(ours).channel
    words = [Variant(parts=["words"]), Variant(language="<b>", parts=["others"])]
    published(ours, Content(given, words, [(channel.pk, "")]))
    (entry,) = entries(ours)
    assert (entry.language, entry.languages) == (meant, [meant])
    for path in (
        "",
        "all/",
        f"{entry.word}/",
        f"{meant}/{entry.word}/",
        "all/feed.json",
        "all/feed.atom",
        "widget/",
    ):
        assert "words" in said(read(f"/p/verdier/{path}")), path


def test_where_no_page_is_open_that_is_said_without_a_form(ours: House) -> None:
    for path in ("nobody/", "verdier/de/", "verdier/pictures/7/", "verdier/fr/?before=nothing"):
        answer = read(f"/p/{path}")
        assert (answer.status_code, "<form" in said(answer)) == (404, False), path


def test_what_is_changed_or_taken_down_where_it_stands_reaches_the_page(ours: House) -> None:
    channel, by = page_of(ours).channel, ours.people["agent"]
    post = published(ours, Content("en", [Variant(parts=["Opn at nine", "and later"])], [(channel.pk, "")]))
    (entry,) = entries(ours)
    first = Step.objects.of(ours.brand).get(place=0)
    assert change(post, by, {first.pk: "Open at nine"}) == 1
    leave()
    page = said(read(f"/p/verdier/en/{entry.word}/"))
    assert "Open at nine" in page
    assert "and later" in page
    assert take_down(post, by, [channel.pk]) == 2
    leave()
    assert read(f"/p/verdier/{entry.word}/").status_code == 410


@pytest.mark.django_db
def test_a_page_has_no_past_to_read() -> None:
    channel = page_of(opened_house()).channel
    network_jobs.look_back.func(channel_id=channel.pk)
    channel.refresh_from_db()
    assert (channel.failures, channel.code, channel.history_done) == (0, "", True)
