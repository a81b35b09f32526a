"""What people write at the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comptoir.inbox.models import Draft, Thread
from comptoir.networks.connector import Length, Verdict
from comptoir.networks.models.moderation import WORDS_MOST, Reason

_TOO_LONG = 100_000


class Written(forms.Form):
    """A form with one text."""

    text = forms.CharField(max_length=_TOO_LONG, error_messages={"required": _("Write something first.")})

    @property
    def wrong(self) -> str:
        """The first thing that is wrong, as a sentence."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class ReplyForm(Written):
    """An answer. `seen` is the newest reply that its writer saw, `key` makes a form sent twice one answer."""

    seen = forms.IntegerField(min_value=0, max_value=2**62, required=False, widget=forms.HiddenInput)
    key = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)
    warning = forms.CharField(max_length=200, required=False)
    anyway = False

    def __init__(self, *args: Any, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thread = thread

    def clean_text(self) -> str:
        """The text, if it fits as its network counts: the network's own count decides."""
        text = _typed(self.cleaned_data["text"])
        warning = str(self.data.get("warning") or "").strip()
        _check(answer_length(self.thread, text, warning), self.thread.channel.label)
        return text

    def clean_warning(self) -> str:
        """The warning on one line."""
        return " ".join(_typed(self.cleaned_data["warning"]).split())


class DraftForm(forms.Form):
    """What stands in a box for writing, finished or not. `key` is the one that the answer would leave with."""

    kind = forms.ChoiceField(choices=Draft.Kind.choices)
    text = forms.CharField(max_length=_TOO_LONG, required=False, strip=False)
    warning = forms.CharField(max_length=200, required=False)
    key = forms.CharField(max_length=32, required=False)

    def clean_text(self) -> str:
        """The text as it was typed."""
        return _typed(self.cleaned_data["text"])

    def clean_warning(self) -> str:
        """The warning as it was typed."""
        return _typed(self.cleaned_data["warning"])


class EditForm(Written):
    """Other words for an answer that is on the network."""

    def __init__(self, *args: Any, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thread = thread

    def clean_text(self) -> str:
        """The text, if it fits as its network counts."""
        text = _typed(self.cleaned_data["text"])
        _check(self.thread.channel.connector().length(text), self.thread.channel.label)
        return text


def answer_length(thread: Thread, text: str, warning: str) -> Length:
    """How long an answer to a thread is as its network counts, with what the network needs in front of it."""
    connector: Any = thread.channel.connector()
    target = thread.last_inbound()
    length: Length = (
        connector.answer_length(target.as_contract(), text, warning) if target else connector.length(text)
    )
    return length


def _typed(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "")


def _check(length: Length, network: str) -> None:
    if not length.fits:
        raise forms.ValidationError(
            ngettext(
                "This is %(over)d character too long: %(network)s takes %(limit)d at the most.",
                "This is %(over)d characters too long: %(network)s takes %(limit)d at the most.",
                length.over,
            )
            % {"over": length.over, "limit": length.limit, "network": network}
        )


class NoteForm(Written):
    """Something for colleagues."""

    text = forms.CharField(
        max_length=10_000,
        error_messages={
            "required": _("Write something first."),
            "max_length": _("A note takes 10,000 characters."),
        },
    )


class ModerationForm(forms.Form):
    """A verdict on a message. Who hides something says why: whoever wrote it may ask."""

    verdict = forms.ChoiceField(choices=[(verdict.value, verdict.value) for verdict in Verdict])
    reason = forms.ChoiceField(choices=[("", ""), *Reason.choices], required=False)
    words = forms.CharField(max_length=WORDS_MOST, required=False)

    def clean(self) -> dict[str, Any]:
        """Spam is its own reason; what is held or removed needs one."""
        given: dict[str, Any] = super().clean() or {}
        verdict, reason = given.get("verdict"), given.get("reason")
        if verdict == Verdict.SPAM:
            given["reason"] = reason or Reason.SPAM
        elif verdict == Verdict.APPROVE:
            given["reason"] = given["words"] = ""
        elif verdict and not reason:
            raise forms.ValidationError(_("Say why: whoever wrote it may ask."))
        given["words"] = given.get("words", "").replace("\x00", "")
        return given

    @property
    def wrong(self) -> str:
        """The first thing that is wrong, as a sentence."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class AssignmentForm(forms.Form):
    """Who gets the thread: a member who may answer, or nobody."""

    to = forms.IntegerField(min_value=1, max_value=2**62, required=False)
