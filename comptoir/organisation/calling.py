"""Calling webhooks: signed, through the inside guard, tried again for about a day.

Calls of one webhook are made one after the other, in the order in which they were queued. When the receiver is not well
(no answer, 429, 5xx) it is left alone for a while and everything waits; when it refuses one call, only that one waits.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from comptoir.kernel import clock
from comptoir.kernel.http import Outside, OutsideError, Patience, Response
from comptoir.kernel.secrets import Sealed, Unreadable, column, keeps_sealed
from comptoir.organisation.models.webhook import (
    GIVEN_UP,
    WAITS,
    Webhook,
    WebhookAttempt,
    WebhookCall,
    may_be_called,
)

State = WebhookCall.State
ANSWER_MOST = 1_000
FRESH = 300
"""Seconds that a signed body which comes in may have been under way."""
EVENT_MOST = 100
_ILL = frozenset({408, 425, 429})
_LONGEST_WAIT = timedelta(hours=24)


@lru_cache(maxsize=1)
def _outside() -> Outside:
    patience = Patience(connect=5, read=10, total=15)
    return Outside(settings.INSIDE_ALLOWED, patience, max_bytes=1_000_000, agent="Comptoir-Webhook/1")


def call_all(webhook_id: int, seconds: float = 20) -> bool:
    """Make the calls of a webhook that are due, for at most so long; whether some are left that could be made now."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        webhook = Webhook.objects.everywhere().select_related("brand").filter(pk=webhook_id, on=True).first()
        now = clock.now()
        if webhook is None or webhook.brand.archived_at or (webhook.rests_until or now) > now:
            return False
        waiting = WebhookCall.objects.of(webhook.brand_id).filter(webhook=webhook, state=State.WAITING)
        waiting.filter(queued__lt=now - GIVEN_UP).update(state=State.FAILED, code="too_old")
        call = waiting.filter(due__lte=now).order_by("pk").first()
        if call is None:
            return False
        attempt(webhook, call)
    return True


def attempt(webhook: Webhook, call: WebhookCall) -> WebhookAttempt:
    """Make one call, and write down what came of it."""
    began = time.monotonic()
    answer, code = _ask(webhook, call)
    made = WebhookAttempt.objects.create(
        call=call, status=answer.status if answer else None, code=code,
        took=round((time.monotonic() - began) * 1000), answer=_words(answer) if answer else "",
    )  # fmt: skip
    mine = WebhookCall.objects.of(webhook.brand_id).filter(pk=call.pk, state=State.WAITING)
    if answer and 200 <= answer.status < 300:
        mine.update(state=State.TAKEN, tries=call.tries + 1, code="")
        webhook.took()
        return made
    after = _asked_for(answer) if answer else None
    wait = after or WAITS[min(call.tries, len(WAITS) - 1)]
    last = call.tries >= len(WAITS)
    mine.update(
        tries=call.tries + 1, code=code or f"status_{made.status}", due=clock.now() + wait,
        state=State.FAILED if last else State.WAITING,
    )  # fmt: skip
    if answer and answer.status == 410:
        webhook.give_up("gone")
    elif code == "key_missing":
        webhook.give_up(code)
    else:
        webhook.failed(ill=answer is None or answer.status in _ILL or answer.status >= 500, after=after)
    return made


def _ask(webhook: Webhook, call: WebhookCall) -> tuple[Response | None, str]:
    """The receiver's answer, or why there is none."""
    try:
        secrets = webhook.secrets()
    except Unreadable:
        return None, "key_missing"
    return post_signed(webhook.address, secrets, call.event, body_of(webhook, call))


def post_signed(address: str, secrets: list[str], event: str, body: bytes) -> tuple[Response | None, str]:
    """Post a signed body to an address that somebody gave us: the answer, or why there is none. `event` is its name on
    every try."""
    if not may_be_called(address):
        return None, "not_https"
    try:
        headers = signed(secrets, event, int(clock.now().timestamp()), body)
        return _outside().request("POST", address, content=body, headers=headers), ""
    except OutsideError as fault:
        return None, fault.code


def is_signed(secrets: list[str], headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a body that came in was signed with one of these secrets, as we sign ours, within the last minutes."""
    event, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    fresh = at.isascii() and at.isdigit() and len(at) < 12 and abs(clock.now().timestamp() - int(at)) < FRESH
    if not fresh or not event or len(event) > EVENT_MOST:
        return False
    right = signed(secrets, event, int(at), body)["webhook-signature"].split()
    given = headers.get("webhook-signature", "").split()[:10]
    return any(
        hmac.compare_digest(one.encode(), other.encode(errors="replace")) for one in right for other in given
    )


def body_of(webhook: Webhook, call: WebhookCall) -> bytes:
    """What is sent: the same bytes at every try."""
    said = {
        "id": call.event,
        "type": call.kind,
        "timestamp": call.at.isoformat().replace("+00:00", "Z"),
        "brand": webhook.brand.slug,
        "data": call.data,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signed(secrets: list[str], event: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a call, as the Standard Webhooks have them: a signature by each secret that stands."""
    content = f"{event}.{timestamp}.".encode() + body
    keys = (b64decode(secret.removeprefix("whsec_")) for secret in secrets)
    made = (b64encode(hmac.new(key, content, sha256).digest()).decode() for key in keys)
    return {
        "Content-Type": "application/json",
        "webhook-id": event,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in made),
    }


def _words(answer: Response) -> str:
    """The beginning of an answer, as far as it is text that can be kept."""
    text = answer.text[:ANSWER_MOST]
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)


def _asked_for(answer: Response) -> timedelta | None:
    """How long the receiver wants to be left alone, if it said so in seconds."""
    given = answer.headers.get("retry-after", "").strip()
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        return None
    return max(timedelta(seconds=1), min(_LONGEST_WAIT, timedelta(seconds=int(given))))


@keeps_sealed
def webhook_secrets() -> Iterator[Sealed]:
    """What signs the calls."""
    for name in ("sealed", "sealed_before"):
        yield from column(Webhook.objects.everywhere(), name, lambda webhook: f"webhook to {webhook.place}")
