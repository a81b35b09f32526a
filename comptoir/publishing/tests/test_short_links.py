"""Short links: where they lead, whom they count, and that posts leave with them where a brand wants so."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from comptoir.kernel import clock
from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry, Brand
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing import clicks, jobs
from comptoir.publishing.models import ClickCount, Content, Post, Shortening, ShortLink, Variant
from comptoir.publishing.models.short_link import Click, HostTaken
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, house
from comptoir.publishing.tests.test_leaving import run
from comptoir.publishing.views.short_links import LISTED

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TARGET = "https://example.org/menu?a=1#b"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    Wall.said.clear()
    Wall.raises.clear()
    return house()


def made(desk: House, target: str = TARGET) -> ShortLink:
    return ShortLink.make(desk.brand, desk.people["agent"], target)


def click(link: ShortLink, agent: str = BROWSER, address: str = "192.0.2.1", **more: Any) -> Any:
    return Client().get(f"/s/{link.code}", headers={"user-agent": agent}, REMOTE_ADDR=address, **more)


def counted() -> tuple[int, int, int]:
    for _twice in range(2):
        jobs.count_clicks.func(timestamp=0)
    rows = list(ClickCount.objects.everywhere().values_list("clicks", "repeats", "bots"))
    return sum(r[0] for r in rows), sum(r[1] for r in rows), sum(r[2] for r in rows)


def test_it_leads_on_with_one_statement_and_nothing_else(desk: House) -> None:
    link = made(desk)
    assert re.fullmatch("[2-9A-HJ-NP-Za-km-z]{8}", link.code)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = click(link)
    assert len(asked) == 1
    assert (answer.status_code, answer["Location"], answer.content) == (302, TARGET, b"")
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == (
        "no-store",
        "strict-origin-when-cross-origin",
    )
    assert not answer.cookies
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]


def test_no_code_leads_where_nobody_said(desk: House) -> None:
    link = made(desk)
    for path in (
        "x" * 8,
        "x",
        "",
        "%00" * 8,
        "https://evil.test/",
        f"{link.code}/x",
        "é" * 8,
        f"{link.code}?to=x",
    ):
        answer = Client().get(f"/s/{path}")
        assert answer.status_code == (302 if "?" in path else 404), path
        assert answer.get("Location", TARGET) == TARGET
    assert Client().post(f"/s/{link.code}").status_code == 405


def test_what_was_removed_is_gone_for_good(desk: House) -> None:
    link, agent = made(desk), browser(desk.people["agent"])
    there = f"/b/verdier/links/short/{link.pk}/"
    agent.post(there, {"act": "remove"})
    assert click(link).status_code == 410
    assert agent.post(there, {"target": TARGET}).status_code == 403
    assert ShortLink.objects.of(desk.brand).get().removed
    assert counted() == (0, 0, 0)
    assert AuditEntry.objects.of(desk.brand).filter(what="short_link_removed").count() == 1


def test_where_it_leads_is_audited(desk: House) -> None:
    link, agent = made(desk), browser(desk.people["agent"])
    agent.post(f"/b/verdier/links/short/{link.pk}/", {"target": "https://example.org/other", "note": "x"})
    assert click(link)["Location"] == "https://example.org/other"
    entry = AuditEntry.objects.of(desk.brand).get(what="short_link_changed")
    assert (entry.facts["before"], entry.facts["after"]) == (TARGET, "https://example.org/other")


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "//example.org", "https://a@example.org/", "ftp://example.org/", "http://localhost/s/x",
     "data:text/html,x", "https://example.org/\\x", "https://example.org/\n", "http://testserver:8000/s/abc", "x"],
)  # fmt: skip
def test_it_leads_to_addresses_of_the_web_alone(desk: House, target: str) -> None:
    with override_settings(PUBLIC_URL="http://testserver:8000"):
        answer = browser(desk.people["agent"]).post("/b/verdier/links/short/", {"target": target})
    assert answer.status_code == (302 if target.endswith("\n") else 422)


def test_people_are_counted_once_in_half_an_hour(desk: House) -> None:
    link = made(desk)
    with time_machine.travel("2026-11-23T09:50:00Z", tick=False) as now:
        click(link)
        click(link)
        click(link, address="192.0.2.2")
        assert counted() == (2, 1, 0)
        now.shift(timedelta(minutes=20))
        click(link)
        assert counted() == (2, 2, 0)
        now.shift(timedelta(minutes=31))
        click(link)
        assert counted() == (3, 2, 0)
        hours = ClickCount.objects.everywhere().order_by("hour").values_list("hour__hour", "clicks")
        assert list(hours) == [(9, 2), (10, 1)]
        now.shift(timedelta(hours=2))
        counted()
        assert not Click.objects.everywhere().exists()


@pytest.mark.parametrize(
    ("agent", "bot"),
    [
        (BROWSER, False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1", False),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT P80) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36", False),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1 Mobile/15E148 [FBAN/FBIOS;FBAV/490.0]", False),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile [Pinterest/Android]", False),
        ("", True),
        ("Mozilla/5.0", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (compatible; bingbot/2.0) Chrome/116.0.1938.76 Safari/537.36", True),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", True),
        ("Mastodon/4.5.0 (http.rb/5.3.1; +https://town.example/)", True),
        ("Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)", True),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", True),
        ("WhatsApp/2.24.1 A", True),
        ("TelegramBot (like TwitterBot)", True),
        ("curl/8.5.0", True),
        ("python-requests/2.32", True),
        ("Go-http-client/2.0", True),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/131.0 Safari/537.36", True),
    ],
)  # fmt: skip
def test_programs_are_told_apart(agent: str, bot: bool) -> None:
    assert clicks.is_program(agent) == bot


def test_looking_ahead_and_heads_are_no_clicks(desk: House) -> None:
    link = made(desk)
    for headers in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}):
        asked = {"user-agent": BROWSER, **headers}
        assert Client().get(f"/s/{link.code}", headers=asked).status_code == 302
    assert Client().head(f"/s/{link.code}", headers={"user-agent": BROWSER}).status_code == 302
    click(link, "curl/8")
    assert counted() == (0, 0, 5)


def test_nothing_of_visitors_is_kept(desk: House) -> None:
    link = made(desk)
    click(link, address="192.0.2.77")
    kept = Click.objects.everywhere().get()
    assert "192.0.2" not in kept.visitor
    assert kept.visitor == clicks.visitor("192.0.2.77", BROWSER)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert kept.visitor != clicks.visitor("192.0.2.77", BROWSER)


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_are_each_counted_once(desk: House) -> None:
    link = made(desk)

    def follow(n: int) -> None:
        for m in range(25):
            click(link, address=f"192.0.2.{n * 25 + m}")
        connection.close()

    def tell() -> None:
        jobs.count_clicks.func(timestamp=0)
        connection.close()

    threads = [threading.Thread(target=follow, args=(n,)) for n in range(4)]
    threads += [threading.Thread(target=tell) for _n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert counted() == (100, 0, 0)


@override_settings(SHORT_HOSTS=frozenset({"go.verdier.example"}), ALLOWED_HOSTS=["*"])
def test_a_short_domain_stands_for_its_links_alone(desk: House) -> None:
    Shortening.settle(desk.brand, desk.people["manager"], False, "go.verdier.example")
    link, below = made(desk), "go.verdier.example"
    assert link.address == f"http://{below}/{link.code}"
    assert Client(headers={"host": below}).get(f"/{link.code}")["Location"] == TARGET
    assert click(link).status_code == 404
    for path in ("/", "/account/login/", "/api/docs", f"/s/{link.code}"):
        answer = Client(headers={"host": below}).get(path)
        assert answer.status_code == 404
        assert not answer.cookies
    other = Brand.objects.create(name="Other", slug="other")
    with pytest.raises(HostTaken):
        Shortening.settle(other, desk.people["owner"], True, below)


def test_posts_leave_with_a_code_for_each_channel(desk: House) -> None:
    by = desk.people["agent"]
    assert Shortening.settle(desk.brand, desk.people["manager"], True, "")
    words = [Variant(parts=[f"Look {TARGET}, and {TARGET}", "More https://example.org/2"], comment=TARGET)]
    channels = [channel_of(desk.brand, each) for each in ("one", "two")]
    post = Post.make(desk.brand, by, Content("en", words, [(each.pk, "") for each in channels]))
    post.belong(by, None, "a test")
    form = {"channel": [each.pk for each in channels], "part-||": f"Look {TARGET}", "language": "en"}
    page = browser(by).post("/b/verdier/posts/looks/", form).content.decode()
    assert "/s/xxxxxxxx" in page
    post.publish(by)
    run()
    links = ShortLink.objects.of(desk.brand)
    assert links.count() == len({each.code for each in links}) == 4
    for destination in post.destinations.all():
        first = links.get(destination=destination, target=TARGET).address
        second = links.get(destination=destination, target="https://example.org/2").address
        said = [text for text, *_rest in Wall.said.values() if first in text or second in text]
        assert said == [f"Look {first}, and {first}", f"More {second}", first]
    jobs.depart.func(timestamp=0)
    assert links.count() == 4


def test_programs_make_change_and_remove(desk: House) -> None:
    agent, there = Program(desk.people["agent"]), "brands/verdier/links/short"
    shown = agent.ask("POST", there, {"target": TARGET, "note": "Menu"}).json()
    assert (shown["clicks"], shown["bots"], shown["destination"]) == (0, 0, None)
    one = f"{there}/{shown['id']}"
    assert (
        agent.ask("PUT", one, {"target": "https://example.org/"}).json()["target"] == "https://example.org/"
    )
    assert problem(agent.ask("PUT", one, {"target": "javascript:x"})) == "invalid"
    assert agent.ask("DELETE", one).json()["removed"]
    assert problem(agent.ask("PUT", one, {"target": TARGET})) == "not-found"
    assert [each["id"] for each in agent.get(there)["items"]] == [shown["id"]]


def test_clicks_stand_beside_each_link(desk: House) -> None:
    links = [made(desk, f"https://example.org/{n}") for n in range(2)]
    for hour in ("09", "10"):
        at = f"2026-11-23T{hour}:00:00Z"
        ClickCount.objects.create(link=links[0], hour=at, clicks=2, repeats=1, bots=3)
    found = Program(desk.people["agent"]).get("brands/verdier/links/short")["items"]
    assert [(each["clicks"], each["bots"]) for each in found] == [(0, 0), (4, 6)]
    page = browser(desk.people["agent"]).get("/b/verdier/links/short/").content.decode()
    assert "4 clicks" in page
    assert "6 by programs" in page


def test_the_list_goes_on_to_the_last_one(desk: House) -> None:
    codes = [made(desk, f"https://example.org/{n}").code for n in range(LISTED + 3)][::-1]
    client, seen, address = browser(desk.people["agent"]), [], "?"
    while address:
        page = client.get(f"/b/verdier/links/short/{address}").text
        seen += re.findall(r">[^<]*/s/(\w+)</a>", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older[1] if older else ""
    assert seen == codes
    listed = Program(desk.people["agent"]).all("brands/verdier/links/short?limit=20")
    assert [each["address"].rpartition("/")[2] for each in listed] == codes
