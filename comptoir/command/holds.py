"""`comptoir hold` and `comptoir lift`: stopping what leaves, also of the whole house, and letting it go again."""

import time

from comptoir.command import saying
from comptoir.command.channels import Wrong, brand_named, refuse
from comptoir.networks.models import Delivery, Hold

_PATIENCE = 60
"""For so many seconds it is waited for what was already on its way."""


def hold(reason: str, slug: str, country: str, replies: bool) -> int:
    """Stop what leaves, wait for what is on its way and name it; without a reason, list the holds that are on."""
    if not reason.strip():
        return _list()
    code = country.strip().upper()
    if code and not (code.isascii() and code.isalpha() and len(code) == 2):
        return refuse("A country is written in two letters, such as FR or CA.")
    try:
        brand = brand_named(slug) if slug else None
    except Wrong as error:
        return refuse(str(error))
    placed = Hold.place(reason.strip(), brand=brand, country=code, replies=replies)
    saying.plain(f"Stopped (hold {placed.pk}). Nothing leaves until: comptoir lift {placed.pk}")
    return _wait(placed)


def lift(number: int) -> int:
    """Let it flow again; what was due meanwhile is asked about on the pages."""
    found = Hold.objects.on().filter(pk=number).first()
    if found is None or not found.lift():
        return refuse(f"No hold {number} is on. comptoir hold lists them.")
    saying.plain("Lifted. What was due meanwhile leaves when somebody says so, on the page To be decided.")
    return 0


def _list() -> int:
    for each in Hold.objects.on().select_related("brand", "channel").order_by("pk"):
        reach = "everything" if each.reach == "*" else each.reach
        saying.plain(f"{each.pk:<6} {reach}  since {each.placed_at:%Y-%m-%d %H:%M} UTC: {each.reason}")
    return 0


def _wait(placed: Hold) -> int:
    until = time.monotonic() + _PATIENCE
    named: set[int] = set()
    while True:
        flying = [each for each in placed.in_flight() if each.state == Delivery.State.SENDING]
        for each in flying:
            if each.pk not in named:
                saying.plain(f"On its way already: {each.channel.handle}: {each.text[:80]}")
                named.add(each.pk)
        if not flying:
            saying.plain("Nothing is on its way any more.")
            return 0
        if time.monotonic() > until:
            return refuse(f"{len(flying)} still on their way. The hold is on all the same.")
        time.sleep(0.5)
