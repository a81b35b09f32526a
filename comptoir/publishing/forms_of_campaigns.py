"""The form of campaigns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from comptoir.publishing.forms_of_days import day_field
from comptoir.publishing.models.campaign import NAME_MOST, PURPOSE_MOST


class CampaignForm(forms.Form):
    """What posts belong together for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            max_length=NAME_MOST,
            widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        )
        self.fields["purpose"] = forms.CharField(
            label=_("What it is for"),
            max_length=PURPOSE_MOST,
            help_text=_("What should be otherwise when it is over: whoever writes for it reads this."),
            widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        )
        self.fields["first"] = day_field(_("First day"), False, _("Leave a day empty where it has no end."))
        self.fields["last"] = day_field(_("Last day"), False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", _("It ends before it begins."))
        return given

    def taken(self) -> None:
        """Say that there is another one of this name."""
        self.add_error("name", _("Another campaign has this name."))
