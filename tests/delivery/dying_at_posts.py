"""A real worker that is killed (-9) at one step of the first post that it meets: `dying_at_posts STEP`."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.settings")
django.setup()

from comptoir.command.roles import worker  # noqa: E402
from comptoir.networks import sending, sending_many  # noqa: E402
from comptoir.networks.models import Delivery  # noqa: E402
from comptoir.publishing import departing  # noqa: E402
from comptoir.publishing.models import Destination, PageEntry, Step  # noqa: E402
from tests.delivery.dying_worker import before_commit, die, then_die  # noqa: E402


def died_with_some(real: Callable[..., Any]) -> Callable[..., Any]:
    """Do the real thing, then die if there was anything to do."""

    def both(*args: Any, **kwargs: Any) -> Any:
        return die() if (found := real(*args, **kwargs)) else found

    return both


def part_said(real: Callable[..., Any]) -> Callable[..., Any]:
    """Die once something has been said that belongs below a post."""

    def both(connector: Any, delivery: Delivery, again: bool) -> Any:
        sent = real(connector, delivery, again)
        return die() if delivery.act == Delivery.Act.REPLY else sent

    return both


def part_queued(follow: Callable[..., Any], go_on: Callable[..., Any]) -> Callable[..., Any]:
    """Die once the next part of a thread is queued, and that is written down."""
    queued: list[bool] = []

    def noting(destination: Destination, last: Step, *more: Any) -> bool:
        queued.append(bool(go_on(destination, last, *more)))
        return queued[-1]

    def both(ids: Sequence[int]) -> None:
        follow(ids)
        if any(queued):
            die()

    departing._go_on = noting
    return both


def died_having(stand: Callable[..., None]) -> Callable[..., None]:
    """Die once an entry of an own page is written, and nothing of that transaction is kept yet."""

    def both(destinations: Sequence[Destination]) -> None:
        before = PageEntry.objects.everywhere().count()
        stand(destinations)
        if PageEntry.objects.everywhere().count() > before:
            die()

    return both


def stood(follow: Callable[..., None], stand: Callable[..., None]) -> Callable[..., None]:
    """Die once an entry of an own page is written, and kept."""
    new: list[bool] = []

    def noting(destinations: Sequence[Destination]) -> None:
        before = PageEntry.objects.everywhere().count()
        stand(destinations)
        new.append(PageEntry.objects.everywhere().count() > before)

    def both(ids: Sequence[int]) -> None:
        follow(ids)
        if any(new):
            die()

    departing.stand = noting
    return both


def arm(step: str) -> None:
    """Set the moment of death."""
    match step:
        case "before-departing":
            departing.depart = die
        case "departed":
            departing.depart = died_with_some(departing.depart)
        case "claimed":
            Delivery.claim_posts = died_with_some(Delivery.claim_posts)  # type: ignore[method-assign]
        case "said":
            sending_many.say = then_die(sending_many.say)  # type: ignore[attr-defined]
        case "before-commit":
            sending_many._settle_each = before_commit(sending_many._settle_each)
        case "written":
            sending_many._settle_each = then_die(sending_many._settle_each)
        case "standing":
            departing.stand = died_having(departing.stand)
        case "stood":
            departing.follow = stood(departing.follow, departing.stand)
        case "between-parts":
            departing._go_on = died_with_some(departing._go_on)
        case "part-queued":
            departing.follow = part_queued(departing.follow, departing._go_on)
        case "part-claimed":
            Delivery.claim = died_with_some(Delivery.claim)  # type: ignore[method-assign]
        case "part-said":
            sending._say = part_said(sending._say)
        case _:
            raise SystemExit(f"no such step: {step}")


if __name__ == "__main__":
    arm(sys.argv[1])
    worker()
