"""The pages of rules: made, tried, switched on; what each role may do; what a thread shows of it."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from comptoir.inbox import jobs
from comptoir.inbox.models import Reply, Rule, SavedReply, Tag, sorting
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.inbox.tests.ruling import comes, rule
from comptoir.organisation.models import Team, User
from comptoir.organisation.models.terms import Terms

pytestmark = pytest.mark.django_db
RULES = "/b/verdier/rules/"


@pytest.fixture
def verdier() -> House:
    return house()


@pytest.fixture
def manager(verdier: House) -> Client:
    return browser(verdier.people["manager"])


def body(response: Any) -> str:
    return unescape(str(response.content.decode()))


def only(verdier: House) -> Rule:
    return Rule.objects.of(verdier.brand).get()


def keep(client: Client, where: str = "new/", **given: Any) -> Any:
    plain = {"name": "Refunds", "query": "refund* OR rembours*", "tags": "money"}
    return client.post(f"{RULES}{where}", plain | given, follow=True)


def test_a_rule_is_made_tried_and_switched_on(verdier: House, manager: Client) -> None:
    hear(verdier.channel, [said("m1", "My refund?", by=1), said("m2", "Lovely tea", by=2)])
    tried = keep(manager)
    page = body(tried)
    assert "1 of the last 2 messages" in page
    assert 'href="/b/verdier/figures/"' in page, "the way to other pages stands beside it"
    assert "My refund?" in page
    assert "Lovely tea" not in page
    assert "Tag money" in page
    made = only(verdier)
    assert made.on is False
    assert verdier.thread().taggings.count() == 0
    manager.post(f"{RULES}{made.pk}/switch/", {"state": "on", "tried": made.version})
    comes(verdier, said("m3", "Remboursement svp", by=3, minutes_ago=1))
    page = body(manager.get(f"{RULES}{made.pk}/"))
    assert "tagged money" in page
    assert "1 message in the last seven days" in page
    assert "1 message in the last seven days" in body(manager.get(RULES))


def test_a_changed_rule_goes_off_until_it_was_tried_as_it_is(verdier: House, manager: Client) -> None:
    keep(manager)
    made = only(verdier)
    manager.post(f"{RULES}{made.pk}/switch/", {"state": "on", "tried": 1})
    assert only(verdier).on
    keep(manager, f"{made.pk}/edition/", name="Money back")
    assert only(verdier).on
    keep(manager, f"{made.pk}/edition/", name="Money back", query="rembours*")
    assert not only(verdier).on
    again = manager.post(f"{RULES}{made.pk}/switch/", {"state": "on", "tried": 1}, follow=True)
    assert "It was changed since it was tried." in body(again)
    assert not only(verdier).on


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"query": ""}, "Say when: a query, or one of the conditions below it."),
        ({"tags": ""}, "Say what is to be done: at least one thing."),
        ({"query": "late AND (box"}, "This parenthesis is not closed."),
        ({"query": "late AND box OR fibre"}, "parentheses have to say which goes first"),
        ({"hide": "remove"}, "Say why: whoever wrote it may ask."),
        ({"name": " "}, "Give it a name."),
        ({"tags": "!"}, "A tag has at least a letter"),
        ({"assign": "99999"}, "99999"),
        ({"authors": '"'}, ""),
    ],
)
def test_what_is_wrong_is_said(verdier: House, manager: Client, given: dict[str, str], words: str) -> None:
    refused = keep(manager, **given)
    assert (refused.status_code == 422) == bool(words)
    assert words in body(refused)
    assert Rule.objects.of(verdier.brand).exists() != bool(words)


def test_a_brand_full_of_tags_is_told_so(
    verdier: House, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "TAGS_MOST", 0)
    assert "remove some first" in body(keep(manager))
    assert "remove some first" in body(manager.post(f"{RULES}ready/", {"preset": "praise"}, follow=True))
    assert not Rule.objects.of(verdier.brand).exists()


def test_a_query_is_checked_as_it_is_typed_and_mended_with_one_press(verdier: House, manager: Client) -> None:
    said_of = body(manager.get(f"{RULES}checking/", {"query": "late AND box OR fibre"}, **HTMX))
    assert 'value="(late AND box) OR fibre"' in said_of
    assert "This can be asked." in body(manager.get(f"{RULES}checking/", {"query": "late box"}))
    given = {"name": "Late", "query": "late AND box OR fibre", "mend": "(late AND box) OR fibre"}
    mended = manager.post(f"{RULES}new/", given)
    assert "(late AND box) OR fibre</textarea>" in body(mended)
    assert not Rule.objects.of(verdier.brand).exists()


def test_the_form_shows_what_the_rule_says(verdier: House, manager: Client) -> None:
    agent = verdier.people["agent"]
    team = Team.make(verdier.brand, "Night", [agent], agent)
    kept = SavedReply.make(verdier.brand, agent, "Sorry", "sorry", {"en": "Sorry."})
    given: dict[str, Any] = {
        "channels": [verdier.channel.pk], "kinds": ["mention", "reply"], "authors": "@nasa, ana", "followers": "10",
        "hours": "shut", "tags": "one, two", "assign": f"team:{team.pk}", "priority": "2", "hide": "spam",
        "saved": kept.pk, "notify": [agent.pk, f"team:{team.pk}"], "stops": "on",
    }  # fmt: skip
    keep(manager, **given)
    made = only(verdier)
    assert made.conditions == {
        "channels": [verdier.channel.pk], "kinds": ["mention", "reply"], "authors": ["nasa", "ana"],
        "followers": 10, "hours": "shut",
    }  # fmt: skip
    tags = list(Tag.objects.of(verdier.brand).order_by("pk").values_list("pk", flat=True))
    assert made.actions == {
        "tags": tags, "assign": {"team": team.pk}, "hide": {"verdict": "spam", "reason": "spam"},
        "saved": kept.pk, "notify": {"people": [agent.pk], "teams": [team.pk]}, "priority": 2,
    }  # fmt: skip
    form = body(manager.get(f"{RULES}{made.pk}/edition/"))
    for shown in (
        'value="one, two"',
        'value="nasa, ana"',
        f'value="team:{team.pk}" selected',
        'value="2" selected',
    ):
        assert shown in form
    assert form.count(" checked") == 6


def test_agents_read_and_managers_decide(verdier: House, manager: Client) -> None:
    keep(manager)
    pk = only(verdier).pk
    agent, reader = browser(verdier.people["agent"]), browser(verdier.people["reader"])
    for page in ("", f"{pk}/", f"{pk}/trial/"):
        assert agent.get(f"{RULES}{page}").status_code == 200
        assert reader.get(f"{RULES}{page}").status_code == 403
        assert browser(verdier.stranger).get(f"{RULES}{page}").status_code == 404
    for act in ("new/", f"{pk}/edition/", f"{pk}/switch/", f"{pk}/place/", f"{pk}/removal/", "ready/"):
        assert agent.post(f"{RULES}{act}").status_code == 403
    assert "Switch it on" not in body(agent.get(f"{RULES}{pk}/trial/"))


def test_what_a_rule_cannot_do_any_more_is_said_on_its_page(verdier: House, manager: Client) -> None:
    agent = verdier.people["agent"]
    tag = Tag.called(verdier.brand, "money", agent)
    made = rule(verdier, actions={"tags": [tag.pk], "assign": {"person": agent.pk},
                                  "hide": {"verdict": "spam", "reason": "spam"}})  # fmt: skip
    page = body(manager.get(f"{RULES}{made.pk}/"))
    assert "It cannot hide anything on @verdier" in page
    assert "removed." not in page
    tag.remove(agent)
    verdier.brand.dismiss(agent, verdier.people["owner"])
    page = body(manager.get(f"{RULES}{made.pk}/"))
    assert "A tag that it puts on was removed." in page
    assert "Whoever it gives threads to is no longer here" in page
    assert "to be looked at" in body(manager.get(RULES))


def test_rules_are_moved_and_removed(verdier: House, manager: Client) -> None:
    rule(verdier, "One")
    two = rule(verdier, "Two")
    manager.post(f"{RULES}{two.pk}/place/", {"to": "up"})
    assert [each.name for each in Rule.objects.of(verdier.brand).in_order()] == ["Two", "One"]
    assert manager.post(f"{RULES}{two.pk}/place/", {"to": "left"}).status_code == 400
    manager.post(f"{RULES}{two.pk}/removal/")
    assert only(verdier).name == "One"
    assert "Another rule has this name." in body(keep(manager, name="One"))


def test_a_thread_shows_which_rule_did_what(verdier: House) -> None:
    agent = verdier.people["agent"]
    tag = Tag.called(verdier.brand, "100% money", agent)
    rule(verdier, actions={"tags": [tag.pk], "assign": {"person": agent.pk}, "priority": 2})
    comes(verdier, said("m1", "refund"))
    page = body(browser(agent).get(verdier.url(f"{verdier.thread().pk}/")))
    assert "The rule “Refunds”: tagged 100% money, given to Agent, made urgent" in page
    assert page.count("given to Agent") == 1
    assert "gave it to Agent" not in page


def test_a_proposed_reply_stands_ready_and_is_never_sent_by_itself(verdier: House) -> None:
    agent = browser(verdier.people["agent"])
    kept = SavedReply.make(
        verdier.brand,
        verdier.people["manager"],
        "Thanks",
        "thanks",
        {"en": "Thank you {{first_name}}! {{me}}"},
    )
    rule(verdier, "Praise", actions={"saved": kept.pk})
    comes(verdier, said("m1", "refund, and thanks"))
    url = verdier.url(f"{verdier.thread().pk}/")
    page = body(agent.get(url))
    assert "The rule “Praise” proposes “Thanks”" in page
    assert "Thank you Person! Agent</p>" in page
    assert not Reply.objects.exists()
    assert "proposes" not in body(browser(verdier.people["reader"]).get(url))
    taken = body(agent.get(f"{url}?saved={kept.pk}"))
    assert "Thank you Person! Agent</textarea>" in taken
    assert f'name="saved" value="{kept.pk}"' in taken
    verdier.thread().reply("Thank you!", verdier.people["agent"])
    assert "proposes" not in body(agent.get(url))


def test_a_proposal_goes_with_its_saved_reply(verdier: House) -> None:
    kept = SavedReply.make(verdier.brand, verdier.people["manager"], "Thanks", "thanks", {"en": "Thanks!"})
    rule(verdier, "Praise", actions={"saved": kept.pk})
    comes(verdier, said("m1", "refund"))
    kept.remove(verdier.people["manager"])
    page = browser(verdier.people["agent"]).get(verdier.url(f"{verdier.thread().pk}/"))
    assert "proposes" not in body(page)


def test_praise_comes_ready_made(verdier: House, manager: Client) -> None:
    hear(
        verdier.channel,
        [
            said("m1", "Merci beaucoup, vous êtes formidables !", by=1, minutes_ago=5),
            said("m2", "I want my money back, this is awful", by=2),
        ],
    )
    tried = body(manager.post(f"{RULES}ready/", {"preset": "praise"}, follow=True))
    assert "1 of the last 2 messages" in tried
    made = only(verdier)
    manager.post(f"{RULES}{made.pk}/switch/", {"state": "on", "tried": made.version})
    assert "There is a rule" in body(manager.post(f"{RULES}ready/", {"preset": "praise"}, follow=True))
    assert manager.post(f"{RULES}ready/", {"preset": "nothing"}).status_code == 400
    comes(verdier, said("m3", "Thank you so much, you are wonderful!", by=3, minutes_ago=1))
    page = body(manager.get(verdier.url(f"{verdier.thread().pk}/")))
    assert "Thank you so much Person, your message made our day!" in page
    for key in ("loud", "closed"):
        assert manager.post(f"{RULES}ready/", {"preset": key}, follow=True).status_code == 200
    assert Rule.objects.of(verdier.brand).count() == 3


def test_kind_words_are_a_list_until_they_are_answered(verdier: House, manager: Client) -> None:
    hear(
        verdier.channel,
        [
            said("m1", "Merci beaucoup, vous êtes formidables !", by=1, minutes_ago=5),
            said("m2", "I want my money back, this is awful", by=2),
        ],
    )
    jobs.read.func(threads=[verdier.thread().pk])
    page = body(manager.get(verdier.url(), {"show": "praise"}))
    assert "formidables" in page
    assert "money back" not in page
    verdier.thread().reply("Merci à vous !", verdier.people["manager"])
    assert "No kind words wait" in body(manager.get(verdier.url(), {"show": "praise"}))


def test_who_is_given_some_channels_sees_no_message_of_others(verdier: House, manager: Client) -> None:
    made = rule(verdier)
    comes(verdier, said("m1", "refund for the first channel"))
    anna = User.objects.create_user("anna@agence.example", name="Anna")
    verdier.brand.admit(anna, "agent", terms=Terms(on_behalf_of="Agence X", channels=()))
    for page in ("", "trial/"):
        assert "refund for the first channel" in body(manager.get(f"{RULES}{made.pk}/{page}"))
        assert "refund for the first channel" not in body(browser(anna).get(f"{RULES}{made.pk}/{page}"))
