"""The tables of Explore: each figure with the address of the posts behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _

from comptoir.listening.counting import By
from comptoir.listening.exploring import Explored
from comptoir.listening.period import Moment, Period
from comptoir.listening.sampled import Speaker
from comptoir.listening.views.labels import label
from comptoir.listening.views.shown import noise_words
from comptoir.reading.topics import Topic


class Row(NamedTuple):
    """A line of a table: what it is of, the address of its posts, how many, what part of all, how many before."""

    label: str
    posts: str
    n: int
    share: float | None = None
    before: int | None = None
    of: Any = None


class Tabled:
    """What was found as tables, for the page."""

    def __init__(self, found: Explored) -> None:
        self.found, self.asked = found, found.asked

    @property
    def series(self) -> list[Row]:
        """The parts of the period, those in which nothing was said as well."""
        assert self.asked.period is not None
        return [
            Row(moment_words(self.asked.period, point.moment), self.asked.posts(**self.asked.during(point.moment)),
                point.n, None, point.before)
            for point in self.found.series
        ]  # fmt: skip

    @property
    def voices(self) -> list[Row]:
        """The queries against each other; `of` is the voice."""
        names = {each.pk: each.name for each in self.asked.queries}
        return [
            Row(names[voice.query], self.asked.posts(query=[voice.query]), voice.now.n, voice.share,
                voice.before.n if voice.before else None, voice)
            for voice in self.found.voices
        ]  # fmt: skip

    def kind(self, by: By) -> list[Row]:
        """The mentions by tone, language or network."""
        then = self.found.before
        return [
            Row(label(by, str(value)), self.asked.posts(**{by: str(value) or "-"}), n,
                n / self.found.now.n if self.found.now.n else None, then.by[by][value] if then else None)
            for value, n in self.found.now.by[by].most_common(40)
        ]  # fmt: skip

    @property
    def tones(self) -> list[Row]:
        return self.kind("tone")

    @property
    def languages(self) -> list[Row]:
        return self.kind("language")

    @property
    def networks(self) -> list[Row]:
        return self.kind("network")

    @property
    def noise(self) -> list[Row]:
        """What is passed over, by its reason."""
        words = noise_words()
        return [
            Row(words.get(code, code), self.asked.posts(noise=code), n)
            for code, n in self.found.now.folded.most_common()
        ]

    @property
    def topics(self) -> list[Row]:
        """What stands out; `of` is the topic."""
        return [self._topic(topic) for topic in self.found.topics]

    def _topic(self, topic: Topic, **when: str) -> Row:
        return Row(topic.words, self.asked.posts(q=topic.asked, **when), topic.now, None, topic.before, topic)

    @property
    def tags(self) -> list[Row]:
        return self._of_sample((tag, tag, n) for tag, n in self.found.tags)

    @property
    def sites(self) -> list[Row]:
        return self._of_sample((site, f'site:"{site}"', n) for site, n in self.found.sites)

    def _of_sample(self, rows: Iterable[tuple[str, str, int]]) -> list[Row]:
        """What was counted in the texts of now alone: its part of them."""
        read = self.found.read[0] or 1
        return [Row(words, self.asked.posts(q=asked), n, n / read) for words, asked, n in rows]

    @property
    def most(self) -> list[Row]:
        """Who speaks most; `of` is the speaker."""
        return [self._speaker(each) for each in self.found.speakers.most]

    @property
    def heard(self) -> list[Row]:
        """Who is heard by most."""
        return [self._speaker(each) for each in self.found.speakers.heard]

    def _speaker(self, each: Speaker) -> Row:
        name = each.name or each.handle or _("Somebody")
        share = each.n / self.found.now.n if self.found.now.n else None
        return Row(name, self.asked.posts(author=each.author), each.n, share, None, each)

    @property
    def peak(self) -> Row | None:
        """The loudest part; `of` are the words that stand out of it."""
        peak = self.found.peak
        if peak is None or self.asked.period is None:
            return None
        when = self.asked.during(peak.moment)
        rows = [self._topic(topic, **when) for topic in peak.topics]
        return Row(
            moment_words(self.asked.period, peak.moment),
            self.asked.posts(**when),
            peak.n,
            peak.times,
            None,
            rows,
        )

    @property
    def negative(self) -> tuple[float | None, float | None]:
        """The part of negative mentions, now and before."""
        before = self.found.before
        return self.found.now.share("tone", "negative"), before.share("tone", "negative") if before else None


def moment_words(period: Period, moment: Moment) -> str:
    """When a part of a period is, as short as a table needs it."""
    if isinstance(moment, datetime):
        return formats.date_format(moment.astimezone(period.zone), _("j M, H:i"))
    words = formats.date_format(moment, _("j M"))
    return _("week of %(day)s") % {"day": words} if period.unit == "week" else words
