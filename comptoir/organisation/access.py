"""The door of every page that belongs to a brand: who asks, for which brand, and whether their role may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from comptoir.organisation.models import Brand, Membership, Role, User

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


def memberships_of(user: Any) -> list[Membership]:
    """All roles of a user with their brands, by name, in one query."""
    return list(Membership.objects.filter(user=user).select_related("brand").order_by("brand__name", "pk"))


def on_brand(
    at_least: str = "reader",
) -> Callable[[Callable[Concatenate[BrandRequest, Rest], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let a view see a brand's members of at least this role: 404 for strangers, 403 with a sentence for lesser roles.

    The view's address names the brand as `brand`; the view itself gets it as `request.brand`.
    """

    def door(
        view: Callable[Concatenate[BrandRequest, Rest], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def passed(
            request: BrandRequest, brand: str, *args: Rest.args, **kwargs: Rest.kwargs
        ) -> HttpResponseBase:
            request.memberships = memberships_of(request.user)
            for membership in request.memberships:
                if membership.brand.slug == brand:
                    request.membership, request.brand = membership, membership.brand
                    break
            else:
                raise Http404(_("There is no such page, or it is not yours to see."))
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
