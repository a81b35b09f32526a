"""What of the saved replies fits a thread: who may use them, in which language, with what in place of the variables."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import Q
from django.utils import timezone, translation

from comptoir.inbox.models.custom import CustomField, day_words, fields_for, variables_of
from comptoir.inbox.models.saved import SavedReply, fitting, languages_of
from comptoir.inbox.models.signing import first_name
from comptoir.inbox.models.variables import fill
from comptoir.kernel import clock
from comptoir.networks.models.activity import is_erased
from comptoir.reading.language import language_of

if TYPE_CHECKING:
    from comptoir.inbox.models.thread import Thread
    from comptoir.networks.models import Activity, Actor
    from comptoir.organisation.models import Brand, User


@dataclass(frozen=True, slots=True)
class Offer:
    """A saved reply, filled for a thread: `texts` by language, `language` the one that fits it."""

    saved: SavedReply
    texts: dict[str, str]
    language: str

    @property
    def text(self) -> str:
        """The version that fits."""
        return self.texts[self.language]


def offers(thread: Thread, by: User) -> list[Offer]:
    """What `by` may answer the thread with, used most and last first."""
    rows = SavedReply.objects.of(thread.brand_id).open_to(by)
    # A team's are for its people, and for whoever answers what was given to the team.
    rows = rows.filter(Q(team=None) | Q(team__memberships__user=by) | Q(team=thread.team_id or 0)).distinct()
    saved = list(rows.lately_first().prefetch_related("texts"))
    if not saved:
        return []
    heard = thread.last_inbound()
    languages = languages_of(saved)
    wanted = (_spoken(heard, languages), thread.brand.language or settings.LANGUAGE_CODE)
    person = heard.actor if heard and heard.actor else thread.person
    values = {each: values_of(thread.brand, by, each) | of_person(person) for each in languages}
    own = fields_for(thread.brand_id, (text.text for each in saved for text in each.texts.all()))
    for language, known in values.items():
        known["channel"] = thread.channel.handle
        known.update(of_fields(own, thread.fields, language))
    return [_offer(each, values, wanted) for each in saved]


def _offer(saved: SavedReply, values: dict[str, dict[str, str]], wanted: tuple[str, ...]) -> Offer:
    texts = {each.language: fill(each.text, values[each.language]) for each in saved.texts.all()}
    return Offer(saved, texts, fitting(list(texts), *wanted))


def _spoken(heard: Activity | None, offered: list[str]) -> str:
    """The language that the person wrote in: as their network says, else as it reads."""
    if heard is None:
        return ""
    return heard.language or language_of(heard.text, {each.partition("-")[0] for each in offered}).code


def of_person(person: Actor | None) -> dict[str, str]:
    """What fills the variables about who is answered; nothing of somebody who was erased."""
    if person is None or is_erased(person.remote_id):
        return {}
    return {
        "person": person.name or person.handle,
        "first_name": first_name(person.name),
        "handle": person.handle,
    }


def values_of(brand: Brand, by: User, language: str) -> dict[str, str]:
    """What fills the variables that no thread is needed for. Under a shield nobody has a name."""
    name = "" if brand.shielded_at else by.name
    return {
        "brand": brand.name,
        "me": name,
        "me.first_name": first_name(name),
        "date": _today(brand, language),
    }


def of_fields(own: Iterable[CustomField], fields: dict[str, Any], language: str) -> dict[str, str]:
    """What fills the variables of the brand's own fields, as the language writes it, for a thread with these values."""
    with _speaking(language):
        return variables_of(own, fields)


def _today(brand: Brand, language: str) -> str:
    """The brand's date of today as the language writes it, as far as it is known here."""
    with _speaking(language):
        return day_words(timezone.localdate(clock.now(), brand.zone))


def _speaking(language: str) -> AbstractContextManager[None]:
    known = (code for code in (language.lower(), language.partition("-")[0]) if code in LANG_INFO)
    return translation.override(next(known, "en"))
