"""For programs: where the brand listens, how each place is, one more, one less."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.listening.api import QUERY, query_found
from comptoir.listening.coverage import Searching, coverage
from comptoir.listening.models import Source
from comptoir.listening.sourcing import SEARCH, add_source, kinds_of, questions
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import SENTENCES, unfit, wrong_at

router = Router(tags=["listening"])
SOURCES = "/brands/{slug:brand}/sources"
SOURCE = f"{SOURCES}/{{number:pk}}"
_READS, _WRITES = Bearer("threads:read"), Bearer("threads:write", "manager")
ANSWER_MOST = 2_000


class PastShown(BaseModel):
    """What was said there before anybody listened, as far as it has been read."""

    told: int = Field(description=gettext_noop("Messages so far."))
    over: bool


class SourceShown(BaseModel):
    """A place where the brand listens, or words that are asked for again and again."""

    id: int
    network: str
    name: str
    words: str = Field(description=gettext_noop("What is searched for; empty where all is heard."))
    channel: int | None = Field(description=gettext_noop("The channel whose account listens, if one does."))
    on: bool
    how: Literal["off", "lost", "silent", "late", "new", "heard"] = Field(
        description=gettext_noop("off, lost (out of reach), silent, late, new (nothing said yet) or heard.")
    )
    trouble: str = Field(description=gettext_noop("What is wrong, as a sentence; empty when nothing is."))
    code: str = Field(description=gettext_noop("The same as a code that never changes."))
    heard: datetime | None = Field(description=gettext_noop("When anything was last said there."))
    until: datetime | None = Field(description=gettext_noop("Until when, by the clock of the place."))
    missed: datetime | None = Field(
        description=gettext_noop("When something was last lost that the place could not tell again.")
    )
    unread: int = Field(description=gettext_noop("How much could not be read."))
    past: PastShown | None = Field(description=gettext_noop("null where nobody asked for it."))
    recalls: bool = Field(
        description=gettext_noop("Whether what was said there before can be read and was not.")
    )
    made: datetime

    @classmethod
    def of(cls, source: Source) -> SourceShown:
        past = (
            PastShown.model_construct(told=source.past["told"], over=source.past["over"])
            if source.past
            else None
        )
        return cls.model_construct(
            id=source.pk, network=source.network, name=source.name, words=source.words, channel=source.channel_id,
            on=source.on, how=source.how, trouble=source.trouble if source.failures else "", code=source.code,
            heard=source.heard_at, until=source.upto, missed=source.missed_at, unread=source.unread,
            past=past, recalls=source.recalls, made=source.made,
        )  # fmt: skip


class Sources(BaseModel):
    """Where a brand listens, by name; two hundred at the most."""

    items: list[SourceShown]


class ChoiceShown(BaseModel):
    """One of the answers that a question takes."""

    value: str
    label: str


class QuestionShown(BaseModel):
    """What is asked about a place."""

    name: str
    label: str
    help: str
    required: bool
    usual: str = Field(description=gettext_noop("The answer where none is given."))
    choices: list[ChoiceShown] = Field(description=gettext_noop("Empty where any answer may be given."))


class KindShown(BaseModel):
    """Something that can be listened to."""

    at: str
    label: str
    questions: list[QuestionShown]

    @classmethod
    def of(cls, at: str, label: str, form: Any) -> KindShown:
        return cls.model_construct(at=at, label=label, questions=[
            QuestionShown.model_construct(
                name=name, label=str(field.label), help=str(field.help_text), required=field.required,
                usual=str(field.initial or ""),
                choices=[
                    ChoiceShown.model_construct(value=str(value), label=str(words))
                    for value, words in getattr(field, "choices", ())
                ],
            )
            for name, field in form.fields.items()
        ])  # fmt: skip


class Kinds(BaseModel):
    """What can be listened to, and what is asked about it."""

    items: list[KindShown]


class SourceGiven(BaseModel):
    """A place to listen at."""

    model_config = ConfigDict(extra="forbid")
    at: str = Field(min_length=1, max_length=30, description=gettext_noop("One of the kinds of sources."))
    answers: dict[str, str] = Field(
        default_factory=dict, description=gettext_noop("To the questions of its kind, by their names.")
    )


class SourceChanged(BaseModel):
    """Whether the brand listens there."""

    model_config = ConfigDict(extra="forbid")
    on: bool


class HeardShown(BaseModel):
    """A place of which everything is put to the query."""

    source: int
    reach: Literal["network", "server", "site"]
    since: datetime


class PartShown(BaseModel):
    """A part of a query that a search cannot be asked for."""

    why: Literal["without", "near", "wildcard", "phrase", "spelling", "sign", "field"]
    text: str


class SearchingShown(BaseModel):
    """What searches with one of the brand's accounts carry of a query."""

    channel: int
    network: str
    sources: list[int]
    since: datetime | None
    whole: bool = Field(
        description=gettext_noop(
            "Whether they bring all that it can be true of, as far as the network finds it."
        )
    )
    missing: list[str] = Field(
        description=gettext_noop("What else to search for; empty where nothing can be proposed.")
    )
    beyond: list[PartShown] = Field(description=gettext_noop("What is decided afterwards."))

    @classmethod
    def of(cls, found: Searching) -> SearchingShown:
        return cls.model_construct(
            channel=found.channel.pk, network=found.channel.network, sources=[each.pk for each in found.sources],
            since=found.since, whole=found.whole, missing=found.missing,
            beyond=[PartShown.model_construct(why=each.why.value, text=each.text) for each in found.beyond],
        )  # fmt: skip


