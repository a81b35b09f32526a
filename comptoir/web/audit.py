"""The audit log of a brand as a page: who did what to what, when, from where; filtered, and taken along as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.inbox.models import Reply
from comptoir.kernel import clock
from comptoir.kernel.asking import ask
from comptoir.kernel.numbers import number_of
from comptoir.kernel.sheets import BOM, csv_rows
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.audit import record
from comptoir.organisation.audit_sentences import KINDS, audit_sentence, codes_of
from comptoir.organisation.models import AuditEntry, Brand

PAGE = 50
CHUNK = 1_000
_PAGES = {"thread": "thread", "channel": "channel"}
"""The kinds of things that have a page of their own, each with its address's name."""


class Line(NamedTuple):
    """An entry in words."""

    at: datetime
    words: str
    url: str
    door: str
    address: str


class Somebody(NamedTuple):
    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries an address asks for. `older` is a place in the log; `house`: the people's accounts too."""

    brand: Brand
    house: bool = False
    person: int = 0
    kind: str = ""
    since: date | None = None
    until: date | None = None
    thread: int = 0
    older: tuple[datetime, int] | None = None

    @classmethod
    def of(cls, request: BrandRequest) -> Self:
        """Read an address. BadRequest with a sentence when it makes no sense."""
        given = request.GET
        kind = given.get("kind", "")
        if kind and kind not in KINDS:
            raise BadRequest(_("There is no such kind of act."))
        return cls(
            brand=request.brand,
            house=request.membership.may("owner"),
            person=_number(given, "person"),
            kind=kind,
            since=_day(given, "since"),
            until=_day(given, "until"),
            thread=_number(given, "thread"),
            older=_place(given.get("older", "")),
        )

    def query(self, **changes: str) -> str:
        """The same question as an address's query, with changes."""
        said = {
            "person": str(self.person or ""),
            "kind": self.kind,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "thread": str(self.thread or ""),
            **changes,
        }
        return urlencode({name: value for name, value in said.items() if value})

    def entries(self, older: tuple[datetime, int] | None, limit: int) -> list[AuditEntry]:
        """The newest entries before a place."""
        wanted = self._wanted()
        found = AuditEntry.objects.of(self.brand).filter(wanted).newest(older, limit)
        if self.house and not self.thread:
            found += (
                AuditEntry.objects.get_queryset().house_of(self.brand).filter(wanted).newest(older, limit)
            )
            found.sort(key=lambda entry: (entry.at, entry.pk), reverse=True)
        return found[:limit]

    def _wanted(self) -> Q:
        wanted = Q()
        if self.person:
            wanted &= Q(user=self.person)
        if self.kind:
            wanted &= Q(what__in=codes_of(self.kind))
        if self.since:
            wanted &= Q(at__gte=_midnight(self.since))
        if self.until:
            wanted &= Q(at__lt=_midnight(self.until + timedelta(days=1)))
        if self.thread:
            answers = list(
                Reply.objects.filter(thread=self.thread, thread__brand=self.brand).values_list(
                    "delivery", flat=True
                )
            )
            wanted &= Q(about_kind="thread", about_id=self.thread) | Q(
                about_kind="delivery", about_id__in=answers
            )
        return wanted


@require_safe
@on_brand("manager")
def audit(request: BrandRequest) -> HttpResponse:
    """The log, newest first. Owners also see what concerns the accounts of their people."""
    asked = Asked.of(request)
    found = asked.entries(asked.older, PAGE + 1)
    shown = found[:PAGE]
    older = asked.query(older=clock.place(shown[-1].at, shown[-1].pk)) if len(found) > PAGE else ""
    context = {
        "brand": request.brand,
        "here": "audit",
        "asked": asked,
        "query": asked.query(),
        "lines": [_line(entry, request.brand) for entry in shown],
        "older": older,
        "first": asked.query() if asked.older else "",
        "kinds": [(code, label, code == asked.kind) for code, label in KINDS.items()],
        "people": [(each.pk, each.name, each.pk == asked.person) for each in _people(request.brand)],
    }
    return render(request, "web/audit.html", context)


