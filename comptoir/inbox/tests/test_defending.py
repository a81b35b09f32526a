"""Blocking and reporting from the counter, on the rehearsal town's own connector: pages, rights, what shows where."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from comptoir.inbox import jobs
from comptoir.inbox.models import Thread
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.networks import jobs as ways
from comptoir.networks.connector import Blocks, Kind, Reports
from comptoir.networks.found import connector_class, networks
from comptoir.networks.models import Channel, Defence, Delivery
from comptoir.organisation.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> House:
    made = house()
    hear(made.channel, [said("m1", "You idiots!")])
    return made


@pytest.fixture
def agent(here: House) -> Client:
    return browser(here.people["agent"])


def carried_out(here: House) -> None:
    """All that waits leaves, and the inbox hears of it."""
    Delivery.objects.of(here.brand).filter(state="waiting").update(not_before=clock.now())
    for delivery in Delivery.objects.of(here.brand).filter(state="waiting"):
        ways.deliver.func(delivery_id=delivery.pk)
        jobs.delivery_moved.func(delivery_id=delivery.pk)


def page(here: House, client: Client, rest: str = "") -> str:
    return client.get(here.url(f"{here.thread().pk}/{rest}")).text


def test_somebody_is_blocked_seen_to_be_and_unblocked(here: House, agent: Client) -> None:
    thread = here.thread()
    assert "Block this person" in page(here, agent)
    form = page(here, agent, "block/")
    assert "In this town, they are not heard any more until they are unblocked." in form
    address = here.url(f"{thread.pk}/block/")
    assert agent.post(address, {}).status_code == 422
    done = agent.post(address, {"reason": "harassment", "words": "Third time."}, follow=True)
    assert "Person 0 is blocked on @verdier in a moment." in done.text
    assert "Being blocked…" in done.text
    carried_out(here)
    shown = page(here, agent)
    assert "Agent blocked this person · Insult or harassment · “Third time.”" in shown
    assert "an answer would not reach them" in shown
    assert 'name="text" rows="3" required dir="auto" data-draft="reply' not in shown
    assert "Block this person" not in shown
    person = agent.get(f"/b/{here.brand.slug}/persons/{thread.person_id}/").text
    listed = agent.get(f"/b/{here.brand.slug}/blocks/").text
    for each in (shown, person, listed):
        assert "Insult or harassment" in each
        assert "Unblock" in each
    thread.refresh_from_db()
    assert (thread.answered, thread.is_open) == (False, True), "a block is no answer"
    lifting = f"/b/{here.brand.slug}/blocks/{Defence.objects.of(here.brand).get().pk}/lifting/"
    told = agent.post(lifting, {"thread": thread.pk}, **HTMX)
    assert "In a moment they can reach you again." in told.text
    assert "Being unblocked…" in told.text
    carried_out(here)
    assert "Agent unblocked this person" in page(here, agent)
    assert "Block this person" in page(here, agent)
    again = agent.post(lifting, {"thread": thread.pk}, **HTMX)
    assert "It stands so already." in again.text
    assert "Nobody is blocked" in agent.get(f"/b/{here.brand.slug}/blocks/").text
    logged = AuditEntry.objects.of(here.brand).filter(what__startswith="person_").order_by("pk")
    assert [(each.what, each.user) for each in logged] == [
        ("person_blocked", here.people["agent"]), ("person_unblocked", here.people["agent"]),
    ]  # fmt: skip


def test_somebody_is_blocked_from_their_own_page_on_each_channel_that_can(here: House, agent: Client) -> None:
    brand, who = here.brand, here.thread().person
    other = Channel.objects.create(
        brand=brand, network=here.channel.network, remote_id="second", handle="@second", name="Second",
        settings=here.channel.settings, next_fetch=here.channel.next_fetch, history_done=True,
    )  # fmt: skip
    mute = Channel.objects.create(
        brand=brand, network="feed", remote_id="third", handle="third", name="Third"
    )
    hear(other, [said("n1", "Here as well!")])
    person = f"/b/{brand.slug}/persons/{who.pk}/"
    assert f'href="{person}blocks/"' in agent.get(person).text
    form = agent.get(f"{person}blocks/").text
    assert "In this town, they are not heard any more until they are unblocked." in form
    assert [each in form for each in ("@verdier", "@second", "third ·")] == [True, True, False]
    first, second = (f"{each.pk}-{who.pk}" for each in (here.channel, other))
    for wrong in (
        {"reason": "spam"},
        {"channels": [first]},
        {"channels": [f"{mute.pk}-{who.pk}"], "reason": "spam"},
    ):
        assert agent.post(f"{person}blocks/", wrong).status_code == 422
    assert not Defence.objects.of(brand).exists()
    given = {"channels": [first, second], "reason": "harassment", "words": "Third time."}
    done = agent.post(f"{person}blocks/", given, follow=True)
    assert "Person 0 is blocked on @verdier, @second in a moment." in done.text
    carried_out(here)
    shown = agent.get(person).text
    assert shown.count("Third time.") == 2
    assert "person-blocks" not in shown
    assert f'href="{person}blocks/"' not in shown, "they are blocked everywhere"
    assert agent.get(f"{person}blocks/").status_code == 302
    lifting = f"/b/{brand.slug}/blocks/{Defence.objects.of(brand).get(channel=other).pk}/lifting/"
    assert "In a moment they can reach you again." in agent.post(lifting, follow=True).text
    carried_out(here)
    form = agent.get(f"{person}blocks/").text
    assert [each in form for each in ("· @verdier ·", "· @second ·")] == [False, True]
    for client, status in ((browser(here.people["reader"]), 403), (browser(here.stranger), 404)):
        assert client.get(f"{person}blocks/").status_code == status
        assert client.post(f"{person}blocks/", given).status_code == status
    assert f"{person}blocks/" not in browser(here.people["reader"]).get(person).text


def test_a_block_is_undone_where_it_was_made(here: House, agent: Client) -> None:
    thread = here.thread()
    agent.post(here.url(f"{thread.pk}/block/"), {"reason": "spam"})
    made = Defence.objects.of(here.brand).get()
    carried_out(here)
    address = here.url(f"{thread.pk}/defences/{made.pk}/withdrawal/")
    manager = browser(here.people["manager"])
    assert manager.post(address).status_code == 404, "one's own decisions only: others unblock"
    assert "In a moment it is as it was." in agent.post(address, **HTMX).text
    carried_out(here)
    assert not Defence.objects.of(here.brand).standing().exists()


def test_a_message_is_reported_once_on_the_networks_grounds(
    here: House, agent: Client, settings: Any
) -> None:
    settings.SEND_DELAY = 5.0
    thread = here.thread()
    entry = thread.entries.get()
    assert f'href="{here.url(f"{thread.pk}/")}reports/?message={entry.pk}"' in page(here, agent)
    form = page(here, agent, f"reports/?message={entry.pk}")
    assert "You idiots!" in form
    assert 'value="rude"' in form
    address = here.url(f"{thread.pk}/reports/?message={entry.pk}")
    assert agent.post(address, {"ground": "taste"}).status_code == 422
    assert agent.post(address, {"ground": "rude", "words": "x" * 1_001}).status_code == 422
    done = agent.post(address, {"ground": "rude", "words": "Insults\n us.", "block": "on"}, follow=True)
    assert "The report leaves in a moment. After that, nobody takes it back." in done.text
    assert f"reports/?message={entry.pk}" not in done.text, "it is reported"
    report = Defence.objects.of(here.brand).get(act="report")
    assert (report.activity, report.words, report.label) == (
        entry.activity,
        "Insults us.",
        "Insult or harassment",
    )
    assert report.delivery.not_before > clock.now()
    carried_out(here)
    shown = page(here, agent)
    assert "Agent reported a message to Rehearsal town · Insult or harassment · “Insults us.”" in shown
    assert "Agent blocked this person" in shown
    again = agent.post(address, {"ground": "rude"}, follow=True)
    assert "It stands so already." in again.text
    undo = agent.post(here.url(f"{thread.pk}/defences/{report.pk}/withdrawal/"), **HTMX)
    assert "Too late to undo." in undo.text


def test_doubt_about_a_report_is_settled_in_the_thread_and_among_the_deliveries(
    here: House, agent: Client
) -> None:
    thread = here.thread()
    agent.post(here.url(f"{thread.pk}/reports/"), {"ground": "spam"})
    made = Defence.objects.of(here.brand).get()
    Delivery.objects.of(here.brand).filter(pk=made.delivery_id).update(state="uncertain", code="uncertain")
    shown = page(here, agent)
    assert "Agent reported this account to Rehearsal town · we cannot tell whether it arrived" in shown
    assert "if in doubt, leave it at one." in shown
    settlement = f"/b/{here.brand.slug}/deliveries/{made.delivery_id}/settlement/"
    assert settlement in shown
    listed = agent.get(f"/b/{here.brand.slug}/deliveries/").text
    assert "Report to the network" in listed
    agent.post(settlement, {"sent": "yes"})
    assert "we cannot tell" not in page(here, agent)


def test_what_the_network_refused_is_told_and_changes_nothing(here: House, agent: Client) -> None:
    thread = here.thread()
    agent.post(here.url(f"{thread.pk}/block/"), {"reason": "spam"})
    Delivery.objects.of(here.brand).update(state="refused", code="not_granted")
    shown = page(here, agent)
    assert "connect it again, then try once more." in shown
    assert "Block this person" in shown
    assert "Nobody is blocked" in agent.get(f"/b/{here.brand.slug}/blocks/").text


def test_readers_look_and_decide_nothing_and_other_brands_see_nothing(here: House, agent: Client) -> None:
    thread = here.thread()
    agent.post(here.url(f"{thread.pk}/block/"), {"reason": "spam"})
    made = Defence.objects.of(here.brand).get()
    reader = browser(here.people["reader"])
    for client in (reader, browser(here.stranger)):
        for rest in ("block/", "reports/"):
            assert client.get(here.url(f"{thread.pk}/{rest}")).status_code in (403, 404)
        lifting = f"/b/{here.brand.slug}/blocks/{made.pk}/lifting/"
        assert client.post(lifting, {"from": "list"}).status_code in (403, 404)
    shown = page(here, reader)
    assert "Being blocked…" in shown
    assert "lifting" not in shown
    assert "Block this person" not in shown
    assert "reports/?message" not in shown


def test_where_the_network_has_neither_nothing_is_offered(here: House, agent: Client) -> None:
    Channel.objects.of(here.brand).update(network="feed")
    thread = here.thread()
    shown = page(here, agent)
    assert "Block this person" not in shown
    assert "reports/" not in shown
    for rest in ("block/", "reports/"):
        assert agent.get(here.url(f"{thread.pk}/{rest}")).status_code == 400


def test_a_block_shows_in_each_thread_of_the_person_on_its_channel(here: House, agent: Client) -> None:
    first = here.thread()
    hear(here.channel, [said("m2", "Hello?", minutes_ago=1, conversation="other", kind=Kind.MESSAGE)])
    hear(here.channel, [said("m3", "Good morning", minutes_ago=0, by=3)])
    agent.post(here.url(f"{first.pk}/block/"), {"reason": "spam"})
    for name, shows in (("m1", True), ("m2", True), ("m3", False)):
        thread = Thread.objects.of(here.brand).get(entries__activity__remote_id=name)
        assert ("Agent blocked this person" in agent.get(here.url(f"{thread.pk}/")).text) == shows


def test_what_connectors_say_of_blocks_and_reports_is_french_as_well() -> None:
    said: set[str] = set()
    for kind in map(connector_class, networks()):
        if issubclass(kind, Blocks):
            said.add(kind.block_means)
        if issubclass(kind, Reports):
            said |= {each.label for each in kind(http=None, grant={}, settings={}).grounds()}
    assert len(said) > 5
    with override("fr"):
        assert {words for words in said if gettext(words) == words} == set()
