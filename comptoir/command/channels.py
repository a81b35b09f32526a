"""`comptoir connect`: what the pages do with channels, in a terminal."""

import sys
from collections.abc import Mapping

from django.utils import translation

from comptoir.command import saying
from comptoir.networks import connecting
from comptoir.networks.connector import ConnectorError, Field
from comptoir.networks.found import UnknownNetwork, connector_class, networks
from comptoir.networks.sentences import sentence
from comptoir.organisation.models import Brand


class Wrong(Exception):
    """What the person asked for will not do; the text says why."""


def connect(network: str, slug: str, pairs: list[str]) -> int:
    """Connect a channel with the KEY=VALUE given, asking the person for the rest of its network's form."""
    try:
        brand = brand_named(slug)
        given = _given(pairs)
        form: tuple[Field, ...] = connector_class(network).form
        if strange := set(given) - {field.name for field in form}:
            raise Wrong(f"{network} has no field {min(strange)}. It has: {_names(form)}.")
        channel = connecting.connect(brand, network, {field.name: _answer(field, given) for field in form})
    except UnknownNetwork:
        return refuse(f"No network is called {network}. There is: {', '.join(networks())}.")
    except ConnectorError as error:
        return refuse(f"Not connected: {sentence(error.code, error.facts, network)}")
    except Wrong as error:
        return refuse(str(error))
    saying.plain(f"Connected: {channel.handle} on {network}, for {brand}.")
    return 0


def refuse(sentence: str) -> int:
    """Say why not; the exit code for it."""
    print(sentence, file=sys.stderr)
    return 1


def _names(form: tuple[Field, ...]) -> str:
    return ", ".join(field.name for field in form)


def brand_named(slug: str) -> Brand:
    """The brand of that address; "" means the only one. Wrong, with those that there are, when that names none."""
    brands = Brand.objects.everywhere().order_by("slug")
    found = [brand for brand in brands if (brand.slug == slug if slug else brand.archived_at is None)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(brand.slug for brand in brands) or "none yet: start Comptoir once (comptoir up)"
    raise Wrong(f"Which brand? Say it with --brand. There is: {known}.")


def _given(pairs: list[str]) -> dict[str, str]:
    given = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise Wrong(f"Not understood: {pair}. Fields are given as KEY=VALUE.")
        given[key] = value
    return given


def _answer(field: Field, given: Mapping[str, str]) -> str:
    if field.name in given:
        return given[field.name]
    if not sys.stdin.isatty():
        if field.required and not field.default:
            raise Wrong(f"Missing: {field.name}. Give it as {field.name}=VALUE, or run this in a terminal.")
        return field.default
    label = translation.gettext(field.label) + (f" [{field.default}]" if field.default else "")
    if field.secret or field.kind == "password":
        from getpass import getpass

        return getpass(f"{label}: ") or field.default
    return input(f"{label}: ") or field.default
