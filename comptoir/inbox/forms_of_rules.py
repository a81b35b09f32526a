"""The form of a rule: when it acts, and what it does. Programs give theirs through the same form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.inbox.forms import Telling
from comptoir.inbox.forms_of_queues import said_of
from comptoir.inbox.models import Queue, Rule, SavedReply, Tag
from comptoir.inbox.models.sorting import tag_name, tags_full, unfit_tag
from comptoir.inbox.models.standing import Priority
from comptoir.networks.connector import Verdict
from comptoir.networks.models import Channel
from comptoir.networks.models.moderation import Reason
from comptoir.organisation.models import Brand, Membership, Team, User
from comptoir.organisation.naming import visible
from comptoir.organisation.query_words import problems_of, sentence_of, tidy
from comptoir.reading.query import Problem

KINDS = {
    "mention": gettext_lazy("Mention"),
    "reply": gettext_lazy("Reply"),
    "quote": gettext_lazy("Quote"),
    "comment": gettext_lazy("Comment"),
    "message": gettext_lazy("Private message"),
    "review": gettext_lazy("Review"),
    "post": gettext_lazy("Post"),
}
HOURS = {
    "open": gettext_lazy("Within business hours"),
    "shut": gettext_lazy("Outside business hours"),
}
PRIORITIES = {
    Priority.URGENT: gettext_lazy("Urgent"),
    Priority.HIGH: gettext_lazy("Pressing"),
    Priority.NORMAL: gettext_lazy("As others"),
    Priority.LOW: gettext_lazy("Not pressing"),
}
VERDICTS = {
    Verdict.HOLD: gettext_lazy("Hold it back for approval"),
    Verdict.SPAM: gettext_lazy("Mark it as spam"),
    Verdict.REMOVE: gettext_lazy("Remove it"),
}
RESTS = (15, 60, 240, 1_440)
"""Once in so many minutes whoever is on duty may be called by a rule."""
AUTHORS_MOST = 50
TAGS_MOST = 5
_SELECT = {"class": "select"}
_INPUT = {"class": "input", "autocomplete": "off"}


class RuleForm(Telling):
    """Everything of a rule. `WHEN` and `THEN` are its halves, as the page shows them."""

    WHEN = ("channels", "kinds", "authors", "followers", "hours")
    THEN = ("tags", "assign", "queue", "priority", "hide", "reason", "saved", "notify", "call")

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )  # fmt: skip
    query = forms.CharField(
        label=gettext_lazy("Query"), max_length=4_096, required=False,
        help_text=gettext_lazy("What the message says: refund* OR \"money back\", sentiment:negative, lang:fr."),
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2, "spellcheck": "false"}),
    )  # fmt: skip
    channels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Channels"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: any."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"), required=False, choices=KINDS.items(), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: any."),
    )  # fmt: skip
    authors = forms.CharField(
        label=gettext_lazy("Authors"), max_length=4_000, required=False, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("Handles or names, with commas between them: any of them."),
    )  # fmt: skip
    followers = forms.IntegerField(
        label=gettext_lazy("Followers, at least"), required=False, min_value=1, max_value=2**31,
        widget=forms.NumberInput(attrs=_INPUT),
    )  # fmt: skip
    hours = forms.ChoiceField(
        label=gettext_lazy("Hours"), required=False, choices=[("", gettext_lazy("At any hour")), *HOURS.items()],
        widget=forms.Select(attrs=_SELECT),
    )  # fmt: skip
    tags = forms.CharField(
        label=gettext_lazy("Tags"), max_length=300, required=False, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("With commas between them."),
    )  # fmt: skip
    assign = forms.ChoiceField(
        label=gettext_lazy("Give it to"), required=False, widget=forms.Select(attrs=_SELECT),
        help_text=gettext_lazy("What somebody has already is left with them."),
    )  # fmt: skip
    queue = forms.TypedChoiceField(
        label=gettext_lazy("Queue"), required=False, coerce=int, empty_value=None,
        widget=forms.Select(attrs=_SELECT), help_text=gettext_lazy("Where it waits; whoever has it keeps it."),
    )  # fmt: skip
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), required=False, coerce=int, empty_value=None,
        choices=[("", "–"), *((key.value, words) for key, words in PRIORITIES.items())],
        widget=forms.Select(attrs=_SELECT),
    )  # fmt: skip
    hide = forms.ChoiceField(
        label=gettext_lazy("Hide"), required=False,
        choices=[("", "–"), *((key.value, words) for key, words in VERDICTS.items())],
        widget=forms.Select(attrs=_SELECT), help_text=gettext_lazy("Where the place is yours; it can be undone."),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it is hidden"), required=False, choices=[("", "–"), *Reason.choices],
        widget=forms.Select(attrs=_SELECT),
    )  # fmt: skip
    saved = forms.TypedChoiceField(
        label=gettext_lazy("Propose a saved reply"), required=False, coerce=int, empty_value=None,
        widget=forms.Select(attrs=_SELECT), help_text=gettext_lazy("It is never sent by itself."),
    )  # fmt: skip
    notify = forms.MultipleChoiceField(
        label=gettext_lazy("Tell"), required=False, widget=forms.CheckboxSelectMultiple
    )
    call = forms.TypedChoiceField(
        label=gettext_lazy("Call whoever is on duty"), required=False, coerce=int, empty_value=None,
        widget=forms.Select(attrs=_SELECT),
        help_text=gettext_lazy("At any hour, once for a conversation. In between it rests, however many messages fit."),
    )  # fmt: skip
    stops = forms.BooleanField(
        label=gettext_lazy("No rule after it looks at the same message"), required=False
    )

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.problems: tuple[Problem, ...] = ()
        self.rows = _Rows(brand)
        choices = {
            "channels": [(each.pk, f"{each.handle} · {each.label}") for each in self.rows.channels],
            "assign": [("", "–"), *self.rows.heirs],
            "queue": [("", "–"), *((each.pk, each.name) for each in self.rows.queues)],
            "saved": [("", "–"), *((each.pk, each.name) for each in self.rows.saved)],
            "notify": self.rows.told,
            "call": [("", "–"), *((each, once_in(each)) for each in RESTS)],
        }
        for name, given in choices.items():
            field: Any = self.fields[name]
            field.choices = given

    @property
    def when(self) -> list[Any]:
        """The fields of the conditions beside the query."""
        return [self[name] for name in self.WHEN]

    @property
    def then(self) -> list[Any]:
        """The fields of what is done."""
        return [self[name] for name in self.THEN]

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])

    def clean_query(self) -> str:
        """A query that can be asked."""
        text = tidy(self.cleaned_data["query"])
        self.problems = problems_of(text)
        if self.problems:
            raise forms.ValidationError(sentence_of(self.problems[0]))
        return text

    def clean_authors(self) -> list[str]:
        """Handles and names as queries take them."""
        given = self.cleaned_data["authors"].replace("\x00", "").replace('"', " ").split(",")
        found = [author for each in given if (author := " ".join(each.split()).lstrip("@"))]
        if len(found) > AUTHORS_MOST:
            raise forms.ValidationError(_("That is more than fifty authors."))
        for each in found:
            if wrong := problems_of(f'author:"{each}"'):
                raise forms.ValidationError(sentence_of(wrong[0]))
        return list(dict.fromkeys(found))

    def clean_tags(self) -> list[str]:
        """Names of tags."""
        found = []
        for each in filter(str.strip, self.cleaned_data["tags"].split(",")):
            try:
                found.append(tag_name(each))
            except ValueError:
                raise forms.ValidationError(unfit_tag()) from None
        if len(found) > TAGS_MOST:
            raise forms.ValidationError(_("A rule puts on five tags at the most."))
        if not Tag.objects.of(self.brand).have_room_for(found):
            raise forms.ValidationError(tags_full())
        return found

    def clean(self) -> dict[str, Any]:
        """A rule says when, and does something; who hides says why."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("hide") and not given.get("reason"):
            if given["hide"] == Verdict.SPAM:
                given["reason"] = Reason.SPAM.value
            else:
                self.add_error("reason", _("Say why: whoever wrote it may ask."))
        if self.errors:
            return given
        if not given.get("query") and not any(given.get(name) for name in self.WHEN):
            self.add_error(None, _("Say when: a query, or one of the conditions below it."))
        if not any(given.get(name) or given.get(name) == 0 for name in self.THEN if name != "reason"):
            self.add_error(None, _("Say what is to be done: at least one thing."))
        return given

    def taken(self) -> None:
        """Say that there is another rule of this name."""
        self.add_error("name", _("Another rule has this name."))

    def rule(self, by: User) -> dict[str, Any]:
        """What the rule is to be, in the form in which it is kept. Tags that there are not yet are made."""
        given = self.cleaned_data
        conditions = {name: given[name] for name in self.WHEN if given[name]}
        named: dict[str, Any] = {
            "tags": [Tag.called(self.brand, name, by).pk for name in given["tags"]],
            "assign": _numbers([given["assign"]] if given["assign"] else [], many=False),
            "hide": {"verdict": given["hide"], "reason": given["reason"]} if given["hide"] else None,
            "queue": given["queue"],
            "saved": given["saved"],
            "notify": _numbers(given["notify"], many=True),
            "call": given["call"],
        }
        actions = {name: value for name, value in named.items() if value}
        if given["priority"] is not None:
            actions["priority"] = given["priority"]
        return {
            "name": given["name"], "query": given["query"], "conditions": conditions, "actions": actions,
            "stops": given["stops"],
        }  # fmt: skip


