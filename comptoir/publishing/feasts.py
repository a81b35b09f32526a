"""Which days are public holidays where, as the `holidays` library knows.

It is asked in a process of its own, which ends with the answer: any process of the house that loads it is 33 MB larger
from then on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

Names = dict[str, str]
"""A day's names by language; "" is the language of the place."""
_LANGUAGES = {"en": ("en_US", "en_GB"), "fr": ("fr", "fr_FR")}
"""What the library calls the languages of the pages."""
_PATIENCE = 60.0


def feasts(places: Sequence[str], first: int, last: int) -> dict[str, dict[str, Names]]:
    """By place and ISO date, the names of the holidays from a year to another. KeyError for an unknown place."""
    if unknown := [each for each in places if each not in known_places()]:
        raise KeyError(unknown[0])
    return dict(_asked("days", str(first), str(last), *places)) if places else {}


@cache
def known_places() -> frozenset[str]:
    """The codes of all countries that holidays are known of, and of their parts: "FR", "FR-57"."""
    return frozenset(_asked("places"))


def _asked(*question: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "comptoir.publishing.feasts", *question],
        capture_output=True,
        timeout=_PATIENCE,
        check=True,
    )
    return json.loads(done.stdout)


def _answer(question: Sequence[str]) -> Any:
    """In the process of its own."""
    import holidays

    if question[0] == "places":
        parts = holidays.list_supported_countries(include_aliases=False)
        return [*parts, *(f"{country}-{part}" for country in parts for part in parts[country])]
    years = range(int(question[1]), int(question[2]) + 1)
    return {place: _days(holidays, place, years) for place in question[3:]}


def _days(holidays: Any, place: str, years: range) -> dict[str, Names]:
    country, _dash, part = place.partition("-")
    spoken: tuple[str, ...] = getattr(holidays.country_holidays(country), "supported_languages", ())
    found: dict[str, Names] = {}
    wanted = {"": None} | {
        ours: next(each for each in theirs if each in spoken)
        for ours, theirs in _LANGUAGES.items()
        if set(theirs) & set(spoken)
    }
    for ours, theirs in wanted.items():
        rows = holidays.country_holidays(country, subdiv=part or None, years=years, language=theirs)
        for day, name in rows.items():
            found.setdefault(day.isoformat(), {})[ours] = name
    return found


if __name__ == "__main__":
    print(json.dumps(_answer(sys.argv[1:])))
