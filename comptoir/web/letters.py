"""Mail that pages write to people: each letter is two templates, in the language of whoever reads it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from comptoir.organisation.models import Brand, User
from comptoir.web import accounts


def leaves() -> bool:
    """Whether mail leaves this house at all, and is not only printed in its terminal."""
    return "console" not in str(settings.MAILERS["default"]["BACKEND"])


def post(letter: str, to: str, language: str, **told: Any) -> None:
    """Queue a letter ("invitation": web/letters/invitation.txt and its subject) to an address, in this transaction."""
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"web/letters/{letter}_subject.txt", told)
        body = render_to_string(f"web/letters/{letter}.txt", told)
    accounts.post(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [to])


def language_of(user: User | None, brand: Brand | None = None) -> str:
    """The language in which to write: the person's own, the brand's, that of the page being asked for."""
    known = dict(settings.LANGUAGES)
    for chosen in (user.language if user else "", brand.language if brand else ""):
        if chosen in known:
            return chosen
    return translation.get_language() or settings.LANGUAGE_CODE


def address(name: str, *args: Any) -> str:
    """The whole address of a page, as a letter gives it."""
    return str(settings.PUBLIC_URL + reverse(name, args=args))
