"""What people write at the counter."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comptoir.inbox.forms_of_fields import value_of
from comptoir.inbox.models import Bulk, CustomField, Draft, Queue, Reply, Thread
from comptoir.inbox.models.custom import TEXT_MOST
from comptoir.inbox.models.listed import queue_of
from comptoir.inbox.models.signing import kept, signature
from comptoir.inbox.models.sorting import Tag, tag_name, tags_full, unfit_tag
from comptoir.inbox.models.standing import Priority
from comptoir.inbox.models.survey import as_long, asks
from comptoir.inbox.models.variables import SURVEY, unfilled
from comptoir.inbox.querying import names_of_lists, wrong_of
from comptoir.kernel import clock
from comptoir.kernel.numbers import number_of, numbers_of
from comptoir.networks.connector import Length, Verdict
from comptoir.networks.models.moderation import WORDS_MOST, Reason
from comptoir.organisation.models import Brand, Team, User
from comptoir.organisation.models.alarm import NOTE_MOST
from comptoir.organisation.query_words import sentence_of, tidy

_TOO_LONG = 100_000


class Telling(forms.Form):
    """A form whose first mistake is told as one sentence."""

    @property
    def wrong(self) -> str:
        """The first thing that is wrong, as a sentence."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class Written(Telling):
    """A form with one text."""

    text = forms.CharField(max_length=_TOO_LONG, error_messages={"required": _("Write something first.")})


