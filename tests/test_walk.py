"""Every address of the house, asked for by everybody: never our fault, never somebody else's data.

A new address with a part that the walk does not know fails here: say in `_parts` what stands there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from comptoir.inbox.likening import liken
from comptoir.inbox.models import (
    Bulk,
    Cluster,
    CustomField,
    Enclosure,
    Queue,
    Release,
    Rule,
    SavedReply,
    Tag,
    View,
    merging,
)
from comptoir.inbox.models.contact import link, note_down, promise, tag_person
from comptoir.inbox.models.custom import fill
from comptoir.inbox.models.enclosing import enclose
from comptoir.inbox.models.sorting import put_on
from comptoir.inbox.tests.building import ROLES, House, browser, hear, house, said
from comptoir.inbox.tests.ruling import comes, rule
from comptoir.kernel.media import media_token
from comptoir.listening.hubs import token_of
from comptoir.networks.connector import Kind
from comptoir.networks.models import Actor, Attachment, Delivery, Moderation, Objection, SetAside
from comptoir.networks.objections import object_to
from comptoir.organisation.models import (
    AddressProof,
    CompanyDomain,
    Invitation,
    JoinRequest,
    Membership,
    Notice,
    SignInLink,
    Team,
    User,
)
from tests import walked
from tests.asked import ask, inside
from tests.oddities import fields, words
from tests.programs import parts_for_programs
from tests.servers.stranger import jpeg
from tests.unlogged import BY_READERS
from tests.walked_posts import FEEDS, PUBLIC, approval_link, post_parts

pytestmark = pytest.mark.django_db
MARK = "TOPSECRET"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
LOGIN = "/account/login/"
INVITED = {
    "acceptance",
    "joining",
    "case-answer",
    "survey",
    "approving",
    "approving-picture",
    *FEEDS,
    *PUBLIC,
}
"""Who holds the link that was sent to them may read the brand's name behind it, and of a case what it is about."""


@dataclass(frozen=True)
class Route:
    """An address with its parts as the resolver names them: `<number:pk>` or a regular expression's group."""

    name: str
    pattern: str

    @property
    def of_a_brand(self) -> bool:
        return self.pattern.startswith("b/<slug:brand>/")

    @property
    def parts(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)

    @property
    def of_a_row(self) -> bool:
        return bool(set(self.parts) & {"pk", "act", "token"})

    def path(self, parts: dict[str, str]) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: parts[found[1]], self.pattern)


def _routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[Route]:
    for each in (resolver or get_resolver()).url_patterns:
        here = before + _plain(str(each.pattern))
        if isinstance(each, URLResolver):
            yield from _routes(each, here)
        elif isinstance(each, URLPattern):
            yield Route(each.name or here, here)


def _plain(pattern: str) -> str:
    """A regular expression's groups written as a path's parts."""
    return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", pattern).removeprefix("^").removesuffix("$")


ROUTES = sorted(_routes(), key=lambda route: route.pattern)
OF_BRANDS = [route for route in ROUTES if route.of_a_brand]
HELPING = 75
"""Addresses that share a house: to build one takes longer than to walk some of them."""


def in_helpings(routes: Sequence[Route]) -> Any:
    some = [routes[at : at + HELPING] for at in range(0, len(routes), HELPING)]
    return pytest.mark.parametrize("routes", some, ids=lambda few: few[0].pattern)


each_route, each_of_a_brand = in_helpings(ROUTES), in_helpings(OF_BRANDS)


def test_no_two_pages_share_a_name() -> None:
    names = Counter(route.name for route in ROUTES if not route.pattern.startswith("api/"))
    assert [name for name, many in names.items() if many > 1] == []


