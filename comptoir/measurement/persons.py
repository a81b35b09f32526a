"""What figures are taken from, of a person's conversations: how many and when, never who and never what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop

from comptoir.inbox.persons import threads_of
from comptoir.measurement.models import Heard
from comptoir.networks.models import Actor
from comptoir.networks.persons import Holder, Row, holds, within
from comptoir.organisation.models import Brand


@holds
class Facts(Holder):
    """Rows without a name: they stay, so that what was counted remains true."""

    name = "figures"
    label = gettext_noop("What figures are taken from")
    models = ("measurement.Heard",)
    order = 46

    def rows(self, person: Actor, brand: Brand | None) -> Iterator[Row]:
        for each in self._of(person, brand).order_by("at").iterator():
            yield {
                "thread": each.thread_id,
                "heard": each.at,
                "answered": each.answered,
                "closed": each.closed,
            }

    def erase(self, person: Actor) -> int:
        return 0

    def _of(self, person: Actor, brand: Brand | None) -> Any:
        threads = list(threads_of(person, brand).values_list("pk", flat=True))
        return within(Heard.objects, brand).filter(thread__in=threads)
