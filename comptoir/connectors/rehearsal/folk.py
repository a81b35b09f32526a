"""Who speaks: the inhabitants, and in a crowd those who only pass through."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

from comptoir.connectors.rehearsal import lines
from comptoir.connectors.rehearsal.dice import Dice, mix
from comptoir.connectors.rehearsal.lines import Person, Seed
from comptoir.networks.connector import Actor

_CROWD = 0x636F6D70746F6972
BRAND = "bacetcable"
NAMED_ONLY = frozenset({"journalist"})
"""Tones that only inhabitants have: a storm does not invent newspapers."""


def speaker(seed: Seed, dice: Dice, crowd: float) -> Person:
    """Who says this seed. `crowd`: the share of messages that come from people passing through."""
    known = lines.speakers(seed.language, seed.tone, seed.gender, seed.topic)
    if known and (seed.tone in NAMED_ONLY or not dice.chance(crowd)):
        return dice.pick(known)
    return stranger(seed, dice)


def stranger(seed: Seed, dice: Dice) -> Person:
    """Somebody who passes through, with the temper and the language of the seed.

    All that the network shows of them follows from the number in their handle: one handle, one person.
    """
    names = lines.read("words")["crowd"]
    number = dice.below(40_000)
    own = Dice(mix(_CROWD, number))
    if seed.tone == "spammer":
        name = f"{own.pick(names['spam'][seed.topic])} {number}"
        return Person(name, _handle(name), "", seed.language, "n", ("spammer",), number % 40, "")
    gender = seed.gender if seed.gender in ("f", "m") else "fm"[number % 2]
    number = number * 4 + 2 * (gender == "m") + (seed.language == "en")
    name = f"{own.pick(names[f'first_{gender}'])} {own.pick(names['last'])}"
    about = own.pick(names[f"about_{seed.language}"])
    # The fourth power: most have a handful of followers, a few have thousands.
    followers = int(9_000 * own.real() ** 4)
    return Person(
        name, f"{_handle(name)}.{number}", "", seed.language, gender, (seed.tone,), followers, about
    )


def passer_by(language: str, dice: Dice) -> Person:
    """Anybody: who likes, follows and reposts."""
    return speaker(dice.pick(lines.seeds(language, "comments")), dice, crowd=0.5)


def _handle(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return plain.replace(" ", ".").replace("'", "")


def actor(town: str, person: Person) -> Actor:
    """The person as the network shows them."""
    return Actor(
        remote_id=f"rehearsal:{town}/@{person.handle}",
        handle=person.handle,
        name=person.name,
        about=person.about,
        followers=person.followers,
    )


def brand(town: str) -> Actor:
    """The account that the channel speaks for."""
    return Actor(
        remote_id=f"rehearsal:{town}/@{BRAND}",
        handle=BRAND,
        name="Bac & Câble",
        about="Bacs, trams et câbles de Port-Escarbille. Ferries, trams and cable cars. 6h-22h, cormoran compris.",
        followers=12_408,
    )


def moment(ms: int) -> datetime:
    """Milliseconds since 1970 as a time."""
    return datetime.fromtimestamp(ms / 1000, UTC)
