"""How often somebody may do what sends mail or tries links: counted by client, by account, by address."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

RATES = {
    "invite": "40/h/user,200/d/user",
    "invitation": "30/m/ip",
    "join": "10/h/ip,3/h/key",
}
"""By what is tried: how many, in how long, of one account ("user"), one client ("ip"), one address ("key")."""


def may_try(request: HttpRequest, what: str, key: str | None = None) -> bool:
    """Count one try; False when there were too many."""
    return ratelimit.consume(request, app="comptoir", action=what, config=RATES, key=key) is not None
