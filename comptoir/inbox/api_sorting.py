"""For programs: tags, views, and one act on many threads."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS, THREAD, WRITES, thread_found, thread_shown
from comptoir.inbox.forms import BulkForm, ViewForm
from comptoir.inbox.models import Bulk, Tag, View
from comptoir.inbox.models.listed import is_list
from comptoir.inbox.models.sorting import TooManyTags, put_on, tags_full, take_off, unfit_tag
from comptoir.inbox.querying import wrong_of
from comptoir.inbox.shapes import ThreadShown
from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.models import NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import NUMBER_MOST
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at
from comptoir.organisation.query_words import sentence_of, tidy

router = Router(tags=["sorting"])
_DECIDES = Bearer("threads:write", "manager")


class TagShown(BaseModel):
    """A word that is put on threads."""

    id: int
    name: str


class Tags(BaseModel):
    """The brand's tags, by name."""

    items: list[TagShown]


class ViewShown(BaseModel):
    """A search kept under a name: give its show and q to the list of threads."""

    id: int
    name: str
    show: str
    q: str
    shared: bool

    @classmethod
    def of(cls, view: View) -> ViewShown:
        return cls.model_construct(id=view.pk, name=view.name, show=view.show, q=view.q, shared=view.shared)


class Views(BaseModel):
    """Views that are shared, and the person's own, by name."""

    items: list[ViewShown]


class ViewGiven(Given):
    """A search to keep; a view of the person's own of the same name is replaced."""

    name: str = Field(min_length=1, max_length=60)
    show: str = Field(default="open", max_length=10)
    q: str = Field(default="", max_length=4_096)
    shared: bool = Field(
        default=False, description=gettext_noop("For all who work for the brand; takes agent.")
    )


class TagGiven(Given):
    """A tag to put on a thread; the brand gets it when it has none of that name."""

    name: str = Field(min_length=1, max_length=40)


class BulkGiven(Given):
    """One act on many threads: on those in threads, or on all that show and q list when it begins."""

    do: Literal["close", "reopen", "assign", "tag", "untag", "pause", "priority", "field", "unfield"]
    threads: list[int] = Field(default=[], max_length=10_000)
    show: str = Field(default="", max_length=10)
    q: str = Field(default="", max_length=4_096)
    to: str = Field(
        default="", max_length=30,
        description=gettext_noop("For assign: a person's number, or team: and a team's; nobody's without."),
    )  # fmt: skip
    tag: str = Field(default="", max_length=60)
    priority: int = Field(default=0, ge=-1, le=2)
    until: Literal["", "person", "colleague", "hour", "tomorrow", "week", "month"] = Field(
        default="", description=gettext_noop("For pause: what is waited for.")
    )
    field: str = Field(
        default="", max_length=40,
        description=gettext_noop("For field and unfield: the name of one of the brand's own fields."),
    )  # fmt: skip
    value: str | int | float | bool = Field(
        default="", description=gettext_noop("For field: what is to stand in it.")
    )


class BulkShown(BaseModel):
    """How far one act on many threads is."""

    id: int
    do: str
    state: Literal["waiting", "running", "done", "undoing", "undone"]
    threads: int = Field(description=gettext_noop("How many were chosen."))
    done: int = Field(description=gettext_noop("How many of them it has come to."))
    changed: int = Field(description=gettext_noop("How many it changed."))
    created: datetime

    @classmethod
    def of(cls, bulk: Bulk) -> BulkShown:
        return cls.model_construct(
            id=bulk.pk, do=bulk.what, state=str(bulk.state), threads=len(bulk.threads), done=bulk.done,
            changed=bulk.changes.count(), created=bulk.created,
        )  # fmt: skip


@router.get(
    "/brands/{slug:brand}/tags", auth=READS, response=Tags, operation_id="tags",
    summary=gettext_noop("The brand's tags"),
)  # fmt: skip
def tags(request: ApiRequest, brand: str) -> Tags:
    found = Tag.objects.of(request.brand).order_by("folded")
    return Tags.model_construct(items=[TagShown.model_construct(id=tag.pk, name=tag.name) for tag in found])


@router.get(
    "/brands/{slug:brand}/views", auth=READS, response=Views, operation_id="views",
    summary=gettext_noop("Searches kept as views"),
)  # fmt: skip
def views(request: ApiRequest, brand: str) -> Views:
    found = View.objects.of(request.brand).for_user(request.user).order_by("name", "pk")
    return Views.model_construct(items=[ViewShown.of(each) for each in found])


@router.post(
    "/brands/{slug:brand}/views", auth=Bearer("threads:write"), response={201: ViewShown}, operation_id="keep-view",
    summary=gettext_noop("Keep a search as a view"),
)  # fmt: skip
def keep_view(request: ApiRequest, brand: str, given: ViewGiven) -> Status[Any]:
    if given.shared and not request.membership.may("agent"):
        raise Problem("role-too-low", _("Readers keep views for themselves."))
    form = ViewForm(given.model_dump())
    if not form.is_valid():
        raise unfit(form)
    asked = form.cleaned_data
    return Status(201, ViewShown.of(View.keep(
        request.brand, asked["name"], request.user, asked["shared"], show=asked["show"], q=asked["q"]
    )))  # fmt: skip


