"""French is complete: every text has its translation, with the same facts in it, and nothing is left over."""

from __future__ import annotations

import gettext
import re
from pathlib import Path
from typing import Any

import pytest

import comptoir
from comptoir.web.tests.catalogue import texts

PLACE = Path(comptoir.__file__).parent / "locale"
_FACT = re.compile(r"%\(\w+\)[sd]|\{n\}|<kbd>.</kbd>")


@pytest.fixture(scope="module")
def french() -> dict[Any, str]:
    with (PLACE / "fr" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]


def known(french: dict[Any, str]) -> set[str]:
    return {key[0] if isinstance(key, tuple) else key for key in french} - {""}


def test_every_text_is_translated(french: dict[Any, str]) -> None:
    plurals = set(re.findall(r'msgid_plural "(.*)"', (PLACE / "fr/LC_MESSAGES/django.po").read_text()))
    assert sorted(texts() - known(french) - plurals) == []


def test_nothing_is_translated_that_nobody_says(french: dict[Any, str]) -> None:
    assert sorted(known(french) - texts()) == []


def test_translations_keep_the_facts(french: dict[Any, str]) -> None:
    for key, words in french.items():
        said, form = key if isinstance(key, tuple) else (key, 0)
        assert words, said
        if said and not form:
            assert sorted(_FACT.findall(said)) == sorted(_FACT.findall(words)), said
        # The catalogue does not hold the words for several: they say what those for one do, and perhaps how many.
        assert not said or set(_FACT.findall(said)) <= set(_FACT.findall(words)), said


def test_french_keeps_its_spaces(french: dict[Any, str]) -> None:
    """A no-break space before two-part punctuation."""
    wrong = [
        words
        for key, words in french.items()
        if key and re.search(r"[^\s\u00a0][;?!»](?![\w<])| [:;?!»]", words)
    ]
    assert wrong == []


def test_no_entry_is_fuzzy() -> None:
    for path in PLACE.rglob("*.po"):
        assert "fuzzy" not in path.read_text()
        assert path.with_suffix(".mo").stat().st_size > 1_000


def test_the_compiled_catalogue_is_that_of_the_source(french: dict[Any, str]) -> None:
    source = (PLACE / "fr/LC_MESSAGES/django.po").read_text()
    said = {
        re.sub(r"\\(.)", r"\1", text)
        for text in re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', source, re.MULTILINE)
    }
    assert said == {words for key, words in french.items() if key}
