"""Dates and times are written alike in both languages: the day first, 24 hours."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import formats, timezone, translation

import comptoir
from comptoir.organisation.templatetags.house import moment

AT = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "full", "day"),
    [
        ("en", "22 November 2026, 18:05", "22 November 2026"),
        ("en-gb", "22 November 2026, 18:05", "22 November 2026"),
        ("fr", "22 novembre 2026 18:05", "22 novembre 2026"),
    ],
)
def test_the_day_comes_first_and_the_clock_has_24_hours(language: str, full: str, day: str) -> None:
    with translation.override(language), timezone.override(UTC):
        assert moment(AT) == full
        assert formats.date_format(AT, "DATE_FORMAT") == day
        assert formats.time_format(AT.time()) == "18:05"


def test_what_names_a_day_or_an_hour_is_not_made_an_age_by_the_page() -> None:
    """The script of the pages writes an age into each <time> that does not say that it is exact."""
    root = Path(comptoir.__file__).parent
    shown = re.compile(r"<time((?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*)>(.*?)</time>", re.DOTALL)
    wrong = [
        f"{path.name}: {words}"
        for path in root.rglob("templates/**/*.html")
        for marks, words in shown.findall(path.read_text())
        if re.search(r"\|(moment|date)\b", words) and "data-exact" not in marks
    ]
    assert wrong == []