@router.delete(
    "/brands/{slug:brand}/views/{number:pk}", auth=Bearer("threads:write"), response={204: None},
    operation_id="remove-view", summary=gettext_noop("Remove a view: one's own, or a shared one as a manager"),
)  # fmt: skip
def remove_view(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    found = View.objects.of(request.brand).for_user(request.user).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such view any more."))
    if found.by_id != request.user.pk and not request.membership.may("manager"):
        raise Problem("role-too-low", _("Ask whoever shared it, or a manager, to remove it."))
    found.remove(request.user)
    return Status(204, None)


@router.put(
    "/brands/{slug:brand}/tags/{number:tag}", auth=_DECIDES, response=TagShown, operation_id="rename-tag",
    summary=gettext_noop("Give a tag another name"),
)  # fmt: skip
def rename_tag(request: ApiRequest, brand: str, tag: int, given: TagGiven) -> TagShown:
    found = _tag(request, tag)
    try:
        found.rename(given.name, request.user)
    except NameTaken:
        raise wrong_at("name", _("There is a tag of this name.")) from None
    except ValueError:
        raise wrong_at("name", unfit_tag()) from None
    return TagShown.model_construct(id=found.pk, name=found.name)


@router.delete(
    "/brands/{slug:brand}/tags/{number:tag}", auth=_DECIDES, response={204: None}, operation_id="remove-tag",
    summary=gettext_noop("Take a tag off everything, for good"),
)  # fmt: skip
def remove_tag(request: ApiRequest, brand: str, tag: int) -> Status[Any]:
    _tag(request, tag).remove(request.user)
    return Status(204, None)


@router.get(
    f"{THREAD}/tags", auth=READS, response=Tags, operation_id="thread-tags",
    summary=gettext_noop("What a thread is tagged with"),
)  # fmt: skip
def thread_tags(request: ApiRequest, brand: str, pk: int) -> Tags:
    found = (
        Tag.objects.of(request.brand).filter(taggings__thread=thread_found(request, pk)).order_by("folded")
    )
    return Tags.model_construct(items=[TagShown.model_construct(id=tag.pk, name=tag.name) for tag in found])


@router.post(
    f"{THREAD}/tags", auth=WRITES, response=ThreadShown, operation_id="tag",
    summary=gettext_noop("Put a tag on a thread"),
)  # fmt: skip
def tag(request: ApiRequest, brand: str, pk: int, given: TagGiven) -> ThreadShown:
    found = thread_found(request, pk)
    try:
        put_on(found, Tag.called(request.brand, given.name, request.user), request.user)
    except ValueError:
        raise wrong_at("name", unfit_tag()) from None
    except TooManyTags:
        raise wrong_at("name", tags_full()) from None
    return thread_shown(request, pk)


@router.delete(
    f"{THREAD}/tags/{{number:tag}}", auth=WRITES, response=ThreadShown, operation_id="untag",
    summary=gettext_noop("Take a tag off a thread"),
)  # fmt: skip
def untag(request: ApiRequest, brand: str, pk: int, tag: int) -> ThreadShown:
    row = _tag(request, tag)
    take_off(thread_found(request, pk), row, request.user)
    return thread_shown(request, pk)


@router.post(
    "/brands/{slug:brand}/bulk", auth=WRITES, response={202: BulkShown}, operation_id="bulk",
    summary=gettext_noop("Have something done to many threads"),
)  # fmt: skip
def bulk(request: ApiRequest, brand: str, given: BulkGiven) -> Status[Any]:
    form = BulkForm(request.brand, {**given.model_dump(exclude={"threads"}), "thread": given.threads})
    if not form.is_valid():
        raise wrong_at("do", form.wrong)
    what, facts = form.act()
    if given.show:
        if not is_list(given.show):
            words = _("There is no such list of threads.")
            raise wrong_at("show", words)
        if wrong := wrong_of(given.q):
            words = sentence_of(wrong)
            raise wrong_at("q", words)
        chosen: dict[str, Any] = {"show": given.show, "q": tidy(given.q)}
    elif given.threads:
        chosen = {"threads": [pk for pk in given.threads if 0 < pk < NUMBER_MOST]}
    else:
        words = _("Choose some threads first.")
        raise wrong_at("threads", words)
    return Status(202, BulkShown.of(Bulk.ask(request.brand, request.user, what, facts, **chosen)))


@router.get(
    "/brands/{slug:brand}/bulk/{number:pk}", auth=READS, response=BulkShown, operation_id="one-bulk",
    summary=gettext_noop("How far it is"),
)  # fmt: skip
def one_bulk(request: ApiRequest, brand: str, pk: int) -> BulkShown:
    return BulkShown.of(_bulk(request, pk))


@router.delete(
    "/brands/{slug:brand}/bulk/{number:pk}", auth=WRITES, response={202: BulkShown}, operation_id="undo-bulk",
    summary=gettext_noop("Have it undone"),
)  # fmt: skip
def undo_bulk(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    found = _bulk(request, pk)
    if not found.undo(request.user):
        raise Problem("too-late", _("Only what is done can be undone."))
    return Status(202, BulkShown.of(_bulk(request, pk)))


def _bulk(request: ApiRequest, pk: int) -> Bulk:
    found = Bulk.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such act on many threads."))
    return found


def _tag(request: ApiRequest, pk: int) -> Tag:
    found = Tag.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such tag any more."))
    return found
