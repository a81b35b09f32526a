"""An answer whose worker is killed at any step reaches its reader once at most; where nobody can tell, it says so."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from comptoir.kernel import clock
from comptoir.kernel.tests.waiting import until
from comptoir.networks.fetching import fetch
from comptoir.networks.models import Activity, Delivery
from comptoir.networks.sending import send
from tests.beside import running, start
from tests.mail.conftest import Office
from tests.servers.correspondent import words

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = {
    "before-offer": ("sent", 1),
    "after-offer": ("sent", 1),
    "after-draft": ("uncertain", 0),
    "after-taken": ("uncertain", 1),
    "after-copy": ("sent", 1),
    "before-commit": ("sent", 1),
}
"""What becomes of the answer, and how often it reaches its reader. Between draft and copy nobody can tell."""


def test_killed_at_each_step_and_taken_up_again(office: Office, allowed: list[str]) -> None:
    office.channel.refresh_from_db()
    fetch(office.channel)
    deliveries = {step: _killed(office, step, allowed) for step in STEPS}
    rows = Delivery.objects.of(office.channel.brand_id)
    assert set(rows.values_list("state", flat=True)) == {"sending"}
    rows.update(claimed_at=clock.now() - timedelta(hours=1))
    with running("comptoir.command.main", "worker", allowed=allowed, WORKER_DEAD_AFTER="6"):
        until(lambda: not rows.filter(state__in=["sending", "waiting"]).exists(), 90, "every answer's fate")
    arrived = [words(mail) for mail in office.stranger.all()]
    found = {
        step: (rows.get(pk=delivery.pk).state, arrived.count(f"answer after {step}"))
        for step, delivery in deliveries.items()
    }
    assert found == STEPS
    drafts = sorted(words(mail) for mail in office.brand.all("Drafts"))
    assert drafts == ["answer after after-draft", "answer after after-taken"]
    assert len(office.brand.all("Gone")) == 4
    _settled_by_a_person(office, deliveries, allowed)


def _killed(office: Office, step: str, allowed: list[str]) -> Delivery:
    said = office.stranger.write(office.address, f"Question {step}", "Is anybody there?")
    office.brand.receives(said)
    office.channel.refresh_from_db()
    fetch(office.channel)
    target = Activity.objects.of(office.channel.brand_id).get(title=f"Question {step}")
    delivery = send(office.channel, f"answer after {step}", target=target)
    worker = start("tests.mail.dying", step, allowed=allowed, WORKER_DEAD_AFTER="600")
    assert worker.wait(60) == -signal.SIGKILL
    # The next one to die must not take this one up on its way.
    Delivery.objects.everywhere().filter(pk=delivery.pk).update(claimed_at=clock.now() + timedelta(hours=1))
    return delivery


def _settled_by_a_person(office: Office, deliveries: dict[str, Delivery], allowed: list[str]) -> None:
    """Who looked says: the one is there, the other is not. The other leaves, from the draft that lies there."""
    rows = Delivery.objects.of(office.channel.brand_id)
    assert rows.get(pk=deliveries["after-taken"].pk).settle(office.agent, sent=True)
    assert rows.get(pk=deliveries["after-draft"].pk).settle(office.agent, sent=False)
    with running("comptoir.command.main", "worker", allowed=allowed):
        until(lambda: rows.filter(state="sent").count() == len(STEPS), 40, "all settled")
    arrived = sorted(words(mail) for mail in office.stranger.all())
    assert arrived == sorted(f"answer after {step}" for step in STEPS)
