"""`comptoir brand`: the brands of the house, and a new one."""

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify

from comptoir.command import saying
from comptoir.command.channels import Wrong, refuse
from comptoir.command.members import address
from comptoir.organisation.models import Brand, SlugTaken
from comptoir.web import first, members


def brand(act: str, name: str, slug: str, owner: str) -> int:
    """List the brands; or make one, owned by the address given, else by the owner of the house."""
    if act == "list":
        return _list()
    try:
        return _new(name.strip(), slug, owner)
    except SlugTaken:
        return refuse(f"Another brand has the address {slug}.")
    except first.NoOwner:
        return refuse("Nobody owns a brand here yet: start Comptoir once (comptoir up).")
    except Wrong as error:
        return refuse(str(error))


def _list() -> int:
    for each in Brand.objects.everywhere().order_by("slug"):
        people = each.memberships.count()
        away = "  archived" if each.archived_at else ""
        saying.plain(f"{each.slug:<20} {each.name}  ({people} {'person' if people == 1 else 'people'}){away}")
    return 0


def _new(name: str, slug: str, owner: str) -> int:
    if not any(letter.isalnum() for letter in name) or len(name) > 120:
        raise Wrong("Say its name: comptoir brand new NAME")
    if slug and slugify(slug) != slug:
        raise Wrong(f"{slug} cannot stand in an address. Small letters, figures and - can.")
    boss = members.person(address(owner)) if owner else first.owner()
    if not boss.is_active:
        raise Wrong(f"The account of {boss.email} is switched off.")
    made = Brand.make(name, boss, slug)
    saying.plain(
        f"{made} is there, owned by {boss.email}: {settings.PUBLIC_URL}{reverse('threads', args=[made.slug])}"
    )
    if owner and boss.last_login is None:
        saying.plain(f"Sign in, once and within 15 minutes: {members.sign_in_link(boss)}")
    return 0
