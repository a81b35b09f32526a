"""Posts from files: each bad cell is named, what is good becomes posts once, and as approval asks."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing import jobs
from comptoir.publishing.importing_now import checked
from comptoir.publishing.models import (
    ApprovalStep,
    Asset,
    Campaign,
    ImportedPost,
    LinkRule,
    Post,
    PostImport,
    Timetable,
)
from comptoir.publishing.tables_in import sheets_of
from comptoir.publishing.tagging import Rule
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, house
from comptoir.publishing.tests.test_tables_in import workbook
from tests.servers.stranger import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HERE = "/b/verdier/posts/import/"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    made = house()
    channel_of(made.brand, "maison")
    channel_of(made.brand, "@other@town.test")
    return made


@pytest.fixture
def agent(desk: House) -> Client:
    return browser(desk.people["agent"])


def brought(desk: House, content: bytes | str) -> PostImport:
    whole = content.encode() if isinstance(content, str) else content
    return PostImport.bring(desk.brand, desk.people["agent"], "posts.csv", whole, sheets_of(whole))


def wrong(desk: House, content: bytes | str) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.code) for each in checked(brought(desk, content)).wrong]


def upload(agent: Client, content: bytes | str, name: str = "posts.csv") -> Any:
    whole = content.encode() if isinstance(content, str) else content
    return agent.post(HERE, {"file": SimpleUploadedFile(name, whole)})


def work(imported: PostImport) -> None:
    for _twice in range(2):
        jobs.import_posts.func(import_id=imported.pk)
    imported.refresh_from_db()


HEADS = "texte;texte [maison];canaux;jour;heure;fuseau horaire;campagne;raison;langue;avertissement"
FRENCH = f"""{HEADS};premier commentaire
Bonjour;Bonjour de la maison;maison, @other@town.test;24/12/2030;18h30;;été;;fr;;Venez !
"Un

---