class CoverageShown(BaseModel):
    """How far a query is heard; the brand's own channels are heard whole besides."""

    heard: list[HeardShown]
    searching: list[SearchingShown]


@router.get(SOURCES, auth=_READS, response=Sources, operation_id="sources",
            summary=gettext_noop("Where the brand listens, and how each place is"))  # fmt: skip
def sources(request: ApiRequest, brand: str) -> Sources:
    rows = Source.objects.of(request.brand).order_by("name", "pk")
    return Sources.model_construct(items=[SourceShown.of(each) for each in rows])


@router.get(f"{SOURCES}/kinds", auth=_WRITES, response=Kinds, operation_id="kinds-of-sources",
            summary=gettext_noop("What can be listened to, and what is asked about it"))  # fmt: skip
def kinds(request: ApiRequest, brand: str) -> Kinds:
    found = kinds_of(request.brand)
    items = [KindShown.of(at, words, questions(request.brand, at)) for at, words in found.items()]
    return Kinds.model_construct(items=items)


@router.post(SOURCES, auth=_WRITES, response={201: SourceShown}, operation_id="add-source",
             summary=gettext_noop("Listen at a place from now on, or search for words"))  # fmt: skip
def add(request: ApiRequest, brand: str, given: SourceGiven) -> Status[Any]:
    if given.at not in kinds_of(request.brand):
        raise wrong_at("at", _("Nobody can be listened to there."))
    asked = questions(request.brand, given.at).fields
    for name, answer in given.answers.items():
        if name not in asked:
            raise wrong_at(f"answers.{name[:80]}", _(SENTENCES["extra_forbidden"]))
        if len(answer) > ANSWER_MOST:
            words = _("This is too long: %(max_length)s characters at the most.")
            raise wrong_at(f"answers.{name}", words % {"max_length": ANSWER_MOST})
    usual = {name: field.initial or "" for name, field in asked.items() if given.at != SEARCH}
    form = questions(request.brand, given.at, {**usual, **given.answers})
    made = add_source(request.brand, request.user, given.at, form) if form.is_valid() else None
    if made is None:
        raise unfit(form, {"__all__": "at", **{name: f"answers.{name}" for name in asked}})
    return Status(201, SourceShown.of(made))


@router.get(SOURCE, auth=_READS, response=SourceShown, operation_id="source",
            summary=gettext_noop("One place where the brand listens"))  # fmt: skip
def source(request: ApiRequest, brand: str, pk: int) -> SourceShown:
    return SourceShown.of(_found(request, pk))


@router.put(SOURCE, auth=_WRITES, response=SourceShown, operation_id="change-source",
            summary=gettext_noop("Listen there no longer, or again"))  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: SourceChanged) -> SourceShown:
    _found(request, pk).switch(given.on, request.user)
    return SourceShown.of(_found(request, pk))


@router.post(f"{SOURCE}/past", auth=_WRITES, response=SourceShown, operation_id="recall-source",
             summary=gettext_noop("Have the queries hear what was said there before"))  # fmt: skip
def recall(request: ApiRequest, brand: str, pk: int) -> SourceShown:
    found = _found(request, pk)
    if not found.recall(request.user) and found.past is None:
        raise wrong_at("at", _("This place does not tell what was said there before."))
    return SourceShown.of(found)


@router.delete(SOURCE, auth=_WRITES, response={204: None}, operation_id="remove-source",
               summary=gettext_noop("Listen there no more; what was kept stays"))  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    _found(request, pk).remove(request.user)
    return Status(204, None)


@router.get(f"{QUERY}/coverage", auth=_READS, response=CoverageShown, operation_id="query-coverage",
            summary=gettext_noop("What of a query each source carries, and what else to search for"))  # fmt: skip
def covered(request: ApiRequest, brand: str, pk: int) -> CoverageShown:
    found = coverage(query_found(request, pk))
    heard = [
        HeardShown.model_construct(source=each.source.pk, reach=each.reach, since=each.source.made)
        for each in found.heard
    ]
    searching = [SearchingShown.of(each) for each in found.searching]
    return CoverageShown.model_construct(heard=heard, searching=searching)


def _found(request: ApiRequest, pk: int) -> Source:
    """One of the brand's, or not-found."""
    found = Source.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.brand = request.brand
    return found
