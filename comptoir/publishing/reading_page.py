"""Entries of a brand's own page as a visitor reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language_info

from comptoir.organisation.naming import language_name
from comptoir.publishing.models import OwnPage, PageEntry, PagePicture, PageText
from comptoir.publishing.visiting import Visitor

TITLE_MOST = 90
SUMMARY_MOST = 240
SHORT_MOST = 1_500
"""Letters of an entry that stand in a list; the rest stands on its own page."""


@dataclass(frozen=True, slots=True)
class Read:
    """An entry in the words that its reader gets. `url` leads to it in this reader's language and country, `address` is
    the one to share: there everybody gets theirs."""

    entry: PageEntry
    text: PageText
    pictures: Sequence[PagePicture]
    url: str
    address: str

    @property
    def language(self) -> str:
        """In which it is shown."""
        return self.text.language

    @property
    def title(self) -> str:
        """Its first line; of what is folded below a warning, the warning alone."""
        first = self.text.warning or next((each for each in self._whole.splitlines() if each.strip()), "")
        return Truncator(" ".join(first.split())).chars(TITLE_MOST) or self._alt or self.entry.word

    @property
    def summary(self) -> str:
        """How it begins, for those who see no more of it."""
        return (
            Truncator(" ".join((self.text.warning or self._whole).split())).chars(SUMMARY_MOST) or self._alt
        )

    @property
    def short(self) -> str:
        """As much of it as stands in a list."""
        return Truncator(self._whole).chars(SHORT_MOST)

    @property
    def goes_on(self) -> bool:
        """Whether a list has it in part."""
        return len(self._whole) > SHORT_MOST

    @property
    def headed(self) -> bool:
        """Whether its first line can stand above the rest of it as a title."""
        first, _line, rest = self._whole.partition("\n")
        return bool(rest.strip()) and not self.text.warning and " ".join(first.split()) == self.title

    @property
    def body(self) -> str:
        """All of it, without what stands above it as its title."""
        return self._whole.partition("\n")[2].strip() if self.headed else self._whole

    @property
    def picture(self) -> PagePicture | None:
        """The one that stands for it, none of what is folded."""
        return self.pictures[0] if self.pictures and not self.text.warning else None

    @property
    def _whole(self) -> str:
        return "\n\n".join(self.text.parts)

    @property
    def _alt(self) -> str:
        shown = self.picture
        return Truncator(shown.alt).chars(TITLE_MOST) if shown else ""


def read_by(page: OwnPage, visitor: Visitor, entries: Iterable[PageEntry]) -> list[Read]:
    """Entries, fetched with their texts and pictures, for one reader. What has no words in any language is left out."""
    found = []
    for each in entries:
        text = each.said_in(visitor.language)
        if text is not None:
            url = reverse("own-page-entry-in", args=[page.slug, visitor.locale, each.word])
            found.append(Read(each, text, list(each.pictures.all()), url, address_of(page, each)))
    return found


def address_of(page: OwnPage, entry: PageEntry) -> str:
    """The address of an entry for everybody."""
    return absolute(reverse("own-page-entry", args=[page.slug, entry.word]))


def absolute(path: str) -> str:
    """An address that means the same elsewhere."""
    return f"{settings.PUBLIC_URL}{path}"


def picture_url(page: OwnPage, picture: PagePicture) -> str:
    """Where a picture is."""
    return reverse("own-page-picture", args=[page.slug, picture.pk])


def named(languages: Iterable[str]) -> list[tuple[str, str]]:
    """Languages with their names."""
    return [(each, endonym(each)) for each in languages]


def endonym(code: str) -> str:
    """A language as those who speak it call it: whoever looks for theirs may read no other."""
    try:
        name = str(get_language_info(code)["name_local"])
    except KeyError:
        return language_name(code)
    return f"{name[:1].upper()}{name[1:]}"


def as_html(text: str) -> SafeString:
    """Plain words as paragraphs with links that can be followed; all else in them is shown, never read as HTML."""
    return mark_safe(linebreaks(urlize(text, autoescape=True)))  # noqa: S308 - urlize escapes
