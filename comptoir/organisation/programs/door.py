"""The door of the interface for programs: whose token it is, how often it may ask, what it may on this brand now."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from comptoir.kernel import clock
from comptoir.kernel.acting import acting, becomes
from comptoir.kernel.asking import ask, columns, made
from comptoir.organisation.access import BARRED, ended, look_as, memberships_of
from comptoir.organisation.models import ApiToken, Brand, Membership, Role, User
from comptoir.organisation.models.api_token import NOTED_EVERY, SIGN
from comptoir.organisation.models.pace import Allowance
from comptoir.organisation.models.tokens import digest
from comptoir.organisation.programs.problems import Problem

_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
_MISSES = Allowance("misses", 20, 300)
"""Wrong tokens from one address."""

_WHO = f"""
SELECT {columns(ApiToken, "t")}, {columns(User, "u")}, {columns(Membership, "m")}, {columns(Brand, "b")}, {BARRED}
FROM organisation_apitoken t JOIN organisation_user u ON u.id = t.user_id
LEFT JOIN organisation_membership m ON m.user_id = u.id AND (t.brand_id IS NULL OR t.brand_id = m.brand_id)
LEFT JOIN organisation_brand b ON b.id = m.brand_id
WHERE t.digest = %(digest)s AND u.is_active AND (t.expires IS NULL OR t.expires > %(now)s)
ORDER BY m.id
"""  # noqa: S608 - names of columns
_NOTE = "UPDATE organisation_apitoken SET used_at = %(now)s WHERE id = %(token)s"


class ApiRequest(HttpRequest):
    """A request that passed the door. `brand` and `membership` are those named in its address, where it names one."""

    user: User
    token: ApiToken
    memberships: list[Membership]
    brand: Brand
    membership: Membership


def _rate() -> Allowance:
    return Allowance("token", settings.API_RATE, 60)


class Bearer(HttpBearer):
    """Lets a token in that has this scope, whose person has at least this role on the brand in the address."""

    def __init__(self, scope: str = "", role: str = "reader") -> None:
        super().__init__()
        self.scope = scope
        self.role = role

    def __call__(self, request: HttpRequest) -> Any:
        """The token. A Problem says why not; what the client is told of its pace waits in `request.paced`."""
        given = request.headers.get("Authorization", "").split()
        if len(given) != 2 or given[0].lower() != "bearer":
            raise Problem("token-missing", headers={"WWW-Authenticate": 'Bearer realm="Comptoir"'})
        return self.authenticate(request, given[1])

    def authenticate(self, request: Any, token: str) -> ApiToken:
        """Find out who asks, and say so to whatever asks later on."""
        found, request.memberships = _found(token)
        request.token, request.user = found, found.user
        standing = _rate().take(f"token:{found.pk}")
        request.paced = _rate().headers(standing)
        _speak_to(request)
        if not standing.allowed:
            raise Problem("too-many-requests", headers=request.paced)
        becomes(found.user, "api")
        look_as(found.user)
        if self.scope and self.scope not in found.scopes:
            words = _("This takes a token with the scope %(scope)s.") % {"scope": self.scope}
            raise Problem("scope-missing", words, scope=self.scope)
        if slug := request.resolver_match.kwargs.get("brand"):
            self._enter(request, slug)
        return found

    def _enter(self, request: Any, slug: str) -> None:
        for membership in request.memberships:
            if membership.brand.slug == slug:
                request.membership, request.brand = membership, membership.brand
                break
        else:
            if words := ended(request.user, slug):
                raise Problem("access-ended", words)
            raise Problem("not-found")
        if request.membership.barred:
            raise Problem("second-step-missing")
        if not request.membership.may(self.role):
            words = _("The role on %(brand)s is %(role)s; this takes the role %(needed)s.")
            facts = {
                "brand": request.brand.name,
                "role": request.membership.get_role_display(),
                "needed": Role(self.role).label,
            }
            raise Problem("role-too-low", words % facts)


def _found(key: str) -> tuple[ApiToken, list[Membership]]:
    """The token of a key with its person's memberships that it reaches. A Problem when it opens nothing."""
    now = clock.now()
    rows = ask(_WHO, {"digest": digest(key), "now": now}) if key.startswith(SIGN) else []
    if not rows:
        raise _missed()
    first, second, third = (len(model._meta.concrete_fields) for model in (ApiToken, User, Membership))
    token, user = made(ApiToken, rows[0][:first]), made(User, rows[0][first : first + second])
    token.user, user.found_with = user, []
    for row in rows:
        values = row[first + second :]
        if values[0] is not None:
            membership = made(Membership, values[:third])
            membership.user, membership.brand = user, made(Brand, values[third:-1])
            membership.barred = values[-1]
            user.found_with.append(membership)
    here = memberships_of(user)
    if token.brand_id and not here:
        raise _missed()
    if token.used_at is None or token.used_at < now - NOTED_EVERY:
        ask(_NOTE, {"token": token.pk, "now": now})
    return token, here


def _missed() -> Problem:
    """Whoever tries tokens soon has to wait."""
    standing = _MISSES.take(f"missed:{acting().address}")
    if standing.allowed:
        challenge = 'Bearer realm="Comptoir", error="invalid_token"'
        return Problem("token-unknown", headers={"WWW-Authenticate": challenge})
    return Problem("too-many-requests", headers=_MISSES.headers(standing))


def _speak_to(request: Any) -> None:
    """A program that names no language is answered in its person's."""
    if not request.headers.get("Accept-Language") and request.user.language in _LANGUAGES:
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
