"""Every page looked at: axe-core finds nothing serious, nothing is wider than the screen, pictures are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from comptoir.inbox import jobs
from comptoir.inbox.models import (
    Bulk,
    Case,
    Cluster,
    CustomField,
    Deed,
    Queue,
    Release,
    Rule,
    ServiceDesk,
    Tag,
    Thread,
    View,
)
from comptoir.inbox.models.contact import link, note_down, promise, tag_person
from comptoir.inbox.models.custom import fill
from comptoir.inbox.models.sorting import put_on
from comptoir.inbox.models.writing import hold
from comptoir.inbox.models.writing import look as read
from comptoir.inbox.presets import PRESETS, begin
from comptoir.inbox.tests.building import TOWN, House, hear, said
from comptoir.inbox.tests.ruling import comes, rule
from comptoir.kernel import clock
from comptoir.listening.folding import fold
from comptoir.listening.hearing import hear as overhear
from comptoir.listening.hearing import hear_again, hear_channel
from comptoir.listening.models import Alert, Backtest, Exploration, Judgement, Query, Source
from comptoir.measurement import counting
from comptoir.networks.connector import Actor, Kind, Place
from comptoir.networks.models import Activity as Message
from comptoir.networks.models import Actor as Person
from comptoir.networks.models import Channel, Delivery, SetAside
from comptoir.networks.objections import object_to
from comptoir.organisation.models import (
    Alarm,
    Brand,
    InformationPage,
    Membership,
    Notice,
    PurgeRun,
    Shift,
    Team,
)
from tests import walked
from tests.journeys.conftest import ARTEFACTS, Served, sign_in
from tests.journeys.eventful import pages_of_events
from tests.journeys.looking import look, wide
from tests.walked_posts import pages_of_posts

pytestmark = pytest.mark.django_db(transaction=True)
DOORS = {
    "sign-in": "/account/login/",
    "code": "/account/login/code/",
    "reset": "/account/password/reset/",
    "nothing": "/no/",
}
PEOPLE = [
    (
        "Ana Belén Ruiz",
        "Bonjour, ma commande n° 48213 devait arriver mardi et toujours rien… Vous pouvez regarder ?",
    ),
    ("Jules Fontaine", "The new linen shirts are beautiful but why is there still no size above XL?"),
    ("Mireille K.", "Merci pour la réponse rapide hier, c’est réglé !"),
    ("Noor Haddad", "Your shop in Lyon was closed at 17:40 although the sign says 19:00."),
    (
        "Zoé Lambert-Chauvet",
        "Is the green teapot coming back this winter? My mother broke hers and is inconsolable.",
    ),
    ("Olivier d’Argent", "Trois semaines pour un remboursement, c’est non."),
    ("Per Åkesson", "Hello! Do you repair the zips of the 2019 travel bags?"),
    ("Inès Cordier", "Question bête : ça passe au lave-vaisselle ?"),
    ("Ruth Oyelaran", "I love that you answer under your own names. Refreshing."),
    ("Walid Saïdi", "Le site plante au moment de payer, sur ordinateur comme sur téléphone."),
]


@pytest.fixture
def lively(served: Served) -> Served:
    """A brand on an ordinary morning, one thread of it with everything that a thread can show."""
    house = served.house
    _talk(house)
    thread = house.thread()
    agent, owner = house.people["agent"], house.people["owner"]
    thread.note("Le transporteur l’a perdue à Orléans, un second colis part demain. Dire oui.", agent)
    thread.assign(agent, owner)
    reply = thread.reply("Votre second colis part demain matin, les frais sont remboursés.", agent)
    Delivery.objects.of(house.brand).filter(pk=reply.delivery_id).update(state="uncertain", code="uncertain")
    lost = Channel.objects.create(
        brand=house.brand, network="bluesky", remote_id="x", handle="verdier-paris.example", state="reconnect",
        code="token_expired", next_fetch=clock.now(),
    )  # fmt: skip
    Notice.post(house.brand.pk, "channel_reconnect", f"channel:{lost.pk}", channel=lost.handle, id=lost.pk)
    SetAside.objects.create(channel=house.channel, remote_id="s1", reason="no author in it", raw="{}")
    object_to(house.channel.network, handle="@somebody", brand=house.brand)
    PurgeRun.add(clock.now().date(), house.brand, "conversations", 12, True)
    InformationPage.objects.create(
        brand=house.brand, controller="Verdier SAS, Lyon", contact="rgpd@verdier.example"
    )
    _side_by_side(house, thread)
    second = Brand.objects.create(name="Second Brand", slug="second")
    Membership.objects.create(user=owner, brand=second, role="reader")
    return served


def _rules(house: House) -> None:
    """A rule that proposes to say thank you, one that did something, and one whose colleague is gone."""
    owner = house.people["owner"]
    Notice.post(house.brand.pk, "surge")
    praise = begin(PRESETS["praise"], house.brand, owner)
    praise.switch(True, owner, praise.version)
    rule(house, "Remboursements", "rembours* OR refund")
    rule(house, "Presse", "journal*", actions={"assign": {"person": house.stranger.pk}}, on=False)
    thanks = said("thanks", "Merci beaucoup, vous êtes formidables !", minutes_ago=40, by=77)
    comes(house, thanks, said("late", "Où en est mon remboursement ?", minutes_ago=50, by=78))


def _side_by_side(house: House, thread: Any) -> None:
    """A team, tags, a view, an act on many threads, and a colleague whose hand is on the answer."""
    agent, owner = house.people["agent"], house.people["owner"]
    Team.make(house.brand, "Nuit", [agent, owner], owner)
    Shift.weekly(house.brand, agent, 1, range(5), 18 * 60, 9 * 60, owner)
    Shift.weekly(house.brand, owner, 2, range(7), 0, 0, owner)
    desk, _secret = ServiceDesk.make(house.brand, "Service client", "mail", "sav@verdier.example", owner)
    Case.hand_over(thread, desk, agent, note="Colis perdu à Orléans.")
    Case.objects.of(house.brand).update(state="uncertain", reason="TimeoutError")
    Alarm.sound(house.brand, "colleague", "shop:1", agent, "La boutique de Lyon est sous l’eau.")
    put_on(thread, Tag.called(house.brand, "colis perdu", agent), agent)
    thread.prioritise(2, agent)
    View.keep(house.brand, "Remboursements", owner, True, show="open", q="rembours* OR refund")
    _rules(house)
    _surge(house)
    Bulk.ask(house.brand, owner, "tag", {"tag": "colis"}, show="open", q="")
    _of_person(house, thread, agent)
    read(thread, agent)
    hold(thread, agent)


def _surge(house: House) -> None:
    """What people say almost alike, and an answer to all of them that is prepared."""
    jobs.read.func(threads=[thread.pk for thread in Thread.objects.of(house.brand)])
    cluster = Cluster.objects.of(house.brand).order_by("-size", "pk")[0]
    words = {"fr": "Bonjour {{first_name}}, nous regardons.", "en": "Hello {{first_name}}, we are looking."}
    Release.prepare(cluster, house.people["owner"], words)


def _of_person(house: House, thread: Any, agent: Any) -> None:
    """Notes, a tag, promises kept and open, and another handle."""
    person, today = thread.person, clock.now().date()
    note_down(house.brand, person, "Préfère le téléphone, l’après-midi.\nCliente depuis 2019.", agent)
    tag_person(house.brand, person, Tag.called(house.brand, "fidèle", agent), agent)
    promise(house.brand, person, "Remboursement des frais de port", today - timedelta(days=2), agent, thread)
    promise(house.brand, person, "Un second colis", today, agent, thread)
    promise(house.brand, person, "Un bon d’achat", today + timedelta(days=9), agent).settle(True, agent)
    motif = CustomField.make(
        house.brand, agent, name="Motif", kind="choice", choices=["Colis perdu", "Retard"]
    )
    CustomField.make(house.brand, agent, name="N° de commande", kind="text", required=True)
    fill(thread, {motif: "Colis perdu"}, agent)
    second = Thread.objects.of(house.brand).get(entries__activity__remote_id="m2")
    second.block(agent, reason="harassment", words="Troisième fois, malgré deux réponses.")
    second.report(agent, ground="rude", words="Insultes répétées.")
    link(house.brand, person, Person.objects.get(remote_id="p3"), "told", "en boutique, le 3 mars", agent)


def _talk(house: House) -> None:
    """Twenty people write; the first one twice more, once edited and once taken back."""
    people = [
        Actor(f"p{i}", f"@p{i}.example", name, followers=120 * i, about="Lyon.")
        for i, (name, _words) in enumerate(PEOPLE * 2)
    ]
    items = [said(f"m{i}", words, 4 + i * 11, actor=people[i]) for i, (_name, words) in enumerate(PEOPLE * 2)]
    more: dict[str, Any] = {"actor": people[0], "in_reply_to": "m0", "kind": Kind.REPLY}
    items.append(said("c0", "Je cherche un avis.", 300, actor=people[5], addressed=False))
    items.append(said("r1", "C’est fait, voilà l’avis de passage.", 3, edited=datetime.now(UTC), **more))
    items.append(said("r2", "", 2, deleted=True, **more))
    hear(house.channel, items)


def _pages_of_work(lively: Served) -> Iterator[tuple[str, str]]:
    """Who is called, what is handed over, which queues there are."""
    brand, slug = lively.house.brand, lively.house.brand.slug
    yield "duty", f"/b/{slug}/duty/"
    yield "cases", f"/b/{slug}/cases/"
    yield "desks", f"/b/{slug}/desks/"
    yield "hand-over", lively.house.url(f"{lively.house.thread().pk}/cases/")
    yield "case-answer", f"/case/{Case.objects.of(brand).get().link()}/"
    thread = lively.house.thread()
    yield "block", lively.house.url(f"{thread.pk}/block/")
    yield "block-person", f"/b/{lively.house.brand.slug}/persons/{thread.person_id}/blocks/"
    yield (
        "report",
        lively.house.url(f"{thread.pk}/reports/?message={thread.entries.filter(own=False).first().pk}"),
    )
    yield "blocks", f"/b/{slug}/blocks/"
    yield "calling", lively.house.url(f"{lively.house.thread().pk}/alarms/")
    yield "alarm", f"/b/{slug}/alarms/{Alarm.objects.of(brand).get().pk}/"
    queue = Queue.objects.of(brand).first() or Queue.make(
        brand, lively.house.people["owner"], name="Bagages", languages=["fr"], words=["valise"], takes=False
    )
    yield "queues", f"/b/{slug}/queues/"
    yield "queue", f"/b/{slug}/queues/{queue.pk}/"
    yield "of-queue", lively.house.url(f"?show=q{queue.pk}")
    yield "due", lively.house.url("?show=due")
    yield "clerks", f"/b/{slug}/clerks/"
    yield "clerk", f"/b/{slug}/clerks/{lively.house.people['agent'].pk}/"


def addresses(lively: Served) -> Iterator[tuple[str, str]]:
    """Every page of a signed-in owner."""
    slug = lively.house.brand.slug
    lost = Channel.objects.of(lively.house.brand).get(state="reconnect")
    yield "counter", lively.house.url()
    yield "thread", lively.house.url(f"{lively.house.thread().pk}/")
    yield "nothing-found", lively.house.url("?q=zebra")
    yield "choosing", lively.house.url("?choose=1")
    yield "query-wrong", lively.house.url("?q=colis+AND+perdu+OR+refund")
    yield "views", f"/b/{slug}/views/"
    yield from _pages_of_rules(lively)
    yield from (*_pages_of_listening(lively), *pages_of_posts(lively.house))
    yield "person", f"/b/{slug}/persons/{lively.house.thread().person_id}/"
    yield "fields", f"/b/{slug}/fields/"
    yield "promises", f"/b/{slug}/promises/"
    yield "teams", f"/b/{slug}/teams/"
    yield "team", f"/b/{slug}/teams/{Team.objects.of(lively.house.brand).get().pk}/"
    yield from _pages_of_a_bad_day(lively)
    yield from _pages_of_work(lively)
    yield "channels", f"/b/{slug}/channels/"
    yield "channel-lost", f"/b/{slug}/channels/{lost.pk}/"
    yield "channel", f"/b/{slug}/channels/{lively.house.channel.pk}/"
    yield "networks", f"/b/{slug}/channels/new/"
    yield "connect", f"/b/{slug}/channels/new/bluesky/"
    yield "deliveries", f"/b/{slug}/deliveries/"
    yield "set-aside", f"/b/{slug}/set-aside/"
    yield "people", f"/b/{slug}/people/"
    yield "terms", f"/b/{slug}/people/{lively.house.people['agent'].memberships.get().pk}/terms/"
    counting.count_due()
    yield "figures", f"/b/{slug}/figures/"
    yield "hours", f"/b/{slug}/hours/"
    yield "audit", f"/b/{slug}/audit/"
    yield "privacy", f"/b/{slug}/privacy/?network=rehearsal&name=@p0"
    yield "privacy-person", f"/b/{slug}/privacy/{lively.house.thread().person_id}/"
    yield "information-lines", f"/b/{slug}/privacy/information/"
    yield "information", f"/information/{slug}/"
    yield "settings", "/settings/"
    yield "notices", "/notices/"
    yield "notice-settings", "/settings/notices/"
    yield "brands", "/"
    yield "password", "/settings/security/password/"


def _pages_of_a_bad_day(lively: Served) -> Iterator[tuple[str, str]]:
    """A surge, an answer to many, what is asked afterwards."""
    slug = lively.house.brand.slug
    release = Release.objects.of(lively.house.brand).get()
    yield "surge", f"/b/{slug}/surge/"
    yield "cluster", f"/b/{slug}/surge/clusters/{release.cluster_id}/"
    yield "release", f"/b/{slug}/surge/releases/{release.pk}/"
    yield "survey", f"/survey/{walked.survey_link(lively.house)}/"
    yield "bulk", f"/b/{slug}/bulk/{Bulk.objects.of(lively.house.brand).get().pk}/"


def _pages_of_listening(lively: Served) -> Iterator[tuple[str, str]]:
    """What is listened for, and what was heard: in public, and on the brand's own channel."""
    brand, here = lively.house.brand, f"/b/{lively.house.brand.slug}/listening/"
    owner = lively.house.people["owner"]
    if (made := Query.objects.of(brand).first()) is None:
        made = Query.make(brand, owner, "La marque", '"Maison Verdier" OR colis')
        made.rewrite(owner, '("Maison Verdier" OR colis OR remboursement*) NOT concours')
        overhear(TOWN, [replace(said("h1", "Un colis de la Maison Verdier, perdu.", by=88), addressed=False)])
        copies = [
            "Le colis 7731 de la Maison Verdier est perdu depuis trois semaines, personne ne répond"
        ] * 3
        overhear(
            TOWN, [replace(said(f"r{n}", text, by=80 + n), addressed=False) for n, text in enumerate(copies)]
        )
        hear_channel(lively.house.channel, [each.pk for each in Message.objects.of(brand)])
        fold([each.pk for each in made.mentions.all()])
        Backtest.ask(made.versions.get(number=2), owner)
        place = Place("https://port.example/feed", "Le port (fil)", {"address": "https://port.example/feed"})
        Source.listen(brand, owner, "feed", place).switch(False)
        Query.make(brand, owner, "Les retards", "retard* OR perdu*").look_back(owner)
        hear_again(brand, [each.pk for each in Message.objects.of(brand)])
        Exploration.keep(brand, "Le mois", owner, "period=30", shared=True)
        _alerts(made)
    yield "listening", here
    yield "query-new", f"{here}queries/new/"
    for name in ("", "edition/", "versions/", "coverage/", "removal/"):
        yield f"heard-{name.strip('/')}", f"{here}queries/{made.pk}/{name}"
    yield "mention", f"{here}mentions/{made.mentions.filter(fold__isnull=False, noise='').get().pk}/"
    yield "heard-noise", f"{here}queries/{made.pk}/?noise=all"
    yield "explore", f"{here}explore/?period=24h"
    yield "explore-month", f"{here}explore/?period=30&noise=all"
    yield "mentions", f"{here}mentions/?q=colis&since={clock.now():%Y-%m-%d}"
    yield "query-alerts", f"{here}queries/{made.pk}/alerts/"
    yield "alerts", f"{here}alerts/"
    for each in Alert.objects.of(brand):
        yield f"alert-{each.kind}{'-joined' if each.first_id else ''}", f"{here}alerts/{each.pk}/"
    yield from pages_of_events(made, owner, here)
    yield "sources", f"{here}sources/"
    yield "source-new", f"{here}sources/new/"
    yield "source-questions", f"{here}sources/new/?at=bluesky"
    yield from walked.cards_of(lively.house)
    yield "source", f"{here}sources/{Source.objects.of(brand).get().pk}/"
    yield "backtest", f"{here}backtests/{Backtest.objects.of(brand).get().pk}/"


