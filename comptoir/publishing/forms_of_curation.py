"""The form of found pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from comptoir.organisation.models import Brand
from comptoir.organisation.naming import visible
from comptoir.publishing.forms_of_handles import HandlesForm, field_of, line
from comptoir.publishing.models import FoundPiece, Piece
from comptoir.publishing.models.found_piece import (
    AUTHOR_MOST,
    HANDLE_MOST,
    LINK_MOST,
    NOTE_MOST,
    TAG_MOST,
    TAGS_MOST,
    TITLE_MOST,
)
from comptoir.publishing.tagging import host_of

_PAGE = field_of("")


class FoundPieceForm(HandlesForm):
    """What is known of a found piece: its author's handle on each network that the brand is on as well."""

    def __init__(self, brand: Brand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"] = line(_("Link"), LINK_MOST, _("Where the author published it."), inputmode="url")
        self.fields["title"] = line(_("Title"), TITLE_MOST)
        self.fields["author"] = line(
            _("Author"),
            AUTHOR_MOST,
            _("Who made it, by the name that they use. No post about it leaves without."),
        )
        self.ask_handles(brand, kwargs.get("initial", {}).get("handles", {}))
        self.fields[_PAGE] = line(
            _("A page of theirs"), HANDLE_MOST, _("Where one finds them, if it is none of these networks."),
            required=False, inputmode="url",
        )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("Note"), required=False, max_length=NOTE_MOST,
            help_text=_("For colleagues: why it is good, what to say of it, what was agreed with its author."),
            widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        )  # fmt: skip
        self.fields["thanks"] = forms.BooleanField(
            label=_("Thank its author: a post about it begins with thanks in its first comment"),
            required=False,
        )
        self.fields["tags"] = line(_("Tags"), 500, _("Separated by commas."), required=False)

    def clean_title(self) -> str:
        return visible(self.cleaned_data["title"])

    def clean_author(self) -> str:
        return visible(self.cleaned_data["author"])

    def clean_link(self) -> str:
        return link_of(self.cleaned_data["link"])

    def clean_tags(self) -> list[str]:
        return tags_of(self.cleaned_data["tags"].split(","))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        page = given.get(_PAGE, "")
        if page and not host_of(page):
            self.add_error(_PAGE, _("Write a whole address, such as https://example.org/page."))
        return given

    @property
    def piece(self) -> Piece:
        """What was given."""
        given = self.cleaned_data
        handles = self.handles | ({"": given[_PAGE]} if given[_PAGE] else {})
        return Piece(
            given["title"],
            given["link"],
            given["author"],
            handles,
            given["note"],
            given["tags"],
            given["thanks"],
        )


def first_of(found: FoundPiece) -> dict[str, Any]:
    """What the form of one begins with."""
    return {
        "link": found.link, "title": found.title, "author": found.author, "handles": found.handles,
        "note": found.note, "tags": ", ".join(found.tags), "thanks": found.thanks,
    }  # fmt: skip


def link_of(text: str) -> str:
    """An address that a piece may have. ValidationError where it is none."""
    found = text.strip()
    if not host_of(found):
        raise forms.ValidationError(_("Write a whole address, such as https://example.org/page."))
    return found


def tags_of(given: Sequence[str]) -> list[str]:
    """Tags as they are kept: without signs, once each. ValidationError where they are too many or too long."""
    found = list(
        dict.fromkeys(clean for each in given if (clean := " ".join(each.lstrip("# ").split()).lower()))
    )
    if len(found) > TAGS_MOST or any(len(each) > TAG_MOST for each in found):
        facts = {"n": TAGS_MOST, "letters": TAG_MOST}
        raise forms.ValidationError(_("At most %(n)d tags, of %(letters)d letters each.") % facts)
    return found
