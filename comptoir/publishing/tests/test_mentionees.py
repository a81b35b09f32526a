"""Whom posts mention: by one name in a text, by what they are called wherever it is said."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from comptoir.networks import jobs as network_jobs
from comptoir.networks.models import Actor, Delivery
from comptoir.networks.sending import PARTS
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry, NameTaken
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing import jobs
from comptoir.publishing.looking import looks
from comptoir.publishing.mentioning import NOBODY, Book, called, named
from comptoir.publishing.models import (
    Approval,
    ApprovalStep,
    Content,
    FoundPiece,
    LinkRule,
    Mentionee,
    Piece,
    Post,
    Segment,
    SegmentGiven,
    Variant,
)
from comptoir.publishing.outgoing import Links
from comptoir.publishing.persons import Mentionees
from comptoir.publishing.tagging import Rule
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, draft, house

HERE = "/b/verdier/mentionees/"
NAMES = some.text("abcéÉ d’-", min_size=1, max_size=20).filter(called)


@given(some.text(), NAMES, some.text())
def test_a_mention_is_a_handle_where_there_is_one_and_else_the_name(
    before: str, name: str, after: str
) -> None:
    book = Book({called(name): {"wall": "them.example"}})
    text = f"{before}\n@[{name}]\n{after}"
    assert "\n@them.example\n" in book.on(text, "wall")
    assert f"\n{name.strip()}\n" in book.on(text, "page")
    assert name.strip() in named([text])
    assert name.strip() not in book.unknown([text])


@given(some.text())
def test_what_mentions_nobody_is_said_as_it_is(text: str) -> None:
    if not named([text]):
        assert NOBODY.on(text, "wall") == text


@pytest.fixture
def verdier(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    return house()


def called_theatre(made: House) -> Mentionee:
    return Mentionee.make(made.brand, made.people["agent"], "Théâtre de la Ville", {"wall": "tdv.example"})


pages = pytest.mark.django_db


@pages
def test_each_network_says_what_they_are_called_there(verdier: House) -> None:
    called_theatre(verdier)
    Wall.said.clear()
    channel = channel_of(verdier.brand)
    text = "Tonight at @[theatre de la ville], with @[Nobody Known]."
    post = draft(verdier.brand, verdier.people["agent"], channel, text=text)
    assert post.name == "Tonight at theatre de la ville, with Nobody Known."
    assert post.said_on(channel).parts == ("Tonight at @tdv.example, with Nobody Known.",)
    variants = list(post.variants.all())
    (look,) = looks(variants, "en", [(channel, "")], [], Links.of(verdier.brand))
    assert look.said[0].text == "Tonight at @tdv.example, with Nobody Known."
    assert ("".join(words for kind, words in look.compared if kind == "new")).strip() == "@tdv.example,"
    (trouble,) = look.troubles
    assert "Nobody Known" in trouble.words
    assert not trouble.stops
    post.publish(verdier.people["agent"])
    jobs.depart.func(timestamp=0)
    for part in range(PARTS):
        network_jobs.deliver_posts.func(part=part)
    sent = Delivery.objects.of(verdier.brand).get()
    assert sent.text == "Tonight at @tdv.example, with Nobody Known."


@pages
def test_who_approves_reads_what_leaves_and_for_whom_something_is_missing(verdier: House) -> None:
    called_theatre(verdier)
    manager, by = verdier.people["manager"], verdier.people["agent"]
    ApprovalStep.put(verdier.brand, manager, [("", "Mairie")])
    LinkRule.put(verdier.brand, manager, [Rule(("verdier.example",), {"source": "{network}"})])
    segment = Segment.make(verdier.brand, manager, SegmentGiven("Belgique", ("BE",), ("nl",)))
    channels = [channel_of(verdier.brand, name, name) for name in ("wall", "elsewhere")]
    words = [Variant(parts=["Tonight @[Théâtre de la Ville] https://verdier.example/"])]
    to = [(each.pk, "") for each in channels]
    post = Post.make(verdier.brand, by, Content("en", words, to, segments=[segment.pk]))
    post.belong(by, None, "a test")
    post.submit(by)
    link = Approval.objects.of(verdier.brand).select_related("post__brand").get().new_link(by)
    outside = Client().get(link[link.index("/approve/") :]).content.decode()
    inside = browser(manager).get(f"/b/verdier/posts/{post.pk}/approval/").content.decode()
    for page in (outside, inside):
        assert "Tonight @tdv.example https://verdier.example/?utm_source=wall<" in page
        assert "Tonight Théâtre de la Ville https://verdier.example/?utm_source=elsewhere<" in page
        assert "No channel serves it" in page
        assert "@[" not in page.partition("said-where")[2].partition("</section>")[0]


@pages
def test_a_mention_of_the_author_is_their_credit(verdier: House) -> None:
    by = verdier.people["agent"]
    Mentionee.make(verdier.brand, by, "Our friend", {"wall": "ana.example"})
    piece = Piece("Bread at night", "https://example.org/bread", "Ana Ruiz", {"wall": "ana.example"})
    found = FoundPiece.note_down(verdier.brand, by, piece)
    channel = channel_of(verdier.brand)
    words = [Variant(parts=["By @[our friend]: https://example.org/bread"])]
    post = Post.make(verdier.brand, by, Content("en", words, [(channel.pk, "")], pieces=[found.pk]))
    assert found.lacks(post.said_on(channel)) == []
    elsewhere = channel_of(verdier.brand, "them", "elsewhere")
    assert found.lacks(post.said_on(elsewhere)) == ["author"]


@pages
def test_agents_write_them_down_and_readers_look(verdier: House) -> None:
    channel_of(verdier.brand, network="rehearsal")
    agent, reader = browser(verdier.people["agent"]), browser(verdier.people["reader"])
    given = {"name": "  Fête du port ", "on-rehearsal": "@port"}
    assert agent.post(HERE, given).status_code == 302
    made = Mentionee.objects.of(verdier.brand).get()
    assert (made.name, made.handles) == ("Fête du port", {"rehearsal": "port"})
    again = agent.post(HERE, given | {"name": "FETE DU PORT"})
    assert again.status_code == 422
    assert "Somebody here is called so already" in again.content.decode()
    for wrong in ({"name": "[x]"}, {"name": "..."}, {"name": "Ana", "on-rehearsal": "a b"}):
        assert agent.post(HERE, wrong).status_code == 422
    assert "@[Fête du port]" in agent.get("/b/verdier/posts/new/").content.decode()
    assert agent.post(f"{HERE}{made.pk}/", {"name": "Le port", "on-rehearsal": ""}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.folded, made.handles) == ("Le port", "le port", {})
    page = reader.get(f"{HERE}?q=PORT")
    assert "Le port" in page.content.decode()
    assert '<form class="panel' not in page.content.decode()
    assert [reader.post(HERE, given).status_code, reader.post(f"{HERE}{made.pk}/removal/").status_code] == [
        403
    ] * 2
    assert agent.post(f"{HERE}{made.pk}/removal/").status_code == 302
    codes = AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True)
    assert list(codes) == ["mentionee_made", "mentionee_changed", "mentionee_removed"]


@pages
def test_programs_do_the_same() -> None:
    verdier = house()
    agent, path = Program(verdier.people["agent"]), "/api/v1/brands/verdier/mentionees"
    made = agent.ask("POST", path, {"name": "Ana", "handles": {"rehearsal": "@ana"}}).json()
    assert made["handles"] == {"rehearsal": "ana"}
    for wrong in ({"name": "Ana"}, {"name": "Bo", "handles": {"none": "bo"}}, {"name": "[]"}):
        assert problem(agent.ask("POST", path, wrong)) == "invalid"
    changed = agent.ask("PUT", f"{path}/{made['id']}", {"name": "Ana Ruiz"}).json()
    assert (changed["name"], changed["handles"]) == ("Ana Ruiz", {})
    assert [each["name"] for each in agent.get(path)["items"]] == ["Ana Ruiz"]
    assert agent.ask("DELETE", f"{path}/{made['id']}").status_code == 204
    assert problem(agent.ask("DELETE", f"{path}/{made['id']}")) == "not-found"


@pages
def test_whoever_is_erased_is_mentioned_no_more(verdier: House) -> None:
    called_theatre(verdier)
    person = Actor.objects.create(network="wall", remote_id="7", handle="@TDV.example", name="Théâtre")
    assert [each["name"] for each in Mentionees().rows(person, verdier.brand)] == ["Théâtre de la Ville"]
    assert Mentionees().erase(person) == 1
    assert not Mentionee.objects.of(verdier.brand).exists()


@pages
def test_one_name_is_one_person(verdier: House) -> None:
    called_theatre(verdier)
    with pytest.raises(NameTaken):
        Mentionee.make(verdier.brand, verdier.people["agent"], "THEATRE DE LA VILLE", {})
