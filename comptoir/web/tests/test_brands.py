"""Several brands in one house: made by owners, settled, switched between, put away and brought back."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.networks import jobs
from comptoir.networks.models import Channel
from comptoir.organisation.models import AuditEntry, Brand, JoinRequest, SlugTaken, User

pytestmark = pytest.mark.django_db
SETTINGS = "/b/verdier/settings/"
FORM = {"name": "Maison Verdier", "sign": "", "tint": "", "language": "", "time_zone": ""}


@pytest.fixture
def verdier() -> House:
    return house()


def body(response: Any) -> str:
    return str(response.content.decode())


def test_an_owner_makes_a_brand_of_their_own(verdier: House) -> None:
    owner = verdier.people["owner"]
    client = browser(owner)
    page = client.post("/brands/new/", {**FORM, "name": "Café Noisette", "slug": ""}, follow=True)
    assert page.redirect_chain[-1][0] == "/b/cafe-noisette/channels/"
    assert "Café Noisette is there." in body(page)
    made = Brand.objects.of(owner.memberships.get(brand__slug="cafe-noisette").brand).get()
    assert [each.what for each in AuditEntry.objects.of(made).order_by("pk")] == [
        "brand_made",
        "member_admitted",
    ]
    assert browser(verdier.people["agent"]).get("/b/cafe-noisette/threads/").status_code == 404
    assert client.post("/brands/new/", {**FORM, "name": "Café Noisette"})["Location"].startswith(
        "/b/cafe-noisette-2/"
    )


@pytest.mark.parametrize("role", ["reader", "agent", "manager"])
def test_who_owns_nothing_makes_no_brand(verdier: House, role: str) -> None:
    client = browser(verdier.people[role])
    assert client.get("/brands/new/").status_code == 403
    assert client.post("/brands/new/", {**FORM, "name": "Mine"}).status_code == 403
    assert client.get(SETTINGS).status_code == 403
    assert client.post("/b/verdier/archive/", {"name": "Maison Verdier"}).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"slug": "verdier"}, "Another brand has this address."),
        ({"slug": "not a slug"}, "valid"),
        ({"name": "***"}, "at least a letter"),
        ({"name": ""}, "required"),
        ({"sign": "*"}, "Letters or figures only."),
        ({"tint": "9"}, "valid choice"),
        ({"language": "xx"}, "valid choice"),
        ({"time_zone": "Mars/Olympus"}, "There is no such time zone."),
    ],
)
def test_what_makes_no_sense_is_said(verdier: House, wrong: dict[str, str], words: str) -> None:
    client = browser(verdier.people["owner"])
    answer = client.post("/brands/new/", {**FORM, "name": "New", **wrong})
    assert answer.status_code == 422
    assert words in body(answer)


def test_a_name_that_is_taken_finds_another_address(verdier: House) -> None:
    owner = verdier.people["owner"]
    assert [Brand.make("Ô ô", owner).slug for _n in range(3)] == ["o-o", "o-o-2", "o-o-3"]
    assert Brand.make("東京", owner).slug == "brand"
    with pytest.raises(SlugTaken):
        Brand.make("Other", owner, "verdier")


def test_settings_are_kept_and_seen(verdier: House) -> None:
    client = browser(verdier.people["owner"])
    form = {"name": "Verdier & Fils", "sign": "vf", "tint": "3", "language": "fr", "time_zone": "Asia/Tokyo"}
    page = client.post(SETTINGS, form, follow=True)
    assert "Kept." in body(page)
    assert '<span class="disc t3" aria-hidden="true">VF</span>' in body(page)
    entry = AuditEntry.objects.of(verdier.brand).get(what="brand_changed")
    assert entry.facts["changed"] == ["language", "name", "sign", "time_zone", "tint"]
    assert "Kept." not in body(client.post(SETTINGS, form, follow=True)), "nothing was changed"
    client.get(verdier.url())
    assert str(timezone.get_current_timezone()) == "Asia/Tokyo"
    client.cookies["zone"] = "Europe%2FParis"
    client.get(verdier.url())
    assert str(timezone.get_current_timezone()) == "Europe/Paris", "the reader's own comes first"


def test_the_menu_counts_every_brand_in_one_query(verdier: House, django_assert_num_queries: Any) -> None:
    hear(verdier.channel, [said(f"m{n}", by=n) for n in range(3)])
    agent = verdier.people["agent"]
    verdier.thread().read(agent)
    others = [house(f"h{n}").brand for n in range(4)]
    for brand in others:
        brand.admit(agent, "reader")
    client = browser(agent)
    client.get("/brands/")
    with django_assert_num_queries(3):  # session, person with roles, counts
        page = client.get("/brands/?kind=channels&own=h1", **HTMX)
    assert body(page).count("<a ") == 5
    assert 'href="/b/verdier/channels/"' in body(page), "the kind of page is kept"
    assert "3 open" in body(page)
    assert "2 unread" in body(page)
    assert body(page).count('aria-current="true"') == 1
    assert 'href="/b/verdier/threads/"' in body(client.get("/brands/?kind=nonsense", **HTMX))


def test_the_menu_is_there_for_several_brands_or_owners(verdier: House) -> None:
    assert 'id="brands"' not in body(browser(verdier.people["agent"]).get(verdier.url()))
    owner = browser(verdier.people["owner"])
    assert f'href="{SETTINGS}"' in body(owner.get(verdier.url()))
    second = house("second").brand
    second.admit(verdier.people["agent"], "reader")
    page = body(browser(verdier.people["agent"]).get("/b/verdier/people/"))
    assert 'href="/b/second/people/"' in page, "without scripts too"
    assert SETTINGS not in page


def test_archived_a_brand_closes_and_falls_silent(verdier: House, settings: Any) -> None:
    owner = browser(verdier.people["owner"])
    agent = browser(verdier.people["agent"])
    assert "7 people" not in body(owner.get("/b/verdier/archive/"))
    assert "4 people work for it" in body(owner.get("/b/verdier/archive/"))
    assert owner.post("/b/verdier/archive/", {"name": "something else"}).status_code == 422
    assert agent.get(verdier.url()).status_code == 200
    page = owner.post("/b/verdier/archive/", {"name": " maison verdier "}, follow=True)
    assert "Maison Verdier is archived." in body(page)
    assert "Bring back" in body(page)
    jobs.silence.func(brand_id=verdier.brand.pk)
    jobs.silence.func(brand_id=verdier.brand.pk)
    assert Channel.objects.of(verdier.brand).get().state == "off"
    for path in ("threads/", "channels/", "people/"):
        answer = agent.get(f"/b/verdier/{path}")
        assert answer.status_code == 404
        assert "Maison Verdier is archived." in body(answer)
    assert owner.get(verdier.url()).status_code == 404
    assert agent.get("/").status_code == 200
    assert "An owner can bring it back." in body(agent.get("/"))
    assert "archived" not in body(browser(verdier.stranger).get(verdier.url()))
    assert verdier.brand.pk not in open_brands(agent)

    assert "This brand is archived" in body(owner.get(SETTINGS))
    page = owner.post("/b/verdier/archive/", {"state": "back"}, follow=True)
    assert "Maison Verdier is back." in body(page)
    assert agent.get(verdier.url()).status_code == 200
    codes = AuditEntry.objects.of(verdier.brand).order_by("pk").values_list("what", flat=True)
    assert list(codes) == ["brand_archived", "channel_off", "brand_brought_back"]


def open_brands(client: Any) -> list[int]:
    """The brands whose stream a page may hear."""
    from django.conf import settings

    from comptoir.kernel import tokens
    from comptoir.web.live import PURPOSE

    token = client.get("/live-token/").json()["token"]
    found: list[int] = tokens.read(PURPOSE, token, settings.SECRET_KEY).said["brands"]
    return found


def test_one_person_has_a_role_on_each_brand(verdier: House) -> None:
    second = house("second").brand
    agent = verdier.people["agent"]
    second.admit(agent, "owner")
    client = browser(agent)
    assert client.get("/b/second/settings/").status_code == 200
    assert client.get(SETTINGS).status_code == 403
    page = body(client.get("/"))
    assert "Agent" in page
    assert "Owner" in page


def test_who_belongs_nowhere_is_told_what_to_do() -> None:
    alone = User.objects.create_user("alone@x.example")
    page = body(browser(alone).get("/"))
    assert "You do not belong to a brand yet" in page
    assert "alone@x.example" in page
    assert 'href="/join/"' in page
    JoinRequest.ask(alone, house().brand)
    assert "You have asked to join" in body(browser(alone).get("/"))
