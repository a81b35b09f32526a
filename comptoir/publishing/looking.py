"""How a post will look on each of its channels: what is said there, how long the network finds it, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from comptoir.networks.connector import Carries, Length, Publishes, Replies, StandsHere, Warns
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand, User
from comptoir.organisation.naming import language_name
from comptoir.publishing.looking_at_video import troubles_of
from comptoir.publishing.mentioning import NOBODY, Book
from comptoir.publishing.models import Asset, Destination, FoundPiece, Mentionee, Post, Variant, Wording
from comptoir.publishing.models.variant import wording
from comptoir.publishing.outgoing import Links
from comptoir.publishing.telling import barred, uncredited

WORDS_COMPARED = 3_000
"""Words and blanks up to which two texts are compared one by one."""
_LINK = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to know before it leaves; `stops` where it would not be taken so."""

    words: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it will stand: `length` as the network counts, None where it cannot be asked."""

    text: str
    length: Length | None
    link: str = ""
    comment: bool = False

    @property
    def left(self) -> int:
        """How much room is left: less than 0 where it is too long."""
        return min(self.length.limit - self.length.count, -self.length.over) if self.length else 0


@dataclass(slots=True)
class Look:
    """A post on one channel."""

    channel: Channel
    language: str
    said: list[Said] = field(default_factory=list)
    warning: str = ""
    pictures: list[tuple[Asset, str]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    compared: list[tuple[str, str]] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        """Whether the network would not take it so."""
        return any(each.stops for each in self.troubles)


def looks(
    variants: Sequence[Variant],
    language: str,
    channels: Iterable[tuple[Channel, str]],
    pictures: Sequence[tuple[Asset, str]],
    links: Links,
    pieces: Sequence[FoundPiece] = (),
    day: date | None = None,
) -> list[Look]:
    """How it looks on each of these channels, each with its own language, its links as they leave, and whether what it
    shares has its credit there. With the day on which it leaves, pictures that may not be shown then are said."""
    book = Mentionee.book(links.brand, variants)
    base = wording(variants, None, "", "").mentioning(NOBODY, "")
    found = [
        _look(variants, base, each, own or language, pictures, links, pieces, book) for each, own in channels
    ]
    for each in found:
        each.troubles += _rights(each, day)
    return found


def _look(
    variants: Sequence[Variant],
    base: Wording,
    channel: Channel,
    language: str,
    pictures: Sequence[tuple[Asset, str]],
    links: Links,
    pieces: Sequence[FoundPiece],
    book: Book,
) -> Look:
    written = wording(variants, channel, channel.network, language)
    said = written.mentioning(book, channel.network)
    look = Look(channel, language, troubles=_unreached(written, channel, book))
    if said.parts != base.parts:
        look.compared = compared("\n\n".join(base.parts), "\n\n".join(said.parts))
    unsaid = [Trouble(each) for piece in pieces for each in uncredited(piece, said)]
    said = links.on(said, channel, language)
    if not channel.can(Publishes):
        words = channel.silence or _("Nothing can be posted on %(network)s.") % {"network": channel.label}
        look.troubles.append(Trouble(words))
        look.said = [Said(text, None) for text in said.parts]
        return look
    if channel.state != Channel.State.ACTIVE:
        look.troubles.append(
            Trouble(_("It is not connected just now: it leaves once it is connected again."), stops=False)
        )
    if channel.can(StandsHere) and (others := _also(variants, language)):
        words = _("It is read there in %(languages)s as well: each visitor gets theirs.")
        look.troubles.append(Trouble(words % {"languages": ", ".join(others)}, stops=False))
    connector = channel.connector()
    look.warning = said.warning if channel.can(Warns) else ""
    stills = [each for each in pictures if not each[0].is_film]
    look.pictures = _shown(look, connector.carries(), stills) + _filmed(look, pictures)
    _count(look, connector, said)
    look.troubles += unsaid
    return look


def _also(variants: Sequence[Variant], language: str) -> list[str]:
    """The other languages that there are words in, as the reader calls them."""
    codes = {each.language for each in variants if each.language and each.parts}
    return [language_name(each) for each in sorted(codes - {language})]


def _unreached(written: Wording, channel: Channel, book: Book) -> list[Trouble]:
    """Whom a mention does not reach there."""
    strange = _("Nobody is called “%(name)s” among those whom posts mention: it is said as plain words.")
    absent = _("No account of “%(name)s” on %(network)s is known here: the plain name is said.")
    found = [strange % {"name": each} for each in book.unknown(written.texts)]
    for each in book.without(written.texts, channel.network):
        found.append(absent % {"name": each, "network": channel.label})
    return [Trouble(each, stops=False) for each in found]


def _count(look: Look, connector: Any, said: Wording) -> None:
    """Have the network's connector count all that is said, and say what it would not take."""
    answers = look.channel.can(Replies)
    for number, text in enumerate(said.parts or ("",), 1):
        length = connector.post_length(text, look.warning)
        shown = "" if look.pictures or number > 1 else _host(text)
        look.said.append(Said(text, length, shown))
        if not length.fits:
            look.troubles.append(Trouble(_too_long(length.over, number if len(said.parts) > 1 else 0)))
    if not any(each.text.strip() for each in look.said) and not look.pictures:
        look.troubles.append(Trouble(_("There is nothing to say here: write something.")))
    if said.comment.strip():
        length = connector.length(said.comment)
        look.said.append(Said(said.comment, length, comment=True))
        if not length.fits:
            words = _("The first comment is too long by %(n)d.")
            look.troubles.append(Trouble(words % {"n": length.over}))
    if len(look.said) > 1 and not answers:
        look.troubles.append(
            Trouble(_("This channel cannot answer itself: write it as one part, without a first comment."))
        )
    if said.warning and not look.channel.can(Warns):
        words = _("%(network)s knows no content warnings: it stands there without.")
        look.troubles.append(Trouble(words % {"network": look.channel.label}, stops=False))


