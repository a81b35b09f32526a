"""What managers say of a field of the brand's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.inbox.models.custom import CHOICES_MOST, CustomField
from comptoir.reading.folding import fold

_HOW = {
    "text": _("%(field)s: 300 letters at the most."),
    "number": _("%(field)s: that is no number."),
    "choice": _("%(field)s: choose one of %(choices)s."),
    "date": _("%(field)s: write the day like 2026-12-24."),
    "yesno": _("%(field)s: yes or no."),
}


def value_of(field: CustomField, given: str) -> Any:
    """What somebody typed, as it is kept. forms.ValidationError says how it is written."""
    text = given.strip()
    if field.kind == CustomField.Kind.YESNO:
        said = {fold(gettext("Yes")): "yes", fold(gettext("No")): "no"}
        text = said.get(fold(text), text)
    try:
        value = field.value_of(text)
    except (ValueError, KeyError):
        facts = {"field": field.name, "choices": ", ".join(field.choices[:20])}
        raise forms.ValidationError(_HOW[field.kind] % facts) from None
    if value is None:
        raise forms.ValidationError(gettext("Say what is to stand in %(field)s.") % {"field": field.name})
    return value


class FieldForm(forms.Form):
    """A field; the kind of one that is there (`kept`) stays."""

    name = forms.CharField(label=_("Name"), max_length=40)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=CustomField.Kind.choices, widget=forms.Select(attrs={"class": "select"})
    )
    choices = forms.CharField(
        label=_("Choices"), required=False, max_length=8_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For a choice: one a line."),
    )  # fmt: skip
    place = forms.IntegerField(
        label=_("Place"), required=False, min_value=0, max_value=999, help_text=_("Lower ones come first.")
    )
    required = forms.BooleanField(label=_("Needed before a thread is closed"), required=False)

    def __init__(self, *args: Any, kept: CustomField | None = None, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.kept = kept
        if kept is not None:
            del self.fields["kind"]

    @classmethod
    def of(cls, field: CustomField) -> FieldForm:
        """As it stands."""
        said = {"name": field.name, "choices": "\n".join(field.choices), "place": field.place}
        return cls(initial=said | {"required": field.required}, kept=field)

    @property
    def given(self) -> dict[str, Any]:
        """What was said, for the field."""
        return {**self.cleaned_data, "place": self.cleaned_data["place"] or 0}

    def clean_choices(self) -> list[str]:
        """One a line, each once."""
        lines = (
            " ".join(line.replace("\x00", "").split()) for line in self.cleaned_data["choices"].splitlines()
        )
        found = list({fold(line): line for line in lines if line}.values())
        if len(found) > CHOICES_MOST or any(len(each) > 60 for each in found):
            raise forms.ValidationError(_("100 choices of 60 letters at the most."))
        return found

    def clean(self) -> dict[str, Any]:
        """A choice needs something to choose from."""
        said: dict[str, Any] = super().clean() or {}
        kind = self.kept.kind if self.kept else said.get("kind")
        if kind == CustomField.Kind.CHOICE and not said.get("choices") and "choices" not in self.errors:
            self.add_error("choices", _("Say what there is to choose from."))
        return said
