"""What an address asks of mentions: which queries, when, of what kind. Explore, its files, programs and the list of
mentions read it in this one way, so that a figure and the posts behind it are told apart by nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from comptoir.kernel.numbers import number_of, numbers_of
from comptoir.listening.counting import Scope
from comptoir.listening.models import Mention, Query
from comptoir.listening.period import LONGEST, NAMED, Period
from comptoir.listening.sampled import SUBSTANCE
from comptoir.organisation.models import Brand
from comptoir.organisation.query_words import tidy

KINDS = ("tone", "language", "network")
QUERIES_MOST = 10
"""Queries that are compared with each other."""
SIGNS = tuple(Mention.Sign.values)
_MOST = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """`known` are all queries of the brand, `queries` those that are meant. `kinds` are a tone, language and network as
    rows have them; `noise` as in `sampled`; `author` the number of an account; `sign` what marks a mention; `q` a
    search in the language of queries.

    `period` is None for any time, `against` the period to compare with, None for none.
    """

    brand: Brand
    known: Sequence[Query]
    queries: Sequence[Query]
    zone: tzinfo
    period: Period | None = None
    against: Period | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    noise: str = SUBSTANCE
    author: int | None = None
    sign: str = ""
    q: str = ""
    compared: str = ""

    @classmethod
    def of(cls, brand: Brand, given: Any, usual: str = "", only: Query | None = None) -> Self:
        """Read an address's query (a QueryDict): without a period the `usual` one, any time where there is none; of one
        query `only`, or of those that it names. BadRequest with a sentence."""
        known = [only] if only else list(Query.objects.of(brand).by_name())
        wanted = set(numbers_of(given.getlist("query")[:200]))
        meant = [each for each in known if each.pk in wanted] or known
        said = {name: given.get(name, "") for name in ("noise", "author", "sign")}
        # The form has it twice: as a choice, and as a day of one's own, which goes before.
        said["against"] = next((each for each in reversed(given.getlist("against")) if each), "")
        period = _period(given, brand.zone, usual)
        return cls(
            brand, known, meant[:QUERIES_MOST], brand.zone, period,
            _against(said["against"], period) if usual else None,
            {name: value[:_MOST] for name in KINDS if (value := given.get(name, ""))},
            said["noise"][:8], number_of(said["author"]), said["sign"] if said["sign"] in SIGNS else "",
            tidy(given.get("q", ""))[:4_096], said["against"][:10],
        )  # fmt: skip

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of its queries."""
        return tuple(each.pk for each in self.queries)

    @property
    def fields(self) -> dict[str, str]:
        """Its kinds as rows have them: "-" in an address is what could not be told."""
        return {name: "" if value == "-" else value for name, value in self.kinds.items()}

    def scope(self, period: Period | None = None, queries: Iterable[int] | None = None) -> Scope:
        """What of its period, or of another one, is counted."""
        when = period or self.period
        assert when is not None
        return Scope(self.numbers if queries is None else tuple(queries), when, **self.fields)

    def address(self, **changes: Any) -> str:
        """The same as the query of an address, with changes: "" or None leaves a part out."""
        said: dict[str, Any] = {
            "query": [each.pk for each in self.queries] if len(self.known) > 1 else [], **self._when(self.period),
            "against": self.compared, **self.kinds, "noise": self.noise, "author": self.author,
            "sign": self.sign, "q": self.q,
        }  # fmt: skip
        return "&".join(
            _encoded(name, f"{each}")
            for name, value in (said | changes).items() if value
            for each in (value if isinstance(value, list) else [value])
        )  # fmt: skip

    def posts(self, **changes: Any) -> str:
        """The same for the list of mentions: the posts behind a figure. A period is told by its ends."""
        ends = self.ends(self.period) if self.period else {}
        return self.address(**({"period": "", "against": ""} | ends | changes))

    def during(self, moment: Any) -> dict[str, str]:
        """A part of its period, for an address."""
        assert self.period is not None
        since, until = self.period.part(moment)
        return self.ends(replace(self.period, since=since, until=until))

    def ends(self, period: Period) -> dict[str, str]:
        """When a period begins and ends, for an address: as days where it is whole days."""
        if period.length:
            return {"since": f"{period.since.date()}", "until": f"{period.last}"}
        return {name: f"{at.astimezone(self.zone):%Y-%m-%dT%H:%M}"
                for name, at in (("since", period.since), ("until", period.until))}  # fmt: skip

    def _when(self, period: Period | None) -> dict[str, str]:
        if period is None:
            return {}
        return {"period": period.name} if period.name else self.ends(period)


@lru_cache(4_096)
def _encoded(name: str, value: str) -> str:
    """A part of an address: a page has hundreds with mostly the same parts."""
    return urlencode({name: value})


def _period(given: Mapping[str, Any], zone: tzinfo, usual: str) -> Period | None:
    since, until = _moment(given, "since", zone), _moment(given, "until", zone)
    name = given.get("period") or ""
    if name in NAMED and not (since or until):
        return Period.named(name, zone)
    if since is None and until is None:
        return Period.named(usual, zone) if usual else None
    first = since or until
    last = until or Period.named("24h", zone).last
    assert first is not None
    if isinstance(first, datetime) or isinstance(last, datetime):
        begins, ends = _begin(first, zone), _begin(last, zone, after=not isinstance(last, datetime))
        found = Period(begins, ends, zone, "hour")
    else:
        found = Period.days(first, last, zone)
    if not timedelta(0) < found.until - found.since <= timedelta(days=LONGEST + 1):
        raise BadRequest(_("A period has a day at least, and %(most)s at most.") % {"most": LONGEST})
    return found


def _against(said: str, period: Period | None) -> Period | None:
    """The period to compare with: that before, one that begins on a day, or none."""
    if period is None or said == "none":
        return None
    first = _moment({"against": said}, "against", period.zone)
    if isinstance(first, datetime):
        first = first.date()
    return period.shifted(first)


def _begin(at: datetime | date, zone: tzinfo, after: bool = False) -> datetime:
    if isinstance(at, datetime):
        return at
    day = at + timedelta(days=1) if after else at
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _moment(given: Mapping[str, Any], name: str, zone: tzinfo) -> datetime | date | None:
    """A day, or a minute of one, on the clock of the zone."""
    said = str(given.get(name) or "")
    if not said:
        return None
    try:
        found = date.fromisoformat(said) if len(said) == 10 else datetime.strptime(said, "%Y-%m-%dT%H:%M")
    except ValueError:
        raise BadRequest(_("A day is written like 2026-05-01.")) from None
    if not 1990 <= found.year <= 2200:
        raise BadRequest(_("There are no figures of that time."))
    return found.replace(tzinfo=zone) if isinstance(found, datetime) else found
