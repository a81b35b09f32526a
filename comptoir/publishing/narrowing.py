"""Which posts a list shows: those for a channel, of a campaign, in a state, with words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.networks.models import Channel
from comptoir.organisation.access import BrandRequest
from comptoir.publishing.models import Campaign, Post, Variant
from comptoir.publishing.models.post import PostQuerySet


def narrowed(
    posts: PostQuerySet, state: str | None, channel: int | None, campaign: int | None
) -> PostQuerySet:
    """Those in a state, for a channel, of a campaign: of what is asked, all of it."""
    asked = {"state": state, "destinations__channel": channel, "campaign": campaign}
    return posts.filter(**{name: value for name, value in asked.items() if value})


def saying(posts: PostQuerySet, words: str) -> PostQuerySet:
    """Those that have all of these words in their title, or in what they say somewhere."""
    texts = Variant.objects.annotate(text=Cast("parts", TextField()))
    for word in words.replace("\x00", " ").split()[:10]:
        kept = json.dumps(word, ensure_ascii=False)[1:-1]
        said = texts.filter(post=OuterRef("pk"), text__icontains=kept)
        posts = posts.filter(Q(title__icontains=word) | Exists(said))
    return posts


class Narrowing(forms.Form):
    """What a list is narrowed to; what is no answer is as if it were not asked."""

    channel = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    campaign = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    state = forms.ChoiceField(choices=[("", gettext_lazy("Any state")), *Post.State.choices], required=False)

    def __init__(self, request: BrandRequest) -> None:
        super().__init__(request.GET)
        channels = Channel.objects.of(request.brand).order_by("handle").values_list("pk", "handle")
        campaigns = Campaign.objects.of(request.brand).order_by("name").values_list("pk", "name")
        self._choose("channel", [("", _("Every channel")), *channels])
        self._choose("campaign", [("", _("Every campaign")), *campaigns])

    def _choose(self, name: str, choices: list[Any]) -> None:
        found: Any = self.fields[name]
        found.choices = choices

    @property
    def found(self) -> Mapping[str, Any]:
        """What was asked, by name."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}

    def those(self, posts: PostQuerySet) -> PostQuerySet:
        """Of these, what is asked for."""
        found = self.found
        return narrowed(posts, found["state"], found["channel"], found["campaign"])

    @property
    def questions(self) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
        """Name, label, what was answered, what may be. Written out by the template: a widget takes a template for each
        choice, and a brand has hundreds of channels."""
        labels = {"channel": _("Channel"), "campaign": _("Campaign"), "state": _("State")}
        return [
            (
                name,
                label,
                self.data.get(name, ""),
                [(str(value), str(words)) for value, words in self._choices(name)],
            )
            for name, label in labels.items()
        ]

    def _choices(self, name: str) -> list[Any]:
        found: Any = self.fields[name]
        return list(found.choices)
