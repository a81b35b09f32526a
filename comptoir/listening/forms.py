"""The form of a query, for its page and for programs alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.listening.models import Query, Watching
from comptoir.listening.models.event import LONGEST, TAG_MOST, tag_in
from comptoir.networks.connector import ConnectorError
from comptoir.networks.models import Channel
from comptoir.networks.sentences import sentence
from comptoir.organisation.models import Brand
from comptoir.organisation.naming import visible
from comptoir.organisation.query_words import problems_of, sentence_of, tidy
from comptoir.organisation.wall_clock import Wall
from comptoir.reading.query import Problem


class QueryForm(forms.Form):
    """A name, and what is listened for."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Query"),
        max_length=5_000,
        widget=forms.Textarea(
            attrs={
                "class": "textarea input fixed",
                "rows": 5,
                "spellcheck": "false",
                "autocapitalize": "none",
            }
        ),
        help_text=gettext_lazy(
            'Words, "phrases", AND OR NOT, NEAR/5, fibr*, #tags, @names, lang:fr, sentiment:negative…'
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: tuple[Problem, ...] = ()

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])

    def clean_text(self) -> str:
        """A query that can be asked."""
        text = tidy(self.cleaned_data["text"])
        self.problems = problems_of(text)
        if self.problems:
            raise forms.ValidationError(sentence_of(self.problems[0]))
        return text

    def taken(self) -> None:
        """Say that there is another query of this name."""
        self.add_error("name", _("Another query has this name."))


class SearchForm(forms.Form):
    """Words that are asked for again and again, with one of the brand's accounts."""

    account = forms.ChoiceField(
        label=gettext_lazy("With which account"), widget=forms.Select(attrs={"class": "select"})
    )
    words = forms.CharField(
        label=gettext_lazy("Words"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "As one would type them there, or a single #tag. The brand’s queries decide what is kept."
        ),
    )

    def __init__(self, channels: Sequence[Channel], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._channels = {str(each.pk): each for each in channels}
        choices = [(pk, f"{each.handle} ({each.label})") for pk, each in self._channels.items()]
        self.fields["account"].choices = choices  # type: ignore[attr-defined]

    @property
    def channel(self) -> Channel:
        """The account that asks."""
        return self._channels[self.cleaned_data["account"]]

    def refused(self, error: ConnectorError) -> None:
        """Say what the network said."""
        label = self.channel.label
        at = str(error.facts.get("field", ""))
        self.add_error(at if at in self.fields else None, sentence(error.code, error.facts, label))


class ExplorationForm(forms.Form):
    """A name for what was asked of Explore."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60,
                           widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}))  # fmt: skip
    asked = forms.CharField(max_length=1_000, required=False, widget=forms.HiddenInput())
    shared = forms.BooleanField(label=gettext_lazy("For all who work for the brand"), required=False)

    def clean_name(self) -> str:
        return visible(str(self.cleaned_data["name"]))

    def clean_asked(self) -> str:
        return QueryDict(str(self.cleaned_data["asked"])).urlencode()


class AlertsForm(forms.Form):
    """When a query raises an alert."""

    on = forms.BooleanField(
        label=gettext_lazy("Raise alerts"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "check"}),
    )
    every = forms.TypedChoiceField(
        label=gettext_lazy("How rare it has to be"), coerce=int, widget=forms.Select(attrs={"class": "select"}),
        choices=[
            (7, gettext_lazy("once a week: more alerts, some for nothing")), (28, gettext_lazy("once in four weeks")),
            (90, gettext_lazy("once in three months")), (365, gettext_lazy("once a year: only what is extraordinary")),
        ],
    )  # fmt: skip
    floor = forms.IntegerField(
        label=gettext_lazy("Messages beyond the usual, at the least"), min_value=1, max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "input"}),
        help_text=gettext_lazy("What is rare, but small, stays untold."),
    )  # fmt: skip
    rest = forms.TypedChoiceField(
        label=gettext_lazy("Time between two alerts, at the least"), coerce=int,
        widget=forms.Select(attrs={"class": "select"}),
        choices=[
            (60, gettext_lazy("an hour")), (240, gettext_lazy("four hours")), (720, gettext_lazy("twelve hours")),
            (1_440, gettext_lazy("a day")),
        ],
    )  # fmt: skip

    def __init__(self, watching: Watching, data: Any = None) -> None:
        super().__init__(
            data, initial={name: getattr(watching, name) for name in ("on", "every", "floor", "rest")}
        )


class EventTimesForm(forms.Form):
    """What an event is called, and when it is, by the brand's clock."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    begins = Wall(label=gettext_lazy("Begins"))
    ends = Wall(label=gettext_lazy("Ends"), help_text=gettext_lazy("A month later at the most."))

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.fields["begins"].help_text = _("By the clock of %(zone)s.") % {"zone": brand.zone}

    def clean_name(self) -> str:
        return visible(str(self.cleaned_data["name"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("begins", "ends"):
            if data.get(name):
                data[name] = data[name].replace(tzinfo=self.brand.zone)
        if data.get("begins") and data.get("ends"):
            if data["ends"] <= data["begins"]:
                self.add_error("ends", _("It ends after it begins."))
            elif data["ends"] - data["begins"] > LONGEST:
                self.add_error("ends", _("An event lasts a month at the most."))
        return data

    def taken(self) -> None:
        """Say that there is another one of this name."""
        self.add_error("name", _("Another event, or a query, has this name."))


class EventForm(EventTimesForm):
    """A new event: its tag as well, and the query that hears it."""

    tag = forms.CharField(
        label=gettext_lazy("#tag"), max_length=TAG_MOST,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "autocapitalize": "none"}),
        help_text=gettext_lazy("The #tag that people are asked to use: letters and figures."),
    )  # fmt: skip
    query = forms.ModelChoiceField(
        Query.objects.none(), label=gettext_lazy("Heard by"), required=False,
        empty_label=gettext_lazy("a new query, for the tag alone"),
        widget=forms.Select(attrs={"class": "select"}),
        help_text=gettext_lazy("A query of yours is made to hear the tag as well."),
    )  # fmt: skip
    field_order = ("name", "tag", "begins", "ends", "query")

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(brand, *args, **kwargs)
        self.fields["query"].queryset = Query.objects.of(brand).by_name()  # type: ignore[attr-defined]

    def clean_tag(self) -> str:
        return _tag(self.cleaned_data["tag"])


class MoveForm(forms.Form):
    """The tag that an event moves to."""

    tag = forms.CharField(
        label=gettext_lazy("Another tag"), max_length=TAG_MOST,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip

    def clean_tag(self) -> str:
        return _tag(self.cleaned_data["tag"])


def _tag(given: Any) -> str:
    if found := tag_in(given):
        return found
    raise forms.ValidationError(_("Write one tag, like #harbourday: letters and figures, no blanks."))
