"""Webhooks: what is told, signed, tried again, given up, and never to the inside."""

from __future__ import annotations

import hmac
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.kernel import clock
from comptoir.kernel.secrets import places, seal
from comptoir.organisation import calling
from comptoir.organisation.announcing import announce, send_test
from comptoir.organisation.calling import call_all
from comptoir.organisation.jobs import call_webhooks
from comptoir.organisation.models import (
    AuditEntry,
    Brand,
    Membership,
    Notice,
    TooManyWebhooks,
    User,
    Webhook,
    WebhookAttempt,
    WebhookCall,
)
from comptoir.organisation.models.webhook import EVENTS, WAITS, may_be_called
from comptoir.organisation.programs.keeping import calls_under_way, forget_calls
from comptoir.organisation.tests.receiving import Receiver, receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(settings: Any) -> Iterator[Receiver]:
    with receiver() as found:
        settings.INSIDE_ALLOWED = frozenset({found.place})
        calling._outside.cache_clear()
        yield found
    calling._outside.cache_clear()


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(name="Maison Verdier", slug="verdier")


@pytest.fixture
def boss(brand: Brand) -> User:
    user = User.objects.create_user("boss@verdier.example", name="Boss")
    Membership.objects.create(user=user, brand=brand, role="owner")
    return user


@pytest.fixture
def hook(brand: Brand, boss: User, there: Receiver) -> Webhook:
    return Webhook.make(brand, there.address, EVENTS, boss)[0]


def calls(hook: Webhook) -> Any:
    return WebhookCall.objects.of(hook.brand_id).filter(webhook=hook).order_by("pk")


def is_signed(secret: str, taken: Any) -> bool:
    """As docs/webhooks.md has it."""
    said = f"{taken.headers['webhook-id']}.{taken.headers['webhook-timestamp']}.".encode() + taken.body
    mine = b64encode(hmac.new(b64decode(secret.removeprefix("whsec_")), said, sha256).digest()).decode()
    given = [each.partition(",")[2] for each in taken.headers["webhook-signature"].split()]
    return any(hmac.compare_digest(mine, each) for each in given)


def test_what_is_announced_is_told_signed_and_written_down(brand: Brand, boss: User, there: Receiver) -> None:
    hook, secret = Webhook.make(brand, there.address, ["thread.closed"], boss)
    announce(brand.pk, "thread.closed", threads=[7], by=boss.pk)
    announce(brand.pk, "thread.opened", threads=[8])
    assert not call_all(hook.pk)
    [taken] = there.calls
    assert taken.path == "/hook?token=theirs"
    assert taken.said == {
        "id": taken.headers["webhook-id"], "type": "thread.closed", "brand": "verdier",
        "timestamp": taken.said["timestamp"], "data": {"threads": [7], "by": boss.pk},
    }  # fmt: skip
    assert is_signed(secret, taken)
    assert not is_signed(Webhook.make(brand, there.address, [], boss)[1], taken)
    assert abs(int(taken.headers["webhook-timestamp"]) - clock.now().timestamp()) < 5
    call = calls(hook).get()
    assert (call.state, call.tries) == ("taken", 1)
    attempt = WebhookAttempt.objects.get(call=call)
    assert (attempt.status, attempt.answer) == (200, "thanks")


def test_a_rollback_tells_nothing_and_a_commit_has_its_job(brand: Brand, hook: Webhook) -> None:
    with transaction.atomic():
        announce(brand.pk, "thread.closed", threads=[1])
        transaction.set_rollback(True)
    assert not calls(hook).exists()
    announce(brand.pk, "thread.closed", threads=[1])
    job = ProcrastinateJob.objects.get(task_name="comptoir.organisation.jobs.call_webhook")
    assert (job.args, job.lock) == ({"webhook_id": hook.pk}, f"webhook:{hook.pk}")


