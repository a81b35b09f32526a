"""What an agent does all day, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from comptoir.inbox.models import Draft, Reply, Thread
from comptoir.inbox.tests.building import hear, said
from comptoir.kernel.tests.waiting import until
from comptoir.networks.connector import Kind
from comptoir.networks.models import Delivery
from comptoir.networks.persons import erase
from tests.journeys.conftest import Served, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def talk(served: Served, n: int = 3) -> None:
    hear(served.house.channel, [said(f"m{i}", minutes_ago=30 + i, by=i) for i in range(n)])


def open_first(page: Page) -> None:
    page.locator("#threads .row").first.click()
    expect(page.locator("#thread-title")).to_have_text("Person 0")


def test_answer_note_assign_close_undo(served: Served, open_browser: Any) -> None:
    talk(served)
    page = sign_in(open_browser(), served)
    expect(page.locator("#threads .row.unread")).to_have_count(3)
    open_first(page)
    expect(page).to_have_url(served.at(f"{served.house.thread().pk}/"))
    expect(page.locator("#threads .row.unread")).to_have_count(2)

    page.get_by_label("Your reply").fill("Good morning, we are looking.")
    expect(page.locator("#reply-count")).to_have_text("271 left")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("Your reply leaves in a moment.")
    expect(page.locator(".say.ours")).to_contain_text("Good morning, we are looking.")
    expect(page.locator(".say.ours .tick")).to_have_text("Sent", timeout=20_000)
    expect(page.locator(f"#t{served.house.thread().pk} .row")).to_contain_text("Answered")

    page.get_by_role("radio", name="Internal note").check()
    page.get_by_label("Your internal note").fill("A regular, be kind.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".say.note")).to_contain_text("A regular, be kind.")

    page.locator("#assign-button").click()
    page.get_by_role("button", name="To me").click()
    expect(page.locator("#assign-button")).to_contain_text("Agent")
    expect(page.locator(f"#t{served.house.thread().pk} .has.me")).to_have_text("A")

    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("Closed.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#outcome")).to_contain_text("Open again.")
    assert Thread.objects.of(served.house.brand).filter(closed_at=None).count() == 3


def test_undo_keeps_a_reply_here(served: Served, open_browser: Any) -> None:
    talk(served, 1)
    page = sign_in(open_browser(), served)
    open_first(page)
    page.get_by_label("Your reply").fill("Too hasty")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Your reply")).to_have_value("Too hasty")
    assert Delivery.objects.of(served.house.brand).get().state == "withdrawn"


def test_new_messages_come_without_reload(served: Served, open_browser: Any) -> None:
    talk(served, 2)
    page = sign_in(open_browser(), served)
    open_first(page)
    expect(page.locator("#live-word")).to_have_text("Live")
    page.get_by_label("Your reply").fill("half a senten")
    hear(served.house.channel, [said("more", "One more thing!", 0, by=0, in_reply_to="m0", kind=Kind.REPLY)])
    expect(page.locator(".said")).to_contain_text("One more thing!")
    expect(page.get_by_label("Your reply")).to_have_value("half a senten")
    hear(served.house.channel, [said("other", "Somebody else", 0, by=7)])
    news = page.locator("#news")
    expect(news).to_have_text("1 new message: show")
    expect(page.locator("#threads")).not_to_contain_text("Somebody else")
    news.click()
    expect(page.locator("#threads .row").first).to_contain_text("Somebody else")
    expect(news).to_be_hidden()


def test_keyboard_alone(served: Served, open_browser: Any) -> None:
    talk(served)
    page = sign_in(open_browser(), served)
    keys = page.keyboard
    keys.press("j")
    expect(page.locator("#thread-title")).to_have_text("Person 0")
    keys.press("j")
    expect(page.locator("#thread-title")).to_have_text("Person 1")
    keys.press("k")
    expect(page.locator("#thread-title")).to_have_text("Person 0")
    keys.press("r")
    expect(page.get_by_label("Your reply")).to_be_focused()
    keys.type("jkrnae? are letters here")
    expect(page.get_by_label("Your reply")).to_have_value("jkrnae? are letters here")
    keys.press("Control+Enter")
    expect(page.locator(".say.ours")).to_contain_text("are letters here")
    expect(page.get_by_label("Your reply")).to_be_focused()
    keys.press("Escape")
    keys.press("n")
    expect(page.get_by_label("Your internal note")).to_be_focused()
    keys.type("noted")
    keys.press("Control+Enter")
    expect(page.locator(".say.note")).to_contain_text("noted")
    keys.press("Escape")
    keys.press("a")
    expect(page.get_by_role("button", name="To me")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#outcome")).to_contain_text("You have it now.")
    expect(page.locator("#assign-button")).to_be_focused()
    keys.press("e")
    expect(page.locator("#outcome")).to_contain_text("Closed.")
    expect(page.locator("#closure")).to_be_focused()
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def test_every_action_is_reached_by_tab(served: Served, open_browser: Any) -> None:
    talk(served, 1)
    page = sign_in(open_browser(), served)
    page.goto(served.at(f"{served.house.thread().pk}/"))
    reached: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(document.activeElement.ariaLabel || document.activeElement.innerText"
                " || document.activeElement.labels?.[0]?.innerText || document.activeElement.id || '').trim()"
            )
        )
    for wanted in ("Go to the list", "Counter", "Channels", "Assign", "Close", "More", "Your reply", "Send"):
        assert any(wanted in words for words in reached), (wanted, reached)


def test_keys_can_be_switched_off(served: Served, open_browser: Any) -> None:
    talk(served)
    agent = served.house.people["agent"]
    agent.shortcuts_off = ["j"]
    agent.save()
    page = sign_in(open_browser(), served)
    page.keyboard.press("j")
    expect(page.locator("#thread-title")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_without_javascript(served: Served, open_browser: Any) -> None:
    talk(served)
    page = sign_in(open_browser(java_script_enabled=False), served)
    open_first(page)
    page.get_by_label("Your reply").fill("By hand")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("Your reply leaves in a moment.")
    page.get_by_role("radio", name="Internal note").check()
    page.get_by_label("Your internal note").fill("By hand too")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".say.note")).to_contain_text("By hand too")
    page.locator("#assign-button").click()
    page.get_by_role("button", name="To me").click()
    expect(page.locator("#outcome")).to_contain_text("You have it now.")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("Closed.")
    page.get_by_role("button", name="Reopen").click()
    expect(page.locator("#outcome")).to_contain_text("Open again.")


def test_on_a_phone_the_thread_covers_the_list_and_goes_back(served: Served, open_browser: Any) -> None:
    talk(served)
    page = sign_in(open_browser(360, height=760, has_touch=True), served)
    expect(page.locator("#desk")).not_to_be_visible()
    open_first(page)
    expect(page.locator("#threads")).not_to_be_visible()
    page.get_by_role("link", name="About this person").click()
    expect(page.locator("#person")).to_be_visible()
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.get_by_label("Your reply")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#threads .row").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_draft_is_not_lost(served: Served, open_browser: Any) -> None:
    talk(served)
    page = sign_in(open_browser(), served)
    open_first(page)
    page.get_by_label("Your reply").fill("unfinished")
    page.locator("#threads .row").nth(1).click()
    expect(page.locator("#thread-title")).to_have_text("Person 1")
    expect(page.get_by_label("Your reply")).to_have_value("")
    page.locator("#threads .row").first.click()
    expect(page.get_by_label("Your reply")).to_have_value("unfinished")


def test_a_draft_to_somebody_who_was_erased_is_dropped(served: Served, open_browser: Any) -> None:
    talk(served)
    page = sign_in(open_browser(), served)
    open_first(page)
    expect(page.locator("#live-dot")).to_have_class(re.compile(r"\bon\b"))
    page.get_by_label("Your reply").fill("unfinished")
    page.locator("#threads .row").nth(1).click()
    expect(page.locator("#thread-title")).to_have_text("Person 1")
    page.get_by_label("Your reply").fill("to somebody else")

    def drafts() -> list[str]:
        return sorted(Draft.objects.values_list("text", flat=True))

    until(lambda: drafts() == ["to somebody else", "unfinished"], 20)
    person = Thread.objects.of(served.house.brand).get(person__name="Person 0").person
    assert person is not None
    erase(person)
    until(lambda: drafts() == ["to somebody else"], 20)
    expect(page.get_by_label("Your reply")).to_have_value("to somebody else")
    page.locator("#threads .row").first.click()
    expect(page.locator("#thread-title")).not_to_have_text("Person 1")
    expect(page.get_by_label("Your reply")).to_have_value("")


def test_a_draft_survives_its_browser(served: Served, open_browser: Any) -> None:
    talk(served, 1)
    context = open_browser()
    page = sign_in(context, served)
    open_first(page)
    page.get_by_label("Your reply").press_sequentially("Begun at home")
    until(lambda: Draft.objects.filter(text="Begun at home").exists(), 20)
    context.close()
    page = sign_in(open_browser(), served)
    open_first(page)
    expect(page.get_by_label("Your reply")).to_have_value("Begun at home")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".say.ours")).to_contain_text("Begun at home")
    assert not Draft.objects.exists()


def test_two_people_at_one_thread(served: Served, open_browser: Any) -> None:
    talk(served, 1)
    agent, owner = (sign_in(open_browser(), served, role) for role in ("agent", "owner"))
    for page in (agent, owner):
        open_first(page)
        expect(page.locator("#live-dot")).to_have_class(re.compile(r"\bon\b"))
    expect(agent.locator("#present .reading")).to_have_attribute("title", "Owner is reading")
    expect(owner.locator("#present .reading")).to_have_attribute("title", "Agent is reading")
    expect(owner.locator("#threads .at-it.reading")).to_have_text("A")

    agent.get_by_label("Your reply").press_sequentially("We are on our way")
    expect(owner.locator("#present .writing")).to_have_attribute("title", "Agent is writing an answer")
    expect(owner.locator("#threads .at-it.writing")).to_have_text("A")
    expect(owner.locator("#taken")).to_contain_text("Agent is writing the answer.")
    expect(owner.get_by_label("Your reply")).not_to_be_editable()
    expect(owner.get_by_role("button", name="Send", exact=True)).to_be_hidden()

    owner.get_by_role("button", name="Take over").click()
    expect(owner.locator("#outcome")).to_contain_text("Agent has been told")
    owner.get_by_label("Your reply").press_sequentially("Gate 12, please")
    expect(agent.locator("#taken")).to_contain_text("Owner is writing the answer.")
    expect(agent.get_by_label("Your reply")).to_have_value("We are on our way")
    expect(agent.get_by_label("Your reply")).not_to_be_editable()
    expect(agent.locator("[data-bell]").first).to_have_text("1")

    owner.get_by_role("button", name="Send", exact=True).click()
    expect(agent.locator(".say.ours")).to_contain_text("Gate 12, please")
    expect(agent.locator("#taken")).to_be_hidden()
    expect(agent.get_by_label("Your reply")).to_be_editable()
    agent.get_by_role("button", name="Send", exact=True).click()
    expect(agent.locator("#reply-wrong")).to_contain_text("Owner answered")
    expect(agent.get_by_label("Your reply")).to_have_value("We are on our way")
    assert Reply.objects.count() == 1
    owner.goto("about:blank")
    expect(agent.locator("#present .disc")).to_have_count(0, timeout=10_000)


def test_what_was_asked_is_answered_though_the_thread_is_drawn_anew_meanwhile(
    served: Served, open_browser: Any
) -> None:
    talk(served)
    page = sign_in(open_browser(), served)
    open_first(page)
    expect(page.locator("#live-word")).to_have_text("Live")
    held: list[Route] = []
    page.route("**/closure/", lambda route: held.append(route))
    page.get_by_role("button", name="Close", exact=True).click()
    hear(served.house.channel, [said("more", "One more thing!", 0, by=0, in_reply_to="m0", kind=Kind.REPLY)])
    expect(page.locator(".said")).to_contain_text("One more thing!")
    held[0].continue_()
    expect(page.locator("#outcome")).to_contain_text("Closed.")
    expect(page.locator(f"#t{served.house.thread().pk}")).to_contain_text("Closed")


def test_the_next_one_answered_tagged_and_set_aside(served: Served, open_browser: Any) -> None:
    talk(served)
    page = sign_in(open_browser(), served)
    page.get_by_role("button", name="Take the next").click()
    expect(page.locator("#outcome")).to_contain_text("It is yours: you answer it now.")
    expect(page.locator("#assign-button")).to_contain_text("Agent")
    page.get_by_label("Put a tag on it").fill("Refund")
    page.get_by_label("Put a tag on it").press("Enter")
    expect(page.locator(".chip")).to_contain_text("Refund")
    page.locator("#wait-button").click()
    page.get_by_role("button", name="Until they answer").click()
    expect(page.locator("#outcome")).to_contain_text("Set aside until they answer.")
    expect(page.locator("#thread-bar .mark")).to_have_text("Waits for them")
    page.locator("#undo").click()
    expect(page.locator("#outcome")).to_contain_text("Open again.")
    page.locator("#find").fill("tag:refund")
    page.locator("#find").press("Enter")
    expect(page.locator("#threads .row")).to_have_count(1)


def test_many_threads_at_once_and_back(served: Served, open_browser: Any) -> None:
    talk(served)
    page = sign_in(open_browser(), served)
    page.get_by_role("link", name="Choose several").click()
    boxes = page.locator("#threads input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator("#bulk").get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#progress")).to_contain_text("2 threads changed.", timeout=20_000)
    assert Thread.objects.of(served.house.brand).filter(closed_at=None).count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#progress")).to_contain_text("It is as it was.", timeout=20_000)
    assert Thread.objects.of(served.house.brand).filter(closed_at=None).count() == 3


def test_offline_says_so_and_keeps_the_words(served: Served, open_browser: Any) -> None:
    talk(served, 1)
    context = open_browser()
    page = sign_in(context, served)
    open_first(page)
    page.get_by_label("Your reply").fill("kept")
    context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("You are offline.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#trouble")).to_contain_text("Nothing you wrote is lost.")
    expect(page.get_by_label("Your reply")).to_have_value("kept")
    context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".say.ours")).to_contain_text("kept")
    open_browser.complaints.clear()  # the browser's own words about the connection that we took away
