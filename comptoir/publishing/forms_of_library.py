"""The forms of the library."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from comptoir.publishing.forms_of_days import day_field
from comptoir.publishing.models import Asset, AssetGiven
from comptoir.publishing.models.asset import ALT_MOST, LINE_MOST, SAYABLE, SOURCE_MOST, TAGS_MOST, tags_of
from comptoir.publishing.models.permission import PROOF_MOST, QUESTION_MOST


class AssetForm(forms.Form):
    """What is said of a picture. Rights that follow from what its author answers cannot be said here."""

    def __init__(self, asset: Asset, *args: Any, **kwargs: Any) -> None:
        given = asset.given
        kwargs["initial"] = {
            "name": given.name, "alt": given.alt, "credit": given.credit, "source": given.source,
            "rights": given.rights, "licence": given.licence, "expires": given.expires, "tags": ", ".join(given.tags),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        line = {"class": "input", "autocomplete": "off"}
        rights = Asset.Rights
        sayable = [each for each in rights.choices if each[0] in {*SAYABLE, asset.rights}]
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=120, required=False, widget=forms.TextInput(attrs=line)
        )
        self.fields["alt"] = forms.CharField(
            label=_("What it shows"), max_length=ALT_MOST, required=False,
            widget=forms.Textarea(attrs={"class": "textarea input", "rows": 3, "dir": "auto"}),
            help_text=_("For those who cannot see it. Posts begin with these words."),
        )  # fmt: skip
        self.fields["credit"] = forms.CharField(
            label=_("Credit"), max_length=LINE_MOST, required=False, widget=forms.TextInput(attrs=line),
            help_text=_("Whom to name. The composer reminds you where no text does."),
        )  # fmt: skip
        self.fields["source"] = forms.CharField(
            label=_("Where it comes from"), max_length=SOURCE_MOST, required=False,
            widget=forms.URLInput(attrs=line), validators=[URLValidator(schemes=["http", "https"])],
            help_text=_("A web address, such as https://example.org/photo."),
        )  # fmt: skip
        self.fields["rights"] = forms.ChoiceField(
            label=_("Why it may be shown"), choices=sayable, widget=forms.Select(attrs={"class": "select"})
        )
        self.fields["licence"] = forms.CharField(
            label=_("Licence or contract"), max_length=LINE_MOST, required=False,
            widget=forms.TextInput(attrs=line), help_text=_("Such as CC BY 4.0, or the number of a contract."),
        )  # fmt: skip
        self.fields["expires"] = day_field(
            _("Last day on which it may be shown"), False,
            _("After it no post leaves with it. Leave it empty for no end."),
        )  # fmt: skip
        self.fields["tags"] = forms.CharField(
            label=_("Tags"), max_length=900, required=False, widget=forms.TextInput(attrs=line),
            help_text=_("Words by which it is found, with commas between them."),
        )  # fmt: skip

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_tags(self) -> list[str]:
        given = [each for each in re.split(r"[,;\n]+", self.cleaned_data["tags"]) if each.strip()]
        if len(given) > TAGS_MOST:
            raise forms.ValidationError(_("%(n)d tags at the most.") % {"n": TAGS_MOST})
        return tags_of(given)

    @property
    def given(self) -> AssetGiven:
        """What is said, once the form is valid."""
        said = self.cleaned_data
        return AssetGiven(
            said["name"], said["alt"], said["credit"], said["source"], said["rights"], said["licence"],
            said["expires"], tuple(said["tags"]),
        )  # fmt: skip


class QuestionForm(forms.Form):
    """What the author of a picture is asked."""

    question = forms.CharField(max_length=QUESTION_MOST)


class AnswerForm(forms.Form):
    """What they answered, in their words or in ours."""

    state = forms.ChoiceField(choices=[("granted", ""), ("refused", "")])
    answer = forms.IntegerField(required=False, min_value=1, max_value=10**18 - 1)
    proof = forms.CharField(required=False, max_length=PROOF_MOST)
