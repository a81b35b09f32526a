"""For programs: fields of a brand's own, and what threads have of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS, THREAD, WRITES, thread_found, thread_shown
from comptoir.inbox.models import CustomField
from comptoir.inbox.models.custom import fill
from comptoir.inbox.shapes import ThreadShown
from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.programs.door import ApiRequest
from comptoir.organisation.programs.problems import Problem
from comptoir.reading.folding import fold

router = Router(tags=["sorting"])


class CustomFieldShown(BaseModel):
    """A field of the brand's own."""

    id: int
    name: str
    kind: str = Field(description=gettext_noop("text, number, choice, date or yesno."))
    choices: list[str]
    required: bool = Field(description=gettext_noop("Whether a thread needs it before it is closed."))


class CustomFields(BaseModel):
    """The brand's own fields, in their order."""

    items: list[CustomFieldShown]


class ValuesGiven(Given):
    """Values by the names of their fields; null takes one off, what is not named stays."""

    fields: dict[str, str | int | float | bool | None] = Field(max_length=30)


@router.get(
    "/brands/{slug:brand}/fields", auth=READS, response=CustomFields, operation_id="fields",
    summary=gettext_noop("The brand's own fields"),
)  # fmt: skip
def custom_fields(request: ApiRequest, brand: str) -> CustomFields:
    rows = CustomField.objects.of(request.brand)
    items = [
        CustomFieldShown.model_construct(
            id=row.pk, name=row.name, kind=str(row.kind), choices=list(row.choices), required=row.required
        )
        for row in rows
    ]
    return CustomFields.model_construct(items=items)


@router.post(
    f"{THREAD}/fields", auth=WRITES, response=ThreadShown, operation_id="fill",
    summary=gettext_noop("Give a thread values of the brand's own fields"),
)  # fmt: skip
def put_values(request: ApiRequest, brand: str, pk: int, given: ValuesGiven) -> ThreadShown:
    found = thread_found(request, pk)
    known = {row.folded: row for row in CustomField.objects.of(request.brand)}
    values: dict[CustomField, Any] = {}
    for name, value in given.fields.items():
        try:
            field = known[fold(name).strip()]
            values[field] = field.value_of(value)
        except (KeyError, ValueError):
            words = _("%(field)s: there is no such field, or this cannot be its value.") % {
                "field": name[:60]
            }
            raise Problem("invalid", words, errors=[{"at": "fields", "detail": words}]) from None
    fill(found, values, request.user)
    return thread_shown(request, pk)
