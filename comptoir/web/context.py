"""What every page needs to know of the person and the brand, asked of the database only where it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.organisation.access import memberships_of
from comptoir.organisation.models import Brand, Membership
from comptoir.organisation.models.joining import any_is_open
from comptoir.organisation.rota import Pattern, watch_at
from comptoir.organisation.topics import TOPICS, address, sentence
from comptoir.web.factors import passkeys_possible

KEYS = ("j", "k", "r", "n", "a", "e", "b", "?")


@dataclass(frozen=True, slots=True)
class Strip:
    """A notice as the top of a page shows it."""

    sentence: str
    url: str = ""
    act: str = ""
    bad: bool = False


class OnDuty(NamedTuple):
    """Who is called first now, "" for nobody, and how many would be after them."""

    slug: str
    who: str
    more: int


class Ages(NamedTuple):
    now: str
    minutes: str
    hours: str
    days: str


class Choice(NamedTuple):
    slug: str
    name: str
    sign: str
    tint: int


class Page:
    """`page` in every template."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user: Any = getattr(request, "user", None)
        self.brand: Brand | None = getattr(request, "brand", None)

    @property
    def _known(self) -> bool:
        return bool(self._user and self._user.is_authenticated)

    @property
    def theme(self) -> str:
        return (self._user.theme if self._known else "") or "system"

    @property
    def density(self) -> str:
        return (self._user.density if self._known else "") or "comfortable"

    @property
    def keys(self) -> str:
        """The single keys that are switched on, "" when all are off."""
        if not self._known or not self._user.shortcuts:
            return ""
        return "".join(key for key in KEYS if key not in self._user.shortcuts_off)

    @property
    def ages(self) -> Ages:
        """The words for ages, for the script that keeps them true."""
        n = {"n": "{n}"}
        return Ages(_("now"), _("%(n)s min") % n, _("%(n)s h") % n, _("%(n)s d") % n)

    @property
    def passkeys(self) -> bool:
        """Whether browsers do passkeys at our address."""
        return passkeys_possible()

    @property
    def sso(self) -> str:
        """The name of the identity provider that signs people in, "" for none."""
        name: str = settings.OIDC_NAME
        return name

    @property
    def me(self) -> str:
        """The person's name, "" for nobody known."""
        return str(self._user) if self._known else ""

    @cached_property
    def brands(self) -> list[Brand]:
        """The person's brands, as the door of this page found them."""
        if not self._known:
            return []
        found = getattr(self._request, "memberships", None)
        return [m.brand for m in (memberships_of(self._user) if found is None else found)]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The brands to go to."""
        return tuple(Choice(each.slug, each.name, each.initials, each.shade) for each in self.brands)

    @property
    def joinable(self) -> bool:
        """Whether anybody may ask to join: some brand is open to the people of some company."""
        return any_is_open()

    @cached_property
    def owned(self) -> frozenset[int]:
        """The brands that the person owns, by number."""
        if not self._known:
            return frozenset()
        return frozenset(each.brand_id for each in memberships_of(self._user) if each.may("owner"))

    @property
    def owns(self) -> bool:
        """Whether the person owns a brand, and so may make another one."""
        return bool(self.owned)

    @property
    def settles(self) -> bool:
        """Whether the person may settle what concerns the brand of this page."""
        return self.brand is not None and self.brand.pk in self.owned

    @property
    def home(self) -> Brand | None:
        """The brand that the rail leads to: the page's own, else the person's first."""
        return self.brand or next(iter(self.brands), None)

    @cached_property
    def _told(self) -> tuple[int, list[Strip], Any]:
        """How many notices the person has not met yet, what the brand's people have to know now, and its shifts: one
        question."""
        if not self._known:
            return 0, [], None
        brand = self.brand.pk if self.brand else 0
        rows = ask(_NOTICES, {"user": self._user.pk, "brand": brand, "now": clock.now()})
        strips = []
        for _unseen, _shifts, code, about, facts in rows:
            if code and self.brand and self._reads(code):
                strips.append(_strip(code, about, facts, self.brand, self._membership.may("manager")))
        return rows[0][0], strips[:3], rows[0][1]

    @property
    def _membership(self) -> Membership:
        return self._request.membership  # type: ignore[attr-defined, no-any-return]

    def _reads(self, code: str) -> bool:
        """Whether the top of this person's pages says it."""
        if code not in TOPICS:
            return True
        return bool(TOPICS[code].strip) and self._membership.may(TOPICS[code].strip)

    @property
    def bell(self) -> str:
        """How many notices the person has not met yet, "" for none."""
        unseen = self._told[0]
        return "99+" if unseen > 99 else str(unseen or "")

    @property
    def notices(self) -> list[Strip]:
        """What the brand's people have to know now."""
        return self._told[1]

    @property
    def duty(self) -> OnDuty | None:
        """Who is on duty on the brand now; None where it has no duty list."""
        shifts = self._told[2]
        if self.brand is None or not shifts:
            return None
        names = {user: name for _pk, _place, user, *_rest, name in shifts}
        patterns = [
            Pattern(pk, place, user, weekday, date.fromisoformat(day) if day else None, begins, lasts)
            for pk, place, user, weekday, day, begins, lasts, _name in shifts
        ]
        people = watch_at(patterns, self.brand.zone, clock.now()).people
        return OnDuty(self.brand.slug, names[people[0]] if people else "", len(people) - 1)


_NOTICES = """
SELECT bell.unseen, (
    SELECT json_agg(json_build_array(
        s.id, s.place, s.user_id, s.weekday, s.day, s.begins, s.lasts, coalesce(nullif(u.name, ''), u.email)))
    FROM organisation_shift s JOIN organisation_user u ON u.id = s.user_id AND u.is_active
    JOIN organisation_membership m ON m.user_id = u.id AND m.brand_id = s.brand_id AND m.role <> 'reader'
        AND (m.until IS NULL OR m.until > %(now)s)
    WHERE s.brand_id = %(brand)s AND (s.day IS NULL OR s.day BETWEEN current_date - 33 AND current_date + 1)
), strip.* FROM (
    SELECT count(*) AS unseen FROM (
        SELECT FROM organisation_reach r JOIN organisation_notice n ON n.id = r.notice_id
        WHERE r.user_id = %(user)s AND r.seen_at IS NULL AND n.settled_at IS NULL LIMIT 100) met
) bell LEFT JOIN LATERAL (
    SELECT code, about, facts FROM organisation_notice
    WHERE brand_id = %(brand)s AND to_id IS NULL AND settled_at IS NULL ORDER BY created DESC LIMIT 10
) strip ON true
"""


def _strip(code: str, about: str, facts: dict[str, Any], brand: Brand, may_mend: bool) -> Strip:
    act = _("Connect it again") if may_mend and code == "channel_reconnect" else _("See it")
    return Strip(
        sentence(code, facts),
        address(code, about, brand.slug),
        act,
        bad=code not in TOPICS or TOPICS[code].bad,
    )


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"page": Page(request)}