Deux";;maison;;;;;une annonce;;Attention;
"""


def test_a_french_file_becomes_drafts(desk: House, agent: Client) -> None:
    campaign = Campaign.make(desk.brand, desk.people["manager"], "Été", "More guests")
    answer = upload(agent, FRENCH)
    page = agent.get(answer["Location"]).content.decode()
    assert "<b>2</b> rows are good." in page
    assert not Post.objects.of(desk.brand).exists()
    agent.post(answer["Location"], {"which": "every"})
    imported = PostImport.objects.of(desk.brand).get()
    assert (imported.state, imported.total) == ("running", 2)
    work(imported)
    assert (imported.state, imported.done, imported.sheets) == ("done", 2, [])
    first, second = Post.objects.of(desk.brand).order_by("pk")
    own = next(each.channel for each in first.destinations.all() if each.channel.handle == "maison")
    assert first.said_on(own).parts == ("Bonjour de la maison",)
    assert (first.state, first.campaign, first.language) == ("draft", campaign, "fr")
    assert (str(first.day), str(first.hour), first.zone) == ("2030-12-24", "18:30:00", "")
    assert first.said_on(own).comment == "Venez !"
    assert (second.said_on(own).parts, second.said_on(own).warning) == (("Un", "Deux"), "Attention")
    assert (second.day, second.reason) == (None, "une annonce")
    codes = set(AuditEntry.objects.of(desk.brand).values_list("what", flat=True))
    assert {"posts_brought", "posts_imported", "post_made"} <= codes
    page = agent.get(answer["Location"]).content.decode()
    assert "2 posts are made." in page
    assert "Bonjour" in page


def test_each_bad_cell_is_named(desk: House) -> None:
    desk_campaign = Campaign.make(desk.brand, desk.people["manager"], "Old", "Gone")
    desk_campaign.close(desk.people["manager"])
    rows = [
        "text,channels,day,hour,time zone,campaign,reason,language,pictures,alternative text,text [maison]",
        "a,nobody,,,,,,,,,",  # 2
        "a,,,,,,,,,,",  # 3
        "a,maison,2026-02-30,18:00,,,x,,,,",  # 4
        "a,maison,03/04/2030,18:00,,,x,,,,",  # 5
        "a,maison,2030-01-01,,,,x,,,,",  # 6
        "a,maison,2030-01-01,25:00,,,x,,,,",  # 7
        "a,maison,2030-01-01,18:00,Mars/Base,,x,,,,",  # 8
        "a,maison,2020-01-01,18:00,,,x,,,,",  # 9
        "a,maison,2030-01-01,18:00,,,,,,,",  # 10
        "a,maison,,,,Old,,,,,",  # 11
        "a,maison,,,,Never,,,,,",  # 12
        "a,maison,,,,,,xx,,,",  # 13
        "a,maison,,,,,,,none.jpg,,",  # 14
        "a,maison,,,,,,,,a picture,",  # 15
        "=1+1,maison,,,,,,,,,",  # 16
        f"a,maison,,,,,,,,,{'x' * 301}",  # 17
        ",maison,,,,,,,,,",  # 18
        "b,maison,,,,,,,,,",  # 19
        "b,maison,,,,,,,,,",  # 20
        "c,maison,,,,,,,,,,beyond",  # 21
    ]
    assert wrong(desk, "\n".join(rows)) == [
        (2, "B", "no_channel"), (3, "B", "nowhere"), (4, "C", "no_day"), (5, "C", "two_days"),
        (6, "D", "half_time"), (7, "D", "no_hour"), (8, "E", "no_zone"), (9, "C", "past"), (10, "F", "aimless"),
        (11, "F", "closed"), (12, "F", "no_campaign"), (13, "H", "no_language"), (14, "I", "no_picture"),
        (15, "J", "no_picture_for_words"), (16, "A", "formula"), (17, "K", "network"), (18, "A", "network"),
        (20, "", "double"), (21, "L", "beyond"),
    ]  # fmt: skip


def test_columns_that_are_not_known_are_named(desk: House) -> None:
    heads = "text,colour,text,text [nowhere],title [fr]\na,b,c,d,e"
    assert wrong(desk, heads) == [
        (1, "B", "unknown_column"), (1, "C", "column_twice"), (1, "D", "unknown_for"), (1, "E", "unknown_for"),
        (1, "", "no_column"),
    ]  # fmt: skip


def test_the_page_says_what_to_do(desk: House, agent: Client) -> None:
    content = workbook([["text", "channels"], ["Hello", "maison"], ["Hello", "Wall"], ["=1+1", "maison"]])
    page = agent.get(upload(agent, content, "p.xlsx")["Location"]).content.decode()
    assert "Wall may be any of these: @other@town.test (Wall), maison (Wall)" in page
    assert "This is a formula" in page
    assert "Import the 1 good row" in page
    french = browser(desk.people["manager"])
    desk.people["manager"].language = "fr"
    desk.people["manager"].save()
    page = french.get(f"{HERE}{PostImport.objects.of(desk.brand).get().pk}/").content.decode()
    assert "une formule" in page


def test_none_unless_all_are_good(desk: House, agent: Client) -> None:
    where = upload(agent, "text,channels\na,maison\nb,nobody\n")["Location"]
    agent.post(where, {"which": "every"})
    imported = PostImport.objects.of(desk.brand).get()
    assert imported.state == "checked"
    agent.post(where, {"which": "good"})
    work(PostImport.objects.of(desk.brand).get())
    assert Post.objects.of(desk.brand).count() == 1


def test_what_turned_bad_before_it_began_stops_all_of_it(desk: House) -> None:
    campaign = Campaign.make(desk.brand, desk.people["manager"], "Summer", "More guests")
    imported = brought(desk, "text,channels,campaign\na,maison,\nb,maison,Summer\n")
    imported.start(desk.people["agent"], every=True, schedule=False, total=2)
    campaign.close(desk.people["manager"])
    work(imported)
    assert (imported.state, imported.faults[0]["code"]) == ("checked", "changed")
    assert not Post.objects.of(desk.brand).exists()
    page = browser(desk.people["agent"]).get(f"{HERE}{imported.pk}/").content.decode()
    assert "something changed" in page


def test_the_same_file_makes_no_doubles(desk: House, agent: Client) -> None:
    first = brought(desk, "text,channels\na,maison\nb,maison\n")
    first.start(desk.people["agent"], every=True, schedule=False, total=2)
    work(first)
    again = upload(agent, "text,channels\na,maison\nb,maison\n")["Location"]
    page = agent.get(again).content.decode()
    assert "This very file was imported" in page
    assert "<b>0</b> rows are good." in page
    agent.post(again, {"which": "good"})
    assert Post.objects.of(desk.brand).count() == 2
    more = brought(desk, "text,channels\na,maison\nc,maison\n")
    more.start(desk.people["agent"], every=True, schedule=False, total=1)
    work(more)
    assert Post.objects.of(desk.brand).count() == ImportedPost.objects.of(desk.brand).count() == 3


def test_who_is_interrupted_goes_on(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = brought(desk, "text,channels\na,maison\nb,maison\nc,maison\n")
    imported.start(desk.people["agent"], every=True, schedule=False, total=3)
    make, made = Post.make.__func__, []  # type: ignore[attr-defined]

    def once(*given: Any, **more: Any) -> Post:
        made.append(1)
        if len(made) == 2:
            raise SystemExit
        post: Post = make(Post, *given, **more)
        return post

    monkeypatch.setattr(Post, "make", once)
    with pytest.raises(SystemExit):
        jobs.import_posts.func(import_id=imported.pk)
    work(imported)
    assert (imported.state, imported.done, Post.objects.of(desk.brand).count()) == ("done", 3, 3)


def test_it_is_scheduled_or_asked_for_as_approval_says(desk: House) -> None:
    table = "text,channels,day,hour,reason\n{},maison,2030-12-24,18:00,x\n"
    for words, state in (("a", "scheduled"), ("b", "review")):
        if words == "b":
            ApprovalStep.put(desk.brand, desk.people["owner"], [("manager", "")])
        imported = brought(desk, table.format(words))
        imported.start(desk.people["agent"], every=True, schedule=True, total=1)
        work(imported)
        assert imported.posts.get().post.state == state


@time_machine.travel("2026-11-23T08:00:00Z", tick=False)
def test_clocks_that_jump_are_named_and_kept_to(desk: House) -> None:
    channel = desk.channel
    Timetable.objects.create(channel=channel, zone="America/New_York")
    table = (
        "text,channels,day,hour,time zone,reason\n"
        "a,maison,2027-03-28,02:30,Europe/Paris,x\n"
        "b,maison,2027-10-31,02:30,Europe/Paris,x\n"
        "c,maison,2027-03-14,02:30,,x\n"
    )
    imported = brought(desk, table)
    odd = [(each.line, each.column, each.code) for each in checked(imported).odd]
    assert odd == [(2, "D", "missing"), (3, "D", "twice"), (4, "D", "missing")]
    imported.start(desk.people["agent"], every=True, schedule=True, total=3)
    work(imported)
    dues = [f"{each.post.due:%m-%d %H:%M}" for each in imported.posts.order_by("line").select_related("post")]
    assert dues == ["03-28 01:30", "10-31 00:30", "03-14 07:30"]


def test_pictures_that_are_here_go_along_described(desk: House) -> None:
    Asset.bring(desk.brand, desk.people["agent"], jpeg(), "Four.jpg", "The oven")
    Asset.bring(desk.brand, desk.people["agent"], jpeg(), "pain.jpg")
    table = 'text,channels,pictures,alternative text\na,maison,"four.jpg\npain.jpg","\nBread"\nb,maison,pain.jpg,\n'
    imported = brought(desk, table)
    assert [(each.line, each.code) for each in checked(imported).odd] == [(3, "undescribed")]
    imported.start(desk.people["agent"], every=True, schedule=False, total=2)
    work(imported)
    first = imported.posts.get(line=2).post
    assert [each.alt for each in first.illustrations.order_by("place")] == ["The oven", "Bread"]


def test_links_are_counted_as_they_leave(desk: House) -> None:
    LinkRule.put(desk.brand, desk.people["manager"], [Rule(("example.org",), dict.fromkeys(
        ("source", "medium", "campaign", "content", "term"), "x" * 100))])  # fmt: skip
    assert wrong(desk, "text,channels\nhttps://example.org/,maison\n") == [(2, "A", "network")]


def test_hostile_files_are_refused_in_words(desk: House, agent: Client) -> None:
    answer = upload(agent, b"\xd0\xcf\x11\xe0", "old.xls")
    assert answer.status_code == 422
    assert "old or a locked spreadsheet" in answer.content.decode()
    assert upload(browser(desk.people["reader"]), "text,channels\na,b\n").status_code == 403


def test_the_file_to_begin_with_can_be_brought(desk: House, agent: Client) -> None:
    for language in ("en", "fr"):
        desk.people["agent"].language = language
        desk.people["agent"].save()
        content = b"".join(agent.get(f"{HERE}template/"))
        assert wrong(desk, content) == []


def test_programs_bring_and_import(desk: House) -> None:
    agent, there = Program(desk.people["agent"]), "brands/verdier/imports"
    content = base64.b64encode(b"text,channels\na,maison\nb,nobody\n").decode()
    made = agent.ask("POST", there, {"name": "x.csv", "content": content})
    assert made.status_code == 201
    shown = made.json()
    assert (shown["good"], shown["wrong"][0]["row"], shown["wrong"][0]["column"]) == (1, 3, "B")
    start = f"{there}/{shown['id']}/start"
    assert problem(agent.ask("POST", start, {})) == "invalid"
    assert agent.ask("POST", start, {"every": False}).json()["state"] == "running"
    assert problem(agent.ask("POST", start, {"every": False})) == "too-late"
    work(PostImport.objects.of(desk.brand).get())
    assert len(agent.get(f"{there}/{shown['id']}")["posts"]) == 1
    assert problem(agent.ask("POST", there, {"content": "%"})) == "invalid"