def _alerts(query: Query) -> None:
    """A spike that somebody said something of, one of another query that joined it, and a silence that goes on."""
    now, mentions = clock.now(), list(query.mentions.all()[:3])
    spike = Alert.objects.create(
        query=query, kind="spike", since=now - timedelta(hours=3), until=now, began=now, over=now, every=60, posts=240,
        usual=31, negative=130, copies=20, samples=[each.pk for each in mentions], words=[["colis perdu", "", 41, 2]],
    )  # fmt: skip
    Judgement.objects.create(alert=spike, verdict="real", by=query.versions.all()[0].by)
    other = Query.objects.of(query.brand_id).exclude(pk=query.pk).earliest("pk")
    Alert.objects.create(query=other, kind="spike", since=now, until=now, began=now, posts=90, first=spike)
    Alert.objects.create(query=query, kind="silence", since=now, until=now, began=now, missed=44)


def _pages_of_rules(lively: Served) -> Iterator[tuple[str, str]]:
    yield "rules", f"/b/{lively.house.brand.slug}/rules/"
    yield "rule-new", f"/b/{lively.house.brand.slug}/rules/new/"
    for made in Rule.objects.of(lively.house.brand).in_order():
        yield f"rule-{made.place}", f"/b/{lively.house.brand.slug}/rules/{made.pk}/"
        yield f"trial-{made.place}", f"/b/{lively.house.brand.slug}/rules/{made.pk}/trial/"
    proposed = Deed.objects.filter(rule__brand=lively.house.brand, did__has_key="saved").select_related(
        "entry"
    )
    yield "proposed", lively.house.url(f"{proposed[0].entry.thread_id}/")


