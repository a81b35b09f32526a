"""The pages of cases: desks, handing over, what is stuck."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from comptoir.inbox import jobs
from comptoir.inbox.models import Case, ServiceDesk
from comptoir.inbox.tests.building import House, browser, hear, house, said
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
DESKS, CASES = "/b/verdier/desks/", "/b/verdier/cases/"
MAIL = {"name": "After sales", "way": "mail", "address": "sav@desk.example"}


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said("m1", "My parcel is lost.")])
    return made


def body(response: Any) -> str:
    return " ".join(response.content.decode().split())


def get(verdier: House, who: str, at: str) -> str:
    return body(browser(verdier.people[who]).get(at))


def post(verdier: House, who: str, at: str, **data: Any) -> Any:
    return browser(verdier.people[who]).post(at, data, follow=True)


def handing(verdier: House) -> str:
    return verdier.url(f"{verdier.thread().pk}/cases/")


def test_managers_make_and_retire_desks(verdier: House) -> None:
    assert post(verdier, "agent", DESKS, **MAIL).status_code == 403
    assert "The desk After sales is there." in body(post(verdier, "manager", DESKS, **MAIL))
    assert "There is a desk of this name." in body(post(verdier, "manager", DESKS, **MAIL))
    desk = ServiceDesk.objects.of(verdier.brand).get()
    assert "gets no new cases" in body(post(verdier, "owner", f"{DESKS}{desk.pk}/retirement/"))
    assert "The desk After sales is there." in body(post(verdier, "manager", DESKS, **MAIL))


def test_the_secret_of_a_program_is_shown_once(verdier: House) -> None:
    answer = post(verdier, "owner", DESKS, **MAIL | {"way": "program", "address": "https://desk.example/in"})
    assert answer.status_code == 201
    secret = ServiceDesk.objects.of(verdier.brand).get().secret()
    assert secret in body(answer)
    assert secret not in get(verdier, "owner", DESKS)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"address": "sav"}, "This is no mail address."),
        ({"address": "a@b.example\nBcc: c@d.example"}, "This is no mail address."),
        ({"way": "program", "address": "http://desk.example/"}, "This is no address that begins with https"),
        ({"name": "–"}, "A name has at least a letter."),
        ({"way": "pigeon"}, "Select a valid choice."),
    ],
)
def test_desks_that_make_no_sense(verdier: House, data: dict[str, str], words: str) -> None:
    answer = post(verdier, "manager", DESKS, **MAIL | data)
    assert answer.status_code == 422
    assert words in body(answer)


def test_without_a_desk_the_way_to_one_is_shown(verdier: House) -> None:
    assert "Make a desk" in get(verdier, "manager", handing(verdier))
    assert "A manager of the brand can make one." in get(verdier, "agent", handing(verdier))


def test_an_agent_hands_a_thread_over(verdier: House) -> None:
    post(verdier, "manager", DESKS, **MAIL)
    desk = ServiceDesk.objects.of(verdier.brand).get()
    page = get(verdier, "agent", handing(verdier))
    assert "My parcel is lost." in page
    given = {"desk": desk.pk, "note": "Lost.", "contact": "06", "key": "c" * 32}
    assert "Say how they agreed" in body(post(verdier, "agent", handing(verdier), **given))
    assert not Case.objects.of(verdier.brand).exists()
    messages = [entry.pk for entry in verdier.thread().entries.all()]
    for _n in range(2):
        page = body(post(verdier, "agent", handing(verdier), **given, consent="by mail", messages=messages))
    assert "After sales gets it as case 1." in page
    assert "Agent handed it to After sales as case 1" in page
    case = Case.objects.of(verdier.brand).get()
    assert (case.messages, case.by) == (messages, verdier.people["agent"])
    assert "Leaves in a moment" in get(verdier, "reader", CASES)
    jobs.send_case.func(case_id=case.pk)
    assert "With them" in get(verdier, "reader", CASES)
    assert len(mail.outbox) == 1


def test_messages_of_other_threads_do_not_go_along(verdier: House) -> None:
    post(verdier, "manager", DESKS, **MAIL)
    other = verdier.thread().entries.get().pk
    hear(verdier.channel, [said("apart", by=7, minutes_ago=1)])
    given = {"desk": ServiceDesk.objects.of(verdier.brand).get().pk, "note": "x", "messages": [other]}
    assert post(verdier, "agent", handing(verdier), **given).status_code == 422


def test_what_is_stuck_is_settled_by_a_person(verdier: House) -> None:
    post(verdier, "manager", DESKS, **MAIL)
    desk = ServiceDesk.objects.of(verdier.brand).get()
    case = Case.hand_over(verdier.thread(), desk, verdier.people["agent"], note="x")
    Case.objects.of(verdier.brand).update(state="uncertain")
    assert "Not sure that it left" in get(verdier, "agent", CASES)
    assert "It is there" not in get(verdier, "reader", CASES)
    settling = f"{CASES}{case.pk}/settlement/"
    assert post(verdier, "reader", settling, state="there").status_code == 403
    assert "Noted." in body(post(verdier, "agent", settling, state="there"))
    assert "nothing to settle" in body(post(verdier, "agent", settling, state="again"))


def test_programs_hand_over_and_bring_back(verdier: House) -> None:
    post(verdier, "manager", DESKS, **MAIL)
    agent, reader = Program(verdier.people["agent"]), Program(verdier.people["reader"])
    [desk] = reader.get("brands/verdier/desks")["items"]
    assert (desk["name"], desk["way"]) == ("After sales", "mail")
    at = f"brands/verdier/threads/{verdier.thread().pk}/cases"
    given = {"desk": desk["id"], "note": "Lost.", "messages": [verdier.thread().entries.get().pk]}
    assert problem(agent.ask("POST", at, given | {"contact": "06"})) == "invalid"
    assert problem(agent.ask("POST", at, given | {"desk": 9_999})) == "invalid"
    made = agent.ask("POST", at, given).json()
    assert (made["number"], made["state"], made["desk"]) == (1, "waiting", desk["id"])
    here = f"brands/verdier/cases/{made['number']}"
    answers = [
        agent.ask(
            "POST", f"{here}/outcomes", {"text": "Found.", "number": "S-1"}, Idempotency_Key="k1"
        ).json()
        for _n in range(2)
    ]
    assert [answer["theirs"] for answer in answers] == ["S-1", "S-1"]
    assert verdier.thread().notes.count() == 1
    assert [each["number"] for each in reader.get("brands/verdier/cases")["items"]] == [1]
    assert reader.get(here)["done"] is not None
    assert problem(reader.ask("GET", "brands/verdier/cases/2")) == "not-found"
