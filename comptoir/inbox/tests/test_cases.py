"""Cases: handed over once, by mail or to a program, and what came of it comes back into the thread."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection

from comptoir.inbox import casework, jobs
from comptoir.inbox.models import Case, Note, ServiceDesk
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.kernel import clock
from comptoir.kernel.restored import leaving, steps
from comptoir.networks.models import Channel
from comptoir.organisation import calling
from comptoir.organisation.calling import signed
from comptoir.organisation.models import AuditEntry, Notice, Webhook, WebhookCall
from comptoir.organisation.models.webhook import EVENTS
from comptoir.organisation.tests.receiving import Receiver, receiver

pytestmark = pytest.mark.django_db
OUTCOME = {"text": "Refunded, the parcel is found.", "theirs": "SAV-77", "done": "on", "key": "a" * 32}


@pytest.fixture
def ours() -> House:
    made = house()
    hear(made.channel, [said("m1", "My parcel is lost."), said("m2", "Forget this one.", in_reply_to="m1")])
    return made


@pytest.fixture
def program(settings: Any) -> Iterator[Receiver]:
    with receiver() as there:
        settings.INSIDE_ALLOWED = frozenset({there.place})
        calling._outside.cache_clear()
        yield there
    calling._outside.cache_clear()


def by_mail(ours: House, **more: Any) -> ServiceDesk:
    owner = ours.people["owner"]
    return ServiceDesk.make(ours.brand, "After sales", "mail", "sav@desk.example", owner, **more)[0]


def to_program(ours: House, there: Receiver) -> tuple[ServiceDesk, str]:
    return ServiceDesk.make(ours.brand, "After sales", "program", there.address, ours.people["owner"])


def hand(ours: House, desk: ServiceDesk, **more: Any) -> Case:
    given: dict[str, Any] = {"note": "Lost at Orléans.", "key": "b" * 32, **more}
    return Case.hand_over(ours.thread(), desk, ours.people["agent"], **given)


def send(case: Case) -> Case:
    """The job, twice as always."""
    for _n in range(2):
        jobs.send_case.func(case_id=case.pk)
    return again(case)


def again(case: Case) -> Case:
    return Case.objects.of(case.brand_id).select_related("desk", "thread", "brand").get(pk=case.pk)


def link_in(body: object) -> str:
    return next(line for line in str(body).split() if "/case/" in line).partition("8000")[2]


def test_a_case_is_mailed_once_with_what_was_chosen(ours: House) -> None:
    first = ours.thread().entries.order_by("pk")[0]
    case = hand(ours, by_mail(ours), messages=[first.pk], contact="+33 6 00", consent="by private message")
    assert hand(ours, case.desk) == case
    assert send(case).state == "sent"
    [letter] = mail.outbox
    assert letter.to == ["sav@desk.example"]
    assert f"[1-{case.code}] Maison Verdier: a case for you" == letter.subject
    for words in ("My parcel is lost.", "Lost at Orléans.", "+33 6 00", "They agreed: by private message"):
        assert words in letter.body
    assert "Forget this one." not in letter.body
    assert ours.thread().waits == "colleague"
    assert AuditEntry.objects.of(ours.brand).filter(what="case_handed").count() == 1


def test_contact_goes_nowhere_without_consent(ours: House) -> None:
    with pytest.raises(ValueError, match="consent"):
        hand(ours, by_mail(ours), contact="+33 6 00")


def test_what_was_taken_back_since_is_not_passed_on(ours: House) -> None:
    case = hand(ours, by_mail(ours), messages=ours.thread().entries.values_list("pk", flat=True))
    hear(ours.channel, [said("m1", "", deleted=True)])
    send(case)
    assert "My parcel" not in mail.outbox[0].body


def test_the_link_brings_the_outcome_back_once(ours: House) -> None:
    Webhook.make(ours.brand, "https://example.org/hook", EVENTS, ours.people["owner"])
    case = send(hand(ours, by_mail(ours)))
    url = link_in(mail.outbox[0].body)
    stranger = browser()
    page = stranger.get(url)
    assert page.status_code == 200
    assert not page.cookies
    assert "Lost at Orléans." in page.content.decode()
    assert again(case).answered_at is None
    for _n in range(2):
        assert "have your answer" in stranger.post(url, OUTCOME).content.decode()
    case = again(case)
    assert (case.theirs, case.done_at is not None) == ("SAV-77", True)
    [note] = Note.objects.filter(thread=ours.thread())
    assert (note.text, note.said_as, note.author) == (OUTCOME["text"], "After sales", None)
    assert ours.thread().waits == ""
    told = Notice.objects.of(ours.brand).get(code="case_answered")
    assert (told.to, told.about) == (ours.people["agent"], f"thread:{ours.thread().pk}")
    calls = WebhookCall.objects.of(ours.brand).filter(kind__startswith="case").order_by("pk")
    assert [call.kind for call in calls] == ["case.handed", "case.answered"]
    shown = browser(ours.people["agent"]).get(ours.url(f"{ours.thread().pk}/")).content.decode()
    assert "Agent handed it to After sales as case 1 (theirs: SAV-77)" in shown
    assert OUTCOME["text"] in shown


def test_a_closed_thread_opens_when_customer_service_answers(ours: House) -> None:
    case = send(hand(ours, by_mail(ours)))
    ours.thread().close(ours.people["agent"])
    assert again(case).bring_back("Done.", "x")
    assert ours.thread().is_open


def test_an_answer_follows_a_thread_that_was_merged(ours: House) -> None:
    from comptoir.inbox.models import merging

    case = send(hand(ours, by_mail(ours)))
    old = case.thread
    hear(ours.channel, [said("other", by=0)])
    merging.merge(old, ours.thread(), ours.people["agent"])
    again(case).bring_back("Done.", "x")
    assert Note.objects.get().thread == ours.thread() != old


def test_links_expire_and_strange_ones_open_nothing(ours: House) -> None:
    send(hand(ours, by_mail(ours)))
    url = link_in(mail.outbox[0].body)
    assert browser().get("/case/strange/").status_code == 410
    with time_machine.travel(clock.now() + timedelta(days=91)):
        assert browser().post(url, OUTCOME).status_code == 410
    assert browser().post(url, {**OUTCOME, "text": " "}).status_code == 422
    for n in range(25):
        answer = browser().post(url, {**OUTCOME, "key": f"{n:032x}"})
    assert answer.status_code == 422
    assert Note.objects.count() == 20


def test_a_program_gets_a_signed_case_and_answers_signed(ours: House, program: Receiver) -> None:
    desk, secret = to_program(ours, program)
    program.answers = [(200, {}, b'{"number": "T-9\\u0000"}')]
    case = send(hand(ours, desk, messages=[ours.thread().entries.order_by("pk")[0].pk]))
    [call] = program.calls
    assert call.headers["webhook-id"] == case.sending
    assert calling.is_signed([secret], call.headers, call.body)
    assert call.said["data"]["messages"][0]["text"] == "My parcel is lost."
    assert call.said["data"]["case"] == case.number == 1
    assert (case.state, case.theirs) == ("sent", "T-9")
    back = call.said["data"]["answer"].partition("8000")[2]
    body = json.dumps({"case": 1, "text": "It is found.", "number": "T-10", "done": False}).encode()
    headers = signed([secret], "evt1", int(clock.now().timestamp()), body)
    answers = [browser().post(back, body, "application/json", headers=headers).json() for _n in range(2)]
    assert answers == [{"new": True}, {"new": False}]
    case = again(case)
    assert (case.theirs, case.answered_at is not None, case.done_at) == ("T-10", True, None)
    assert Note.objects.get().text == "It is found."


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"secret": "whsec_AAAA"}, 403),
        ({"at": -301}, 403),
        ({"said": {"case": 2, "text": "x"}}, 404),
        ({"said": {"case": "1", "text": "x"}}, 422),
        ({"said": {"case": 1, "text": " "}}, 422),
        ({"said": ["case"]}, 422),
        ({"event": ""}, 403),
    ],
)
def test_what_is_not_signed_rightly_or_says_nothing_is_refused(
    ours: House, program: Receiver, change: dict[str, Any], status: int
) -> None:
    desk, secret = to_program(ours, program)
    hand(ours, desk)
    body = json.dumps(change.get("said", {"case": 1, "text": "x"})).encode()
    at = int(clock.now().timestamp()) + change.get("at", 0)
    headers = signed([change.get("secret", secret)], change.get("event", "evt"), at, body)
    answer = browser().post(f"/desks/{desk.pk}/outcomes/", body, "application/json", headers=headers)
    assert answer.status_code == status
    assert not Note.objects.exists()


def test_a_desk_answers_for_its_own_cases_alone(ours: House, program: Receiver) -> None:
    case = hand(ours, by_mail(ours))
    desk, secret = ServiceDesk.make(ours.brand, "Other", "program", program.address, ours.people["owner"])
    body = json.dumps({"case": case.number, "text": "x"}).encode()
    headers = signed([secret], "evt", int(clock.now().timestamp()), body)
    assert (
        browser().post(f"/desks/{desk.pk}/outcomes/", body, "application/json", headers=headers).status_code
        == 404
    )
    assert (
        browser()
        .post(f"/desks/{case.desk_id}/outcomes/", body, "application/json", headers=headers)
        .status_code
        == 403
    )


def test_a_program_that_is_not_well_is_tried_again_under_one_name(ours: House, program: Receiver) -> None:
    program.will(503, 200)
    case = send(hand(ours, to_program(ours, program)[0]))
    assert (case.state, case.reason, len(program.calls)) == ("waiting", "status_503", 1)
    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        assert casework.due_cases() == [case.pk]
        assert send(case).state == "sent"
    assert len({call.headers["webhook-id"] for call in program.calls}) == 1


def test_a_program_that_refuses_is_told_to_whoever_handed_it_over(ours: House, program: Receiver) -> None:
    program.will(404)
    case = send(hand(ours, to_program(ours, program)[0]))
    assert (case.state, case.reason) == ("failed", "status_404")
    assert Notice.objects.of(ours.brand).get(code="case_stuck", settled_at=None).to == ours.people["agent"]
    program.will(200)
    sending = case.sending
    assert case.settle(False, ours.people["agent"])
    assert send(case).state == "sent"
    assert again(case).sending == sending
    assert not again(case).settle(False, ours.people["agent"])
    assert not Notice.objects.of(ours.brand).filter(code="case_stuck", settled_at=None).exists()


def test_an_answer_shows_that_a_stuck_case_had_arrived(ours: House, program: Receiver) -> None:
    program.will(404)
    case = send(hand(ours, to_program(ours, program)[0]))
    assert case.bring_back("We have it, the bag is found.", "1")
    assert (again(case).state, again(case).reason) == ("sent", "")
    assert not Notice.objects.of(ours.brand).filter(code="case_stuck", settled_at=None).exists()


def test_an_address_inside_is_not_called(ours: House, program: Receiver, settings: Any) -> None:
    desk, _secret = to_program(ours, program)
    ServiceDesk.objects.of(ours.brand).update(address="https://127.0.0.1:9/")
    settings.INSIDE_ALLOWED = frozenset()
    calling._outside.cache_clear()
    assert send(hand(ours, desk)).reason == "inside"
    assert program.calls == []


@pytest.mark.parametrize(("way", "state"), [("mail", "uncertain"), ("program", "waiting")])
def test_what_a_dead_worker_left(ours: House, program: Receiver, way: str, state: str) -> None:
    case = hand(ours, by_mail(ours) if way == "mail" else to_program(ours, program)[0])
    Case.objects.of(ours.brand).update(state="sending", claimed_at=clock.now() - timedelta(minutes=6))
    casework.due_cases()
    assert again(case).state == state
    if way == "mail":
        send(case)
        assert mail.outbox == []
        assert again(case).settle(True, ours.people["agent"])
        assert again(case).state == "sent"


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError()])
def test_a_line_that_breaks_leaves_a_mail_uncertain(
    ours: House, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def broken(*_args: Any) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", broken)
    case = send(hand(ours, by_mail(ours)))
    assert case.state == "uncertain"


def test_a_second_mail_has_a_name_of_its_own(ours: House) -> None:
    case = send(hand(ours, by_mail(ours)))
    Case.objects.of(ours.brand).update(state="uncertain")
    again(case).settle(False, ours.people["agent"])
    send(case)
    one, other = (letter.message()["Message-ID"] for letter in mail.outbox)
    assert one != other


def test_a_mail_from_the_desk_with_the_code_is_an_answer(ours: House) -> None:
    box = Channel.objects.of(ours.brand).get()
    case = send(hand(ours, by_mail(ours, answers=box)))
    assert mail.outbox[0].reply_to == [box.handle]
    subject = f"Re: [1-{case.code}] a case for you"
    desk = said("desk").actor
    theirs = desk.__class__("jane", "jane@desk.example", "Jane")
    fan = desk.__class__("fan", "fan@fan.example", "Fan")
    hear(box, [
        said("a1", "It is found.", 3, actor=theirs, title=subject),
        said("a2", "Out of office", 2, actor=theirs, title=subject, automatic="reply"),
        said("a3", "I am the desk", 1, actor=fan, title=subject),
        said("a4", "No code", 1, actor=theirs, title="Re: [1-0000000000] a case"),
    ])  # fmt: skip
    [note] = Note.objects.filter(remark__startswith="case:")
    assert (note.thread, note.text, note.said_as) == (case.thread, "It is found.", "After sales")
    assert case.thread != ours.thread()
    closed = [entry.thread.closed_at is not None for entry in _entries(box, "a1", "a3", "a4")]
    assert closed == [True, False, False]


def _entries(box: Channel, *names: str) -> list[Any]:
    from comptoir.inbox.models import Entry

    return [Entry.objects.get(activity__remote_id__endswith=name) for name in names]


def test_nothing_comes_back_with_a_backup(ours: House) -> None:
    case = hand(ours, by_mail(ours))
    assert jobs.send_case.name in leaving
    assert casework.cases_under_way in steps
    assert len(list(casework.cases_under_way(clock.now()))) == 1
    send(case)
    assert again(case).reason == "restored"
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one(program: Receiver) -> None:
    made = house()
    hear(made.channel, [said("m1")])
    case = hand(made, to_program(made, program)[0])

    def work() -> None:
        casework.send(case.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(program.calls) == 1
    assert again(case).state == "sent"
