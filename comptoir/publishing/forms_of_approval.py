"""What people say about a post, and in how many steps posts are approved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.organisation.models import Role
from comptoir.publishing.models.approval import STEPS_MOST, WHO_MOST, WORDS_MOST, Approval

_DECISIONS = Approval.Decision
CLIENT = "client"
_WHO = [
    ("", gettext_lazy("No step")),
    (Role.AGENT, gettext_lazy("Whoever may answer")),
    (Role.MANAGER, gettext_lazy("A manager")),
    (Role.OWNER, gettext_lazy("An owner")),
    (CLIENT, gettext_lazy("A client, by a link")),
]


def wordless() -> str:
    """What is said to whoever does not approve and gives no reason."""
    return _("Say what should change, or why not.")


def nameless() -> str:
    """What is said of a client without a name."""
    return _("Say who it is: the name stands with what they decide.")


class DecisionForm(forms.Form):
    """What is decided about a version, and why."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    decision = forms.ChoiceField(
        choices=[
            (each.value, each.label)
            for each in (_DECISIONS.APPROVED, _DECISIONS.CHANGES, _DECISIONS.DECLINED)
        ]
    )
    words = forms.CharField(
        label=gettext_lazy("What you want to say"), required=False, max_length=WORDS_MOST,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever does not approve says why: the author has to know what to change."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("decision") not in (None, _DECISIONS.APPROVED) and not found.get("words"):
            self.add_error("words", wordless())
        return found


class RemarkForm(forms.Form):
    """Something to say about a draft."""

    text = forms.CharField(
        label=gettext_lazy("Remark"), max_length=WORDS_MOST,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
    )  # fmt: skip
    shared = forms.BooleanField(label=gettext_lazy("Clients with a link read it as well"), required=False)


class StepsForm(forms.Form):
    """Who approves, one after the other."""

    def __init__(self, given: Any = None, steps: list[tuple[str, str]] | None = None) -> None:
        first: dict[str, str] = {}
        for place, (role, who) in enumerate(steps or []):
            first |= {f"who{place}": role or CLIENT, f"name{place}": who}
        super().__init__(given, initial=first)
        for place in range(STEPS_MOST):
            self.fields[f"who{place}"] = forms.ChoiceField(
                label=_("Step %(number)s") % {"number": place + 1}, choices=_WHO, required=False,
                widget=forms.Select(attrs={"class": "select"}),
            )  # fmt: skip
            self.fields[f"name{place}"] = forms.CharField(
                label=_("The client's name in step %(number)s") % {"number": place + 1}, max_length=WHO_MOST,
                required=False, widget=forms.TextInput(attrs={"class": "input"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A client has a name."""
        found: dict[str, Any] = super().clean() or {}
        for place in range(STEPS_MOST):
            if found.get(f"who{place}") == CLIENT and not found.get(f"name{place}"):
                self.add_error(f"name{place}", nameless())
        return found

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The two questions of each step."""
        return [(self[f"who{place}"], self[f"name{place}"]) for place in range(STEPS_MOST)]

    @property
    def steps(self) -> list[tuple[str, str]]:
        """What was answered, without empty steps."""
        given = [(self.cleaned_data[f"who{n}"], self.cleaned_data[f"name{n}"]) for n in range(STEPS_MOST)]
        return [("", who) if role == CLIENT else (role, "") for role, who in given if role]
