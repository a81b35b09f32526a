"""What an action led to, said where it was made, with the way back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.contrib import messages
from django.http import HttpRequest


@dataclass(slots=True)
class Outcome:
    """A sentence and, where there is one, the address that undoes it (`undo_state` and `undo_name` go with it).

    `seconds` is how long the undo stands; 0 for ever.
    """

    words: str
    sign: str = "check"
    look: str = ""
    undo: str = ""
    undo_state: str = ""
    undo_name: str = ""
    seconds: int = 0
    next: bool = False


def leave(request: HttpRequest, outcome: Outcome) -> None:
    """Keep it for the page after a redirect."""
    messages.info(request, json.dumps(asdict(outcome)), extra_tags="outcome")


def outcome_left(request: HttpRequest) -> Outcome | None:
    """What the last action left, once."""
    found = None
    for message in messages.get_messages(request):
        if "outcome" in message.tags:
            found = Outcome(**json.loads(message.message))
    return found
