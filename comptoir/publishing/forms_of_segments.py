"""The form of segments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comptoir.kernel.countries import countries
from comptoir.networks.models import Channel
from comptoir.organisation.naming import language_name, visible
from comptoir.publishing.forms_of_own_page import languages_in
from comptoir.publishing.models import Segment, SegmentGiven
from comptoir.publishing.models.segment import COUNTRIES_MOST, NAME_MOST


class SegmentForm(forms.Form):
    """Who belongs to a segment, and which channels serve it. Channels are asked for once its languages are known."""

    def __init__(
        self, segment: Segment | None, channels: Sequence[Channel], *args: Any, **kwargs: Any
    ) -> None:
        self._channels = channels if segment else ()
        if segment:
            serving = {each.channel_id: each.language for each in segment.serving.all()}
            kwargs["initial"] = {
                "name": segment.name, "countries": ", ".join(segment.countries),
                "languages": ", ".join(segment.languages),
                **{f"channel-{each.pk}": serving.get(each.pk, "") for each in channels},
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        line = {"class": "input", "autocomplete": "off", "spellcheck": "false"}
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=NAME_MOST, widget=forms.TextInput(attrs=line)
        )
        self.fields["countries"] = forms.CharField(
            label=_("Countries"), required=False, max_length=600, widget=forms.TextInput(attrs=line),
            help_text=_("Two letters each, with commas between them: BE, LU. Leave it empty for all countries."),
        )  # fmt: skip
        self.fields["languages"] = forms.CharField(
            label=_("Languages"), max_length=200, widget=forms.TextInput(attrs=line),
            help_text=_("Codes with commas between them: fr, nl, de. Each one is a translation that posts need."),
        )  # fmt: skip
        for each in self._channels:
            own = [(code, language_name(code)) for code in (segment.languages if segment else ())]
            self.fields[f"channel-{each.pk}"] = forms.ChoiceField(
                label=f"{each.handle} ({each.label})", required=False,
                choices=[("", _("Does not serve it")), *own], widget=forms.Select(attrs={"class": "select"}),
            )  # fmt: skip

    @property
    def ours(self) -> list[forms.BoundField]:
        """What the segment is."""
        return [self[name] for name in ("name", "countries", "languages")]

    @property
    def served(self) -> list[forms.BoundField]:
        """Which channels serve it."""
        return [self[f"channel-{each.pk}"] for each in self._channels]

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])

    def clean_countries(self) -> tuple[str, ...]:
        return countries_in(re.split(r"[\s,;]+", self.cleaned_data["countries"]))

    def clean_languages(self) -> tuple[str, ...]:
        return languages_in(re.split(r"[\s,;]+", self.cleaned_data["languages"].lower()))

    @property
    def given(self) -> SegmentGiven:
        """The segment as it is wanted, once the form is valid."""
        said = self.cleaned_data
        serving = [(each.pk, said.get(f"channel-{each.pk}", "")) for each in self._channels]
        kept = tuple((pk, language) for pk, language in serving if language in said["languages"])
        return SegmentGiven(said["name"], said["countries"], said["languages"], kept)

    def taken(self) -> None:
        """Say that there is another one of this name."""
        self.add_error("name", _("Another segment has this name."))


def countries_in(codes: Sequence[str]) -> tuple[str, ...]:
    """Countries by their codes, each once. ValidationError for what is none, and for too many."""
    found = tuple(dict.fromkeys(each.upper() for each in codes if each))
    if strange := next((each for each in found if each not in countries()), ""):
        raise ValidationError(
            _("“%(code)s” is no country: write two letters, such as FR or CA.") % {"code": strange[:20]}
        )
    if len(found) > COUNTRIES_MOST:
        raise ValidationError(_("Choose %(n)d countries at the most.") % {"n": COUNTRIES_MOST})
    return found
