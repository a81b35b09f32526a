"""Fields for what somebody is called, network by network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext as _

from comptoir.networks.connector import Publishes, StandsHere
from comptoir.networks.found import installed, label_of
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.publishing.models.found_piece import HANDLE_MOST


class HandlesForm(forms.Form):
    """A form with somebody's handle on each network that the brand is on, and on those where one is known already."""

    networks: tuple[str, ...] = ()

    def ask_handles(self, brand: Brand, known: Mapping[str, str], others: Iterable[str] = ()) -> None:
        """Have the fields, with what is known. `others`: networks that are none of the brand's."""
        self.networks = tuple(networks_of(brand, {*known, *others}))
        for network in self.networks:
            label = _("Their name on %(network)s") % {"network": label_of(network)}
            self.fields[field_of(network)] = line(label, HANDLE_MOST, required=False)
        for network, handle in known.items():
            self.initial[field_of(network)] = handle

    @property
    def handles(self) -> dict[str, str]:
        """What was given, by network."""
        given = self.cleaned_data
        return {each: given[field_of(each)] for each in self.networks if given[field_of(each)]}


def networks_of(brand: Brand, known: Iterable[str] = ()) -> list[str]:
    """The networks that the brand speaks on and where others have a name, and those that are known."""
    here = Channel.objects.of(brand).exclude(state=Channel.State.OFF).order_by("network")
    names = here.values_list("network", flat=True).distinct()
    return sorted({*(each for each in names if _named(each)), *known} - {""})


def _named(network: str) -> bool:
    """Whether somebody can be named there: a page of the house has no accounts, a feed says nothing."""
    kind = installed(network)
    return kind is not None and issubclass(kind, Publishes) and not issubclass(kind, StandsHere)


def field_of(network: str) -> str:
    """The name of the field for a network."""
    return f"on-{network}"


def line(label: str, most: int, said: str = "", required: bool = True, **attrs: str) -> forms.CharField:
    """A field for one line of so many letters at the most."""
    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=most, help_text=said, required=required, widget=widget)
