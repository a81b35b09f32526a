"""What everybody may know of listening, and what becomes of somebody who was only heard and objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client, override_settings

from comptoir.inbox.tests.building import TOWN, House, browser, house, said
from comptoir.listening import minding
from comptoir.listening.hearing import hear
from comptoir.listening.models import Mention, Query, Sample, Source
from comptoir.listening.places import is_public
from comptoir.networks.connector import Activity, Actor, Kind
from comptoir.networks.models import Objection
from comptoir.networks.objections import object_to
from comptoir.organisation import retention
from comptoir.organisation.models import InformationPage

pytestmark = pytest.mark.django_db
PAGE = "/information/verdier/"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path):
        yield


@pytest.fixture
def verdier() -> House:
    made = house("verdier")
    Query.make(made.brand, made.people["manager"], "Secret plan", "teapot*")
    InformationPage.objects.create(
        brand=made.brand, controller="Verdier SAS", contact="privacy@verdier.example"
    )
    return made


def listens(at: House, network: str, address: str, **rest: Any) -> Source:
    return Source.objects.create(brand=at.brand, network=network, address=address, name="n", **rest)


def public(name: str, text: str, **rest: Any) -> Activity:
    return replace(said(name, text, kind=Kind.POST, **rest), addressed=False)


def told(language: str = "en") -> str:
    return Client().get(PAGE, {"language": language}).content.decode()


# The page


def test_the_page_says_where_the_brand_listens_and_never_for_what(verdier: House) -> None:
    assert "What is listened to" not in told()
    listens(verdier, "mastodon", "https://social.example all", settings={"server": "https://social.example"})
    listens(verdier, "mastodon", "https://intra.verdier.internal all")
    listens(verdier, "mastodon", "https://10.0.0.7 all")
    listens(verdier, "feed", "https://user:secret@blog.example/feed?key=abc")
    listens(
        verdier, "bluesky", "9 lawsuit teapot https://words.example", words="lawsuit https://words.example"
    )
    listens(verdier, "mastodon", "https://stopped.example all", on=False)
    retention.choose(verdier.brand, {"mentions": 90})
    for language, words in (("en", "What is listened to"), ("fr", "Ce qui est écouté")):
        page = told(language)
        assert f'<html lang="{language}"' in page
        for expected in (words, "social.example", "blog.example", "Bluesky", "90"):
            assert expected in page
        people = [each.email for each in verdier.people.values()]
        for inner in ("lawsuit", "words.example", "secret", "key=abc", "internal", "10.0.0.7", "stopped.example",
                      "Secret plan", "teapot", *people):  # fmt: skip
            assert inner not in page


def test_names_of_machines_inside_are_not_told() -> None:
    with override_settings(INSIDE_ALLOWED=frozenset(["social.verdier.example:443"])):
        assert [is_public(each) for each in ("social.example", "social.verdier.example", "localhost", "127.0.0.1",
                "::1", "db.internal", "nas.local", "")] == [True, *[False] * 7]  # fmt: skip


def test_the_page_may_be_kept_for_a_while_and_sets_no_cookie(verdier: House) -> None:
    answer = Client().get(PAGE)
    assert answer["Cache-Control"] == "public, max-age=300"
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()


# Somebody who was only heard


def test_who_was_only_heard_objects_and_nothing_of_theirs_is_left_or_heard_again(verdier: House) -> None:
    other = house("other")
    theirs = Query.make(other.brand, other.people["manager"], "Tea", "teapot")
    listens(verdier, TOWN, "lyon")
    hear(TOWN, [public("a", "a teapot", by=1), public("b", "weather", by=1), public("c", "a teapot", by=2)])
    owner = browser(verdier.people["owner"])
    page = owner.get("/b/verdier/privacy/", {"network": TOWN, "name": "@person1.example"})
    (person,) = page.context["found"]
    answer = owner.post(f"/b/verdier/privacy/{person.pk}/objection/", follow=True)
    assert "their mentions are gone" in answer.content.decode()
    left = Mention.objects.of(verdier.brand).values_list("activity__remote_id", flat=True)
    assert set(left) == {"c"}
    assert set(Sample.objects.values_list("remote_id", flat=True)) == {"c"}
    assert theirs.mentions.count() == 2, "the other brand was not asked"
    hear(TOWN, [public("d", "a teapot", by=1), public("e", "weather", by=1)])
    assert set(left.all()) == {"c"}
    assert set(Sample.objects.values_list("remote_id", flat=True)) == {"c"}
    hear(TOWN, [public("a", "a teapot", by=1)])
    assert set(left.all()) == {"c"}


def test_who_is_in_the_sample_alone_objects_by_their_handle(verdier: House) -> None:
    """The brand has no account there: it listens, which is enough to be asked."""
    listens(verdier, "mastodon", "https://social.example all")
    ann = Actor("https://social.example/users/ann", "@ann@social.example", "Ann")
    hear("mastodon", [public("b", "weather", actor=ann)])
    assert Sample.objects.count() == 1
    form = {"network": "mastodon", "name": "ann@Social.example"}
    assert browser(verdier.people["owner"]).post("/b/verdier/privacy/objections/", form).status_code == 302
    assert not Sample.objects.exists()
    hear("mastodon", [public("c", "a teapot", actor=ann)])
    assert not Mention.objects.of(verdier.brand).exists()
    assert not Sample.objects.exists()


def test_who_is_known_by_an_id_alone_is_let_go_of_when_the_name_is_learnt(verdier: House) -> None:
    """A stream that names people by their ids: the handle by which somebody objected is only learnt afterwards."""
    object_to(TOWN, handle="@ann.example", brand=verdier.brand)
    nameless = Actor("id-ann", "id-ann")
    hear(TOWN, [public("a", "a teapot", actor=nameless)])
    assert Mention.objects.of(verdier.brand).count() == 1
    assert minding.call(TOWN, Actor("id-ann", "@Ann.example", "Ann")) == 1
    assert not Mention.objects.of(verdier.brand).exists()
    assert not Sample.objects.exists()
    assert Objection.objects.of(verdier.brand).get().of_account
    hear(TOWN, [public("b", "a teapot", actor=nameless)])
    assert not Mention.objects.of(verdier.brand).exists()


# What is never kept

SENSITIVE = ("opinion", "belief", "politic", "party", "religio", "faith", "health", "illness", "ethnic", "origin",
             "orientation", "gender", "race")  # fmt: skip


def test_no_column_of_listening_is_about_what_people_are() -> None:
    """The text says what it says; nothing beside it sorts people by opinion, religion or health."""
    fields = [
        f"{model.__name__}.{field.name}"
        for label in ("listening", "networks", "inbox")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
    ]
    assert [each for each in fields if any(word in each.split(".")[1].lower() for word in SENSITIVE)] == []


def test_nobody_is_summed_up_by_tone(verdier: House) -> None:
    """A tone is a message's: neither the page, nor the file, nor the interface adds up somebody's."""
    hear(TOWN, [public(f"m{n}", "this teapot is awful, a shame", by=1) for n in range(3)])
    agent = browser(verdier.people["agent"])
    head = agent.get("/b/verdier/listening/explore/people.csv").getvalue().decode().splitlines()[0]
    summed = "tone", "negative", "toxic", "sentiment", "hate"
    assert not any(word in head for word in summed)
    shown = agent.get("/b/verdier/listening/explore/").context["found"]
    assert not any(word in name for name in shown.speakers.most[0]._fields for word in summed)
    columns = [field.name for field in apps.get_model("networks", "Actor")._meta.get_fields()]
    assert not any(word in name for name in columns for word in summed)
