"""A case by real mail: it leaves over SMTP once, the desk answers as mail programmes do, the mailbox brings it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from comptoir.inbox import jobs
from comptoir.inbox.models import Case, ServiceDesk, Thread
from comptoir.networks.fetching import fetch
from comptoir.networks.models import Activity
from tests.mail.conftest import Office
from tests.mail.cutting import cutting
from tests.servers.correspondent import Correspondent, words

pytestmark = pytest.mark.django_db(transaction=True)


def hear(office: Office) -> None:
    """What the worker does about the mailbox."""
    office.channel.refresh_from_db()
    before = set(Activity.objects.of(office.channel.brand_id).values_list("pk", flat=True))
    fetch(office.channel)
    now = set(Activity.objects.of(office.channel.brand_id).values_list("pk", flat=True))
    for _n in range(2):
        # A worker that died at the end of it leaves the job to be done again.
        jobs.gather.func(channel_id=office.channel.pk, new=sorted(now - before), changed=[])


def house_mail(office: Office, settings: LazySettings, port: int) -> None:
    """The house's own mail leaves by the exchange, as a mailbox of the brand's."""
    box = office.brand.box
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "username": box.address, "password": box.password},
        }
    }
    settings.DEFAULT_FROM_EMAIL = box.address


def handed(office: Office, desk: Correspondent) -> Case:
    """Somebody wrote; an agent hands it over."""
    office.brand.receives(office.stranger.write(office.address, "Order", "Where is it?"))
    hear(office)
    thread: Any = Thread.objects.of(office.channel.brand_id).select_related("brand").get()
    made, _secret = ServiceDesk.make(
        thread.brand, "After sales", "mail", desk.box.address, office.agent, office.channel
    )
    entries = thread.entries.values_list("pk", flat=True)
    return Case.hand_over(thread, made, office.agent, note="Lost?", messages=entries)


def sent(case: Case) -> Case:
    for _n in range(2):
        jobs.send_case.func(case_id=case.pk)
    return Case.objects.of(case.brand_id).get(pk=case.pk)


def test_there_and_back(office: Office, settings: LazySettings) -> None:
    house_mail(office, settings, office.server.smtp)
    desk = Correspondent.arrives(office.server, "sav")
    case = sent(handed(office, desk))
    assert case.state == "sent"
    letter = desk.receives(f"case-{case.sending}@brand.test")
    assert "Where is it?" in words(letter)
    assert len(desk.all()) == 1
    office.brand.receives(desk.answer(letter, "It is in Lyon.\n\nOn Monday the brand wrote:\n> Where is it?"))
    hear(office)
    hear(office)
    case = Case.objects.of(case.brand_id).select_related("thread").get(pk=case.pk)
    assert case.answered_at is not None
    [note] = case.thread.notes.all()
    assert (note.said_as, note.text) == ("After sales", "It is in Lyon.")
    assert case.thread.is_open
    others = Thread.objects.of(case.brand_id).exclude(pk=case.thread_id)
    assert all(other.closed_at for other in others)


@pytest.mark.parametrize(
    ("at", "passes_on", "state", "arrives"),
    [(b"RCPT TO", True, "uncertain", 0), (b"\r\n.\r\n", True, "uncertain", 1)],
)
def test_a_line_that_breaks_is_never_tried_again_by_itself(
    office: Office, settings: LazySettings, at: bytes, passes_on: bool, state: str, arrives: int
) -> None:
    desk = Correspondent.arrives(office.server, "sav")
    with cutting(office.server.smtp, at, passes_on) as port:
        house_mail(office, settings, port)
        case = sent(handed(office, desk))
        assert sent(case).state == state
    if arrives:
        desk.receives(f"case-{case.sending}@brand.test")
    assert len(desk.all()) == arrives


@pytest.mark.parametrize(
    ("address", "state", "reason"),
    [("refused@fan.test", "failed", "smtp_5"), ("later@fan.test", "waiting", "smtp_4")],
)
def test_what_the_server_says_is_believed(
    office: Office, settings: LazySettings, address: str, state: str, reason: str
) -> None:
    house_mail(office, settings, office.server.smtp)
    case = handed(office, Correspondent.arrives(office.server, "sav"))
    ServiceDesk.objects.of(case.brand_id).update(address=address)
    case = sent(case)
    assert (case.state, case.reason[:6]) == (state, reason)
