"""The forms of queues: what one wants and who works in it, its targets, and what somebody can at the counter."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.inbox.models.queue import WORDS_MOST, Queue
from comptoir.inbox.models.target import LONGEST, Target
from comptoir.organisation.models import Brand, Hours
from comptoir.reading.folding import fold, words

_SPAN = re.compile(r"(\d{1,6})\s*(min|m|h|d|j|)", re.IGNORECASE | re.ASCII)
_MINUTES = {"": 1, "m": 1, "min": 1, "h": 60, "d": 1_440, "j": 1_440}
_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
_COUNTRY = re.compile(r"[a-z]{2}", re.IGNORECASE | re.ASCII)


def _line(**rest: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": "off", **rest})


class Several(forms.CharField):
    """Several short things, with commas or on lines: a list without empty ones."""

    def __init__(self, label: Any, help_text: Any = "", *, fits: re.Pattern[str] | None = None, most: int = 60,
                 lines: bool = False) -> None:  # fmt: skip
        self.fits, self.most, self.mark = fits, most, "\n" if lines else ", "
        widget = (
            forms.Textarea(attrs={"class": "textarea", "rows": 4}) if lines else _line(spellcheck="false")
        )
        super().__init__(label=label, help_text=help_text, required=False, max_length=7_000, widget=widget)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        return [each for each in (" ".join(part.split()) for part in re.split(r"[,;\n]", text)) if each]

    def validate(self, value: Any) -> None:
        for each in value:
            if max(len(each), len(fold(each))) > self.most or "\x00" in each or not words(each):
                raise forms.ValidationError(_("This will not do: %(given)s") % {"given": each[:80]})
            if self.fits and not self.fits.fullmatch(each):
                raise forms.ValidationError(_("This is no such code: %(given)s") % {"given": each[:80]})
        if len(value) > WORDS_MOST:
            raise forms.ValidationError(_("At most %(most)s.") % {"most": WORDS_MOST})

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.mark.join(value))

    def prepare_value(self, value: Any) -> Any:
        return self.mark.join(value) if isinstance(value, list) else value


def languages() -> Several:
    """Codes of languages."""
    return Several(
        gettext_lazy("Languages"),
        gettext_lazy("Their codes: fr, en, de. Empty: all of them."),
        fits=_CODE,
        most=16,
    )


class QueueForm(forms.Form):
    """Everything of a queue but its targets."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, widget=_line())
    takes = forms.BooleanField(
        label=gettext_lazy("New threads that it wants go into it by themselves"), required=False, initial=True
    )
    languages = languages()
    countries = Several(
        gettext_lazy("Countries"),
        gettext_lazy("Of the channels, in two letters: FR, CA. Empty: all of them."),
        fits=_COUNTRY, most=2,
    )  # fmt: skip
    words = Several(
        gettext_lazy("Words"),
        gettext_lazy("One of these stands in the message, one a line: refund, lost luggage. Empty: whatever it says."),
        lines=True,
    )  # fmt: skip
    skills = Several(
        gettext_lazy("Skills"),
        gettext_lazy("What whoever is handed its threads can: refunds, legal."),
        most=40,
    )

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"] = forms.ModelChoiceField(
            Hours.objects.of(brand).named(),
            label=gettext_lazy("Business hours"), required=False, empty_label=gettext_lazy("Those of the brand"),
            widget=forms.Select(attrs={"class": "select"}),
        )  # fmt: skip
        self.fields["members"] = forms.ModelMultipleChoiceField(
            brand.answerers().order_by("name", "email"),
            label=gettext_lazy("Who works in it"), required=False,
            help_text=gettext_lazy("Nobody chosen: everybody who answers for the brand."),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": gettext_lazy("Somebody chosen may not answer for this brand.")},
        )  # fmt: skip

    @property
    def plain(self) -> list[forms.BoundField]:
        """All fields but the people."""
        return [self[name] for name in self.fields if name != "members"]

    def clean_name(self) -> str:
        """A name that can be seen, and that stands in a query."""
        name = " ".join(re.sub(r'[\x00"“”«»]', " ", self.cleaned_data["name"]).split())
        if not words(name):
            raise forms.ValidationError(_("A name has at least a letter."))
        return name

    @classmethod
    def begun(cls, queue: Queue) -> dict[str, Any]:
        """What stands in the form of a queue that is there."""
        names = ("name", "takes", "languages", "countries", "words", "skills", "hours")
        return {name: getattr(queue, name) for name in names} | {"members": queue.members.all()}


class Span(forms.CharField):
    """A span of time in minutes, as people write it: 30 min, 4 h, 2 d."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(label=label, help_text=help_text, required=False, max_length=20, widget=_line())

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        found = _SPAN.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("Write it like 30 min, 4 h or 2 d."))
        minutes = int(found[1]) * _MINUTES[found[2].lower()]
        if minutes > LONGEST:
            raise forms.ValidationError(_("A year at the most."))
        return minutes

    def prepare_value(self, value: Any) -> Any:
        return said_of(value) if isinstance(value, int) else value


def said_of(minutes: int) -> str:
    """A span of time as people write it."""
    for length, words_of in ((1_440, _("%(n)s d")), (60, _("%(n)s h"))):
        if minutes and not minutes % length:
            return words_of % {"n": minutes // length}
    return _("%(n)s min") % {"n": minutes}


class TargetForm(forms.Form):
    """Within what time people are answered."""

    first = Span(
        gettext_lazy("First answer within"), gettext_lazy("Such as 30 min, 4 h, 2 d. Empty: no target.")
    )
    next = Span(gettext_lazy("Each later answer within"))
    resolution = Span(gettext_lazy("Closed within"))
    open_hours = forms.BooleanField(
        label=gettext_lazy("Only business hours count"), required=False, initial=True
    )
    warns = forms.IntegerField(
        label=gettext_lazy("Warn after this share of the time, in per cent"), min_value=1, max_value=99,
        required=False, help_text=gettext_lazy("Empty: no warning."),
        widget=forms.NumberInput(attrs={"class": "input"}),
    )  # fmt: skip
    escalates = Span(
        gettext_lazy("Tell managers when it is late by"),
        gettext_lazy("0 min: at once. Empty: they are not told."),
    )
    calls = forms.BooleanField(
        label=gettext_lazy("Call whoever is on duty when one is missed"), required=False,
        help_text=gettext_lazy("By mail and on their devices at any hour: one call however many are late."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("first", "next", "resolution"):
            if given.get(name) == 0:
                self.add_error(name, _("A minute at the least, or nothing."))
        return given

    @classmethod
    def begun(cls, target: Target | None) -> dict[str, Any]:
        """What stands in the form of a target that is there, or of none."""
        if target is None:
            return {"open_hours": True, "warns": 75, "escalates": 0}
        return {name: getattr(target, name) for name in cls.base_fields}


class ClerkForm(forms.Form):
    """What somebody can at the counter, and how much at once."""

    languages = languages()
    skills = Several(gettext_lazy("Skills"), gettext_lazy("As queues ask for them: refunds, legal."), most=40)
    most = forms.IntegerField(
        label=gettext_lazy("In hand at most"), min_value=1, max_value=1_000, required=False,
        help_text=gettext_lazy(
            "Open threads that wait for an answer. “Take the next” gives no more than that. Empty: any number."
        ),
        widget=forms.NumberInput(attrs={"class": "input"}),
    )  # fmt: skip
