"""Whoever visits a brand's own page: in which language they read it, and for which country."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

PREFIX = "p/"
"""Below which all own pages stand."""
ALL = "all"
"""In the place of a language: everything, in whatever language and for whatever country."""
_COUNTRY = re.compile("[A-Z]{2}")
_FAMILY, _SCRIPT = re.compile("[a-z]{2,3}"), re.compile("[a-z]{4}")
_ACCEPT_MOST = 500
_NOWHERE = frozenset({"XX", "ZZ", "T1", "EU", "AP"})
"""What proxies say of addresses whose country they do not know."""


class Locale:
    """A language in an address, and a country after it: `fr`, `fr-BE`, `zh-hans-SG`, `all`."""

    regex = "[a-z]{2,3}(?:-[a-z]{4})?(?:-[A-Z]{2})?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Word:
    """The name of an entry in addresses."""

    regex = "[a-z2-7]{13}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def language_in(code: str) -> str:
    """A language as addresses have it, "" for what none can be: its region is left out, the country is told apart."""
    family, _dash, script = code.lower().partition("-")
    if not _FAMILY.fullmatch(family) or family == ALL:
        return ""
    return f"{family}-{script}" if _SCRIPT.fullmatch(script) else family


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who reads. `language` "" stands for all of them, `country` "" for none that is known; `chosen` where the address
    says both, so that nothing hangs on the browser."""

    language: str
    country: str = ""
    chosen: bool = False

    @property
    def locale(self) -> str:
        """As an address has it."""
        return "-".join(filter(None, [self.language or ALL, self.country]))

    @property
    def chrome(self) -> str:
        """The language of the words around what was said: the reader's, where the house speaks it."""
        known = {code for code, _name in settings.LANGUAGES}
        own = self.language.partition("-")[0]
        return own if own in known else translation.get_language() or settings.LANGUAGE_CODE


def visitor_of(request: HttpRequest, languages: Sequence[str], locale: str = "") -> Visitor:
    """Who asks: as the address says, else by what the browser reads, and where a proxy that the host named puts it.
    Http404 for a language that there is not."""
    if locale:
        language, country = apart(locale)
        if language == ALL:
            return Visitor("", chosen=True)
        if language not in languages:
            raise Http404(_("There is no such page."))
        return Visitor(language, country, chosen=True)
    try:
        accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:_ACCEPT_MOST])
    except ValueError:
        accepted = ()
    read = [tag for tag, _weight in accepted]
    found = (_match(tag, languages) for tag in read)
    return Visitor(next((each for each in found if each), languages[0]), _country(request, read))


def apart(locale: str) -> tuple[str, str]:
    """The language of an address, and the country after it, "" for none."""
    language, _dash, last = locale.rpartition("-")
    return (language, last) if language and _COUNTRY.fullmatch(last) else (locale, "")


def _match(tag: str, languages: Sequence[str]) -> str:
    """The language of the page that a browser's comes closest to, "" for none."""
    tag = tag.lower()
    exact = next((each for each in languages if tag == each or tag.startswith(f"{each}-")), "")
    family = tag.partition("-")[0]
    return exact or next((each for each in languages if each.partition("-")[0] == family), "")


def _country(request: HttpRequest, read: Sequence[str]) -> str:
    """What the proxy says, else the region of the language that the browser names first."""
    if settings.COUNTRY_HEADER:
        said = request.headers.get(settings.COUNTRY_HEADER, "").strip().upper()
        return said if _COUNTRY.fullmatch(said) and said not in _NOWHERE else ""
    last = read[0].rpartition("-")[2].upper() if read and "-" in read[0] else ""
    return last if _COUNTRY.fullmatch(last) else ""
