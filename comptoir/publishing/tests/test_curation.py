"""Found pieces: kept, found again, shared, and never without whoever made them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.kernel import clock
from comptoir.networks.models import Actor
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program
from comptoir.publishing import deciding
from comptoir.publishing.models import (
    ApprovalStep,
    Content,
    FoundPiece,
    NotNow,
    Piece,
    PieceInUse,
    PieceKnown,
    Post,
    Variant,
)
from comptoir.publishing.persons import FoundPieces
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, draft, house
from comptoir.publishing.tests.test_leaving import run

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LINK = "https://photos.example/ana/oven"
FULL = f"The oven at night, by Ana Ruiz: {LINK}"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    Wall.said.clear()
    Wall.raises.clear()
    return house()


def found(desk: House, link: str = LINK, **more: Any) -> FoundPiece:
    known = {"title": "The oven at night", "author": "Ana Ruiz", **more}
    return FoundPiece.note_down(desk.brand, desk.people["agent"], Piece(link=link, **known))


def sharing(desk: House, piece: FoundPiece, *variants: Variant, channels: int = 1) -> Post:
    """A draft that lacks nothing but what its words lack."""
    made = [channel_of(desk.brand, f"me{n}", f"wall{n or ''}") for n in range(channels)]
    to = [(each.pk, "") for each in made]
    post = Post.make(desk.brand, desk.people["agent"], Content("en", variants, to, pieces=[piece.pk]))
    post.belong(desk.people["agent"], None, "a test")
    return post


def refused(call: Any, *given: Any) -> str:
    with pytest.raises(NotNow) as why:
        call(*given)
    return why.value.code


def test_nothing_leaves_without_author_and_link_on_every_channel(desk: House) -> None:
    by = desk.people["agent"]
    other = Variant(network="wall1", parts=[f"The oven at night: {LINK}"])
    post = sharing(desk, found(desk), Variant(parts=[FULL]), other, channels=2)
    post.plan(by, (clock.now() + timedelta(days=2)).date(), clock.now().time(), "")
    assert refused(post.schedule, by) == "uncredited"
    assert refused(post.publish, by) == "uncredited"
    ApprovalStep.put(desk.brand, desk.people["owner"], [("manager", "")])
    assert refused(post.submit, by) == "uncredited"
    other.comment = "Photo: ana ruiz"
    assert post.rewrite(by, 1, Content("en", [Variant(parts=[FULL]), other], post_channels(post)))
    post.submit(by)
    assert post.state == "review"


def post_channels(post: Post) -> list[tuple[int, str]]:
    return [(each.channel_id, each.language) for each in post.destinations.all()]


def test_a_post_stays_bound_to_what_it_shares(desk: House) -> None:
    by = desk.people["agent"]
    post = sharing(desk, found(desk), Variant(parts=[FULL]))
    assert post.rewrite(by, 1, Content("en", [Variant(parts=["Mine!"])], post_channels(post)))
    assert refused(post.publish, by) == "uncredited"


@pytest.mark.django_db(transaction=True)
def test_what_lacks_its_credit_when_its_time_comes_asks(desk: House) -> None:
    by, piece = desk.people["agent"], found(desk)
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False) as now:
        post = sharing(desk, piece, Variant(parts=[FULL]))
        post.plan(by, clock.now().date(), clock.now().replace(hour=10).time(), "")
        post.schedule(by)
        piece.settle(by, Piece("The oven at night", LINK, "Ana Belén Ruiz"))
        now.shift(timedelta(hours=1))
        run()
        post.refresh_from_db()
        assert (post.state, Wall.said) == ("asking", {})
        assert post.destinations.all()[0].code == "uncredited"
        page = browser(by).get("/b/verdier/decisions/").content.decode()
        assert "Author or link missing" in page
        said = browser(by).post(f"/b/verdier/decisions/posts/{post.pk}/", {"what": "now"}, follow=True)
        assert "without its author or its link" in said.content.decode()
        row = post.destinations.all()[0]
        row.post = post
        assert refused(row.decide, by, "again") == "uncredited"
        again = deciding.draft_again(post, by)
    assert again is not None
    assert [each.piece_id for each in again.sharings.all()] == [piece.pk]
    assert refused(again.publish, by) == "uncredited"


@pytest.mark.django_db(transaction=True)
def test_what_has_its_credit_leaves_and_its_piece_is_used(desk: House) -> None:
    piece, agent = found(desk), browser(desk.people["agent"])
    post = sharing(desk, piece, Variant(parts=[FULL]))
    post.publish(desk.people["agent"])
    run()
    assert [said[0] for said in Wall.said.values()] == [FULL]
    rows = FoundPiece.objects.of(desk.brand)
    assert [rows.standing(each).count() for each in ("", "open", "used", "aside")] == [1, 0, 1, 0]
    assert "Used" in agent.get(f"/b/verdier/found/{piece.pk}/").content.decode()


def test_the_composer_begins_with_the_credit_and_says_what_is_missing(desk: House) -> None:
    piece, agent = found(desk, handles={"wall": "@ana"}), browser(desk.people["agent"])
    channel = channel_of(desk.brand)
    begun = agent.get(f"/b/verdier/posts/new/?piece={piece.pk}").content.decode()
    assert f"The oven at night (Ana Ruiz)\n{LINK}" in begun
    form = {"piece": piece.pk, "part-||": "Look at this oven", "channel": channel.pk, "reason": "a test"}
    live = agent.post("/b/verdier/posts/looks/", form).content.decode()
    assert "The author of “The oven at night” is missing: name Ana Ruiz / @ana." in live
    assert f"The link of “The oven at night” is missing: {LINK}" in live
    kept = agent.post("/b/verdier/posts/new/", {**form, "act": "publish"}, follow=True).content.decode()
    assert "Before it leaves now" in kept
    assert "is missing: name Ana Ruiz / @ana." in kept
    post = Post.objects.of(desk.brand).get()
    assert (post.state, [each.piece_id for each in post.sharings.all()]) == ("draft", [piece.pk])
    fine = {**form, "part-||": f"Look at this oven, @Ana {LINK}", "number": post.number, "act": "publish"}
    agent.post(f"/b/verdier/posts/{post.pk}/", {**fine, "piece": ""}, follow=True)
    post.refresh_from_db()
    assert post.state == "scheduled"


def test_a_program_is_told_what_is_missing(desk: House) -> None:
    piece, agent = found(desk), Program(desk.people["agent"])
    to = [{"channel": channel_of(desk.brand).pk}]
    given = {"wordings": [{"parts": ["Look"]}], "destinations": to, "reason": "a test", "pieces": [piece.pk]}
    post = agent.ask("POST", "brands/verdier/posts", given).json()
    assert post["pieces"] == [piece.pk]
    told = agent.ask("POST", f"brands/verdier/posts/{post['id']}/departure")
    assert told.status_code == 422
    assert [each["detail"][:10] for each in told.json()["errors"]] == ["The author", "The link o"]
    assert agent.ask("POST", "brands/verdier/posts", {**given, "pieces": [10**6]}).status_code == 422


def test_thanks_stand_in_the_first_comment_by_the_name_on_each_network(desk: House) -> None:
    channel = channel_of(desk.brand)
    piece = found(desk, handles={"wall": "@ana", "elsewhere": "@ruiz"}, thanks=True)
    agent = browser(desk.people["agent"])
    begun = agent.get(f"/b/verdier/posts/new/?piece={piece.pk}").content.decode()
    assert begun.count("Thanks to Ana Ruiz!</textarea>") == 1
    assert begun.count("Thanks to @ana!</textarea>") == 1
    assert "@ruiz!" not in begun
    form = {
        "piece": piece.pk, "part-||": FULL, "channel": channel.pk, "language": "fr", "reason": "a test",
        "comment-||": "Venez !", "act": "thank", "wording": ["en||"], "part-en||": "In English",
    }  # fmt: skip
    page = agent.post("/b/verdier/posts/new/", form).content.decode()
    assert "Venez !\nMerci à Ana Ruiz\N{NO-BREAK SPACE}!</textarea>" in page
    assert "Venez !\nMerci à @ana\N{NO-BREAK SPACE}!</textarea>" in page
    assert "Thanks to Ana Ruiz!</textarea>" in page
    assert not Post.objects.of(desk.brand).exists()


def test_programs_keep_pieces_and_write_about_them(desk: House) -> None:
    channel = channel_of(desk.brand)
    agent, reader = Program(desk.people["agent"]), Program(desk.people["reader"])
    here = "brands/verdier/found"
    given = {
        "link": LINK,
        "title": "The oven at night",
        "author": "Ana Ruiz",
        "handles": {"wall": "@ana"},
        "thanks": True,
    }
    assert reader.ask("POST", here, given).status_code == 403
    assert agent.ask("POST", here, {**given, "link": "oven"}).status_code == 422
    made = agent.ask("POST", here, given)
    assert (made.status_code, made.json()["state"]) == (201, "open")
    there = f"{here}/{made.json()['id']}"
    assert agent.ask("POST", here, given).status_code == 422
    changed = agent.ask("PUT", there, {**given, "tags": ["Oven"], "note": "fine"}).json()
    assert (changed["tags"], changed["note"]) == (["oven"], "fine")
    assert agent.ask("POST", f"{there}/aside").json()["state"] == "aside"
    assert agent.ask("DELETE", f"{there}/aside").json()["state"] == "open"
    assert [
        each["id"] for each in reader.ask("GET", f"{here}?q=oven&state=open&tag=oven").json()["items"]
    ] == [made.json()["id"]]
    assert reader.ask("GET", f"{here}?state=used").json() == {"items": [], "next": None}
    wanted = {"destinations": [{"channel": channel.pk}], "reason": "a test", "language": "en"}
    post = agent.ask("POST", f"{there}/posts", wanted).json()
    assert post["pieces"] == [made.json()["id"]]
    assert [each["comment"] for each in post["wordings"]] == ["Thanks to Ana Ruiz!", "Thanks to @ana!"]
    assert agent.ask("DELETE", there).status_code == 409
    assert agent.ask("POST", f"brands/verdier/posts/{post['id']}/departure").json()["state"] == "scheduled"
    again = agent.ask("POST", f"{there}/posts", wanted).json()
    same = reader.ask("GET", f"brands/verdier/posts/{again['id']}/repeats").json()["items"]
    assert [(each["post"], each["likeness"]) for each in same] == [(post["id"], 1.0)]


def test_pages_keep_change_set_aside_and_remove(desk: House) -> None:
    channel_of(desk.brand)
    agent, reader = browser(desk.people["agent"]), browser(desk.people["reader"])
    assert "No piece found yet" in agent.get("/b/verdier/found/").content.decode()
    given = {
        "link": LINK, "title": "The oven", "author": "Ana Ruiz", "on-wall": "@ana", "tags": "#Photo, bakery,photo",
        "on-": "https://photos.example/ana",
    }  # fmt: skip
    assert agent.post("/b/verdier/found/new/", {**given, "link": "photos"}).status_code == 422
    assert agent.post("/b/verdier/found/new/", {**given, "author": " "}).status_code == 422
    assert agent.post("/b/verdier/found/new/", given).status_code == 302
    piece = FoundPiece.objects.of(desk.brand).get()
    assert piece.handles == {"wall": "@ana", "": "https://photos.example/ana"}
    assert piece.tags == ["photo", "bakery"]
    twice = agent.post("/b/verdier/found/new/", {**given, "link": f"{LINK}/?utm_source=x"})
    assert (twice.status_code, f"/b/verdier/found/{piece.pk}/" in twice.content.decode()) == (422, True)
    here = f"/b/verdier/found/{piece.pk}/"
    assert agent.post(here, {**given, "title": "The <b>oven"}).status_code == 302
    assert "The &lt;b&gt;oven" in reader.get(here).content.decode()
    assert reader.post(here, given).status_code == 403
    assert reader.post(f"{here}state/", {"state": "aside"}).status_code == 403
    agent.post(f"{here}state/", {"state": "aside"})
    assert "Set aside" in reader.get("/b/verdier/found/?state=aside").content.decode()
    agent.post(f"{here}state/", {"state": "open"})
    agent.post(f"{here}state/", {"state": "removed"})
    assert not FoundPiece.objects.of(desk.brand).exists()
    codes = AuditEntry.objects.of(desk.brand).order_by("pk").values_list("what", flat=True)
    said = ["piece_found", "piece_changed", "piece_set_aside", "piece_taken_up", "piece_removed"]
    assert [each for each in codes if each.startswith("piece_")] == said


def test_it_is_not_removed_while_a_post_may_leave_with_it(desk: House) -> None:
    by, piece = desk.people["agent"], found(desk)
    post = sharing(desk, piece, Variant(parts=[FULL]))
    with pytest.raises(PieceInUse):
        piece.remove(by)
    post.cancel(by)
    piece.remove(by)
    assert not post.sharings.exists()


def test_the_list_is_searched_by_its_index_in_few_queries(desk: House) -> None:
    by, agent = desk.people["agent"], browser(desk.people["agent"])
    for n in range(60):
        found(desk, f"https://photos.example/{n}", author=f"Élodie {n}", tags=("été",) if n % 2 else ())
    post = draft(desk.brand, by, channel_of(desk.brand))
    post.rewrite(
        by, 1, Content("en", [Variant(parts=["x"])], [], pieces=[FoundPiece.objects.of(desk.brand)[0].pk])
    )
    with CaptureQueriesContext(connection) as asked:
        page = agent.get("/b/verdier/found/").content.decode()
    assert len(asked) <= 12
    assert page.count("Found by") == 50
    older = page.split('rel="next" href="')[1].split('"')[0]
    assert agent.get(f"/b/verdier/found/{older}").content.decode().count("Found by") == 10
    assert agent.get("/b/verdier/found/", {"q": "elod 17"}).content.decode().count("Found by") == 1
    assert agent.get("/b/verdier/found/", {"tag": "été"}).content.decode().count("Found by") == 30
    assert "No piece is like this" in agent.get("/b/verdier/found/", {"q": "zebra & | !"}).content.decode()
    assert agent.get("/b/verdier/found/", {"before": "x"}).status_code == 400
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "found_piece_words" in FoundPiece.objects.everywhere().about("elodie").explain()


def test_a_link_is_kept_once(desk: House) -> None:
    piece = found(desk)
    with pytest.raises(PieceKnown):
        found(desk, f"{LINK}/#top")
    other = found(desk, "https://other.example/")
    with pytest.raises(PieceKnown):
        other.settle(desk.people["agent"], piece.piece)


def test_who_is_erased_is_erased_from_what_they_made(desk: House) -> None:
    by, ana = desk.people["agent"], Actor.objects.create(network="wall", remote_id="7", handle="Ana")
    left, waits = found(desk, handles={"wall": "@ana"}), found(desk, f"{LINK}/2", handles={"wall": "ana"})
    other = found(desk, f"{LINK}/3", handles={"wall": "@anabel"})
    post = sharing(desk, waits, Variant(parts=[f"Ana Ruiz: {LINK}/2"]))
    holder = FoundPieces()
    assert [each["link"] for each in holder.rows(ana, desk.brand)] == [LINK, f"{LINK}/2"]
    assert (holder.count(ana, desk.brand), holder.brands(ana)) == (2, {desk.brand.pk})
    assert [holder.erase(ana), holder.erase(ana)] == [2, 0]
    assert [each.title for each in FoundPiece.objects.of(desk.brand).order_by("pk")] == ["…", other.title]
    assert not FoundPiece.objects.of(desk.brand).filter(pk=left.pk).exists()
    assert refused(post.publish, by) == "uncredited"
