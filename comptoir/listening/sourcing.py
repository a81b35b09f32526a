"""One source more: what is asked of a place, and what comes of the answers; for its page and for programs alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from comptoir.kernel.faults import OutsideError
from comptoir.listening.forms import SearchForm
from comptoir.listening.models import Source
from comptoir.listening.models.source import (
    AlreadyHeard,
    TooManySources,
    overhearing_networks,
    searching_channels,
)
from comptoir.networks.connector import ConnectorError
from comptoir.networks.forms import ConnectForm
from comptoir.networks.found import connector_class, label_of
from comptoir.networks.outside import code_of
from comptoir.organisation.models import Brand, User

SEARCH = "search"


def kinds_of(brand: Brand) -> dict[str, str]:
    """What can be listened to, by the names of networks, and what people call it; a search where an account can."""
    kinds = {name: label_of(name) for name in overhearing_networks()}
    return {**kinds, SEARCH: _("Search")} if searching_channels(brand) else kinds


def questions(brand: Brand, at: str, answers: Mapping[str, Any] | None = None) -> Any:
    """The form of a place, or of a search, of those that `kinds_of` names."""
    if at == SEARCH:
        return SearchForm(searching_channels(brand), answers)
    return ConnectForm(at, connector_class(at).public_form, answers)


def add_source(brand: Brand, by: User, at: str, form: Any) -> Source | None:
    """The new source of a form that is valid; None when it cannot be, which the form then says."""
    try:
        if at == SEARCH:
            return Source.search(form.channel, by, form.cleaned_data["words"])
        answers = {name: str(value or "") for name, value in form.cleaned_data.items()}
        return Source.listen(brand, by, at, Source.find(at, answers))
    except ConnectorError as error:
        form.refused(error)
    except OutsideError as error:
        form.refused(ConnectorError(code_of(error)))
    except AlreadyHeard:
        form.add_error(None, _("The brand listens there already."))
    except TooManySources:
        form.add_error(None, _("A brand has two hundred sources at the most."))
    return None
