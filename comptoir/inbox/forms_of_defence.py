"""What people say when they block somebody, or report them to the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.networks.connector import Ground
from comptoir.networks.models.moderation import WORDS_MOST, Reason


class _Worded(forms.Form):
    def clean_words(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["words"].split())


class BlockForm(_Worded):
    """Why somebody is blocked: whoever is may ask."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), widget=forms.Select(attrs={"class": "select"}),
        choices=[("", gettext_lazy("Choose a reason")), *Reason.choices],
        error_messages={"required": gettext_lazy("Say why: whoever is blocked may ask.")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("In your words"), max_length=WORDS_MOST, required=False,
        help_text=gettext_lazy("Kept here with the decision, for colleagues and for the person if they ask."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )  # fmt: skip


class BlockEverywhereForm(BlockForm):
    """The same, with where: the channels on which the person is known."""

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Where"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose a channel at least.")},
    )  # fmt: skip
    field_order = ("channels", "reason", "words")

    def __init__(self, places: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channels"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = places
        field.initial = [code for code, _words in places]


class ReportForm(_Worded):
    """What is wrong, as the network asks it, and what its moderators should know."""

    ground = forms.ChoiceField(
        label=gettext_lazy("What is wrong"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the network’s reasons.")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("For the moderators"), required=False,
        help_text=gettext_lazy("Leaves with the report: write it as you would to a stranger."),
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3, "dir": "auto"}),
    )  # fmt: skip
    block = forms.BooleanField(
        label=gettext_lazy("Block this person as well"), required=False, widget=forms.CheckboxInput
    )

    def __init__(self, grounds: Sequence[Ground], most: int, blocks: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(each.code, _(each.label)) for each in grounds]
        self.fields["ground"].choices = shown  # type: ignore[attr-defined]
        self.fields["words"].max_length = most  # type: ignore[attr-defined]
        self.fields["words"].validators.append(forms.CharField(max_length=most).validators[0])
        self.fields["words"].widget.attrs["maxlength"] = most
        if not blocks:
            del self.fields["block"]