class _Rows:
    """What may be named in a rule of a brand."""

    def __init__(self, brand: Brand) -> None:
        self.channels = list(Channel.objects.of(brand).order_by("handle"))
        self.queues = list(Queue.objects.of(brand).in_order())
        self.saved = list(SavedReply.objects.of(brand).filter(own=False).order_by("name"))
        teams = [(f"team:{team.pk}", team.name) for team in Team.objects.of(brand).order_by("name")]
        people = brand.answerers().order_by("name", "email")
        self.heirs = [*((str(user.pk), str(user)) for user in people), *teams]
        members = (
            Membership.objects.going_on().filter(brand=brand, user__is_active=True).select_related("user")
        )
        self.told = [
            *((str(each.user_id), str(each.user)) for each in members.order_by("user__name", "user__email")),
            *teams,
        ]


def _numbers(chosen: list[str], *, many: bool) -> dict[str, Any]:
    """What was chosen among people ("7") and teams ("team:3"), by kind."""
    people = [int(each) for each in chosen if each.isdecimal()]
    teams = [int(each.removeprefix("team:")) for each in chosen if each.startswith("team:")]
    if many:
        return {name: found for name, found in (("people", people), ("teams", teams)) if found}
    return {"person": people[0]} if people else {"team": teams[0]} if teams else {}


