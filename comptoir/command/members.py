"""`comptoir member`: who works for a brand, given a role and a way in, until the pages can invite."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comptoir.command import saying
from comptoir.command.channels import Wrong, brand_named, refuse
from comptoir.organisation.models import Brand, LastOwner, Membership
from comptoir.web import members


def member(email: str, role: str, slug: str, name: str, remove: bool) -> int:
    """Give somebody a role on a brand and print their sign-in link; or take it away; without an address, list them."""
    try:
        brand = brand_named(slug)
        if not email:
            return _list(brand)
        if remove:
            return _remove(brand, email)
        return _admit(brand, _address(email), role, name)
    except LastOwner:
        return refuse(f"{email} is the last owner of {brand}. Make somebody else an owner first.")
    except Wrong as error:
        return refuse(str(error))


def _list(brand: Brand) -> int:
    for each in brand.memberships.select_related("user").order_by("user__email"):
        saying.plain(f"{each.role:<8} {each.user.email}{f'  {each.user.name}' if each.user.name else ''}")
    return 0


def _admit(brand: Brand, email: str, role: str, name: str) -> int:
    person = members.person(email, name)
    if not person.is_active:
        raise Wrong(f"The account of {person.email} is switched off.")
    admitted = brand.admit(person, role)
    saying.plain(f"{person.email} is {admitted.role} on {brand}.")
    saying.plain(f"Sign in, once and within 15 minutes: {members.sign_in_link(person)}")
    return 0


def _remove(brand: Brand, email: str) -> int:
    membership = Membership.objects.filter(brand=brand, user__email__iexact=email.strip()).first()
    if membership is None:
        raise Wrong(f"{email} has no role on {brand}.")
    brand.dismiss(membership.user)
    saying.plain(f"{membership.user.email} no longer works for {brand}. What they wrote stays.")
    return 0


def _address(given: str) -> str:
    try:
        validate_email(given.strip())
    except ValidationError:
        raise Wrong(f"{given} is not an e-mail address.") from None
    return given.strip().lower()
