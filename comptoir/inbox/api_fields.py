"""For programs: fields of a brand's own, and what threads have of them."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, Field

from comptoir.inbox.api import READS, THREAD, WRITES, thread_found, thread_shown
from comptoir.inbox.forms_of_fields import FieldForm
from comptoir.inbox.models import CustomField, TooManyFields
from comptoir.inbox.models.custom import CHOICES_MOST, fill
from comptoir.inbox.shapes import ThreadShown
from comptoir.inbox.shapes_of_acts import Given
from comptoir.organisation.models import NameTaken
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import unfit, wrong_at
from comptoir.reading.folding import fold

router = Router(tags=["sorting"])
FIELDS = "/brands/{slug:brand}/fields"
FIELD = f"{FIELDS}/{{number:pk}}"
_DECIDES = Bearer("threads:write", "manager")


class CustomFieldShown(BaseModel):
    """A field of the brand's own."""

    id: int
    name: str
    kind: str = Field(description=gettext_noop("text, number, choice, date or yesno."))
    choices: list[str]
    required: bool = Field(description=gettext_noop("Whether a thread needs it before it is closed."))

    @classmethod
    def of(cls, field: CustomField) -> CustomFieldShown:
        return cls.model_construct(
            id=field.pk, name=field.name, kind=str(field.kind), choices=field.choices, required=field.required
        )


class CustomFields(BaseModel):
    """The brand's own fields, in their order."""

    items: list[CustomFieldShown]


class FieldGiven(Given):
    """A field as it shall be."""

    name: str = Field(min_length=1, max_length=40)
    choices: list[str] = Field(default=[], max_length=CHOICES_MOST)
    place: int = Field(default=0, ge=0, le=999, description=gettext_noop("Lower ones come first."))
    required: bool = False

    def data(self) -> dict[str, Any]:
        """As the page's form takes it."""
        return {**self.model_dump(), "choices": "\n".join(" ".join(each.split()) for each in self.choices)}


class FieldMade(FieldGiven):
    """A field to make; its kind stays."""

    kind: Literal["text", "number", "choice", "date", "yesno"]


class FieldGone(BaseModel):
    """A field that is no more."""

    threads: int = Field(description=gettext_noop("Of how many threads a value went with it."))


class ValuesGiven(Given):
    """Values by the names of their fields; null takes one off, what is not named stays."""

    fields: dict[str, str | int | float | bool | None] = Field(max_length=30)


@router.get(
    "/brands/{slug:brand}/fields", auth=READS, response=CustomFields, operation_id="fields",
    summary=gettext_noop("The brand's own fields"),
)  # fmt: skip
def custom_fields(request: ApiRequest, brand: str) -> CustomFields:
    rows = CustomField.objects.of(request.brand)
    return CustomFields.model_construct(items=[CustomFieldShown.of(row) for row in rows])


@router.post(
    FIELDS, auth=_DECIDES, response={201: CustomFieldShown}, operation_id="make-field",
    summary=gettext_noop("Make a field"),
)  # fmt: skip
def make(request: ApiRequest, brand: str, given: FieldMade) -> Status[Any]:
    form = _asked(FieldForm(given.data()))
    try:
        made = CustomField.make(request.brand, request.user, **form.given)
    except NameTaken:
        raise _taken() from None
    except TooManyFields:
        raise wrong_at("name", _("A brand has 30 fields at the most.")) from None
    except ValueError:
        raise _nameless() from None
    return Status(201, CustomFieldShown.of(made))


@router.put(
    FIELD, auth=_DECIDES, response=CustomFieldShown, operation_id="change-field",
    summary=gettext_noop("Give it another name, place or choices"),
)  # fmt: skip
def change(request: ApiRequest, brand: str, pk: int, given: FieldGiven) -> CustomFieldShown:
    found = _found(request, pk)
    form = _asked(FieldForm(given.data(), kept=found))
    try:
        found.change(request.user, **form.given)
    except NameTaken:
        raise _taken() from None
    except ValueError:
        raise _nameless() from None
    return CustomFieldShown.of(found)


@router.delete(
    FIELD, auth=_DECIDES, response=FieldGone, operation_id="remove-field",
    summary=gettext_noop("Remove it, with its values"),
)  # fmt: skip
def remove(request: ApiRequest, brand: str, pk: int) -> FieldGone:
    return FieldGone.model_construct(threads=_found(request, pk).remove(request.user))


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
            raise wrong_at("fields", words) from None
    fill(found, values, request.user)
    return thread_shown(request, pk)


def _found(request: ApiRequest, pk: int) -> CustomField:
    found = CustomField.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Problem("not-found", _("There is no such field any more."))
    return found


def _asked(form: FieldForm) -> FieldForm:
    if not form.is_valid():
        raise unfit(form)
    return form


def _taken() -> Problem:
    return wrong_at("name", _("There is a field of this name."))


def _nameless() -> Problem:
    return wrong_at("name", _("A name has at least one letter."))
