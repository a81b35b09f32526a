"""Pictures are kept with their rights, leave with no post that may not show them, and are found again."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from comptoir.kernel import clock
from comptoir.networks.models import Activity, Actor, Audience, Delivery
from comptoir.networks.persons import erase
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import Notice
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing import departing, jobs
from comptoir.publishing.models import Asset, AssetGiven, Content, NotNow, Permission, Post, Variant
from comptoir.publishing.models.asset import tags_of
from comptoir.publishing.tests.building import House, Wall, browser, house
from tests.servers.stranger import jpeg

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
HERE = "/b/verdier/library/"


@pytest.fixture
def verdier(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    Wall.said.clear()
    Wall.raises.clear()
    return house()


def picture(verdier: House, **said: Any) -> Asset:
    made = Asset.bring(verdier.brand, verdier.people["agent"], jpeg(), said.pop("name", "quay.jpg"))
    made.settle(verdier.people["agent"], AssetGiven(**({"name": made.name} | said)))
    return made


def post_with(verdier: House, asset: Asset, text: str = "The quay this morning") -> Post:
    by = verdier.people["agent"]
    words = Content("en", [Variant(parts=[text])], [(verdier.channel.pk, "")], [(asset.pk, "A quay")])
    made = Post.make(verdier.brand, by, words)
    made.belong(by, None, "a test")
    return made


def test_pictures_are_brought_described_and_found(verdier: House, django_assert_max_num_queries: Any) -> None:
    agent = browser(verdier.people["agent"])
    file = SimpleUploadedFile("quay.jpg", jpeg(), "image/jpeg")
    agent.post(HERE, {"file": [file, SimpleUploadedFile("notes.jpg", b"none", "image/jpeg")]})
    (found,) = Asset.objects.of(verdier.brand)
    given = {
        "name": "The quay", "alt": "Boats at the quay", "credit": "Ana Ruiz", "rights": "licensed",
        "licence": "CC BY 4.0", "source": "https://example.org/quay", "expires": "2030-01-31",
        "tags": "#Boats, harbour, boats",
    }  # fmt: skip
    assert agent.post(f"{HERE}{found.pk}/", given).status_code == 302
    found.refresh_from_db()
    assert (found.credit, found.licence, found.expires) == ("Ana Ruiz", "CC BY 4.0", date(2030, 1, 31))
    assert found.tags == ["boats", "harbour"]
    with django_assert_max_num_queries(12):
        page = agent.get(HERE).content.decode()
    assert "Ana Ruiz" in page
    assert "Boats at the quay" in page
    for words, there in (("boats", True), ("ruiz quay", True), ("#harbour", True), ("ana mountain", False)):
        assert ("The quay" in agent.get(HERE, {"q": words}).content.decode()) is there
    reader = browser(verdier.people["reader"])
    assert reader.post(HERE, {"file": SimpleUploadedFile("a.jpg", jpeg())}).status_code == 403
    assert Asset.objects.of(verdier.brand).count() == 1
    wrong = agent.post(f"{HERE}{found.pk}/", given | {"source": "javascript:alert(1)"})
    assert wrong.status_code == 422


def test_a_page_that_goes_on(verdier: House) -> None:
    by = verdier.people["agent"]
    row = Asset.bring(verdier.brand, by, jpeg(), "first")
    Asset.objects.bulk_create(
        Asset(brand=verdier.brand, name=f"n{n}", mime=row.mime, content=row.content, width=1, height=1)
        for n in range(60)
    )
    agent = browser(by)
    page = agent.get(HERE).content.decode()
    older = page.split("before=")[1].split('"')[0]
    seen = page.count("/library/") + agent.get(HERE, {"before": older}).content.decode().count("/library/")
    assert "first" not in page
    assert "first" in agent.get(HERE, {"before": older}).content.decode()
    assert seen >= 61


@pytest.mark.parametrize(
    ("said", "bar"),
    [
        ({"rights": "ours"}, ""),
        ({"expires": date(2030, 6, 15)}, ""),
        ({"expires": date(2030, 6, 14)}, "expired"),
        ({"rights": "asked"}, "unpermitted"),
        ({"rights": "refused"}, "unpermitted"),
    ],
)
def test_what_may_be_shown_on_a_day(said: dict[str, Any], bar: str) -> None:
    assert Asset(**said).bar(date(2030, 6, 15)) == bar


def test_no_post_is_scheduled_for_after_the_last_day(verdier: House) -> None:
    by = verdier.people["agent"]
    today = clock.now().date()
    post = post_with(verdier, picture(verdier, expires=today + timedelta(days=3)))
    post.plan(by, today + timedelta(days=2), clock.now().time().replace(second=0, microsecond=0), "")
    post.schedule(by)
    post.unschedule(by)
    post.plan(by, today + timedelta(days=5), clock.now().time().replace(second=0, microsecond=0), "")
    with pytest.raises(NotNow, match="rights"):
        post.schedule(by)


def test_the_last_day_is_one_by_the_brands_clock(verdier: House) -> None:
    with time_machine.travel("2030-06-15T22:30:00Z", tick=False):
        post = post_with(verdier, picture(verdier, expires=date(2030, 6, 15)))
        with pytest.raises(NotNow, match="rights"):
            post.publish(verdier.people["agent"])


def test_what_was_scheduled_before_the_rights_ended_asks(verdier: House) -> None:
    by = verdier.people["agent"]
    asset = picture(verdier)
    post = post_with(verdier, asset)
    post.publish(by)
    asset.settle(by, AssetGiven(name="quay.jpg", expires=clock.now().date() - timedelta(days=2)))
    departing.depart()
    (where,) = post.destinations.all()
    assert (where.state, where.code) == ("asking", "rights")
    assert not Delivery.objects.everywhere().exists()
    page = browser(by).get("/b/verdier/decisions/").content.decode()
    assert "A picture may not be shown" in page
    browser(by).post(f"/b/verdier/decisions/posts/{post.pk}/", {"what": "now"})
    departing.depart()
    assert not Delivery.objects.everywhere().exists(), "a decision does not make it permitted"
    asset.settle(by, AssetGiven(name="quay.jpg"))
    browser(by).post(f"/b/verdier/decisions/posts/{post.pk}/", {"what": "now"})
    departing.depart()
    assert Delivery.objects.everywhere().count() == 1


def test_the_composer_offers_the_library_and_says_whom_to_name(verdier: House) -> None:
    asset = picture(verdier, alt="Boats", credit="Ana Ruiz (@ana@example.org)", rights="licensed")
    barred = picture(verdier, name="other", rights="refused")
    away = picture(verdier, name="away")
    assert away.move(verdier.people["agent"], True)
    assert not away.move(verdier.people["agent"], True)
    agent = browser(verdier.people["agent"])
    page = agent.get("/b/verdier/posts/new/").content.decode()
    assert f'value="picture:{asset.pk}"' in page
    assert f'value="picture:{barred.pk}"' not in page
    assert f'value="picture:{away.pk}"' not in page
    assert f"picture:{asset.pk}" in agent.get(f"{HERE}choices/", {"library": "ruiz"}).content.decode()
    assert f"picture:{asset.pk}" not in agent.get(f"{HERE}choices/", {"library": "hill"}).content.decode()
    form = {"number": 0, "channel": verdier.channel.pk, "part-||": "The quay", "act": f"picture:{asset.pk}"}
    page = agent.post("/b/verdier/posts/new/", form).content.decode()
    assert ">Boats</textarea>" in page, "it begins with what the library says it shows"
    assert "no text here names them" in page
    named = form | {"part-||": "The quay, by Ana Ruiz", "picture": asset.pk, "act": "look"}
    assert "no text here names them" not in agent.post("/b/verdier/posts/new/", named).content.decode()
    shut = form | {"picture": barred.pk, "act": "look"}
    assert "its author has not agreed" in agent.post("/b/verdier/posts/new/", shut).content.decode()


def test_where_it_was_shown(verdier: House) -> None:
    asset = picture(verdier)
    post = post_with(verdier, asset)
    page = browser(verdier.people["reader"]).get(f"{HERE}{asset.pk}/").content.decode()
    assert f"/posts/{post.pk}/" in page
    stranger = browser(house_elsewhere())
    assert stranger.get(f"{HERE}{asset.pk}/").status_code == 404


def house_elsewhere() -> Any:
    from comptoir.organisation.models import User

    return User.objects.create_user("somebody@example.org", name="Somebody")


def message_with_picture(verdier: House) -> Activity:
    who = Actor.objects.create(network="wall", remote_id="ana", handle="@ana", name="Ana Ruiz")
    said = Activity.objects.create(
        network="wall", remote_id="m1", kind="post", actor=who, text="Ce matin au port", published=clock.now(),
        language="fr",
        url="https://wall.example/m1", media=[{"kind": "image", "url": "https://wall.example/1.jpg", "alt": "Boats"}],
    )  # fmt: skip
    Audience.objects.create(channel=verdier.channel, activity=said, own=False, addressed=True)
    return said


def test_an_author_is_asked_once(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    said = message_with_picture(verdier)
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return jpeg()

    monkeypatch.setattr("comptoir.networks.files.fetched", fetch)
    agent = browser(verdier.people["agent"])
    page = agent.get(f"{HERE}asking/{said.pk}/").content.decode()
    assert "Votre photo" in page, "in the language of the message"
    agent.post(f"{HERE}asking/{said.pk}/", {"picture": "1", "question": "May we?"})
    assert fetched == ["https://wall.example/1.jpg"]
    (asked,) = Permission.objects.of(verdier.brand)
    assert (asked.asset.rights, asked.asset.credit, asked.asset.source) == (
        "asked",
        "Ana Ruiz (@ana)",
        said.url,
    )
    assert asked.delivery is not None
    assert (asked.delivery.text, asked.delivery.target_id, asked.delivery.act) == (
        "May we?",
        said.pk,
        "reply",
    )
    with pytest.raises(NotNow, match="rights"):
        post_with(verdier, asked.asset).publish(verdier.people["agent"])


def test_what_they_answer_is_kept(verdier: House) -> None:
    said = message_with_picture(verdier)
    agent = browser(verdier.people["agent"])
    by = verdier.people["agent"]
    (asked,) = Permission.ask(verdier.brand, by, verdier.channel, said, [jpeg()], "May we?")
    assert asked.delivery is not None
    agent.post(f"{HERE}{asked.asset_id}/permission/", {"state": "granted"})
    asked.refresh_from_db()
    assert asked.state == "asked", "without proof nobody agreed"
    Delivery.objects.everywhere().filter(pk=asked.delivery.pk).update(state="sent", remote_id="q1")
    yes = Activity.objects.create(
        network="wall", remote_id="a1", kind="post", actor=said.actor, text="Oui, avec plaisir !", in_reply_to="q1",
        published=clock.now() + timedelta(minutes=1), url="https://wall.example/a1",
    )  # fmt: skip
    Audience.objects.create(channel=verdier.channel, activity=yes, own=False, addressed=True)
    for _twice in range(2):
        jobs.tell_of_permissions.func(timestamp=0)
    told = Notice.objects.of(verdier.brand).get(code="permission_answered")
    assert (told.about, told.settled_at) == (f"asset:{asked.asset_id}", None)
    agent.post(f"{HERE}{asked.asset_id}/permission/", {"state": "granted", "answer": yes.pk})
    asked.refresh_from_db()
    assert (asked.state, asked.proof, asked.proof_url) == ("granted", "Oui, avec plaisir !", yes.url)
    told.refresh_from_db()
    assert told.settled_at is not None
    yes.delete()
    post_with(verdier, Asset.objects.of(verdier.brand).get()).publish(verdier.people["agent"])
    assert "Oui, avec plaisir" in agent.get(f"{HERE}{asked.asset_id}/").content.decode()


def test_with_a_person_their_permission_goes(verdier: House) -> None:
    said = message_with_picture(verdier)
    by = verdier.people["agent"]
    (asked,) = Permission.ask(verdier.brand, by, verdier.channel, said, [jpeg()], "May we?")
    asked.settle(by, True, "Yes!", "https://wall.example/a1")
    post = post_with(verdier, Asset.objects.of(verdier.brand).get())
    post.publish(by)
    assert said.actor is not None
    erase(said.actor)
    asked.refresh_from_db()
    asset = Asset.objects.of(verdier.brand).get()
    assert (asked.proof, asked.question, asked.person, asset.credit) == ("", "", None, "")
    departing.depart()
    assert [each.code for each in post.destinations.all()] == ["rights"]


def test_tags_are_kept_once() -> None:
    assert tags_of(["#Été", "  été ", "", "port  de plaisance"]) == ["été", "port de plaisance"]


def test_programs_bring_pictures_and_their_posts_show_them(verdier: House) -> None:
    agent, place = Program(verdier.people["agent"]), "/api/v1/brands/verdier"
    content = b64encode(jpeg(400, 300)).decode()
    for wrong in (
        {"content": "?"},
        {"content": b64encode(b"no picture").decode()},
        {"content": content, "rights": "x"},
    ):
        assert problem(agent.ask("POST", f"{place}/library", wrong)) == "invalid"
    given = {"content": content, "name": "Port", "shows": "The port", "credit": "Ana Ruiz", "rights": "ours"}
    made = agent.ask("POST", f"{place}/library", given).json()
    assert (made["width"], made["shows"], made["credit"], made["rights"]) == (
        400,
        "The port",
        "Ana Ruiz",
        "ours",
    )
    bare = agent.ask("POST", f"{place}/library", {"content": content}).json()
    post: dict[str, Any] = {
        "wordings": [{"parts": ["Look, by Ana Ruiz"]}], "destinations": [{"channel": verdier.channel.pk}],
        "reason": "a test", "pictures": [{"picture": made["id"]}, {"picture": bare["id"]}],
    }  # fmt: skip
    assert (
        problem(agent.ask("POST", f"{place}/posts", post | {"pictures": [{"picture": 10**9}]})) == "invalid"
    )
    shown = agent.ask("POST", f"{place}/posts", post).json()
    assert shown["pictures"] == ["The port", ""]
    there = f"{place}/posts/{shown['id']}"
    refused = agent.ask("POST", f"{there}/departure")
    assert "Say what each picture shows" in refused.json()["detail"]
    described = [{"picture": bare["id"], "shows": "The quay"}]
    changed = agent.ask("PUT", there, post | {"version": 1, "pictures": described}).json()
    assert changed["pictures"] == ["The quay"]
    kept = agent.ask("PUT", there, {k: v for k, v in post.items() if k != "pictures"} | {"version": 2}).json()
    assert kept["pictures"] == ["The quay"]
    assert agent.ask("POST", f"{there}/departure").json()["state"] == "scheduled"
