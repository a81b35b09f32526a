"""Forms that a connector declares, as forms of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.networks.connecting import LONGEST
from comptoir.networks.connector import ConnectorError, Field, Replies
from comptoir.networks.found import installed, label_of
from comptoir.networks.models import Channel
from comptoir.networks.models.channel import Signing
from comptoir.networks.sentences import sentence


class ConnectForm(forms.Form):
    """The questions of a network's connection form. What is wrong is said at the question that it is about."""

    def __init__(self, network: str, questions: tuple[Field, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network = network
        for question in questions:
            self.fields[question.name] = _field(question)

    def refused(self, error: ConnectorError) -> None:
        """Say what the network, or the check of an answer, said."""
        at = str(error.facts.get("field", ""))
        self.add_error(
            at if at in self.fields else None, sentence(error.code, error.facts, label_of(self.network))
        )

    def known(self, values: Mapping[str, Any]) -> None:
        """Propose what is known already; never a secret."""
        for name, field in self.fields.items():
            if name in values and not isinstance(field.widget, forms.PasswordInput):
                self.initial[name] = values[name]


class ChoosingForm(forms.Form):
    """What may be chosen about a connected channel: what its people call it, and its connector's own options."""

    def __init__(self, channel: Channel, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = Field(
            "called",
            gettext_noop("Called here"),
            gettext_noop("For the people of the brand, where its own name says too little."),
            required=False,
        )
        self.fields["called"] = _field(called)
        self.fields["called"].initial = channel.called
        kind = installed(channel.network)
        options = kind.options if kind else ()
        chosen = channel.settings.get("options", {})
        for question in options:
            self.fields[f"option_{question.name}"] = _field(question)
            self.fields[f"option_{question.name}"].initial = chosen.get(question.name, question.default)
        self._names = [question.name for question in options]
        if channel.can(Replies):
            self.fields["signing"] = forms.ChoiceField(
                label=_("Answers are signed with"),
                help_text=_(
                    "The name of whoever answers, below their words. It counts in the network's limit."
                ),
                choices=Signing.choices,
                required=False,
                initial=channel.signing,
                widget=forms.Select(attrs={"class": "select"}),
            )

        self.fields["listen_only"] = _only_listening(channel)
        self.fields["country"] = forms.CharField(
            label=_("Country"),
            help_text=_(
                "The country that it serves, in two letters: FR, CA. Queues of a country take what comes in here."
            ),
            max_length=2,
            required=False,
            initial=channel.country,
            widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
        )

    def clean_country(self) -> str:
        """Two letters, or none."""
        country: str = self.cleaned_data["country"].strip().upper()
        if country and not (country.isascii() and country.isalpha() and len(country) == 2):
            raise forms.ValidationError(_("A country is written in two letters, such as FR or CA."))
        return country

    def clean_called(self) -> str:
        """At most as long as a name is shown."""
        called: str = self.cleaned_data["called"].strip()
        if len(called) > 80:
            raise forms.ValidationError(_("Eighty characters at the most."))
        return called

    @property
    def options(self) -> dict[str, str]:
        """The connector's options as they were answered."""
        return {name: str(self.cleaned_data[f"option_{name}"] or "") for name in self._names}


def _only_listening(channel: Channel) -> forms.Field:
    return forms.BooleanField(
        label=_("Only listen"),
        help_text=_(
            "Everything arrives, and nothing leaves: no answer, no decision about a message. What waits to "
            "leave is not sent."
        ),
        required=False,
        initial=channel.listen_only,
        widget=forms.CheckboxInput(attrs={"class": "check"}),
    )


def _field(question: Field) -> forms.Field:
    shared: dict[str, Any] = {
        "label": _(question.label),
        "help_text": _(question.help) if question.help else "",
        "required": question.required,
        "initial": question.default,
    }
    hidden = question.secret or question.kind == "password"
    attrs = {
        "class": "select" if question.kind == "choice" else "input",
        "autocomplete": "off",
        "autocapitalize": "none",
        "spellcheck": "false",
    }
    if question.kind == "choice":
        choices = [(value, _(label)) for value, label in question.choices]
        return forms.ChoiceField(choices=choices, widget=forms.Select(attrs=attrs), **shared)
    if hidden:
        shared["initial"] = ""
        widget: forms.Widget = forms.PasswordInput(attrs={**attrs, "autocomplete": "new-password"})
        return forms.CharField(max_length=LONGEST, strip=False, widget=widget, **shared)
    if question.kind == "number":
        return forms.IntegerField(
            widget=forms.NumberInput(attrs=attrs), min_value=-(10**17), max_value=10**17, **shared
        )
    return forms.CharField(max_length=LONGEST, widget=forms.TextInput(attrs=attrs), **shared)
