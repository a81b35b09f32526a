"""What people write on a community's card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.networks.found import label_of, networks
from comptoir.networks.models.community import NOTE_MOST, PLACE_MOST, Community, place_of
from comptoir.organisation.models import Brand, Membership, Role


class CommunityForm(forms.Form):
    """A card; `kept` is the one that is there."""

    network = forms.ChoiceField(
        label=_("Network"), required=False, widget=forms.Select(attrs={"class": "select"})
    )
    place = forms.CharField(
        label=_("Where"), max_length=PLACE_MOST, widget=forms.TextInput(attrs={"class": "input"}),
        help_text=_("The name of a server or site (social.example), a part of one (forum.example/c/tea) or a #tag."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), max_length=100, required=False, widget=forms.TextInput(attrs={"class": "input"})
    )
    speaks = forms.ChoiceField(
        label=_("May the brand speak there?"), choices=Community.Speaks.choices, widget=forms.RadioSelect
    )
    customs = forms.CharField(
        label=_("Customs"), required=False, max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "textarea"}),
        help_text=_("What one does there and what not: the tone, rules of the place, what went wrong before."),
    )  # fmt: skip
    asks = forms.CharField(
        label=_("Whom to ask"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"class": "input"}), help_text=_("A moderator’s handle."),
    )  # fmt: skip
    speakers = forms.MultipleChoiceField(
        label=_("Who speaks there for the brand"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, brand: Brand, data: Any = None, kept: Community | None = None, **rest: Any) -> None:
        if kept is not None and "initial" not in rest:
            rest["initial"] = {
                "network": kept.network, "place": kept.place, "name": kept.name, "speaks": kept.speaks,
                "customs": kept.customs, "asks": kept.asks, "speakers": [str(pk) for pk in speakers_of(kept)],
            }  # fmt: skip
        super().__init__(data, **rest)
        known = [(name, label_of(name)) for name in networks()]
        if kept is not None and kept.network and kept.network not in dict(known):
            known.append((kept.network, kept.label))
        roles = Role("agent").and_above()
        rows = Membership.objects.going_on().filter(brand=brand, user__is_active=True, role__in=roles)
        self._members = {
            str(each.pk): each for each in rows.select_related("user").order_by("user__name", "pk")
        }
        self.fields["network"].choices = [("", _("Any")), *known]  # type: ignore[attr-defined]
        self.fields["speakers"].choices = [  # type: ignore[attr-defined]
            (pk, str(each.user)) for pk, each in self._members.items()
        ]
        self.fields["speaks"].initial = self.initial.get("speaks", Community.Speaks.ASK)

    @classmethod
    def by_people(cls, brand: Brand, data: dict[str, Any]) -> CommunityForm:
        """The same, where who speaks there is said by the numbers of people, as programs know them."""
        people = dict(Membership.objects.going_on().filter(brand=brand).values_list("user", "pk"))
        return cls(
            brand, {**data, "speakers": [str(people.get(each, "nobody")) for each in data["speakers"]]}
        )

    def clean_place(self) -> str:
        """In its one spelling."""
        try:
            return place_of(self.cleaned_data["place"])
        except ValueError:
            words = gettext("Write the name of a server or site, with a part of it if need be, or a #tag.")
            raise forms.ValidationError(words) from None

    @property
    def given(self) -> dict[str, Any]:
        """The card's facts."""
        facts = dict(self.cleaned_data)
        facts["speakers"] = [self._members[pk] for pk in facts["speakers"]]
        return facts


class NoteForm(forms.Form):
    """A note on a card."""

    text = forms.CharField(max_length=NOTE_MOST)


def speakers_of(card: Community) -> list[int]:
    """The numbers of those who speak there, of memberships that there are."""
    return list(card.speakers.values_list("pk", flat=True))
