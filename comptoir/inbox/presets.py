"""Rules that come ready-made: taken with one press, saved reply included, then tried like any other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.inbox.models import Rule, SavedReply, ShortcutTaken, Tag
from comptoir.inbox.models.standing import Priority
from comptoir.organisation.models import Brand, User


@dataclass(frozen=True)
class Preset:
    """A ready-made rule. `tag` is put on, `reply` proposed: its name, its shortcut, its words by language. `calls`: in
    how many minutes whoever is on duty is called once."""

    key: str
    name: str
    words: str
    query: str
    conditions: dict[str, Any] = field(default_factory=dict)
    tag: str = ""
    priority: int | None = None
    reply: tuple[str, str, dict[str, str]] | None = None
    tells: bool = False
    calls: int | None = None

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return _(self.name)

    @property
    def means(self) -> str:
        """What it does, in the reader's language."""
        return _(self.words)


_KIND = (
    "sentiment:positive AND (merci OR bravo OR félicitations OR génial* OR excellent* OR parfait* OR super OR ador*"
    ' OR thank* OR love* OR great OR amazing OR wonderful OR lovely OR perfect OR "well done" OR 👏 OR 🙏 OR ❤)'
)
_DANGER = (
    'danger* OR "au secours" OR "en détresse" OR suicid* OR incendie* OR évacu* OR malaise* OR hospitali* OR ambulance*'
    ' OR bless* OR saign* OR asphyxi* OR "sans eau" OR nourrisson* OR "mineur seul" OR "mineure seule" OR emergency'
    ' OR dying OR "on fire" OR trapped OR "help us" OR sos OR injur* OR bleed* OR suffocat* OR unaccompanied'
)
_THANKS = {
    "fr": "Merci beaucoup {{first_name}}, votre message nous fait très plaisir !",
    "en": "Thank you so much {{first_name}}, your message made our day!",
}
_CLOSED = {
    "fr": "Bonjour {{first_name}}, merci pour votre message. Nous sommes fermés en ce moment et vous répondons dès"
    " notre retour.",
    "en": "Hello {{first_name}}, thank you for your message. We are closed at the moment and will answer as soon as"
    " we are back.",
}
PRESETS = {
    each.key: each
    for each in (
        Preset(
            "praise", gettext_noop("Kind words are thanked"),
            gettext_noop(
                "Tags pleased words of thanks and praise, and proposes a thank-you. The list “Kind words” has them"
                " together."
            ),
            _KIND, tag=gettext_noop("kind words"), reply=(gettext_noop("Thank you"), "thanks", _THANKS),
        ),
        Preset(
            "loud", gettext_noop("Displeased, and heard by many"),
            gettext_noop("Makes displeased words of people with 10,000 followers or more urgent, and tells you."),
            "sentiment:negative", {"followers": 10_000}, priority=Priority.URGENT, tells=True,
        ),
        Preset(
            "danger", gettext_noop("Somebody in danger"),
            gettext_noop(
                "Makes words of danger urgent, French and English, and calls whoever is on duty: once in 15 minutes"
                " at the most."
            ),
            _DANGER, priority=Priority.URGENT, calls=15,
        ),
        Preset(
            "closed", gettext_noop("While we are closed"),
            gettext_noop("Outside business hours, proposes to say when somebody will be back."),
            "", {"hours": "shut"}, reply=(gettext_noop("We are closed"), "closed", _CLOSED),
        ),
    )
}  # fmt: skip
"""All of them, by their key."""


def begin(preset: Preset, brand: Brand, by: User) -> Rule:
    """Make the rule, off, in the maker's language. NameTaken when there is one of its name; TooManyRules."""
    with transaction.atomic():
        actions: dict[str, Any] = {}
        if preset.tag:
            actions["tags"] = [Tag.called(brand, _(preset.tag), by).pk]
        if preset.priority is not None:
            actions["priority"] = int(preset.priority)
        if preset.reply:
            actions["saved"] = _reply(preset.reply, brand, by).pk
        if preset.calls:
            actions["call"] = preset.calls
        if preset.tells:
            actions["notify"] = {"people": [by.pk]}
        given = {"name": preset.label, "query": preset.query, "conditions": preset.conditions}
        return Rule.make(brand, by, {**given, "actions": actions, "stops": False})


def _reply(reply: tuple[str, str, dict[str, str]], brand: Brand, by: User) -> SavedReply:
    """The saved reply of this shortcut, made where there is none."""
    name, shortcut, texts = reply
    try:
        return SavedReply.make(brand, by, _(name), shortcut, texts)
    except ShortcutTaken:
        return SavedReply.objects.of(brand).get(own=False, shortcut=shortcut)
