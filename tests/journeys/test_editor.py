"""The editor of queries in a browser: colours while typing, a query of another tool, and every room on a phone."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from comptoir.kernel.tests.waiting import until
from comptoir.listening.models import Query
from tests.journeys.conftest import ARTEFACTS, Served, sign_in
from tests.journeys.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


def _layer(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.layer').textContent"))


def test_a_query_has_colours_while_it_is_typed(served: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(), served, "manager")
    page.goto(f"{served.url}/b/{served.house.brand.slug}/listening/queries/new/")
    field = page.get_by_label("Query", exact=True)
    field.press_sequentially('(teapot OR "iced tea") AND lang:fr', delay=5)
    assert _layer(page) == field.input_value()
    operators = page.locator(".layer .q-operator")
    expect(operators).to_have_text(["OR", "AND"])
    expect(page.locator(".layer .q-field")).to_have_text("lang:")
    drawn = Image.open(BytesIO(field.screenshot())).convert("RGB").tobytes()
    signs = zip(drawn[::3], drawn[1::3], drawn[2::3], strict=True)
    assert sum(red > green + 40 and blue > green + 80 for red, green, blue in signs) > 20, (
        "nobody sees the colours"
    )
    # The caret at the last bracket: the first one is shown as well.
    field.evaluate("(field) => field.setSelectionRange(22, 22)")
    expect(page.locator(".layer .q-met")).to_have_text(["(", ")"])
    # A letter in the middle, before the server has read it again; then a mistake, underlined and said.
    field.press("Home")
    field.press_sequentially("x OR ")
    assert _layer(page) == 'x OR (teapot OR "iced tea") AND lang:fr'
    expect(page.locator(".layer .q-wrong")).not_to_have_count(0)
    expect(page.locator("#tried")).to_contain_text("Column")
    assert look(page, "editor") == {}
    # The letters of the two lie on each other, also where the lines are many.
    field.fill("\n".join(f"word{n} OR" for n in range(30)) + " end")
    for style in ("fontSize", "fontFamily", "lineHeight", "width", "paddingLeft", "borderTopWidth"):
        both = [
            page.locator(each).evaluate(f"(e) => getComputedStyle(e).{style}")
            for each in (".layer", "#id_text")
        ]
        assert both[0] == both[1], style
    tops = "() => ['.layer', '#id_text'].map((e) => document.querySelector(e).scrollTop)"
    page.mouse.move(0, 0)
    field.evaluate("(field) => { field.scrollTop = 77 }")
    until(lambda: page.evaluate(tops) == [77, 77])


SEARCH = '(teapot OR "iced tea") AND lang:fr'


@pytest.mark.parametrize("place", ["threads/", "listening/mentions/?q=tea"])
def test_a_search_on_one_line_has_colours_and_is_mended(
    served: Served, open_browser: Any, place: str
) -> None:
    Query.make(served.house.brand, served.house.people["manager"], "Tea", "teapot")
    page = sign_in(open_browser(), served, "manager")
    page.goto(f"{served.url}/b/{served.house.brand.slug}/{place}")
    name = "search-counter" if place == "threads/" else "search-mentions"
    field = page.get_by_role("searchbox", name="Search")
    field.fill("")
    field.press_sequentially(SEARCH, delay=5)
    assert _layer(page) == field.input_value()
    expect(page.locator(".layer .q-operator")).to_have_text(["OR", "AND"])
    field.evaluate("(field) => field.setSelectionRange(22, 22)")
    expect(page.locator(".layer .q-met")).to_have_text(["(", ")"])
    for style in ("fontSize", "fontFamily", "width", "height", "paddingLeft", "paddingRight"):
        both = [
            each.evaluate(f"(e) => getComputedStyle(e).{style}") for each in (page.locator(".layer"), field)
        ]
        assert both[0] == both[1], style
    boxes = [each.bounding_box() for each in (page.locator(".layer"), field)]
    assert boxes[0] == boxes[1], "the letters do not lie on each other"
    # What is longer than the field: the layer goes along with the caret, and back.
    field.fill("")
    field.press_sequentially(" OR ".join(f"teapot{n}" for n in range(30)))
    lefts = "(field) => [field.scrollLeft, document.querySelector('.layer').scrollLeft]"
    until(lambda: (found := field.evaluate(lefts))[0] > 100 and abs(found[0] - found[1]) < 1)
    expect(page.locator(".layer .q-operator")).to_have_count(29)
    assert look(page, f"{name}-long") == {}
    field.press("Home")
    until(lambda: field.evaluate(lefts) == [0, 0])
    # A mistake is underlined while it is typed; Enter says it, and a click mends it.
    page.set_viewport_size({"width": 1440, "height": 900})
    field.fill("tea AND box OR fibre")
    expect(page.locator(".layer .q-wrong")).not_to_have_count(0)
    field.press("Enter")
    said = page.locator(".query-said .wrong")
    expect(said).to_contain_text("Column")
    expect(said.locator(".where")).to_contain_text("OR")
    assert look(page, f"{name}-wrong") == {}
    said.get_by_role("link", name="Write it so:").click()
    expect(said).to_have_count(0)
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("(tea AND box) OR fibre")
    assert _layer(page) == "(tea AND box) OR fibre"
    assert look(page, name) == {}


def test_plain_words_at_the_counter_have_no_colours(served: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(), served, "agent")
    page.goto(f"{served.url}/b/{served.house.brand.slug}/threads/?q=late+or+lost")
    field = page.get_by_role("searchbox", name="Search")
    assert _layer(page) == "late or lost"
    expect(page.locator(".layer span")).to_have_count(0)
    field.press("End")
    with page.expect_response(lambda answer: "plain=1" in answer.url):
        field.press_sequentially(" <b>")
    assert _layer(page) == "late or lost <b>"
    expect(page.locator(".layer b")).to_have_count(0)


def test_a_search_without_a_script_is_a_plain_field(served: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(360, height=760, java_script_enabled=False), served, "agent")
    page.goto(f"{served.url}/b/{served.house.brand.slug}/threads/?q=lost+AND+late+OR+box")
    expect(page.locator(".layer")).to_be_hidden()
    page.locator(".query-said").get_by_role("link", name="Write it so:").click()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("(lost AND late) OR box")


def test_a_query_of_another_tool_and_no_script(served: Served, open_browser: Any) -> None:
    context = open_browser(360, height=760, java_script_enabled=False)
    page = sign_in(context, served, "manager")
    page.goto(f"{served.url}/b/{served.house.brand.slug}/listening/queries/new/")
    page.get_by_label("Name").fill("Tea")
    page.get_by_label("Query", exact=True).fill("+Orange SENTENCE box continent:europe")
    expect(page.locator(".layer")).to_be_hidden()
    page.get_by_text("It is of another tool").click()
    page.get_by_role("button", name="Bring it over").click()
    expect(page.get_by_role("heading", name="Read as a query of Talkwalker")).to_be_visible()
    page.screenshot(path=ARTEFACTS / "editor-taken-360.png", full_page=True)
    assert (
        page.get_by_label("Query", exact=True)
        .input_value()
        .startswith("{Orange} NEAR/20 box <<<continent:europe>>>")
    )
    page.get_by_role("button", name="Keep, and listen").click()
    page.get_by_role("heading", name="Tea").wait_for()
    assert Query.objects.of(served.house.brand).get().text == "{Orange} NEAR/20 box"


def test_every_room_is_in_the_bar_of_a_phone(served: Served, open_browser: Any) -> None:
    page = sign_in(open_browser(360, height=760, java_script_enabled=False), served, "owner")
    bar = page.get_by_role("navigation", name="Main")
    for room in ("Listening", "Figures", "Counter"):
        bar.get_by_role("link", name=room, exact=True).click()
        expect(bar.get_by_role("link", name=room, exact=True)).to_have_attribute("aria-current", "page")
    for room in ("Channels", "People"):
        expect(bar.get_by_role("link", name=room, exact=True)).to_be_hidden()
        bar.locator("#rooms summary").press("Enter")
        page.screenshot(path=ARTEFACTS / f"bar-{room}-360.png")
        bar.get_by_role("link", name=room, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(room)
