"""Who acts, through which door and from where: set once by a request, a command or a call.

Whoever writes it down asks here; nobody hands it down through every floor. Outside of all doors a job acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Literal

Via = Literal["page", "api", "command", "job"]


@dataclass(frozen=True, slots=True)
class Acting:
    """`account` gives the signed-in person, or None; `name`: who acts without one; `address`: the client's.

    `rule`: the name of the brand's rule that acts, where one does, and `rule_number` its number; it is nobody.
    """

    via: Via = "job"
    account: Callable[[], Any] | None = None
    name: str = ""
    address: str = ""
    rule: str = ""
    rule_number: int = 0

    @property
    def user(self) -> Any:
        """The account that acts, None for strangers, commands and jobs."""
        found = self.account() if self.account else None
        return found if found is not None and found.is_authenticated else None


_acting: ContextVar[Acting] = ContextVar("acting")
_JOB = Acting()


def acting() -> Acting:
    """Who acts now."""
    return _acting.get(_JOB)


@contextmanager
def acts(
    via: Via,
    account: Callable[[], Any] | None = None,
    *,
    name: str = "",
    address: str = "",
    rule: str = "",
    rule_number: int = 0,
) -> Iterator[None]:
    """For as long as a block lasts, this is who acts. `account` is only called when somebody asks who."""
    token = _acting.set(Acting(via, account, name, address, rule, rule_number))
    try:
        yield
    finally:
        _acting.reset(token)


def becomes(user: Any, via: Via | None = None) -> None:
    """Whoever came through the door of this block turns out to be this user: a token was read, a link redeemed."""
    now = acting()
    _acting.set(replace(now, account=lambda: user, via=via or now.via))