class ReplyForm(Written):
    """An answer. `seen` is the newest reply that its writer saw, `key` makes a form sent twice one answer."""

    seen = forms.IntegerField(min_value=0, max_value=2**62, required=False, widget=forms.HiddenInput)
    key = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)
    warning = forms.CharField(max_length=200, required=False)
    saved = forms.RegexField(r"^\d{1,18}(,\d{1,18})*$", max_length=400, required=False)
    anyway = False
    bare = False

    def __init__(self, *args: Any, thread: Thread, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thread = thread
        self.signature = signature(thread.channel, by, thread.brand.shielded_at is not None)

    def clean_text(self) -> str:
        """The text, if it fits with its signature as its network counts: the network's own count decides."""
        text = _filled(_typed(self.cleaned_data["text"]))
        warning = str(self.data.get("warning") or "").strip()
        _check(answer_length(self.thread, text + self.signature.text, warning), self.thread.channel.label)
        return text

    def clean_warning(self) -> str:
        """The warning on one line."""
        return " ".join(_typed(self.cleaned_data["warning"]).split())

    @property
    def enclosed(self) -> list[int]:
        """The numbers of what lies beside it."""
        data: Any = self.data
        given = data.getlist("enclosure") if hasattr(data, "getlist") else data.get("enclosure", [])
        return numbers_of(given)

    def clean_saved(self) -> list[int]:
        """Which saved replies its words were taken from."""
        return [int(number) for number in self.cleaned_data["saved"].split(",") if number]


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
    """Other words for an answer that is on the network; what it is signed with stays."""

    def __init__(self, *args: Any, thread: Thread, reply: Reply, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thread = thread
        self.signature = kept(reply, thread.brand.shielded_at is not None)

    def clean_text(self) -> str:
        """The text, if it fits with its signature as its network counts."""
        text = _filled(_typed(self.cleaned_data["text"]))
        if asks(text):
            # The question leaves with an answer, not with a change of one.
            raise forms.ValidationError(_unfilled(SURVEY))
        _check(self.thread.channel.connector().length(text + self.signature), self.thread.channel.label)
        return text


def answer_length(thread: Thread, text: str, warning: str) -> Length:
    """How long an answer to a thread is as its network counts, with what the network needs in front of it."""
    text = as_long(text)
    connector: Any = thread.channel.connector()
    target = thread.last_inbound()
    length: Length = (
        connector.answer_length(target.as_contract(), text, warning) if target else connector.length(text)
    )
    return length


def _typed(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "")


def _filled(text: str) -> str:
    if name := unfilled(text):
        raise forms.ValidationError(_unfilled(name))
    return text


def _unfilled(name: str) -> str:
    words = _("{{%(name)s}} stands in it unfilled: write what belongs there, or take it out.")
    return str(words % {"name": name})


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


class ModerationForm(Telling):
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


class CallForm(forms.Form):
    """What whoever is on duty has to know."""

    note = forms.CharField(
        label=_("What for"), max_length=NOTE_MOST, required=False,
        help_text=_("Travels by mail and to devices: name nobody who writes to you."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )  # fmt: skip


class AssignmentForm(forms.Form):
    """Who gets the thread: a member who may answer, a team, a queue (0: out of its queue), or nobody."""

    to = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    team = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    queue = forms.IntegerField(min_value=0, max_value=2**62, required=False)


class PauseForm(Telling):
    """What a thread is to wait for: somebody, or a moment. `date` is the one that `at` says, in the asker's time."""

    DAYS: ClassVar = {"tomorrow": 1, "week": 7, "month": 30}

    until = forms.ChoiceField(
        choices=[(each, each) for each in ("person", "colleague", "hour", *DAYS, "date")]
    )
    at = forms.DateTimeField(required=False, error_messages={"invalid": _("Give a date and a time.")})

    @property
    def waits(self) -> str:
        """What is waited for."""
        said: str = self.cleaned_data["until"]
        return said if said in ("person", "colleague") else "moment"

    def moment(self) -> datetime | None:
        """When it comes back by itself; tomorrow, in a week and in a month at nine in the morning."""
        said = self.cleaned_data["until"]
        if said == "hour":
            return clock.now() + timedelta(hours=1)
        if said in self.DAYS:
            day = timezone.localdate(clock.now()) + timedelta(days=self.DAYS[said])
            return timezone.make_aware(datetime.combine(day, time(9)))
        at: datetime | None = self.cleaned_data["at"]
        return at if said == "date" else None


class PriorityForm(forms.Form):
    """How much a thread presses."""

    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)


class ViewForm(forms.Form):
    """A search to keep under a name."""

    name = forms.CharField(label=_("Name"), max_length=60)
    q = forms.CharField(
        label=_("Search"), max_length=4_096, required=False,
        help_text=_("Words, or the language of queries: tag:refund AND (late OR lost)."),
    )  # fmt: skip
    show = forms.ChoiceField(
        label=_("List"), required=False, choices=[], widget=forms.Select(attrs={"class": "select"})
    )
    shared = forms.BooleanField(label=_("For all who work for the brand"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: Any = self.fields["show"]
        names = names_of_lists()
        lists.choices = [("open", names.pop("open")), *names.items()]
        asked = str(self.data.get("show") or self.initial.get("show") or "")
        if queue_of(asked):
            lists.choices.append((asked, _("This queue")))

    def clean_q(self) -> str:
        """A search that can be asked."""
        text = tidy(self.cleaned_data["q"])
        if wrong := wrong_of(text):
            raise forms.ValidationError(sentence_of(wrong))
        return text

    def clean_show(self) -> str:
        """The open threads where nothing was chosen."""
        return self.cleaned_data["show"] or "open"


class MergeForm(Telling):
    """The thread that takes another one in: by its number, its address, or chosen among the person's others."""

    into = forms.CharField(max_length=300, required=False)

    def clean_into(self) -> int:
        """The number at the end of what was given; of what was typed rather than of what was chosen."""
        data: Any = self.data
        given = [each for each in data.getlist("into") if each.strip()]
        found = re.search(r"(\d{1,18})/?(?:[?#].*)?$", given[-1].strip()) if given else None
        if found is None:
            raise forms.ValidationError(_("Give the number of a thread, or paste its address."))
        return int(found[1])


class BulkForm(Telling):
    """What is to be done to many threads; each act reads the field that it needs."""

    do = forms.ChoiceField(choices=[(what, what) for what in Bulk.What.values])
    to = forms.CharField(max_length=30, required=False)
    tag = forms.CharField(max_length=60, required=False)
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int, required=False, empty_value="0")
    until = forms.CharField(max_length=10, required=False)
    field = forms.CharField(max_length=40, required=False)
    value = forms.CharField(max_length=TEXT_MOST, required=False)

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand

    def clean(self) -> dict[str, Any]:
        """The threads chosen, by their numbers."""
        given: dict[str, Any] = super().clean() or {}
        data: Any = self.data
        chosen = data.getlist("thread") if hasattr(data, "getlist") else data.get("thread", [])
        given["thread"] = numbers_of(chosen)
        do = given.get("do")
        if do in ("tag", "untag"):
            try:
                given["tag"] = tag_name(given.get("tag", ""))
            except ValueError:
                raise forms.ValidationError(unfit_tag()) from None
            if do == "tag" and not Tag.objects.of(self.brand).have_room_for([given["tag"]]):
                raise forms.ValidationError(tags_full())
        if do == "pause":
            pause = PauseForm({"until": given.get("until")})
            if not pause.is_valid() or given["until"] == "date":
                raise forms.ValidationError(_("Say what the threads are to wait for."))
            given["pause"] = pause
        if do == "assign":
            given["heir"] = self._heir(given.get("to", ""))
        if do in ("field", "unfield"):
            given["filling"] = self._filling(given.get("field", ""), given.get("value", ""), do == "unfield")
        return given

    def act(self) -> tuple[str, dict[str, Any]]:
        """What to do, and the facts that it needs."""
        given = self.cleaned_data
        what: str = given["do"]
        facts: dict[str, dict[str, Any]] = {
            "assign": given.get("heir", {}),
            "tag": {"tag": given["tag"]},
            "untag": {"tag": given["tag"]},
            "priority": {"priority": int(given["priority"])},
            "field": given.get("filling", {}),
            "unfield": given.get("filling", {}),
        }
        if what == "pause":
            until = given["pause"].moment()
            return what, {"waits": given["pause"].waits, "until": until.isoformat() if until else None}
        return what, facts.get(what, {})

    def _heir(self, given: str) -> dict[str, Any]:
        """Who gets them: "team:7", "queue:7", a colleague's number, or "" for nobody."""
        kind, _colon, last = given.rpartition(":")
        number = number_of(last) or 0
        if not given:
            return {}
        if kind == "team":
            if team := Team.objects.of(self.brand).filter(pk=number).first():
                return {"team": team.pk, "who": team.name}
        elif kind == "queue":
            if queue := Queue.objects.of(self.brand).filter(pk=number).first():
                return {"queue": queue.pk, "who": queue.name}
        elif user := self.brand.answerers().filter(pk=number).first():
            return {"to": user.pk, "who": str(user)}
        raise forms.ValidationError(_("This person cannot take threads of this brand."))

    def _filling(self, name: str, value: str, empty: bool) -> dict[str, Any]:
        """Which of the brand's own fields gets which value, none where it is emptied."""
        try:
            field = CustomField.called(self.brand, name)
        except CustomField.DoesNotExist:
            raise forms.ValidationError(_("There is no such field any more.")) from None
        known = {"field": field.pk, "name": field.name, "kind": str(field.kind)}
        return {**known, "value": None if empty else value_of(field, value)}
