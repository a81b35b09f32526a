"""The form of a brand's own page."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _

from comptoir.organisation.models import Brand
from comptoir.organisation.naming import language_name
from comptoir.publishing.models import OwnPage, PageGiven
from comptoir.publishing.models.own_page import (
    ABOUT_MOST,
    LANGUAGES_MOST,
    SITES_MOST,
    SLUG_MOST,
    TITLE_MOST,
    Unfit,
)
from comptoir.publishing.telling import LANGUAGES


class OwnPageForm(forms.Form):
    """What the page is called, what stands above it, who may show it; and whether it is open."""

    def __init__(self, brand: Brand, page: OwnPage | None, *args: Any, **kwargs: Any) -> None:
        given = page.given() if page else PageGiven(brand.slug, brand.name[:TITLE_MOST], _proposed(brand))
        kwargs["initial"] = {
            "open": given.open, "title": given.title, "slug": given.slug, "languages": ", ".join(given.languages),
            "sites": "\n".join(given.sites), **{f"about-{each}": words for each, words in given.abouts.items()},
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self._known = given.languages
        line, lines = {"class": "input", "autocomplete": "off"}, {"class": "textarea", "rows": 3}
        self.fields["open"] = forms.BooleanField(
            label=_("The page is open: everybody sees what is published there"), required=False
        )
        self.fields["title"] = forms.CharField(
            label=_("Title"), max_length=TITLE_MOST, widget=forms.TextInput(attrs=line)
        )
        self.fields["slug"] = forms.SlugField(
            label=_("Address"), max_length=SLUG_MOST, widget=forms.TextInput(attrs=line),
            help_text=_("Its name in the address. Once something stands there it stays, so that links hold."),
        )  # fmt: skip
        self.fields["languages"] = forms.CharField(
            label=_("Languages"), max_length=200, widget=forms.TextInput(attrs=line),
            help_text=_("Codes with commas between them: fr, en, de. The first is for those who read none of them."),
        )  # fmt: skip
        for each in self._known:
            self.fields[f"about-{each}"] = forms.CharField(
                label=_("About the brand: %(language)s") % {"language": language_name(each)},
                required=False, max_length=ABOUT_MOST, widget=forms.Textarea(attrs=lines),
            )  # fmt: skip
        self.fields["sites"] = forms.CharField(
            label=_("Sites that may show the widget"), required=False, max_length=4_000,
            help_text=_("One a line, such as https://www.example.org. None: nobody can frame it."),
            widget=forms.Textarea(attrs=lines),
        )  # fmt: skip

    def clean_languages(self) -> tuple[str, ...]:
        return languages_in(re.split(r"[\s,;]+", self.cleaned_data["languages"].lower()))

    def clean_sites(self) -> tuple[str, ...]:
        return sites_in(self.cleaned_data["sites"].split())

    @property
    def given(self) -> PageGiven:
        """The page as it is wanted, once the form is valid."""
        said = self.cleaned_data
        abouts = {
            each: said[f"about-{each}"].strip()
            for each in self._known
            if said.get(f"about-{each}", "").strip()
        }
        languages = said["languages"]
        return PageGiven(
            said["slug"], " ".join(said["title"].split()), languages,
            {each: words for each, words in abouts.items() if each in languages}, said["sites"], said["open"],
        )  # fmt: skip


def languages_in(codes: list[str]) -> tuple[str, ...]:
    """Languages by their codes, each once. ValidationError for one that is not known, for none, and for too many."""
    found = tuple(dict.fromkeys(filter(None, codes)))
    if strange := next((each for each in found if each not in LANGUAGES), ""):
        raise forms.ValidationError(
            _("“%(code)s” is no language that is known here.") % {"code": strange[:20]}
        )
    if not found:
        raise forms.ValidationError(_("Name at least one language."))
    if len(found) > LANGUAGES_MOST:
        raise forms.ValidationError(_("%(n)d languages at the most.") % {"n": LANGUAGES_MOST})
    return found


def sites_in(addresses: list[str]) -> tuple[str, ...]:
    """Sites by their origins, whatever page of them was named. ValidationError for what is none, and for too many."""
    found = tuple(dict.fromkeys(_origin(each) for each in addresses))
    if len(found) > SITES_MOST:
        raise forms.ValidationError(_("%(n)d sites at the most.") % {"n": SITES_MOST})
    return found


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        host, port = "", None
    near = host in ("localhost", "127.0.0.1")
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host) or not (
        parts.scheme == "https" or (near and parts.scheme == "http")
    ):
        words = _("“%(site)s” is no address of a site: write it like https://www.example.org.")
        raise forms.ValidationError(words % {"site": address[:80]})
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def unfit(error: Unfit) -> str:
    """Why a page cannot have an address."""
    return {
        "taken": _("Another page has this address already. Choose another."),
        "fixed": _("Entries stand at the present address: it stays, so that links to them hold."),
    }[error.code]


def _proposed(brand: Brand) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, [brand.language, "fr", "en"])))