def test_a_batch_is_one_call_and_one_name_for_all_webhooks(brand: Brand, boss: User, hook: Webhook) -> None:
    other, _secret = Webhook.make(brand, hook.address, ["message.received"], boss)
    announce(brand.pk, "message.received", messages=[{"id": n} for n in range(500)])
    assert calls(hook).get().event == calls(other).get().event


def test_names_sort_as_events_happened(brand: Brand, hook: Webhook) -> None:
    for n in range(20):
        announce(brand.pk, "thread.closed", threads=[n])
    names = list(calls(hook).values_list("event", flat=True))
    assert names == sorted(names)
    assert len(set(names)) == 20


def test_other_brands_hear_nothing(hook: Webhook) -> None:
    announce(Brand.objects.create(name="O", slug="o").pk, "thread.closed", threads=[1])
    assert not calls(hook).exists()


def test_a_call_twice_says_the_same_under_the_same_name(brand: Brand, hook: Webhook, there: Receiver) -> None:
    announce(brand.pk, "thread.closed", threads=[1])
    call = calls(hook).get()
    calling.attempt(hook, call)
    calling.attempt(hook, call)
    first, second = there.calls
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_a_receiver_that_is_not_well_is_left_alone_longer_each_time(
    brand: Brand, hook: Webhook, there: Receiver
) -> None:
    there.will(500, 502, 200)
    with time_machine.travel(clock.now(), tick=False) as moment:
        for n in range(3):
            announce(brand.pk, "thread.closed", threads=[n])
        assert not call_all(hook.pk)
        assert len(there.calls) == 1
        call_all(hook.pk)
        assert len(there.calls) == 1
        moment.shift(WAITS[0])
        call_all(hook.pk)
        assert len(there.calls) == 2
        moment.shift(WAITS[0])
        call_all(hook.pk)
        assert len(there.calls) == 2
        moment.shift(WAITS[1])
        call_all(hook.pk)
    assert [taken.said["data"]["threads"] for taken in there.calls] == [[0], [0], [0], [1], [2]]
    assert set(calls(hook).values_list("state", flat=True)) == {"taken"}
    hook.refresh_from_db()
    assert (hook.failures, hook.failing_since) == (0, None)


def test_a_call_that_is_refused_does_not_hold_up_the_next(
    brand: Brand, hook: Webhook, there: Receiver
) -> None:
    there.will(400, 200)
    announce(brand.pk, "thread.closed", threads=[1])
    announce(brand.pk, "thread.closed", threads=[2])
    call_all(hook.pk)
    first, second = calls(hook)
    assert (first.state, first.code, second.state) == ("waiting", "status_400", "taken")


def test_a_call_is_given_up_after_a_day(brand: Brand, hook: Webhook, there: Receiver) -> None:
    there.will(400)
    announce(brand.pk, "thread.closed", threads=[1])
    announced = clock.now()
    with time_machine.travel(announced, tick=False) as moment:
        while calls(hook).get().state == "waiting":
            moment.move_to(max(clock.now(), calls(hook).get().due))
            call_all(hook.pk)
        lasted = clock.now() - announced
    assert len(there.calls) == len(WAITS) + 1
    assert timedelta(hours=23) < lasted <= timedelta(hours=24)


def test_what_waited_too_long_is_not_told_when_the_receiver_is_back(
    brand: Brand, hook: Webhook, there: Receiver
) -> None:
    announce(brand.pk, "thread.closed", threads=[1])
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        announce(brand.pk, "thread.closed", threads=[2])
        call_all(hook.pk)
    assert [taken.said["data"]["threads"] for taken in there.calls] == [[2]]
    assert calls(hook)[0].code == "too_old"


def test_a_receiver_says_when_to_come_back(brand: Brand, hook: Webhook, there: Receiver) -> None:
    there.will(429, 200, headers={"Retry-After": "120"})
    announce(brand.pk, "thread.closed", threads=[1])
    now = clock.now()
    call_all(hook.pk)
    hook.refresh_from_db()
    assert hook.rests_until is not None
    assert timedelta(seconds=119) < hook.rests_until - now < timedelta(seconds=125)


