"""`comptoir member`: who works for a brand, given a role and a way in by the host; accounts switched off and on."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comptoir.command import saying
from comptoir.command.channels import Wrong, brand_named, refuse
from comptoir.organisation import leaving
from comptoir.organisation.models import Brand, LastOwner, Membership, User
from comptoir.web import members


def member(email: str, role: str, slug: str, name: str, remove: bool) -> int:
    """Give somebody a role on a brand and print their sign-in link; or take it away; without an address, list them."""
    try:
        brand = brand_named(slug)
        if not email:
            return _list(brand)
        if remove:
            return _remove(brand, email)
        return _admit(brand, address(email), role, name)
    except LastOwner:
        return refuse(f"{email} is the last owner of {brand}. Make somebody else an owner first.")
    except Wrong as error:
        return refuse(str(error))


def switch(email: str, on: bool) -> int:
    """Close somebody's account in the whole house, with every way in at once; or open it again."""
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        return refuse(f"{email or 'Nobody'} has no account here.")
    try:
        if on:
            leaving.switch_on(person)
        else:
            leaving.switch_off(person)
    except LastOwner:
        return refuse(f"{person.email} is the last owner of a brand. Make somebody else an owner first.")
    saying.plain(f"The account of {person.email} is switched {'on' if on else 'off'}.")
    return 0


def _list(brand: Brand) -> int:
    for each in brand.memberships.select_related("user").order_by("user__email"):
        off = "" if each.user.is_active else "  switched off"
        saying.plain(
            f"{each.role:<8} {each.user.email}{f'  {each.user.name}' if each.user.name else ''}{off}"
        )
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


def address(given: str) -> str:
    """An e-mail address as it was meant. Wrong when it is none."""
    try:
        validate_email(given.strip())
    except ValidationError:
        raise Wrong(f"{given} is not an e-mail address.") from None
    return given.strip().lower()
