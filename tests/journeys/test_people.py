"""People come, work in two brands and go, in real browsers, with the mail that is really sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.inbox.tests.building import House, hear, house, said
from comptoir.organisation.models import Brand, CompanyDomain, Invitation, JoinRequest, User
from tests.journeys.conftest import ARTEFACTS, WORDS, Served, serve
from tests.journeys.looking import WIDTHS, look
from tests.servers.letterbox import Letterbox, letterbox

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "newt@elsewhere.example"


@pytest.fixture(scope="module")
def post() -> Iterator[Letterbox]:
    with letterbox() as box:
        yield box


@pytest.fixture(scope="module")
def pages(django_db_setup: None, post: Letterbox) -> Iterator[str]:
    """The house, with mail that leaves."""
    with ExitStack() as stack:
        yield serve(stack, [], "web", "live", "worker", **post.environment)


def talk(built: House, n: int = 3) -> None:
    hear(built.channel, [said(f"{built.brand.slug}-m{i}", minutes_ago=30 + i, by=i) for i in range(n)])


def enter(page: Page, served: Served, email: str) -> None:
    """Sign in by password."""
    page.goto(f"{served.url}/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/" not in url)


def link_to(post: Letterbox, address: str, after: int = 0) -> str:
    body = post.newest(address, after=after).get_content()
    found = re.search(r"http://localhost:\S+", body)
    assert found, body
    return found[0]


def test_invited_at_work_in_two_brands_and_let_go(served: Served, open_browser: Any, post: Letterbox) -> None:
    second, owner = house("second"), served.house.people["owner"]
    second.brand.change(owner, name="Second Brand")
    second.brand.admit(owner, "owner")
    talk(served.house)
    talk(second, 2)
    boss, newt = open_browser().new_page(), open_browser().new_page()
    enter(boss, served, owner.email)
    link = _invited(boss, served, post)
    _comes_in(newt, link)
    second.brand.admit(User.objects.get(email=NEW), "agent", by=owner)
    _goes_to_the_second_brand(newt)

    _let_go(boss, served, "second")
    expect(newt.locator("#trouble")).to_contain_text("You no longer work for Second Brand.")
    newt.goto(f"{served.url}/b/verdier/threads/")
    newt.locator("#threads .row").first.click()
    expect(newt.locator("#live-word")).to_have_text("Live")
    newt.get_by_label("Your reply").fill("half a sen")
    _let_go(boss, served, "verdier")
    expect(newt.locator("#signed-out")).to_contain_text("You no longer work for Maison Verdier")
    expect(newt.locator("#live-word")).not_to_have_text("Live")
    newt.on("dialog", lambda dialog: dialog.accept())
    newt.locator("#threads .row").nth(1).click()
    newt.wait_for_url("**/account/login/**")
    expect(newt.get_by_text("You no longer work for Maison Verdier, so you were signed out.")).to_be_visible()
    newt.screenshot(path=ARTEFACTS / "people-signed-out-1440-light.png")

    boss.goto(f"{served.url}/b/second/threads/{second.thread().pk}/")
    expect(boss.locator("#stream")).to_contain_text("Owner gave it to nobody", timeout=20_000)
    newt.goto(link)
    expect(newt.get_by_role("heading", name="This invitation opens nothing any more")).to_be_visible()
    open_browser.complaints.clear()  # the browser's own words about answers that were refused


def _invited(boss: Page, served: Served, post: Letterbox) -> str:
    boss.goto(f"{served.url}/b/verdier/people/")
    boss.get_by_label("Address").fill(NEW)
    boss.get_by_role("button", name="Invite", exact=True).click()
    expect(boss.get_by_text(f"An invitation is on its way to {NEW}.")).to_be_visible()
    expect(boss.get_by_role("heading", name="Invited, not here yet")).to_be_visible()
    return link_to(post, NEW)


def _comes_in(newt: Page, link: str) -> None:
    newt.goto(link)
    expect(newt.get_by_role("heading", name="Work for Maison Verdier")).to_be_visible()
    newt.get_by_label("Your name").fill("Newt Scamander")
    newt.get_by_label("Password").fill(WORDS)
    newt.get_by_role("button", name="Accept").dblclick()
    newt.wait_for_url("**/b/verdier/threads/")
    expect(newt.locator("#threads .row")).to_have_count(3)


def _goes_to_the_second_brand(newt: Page) -> None:
    """By keyboard, and takes a thread there."""
    newt.reload()
    newt.keyboard.press("b")
    menu = newt.locator("#brands .sheet")
    expect(menu.get_by_role("link", name="Second Brand")).to_contain_text("2 open · 2 unread")
    newt.keyboard.press("ArrowDown")
    newt.keyboard.press("Enter")
    newt.wait_for_url("**/b/second/threads/")
    newt.locator("#threads .row").first.click()
    expect(newt.locator("#thread-title")).to_have_text("Person 0")
    newt.locator("#assign-button").click()
    newt.get_by_role("button", name="To me").click()
    expect(newt.locator("#outcome")).to_contain_text("You have it now.")
    expect(newt.locator("#live-word")).to_have_text("Live")


def _let_go(boss: Page, served: Served, slug: str) -> None:
    boss.goto(f"{served.url}/b/{slug}/people/")
    boss.get_by_role("button", name="Let Newt Scamander go").click()
    expect(boss.get_by_text("Newt Scamander no longer belongs here.")).to_be_visible()


def test_a_colleague_joins_by_the_companys_address(
    served: Served, open_browser: Any, post: Letterbox
) -> None:
    boss = open_browser().new_page()
    enter(boss, served, served.house.people["owner"].email)
    boss.goto(f"{served.url}/b/verdier/settings/")
    boss.get_by_label("Mail domain of the company").fill("gmail.com")
    boss.get_by_role("button", name="Add the domain").click()
    expect(boss.get_by_text("Anybody can have an address at gmail.com.")).to_be_visible()
    boss.get_by_label("Mail domain of the company").fill("@verdier-group.example")
    boss.get_by_role("button", name="Add the domain").click()
    expect(boss.get_by_text("can ask to join now")).to_be_visible()

    ana = open_browser(360, height=760).new_page()
    ana.goto(f"{served.url}/account/login/")
    ana.get_by_role("link", name="Join with your company’s address").click()
    ana.get_by_label("Your address at the company").fill("ana@verdier-group.example")
    ana.get_by_role("button", name="Send me the link").click()
    expect(ana.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    ana.goto(link_to(post, "ana@verdier-group.example"))
    ana.get_by_label("Your name").fill("Ana Ruiz")
    ana.get_by_role("button", name="Ask to join").click()
    expect(ana.get_by_role("heading", name="You have asked to join")).to_be_visible()

    boss.goto(f"{served.url}/b/verdier/people/")
    expect(boss.locator(".strips")).to_contain_text("Ana Ruiz asks to work for the brand.")
    boss.get_by_label("Role for Ana Ruiz").select_option("reader")
    boss.get_by_role("button", name="Let in").click()
    expect(boss.get_by_text("Ana Ruiz works here now.")).to_be_visible()
    assert "accepted" in post.newest("ana@verdier-group.example", after=1).get_content()
    ana.goto(served.url)
    ana.wait_for_url("**/b/verdier/threads/")
    open_browser.complaints.clear()  # the browser's own words about the form that was refused


def test_a_brand_is_made_settled_put_away_and_brought_back(served: Served, open_browser: Any) -> None:
    page = open_browser().new_page()
    enter(page, served, served.house.people["owner"].email)
    page.locator(".rail summary", has_text="Brands").click()
    page.get_by_role("link", name="New brand").click()
    page.get_by_label("Name").fill("Café Noisette")
    page.get_by_role("button", name="Make it").click()
    page.wait_for_url("**/b/cafe-noisette/channels/")
    page.keyboard.press("b")
    expect(page.locator("#brands .sheet [aria-current]")).to_contain_text("0 open")
    page.get_by_role("link", name="Settings of the brand").click()
    page.get_by_label("Letters on its disc").fill("cn")
    page.get_by_label("Colour of its disc").select_option("4")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    expect(page.locator("h1 .disc.t4")).to_have_text("CN")
    page.get_by_role("link", name="Archive this brand").click()
    page.get_by_label("Type the name of the brand").fill("Café")
    page.get_by_role("button", name="Archive it").click()
    expect(page.get_by_text("This is not the name of the brand.")).to_be_visible()
    page.get_by_label("Type the name of the brand").fill("Café Noisette")
    page.get_by_role("button", name="Archive it").click()
    expect(page.get_by_text("Café Noisette is archived.")).to_be_visible()
    page.get_by_role("link", name="Bring back").click()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("Café Noisette is back.")).to_be_visible()
    open_browser.complaints.clear()  # the browser's own words about the form that was refused


@pytest.fixture
def peopled(served: Served) -> Served:
    """A brand with everything that its page of people can show."""
    built, owner = served.house, served.house.people["owner"]
    talk(built, 6)
    for name, role in (
        ("Inès Cordier", "manager"),
        ("Per Åkesson", "agent"),
        ("Zoé Lambert-Chauvet de la Rivière", "reader"),
    ):
        built.brand.admit(User.objects.create_user(f"{role}2@verdier.example", name=name), role)
    invited = [("a.long.address.of.somebody@very-long-company-name.example", "manager"), (NEW, "agent")]
    for email, role in invited:
        Invitation.make(built.brand, email, role, owner).link(mailed=True)
    Invitation.make(built.brand, "forgotten@elsewhere.example", "reader", owner)
    CompanyDomain.open(built.brand, "verdier-group.example", owner)
    JoinRequest.ask(User.objects.create_user("ana@verdier-group.example", name="Ana Belén Ruiz"), built.brand)
    for n, name in enumerate(
        ("Café Noisette", "Éditions du Quai", "Un nom de marque vraiment très long, deux lignes")
    ):
        Brand.make(name, owner, f"brand-{n}")
    Brand.make("Ancienne Marque", owner, "old").archive(owner)
    return served


def _addresses(served: Served) -> Iterator[tuple[str, str]]:
    token = Invitation.objects.of(served.house.brand).filter(email=NEW).get().link(mailed=True)
    yield "people", "/b/verdier/people/"
    yield "people-brands", "/brands/"
    yield "people-brand-new", "/brands/new/"
    yield "people-brand", "/b/verdier/settings/"
    yield "people-archive", "/b/verdier/archive/"
    yield "people-channel", f"/b/verdier/channels/{served.house.channel.pk}/"
    yield "people-invitation-other", f"/invitation/{token}/"


def test_every_page_of_people(peopled: Served, open_browser: Any) -> None:
    page = open_browser().new_page()
    wrong: dict[str, Any] = {}
    for name, address in _doors(peopled):
        wrong |= _look(page, peopled.url + address, name)
    enter(page, peopled, peopled.house.people["owner"].email)
    for name, address in _addresses(peopled):
        wrong |= _look(page, peopled.url + address, name)
    page.goto(f"{peopled.url}/b/verdier/people/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("heading", name="Invite somebody").scroll_into_view_if_needed()
        page.locator("#main").evaluate("(main) => main.scrollBy(0, 460)")
        page.screenshot(path=ARTEFACTS / f"people-invite-{width}.png")
    page.locator(".rail summary", has_text="Brands").click()
    expect(page.locator("#brands .sheet")).to_contain_text("6 open")
    wrong |= look(page, "people-menu")
    assert wrong == {}
    open_browser.complaints.clear()  # the browser's own words about links that are spent


def _doors(served: Served) -> Iterator[tuple[str, str]]:
    token = Invitation.objects.of(served.house.brand).filter(email=NEW).get().link(mailed=True)
    yield "people-invitation", f"/invitation/{token}/"
    yield "people-invitation-spent", "/invitation/spent/"
    yield "people-join", "/join/"
    yield "people-sign-in", "/account/login/"


def _look(
    page: Page, address: str, name: str, widths: Sequence[int] = WIDTHS, language: str = ""
) -> dict[str, Any]:
    page.goto(address)
    page.wait_for_timeout(100)
    return look(page, name, widths, language)


def test_french_people_fit_a_phone(peopled: Served, open_browser: Any) -> None:
    owner = peopled.house.people["owner"]
    User.objects.filter(pk=owner.pk).update(language="fr")
    page = open_browser(360, height=760).new_page()
    page.goto(f"{peopled.url}/account/login/")
    page.locator("[name=login]").fill(owner.email)
    page.locator("[name=password]").fill(WORDS)
    page.locator("button.main").click()
    page.wait_for_url(lambda url: "/account/" not in url)
    wrong: dict[str, Any] = {}
    for name, address in _addresses(peopled):
        wrong |= _look(page, peopled.url + address, name, [360], "fr")
    assert wrong == {}
