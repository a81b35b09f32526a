"""How often somebody may try: by account and place, so that nobody can lock others out of a browser they use."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import ngettext

from comptoir.kernel import clock
from comptoir.organisation.models import Tries, User
from comptoir.web.clients import Device, account, place

FREE = 5
"""Wrong tries at an account from one place before one has to wait."""
FREE_ANYWHERE = 20
"""And from all browsers together that the account was never signed in with."""
ANYWHERE = "anywhere"


class Gate:
    """Tries at one account, by one client. `what`: "password", "step" (the second one) or "mail".

    A browser that the account was signed in with has a count of its own. All others are counted by their address and
    together: an attacker can use those counts up, and no others.
    """

    def __init__(self, request: HttpRequest, what: str, email: str) -> None:
        device = Device.of(request)
        self.account = f"{what}:{account(email)}"
        if device.knows(email):
            self.places = {f"device:{device.name}": FREE}
        else:
            self.places = {place(request): FREE, ANYWHERE: FREE_ANYWHERE}

    def enter(self) -> datetime | None:
        """Count one try. When to come back, if it is too early for one."""
        for where, free in self.places.items():
            if until := Tries.take(self.account, where, free):
                return until
        return None

    def leave(self) -> None:
        """The try was right: what was wrong before, from here, is forgotten."""
        for where in self.places:
            if where == ANYWHERE:
                Tries.give_back(self.account, where)
            else:
                Tries.forget(self.account, where)


def unlock(user: User) -> None:
    """Whoever tries to sign in as this person need not wait any more."""
    for what in ("password", "step", "mail"):
        Tries.forget(f"{what}:{account(user.email)}")


def has_to_wait(users: Collection[User]) -> set[int]:
    """The people, by id, as whom somebody has tried too often: it may have been themselves."""
    named = {f"password:{account(user.email)}": user.pk for user in users}
    named |= {f"step:{account(user.email)}": user.pk for user in users}
    waiting = Tries.objects.filter(account__in=named, until__gt=clock.now())
    return {named[each] for each in waiting.values_list("account", flat=True)}


def minutes_until(until: datetime) -> int:
    """Full minutes to wait, 1 at least."""
    return max(1, math.ceil((until - clock.now()).total_seconds() / 60))


def wait(what: str, until: datetime) -> str:
    """What somebody is told who has to wait, and what they can do meanwhile."""
    n = minutes_until(until)
    if what == "password":
        words = ngettext(
            "Too many wrong tries. The password can be tried again in %(n)s minute; a code sent to your address lets "
            "you in at once.",
            "Too many wrong tries. The password can be tried again in %(n)s minutes; a code sent to your address lets "
            "you in at once.",
            n,
        )
    elif what == "step":
        words = ngettext(
            "Too many wrong codes. Try again in %(n)s minute; a passkey works at once.",
            "Too many wrong codes. Try again in %(n)s minutes; a passkey works at once.",
            n,
        )
    else:
        words = ngettext(
            "Too many mails were asked for. Look into your mailbox, or ask again in %(n)s minute.",
            "Too many mails were asked for. Look into your mailbox, or ask again in %(n)s minutes.",
            n,
        )
    return words % {"n": n}
