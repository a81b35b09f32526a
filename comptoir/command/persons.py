"""`comptoir person`: what is kept of somebody, given, erased, or not taken in any more, in the whole house."""

import sys
from contextlib import suppress
from pathlib import Path

from django.utils import translation

from comptoir.command import saying
from comptoir.command.channels import Wrong, brand_named, refuse
from comptoir.networks import objections, persons
from comptoir.networks.found import label_of, networks
from comptoir.networks.models import Actor
from comptoir.networks.packing import pack
from comptoir.organisation.audit import record

CONFIRMED = "DELETE"


def person(act: str, network: str, name: str, out: str, slug: str, yes: bool, back: bool) -> int:
    """Do what was asked about one person, given by network and handle or remote id."""
    try:
        if network not in networks():
            raise Wrong(f"No network is called {network}. There is: {', '.join(networks())}.")
        if act == "object":
            return _take_back(network, name, slug) if back else _object(network, name, slug)
        found = _found(network, name)
        return _export(found, out) if act == "export" else _erase(found, yes)
    except Wrong as error:
        return refuse(str(error))


def _found(network: str, name: str) -> Actor:
    found = persons.find(network, name)
    if not found:
        raise Wrong(f"Nobody is known as {name} on {network}: nothing is kept of them.")
    if len(found) > 1:
        ids = ", ".join(each.remote_id for each in found)
        raise Wrong(f"Several people are known as {name} on {network}. Say which by its id: {ids}")
    return found[0]


def _export(found: Actor, out: str) -> int:
    path = Path(out or f"person-{found.pk}.zip")
    try:
        with path.open("xb") as file:
            for part in pack(found):
                file.write(part)
    except FileExistsError:
        raise Wrong(f"{path} is there already. Name another file with --out.") from None
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise Wrong(f"{path} cannot be written: {error.strerror}.") from None
    record("person_exported", None, found, network=label_of(found.network))
    path.chmod(0o600)
    saying.plain(f"Everything that is kept of them: {path} ({path.stat().st_size:,} bytes).")
    return 0


def _erase(found: Actor, yes: bool) -> int:
    for holder, count in persons.held(found):
        if count:
            saying.plain(f"{count:>8}  {translation.gettext(holder.label)}")
    if not yes:
        if not sys.stdin.isatty():
            raise Wrong("Nothing was erased. Say --yes, or run this in a terminal.")
        if input(f"This cannot be undone. Type {CONFIRMED} to erase: ").strip() != CONFIRMED:
            raise Wrong("Nothing was erased.")
    counts = persons.erase(found)
    saying.plain(f"Erased: {sum(counts.values())} things. A restored backup will have them erased again.")
    return 0


def _object(network: str, name: str, slug: str) -> int:
    brand = brand_named(slug) if slug else None
    found = persons.find(network, name)[:1]
    account = found[0].remote_id if found else ""
    try:
        row = objections.object_to(network, account=account, handle="" if account else name, brand=brand)
    except ValueError:
        raise Wrong("Say who: a handle or an id.") from None
    saying.plain(f"Objection {row.pk}: what they write on {network} is skipped for {brand or 'every brand'}.")
    return 0


def _take_back(network: str, name: str, slug: str) -> int:
    brand = brand_named(slug) if slug else None
    rows = list(objections.matching(network, name).filter(brand=brand))
    for row in rows:
        objections.take_back(row)
    if not rows:
        raise Wrong(f"No objection of {name} on {network} is noted for {brand or 'the whole house'}.")
    saying.plain(f"Taken back: what they write on {network} comes in again.")
    return 0
