"""What fills the slots of a text.

A slot's value depends on its name and the conversation only, never on what was asked before: whoever goes on speaking
means the same place and the same time.
"""

from __future__ import annotations

from zlib import crc32

from comptoir.connectors.rehearsal import lines
from comptoir.connectors.rehearsal.dice import Dice, mix
from comptoir.connectors.rehearsal.lines import Person

FARES = (190, 240, 280, 320, 380, 450, 480, 560, 620, 740, 890, 1150, 1280, 1490, 1860, 2400, 3150, 4270)
"""What things cost, in cents."""


class Slots(dict[str, str]):
    """The values of one conversation, drawn when a text first asks for them."""

    __slots__ = ("_minutes", "_seed", "language", "person")

    def __init__(self, seed: int, language: str, person: Person) -> None:
        super().__init__()
        self._seed = seed
        self._minutes = 330 + mix(seed, 0) % 955
        self.language = language
        self.person = person

    def __missing__(self, name: str) -> str:
        value = self[name] = self._draw(name)
        return value

    def _draw(self, name: str) -> str:
        dice = Dice(mix(self._seed, crc32(name.encode())))
        if name == "time":
            return self._clock(self._minutes)
        if name == "time2":
            return self._clock(min(self._minutes + 10 + dice.below(80), 23 * 60 + 55))
        if name == "place2":
            others = [place for place in lines.words(self.language)["place"] if place != self["place"]]
            return dice.pick(others)
        if name == "amount":
            return self._money(dice.pick(FARES))
        if name == "n":
            return str(11 + dice.below(44))
        if name == "num":
            return str(1 + dice.below(38))
        if name == "ref":
            return f"BC-{10_000 + dice.below(90_000)}"
        if name == "me":
            return self.person.name
        if name == "outlet":
            return self.person.outlet or self.person.name
        return dice.pick(lines.words(self.language)[name])

    def _clock(self, minutes: int) -> str:
        hour, minute = divmod(minutes, 60)
        return f"{hour}h{minute:02}" if self.language == "fr" else f"{hour}:{minute:02}"

    def _money(self, cents: int) -> str:
        if self.language == "fr":
            return f"{cents // 100},{cents % 100:02}\N{NO-BREAK SPACE}€"
        return f"€{cents // 100}.{cents % 100:02}"
