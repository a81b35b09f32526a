"""What becomes of an answer when the line breaks or a server says no, by the rooms' own way out."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from comptoir.networks import sending
from comptoir.networks.fetching import fetch
from comptoir.networks.models import Activity, Delivery
from comptoir.networks.outside import http
from comptoir.networks.sending import send
from tests.mail.conftest import Office
from tests.mail.cutting import cutting
from tests.servers.correspondent import words

pytestmark = pytest.mark.django_db(transaction=True)


def ordered(office: Office, reply_to: str = "") -> Delivery:
    """An answer to something that the stranger wrote, ready to leave."""
    named = {"reply_to": reply_to} if reply_to else {}
    office.brand.receives(office.stranger.write(office.address, "Question", "Anybody?", **named))
    office.channel.refresh_from_db()
    fetch(office.channel)
    target = Activity.objects.of(office.channel.brand_id).order_by("-pk").first()
    return send(office.channel, "here we are", target=target)


def attempted(delivery: Delivery) -> Delivery:
    """The same after one try, as a worker makes it."""
    fresh = Delivery.objects.everywhere().select_related("channel", "target__actor").get(pk=delivery.pk)
    sending.attempt(fresh)
    fresh.refresh_from_db()
    return fresh


@pytest.mark.parametrize(
    ("at", "passes_on", "state", "arrives"),
    [
        (b"EHLO", True, "waiting", 0),
        (b"RCPT TO", True, "waiting", 0),
        (b"DATA\r\n", False, "waiting", 0),
        (b"\r\n.\r\n", False, "uncertain", 0),
        (b"\r\n.\r\n", True, "uncertain", 1),
    ],
)
def test_a_line_that_breaks(
    office: Office, settings: LazySettings, at: bytes, passes_on: bool, state: str, arrives: int
) -> None:
    delivery = ordered(office)
    right = office.channel.settings["smtp_port"]
    with cutting(right, at, passes_on) as port:
        settings.INSIDE_ALLOWED = settings.INSIDE_ALLOWED | {f"127.0.0.1:{port}"}
        http.cache_clear()
        office.channel.adjust(smtp_port=port)
        delivery = attempted(delivery)
    assert (delivery.state, delivery.code) == (state, "unreachable" if state == "waiting" else "uncertain")
    office.channel.adjust(smtp_port=right)
    if state == "waiting":
        Delivery.objects.everywhere().update(not_before=delivery.said_at)
        assert attempted(delivery).state == "sent"
    else:
        assert attempted(delivery).state == "uncertain"
    if arrives or state == "waiting":
        key = f"{delivery.key}.comptoir@brand.test"
        assert words(office.stranger.receives(key)) == "here we are"
    assert len(office.stranger.all()) == (1 if state == "waiting" else arrives)
    assert len(office.brand.all("Drafts")) == (1 if state == "uncertain" else 0)


@pytest.mark.parametrize(
    ("to", "state", "code", "said"),
    [
        ("refused@fan.test", "refused", "recipient_refused", "no such luck"),
        ("somebody@else.example", "refused", "recipient_refused", "nobody lives there"),
        ("later@fan.test", "waiting", "server_error", "not now"),
    ],
)
def test_what_a_server_says_is_kept(office: Office, to: str, state: str, code: str, said: str) -> None:
    delivery = attempted(ordered(office, reply_to=to))
    assert (delivery.state, delivery.code) == (state, code)
    assert said in delivery.facts["said"]
    assert not office.brand.all("Drafts")


def test_a_password_that_is_no_longer_right(office: Office) -> None:
    delivery = ordered(office)
    office.server.set_password(office.address, "another")
    delivery = attempted(delivery)
    assert (delivery.state, delivery.channel.state) == ("waiting", "reconnect")


def test_a_mailbox_that_cannot_keep_the_book_makes_nobody_guess(office: Office) -> None:
    """Without a folder for drafts a try that died leaves nothing to read: a person has to look."""
    delivery = ordered(office)
    office.channel.adjust(drafts="")
    Delivery.objects.everywhere().update(state="sending")
    assert attempted(delivery).state == "uncertain"
    Delivery.objects.everywhere().update(state="waiting")
    assert attempted(delivery).state == "sent"
    assert len(office.brand.all("Gone")) == 1
    Delivery.objects.everywhere().update(state="sending")
    assert attempted(delivery).state == "sent"
    assert len(office.brand.all("Gone")) == 1
