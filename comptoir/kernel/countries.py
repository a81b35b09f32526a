"""The countries of the world by their codes (ISO 3166-1 alpha-2), from the time zone database."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def countries() -> frozenset[str]:
    """All codes that are given to a country."""
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in table.splitlines() if line and not line.startswith("#"))
