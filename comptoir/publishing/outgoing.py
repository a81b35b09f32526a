"""Words as they leave: what a post says on a channel, its links marked by the rules of its brand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self

from comptoir.kernel import clock
from comptoir.networks.models import Channel
from comptoir.organisation.models import Brand
from comptoir.publishing.models import Destination, LinkRule, Post, Shortening, ShortLink, Variant, Wording
from comptoir.publishing.models.short_link import CODE_LETTERS
from comptoir.publishing.tagging import Facts, Rule, each_address, host_of, tagged


@dataclass(frozen=True, slots=True)
class Way:
    """How links of a brand leave: marked by `rules`; short, beginning with `base`, "" where they are not."""

    rules: Sequence[Rule] = ()
    base: str = ""

    @classmethod
    def of(cls, brands: Collection[int]) -> Mapping[int, Way]:
        """That of each of some brands."""
        rules, bases = LinkRule.of_brands(brands), Shortening.bases(brands)
        return {each: cls(rules.get(each, ()), bases.get(each, "")) for each in brands}


@dataclass(frozen=True, slots=True)
class Links:
    """How links of one post leave. `dues`: when it leaves, by channel; else it leaves now."""

    brand: Brand
    way: Way
    campaign: str = ""
    dues: Mapping[int, datetime | None] = field(default_factory=dict)

    @classmethod
    def of(cls, brand: Brand, campaign: str = "", dues: Mapping[int, datetime | None] | None = None) -> Self:
        """Those of a post that somebody looks at."""
        return cls(brand, Way.of([brand.pk])[brand.pk], campaign, dues or {})

    @classmethod
    def of_post(cls, post: Post) -> Self:
        """Those of a post that was kept."""
        campaign = post.campaign.name if post.campaign else ""
        return cls.of(post.brand, campaign, {each.channel_id: each.due for each in post.destinations.all()})

    def on(self, said: Wording, channel: Channel, language: str) -> Wording:
        """What is said on a channel as it leaves there. A short link's code is not made before: it is as long."""
        marked = self.marked(said, channel, language)
        code = "x" * CODE_LETTERS
        return _each(marked, self.way.base, lambda address: f"{self.way.base}{code}")

    def marked(self, said: Wording, channel: Channel, language: str) -> Wording:
        """The same with its links marked, and not short yet."""
        if not self.way.rules:
            return said
        facts = Facts(channel.network, channel.handle, self.campaign, language, self._day(channel))
        parts = tuple(tagged(each, self.way.rules, facts) for each in said.parts)
        return replace(said, parts=parts, comment=tagged(said.comment, self.way.rules, facts))

    def _day(self, channel: Channel) -> date:
        return (self.dues.get(channel.pk) or clock.now()).astimezone(self.brand.zone).date()


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves for some channels, in a language: they all say the same."""

    said: Wording
    language: str
    destinations: list[Destination] = field(default_factory=list)


def leaving(post: Post) -> list[Leaving]:
    """What leaves for the channels of a post, as it will stand there: links as they leave, whom it mentions by what
    they are called there. Looks at its variants, and at its destinations with their channels."""
    links = Links.of_post(post)
    found: dict[tuple[Wording, str], Leaving] = {}
    for each in post.destinations.all():
        language = each.language or post.language
        words = links.on(post.said_on(each.channel, language), each.channel, language)
        found.setdefault((words, language), Leaving(words, language)).destinations.append(each)
    return list(found.values())


def translations(post: Post, found: Sequence[Leaving]) -> list[Variant]:
    """The wordings of a post in languages in which it leaves for no channel: an own page shows them."""
    said = {each.language for each in found}
    return [each for each in post.variants.all() if each.language and each.language not in said]


def ways_of(posts: Collection[Post]) -> Mapping[int, Way]:
    """How links of the brands of posts leave, asked for once."""
    return Way.of({each.brand_id for each in posts})


def said(destination: Destination, ways: Mapping[int, Way], language: str | None = None) -> Wording:
    """What leaves for a channel, in its language or in another one; short links are made where it has some. Looks at
    the post with its brand, campaign and variants, and at the channel. Part of the caller's transaction."""
    post, channel = destination.post, destination.channel
    spoken = (destination.language if language is None else language) or post.language
    way = ways.get(post.brand_id, Way())
    words = post.said_on(channel, spoken)
    if way == Way():
        return words
    campaign = post.campaign.name if post.campaign else ""
    words = Links(post.brand, way, campaign, {channel.pk: destination.due}).marked(words, channel, spoken)
    found: list[str] = []

    def note(address: str) -> str:
        found.append(address)
        return address

    _each(words, way.base, note)
    if not found:
        return words
    short = ShortLink.of_destination(destination, way.base, found)
    return _each(words, way.base, lambda address: short[address])


def _each(words: Wording, base: str, change: Callable[[str], str]) -> Wording:
    """Words whose links that can be short are otherwise; none is where there is no base."""
    if not base:
        return words

    def other(address: str) -> str:
        fits = host_of(address) and not address.startswith(base)
        return change(address) if fits else address

    parts = tuple(each_address(each, other) for each in words.parts)
    return replace(words, parts=parts, comment=each_address(words.comment, other))
