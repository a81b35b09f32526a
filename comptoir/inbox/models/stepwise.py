"""What is done to many, a part at a time, by workers that may die: whoever follows goes on where it stood."""

from __future__ import annotations

from collections.abc import Callable
from itertools import batched
from typing import Any, ClassVar

from django.db import models, transaction

from comptoir.inbox.telling import followers_together
from comptoir.kernel.live import nudge


class Stepwise(models.Model):
    """`done` of it is done. It moves by compare-and-set, so that of two workers one goes on."""

    AT_ONCE: ClassVar[int] = 50
    """Of these in one transaction: as many are done again when a worker dies."""

    done = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any]
    brand_id: int
    state: str

    class Meta:
        abstract = True

    @property
    def word(self) -> str:
        """What open pages know it by."""
        return f"{self._meta.model_name}:{self.pk}"

    def _go_on(self, rows: list[int], act: Callable[[int], None]) -> bool:
        """Act on what is left of `rows`; False when another worker took it up, or it was stopped."""
        for some in batched(rows[self.done :], self.AT_ONCE):
            with transaction.atomic():
                held = type(self).objects.of(self.brand_id).select_for_update().get(pk=self.pk)
                if (held.done, held.state) != (self.done, self.state):
                    # Another worker took it for lost and went on: it is theirs.
                    return False
                with followers_together():
                    for row in some:
                        act(row)
                self._keep(done=self.done + len(some))
            nudge(self.brand_id, what=self.word)
        return True

    def _move(self, before: str, after: str, **changes: Any) -> bool:
        rows = type(self).objects.of(self.brand_id).filter(pk=self.pk, state=before)
        if not rows.update(state=after, **changes):
            return False
        self.refresh_from_db()
        return True

    def _keep(self, **changes: Any) -> None:
        type(self).objects.of(self.brand_id).filter(pk=self.pk).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)
