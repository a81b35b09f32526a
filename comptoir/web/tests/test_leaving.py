"""Leaving ends every kind of access at once, and nothing that points at a person is forgotten."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

import comptoir
from comptoir.inbox import jobs
from comptoir.inbox.models import Assignment, Thread
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.organisation import leaving
from comptoir.organisation.models import (
    AuditEntry,
    Brand,
    Departure,
    Invitation,
    JoinRequest,
    LastOwner,
    Notice,
    SignInLink,
    User,
)

pytestmark = pytest.mark.django_db

NO_ACCESS = {
    "account.EmailAddress": "whose address it is; signing in with it takes the account",
    "mfa.Authenticator": "how they prove who they are; the account itself stays, and is empty",
    "socialaccount.SocialAccount": "the same",
    "networks.CommunityNote": "what was written",
    "networks.Correction": "who said it; later texts of the brand are read with it",
    "networks.Defence": "who blocked or reported somebody",
    "networks.Erasure": "who asked for it",
    "networks.Moderation": "whose verdict it was",
    "networks.Objection": "who noted it",
    "organisation.SecondStepRule": "who made it",
    "organisation.Webhook": "who made it; it is the brand's, and calls on until an owner switches it off",
    "publishing.PostImport": "what was done",
    "publishing.ShortLink": "who made it",
    "inbox.Assignment": "what was done",
    "inbox.Bulk": "what was done",
    "inbox.Case": "who handed it over",
    "inbox.Closure": "what was done",
    "inbox.ServiceDesk": "who made it",
    "inbox.Clerk": "what they can: dropped by the inbox when it hears WorkEnded",
    "inbox.Draft": "what was not sent: dropped by the inbox when it hears WorkEnded",
    "inbox.Enclosure": "the same as a draft",
    "publishing.Unkept": "what was not kept: dropped by publishing when it hears WorkEnded",
    "inbox.Handle": "who noted it",
    "inbox.PersonNote": "what was written",
    "inbox.PersonTag": "what was done",
    "inbox.Promise": "what was promised: the brand still owes it",
    "inbox.Lock": "the same, and it lapses by itself",
    "inbox.Follow": "what they wanted to hear of: dropped by the inbox when it hears WorkEnded",
    "inbox.Merge": "what was done",
    "inbox.Note": "what was written",
    "inbox.Pause": "what was done",
    "inbox.Presence": "the same as a lock",
    "inbox.QueueMember": "where they worked: dropped by the inbox when it hears WorkEnded",
    "inbox.Reading": "what was seen",
    "inbox.Release": "what was done; one of somebody who left answers nobody more",
    "inbox.Reply": "what was written",
    "inbox.Rule": "who changed it last; it is the brand's",
    "inbox.SavedReply": "the brand's stay; one's own are dropped by the inbox when it hears WorkEnded",
    "inbox.Tagging": "what was done",
    "inbox.View": "what they searched for: shared ones stay, their own are seen by nobody else",
    "inbox.Thread": "who has it: given back by the inbox when it hears WorkEnded",
    "listening.Backtest": "who asked",
    "listening.EventTag": "who moved an event to it",
    "listening.Follower": "whom alerts are told, as long as they work here",
    "listening.Judgement": "who said what an alert was",
    "listening.Exploration": "what they asked for: shared ones stay, their own are seen by nobody else",
    "listening.Version": "who wrote it",
    "networks.Delivery": "what was sent",
    "networks.Hold": "what was stopped",
    "networks.SetAside": "what was done",
    "organisation.Alarm": "who called, and who took it",
    "organisation.AlarmCall": "who was called",
    "organisation.AuditEntry": "what was done",
    "organisation.Brand": "who archived it",
    "organisation.CompanyDomain": "who named it; it lets others ask, not its author in",
    "organisation.Departure": "who left",
    "organisation.Hours": "who set them",
    "measurement.Heard": "who answered",
    "measurement.PeopleFigures": "who switched it on",
    "publishing.Approval": "who decided",
    "publishing.Asset": "who brought it",
    "publishing.Permission": "who asked, and who wrote the answer down",
    "publishing.CalendarFeed": "what they read by: their role is looked at each time it is",
    "publishing.DayNote": "what was written",
    "publishing.Evergreen": "who wanted it said again; the brand goes on",
    "publishing.FoundPiece": "who found it",
    "publishing.Remark": "what was written",
    "publishing.Post": "who wrote it; it is the brand's",
}
"""What points at a person and opens no door by itself, each with its reason."""


@pytest.fixture
def verdier() -> House:
    return house()


@pytest.fixture
def revoked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The streams that were closed."""
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(leaving, "revoke", lambda *whose: told.append(whose))
    return told