@require_safe
@on_brand("manager")
def audit_export(request: BrandRequest) -> StreamingHttpResponse:
    """The same entries, all of them, as=csv or as=jsonl, sent while they are read. Taking them along is logged too."""
    asked = Asked.of(request)
    kind = request.GET.get("as", "csv")
    if kind not in ("csv", "jsonl"):
        raise BadRequest(_("The log can be had as csv or as jsonl."))
    record("audit_exported", request.brand, request.brand, request.user, format=kind)
    parts = _csv(asked) if kind == "csv" else _json_lines(asked)
    kinds = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
    response = StreamingHttpResponse(parts, content_type=kinds[kind])
    response["Content-Disposition"] = f'attachment; filename="audit-{request.brand.slug}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def _chunks(asked: Asked) -> Iterator[list[dict[str, Any]]]:
    """All entries as plain facts, in the reader's language, a thousand at a time."""
    language, older = translation.get_language(), asked.older
    while found := asked.entries(older, CHUNK):
        with translation.override(language):
            chunk = [_facts(entry) for entry in found]
        yield chunk
        older = (found[-1].at, found[-1].pk)
        if len(found) < CHUNK:
            return


def _facts(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": entry.at.astimezone(UTC).isoformat(),
        "who": entry.who,
        "user": entry.user_id,
        "what": entry.what,
        "sentence": audit_sentence(entry.what, entry.who, entry.about_id, entry.facts),
        "about": entry.about_kind,
        "id": entry.about_id,
        "via": entry.via,
        "address": entry.address,
        "facts": entry.facts,
    }


_COLUMNS = ("at", "who", "user", "what", "sentence", "about", "id", "via", "address", "facts")


def _csv(asked: Asked) -> Iterator[str]:
    yield BOM + csv_rows([_COLUMNS])
    for chunk in _chunks(asked):
        yield csv_rows(
            [*list(row.values())[:-1], json.dumps(row["facts"], ensure_ascii=False)] for row in chunk
        )


def _json_lines(asked: Asked) -> Iterator[str]:
    for chunk in _chunks(asked):
        yield "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in chunk)


def _line(entry: AuditEntry, brand: Brand) -> Line:
    doors = {
        "page": _("on a page"),
        "api": _("by a program"),
        "command": _("in the terminal"),
        "job": _("by itself"),
    }
    name = _PAGES.get(entry.about_kind)
    url = reverse(name, args=[brand.slug, entry.about_id]) if name and entry.about_id else ""
    words = audit_sentence(entry.what, entry.who, entry.about_id, entry.facts)
    return Line(entry.at, words, url, doors[entry.via], entry.address)


_PEOPLE = """
WITH RECURSIVE seen AS (
    (SELECT user_id, who FROM organisation_auditentry WHERE brand_id = %(brand)s AND user_id IS NOT NULL
     ORDER BY user_id, at DESC, id DESC LIMIT 1)
    UNION ALL
    SELECT n.user_id, n.who FROM seen s CROSS JOIN LATERAL (
        SELECT user_id, who FROM organisation_auditentry WHERE brand_id = %(brand)s AND user_id > s.user_id
        ORDER BY user_id, at DESC, id DESC LIMIT 1) n
)
SELECT user_id, who FROM seen ORDER BY lower(who) COLLATE "C"
"""


def _people(brand: Brand) -> list[Somebody]:
    """Everybody who did something here, also those who have left: a step each from one to the next in the index."""
    return [Somebody(*row) for row in ask(_PEOPLE, {"brand": brand.pk})]


def _number(given: Mapping[str, Any], name: str) -> int:
    text = given.get(name, "")
    if not text:
        return 0
    if (number := number_of(text)) is None:
        raise BadRequest(_("There is nobody, and nothing, of that number."))
    return number


def _day(given: Mapping[str, Any], name: str) -> date | None:
    text = given.get(name, "")
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = date.min
    if day is not None and not 1990 < day.year < 2200:
        raise BadRequest(_("There is no such day."))
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _place(text: str) -> tuple[datetime, int] | None:
    if not text:
        return None
    found = clock.placed(text)
    if not found:
        raise BadRequest(_("There is no such place in the list."))
    return found