def once_in(minutes: int) -> str:
    """How often a rule calls, in words."""
    return _("once in %(time)s at the most") % {"time": said_of(minutes)}


def tag_names(brand: Brand, rules: Iterable[Rule]) -> dict[int, str]:
    """The names of the tags that rules put on, of those that are still there."""
    ids = {pk for rule in rules for pk in rule.actions.get("tags", ())}
    return dict(Tag.objects.of(brand).filter(pk__in=ids).values_list("pk", "name"))


def data_of(rule: Rule) -> dict[str, Any]:
    """A rule as the form takes it."""
    conditions, actions, tags = rule.conditions, rule.actions, tag_names(rule.brand, [rule])
    assign, notify, hide = actions.get("assign", {}), actions.get("notify", {}), actions.get("hide", {})
    team = f"team:{assign['team']}" if "team" in assign else ""
    return {
        "name": rule.name, "query": rule.query, "stops": rule.stops,
        **conditions, "authors": ", ".join(conditions.get("authors", ())),
        "tags": ", ".join(tags[pk] for pk in actions.get("tags", ()) if pk in tags),
        "assign": str(assign.get("person") or team), "queue": actions.get("queue", ""),
        "priority": actions.get("priority", ""),
        "hide": hide.get("verdict", ""), "reason": hide.get("reason", ""), "saved": actions.get("saved", ""),
        "notify": [*map(str, notify.get("people", ())), *(f"team:{pk}" for pk in notify.get("teams", ()))],
        "call": actions.get("call", ""),
    }  # fmt: skip