def test_after_three_days_it_is_switched_off_with_a_notice(
    brand: Brand, hook: Webhook, boss: User, there: Receiver
) -> None:
    there.will(500)
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _ in range(5):
            announce(brand.pk, "thread.closed", threads=[1])
            call_all(hook.pk)
            moment.shift(timedelta(hours=20))
    hook.refresh_from_db()
    assert (hook.on, hook.code) == (False, "nobody")
    assert Notice.objects.of(brand).get(code="webhook_off", settled_at=None).about == f"webhook:{hook.pk}"
    announce(brand.pk, "thread.closed", threads=[2])
    before = len(there.calls)
    assert not call_all(hook.pk)
    assert len(there.calls) == before
    hook.switch(True, boss)
    assert not Notice.objects.of(brand).filter(code="webhook_off", settled_at=None).exists()


def test_gone_is_gone(brand: Brand, hook: Webhook, there: Receiver) -> None:
    there.will(410)
    announce(brand.pk, "thread.closed", threads=[1])
    call_all(hook.pk)
    hook.refresh_from_db()
    assert (hook.on, hook.code) == (False, "gone")


def test_redirects_are_not_followed(brand: Brand, hook: Webhook, there: Receiver) -> None:
    there.will(302, headers={"Location": f"http://{there.place}/elsewhere"})
    announce(brand.pk, "thread.closed", threads=[1])
    call_all(hook.pk)
    assert len(there.calls) == 1
    assert calls(hook).get().code == "status_302"


def test_answers_are_kept_short_and_clean(brand: Brand, hook: Webhook, there: Receiver) -> None:
    there.will(200, body="é\x00\x1b[31m\nok".encode() + b"\xff" + b"x" * 5_000)
    announce(brand.pk, "thread.closed", threads=[1])
    call_all(hook.pk)
    answer = WebhookAttempt.objects.get().answer
    assert len(answer) == 1_000
    assert answer.startswith("é\ufffd\ufffd[31m\nok")


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3:8443/x", "https://169.254.169.254/"]
)
def test_calls_never_go_inside(brand: Brand, boss: User, address: str, settings: Any) -> None:
    settings.INSIDE_ALLOWED = frozenset()
    calling._outside.cache_clear()
    hook, _secret = Webhook.make(brand, address, EVENTS, boss)
    announce(brand.pk, "thread.closed", threads=[1])
    call_all(hook.pk)
    assert WebhookAttempt.objects.get().code == "inside"