def _too_long(over: int, part: int) -> str:
    if part:
        return _("Part %(part)d is too long by %(n)d.") % {"part": part, "n": over}
    return _("Too long by %(n)d.") % {"n": over}


def _filmed(look: Look, pictures: Sequence[tuple[Asset, str]]) -> list[tuple[Asset, str]]:
    """The video beside it; why it does not leave there is said."""
    films = [each for each in pictures if each[0].is_film]
    if films and len(pictures) > 1:
        words = _("A video stands beside a post alone: take off what else there is, or the video.")
        look.troubles.append(Trouble(words))
    for asset, alt in films:
        look.troubles += [Trouble(each) for each in troubles_of(look.channel, asset, alt)]
    return films


def _shown(look: Look, takes: Carries, pictures: Sequence[tuple[Asset, str]]) -> list[tuple[Asset, str]]:
    """The pictures that leave there; what does not is said."""
    if len(pictures) > takes.most:
        words = _("Only the first %(n)d pictures leave here.") % {"n": takes.most}
        few = {0: _("No picture leaves here."), 1: _("Only the first picture leaves here.")}
        look.troubles.append(Trouble(few.get(takes.most, words), stops=False))
    for number, (_asset, alt) in enumerate(pictures[: takes.most], 1):
        if len(alt) > takes.words:
            words = _("The description of picture %(number)d is cut after %(n)d letters here.")
            look.troubles.append(Trouble(words % {"number": number, "n": takes.words}, stops=False))
    return list(pictures[: takes.most])


def _rights(look: Look, day: date | None) -> list[Trouble]:
    """What is wrong with showing its pictures on a day, and who is not named."""
    found, words = [], " ".join(each.text for each in look.said).lower()
    for number, (asset, _alt) in enumerate(look.pictures, 1):
        if day and (bar := asset.bar(day)):
            found.append(Trouble(barred(bar, number, asset)))
        name = re.sub(r"\s*\([^)]*\)$", "", asset.credit).lower()
        if name and name not in words:
            said = _("Picture %(number)d is by %(credit)s: no text here names them.")
            if asset.is_film:
                said = _("The video is by %(credit)s: no text here names them.")
            found.append(Trouble(said % {"number": number, "credit": asset.credit}, stops=False))
    return found


def _host(text: str) -> str:
    """The site of the first link in a text."""
    found = _LINK.search(text)
    try:
        return (urlsplit(found[0]).hostname or "") if found else ""
    except ValueError:
        return ""


def compared(before: str, after: str) -> list[tuple[str, str]]:
    """A text word by word against another: each stretch "same", "new" or "gone"."""
    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    if len(old) + len(new) > WORDS_COMPARED:
        return [("gone", before), ("new", after)]
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(new[c:d])))
            continue
        if a < b:
            found.append(("gone", "".join(old[a:b])))
        if c < d:
            found.append(("new", "".join(new[c:d])))
    return found


def undescribed(pictures: Iterable[tuple[Any, str]]) -> int:
    """How many pictures nobody described."""
    return sum(1 for _asset, alt in pictures if not alt.strip())


def doubts(brand: Brand, by: User, channels: Sequence[Channel], post: Post | None = None) -> list[str]:
    """Why somebody might be about to speak as whom they did not mean."""
    found = []
    before = _last_used(brand, by, post)
    for network in dict.fromkeys(each.network for each in channels):
        here = [each for each in channels if each.network == network]
        names = ", ".join(each.handle for each in here)
        facts = {"network": here[0].label, "names": names}
        if len(here) > 1:
            found.append(_("It leaves from several accounts of %(network)s: %(names)s.") % facts)
        elif (last := before.get(network)) and here[0].pk not in last:
            facts["before"] = ", ".join(last.values())
            found.append(_("On %(network)s you last posted as %(before)s. This leaves as %(names)s.") % facts)
    return found


def _last_used(brand: Brand, by: User, post: Post | None) -> Mapping[str, Mapping[int, str]]:
    """The accounts that a person's last post went to, by network."""
    rows = (
        Destination.objects.of(brand).filter(post__author=by, post__state__in=_WENT).select_related("channel")
    )
    last: dict[str, tuple[int, dict[int, str]]] = {}
    for each in rows.exclude(post=post).order_by("-post_id", "pk")[:200]:
        number, names = last.setdefault(each.channel.network, (each.post_id, {}))
        if number == each.post_id:
            names[each.channel_id] = each.channel.handle
    return {network: names for network, (_number, names) in last.items()}


S = Post.State
_WENT = (S.SCHEDULED, S.LEAVING, S.PUBLISHED, S.PARTLY, S.FAILED)
