"""Links of posts: marked by the brand's rules where they leave, shown so before, and counted so."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from comptoir.networks.tests.standing_in import every_network_is
from comptoir.organisation.models import AuditEntry
from comptoir.organisation.tests.programs import Program, problem
from comptoir.publishing.models import Campaign, Content, LinkRule, Post, Variant
from comptoir.publishing.tagging import Rule
from comptoir.publishing.tests.building import House, Wall, browser, channel_of, house
from comptoir.publishing.tests.test_leaving import run

pytestmark = [pytest.mark.django_db, pytest.mark.database]
VALUES = {
    "source": "{channel}",
    "medium": "social",
    "campaign": "{campaign}",
    "content": "{date}",
    "term": "",
}
RULE = Rule(("example.org",), VALUES)
MARKED = "https://example.org/?utm_source=me&utm_medium=social&utm_content=2026-11-24"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> House:
    every_network_is(monkeypatch, Wall)
    Wall.said.clear()
    Wall.raises.clear()
    return house()


def form(*rules: dict[str, str]) -> dict[str, str]:
    return {f"{name}-{n}": value for n, rule in enumerate(rules) for name, value in rule.items()}


@time_machine.travel("2026-11-23T23:30:00Z", tick=False)
def test_links_leave_marked_on_each_channel_in_each_message(desk: House) -> None:
    by = desk.people["agent"]
    LinkRule.put(desk.brand, desk.people["manager"], [RULE])
    summer = Campaign.make(desk.brand, by, "Été 2026", "More guests")
    words = [
        Variant(
            parts=["Look: https://example.org/a.", "And https://other.test/"], comment="https://example.org"
        )
    ]
    channels = [channel_of(desk.brand, each) for each in ("me", "@two@town.test")]
    post = Post.make(desk.brand, by, Content("en", words, [(each.pk, "") for each in channels]))
    post.belong(by, summer)
    post.publish(by)
    run()
    rest = "&utm_medium=social&utm_campaign=ete-2026&utm_content=2026-11-24"
    said = [text for text, _below, _alts in Wall.said.values()]
    assert sorted(said) == sorted(
        each
        for name in ("me", "two-town.test")
        for each in (
            f"Look: https://example.org/a?utm_source={name}{rest}.",
            "And https://other.test/",
            f"https://example.org/?utm_source={name}{rest}",
        )
    )


@time_machine.travel("2026-11-23T08:00:00Z", tick=False)
def test_the_preview_shows_and_counts_what_leaves(desk: House) -> None:
    LinkRule.put(desk.brand, desk.people["manager"], [RULE])
    channel = channel_of(desk.brand)
    posted = {
        "channel": channel.pk, "part-||": "https://example.org/", "language": "en",
        "day": "2026-11-25", "hour": "00:30", "zone": "Asia/Tokyo",
    }  # fmt: skip
    page = browser(desk.people["agent"]).post("/b/verdier/posts/looks/", posted).content.decode()
    assert MARKED.replace("&", "&amp;") in page
    assert f"<b>{len(MARKED)}</b> / 300" in page
    posted["part-||"] = "x" * 230 + " https://example.org/"
    page = browser(desk.people["agent"]).post("/b/verdier/posts/looks/", posted).content.decode()
    assert "too long by" in page


def test_managers_make_rules_and_take_them_away(desk: House) -> None:
    manager = browser(desk.people["manager"])
    page = manager.get("/b/verdier/links/").content.decode()
    assert "{network}" in page
    given = {"hosts": "https://Example.org/shop\nexample.org", "source": "{network}", "medium": "social"}
    assert manager.post("/b/verdier/links/", form(given)).status_code == 302
    kept = LinkRule.objects.of(desk.brand).get()
    assert (kept.hosts, kept.source, kept.term) == (["example.org"], "{network}", "")
    assert AuditEntry.objects.of(desk.brand).filter(what="link_rules_set").count() == 1
    manager.post("/b/verdier/links/", form(given))
    assert AuditEntry.objects.of(desk.brand).filter(what="link_rules_set").count() == 1
    manager.post("/b/verdier/links/", form({**given, "hosts": " "}))
    assert not LinkRule.objects.of(desk.brand).exists()
    assert browser(desk.people["agent"]).get("/b/verdier/links/").status_code == 403


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([{"hosts": "nowhere", "source": "a"}], "no name of a site"),
        ([{"hosts": "example.org", "source": "{networks}"}], "{networks} is nothing"),
        ([{"hosts": "example.org", "source": " "}], "adds nothing"),
        ([{"hosts": "x.test", "source": "a"}, {"hosts": "x.test", "source": "b"}], "Another rule"),
        ([{"hosts": " ".join(f"a{n}.test" for n in range(51)), "source": "a"}], "50 sites"),
    ],
)
def test_what_is_wrong_with_a_rule_stands_beside_it(
    desk: House, rules: list[dict[str, str]], words: str
) -> None:
    LinkRule.put(desk.brand, desk.people["manager"], [RULE])
    answer = browser(desk.people["manager"]).post("/b/verdier/links/", form(*rules))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert LinkRule.objects.of(desk.brand).get().rule == RULE


def test_programs_read_and_set_rules(desk: House) -> None:
    manager, agent = Program(desk.people["manager"]), Program(desk.people["agent"])
    there = "brands/verdier/links/rules"
    rule: dict[str, Any] = {"hosts": ["example.org"], "source": "{network}"}
    assert manager.ask("PUT", there, {"rules": [rule]}).json()["rules"][0]["source"] == "{network}"
    assert agent.get(there)["rules"][0]["hosts"] == ["example.org"]
    assert agent.ask("PUT", there, {"rules": []}).status_code == 403
    wrong = manager.ask("PUT", there, {"rules": [{"hosts": ["example.org"], "medium": "{x}"}]})
    assert (problem(wrong), wrong.json()["errors"][0]["at"]) == ("invalid", "rules.0.medium")


def test_a_rule_that_changes_changes_nothing_that_has_left(desk: House) -> None:
    by, channel = desk.people["agent"], channel_of(desk.brand)
    words = [Variant(parts=["https://example.org/"])]
    post = Post.make(desk.brand, by, Content("en", words, [(channel.pk, "")]))
    post.belong(by, None, "a test")
    post.publish(by)
    run()
    LinkRule.put(desk.brand, desk.people["manager"], [RULE])
    run()
    assert [text for text, *_rest in Wall.said.values()] == ["https://example.org/"]
    assert post.destinations.get().state == "published"
