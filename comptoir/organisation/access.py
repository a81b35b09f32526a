"""The door of every page that belongs to a brand: who asks, for which brand, and whether their role may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import unquote, urlencode, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comptoir.kernel.asking import ask, columns, made
from comptoir.kernel.clock import zone_of
from comptoir.kernel.sight import Sight, narrow, seeing
from comptoir.organisation.models import Brand, Departure, Membership, Role, User
from comptoir.organisation.models.departure import time_is_over

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

Rest = ParamSpec("Rest")


class BrandRequest(HttpRequest):
    """A request that passed the door: `brand` is named in its address and `membership` is the asker's role on it."""

    user: User
    brand: Brand
    membership: Membership
    memberships: list[Membership]
    htmx: HtmxDetails


def memberships_of(user: Any, archived: bool = False) -> list[Membership]:
    """The roles of a user with their brands, by name: as they were found with a signed-in user, else in one query.

    `archived`: those on brands that are put away, instead of those on the others.
    """
    if isinstance(user, User) and user.found_with is not None:
        found = user.found_with
    else:
        asked = user_with_memberships(user.pk) if user.pk else None
        found = (asked.found_with if asked else None) or []
    return [each for each in found if not each.is_over and (each.brand.archived_at is not None) is archived]


BARRED = """
EXISTS (SELECT 1 FROM organisation_secondsteprule r WHERE r.brand_id = m.brand_id) AND NOT EXISTS
    (SELECT 1 FROM mfa_authenticator f WHERE f.user_id = m.user_id AND f.type <> 'recovery_codes')
"""
"""Of a membership `m`, in a statement: whether its brand asks for a second step and its member has none."""

_WHO = f"""
SELECT {columns(User, "u")}, {columns(Membership, "m")}, {columns(Brand, "b")}, {BARRED} FROM organisation_user u
LEFT JOIN organisation_membership m ON m.user_id = u.id LEFT JOIN organisation_brand b ON b.id = m.brand_id
WHERE u.id = %(user)s ORDER BY b.name, m.id
"""  # noqa: S608 - names of columns


def user_with_memberships(pk: int) -> User | None:
    """A user and all their roles, which every page asks for, in one statement."""
    rows = ask(_WHO, {"user": pk})
    if not rows:
        return None
    first, second = len(User._meta.concrete_fields), len(Membership._meta.concrete_fields)
    user = made(User, rows[0][:first])
    user.found_with = []
    for row in rows:
        if row[first] is not None:
            membership = made(Membership, row[first : first + second])
            membership.user, membership.brand = user, made(Brand, row[first + second : -1])
            membership.barred = row[-1]
            user.found_with.append(membership)
    return user


def look_as(user: Any) -> None:
    """From here on in this request, see what a person may: less than the whole only where terms say so."""
    if to := sight_of(user):
        narrow(to)


def sight_of(user: Any) -> Sight | None:
    """What a person sees where they are given some channels of a brand only; None where nothing is kept from them."""
    less = [each for each in memberships_of(user) if each.channels is not None]
    if not less:
        return None
    channels = {channel for each in less for channel in each.channels or ()}
    return Sight(user.pk, tuple(each.brand_id for each in less), tuple(sorted(channels)))


def sees(user: Any, row: Any) -> bool:
    """Whether a row of a brand is among what a person sees there; they work for that brand."""
    to = sight_of(user)
    if to is None:
        return True
    with seeing(to):
        return bool(type(row).objects.of(row.brand_id).filter(pk=row.pk).exists())


def _to_the_door(request: HttpRequest) -> HttpResponseBase:
    """Sign in first. A part of a page cannot: htmx is told to leave for the door with the whole page."""
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    page = urlsplit(request.headers.get("HX-Current-URL", "/"))
    door = redirect_to_login(f"{page.path}?{page.query}" if page.query else page.path)
    return HttpResponse(status=401, headers={"HX-Redirect": door["Location"]})


def _to_the_second_step(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A brand that asks for one shows nothing to members who have none: first they are led to set it up."""
    there = f"{reverse('security')}?{urlencode({'brand': slug})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": there})
    return HttpResponseRedirect(there)


def _found(request: BrandRequest, slug: str, archived: bool) -> Membership:
    """The asker's role on the brand of an address. Http404, with the reason for those who may know one."""
    request.memberships = memberships_of(request.user)
    for membership in request.memberships:
        if membership.brand.slug == slug:
            return membership
    for membership in memberships_of(request.user, archived=True):
        if membership.brand.slug == slug:
            if archived:
                return membership
            words = _("%(brand)s is archived. An owner of it can bring it back.")
            raise Http404(words % {"brand": membership.brand.name})
    if words := ended(request.user, slug):
        raise Http404(words)
    raise Http404(_("There is no such page, or it is not yours to see."))


def ended(user: Any, slug: str) -> str:
    """What is to be said to somebody who worked for the brand of this address once, "" to all others."""
    for membership in user.found_with or ():
        if membership.brand.slug == slug and membership.is_over:
            return time_is_over(membership.brand.name)
    left = Departure.last_of(user, slug)
    return left.sentence if left is not None else ""


def on_brand(
    at_least: str = "reader", archived: bool = False
) -> Callable[[Callable[Concatenate[BrandRequest, Rest], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let a view see a brand's members of at least this role: 404 for strangers, 403 with a sentence for lesser roles.

    The view's address names the brand as `brand`; the view itself gets it as `request.brand`. `archived`: also one that
    is put away.
    """

    def door(
        view: Callable[Concatenate[BrandRequest, Rest], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def passed(
            request: BrandRequest, brand: str, *args: Rest.args, **kwargs: Rest.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_the_door(request)
            membership = _found(request, brand, archived)
            if membership.barred:
                return _to_the_second_step(request, brand)
            look_as(request.user)
            request.membership, request.brand = membership, membership.brand
            timezone.activate(zone_of(unquote(request.COOKIES.get("zone", "")), request.brand.time_zone))
            if not membership.may(at_least):
                raise PermissionDenied(
                    _(
                        "Your role on %(brand)s is %(role)s; this takes the role %(needed)s. Ask an owner of the brand."
                    )
                    % {
                        "brand": membership.brand.name,
                        "role": membership.get_role_display(),
                        "needed": Role(at_least).label,
                    }
                )
            return view(request, *args, **kwargs)

        return passed

    return door
