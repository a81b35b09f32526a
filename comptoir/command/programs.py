"""`comptoir token`: a person's tokens for programs, in a terminal."""

from __future__ import annotations

from datetime import timedelta

from comptoir.command import saying
from comptoir.command.channels import Wrong, brand_named, refuse
from comptoir.kernel import clock
from comptoir.organisation.models import ApiToken, TooManyTokens, User


def token(email: str, name: str, scopes: list[str], slug: str, days: int, end: bool) -> int:
    """Make a token of a person's and print it; or end the one of this name; without a name, list theirs."""
    try:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise Wrong(f"Nobody here has the address {email}.")
        if not name:
            return _list(user)
        if end:
            return _end(user, name)
        return _make(user, name, scopes, slug, days)
    except TooManyTokens:
        return refuse(f"{email} has as many tokens as one may have: end one first.")
    except Wrong as error:
        return refuse(str(error))


def _list(user: User) -> int:
    for each in user.api_tokens.select_related("brand"):
        until = f"until {each.expires:%Y-%m-%d}" if each.expires else "without an end"
        saying.plain(
            f"{each.beginning}…  {each.name}  {','.join(each.scopes)}  {each.brand or 'all brands'}  {until}"
        )
    return 0


def _end(user: User, name: str) -> int:
    if not user.api_tokens.filter(name=name).end():
        raise Wrong(f"{user.email} has no token called {name}.")
    saying.plain(f"Ended: {name}.")
    return 0


def _make(user: User, name: str, scopes: list[str], slug: str, days: int) -> int:
    if not scopes:
        raise Wrong("Say what it may, with --scope.")
    brand = brand_named(slug) if slug else None
    if brand is not None and not brand.memberships.filter(user=user).exists():
        raise Wrong(f"{user.email} does not work for {brand}.")
    expires = clock.now() + timedelta(days=days) if days else None
    _token, key = ApiToken.make(user, name[:80], scopes, brand, expires)
    saying.plain(key)
    return 0
