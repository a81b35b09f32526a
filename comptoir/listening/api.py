"""For programs: queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.listening.forms import QueryForm
from comptoir.listening.importing import read_as
from comptoir.listening.models import Query
from comptoir.listening.models.query import TooManyQueries
from comptoir.organisation.models import NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at
from comptoir.organisation.query_words import sentence_of, tidy
from comptoir.reading.query.importing import Tool, Why

router = Router(tags=["listening"])
QUERIES = "/brands/{slug:brand}/queries"
QUERY = f"{QUERIES}/{{number:pk}}"
_READS, _WRITES = Bearer("threads:read"), Bearer("threads:write", "manager")


class QueryGiven(BaseModel):
    """A query as it shall be."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=5_000, description=gettext_noop("In the language of queries."))
    on: bool = Field(default=True, description=gettext_noop("Whether anything new is kept for it."))


class QueryShown(BaseModel):
    """What the brand listens for."""

    id: int
    name: str
    on: bool
    text: str
    version: int = Field(description=gettext_noop("One more with each change of its text."))
    made: datetime

    @classmethod
    def of(cls, query: Query) -> QueryShown:
        return cls.model_construct(
            id=query.pk, name=query.name, on=query.on, text=query.text, version=query.number, made=query.made
        )


class Queries(BaseModel):
    """A brand's queries, by name."""

    items: list[QueryShown]


class VersionShown(BaseModel):
    """A query as it was written once."""

    version: int
    text: str
    by: int | None
    at: datetime
    back_to: int | None


class Versions(BaseModel):
    """A query's versions, the newest at the top."""

    items: list[VersionShown]


class ForeignQuery(BaseModel):
    """A query as another tool has it."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=5_000)
    tool: Tool | None = Field(default=None, description=gettext_noop("Without it, it is told by the looks."))


class ChangeShown(BaseModel):
    """A piece of it that reads otherwise than it did."""

    why: Why
    given: str
    read: str = Field(
        description=gettext_noop("Empty where there is nothing like it: it stays as a comment.")
    )


class Flaw(BaseModel):
    """What keeps a text from being a query."""

    column: int = Field(description=gettext_noop("Counted from 1."))
    words: str


class Brought(BaseModel):
    """A query of another tool in our own writing."""

    text: str
    tool: Tool | None = Field(description=gettext_noop("The tool that it was read as a query of."))
    changes: list[ChangeShown]
    problems: list[Flaw] = Field(description=gettext_noop("What its author has yet to settle."))


@router.get(QUERIES, auth=_READS, response=Queries, operation_id="queries-listened-for",
            summary=gettext_noop("What the brand listens for"))  # fmt: skip
def queries(request: ApiRequest, brand: str) -> Queries:
    rows = Query.objects.of(request.brand).by_name()
    return Queries.model_construct(items=[QueryShown.of(each) for each in rows])


@router.post(QUERIES, auth=_WRITES, response={201: QueryShown}, operation_id="make-query",
             summary=gettext_noop("Listen for something more"))  # fmt: skip
def make(request: ApiRequest, brand: str, given: QueryGiven) -> Status[Any]:
    form = _asked(given)
    try:
        made = Query.make(request.brand, request.user, form.cleaned_data["name"], form.cleaned_data["text"])
    except NameTaken:
        raise wrong_at("name", _("Another query has this name.")) from None
    except TooManyQueries:
        raise wrong_at("name", _("A brand has a thousand queries at the most.")) from None
    if not given.on:
        made.switch(False, request.user)
    return Status(201, QueryShown.of(made))


@router.post(f"{QUERIES}/imports", auth=_WRITES, response=Brought, operation_id="import-query",
             summary=gettext_noop("Write a query of another tool as ours; nothing is kept"))  # fmt: skip
def import_query(request: ApiRequest, brand: str, given: ForeignQuery) -> Brought:
    text = tidy(given.text)
    tool, read = read_as(text, given.tool or "")
    return Brought.model_construct(
        text=read.text, tool=tool,
        changes=[ChangeShown.model_construct(**each._asdict()) for each in read.changes],
        problems=[Flaw.model_construct(column=each.column + 1, words=sentence_of(each)) for each in read.problems],
    )  # fmt: skip


@router.get(QUERY, auth=_READS, response=QueryShown, operation_id="query-listened-for",
            summary=gettext_noop("One query"))  # fmt: skip
def query(request: ApiRequest, brand: str, pk: int) -> QueryShown:
    return QueryShown.of(query_found(request, pk))


@router.put(QUERY, auth=_WRITES, response=QueryShown, operation_id="change-query",
            summary=gettext_noop("Have it look for something else, which makes a version; or pause it"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: QueryGiven) -> QueryShown:
    found, form = query_found(request, pk), _asked(given)
    try:
        found.rewrite(request.user, form.cleaned_data["text"], form.cleaned_data["name"])
    except NameTaken:
        raise wrong_at("name", _("Another query has this name.")) from None
    found.switch(given.on, request.user)
    return QueryShown.of(found)


@router.delete(QUERY, auth=_WRITES, response={204: None}, operation_id="remove-query",
               summary=gettext_noop("Remove it, with what only it kept"))  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    query_found(request, pk).remove(request.user)
    return Status(204, None)


@router.get(f"{QUERY}/versions", auth=_READS, response=Versions, operation_id="query-versions",
            summary=gettext_noop("How it was written over time"))  # fmt: skip
def versions(request: ApiRequest, brand: str, pk: int) -> Versions:
    rows = query_found(request, pk).versions.order_by("-number")
    return Versions.model_construct(items=[
        VersionShown.model_construct(
            version=each.number, text=each.text, by=each.by_id, at=each.at, back_to=each.back_to
        )
        for each in rows
    ])  # fmt: skip


def query_found(request: ApiRequest, pk: int) -> Query:
    """One of the brand's, or not-found."""
    found = Query.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.brand = request.brand
    return found


def _asked(given: QueryGiven) -> QueryForm:
    """What was given, if it will do."""
    form = QueryForm({"name": given.name, "text": given.text})
    if not form.is_valid():
        raise unfit(form)
    return form