def test_a_name_that_moves_inside_is_not_followed(
    brand: Brand, boss: User, there: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public answer at first, our own loop at the moment of the call; and never asked twice for one call."""
    settings.INSIDE_ALLOWED = frozenset()
    calling._outside.cache_clear()
    hook, _secret = Webhook.make(brand, f"https://moves.example:{there.port}/", EVENTS, boss)
    asked: list[str] = []

    def resolve(host: str, port: int, **_rest: Any) -> Any:
        asked.append(host)
        address = "93.184.216.34" if len(asked) > 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr("comptoir.kernel.inside.socket.getaddrinfo", resolve)
    announce(brand.pk, "thread.closed", threads=[1])
    call_all(hook.pk)
    assert asked == ["moves.example"]
    assert WebhookAttempt.objects.get().code == "inside"
    assert there.calls == []


def test_where_calls_may_go(settings: Any) -> None:
    settings.INSIDE_ALLOWED = frozenset({"hook.test:8080"})
    assert may_be_called("https://example.org/hook")
    assert may_be_called("http://hook.test:8080/x")
    for no in ("http://example.org/", "http://hook.test/", "ftp://example.org/", "https://u:p@example.org/", "https:///x",
               "https://example.org:99999/", "nonsense", "", "https://[::1"):  # fmt: skip
        assert not may_be_called(no), no


def test_a_plain_address_stops_being_called_when_the_host_takes_it_back(
    hook: Webhook, there: Receiver, settings: Any
) -> None:
    announce(hook.brand_id, "thread.closed", threads=[1])
    settings.INSIDE_ALLOWED = frozenset()
    call_all(hook.pk)
    assert (WebhookAttempt.objects.get().code, there.calls) == ("not_https", [])


def test_a_new_secret_signs_beside_the_old_one_for_a_day(brand: Brand, boss: User, there: Receiver) -> None:
    hook, old = Webhook.make(brand, there.address, EVENTS, boss)
    new = hook.rotate(boss)
    announce(brand.pk, "thread.closed", threads=[1])
    call_all(hook.pk)
    assert is_signed(old, there.calls[0])
    assert is_signed(new, there.calls[0])
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        announce(brand.pk, "thread.closed", threads=[2])
        call_all(hook.pk)
    assert not is_signed(old, there.calls[1])
    assert is_signed(new, there.calls[1])


def test_secrets_are_sealed_and_get_a_new_key(
    hook: Webhook, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = hook.rotate(boss)
    row = Webhook.objects.of(hook.brand_id).values_list().get(pk=hook.pk)
    assert secret not in str(row)
    kept = [each for place in places for each in place() if "webhook" in each.about]
    assert len(kept) == 2
    kept[0].keep(seal("whsec_other"))
    hook.refresh_from_db()
    assert hook.secrets()[0] == "whsec_other"


def test_without_the_key_it_is_switched_off(brand: Brand, hook: Webhook) -> None:
    Webhook.objects.of(brand).update(sealed=b"gAAAA nonsense")
    announce(brand.pk, "thread.closed", threads=[1])
    call_all(hook.pk)
    hook.refresh_from_db()
    assert (hook.on, hook.code) == (False, "key_missing")


def test_again_and_a_test(brand: Brand, hook: Webhook, boss: User, there: Receiver) -> None:
    hook.change(boss, there.address, [])
    send_test(hook, boss)
    call_all(hook.pk)
    assert there.calls[0].said["type"] == "test"
    call = calls(hook).get()
    call.again(boss)
    call_all(hook.pk)
    assert there.calls[1].headers["webhook-id"] == there.calls[0].headers["webhook-id"]
    assert WebhookAttempt.objects.filter(call=call).count() == 2
    said = AuditEntry.objects.of(brand).filter(what__startswith="webhook").order_by("pk")
    assert list(said.values_list("what", flat=True)) == [
        "webhook_made", "webhook_changed", "webhook_tested", "webhook_sent_again",
    ]  # fmt: skip


def test_the_clock_finds_what_is_due(brand: Brand, hook: Webhook, there: Receiver) -> None:
    there.will(500, 200)
    announce(brand.pk, "thread.closed", threads=[1])
    call_all(hook.pk)
    ProcrastinateJob.objects.all()._raw_delete("default")
    call_webhooks.func(timestamp=0)
    assert not Webhook.objects.of(brand).due().exists()
    with time_machine.travel(clock.now() + timedelta(seconds=11), tick=False):
        assert Webhook.objects.of(brand).due().get() == hook
        brand.archive(None)
        assert not Webhook.objects.of(brand).due().exists()


def test_calls_are_kept_for_their_time_and_do_not_leave_after_a_restore(brand: Brand, hook: Webhook) -> None:
    announce(brand.pk, "thread.closed", threads=[1])
    assert forget_calls(brand, clock.now() + timedelta(days=1), 10) == 0
    assert len(list(calls_under_way(clock.now()))) == 1
    assert calls(hook).get().code == "restored"
    assert forget_calls(brand, clock.now() + timedelta(days=1), 10) == 1


def test_no_brand_has_more_than_twenty(brand: Brand, boss: User) -> None:
    for n in range(20):
        Webhook.make(brand, f"https://example.org/{n}", [], boss)
    with pytest.raises(TooManyWebhooks):
        Webhook.make(brand, "https://example.org/", [], boss)
