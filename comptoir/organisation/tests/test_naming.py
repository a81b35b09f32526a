"""Names of languages: as the reader calls them."""

from __future__ import annotations

import pytest
from django.utils import translation

from comptoir.organisation.naming import language_name


@pytest.mark.parametrize(
    ("reader", "code", "name"),
    [
        ("fr", "en", "Anglais"), ("fr", "fr", "Français"), ("fr", "pt-BR", "Portugais brésilien"),
        ("fr", "de-XX", "Allemand"), ("fr", "no", "Norvégien"), ("fr", "zh", "Chinois"), ("en", "fr", "French"),
        ("en", "xx", "xx"),
    ],
)  # fmt: skip
def test_a_language_is_named_in_the_reader_s_own(reader: str, code: str, name: str) -> None:
    with translation.override(reader):
        assert language_name(code) == name
