"""Telling webhooks: what happens on a brand becomes a call for each that wants it, in the teller's own transaction.

A rollback leaves no call, a commit loses none. Calls carry numbers and words of the house, never what strangers wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from comptoir.kernel.acting import acting
from comptoir.kernel.asking import ask
from comptoir.organisation.audit import record
from comptoir.organisation.models.webhook import TEST, Webhook, WebhookCall, new_event

if TYPE_CHECKING:
    from comptoir.organisation.models.user import User

_WANTED = """
SELECT w.id, w.events FROM organisation_webhook w
WHERE w.brand_id = %(brand)s AND w."on" AND w.events && %(kinds)s::varchar[]
"""


class Listeners:
    """The webhooks of a brand that want one of these kinds, found in one query."""

    def __init__(self, brand_id: int, kinds: Iterable[str]) -> None:
        rows = ask(_WANTED, {"brand": brand_id, "kinds": list(kinds)})
        self._wants: list[tuple[int, frozenset[str]]] = [(pk, frozenset(events)) for pk, events in rows]

    def __contains__(self, kind: str) -> bool:
        return any(kind in events for _pk, events in self._wants)

    def tell(self, kind: str, data: Mapping[str, Any]) -> None:
        """Queue one call for each that wants this kind."""
        queue([pk for pk, events in self._wants if kind in events], kind, data)


def announce(brand_id: int, kind: str, **data: Any) -> None:
    """Tell the webhooks of a brand that something happened; where a rule did it, which one."""
    now = acting()
    if now.rule and "by" in data:
        data["rule"] = {"id": now.rule_number, "name": now.rule}
    Listeners(brand_id, [kind]).tell(kind, data)


def send_test(webhook: Webhook, by: User) -> None:
    """Call one webhook with nothing to tell, whatever it wants to be told."""
    with transaction.atomic():
        record("webhook_tested", webhook.brand_id, webhook, by, place=webhook.place)
        queue([webhook.pk], TEST, {})


def queue(webhooks: list[int], kind: str, data: Mapping[str, Any]) -> None:
    """One call for each of these webhooks, all under one name, and a job for each."""
    from comptoir.organisation.jobs import call_webhook

    if not webhooks:
        return
    event = new_event()
    with transaction.atomic():
        WebhookCall.objects.bulk_create(
            [WebhookCall(webhook_id=pk, event=event, kind=kind, data=dict(data)) for pk in webhooks]
        )
        for pk in webhooks:
            call_webhook.configure(lock=f"webhook:{pk}").defer(webhook_id=pk)