def test_everything_that_points_at_a_person_is_ended_or_opens_no_door() -> None:
    """A new model with a person in it fails here: say in `leaving.KINDS` how it ends, or above why it opens nothing."""
    pointing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False) and getattr(field, "related_model", None) is User
    }
    ended = {label for kind in leaving.KINDS for label in kind.held_by}
    assert ended <= {model._meta.label for model in apps.get_models()}, "no such model"
    forgotten = pointing - ended - set(NO_ACCESS)
    assert forgotten == set(), "neither ended there nor known to open no door"


def test_members_are_made_by_brands_alone() -> None:
    """Nobody is let in or out past the verbs of `Brand`, which write it down and end what has to end."""
    root = Path(comptoir.__file__).parent
    past = {
        f"{path.relative_to(root)}:{node.lineno}"
        for path in root.rglob("*.py")
        if not {"tests", "bench"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(
            (
                "Membership.objects.create",
                "Membership.objects.bulk_create",
                "memberships.create",
                "Brand.objects.create",
            )
        )
    }
    assert past == set()


def test_the_last_brand_takes_every_way_in_along(verdier: House, revoked: list[tuple[Any, ...]]) -> None:
    manager, owner = verdier.people["manager"], verdier.people["owner"]
    devices = [browser(manager), browser(manager)]
    assert [device.get(verdier.url()).status_code for device in devices] == [200, 200]
    link = SignInLink.issue(manager)
    manager.devices.create(endpoint="https://push.example/1", keys=b"")
    Notice.post(verdier.brand.pk, "note_mention", "thread:1", to=manager.pk)
    Invitation.make(verdier.brand, "new@x.example", "reader", manager)
    verdier.brand.dismiss(manager, by=owner)
    for device in devices:
        assert device.get(verdier.url())["Location"].startswith("/account/login/")
        assert device.get("/live-token/").status_code == 401
    assert Client().post(f"/owner/{link}/").status_code == 410
    assert not Invitation.objects.of(verdier.brand).open().exists()
    assert revoked == [(manager.pk, verdier.brand.pk), (manager.pk,)]
    assert not manager.devices.exists()
    assert not Notice.objects.of(verdier.brand).filter(settled_at=None).exists()
    assert Departure.objects.get(user=manager).by == owner
    assert (
        not AuditEntry.objects.of(verdier.brand)
        .filter(what="invitation_withdrawn")
        .exclude(user=owner)
        .exists()
    )


def test_another_brand_or_an_open_request_keeps_the_sessions(
    verdier: House, revoked: list[tuple[Any, ...]]
) -> None:
    agent, reader = verdier.people["agent"], verdier.people["reader"]
    second = Brand.make("Second", verdier.people["owner"])
    second.admit(agent, "reader")
    JoinRequest.ask(reader, second)
    clients = [browser(agent), browser(reader)]
    for user in (agent, reader):
        verdier.brand.dismiss(user)
    assert clients[0].get("/b/second/threads/").status_code == 200
    assert "You have asked to join" in clients[1].get("/").content.decode()
    assert revoked == [(agent.pk, verdier.brand.pk), (reader.pk, verdier.brand.pk)]


def test_who_comes_back_signs_in_again(verdier: House) -> None:
    agent = verdier.people["agent"]
    old = browser(agent)
    verdier.brand.dismiss(agent)
    verdier.brand.admit(User.objects.get(pk=agent.pk), "agent")
    assert old.get(verdier.url()).status_code == 302, "what was ended stays ended"
    fresh = browser(User.objects.get(pk=agent.pk))
    assert fresh.get(verdier.url()).status_code == 200


def test_a_lower_role_closes_streams_and_keeps_the_session(
    verdier: House, revoked: list[tuple[Any, ...]]
) -> None:
    agent = verdier.people["agent"]
    client = browser(agent)
    verdier.brand.admit(agent, "reader", by=verdier.people["owner"])
    assert revoked == [(agent.pk, verdier.brand.pk)]
    assert client.get(verdier.url()).status_code == 200
    assert client.post(verdier.url("1/notes/"), {"text": "x"}).status_code == 403
    assert _ended() == [(verdier.brand.pk, agent.pk)]
    verdier.brand.admit(agent, "manager")
    assert _ended() == [(verdier.brand.pk, agent.pk)], "more right gives nothing back"


def _ended() -> list[tuple[int, int]]:
    told = ProcrastinateJob.objects.filter(task_name="comptoir.inbox.jobs.work_ended").order_by("pk")
    return [(job.args["brand_id"], job.args["user_id"]) for job in told]


def _work_ended(by: User | None = None) -> None:
    """Do the inbox's jobs, each of them twice."""
    for job in ProcrastinateJob.objects.filter(task_name="comptoir.inbox.jobs.work_ended").order_by("pk"):
        for _twice in range(2):
            jobs.work_ended.func(**job.args)


@pytest.mark.parametrize("how", ["dismissed", "reads only", "switched off"])
def test_their_threads_go_back_to_nobody_with_a_trace(verdier: House, how: str) -> None:
    agent, owner = verdier.people["agent"], verdier.people["owner"]
    hear(verdier.channel, [said("m1"), said("m2", by=1)])
    opened, closed = list(Thread.objects.of(verdier.brand).order_by("pk"))
    for thread in (opened, closed):
        thread.assign(agent, agent)
    closed.close(owner)
    if how == "dismissed":
        verdier.brand.dismiss(agent, by=owner)
    elif how == "reads only":
        verdier.brand.admit(agent, "reader", by=owner)
    else:
        assert leaving.switch_off(agent, by=owner)
    _work_ended()
    assert not Thread.objects.of(verdier.brand).filter(assignee=agent).exists()
    trace = Assignment.objects.filter(to=None).order_by("pk")
    assert [(act.thread, act.by, act.before) for act in trace] == [
        (opened, owner, agent),
        (closed, owner, agent),
    ]
    assert AuditEntry.objects.of(verdier.brand).filter(what="unassigned", user=owner).count() == 2
    page = browser(owner).get(verdier.url(f"{opened.pk}/")).content.decode()
    assert "Owner gave it to nobody" in page


def test_who_was_let_back_in_meanwhile_keeps_the_threads(verdier: House) -> None:
    agent = verdier.people["agent"]
    hear(verdier.channel, [said("m1")])
    verdier.thread().assign(agent, agent)
    verdier.brand.dismiss(agent)
    verdier.brand.admit(agent, "agent")
    _work_ended()
    assert verdier.thread().assignee == agent


def test_an_account_is_switched_off_and_on(verdier: House) -> None:
    agent, second = verdier.people["agent"], house("second").brand
    second.admit(agent, "manager")
    Invitation.make(second, "new@x.example", "reader", agent)
    client = browser(agent)
    assert leaving.switch_off(agent)
    assert not leaving.switch_off(agent)
    page = client.get(verdier.url(), follow=True)
    assert "Your account is switched off." in page.content.decode()
    assert not Invitation.objects.of(second).open().exists()
    assert leaving.switch_on(agent)
    assert not leaving.switch_on(agent)
    assert client.get(verdier.url()).status_code == 302
    assert browser(User.objects.get(pk=agent.pk)).get(verdier.url()).status_code == 200
    with pytest.raises(LastOwner):
        leaving.switch_off(verdier.people["owner"])
