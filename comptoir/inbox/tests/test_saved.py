"""Saved replies: who keeps which, what fits a thread, and how they get into the reply box."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from time_machine import travel

from comptoir.inbox.jobs import work_ended
from comptoir.inbox.models import Reply, SavedReply, SavedReplyText, ShortcutTaken
from comptoir.inbox.models.offering import offers
from comptoir.inbox.models.saved import fitting, tag
from comptoir.inbox.models.signing import shield
from comptoir.inbox.models.variables import UnknownVariable
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks.connector import Actor
from comptoir.networks.models import Activity
from comptoir.networks.persons import erase
from comptoir.organisation.models import AuditEntry, Brand, Team
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
PAGES = "/b/verdier/saved-replies/"
JSON: Any = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m0", "My parcel never arrived, where is it please?")])
    return made


def body(response: Any) -> str:
    return str(response.content.decode())


def keep(verdier: House, name: str = "Thanks", who: str = "owner", **more: Any) -> SavedReply:
    texts = more.pop("texts", {"fr": "Merci {{first_name}} !", "en": "Thank you, {{first_name}}."})
    shortcut = more.pop("shortcut", name.lower())
    return SavedReply.make(verdier.brand, verdier.people[who], name, shortcut, texts, **more)


def offered(verdier: House, who: str = "agent") -> list[dict[str, Any]]:
    url = verdier.url(f"{verdier.thread().pk}/saved-replies/")
    items: list[dict[str, Any]] = browser(verdier.people[who]).get(url, **JSON).json()["items"]
    return items


def texts_of(item: dict[str, Any]) -> dict[str, str]:
    return {each["language"]: each["text"] for each in item["texts"]}


# --- keeping them


def test_verbs_write_themselves_down(verdier: House) -> None:
    owner = verdier.people["owner"]
    made = keep(verdier)
    made.change(owner, "Thank you", "ty", {"en": "Thanks"})
    assert [text.text for text in made.texts.all()] == ["Thanks"]
    made.remove(owner)
    assert not SavedReplyText.objects.exists()
    told = AuditEntry.objects.of(verdier.brand).filter(what__startswith="saved_reply").order_by("pk")
    assert [(entry.what, entry.facts["reply"]) for entry in told] == [
        ("saved_reply_made", "Thanks"),
        ("saved_reply_changed", "Thank you"),
        ("saved_reply_removed", "Thank you"),
    ]


def test_a_shortcut_is_one_s_own_or_the_brand_s(verdier: House) -> None:
    keep(verdier)
    with pytest.raises(ShortcutTaken):
        keep(verdier, who="manager")
    mine, theirs = keep(verdier, who="agent", own=True), keep(verdier, who="owner", own=True)
    assert mine.shortcut == theirs.shortcut
    with pytest.raises(ShortcutTaken):
        keep(verdier, who="agent", own=True)
    other = keep(verdier, "Other")
    with pytest.raises(ShortcutTaken):
        other.change(verdier.people["owner"], "Other", "thanks", {"en": "x"})
    assert SavedReply.objects.of(verdier.brand).get(pk=other.pk).texts.count() == 2


def test_what_could_not_be_filled_is_not_kept(verdier: House) -> None:
    with pytest.raises(UnknownVariable):
        keep(verdier, texts={"en": "Hello {{nome}}"})
    with pytest.raises(ValueError, match="empty"):
        keep(verdier, texts={})
    assert not SavedReply.objects.of(verdier.brand).exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [("FR", "fr"), ("pt_br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("french", ""),
     ("e", ""), ("en-", ""), ("", ""), ("../", "")],
)  # fmt: skip
def test_codes_of_languages(given: str, code: str) -> None:
    assert tag(given) == code


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [(("pt",), "pt-BR"), (("pt-PT",), "pt-BR"), (("de", "en-GB"), "en"), (("", "de"), "fr"), (("FR",), "fr")],
)
def test_the_language_that_fits(wanted: tuple[str, ...], taken: str) -> None:
    assert fitting(["fr", "en", "pt-BR"], *wanted) == taken


# --- what fits a thread


def test_it_comes_filled_in_the_language_of_the_person(verdier: House) -> None:
    keep(verdier)
    (item,) = offered(verdier)
    assert item["language"] == "en"
    assert texts_of(item) == {"fr": "Merci Person !", "en": "Thank you, Person."}
    assert [each["name"] for each in item["texts"]] == ["French", "English"]


@pytest.mark.parametrize(
    ("says", "text", "brand", "taken"),
    [
        ("fr-CA", "Where is my parcel?", "", "fr"),
        ("", "Où est mon colis, je vous prie ? Il devait arriver mardi.", "", "fr"),
        ("", "😀", "fr", "fr"),
        ("", "😀", "de", "en"),
        ("nl", "Waar is mijn pakje?", "fr", "fr"),
    ],
)
def test_which_version_fits(verdier: House, says: str, text: str, brand: str, taken: str) -> None:
    keep(verdier, texts={"en": "Thanks", "fr": "Merci"})
    Brand.objects.of(verdier.brand).update(language=brand)
    Activity.objects.of(verdier.brand).update(language=says, text=text)
    assert offered(verdier)[0]["language"] == taken


def test_every_variable_has_its_value(verdier: House) -> None:
    agent = verdier.people["agent"]
    agent.name = "Ana Verdier"
    agent.save()
    words = "{{person}}|{{first_name}}|{{handle}}|{{brand}}|{{channel}}|{{me}}|{{me.first_name}}|{{date}}"
    keep(verdier, texts={"fr": words, "en": words, "pt-BR": words, "xx": words})
    with travel(datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("Europe/Paris")), tick=False):
        told = texts_of(offered(verdier)[0])
    start = "Person 0|Person|@person0.example|Maison Verdier|@verdier|Ana Verdier|Ana|"
    assert told["fr"] == f"{start}7 mars 2026"
    assert told["en"] == told["xx"] == f"{start}7 March 2026"
    assert told["pt-BR"] == f"{start}7 de Março de 2026"


def test_the_date_is_the_brand_s_wherever_the_reader_is(verdier: House) -> None:
    verdier.brand.change(verdier.people["owner"], time_zone="Pacific/Auckland")
    keep(verdier, texts={"en": "{{date}}"})
    with travel(datetime(2026, 3, 7, 23, tzinfo=UTC), tick=False):
        assert texts_of(offered(verdier)[0]) == {"en": "8 March 2026"}


def test_without_a_name_it_still_reads_well(verdier: House) -> None:
    nobody = Actor("p9", "@p9.example", "")
    hear(verdier.channel, [said("m9", "Hello, is anybody there?", 1, actor=nobody)])
    verdier.people["agent"].name = ""
    verdier.people["agent"].save()
    keep(verdier, texts={"en": "Hello {{first_name}}, {{person}} it is.\n– {{me}}"})
    assert texts_of(offered(verdier)[0]) == {"en": "Hello, @p9.example it is.\n"}


def test_names_that_are_off_are_off_here_as_well(verdier: House) -> None:
    keep(verdier, texts={"en": "Yours, {{me}}"})
    shield(verdier.brand, verdier.people["owner"])
    assert texts_of(offered(verdier)[0]) == {"en": "Yours,"}


def test_who_was_erased_is_not_named(verdier: House) -> None:
    thread = verdier.thread()
    keep(verdier, texts={"en": "Hello {{person}}{{handle}}!"})
    assert thread.person is not None
    erase(thread.person)
    thread.refresh_from_db()
    assert offers(thread, verdier.people["agent"])[0].text == "Hello!"


def test_own_ones_a_team_s_and_the_brand_s(verdier: House) -> None:
    night = Team.make(verdier.brand, "Night", [verdier.people["owner"]], verdier.people["owner"])
    keep(verdier, "Everybody")
    keep(verdier, "Mine", who="agent", own=True)
    keep(verdier, "Theirs", who="manager", own=True)
    keep(verdier, "At night", shortcut="night", team=night)
    second = house("second")
    keep(second, "Elsewhere")
    assert {each["name"] for each in offered(verdier)} == {"Everybody", "Mine"}
    assert {each["name"] for each in offered(verdier, "owner")} == {"Everybody", "At night"}
    verdier.thread().assign(night, verdier.people["owner"])
    assert {each["name"] for each in offered(verdier)} == {"Everybody", "Mine", "At night"}


def test_what_is_used_most_and_last_comes_first(verdier: House) -> None:
    a, b, c = (keep(verdier, name) for name in ("Aa", "Bb", "Cc"))
    rows = SavedReply.objects.of(verdier.brand)

    def order() -> list[str]:
        return [each.name for each in rows.lately_first()]

    assert order() == ["Aa", "Bb", "Cc"]
    start = clock.now()
    with travel(start):
        for _ in range(3):
            rows.filter(pk=c.pk).used()
    with travel(start + timedelta(hours=1)):
        rows.filter(pk=b.pk).used()
    assert order() == ["Cc", "Bb", "Aa"], "thrice an hour ago is more than once now"
    with travel(start + timedelta(days=60)):
        rows.filter(pk=b.pk).used()
    assert order() == ["Bb", "Cc", "Aa"], "what was used two months ago counts little"
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.uses, a.used_at, b.uses) == (0, None, 2)


def test_sending_counts(verdier: House) -> None:
    mine, theirs = keep(verdier, who="agent", own=True), keep(verdier, who="manager", own=True)
    url = verdier.url(f"{verdier.thread().pk}/replies/")
    agent = browser(verdier.people["agent"])
    agent.post(url, {"text": "Thank you", "saved": f"{mine.pk},{theirs.pk},999999"}, **HTMX)
    rows = SavedReply.objects.of(verdier.brand)
    assert (rows.get(pk=mine.pk).uses, rows.get(pk=theirs.pk).uses) == (1, 0)
    assert agent.post(url, {"text": "x", "saved": "1;2"}, **HTMX).status_code == 422


@pytest.mark.parametrize("text", ["Hello {{person}}", "Hello {{ Me.First_Name }}"])
def test_nothing_leaves_unfilled(verdier: House, text: str) -> None:
    url = verdier.url(f"{verdier.thread().pk}/replies/")
    refused = browser(verdier.people["agent"]).post(url, {"text": text}, **HTMX)
    assert refused.status_code == 422
    assert "stands in it unfilled" in body(refused)
    program = Program(verdier.people["agent"])
    there = f"brands/verdier/threads/{verdier.thread().pk}/replies"
    assert problem(program.ask("POST", there, {"text": text})) == "invalid"
    assert not Reply.objects.exists()
    assert program.ask("POST", there, {"text": "Write {{ foo }} in Jinja"}).status_code == 201


def test_whoever_leaves_takes_their_own_along(verdier: House) -> None:
    agent = verdier.people["agent"]
    keep(verdier, "Mine", who="agent", own=True)
    keep(verdier, "Ours", who="agent")
    verdier.brand.dismiss(agent)
    for _twice in range(2):
        work_ended.func(brand_id=verdier.brand.pk, user_id=agent.pk, by_id=None)
    assert [each.name for each in SavedReply.objects.of(verdier.brand)] == ["Ours"]


# --- without JavaScript


def test_without_javascript_one_is_chosen_on_a_page(verdier: House) -> None:
    saved = keep(verdier)
    agent, base = browser(verdier.people["agent"]), verdier.url(f"{verdier.thread().pk}/")
    page = body(agent.get(f"{base}saved-replies/", headers={"Accept": "text/html"}))
    assert "Thank you, Person." in page
    assert f"{base}?saved={saved.pk}&amp;in=fr#reply-text" in page
    box = body(agent.get(f"{base}?saved={saved.pk}&in=fr"))
    assert ">Merci Person !</textarea>" in box
    assert f'name="saved" value="{saved.pk}"' in box
    agent.post(f"{base}draft/", {"kind": "reply", "text": "Begun"})
    assert ">Begun\nThank you, Person.</textarea>" in body(agent.get(f"{base}?saved={saved.pk}&in=xx"))
    assert ">Begun</textarea>" in body(agent.get(f"{base}?saved=999999"))


# --- the pages


def form(**more: Any) -> dict[str, Any]:
    given = {"name": "Opening hours", "language": ["en", "fr"], "text": ["From nine to five.", ""]}
    return {**given, **more}


def test_an_agent_keeps_their_own(verdier: House) -> None:
    agent = browser(verdier.people["agent"])
    assert 'name="whose"' not in body(agent.get(f"{PAGES}new/"))
    page = body(agent.post(f"{PAGES}new/", form(whose="brand"), follow=True))
    assert "The saved reply Opening hours is there." in page
    saved = SavedReply.objects.of(verdier.brand).get()
    assert (saved.own, saved.author, saved.shortcut) == (True, verdier.people["agent"], "opening-hours")
    assert [text.language for text in saved.texts.all()] == ["en"]
    changed = form(shortcut="/hours", text=["From ten.", "Dès dix heures."])
    assert "is changed" in body(agent.post(f"{PAGES}{saved.pk}/", changed, follow=True))
    saved.refresh_from_db()
    assert (saved.shortcut, saved.texts.count()) == ("hours", 2)
    for other in ("owner", "manager"):
        client = browser(verdier.people[other])
        assert client.get(f"{PAGES}{saved.pk}/").status_code == 404
        assert "Opening hours" not in body(client.get(PAGES))
    assert "is removed" in body(agent.post(f"{PAGES}{saved.pk}/removal/", follow=True))
    assert not SavedReply.objects.of(verdier.brand).exists()


def test_a_manager_keeps_the_brand_s(verdier: House) -> None:
    night = Team.make(verdier.brand, "Night", [verdier.people["agent"]], verdier.people["owner"])
    manager, agent = browser(verdier.people["manager"]), browser(verdier.people["agent"])
    manager.post(f"{PAGES}new/", form(whose="brand", team=night.pk))
    saved = SavedReply.objects.of(verdier.brand).get()
    assert (saved.own, saved.team) == (False, night)
    page = body(agent.get(PAGES))
    assert "Opening hours" in page
    assert "Change the saved reply" not in page
    for path in ("", "removal/"):
        assert agent.post(f"{PAGES}{saved.pk}/{path}", form()).status_code == 403
    assert "Change the saved reply" in body(browser(verdier.people["owner"]).get(PAGES))
    assert "From nine to five." in body(manager.get(f"{PAGES}{saved.pk}/"))
    manager.post(f"{PAGES}new/", form(whose="own"))
    assert SavedReply.objects.of(verdier.brand).filter(own=True, shortcut="opening-hours").exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"name": ""}, "Give it a name."),
        ({"name": "…"}, "A name has at least a letter."),
        ({"shortcut": "two words"}, "no blank"),
        ({"name": "!a!", "shortcut": "/"}, ""),
        ({"text": ["", ""]}, "Write its words in one language at least."),
        ({"language": ["french", "fr"]}, "Name the language by its code"),
        ({"language": ["en", "EN"], "text": ["a", "b"]}, "There is a version in this language already."),
        (
            {"text": ["Hello {{nom}}", ""]},
            "There is no variable {{nom}}. There are: {{person}}, {{first_name}}",
        ),
        ({"text": ["Hello {{me}", ""]}, "Two braces are opened and not closed"),
        ({"text": ["x" * 20_001, ""]}, "That is too long for a saved reply."),
    ],
)
def test_what_is_wrong_is_said_where_it_is(verdier: House, more: dict[str, Any], sentence: str) -> None:
    answered = browser(verdier.people["agent"]).post(f"{PAGES}new/", form(**more))
    if not sentence:
        assert answered.status_code == 302
        return
    assert answered.status_code == 422
    assert sentence in body(answered)
    assert not SavedReply.objects.of(verdier.brand).exists()


def test_a_shortcut_that_is_taken_is_said(verdier: House) -> None:
    agent = browser(verdier.people["agent"])
    agent.post(f"{PAGES}new/", form())
    again = agent.post(f"{PAGES}new/", form(name="Opening Hours"))
    assert again.status_code == 422
    assert "Another saved reply has this shortcut." in body(again)


def test_it_shows_how_it_reads(verdier: House) -> None:
    page = browser(verdier.people["agent"]).post(
        f"{PAGES}new/", form(text=["Dear {{person}}, {{me}}", ""], do="preview")
    )
    assert page.status_code == 200
    assert "Dear Camille Laurent, Agent" in body(page)
    assert not SavedReply.objects.of(verdier.brand).exists()


def test_they_are_found(verdier: House) -> None:
    keep(verdier, "Opening hours", shortcut="oh", texts={"en": "From nine", "fr": "Dès neuf heures"})
    keep(verdier)
    agent = browser(verdier.people["agent"])
    for q, found in (("neuf", True), ("/oh", True), ("opening nine", True), ("closing", False)):
        assert ("Opening hours" in body(agent.get(PAGES, {"q": q}))) is found, q
    assert "No saved reply has" in body(agent.get(PAGES, {"q": "zebra"}))
    assert agent.get(PAGES, {"q": "x" * 201}).status_code == 400


@pytest.mark.parametrize("path", ["", "new/"])
def test_readers_and_strangers_have_none(verdier: House, path: str) -> None:
    assert browser(verdier.people["reader"]).get(PAGES + path).status_code == 403
    assert browser(verdier.stranger).get(PAGES + path).status_code == 404
    assert "saved-replies" not in body(browser(verdier.people["reader"]).get(verdier.url()))
    assert "saved-replies" in body(browser(verdier.people["agent"]).get(verdier.url()))


def test_another_brand_s_are_no_one_s(verdier: House) -> None:
    second = house("second")
    theirs = keep(second)
    owner = browser(verdier.people["owner"])
    assert owner.get(f"{PAGES}{theirs.pk}/").status_code == 404
    assert owner.post(f"{PAGES}{theirs.pk}/removal/").status_code == 404
    assert offered(verdier) == []
    night = Team.make(second.brand, "Night", [], second.people["owner"])
    assert owner.post(f"{PAGES}new/", form(whose="brand", team=night.pk)).status_code == 422
