"""Saved replies and signatures at the reply box, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.inbox.models import Reply, SavedReply
from comptoir.inbox.tests.building import hear, said
from comptoir.inbox.tests.ruling import comes, rule
from comptoir.networks.models import Channel
from tests.journeys.conftest import Served, sign_in
from tests.journeys.looking import look

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = [
    ("Thank you", "merci", {"fr": "Merci {{first_name}}, à bientôt !", "en": "Thank you, {{first_name}}!"}),
    ("Parcel late", "late", {"en": "We are sorry, {{first_name}}. Your parcel is with the post since {{date}}."}),
    ("Opening hours", "hours", {"en": "We are there from nine to five.", "fr": "De neuf heures à dix-sept heures."}),
    ("Sending back", "back", {"en": "You can send it back within thirty days:\nhttps://example.org/back"}),
]  # fmt: skip


@pytest.fixture
def counter(served: Served) -> Served:
    """A brand with saved replies, whose channel signs with initials."""
    house = served.house
    house.people["agent"].name = "Ana Verdier"
    house.people["agent"].save()
    for name, shortcut, texts in KEPT:
        SavedReply.make(house.brand, house.people["owner"], name, shortcut, texts)
    Channel.objects.of(house.brand).update(signing="initials")
    hear(house.channel, [said("m0", "Hello, my parcel never arrived. Where is it, please?")])
    return served


def at_the_box(page: Page, counter: Served) -> Any:
    page.goto(counter.at(f"{counter.house.thread().pk}/"))
    page.keyboard.press("r")
    box = page.get_by_label("Your reply", exact=True)
    expect(box).to_be_focused()
    return box


def chosen(page: Page) -> Any:
    return page.locator('#saved-options [aria-selected="true"] .name')


def test_a_saved_reply_by_keyboard_alone_and_the_signature(counter: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(), counter)
    box, keys = at_the_box(page, counter), page.keyboard
    expect(page.locator("#signing")).to_contain_text("^AV")
    keys.type("Hello / we and/or 1/2 ")
    expect(page.locator("#saved-options")).to_have_count(0)
    keys.type("/")
    options = page.locator(".saved-place").get_by_role("option")
    expect(options).to_have_count(4)
    expect(page.locator("#announce")).to_have_text("Saved replies: 4")
    keys.press("ArrowUp")
    expect(chosen(page)).to_contain_text("Thank you")
    expect(box).to_have_attribute("aria-activedescendant", "saved-option-3")
    keys.type("hou")
    expect(options).to_have_count(1)
    expect(chosen(page)).to_contain_text("Opening hours")
    keys.press("ArrowRight")
    expect(page.locator("#saved-options .words")).to_have_text("De neuf heures à dix-sept heures.")
    keys.press("ArrowLeft")
    keys.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_be_focused()
    expect(box).to_have_value("Hello / we and/or 1/2 /hou")
    keys.press("Control+a")
    keys.type("/lat")
    expect(chosen(page)).to_contain_text("Parcel late")
    keys.press("Enter")
    expect(box).to_have_value(re.compile(r"^We are sorry, Person\. Your parcel is with the post since \d"))
    keys.press("Control+z")
    expect(box).to_have_value(re.compile("^/lat"))
    keys.press("Control+a")
    keys.type("/thank")
    expect(chosen(page)).to_contain_text("Thank you")
    keys.press("Tab")
    expect(box).to_have_value("Thank you, Person!")
    expect(page.locator("#reply-count")).to_have_text("278 left")
    keys.press("Control+Enter")
    expect(page.locator(".say.ours")).to_contain_text("Thank you, Person! ^AV")
    reply = Reply.objects.get()
    assert (reply.delivery.text, reply.signed) == ("Thank you, Person! ^AV", "initials")
    used = SavedReply.objects.of(counter.house.brand).filter(uses=1)
    assert {each.shortcut for each in used} == {"late", "merci"}, "both were taken"
    keys.type("/")
    expect(options.first).to_contain_text(re.compile("Thank you|Parcel late"))


def test_by_mouse_with_another_language(counter: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(), counter)
    box = at_the_box(page, counter)
    page.keyboard.type("Good morning. ")
    page.get_by_role("link", name="Saved replies", exact=True).click()
    expect(page.locator(".saved-place").get_by_role("option")).to_have_count(4)
    page.keyboard.type("thank")
    page.get_by_role("button", name="French").click()
    page.locator(".saved-place").get_by_role("option", name="Thank you").click()
    expect(box).to_have_value("Good morning. Merci Person, à bientôt !")
    expect(box).to_be_focused()


def test_names_go_off_in_every_open_page(counter: Served, open_browser: Any) -> None:
    agent, manager = (sign_in(open_browser(), counter, who) for who in ("agent", "manager"))
    for page in (agent, manager):
        at_the_box(page, counter)
        expect(page.locator("#live-dot")).to_have_class(re.compile(r"\bon\b"))
    agent.keyboard.type("Hello")
    expect(agent.locator("#reply-count")).to_have_text("291 left")
    manager.get_by_label("Your reply", exact=True).evaluate("box => { box.value = 'Hi' }")
    manager.get_by_role("button", name="Names off").press("Enter")
    expect(manager.locator("#reply-count")).to_have_text("298 left")
    expect(manager.locator("#signing")).to_contain_text("Names are off")
    expect(manager.get_by_role("button", name="Sign again")).to_be_focused()
    expect(agent.locator("#signing")).to_contain_text("Names are off")
    expect(agent.locator("#reply-count")).to_have_text("295 left")
    manager.get_by_role("button", name="Sign again").click()
    expect(agent.locator("#signing")).to_contain_text("^AV")
    agent.get_by_role("button", name="Send", exact=True).click()
    expect(agent.locator(".say.ours")).to_contain_text("Hello ^AV")


def test_without_javascript(counter: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(java_script_enabled=False), counter)
    page.goto(counter.at(f"{counter.house.thread().pk}/"))
    page.get_by_role("link", name="Saved replies", exact=True).click()
    page.get_by_role("link", name="Take Thank you, French").click()
    expect(page.get_by_label("Your reply", exact=True)).to_have_value("Merci Person, à bientôt !")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".say.ours")).to_contain_text("Merci Person, à bientôt ! ^AV")


def test_it_looks_right_everywhere(counter: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(), counter, "manager")
    slug = counter.house.brand.slug
    saved = SavedReply.objects.of(counter.house.brand).order_by("pk")[0]
    at_the_box(page, counter)
    page.keyboard.type("/")
    expect(page.locator(".saved-place").get_by_role("option")).to_have_count(4)
    page.keyboard.press("ArrowDown")
    wrong = look(page, "saved-list")
    page.keyboard.press("Escape")
    page.locator("#signing").get_by_role("button", name="Names off").click()
    expect(page.locator("#signing")).to_contain_text("Names are off")
    page.keyboard.press("Escape")
    wrong |= look(page, "names-off")
    for name, path in (
        ("saved-replies", f"/b/{slug}/saved-replies/"),
        ("saved-reply", f"/b/{slug}/saved-replies/{saved.pk}/"),
        ("saved-choices", counter.house.url(f"{counter.house.thread().pk}/saved-replies/")),
        ("channels-names", f"/b/{slug}/channels/"),
        ("channel-signing", f"/b/{slug}/channels/{counter.house.channel.pk}/"),
    ):
        page.goto(counter.url + path)
        wrong |= look(page, name)
    assert wrong == {}


def test_what_a_rule_proposes_is_one_press_from_the_box(counter: Served, open_browser: Any) -> None:
    house = counter.house
    thanks = SavedReply.objects.of(house.brand).get(shortcut="merci")
    rule(house, "Praise", "sentiment:positive", actions={"saved": thanks.pk})
    comes(house, said("m9", "Thank you so much, you are wonderful!", by=9, minutes_ago=1))
    page = sign_in(open_browser(), counter)
    page.goto(counter.at(f"{house.thread().pk}/"))
    expect(page.locator("#proposed")).to_contain_text("The rule “Praise” proposes “Thank you”")
    page.get_by_role("link", name="Put it in the reply").click()
    expect(page.locator("#reply-text")).to_be_focused()
    expect(page.locator("#reply-text")).to_have_value("Thank you, Person!")
    expect(page.locator("#proposed")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#outcome")).to_contain_text("Your reply leaves in a moment.")
    thanks.refresh_from_db()
    assert thanks.uses == 1
    assert Reply.objects.get(thread=house.thread()).words == "Thank you, Person!"
    expect(page.locator("#proposed")).to_have_count(0)
