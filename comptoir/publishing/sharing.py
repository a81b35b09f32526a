"""A post that shares a found piece: how it begins, and how it thanks."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.publishing.models import FoundPiece
from comptoir.publishing.written import Key, Section, Written

THANKS = {
    "ca": "Gràcies a %s!",
    "da": "Tak til %s!",
    "de": "Danke an %s!",
    "en": "Thanks to %s!",
    "es": "¡Gracias a %s!",
    "fr": "Merci à %s\N{NO-BREAK SPACE}!",
    "it": "Grazie a %s!",
    "nl": "Met dank aan %s!",
    "pt": "Agradecemos a %s!",
    "sv": "Tack till %s!",
}
"""Thanks to somebody, in the language of a post: whoever reads the post is thanked in it, not in the writer's own."""


def share(brand: Brand, written: Written, piece: int) -> None:
    """Have what nobody has written yet share a piece, with its author, its link, and thanks where they are wished."""
    found = FoundPiece.objects.of(brand).filter(pk=piece).first()
    if found is not None:
        written.pieces = [found.pk]
        written.sections[0].parts = [f"{found.title} ({found.author})\n{found.link}"]
        if found.thanks:
            thank(brand, written)


def thank(brand: Brand, written: Written) -> None:
    """Have the first comment thank the authors of what it shares, in its language, by what they are called on each
    network. What stands in the comment already stays."""
    if not (pieces := FoundPiece.named(brand, written.pieces)):
        return
    here = set(Channel.objects.of(brand).values_list("network", flat=True))
    known = {
        network for each in pieces for network, handle in each.handles.items() if network in here and handle
    }
    before = written.sections[0].comment
    for network in sorted(known):
        if not written.section(Key(network=network)):
            written.sections.append(Section(Key(network=network), comment=before))
    networks = dict(Channel.objects.of(brand).filter(pk__in=written.channels).values_list("pk", "network"))
    for each in written.sections:
        own = each.key == Key() or each.key.language or each.key.network or each.comment
        if own and not each.no_comment:
            network = each.key.network or networks.get(each.key.channel, "")
            _add(each, _thanks(pieces, network, each.key.language or written.language))


def _thanks(pieces: Sequence[FoundPiece], network: str, language: str) -> str:
    names = ", ".join(dict.fromkeys(each.name_on(network) for each in pieces))
    return THANKS.get(language, THANKS["en"]) % names


def _add(section: Section, words: str) -> None:
    if words not in section.comment:
        section.comment = f"{section.comment}\n{words}".strip()
