"""The form of a saved reply: its name, whose it is, and its words in each language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.inbox.models.custom import fields_for
from comptoir.inbox.models.saved import TEXT_MOST, VERSIONS_MOST, tag
from comptoir.inbox.models.variables import FIELD, KNOWN, SURVEY, Unclosed, UnknownVariable, check
from comptoir.organisation.models import Brand, Team
from comptoir.organisation.naming import visible

_INPUT = {"class": "input", "autocomplete": "off"}


@dataclass(slots=True)
class Version:
    """The words in one language as they were given, what is `wrong` with them, and how they read with an example."""

    language: str = ""
    text: str = ""
    wrong: str = ""
    preview: str = ""


class SavedReplyForm(forms.Form):
    """Everything of a saved reply. `versions` are the languages with their words; empty ones count as not given."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        widget=forms.TextInput(attrs=_INPUT),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    shortcut = forms.CharField(
        label=gettext_lazy("Shortcut"),
        max_length=30,
        required=False,
        help_text=gettext_lazy(
            "What is typed after the slash: letters, figures, hyphens. Without one, of its name."
        ),
        widget=forms.TextInput(attrs={**_INPUT, "autocapitalize": "none", "spellcheck": "false"}),
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[("brand", gettext_lazy("For everybody who answers")), ("own", gettext_lazy("For me alone"))],
        required=False,
        widget=forms.RadioSelect,
    )
    team = forms.ModelChoiceField(
        Team.objects.get_queryset().none(),
        label=gettext_lazy("Team"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
        help_text=gettext_lazy("Only its people are offered it, and whoever answers what was given to it."),
        widget=forms.Select(attrs={"class": "select"}),
    )

    def __init__(
        self, brand: Brand, *args: Any, versions: Iterable[tuple[str, str]] = (), shares: bool, fixed: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`shares`: whether the brand's may be made; `fixed`: whose it is was settled when it was made."""
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.versions = [Version(language.strip(), text.replace("\r\n", "\n")) for language, text in versions]
        self.fields["team"].queryset = Team.objects.of(brand).order_by("name")  # type: ignore[attr-defined]
        if not shares:
            del self.fields["team"]
        if not shares or fixed:
            del self.fields["whose"]

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """With the shortcut, of the name where none was given, and `texts` by language."""
        given: dict[str, Any] = super().clean() or {}
        asked = str(given.get("shortcut") or "").strip().removeprefix("/")
        shortcut = asked or slugify(given.get("name", ""), allow_unicode=True)[:30].strip("-_")
        if asked and not all(sign.isalnum() or sign in "-_." for sign in asked):
            self.add_error("shortcut", _("Letters, figures, hyphens and points alone: no blank."))
        elif not shortcut and "name" in given:
            self.add_error("shortcut", _("Say what is typed after the slash."))
        given["shortcut"] = shortcut
        given["texts"] = self._texts()
        return given

    @property
    def wrong(self) -> str:
        """The first thing that is wrong, as a sentence."""
        at_fields = (str(error) for errors in self.errors.values() for error in errors)
        return next((each.wrong for each in self.versions if each.wrong), None) or next(at_fields, "")

    def taken(self) -> None:
        """Say that there is another one of this shortcut."""
        self.add_error("shortcut", _("Another saved reply has this shortcut."))

    def _texts(self) -> dict[str, str]:
        """The versions that were given. What is wrong with one is said at it, and in general."""
        texts: dict[str, str] = {}
        filled = [each for each in self.versions if each.text.strip()]
        for each in filled:
            language = tag(each.language)
            each.wrong = _wrong(each, language, texts, self.brand)
            texts[language] = each.text.replace("\x00", "").strip()
        if not filled:
            self.add_error(None, _("Write its words in one language at least."))
        elif len(filled) > VERSIONS_MOST:
            self.add_error(None, _("That is more languages than a saved reply takes."))
        elif any(each.wrong for each in filled):
            self.add_error(None, _("Look at the words below."))
        return texts


def _wrong(version: Version, language: str, before: dict[str, str], brand: Brand) -> str:
    if not language:
        return _("Name the language by its code: fr, en, pt-BR.")
    if language in before:
        return _("There is a version in this language already.")
    if len(version.text) > TEXT_MOST:
        return _("That is too long for a saved reply.")
    return wrong_with(version.text, brand)


def wrong_with(text: str, brand: Brand) -> str:
    """Why the variables of a text could not be filled for the brand's people, "" when they can."""
    own = fields_for(brand.pk, [text])
    try:
        check(text, {each.folded for each in own})
    except UnknownVariable as unknown:
        words = _("There is no variable {{%(name)s}}. There are: %(known)s.")
        names = (*KNOWN, SURVEY, *(f"{FIELD}{each.name}" for each in own))
        known = ", ".join(f"{{{{{name}}}}}" for name in names)
        return words % {"name": unknown.name[:60], "known": known}
    except Unclosed:
        return _("Two braces are opened and not closed, or closed and not opened.")
    return ""
