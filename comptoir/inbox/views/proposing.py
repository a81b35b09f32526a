"""The saved reply that a rule proposes at a thread, ready above the reply box: nothing leaves by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comptoir.inbox.models import Thread
from comptoir.inbox.models.offering import offers
from comptoir.inbox.models.opened import Done
from comptoir.organisation.models import User


@dataclass(slots=True)
class Proposed:
    """What a rule proposes to answer: the saved reply of this number, once `filled_for` its `name` and its `text`."""

    rule: str
    saved: int
    name: str = ""
    text: str = ""
    language: str = ""

    def filled_for(self, thread: Thread, by: User) -> Proposed | None:
        """With its words as they would stand in the box; None when whoever answers is not offered it."""
        for offer in offers(thread, by):
            if offer.saved.pk == self.saved:
                self.name, self.text, self.language = offer.saved.name, offer.text, offer.language
                return self
        return None


def proposed_by(acts: Iterable[Done], replies: Sequence[Done]) -> Proposed | None:
    """The newest proposal that nobody has answered since."""
    made = [act for act in acts if act.kind == "ruled" and act.to]
    if not made:
        return None
    newest = max(made, key=lambda act: (act.at, act.pk))
    if any(reply.at > newest.at for reply in replies if reply.state != "withdrawn"):
        return None
    return Proposed(newest.who, int(newest.to))