def test_every_page(lively: Served, open_browser: Any) -> None:
    page = _owner(open_browser(), lively)
    wrong: dict[str, Any] = {}
    for name, address in addresses(lively):
        page.goto(lively.url + address)
        page.wait_for_load_state("networkidle") if name == "thread" else page.wait_for_timeout(100)
        wrong |= look(page, name)
    assert wrong == {}


def _owner(context: Any, lively: Served) -> Page:
    """The owner has two brands, so signing in ends at the choice."""
    page: Page = context.new_page()
    page.goto(f"{lively.url}/account/login/")
    page.get_by_label("Email").fill(lively.house.people["owner"].email)
    page.get_by_label("Password").fill("a long enough secret 7")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your brands").wait_for()
    return page


def test_every_door(served: Served, open_browser: Any) -> None:
    page = open_browser().new_page()
    wrong: dict[str, Any] = {}
    for name, address in DOORS.items():
        page.goto(served.url + address)
        wrong |= look(page, name)
    assert wrong == {}


def test_french_fits_a_phone(lively: Served, open_browser: Any) -> None:
    for user in lively.house.people.values():
        user.language = "fr"
        user.save()
    context = open_browser(360, height=760)
    page = context.new_page()
    page.goto(f"{lively.url}/account/login/")
    page.locator("[name=login]").fill(lively.house.people["owner"].email)
    page.locator("[name=password]").fill("a long enough secret 7")
    page.locator("button.main").click()
    page.get_by_role("heading", name="Vos marques").wait_for()
    for name, address in addresses(lively):
        page.goto(lively.url + address)
        page.screenshot(path=ARTEFACTS / f"{name}-360-fr.png")
        assert wide(page) <= 0, name


def test_fourteen_threads_are_seen_at_once(lively: Served, open_browser: Any) -> None:
    # While many write at once there is a line more.
    Notice.settle(lively.house.brand.pk, "", "surge")
    page = sign_in(open_browser(1440, height=900), lively)
    seen = page.evaluate(
        "[...document.querySelectorAll('#threads .row')]"
        ".filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"
    )
    assert seen >= 14
