"""Signatures: what stands behind words that leave, how it counts, and the switch that takes names off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from time_machine import travel

from comptoir.inbox.models import Reply
from comptoir.inbox.models.signing import apart, shield, signature
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.inbox.tests.test_changes import Changing
from comptoir.kernel import clock
from comptoir.networks.connector import Length
from comptoir.networks.jobs import deliver
from comptoir.networks.models import Channel, Delivery
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry, Brand, Notice
from comptoir.organisation.tests.programs import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdier() -> House:
    made = house()
    made.people["agent"].name = "Ana  Belén Verdier"
    made.people["agent"].save()
    hear(made.channel, [said("m0")])
    return made


def body(response: Any) -> str:
    return str(response.content.decode())


def policy(verdier: House, signing: str) -> None:
    Channel.objects.of(verdier.brand).update(signing=signing)


def answer(verdier: House, text: str = "Hello", who: str = "agent", **more: Any) -> Any:
    url = verdier.url(f"{verdier.thread().pk}/replies/")
    return browser(verdier.people[who]).post(url, {"text": text, **more}, **HTMX)


def left(verdier: House) -> list[str]:
    """Bring what waits on its way."""
    with travel(clock.now() + timedelta(minutes=1)):
        for job in ProcrastinateJob.objects.filter(task_name="comptoir.networks.jobs.deliver"):
            for _twice in range(2):
                deliver.func(**job.args)
    rows = Delivery.objects.of(verdier.brand).filter(act="reply", state="sent").order_by("pk")
    return [row.result.text for row in rows if row.result]


@pytest.mark.parametrize(
    ("signing", "text", "shown"),
    [
        ("none", "Hello", ""),
        ("first_name", "Hello\n– Ana", "– Ana"),
        ("real_name", "Hello\n– Ana Belén Verdier", "– Ana Belén Verdier"),
        ("initials", "Hello ^AV", "^AV"),
    ],
)
def test_an_answer_is_signed_as_its_channel_says(verdier: House, signing: str, text: str, shown: str) -> None:
    policy(verdier, signing)
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{verdier.thread().pk}/")))
    assert (f"<bdi>{shown}</bdi></span>" in page) is bool(shown)
    assert answer(verdier).status_code == 200
    reply = Reply.objects.get()
    assert (reply.delivery.text, reply.signed, reply.words) == (text, signing, "Hello")
    assert left(verdier) == [text]


def test_who_has_no_name_signs_nothing_and_an_address_is_none(verdier: House) -> None:
    policy(verdier, "real_name")
    agent = verdier.people["agent"]
    for nameless in ("", "…"):
        agent.name = nameless
        made = signature(Channel.objects.of(verdier.brand).get(), agent, False)
        assert agent.email not in made.text
    assert signature(Channel.objects.of(verdier.brand).get(signing="real_name"), agent, True).text == ""
    policy(verdier, "initials")
    assert signature(Channel.objects.of(verdier.brand).get(), agent, False).policy == "none"


def test_letters_are_signed_below_an_empty_line(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type(verdier.channel.connector())
    monkeypatch.setattr(kind, "length", lambda self, text: Length(len(text), 20_000, len(text) - 20_000))
    for signing, text in (("initials", "\n\n^AV"), ("first_name", "\n\n– Ana")):
        verdier.channel.signing = signing
        assert signature(verdier.channel, verdier.people["agent"], False).text == text


def test_it_counts_in_the_limit_and_while_somebody_writes(verdier: House) -> None:
    policy(verdier, "initials")
    limit = verdier.channel.connector().length("").limit
    refused = answer(verdier, "x" * (limit - 3))
    assert refused.status_code == 422
    assert "This is 1 character too long" in body(refused)
    assert not Reply.objects.exists()
    url = verdier.url(f"{verdier.thread().pk}/length/")
    counted = browser(verdier.people["agent"]).post(url, {"text": "x" * (limit - 3)}).json()
    assert counted == {"count": limit + 1, "limit": limit, "over": 1}
    assert answer(verdier, "x" * (limit - 4)).status_code == 200


def test_words_that_come_back_come_without_it(verdier: House) -> None:
    policy(verdier, "initials")
    answer(verdier, "Too hasty")
    reply = Reply.objects.get()
    url = verdier.url(f"{verdier.thread().pk}/replies/{reply.pk}/withdrawal/")
    page = body(browser(verdier.people["agent"]).post(url, **HTMX))
    assert ">Too hasty</textarea>" in page
    answer(verdier, "Too hasty")
    assert Reply.objects.latest("pk").delivery.text == "Too hasty ^AV"


def test_a_change_keeps_it_and_never_says_it_twice(verdier: House, monkeypatch: pytest.MonkeyPatch) -> None:
    every_network_is(monkeypatch, Changing)
    policy(verdier, "initials")
    answer(verdier)
    left(verdier)
    reply, owner = Reply.objects.get(), browser(verdier.people["owner"])
    base = verdier.url(f"{verdier.thread().pk}/")
    page = body(owner.get(f"{base}?edit={reply.pk}"))
    assert ">Hello</textarea>" in page
    assert 'data-after=" ^AV"' in page
    counted = owner.post(f"{base}length/", {"text": "Bonjour", "edit": reply.pk}).json()
    assert counted["count"] == len("Bonjour ^AV")
    owner.post(f"{base}replies/{reply.pk}/edition/", {"text": "Bonjour"}, **HTMX)
    assert Delivery.objects.of(verdier.brand).get(act="edit").text == "Bonjour ^AV"


@pytest.mark.parametrize("on", [False, True])
def test_what_a_changed_answer_is_signed_with(verdier: House, on: bool) -> None:
    policy(verdier, "first_name")
    answer(verdier)
    left(verdier)
    if on:
        shield(verdier.brand, verdier.people["owner"])
    policy(verdier, "none")
    reply = Reply.objects.get()
    edit = reply.edit("Bonjour", verdier.people["owner"])
    assert edit.text == ("Bonjour" if on else "Bonjour\n– Ana")
    assert reply.signed == "first_name", "how it left"


@pytest.mark.parametrize(
    ("text", "signed", "told"),
    [
        ("Hello ^AV", " ^AV", ("Hello", " ^AV")),
        ("Hello\n\n– Ana \n", "\n– Ana", ("Hello", "\n– Ana")),
        ("Hello, changed there", " ^AV", ("Hello, changed there", "")),
        ("Hello ", "", ("Hello ", "")),
    ],
)
def test_words_and_signature_apart(text: str, signed: str, told: tuple[str, str]) -> None:
    assert apart(text, signed) == told


# --- the shield


def switch(verdier: House, who: str, **data: Any) -> Any:
    return browser(verdier.people[who]).post(f"/b/verdier/shield/?thread={verdier.thread().pk}", data, **HTMX)


def test_one_switch_takes_names_off_at_once(verdier: House) -> None:
    policy(verdier, "real_name")
    answer(verdier, "Before")
    shown = body(switch(verdier, "manager"))
    assert "Names are off" in shown
    assert "Sign again" in shown
    assert 'data-after=""' in shown
    answer(verdier, "After")
    assert left(verdier) == ["Before", "After"], "what waited left without as well"
    assert set(Reply.objects.values_list("signed", "signature")) == {("none", "")}
    page = body(browser(verdier.people["agent"]).get(verdier.url(f"{verdier.thread().pk}/")))
    assert page.count("Names are off") == 2, "at the top of the pages, and at the box"
    assert "Sign again" not in page
    assert Notice.objects.of(verdier.brand).filter(code="names_off", settled_at=None).count() == 1
    switch(verdier, "owner", state="off")
    assert not Notice.objects.of(verdier.brand).filter(code="names_off", settled_at=None).exists()
    answer(verdier, "Signed", seen=Reply.objects.latest("pk").pk)
    assert Reply.objects.latest("pk").delivery.text.endswith("\n– Ana Belén Verdier")


def test_it_is_written_down_once(verdier: House) -> None:
    for state in ("on", "on", "off", "off"):
        switch(verdier, "owner", state=state)
    told = AuditEntry.objects.of(verdier.brand).filter(what__startswith="shield_").order_by("pk")
    assert list(told.values_list("what", flat=True)) == ["shield_raised", "shield_lowered"]


def test_what_is_under_way_or_taken_back_is_left_alone(verdier: House) -> None:
    policy(verdier, "initials")
    answer(verdier)
    Delivery.objects.of(verdier.brand).update(state="sending")
    shield(verdier.brand, verdier.people["owner"])
    assert Reply.objects.get().delivery.text == "Hello ^AV"
    assert Reply.objects.get().signed == "initials"


def test_a_claim_says_what_stands_there_then(verdier: House) -> None:
    policy(verdier, "initials")
    answer(verdier)
    read_before = Delivery.objects.of(verdier.brand).get()
    shield(verdier.brand, verdier.people["owner"])
    assert read_before.claim()
    assert read_before.text == "Hello"


def test_the_brand_of_another_house_signs_on(verdier: House) -> None:
    second = house("second")
    Channel.objects.of(second.brand).update(signing="initials")
    hear(second.channel, [said("x")])
    second.thread().reply("Hello", second.people["agent"])
    shield(verdier.brand, verdier.people["owner"])
    assert Reply.objects.get().delivery.text == "Hello ^A"
    assert Brand.objects.of(second.brand).get().shielded_at is None


@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("agent", 403), ("manager", 200)])
def test_it_takes_a_manager(verdier: House, who: str, status: int) -> None:
    assert switch(verdier, who).status_code == status
    assert browser(verdier.stranger).post("/b/verdier/shield/").status_code == 404


def test_it_is_on_the_page_of_channels(verdier: House) -> None:
    manager = browser(verdier.people["manager"])
    assert "Take all names off" in body(manager.get("/b/verdier/channels/"))
    page = body(manager.post("/b/verdier/shield/", {"state": "on"}, follow=True))
    assert "Names are off: answers leave without them from now on." in page
    page = body(manager.post("/b/verdier/shield/", {"state": "off"}, follow=True))
    assert "Answers are signed again." in page
    assert "Take all names off" not in body(browser(verdier.people["agent"]).get("/b/verdier/channels/"))


def test_a_channel_s_page_settles_how_it_signs(verdier: House) -> None:
    url = f"/b/verdier/channels/{verdier.channel.pk}/settings/"
    manager = browser(verdier.people["manager"])
    asked = {"called": "", "option_language": "", "option_images": ""}
    assert manager.post(url, {**asked, "signing": "everybody"}).status_code == 422
    assert "Kept." in body(manager.post(url, {**asked, "signing": "initials"}, follow=True))
    assert Channel.objects.of(verdier.brand).get().signing == "initials"
    assert "Kept." not in body(manager.post(url, asked, follow=True)), "left as it is where nothing is said"
    assert Channel.objects.of(verdier.brand).get().signing == "initials"


def test_the_fragment_of_colleagues_brings_it(verdier: House) -> None:
    policy(verdier, "initials")
    url = verdier.url(f"{verdier.thread().pk}/presence/")
    assert 'data-after=" ^AV"' in body(browser(verdier.people["agent"]).get(url))
    assert "data-after" not in body(browser(verdier.people["reader"]).get(url))


# --- programs


def test_programs_sign_as_well(verdier: House) -> None:
    policy(verdier, "initials")
    program = Program(verdier.people["agent"])
    there = f"brands/verdier/threads/{verdier.thread().pk}/replies"
    once = {"Idempotency_Key": "once"}
    made = program.ask("POST", there, {"text": "Hello"}, **once)
    assert (made.status_code, made.json()["text"], made.json()["signed"]) == (201, "Hello ^AV", "initials")
    again = program.ask("POST", there, {"text": "Hello"}, **once)
    assert again.json()["id"] == made.json()["id"]
    assert program.ask("POST", there, {"text": "Other"}, **once).status_code == 422
    assert program.ask("GET", f"brands/verdier/channels/{verdier.channel.pk}").json()["signing"] == "initials"


def test_programs_take_names_off(verdier: House) -> None:
    agent, manager = Program(verdier.people["agent"]), Program(verdier.people["manager"])
    assert agent.ask("POST", "brands/verdier/shield").status_code == 403
    assert agent.ask("GET", "brands/verdier/shield").json() == {"on": False, "since": None}
    assert manager.ask("POST", "brands/verdier/shield").json()["on"] is True
    assert agent.ask("GET", "brands/verdier/shield").json()["on"] is True
    assert manager.ask("DELETE", "brands/verdier/shield").json() == {"on": False, "since": None}


def test_the_switch_is_read_with_a_lock(verdier: House) -> None:
    """`shield` waits for whoever is about to sign."""
    policy(verdier, "initials")
    connection.queries_log.clear()
    connection.force_debug_cursor = True
    verdier.thread().reply("Hello", verdier.people["agent"])
    connection.force_debug_cursor = False
    assert any("FOR SHARE" in each["sql"] for each in connection.queries_log)