@pytest.fixture
def ours() -> House:
    """A brand with something of everything, each with the mark in it."""
    made = house("ours")
    made.brand.name = f"{MARK} brand"
    made.brand.save()
    hear(made.channel, [said("m1", f"{MARK} words")])
    thread, agent = made.thread(), made.people["agent"]
    thread.note(f"{MARK} note", agent)
    thread.assign(agent, agent)
    beside = enclose(thread, agent, jpeg(), alt=f"{MARK} words of a picture")
    thread.reply(f"{MARK} reply", agent, enclosed=[beside.pk])
    enclose(thread, agent, jpeg(), alt=f"{MARK} words of another")
    hear(made.channel, [said("m2", f"{MARK} more", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=20)])
    merging.split(thread, thread.entries.order_by("-at")[0], agent).undo()
    hear(made.channel, [said("m3", f"{MARK} more", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=10)])
    put_on(thread, Tag.called(made.brand, f"{MARK} tag", agent), agent)
    of_person(made.brand, thread, agent)
    custom = CustomField.make(made.brand, made.people["owner"], name=f"{MARK} field", kind="text")
    fill(thread, {custom: f"{MARK} value"}, agent)
    Bulk.ask(made.brand, agent, "close", {}, threads=[thread.pk])
    liken([thread.pk])
    Release.prepare(thread.likened.cluster, agent, {"en": f"{MARK} for many"})
    View.keep(made.brand, f"{MARK} view", made.people["owner"], True, show="open", q="")
    Team.make(made.brand, f"{MARK} team", [agent], made.people["owner"])
    Queue.make(made.brand, made.people["owner"], [agent], name=f"{MARK} queue", takes=False)
    walked.call_and_hand_over(made, MARK)
    walked.listen(made, MARK)
    walked.speak(made, MARK)
    SavedReply.make(made.brand, made.people["owner"], f"{MARK} saved", "walked", {"en": f"{MARK} kept"})
    rule(made, f"{MARK} rule", "reply", actions={"priority": 2})
    comes(made, said("m4", f"{MARK} reply to a rule", kind=Kind.REPLY, in_reply_to="m1", minutes_ago=5))
    object_to("rehearsal", handle="@objects", brand=made.brand)
    message = thread.entries.order_by("pk")[0].activity
    Moderation.objects.create(
        channel=made.channel, activity=message, verdict="remove", words=f"{MARK} why", by=agent,
        delivery=Delivery.objects.create(channel=made.channel, act="remove", state="sent", target=message),
    )  # fmt: skip
    Delivery.objects.create(channel=made.channel, state="uncertain", text=f"{MARK} delivery", act="post")
    SetAside.objects.create(channel=made.channel, reason="unreadable", raw=f"{MARK} raw", remote_id="x")
    owner = made.people["owner"]
    Invitation.make(made.brand, "invited@example.org", "agent", owner)
    CompanyDomain.open(made.brand, "company.example", owner)
    JoinRequest.ask(User.objects.create_user("asks@company.example", name=f"{MARK} asker"), made.brand)
    Notice.post(made.brand.pk, "channel_reconnect", f"channel:{made.channel.pk}", channel=f"{MARK} notice")
    return made


def of_person(brand: Any, thread: Any, agent: Any) -> None:
    """Something of everything that is kept of a person."""
    note_down(brand, thread.person, f"{MARK} about them", agent)
    tag_person(brand, thread.person, Tag.called(brand, f"{MARK} tag", agent), agent)
    promise(brand, thread.person, f"{MARK} promise", date(2026, 1, 1), agent, thread)
    other = Actor.objects.create(network="rehearsal", remote_id=f"also-{brand.pk}", handle=f"@{MARK}.also")
    link(brand, thread.person, other, "told", f"{MARK} said so", agent)


@lru_cache(maxsize=1)
def _numbers(house: House) -> dict[str, Any]:
    """What the kinds of things of the house have as numbers: nothing that is asked changes them."""
    thread, brand = house.thread(), house.brand
    return {
        "threads": thread.pk,
        "channels": house.channel.pk,
        "deliveries": Delivery.objects.of(brand).get(state="uncertain").pk,
        "files": thread.entries.first().activity_id,
        "set-aside": SetAside.objects.of(brand).get().pk,
        "people": Membership.objects.get(brand=brand, user=house.people["agent"]).pk,
        "security": Membership.objects.get(brand=brand, user=house.people["agent"]).pk,
        "settings": 1,
        "bulk": Bulk.objects.of(brand).get().pk,
        "views": View.objects.of(brand).get().pk,
        "tags": Tag.objects.of(brand).get().pk,
        "teams": Team.objects.of(brand).get().pk,
        "requests": JoinRequest.objects.of(brand).open().get().pk,
        "invitations": Invitation.objects.of(brand).open().get().pk,
        "domains": CompanyDomain.objects.of(brand).get().pk,
        **walked.numbers_of(house),
        "privacy": thread.person_id,
        "saved-replies": SavedReply.objects.of(brand).get().pk,
        "rules": Rule.objects.of(brand).get().pk,
        "objections": Objection.objects.of(brand).get().pk,
    }


def _parts(route: Route, house: House) -> dict[str, str]:
    """What stands in the parts of an address, so that it names a thing of the house."""
    thread, brand = house.thread(), house.brand
    numbers = {**_numbers(house), "surge": _of_the_surge(route, brand)}
    known = {
        "brand": brand.slug,
        "network": "rehearsal",
        **{"size": "face", "table": "days", "place": "1"},
        "token": _token(route, house),
        "uidb36": "1",
        "key": "set-password",
        "message": str(thread.entries.order_by("pk")[0].pk),
        "pk": str(numbers.get(route.pattern.removeprefix("b/<slug:brand>/").partition("/")[0], "")),
        "act": _act(route.name, thread),
    }
    for parts in (parts_for_programs, walked.listening_parts, post_parts):
        known |= parts(route.pattern, house)
    missing = [part for part in route.parts if not known.get(part)]
    assert not missing, f"{route.pattern}: the walk does not know what {missing} stand for"
    return known


def _paths(routes: Sequence[Route], house: House, **other: str) -> list[tuple[Route, str]]:
    return [(route, route.path(_parts(route, house) | other)) for route in routes]


def _of_the_surge(route: Route, brand: Any) -> int:
    kind: Any = Release if "/releases/<" in route.pattern else Cluster
    return int(kind.objects.of(brand).get().pk)


