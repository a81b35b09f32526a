"""For programs: posts from a file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import bytes_of, wrong_at
from comptoir.publishing.importing_columns import Wrong
from comptoir.publishing.importing_now import checked
from comptoir.publishing.models import PostImport
from comptoir.publishing.shapes_of_posts import Text
from comptoir.publishing.tables_in import FILE_MOST, Unreadable, sheets_of
from comptoir.publishing.telling_of_imports import fault, unreadable, wrong_cell

router = Router(tags=["posts"])
IMPORTS = "/brands/{slug:brand}/imports"
IMPORT = f"{IMPORTS}/{{number:pk}}"
_READS, _WRITES = Bearer("posts:read", "agent"), Bearer("posts:write", "agent")
SHOWN = 1_000


class FileGiven(BaseModel):
    """A table with a row for each post, as CSV or .xlsx."""

    model_config = ConfigDict(extra="forbid")
    name: Text = Field(default="", max_length=120)
    content: str = Field(max_length=FILE_MOST * 2, description=gettext_noop("The file, in base64."))


class StartGiven(BaseModel):
    """How rows become posts."""

    model_config = ConfigDict(extra="forbid")
    every: bool = Field(
        default=True, description=gettext_noop("Whether none is made unless every row is good.")
    )
    schedule: bool = Field(
        default=False, description=gettext_noop("Whether they leave at their times; else they are drafts.")
    )


class CellShown(BaseModel):
    """A cell, and what is wrong or odd about it. `column` is a letter, "" for the whole row."""

    sheet: str
    row: int
    column: str
    head: str
    detail: str


class ImportShown(BaseModel):
    """A file with posts: what its rows would become, or became."""

    id: int
    name: str
    state: str
    good: int = Field(description=gettext_noop("Rows that can become posts."))
    left_out: int = Field(description=gettext_noop("Rows that are posts already."))
    wrong: list[CellShown]
    odd: list[CellShown]
    total: int
    done: int
    posts: list[int]


@router.post(IMPORTS, auth=_WRITES, response={201: ImportShown}, operation_id="bring-posts",
             summary=gettext_noop("Have a file with posts looked through; none is made"))  # fmt: skip
def bring(request: ApiRequest, brand: str, given: FileGiven) -> Status[Any]:
    content = bytes_of(given.content, "content")
    try:
        sheets = sheets_of(content)
    except Unreadable as why:
        raise wrong_at("content", unreadable(why.code)) from None
    made = PostImport.bring(request.brand, request.user, given.name, content, sheets)
    return Status(201, _shown(made))


@router.get(IMPORT, auth=_READS, response=ImportShown, operation_id="post-import",
            summary=gettext_noop("What a file would become, how far it is, what it became"))  # fmt: skip
def one(request: ApiRequest, brand: str, pk: int) -> ImportShown:
    return _shown(_found(request, pk))


@router.post(f"{IMPORT}/start", auth=_WRITES, response=ImportShown, operation_id="import-posts",
             summary=gettext_noop("Have its rows become posts"))  # fmt: skip
def start(request: ApiRequest, brand: str, pk: int, given: StartGiven) -> ImportShown:
    found = _found(request, pk)
    if found.state != PostImport.State.CHECKED:
        raise Problem("too-late", _("This file was imported already."))
    seen = checked(found)
    if not seen.good or (given.every and seen.wrong):
        raise Problem(
            "invalid", _("Nothing was imported: mend the rows that are named, and bring the file again.")
        )
    if not found.start(request.user, given.every, given.schedule, len(seen.good)):
        raise Problem("too-late", _("This file was imported already."))
    return _shown(found)


def _found(request: ApiRequest, pk: int) -> PostImport:
    found = PostImport.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found")
    found.brand = request.brand
    return found


def _shown(found: PostImport) -> ImportShown:
    seen = checked(found) if found.state == PostImport.State.CHECKED else None
    faults = [
        CellShown(sheet=each["sheet"], row=each["line"], column="", head="", detail=fault(each["code"]))
        for each in found.faults
    ]
    return ImportShown.model_construct(
        id=found.pk, name=found.name, state=found.state, good=len(seen.good) if seen else 0,
        left_out=len(seen.twins) if seen else 0,
        wrong=[*faults, *(_cell(each) for each in seen.wrong[:SHOWN])] if seen else faults,
        odd=[_cell(each) for each in seen.odd[:SHOWN]] if seen else [], total=found.total, done=found.done,
        posts=list(found.posts.order_by("pk").values_list("post", flat=True)),
    )  # fmt: skip


def _cell(wrong: Wrong) -> CellShown:
    return CellShown(
        sheet=wrong.sheet, row=wrong.line, column=wrong.column, head=wrong.head, detail=wrong_cell(wrong)
    )