def _act(name: str, thread: Any) -> str:
    """The number of something that was done with the thread, "" for an address that names none."""
    acts: dict[str, Any] = {
        "replies-withdrawal": lambda: thread.replies.get().pk,
        "deletion": lambda: thread.replies.get().pk,
        "edition": lambda: thread.replies.get().pk,
        "notes-withdrawal": lambda: thread.notes.get().pk,
        "assignments-withdrawal": lambda: thread.assignments.get().pk,
        "merges-withdrawal": lambda: thread.merges.get().pk,
        "enclosure": lambda: Enclosure.objects.filter(thread=thread).first().pk,
        "attachment": lambda: Attachment.objects.filter(delivery__reply__thread=thread).first().pk,
        "moderations-withdrawal": lambda: thread.judged().get().pk,
    }
    return str(acts[name]()) if name in acts else ""


def _token(route: Route, house: House) -> str:
    if route.name == "acceptance":
        return Invitation.objects.of(house.brand).open().get().link(mailed=True)
    if route.name == "joining":
        return AddressProof.issue("new@company.example")
    if route.name == "hub":
        return token_of("feed", "https://example.org/feed")
    if route.name == "survey":
        return walked.survey_link(house)
    if route.name in ("case-answer", "approving", "approving-picture"):
        return (walked.case_link if route.name == "case-answer" else approval_link)(house)
    if route.name == "owner-link":
        return SignInLink.issue(house.people["owner"])
    return media_token("https://example.org/a.png", f"brand:{house.brand.pk}")


def _sent_to_sign_in(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer["Location"].startswith(LOGIN))


@each_route
def test_members_of_every_role_are_answered(ours: House, routes: list[Route]) -> None:
    clients = {role: inside(ours.people[role]) for role in ROLES}
    for (route, path), (role, client) in product(_paths(routes, ours), clients.items()):
        for method in METHODS:
            answer = ask(client, method, path)
            if route.of_a_brand and role == "reader" and method in {"POST", "PUT", "DELETE"}:
                assert answer.status_code in {403, 405} or route.name in BY_READERS, (method, path)
            if answer["Content-Type"].startswith("text/html"):
                assert "'none'" in answer["Content-Security-Policy"]


@each_of_a_brand
def test_htmx_is_answered(ours: House, routes: list[Route]) -> None:
    owner = inside(ours.people["owner"])
    for (_route, path), method in product(_paths(routes, ours), METHODS):
        ask(owner, method, path, **{"HX-Request": "true"})


@each_route
def test_who_is_not_signed_in_is_sent_to_sign_in(ours: House, routes: list[Route]) -> None:
    nobody = Client()
    for route, path in _paths(routes, ours):
        answers = {method: ask(nobody, method, path) for method in METHODS}
        for method, answer in answers.items():
            assert MARK.encode() not in answer.content or route.name in INVITED, (method, path)
        if route.of_a_brand:
            sent = {method for method, answer in answers.items() if _sent_to_sign_in(answer)}
            assert sent, path
            assert all(answers[method].status_code == 405 for method in METHODS if method not in sent), path


@each_of_a_brand
def test_a_stranger_finds_nothing(ours: House, routes: list[Route]) -> None:
    stranger = browser(ours.stranger)
    for (_route, path), method in product(_paths(routes, ours), METHODS):
        answer = ask(stranger, method, path)
        assert answer.status_code in {404, 405}, (method, path)
        assert MARK.encode() not in answer.content


@in_helpings([route for route in OF_BRANDS if route.of_a_row])
def test_a_strangers_own_brand_is_no_door_to_ours(ours: House, routes: list[Route]) -> None:
    stranger = browser(ours.stranger)
    for (_route, path), method in product(_paths(routes, ours, brand="not-ours"), METHODS):
        answer = ask(stranger, method, path)
        assert answer.status_code in {404, 405}, (method, path)
        assert MARK.encode() not in answer.content


@st.composite
def nonsense(draw: st.DrawFn) -> tuple[Route, dict[str, str], dict[str, str], dict[str, str], bool]:
    """An address with strange things in some of its parts, a query, a form, and whether htmx asks."""
    route = draw(st.sampled_from(ROUTES))
    wrong = {part: draw(words) for part in route.parts if draw(st.booleans())}
    return route, wrong, draw(fields), draw(fields), draw(st.booleans())


@examples(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=nonsense())
def test_nonsense_is_never_our_fault(ours: House, asked: Any) -> None:
    route, wrong, query, form, htmx = asked
    parts = {**_parts(route, ours), **{part: quote(word, safe="") for part, word in wrong.items()}}
    client = inside(ours.people["owner"])
    client.raise_request_exception = False
    headers = {"HX-Request": "true"} if htmx else {}
    for method in ("get", "post"):
        with transaction.atomic():
            path = route.path(parts) + "?" + urlencode(query)
            answer = getattr(client, method)(path, form if method == "post" else None, headers=headers)
            transaction.set_rollback(True)
        assert answer.status_code < 500, (method, path, form)
        if answer.status_code >= 400:
            assert len(answer.content.split()) > 2 or answer.status_code == 405, "a sentence says why"
