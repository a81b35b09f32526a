"""The watch over one query: what was heard goes in, alerts with their evidence come out.

Four signs are read, each by a detector of its own: how many posts, how negative, how fast, how far their authors reach.
Silence where there is usually talk is told of as well. People's verdicts are learnt from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from comptoir.reading.spikes.detector import Detector, Reading
from comptoir.reading.spikes.episodes import Alert, Bounds, Episode, Heard, Sign, rarity
from comptoir.reading.spikes.trust import KINDS, Trust, Verdict

_STIRS = 1.0
"""Days: what is rarer than once a day stirs."""
_GREW = 10.0
_DOUBTED = 10.0
"""Posts that a negative share is weighed against: of two posts, both negative, nothing follows."""
_SHARE = 0.2
_SLOWEST = 1 / 500


@dataclass(slots=True)
class Watch:
    """What a query is watched with, and all that it learnt: the same size after a year as after a month."""

    bounds: Bounds = field(default_factory=Bounds)
    trust: Trust = field(default_factory=Trust)
    detectors: dict[str, Detector] = field(default_factory=lambda: {kind: Detector() for kind in KINDS})
    share: float = _SHARE
    episode: Episode | None = None
    spoke: float | None = None
    quiet_since: float | None = None
    hushed: bool = False

    def feed(self, heard: Heard) -> list[Alert]:
        """Hear the next stretch."""
        share = self.share
        values = self._values(heard)
        read = {kind: self.detectors[kind].feed(heard.moment, value) for kind, value in values.items()}
        signs = {
            kind: Sign(heard.moment, values[kind], found.usual, found.every)
            for kind, found in read.items()
            if values[kind] > found.usual and (found.lately > _STIRS or found.every >= self.bounds.every)
        }
        alerts = self._silence(heard.moment, read["volume"])
        if self.episode is None:
            if not signs:
                return alerts
            self.episode = Episode(heard.moment, heard.moment)
        self.episode.hear(heard, values, (max(0.0, read["volume"].usual), heard.posts * share), signs)
        return [*self._tell(heard.moment, self.episode, rarity(signs, self.trust)), *alerts]

    def _values(self, heard: Heard) -> dict[str, float]:
        """What each detector is fed."""
        share = (heard.negative + _DOUBTED * self.share) / (heard.posts + _DOUBTED)
        self.share += (share - self.share) * max(_SLOWEST, 1 / (self.detectors["tone"].rhythm.rows + 1))
        return {
            "volume": heard.posts - heard.copies * (1 - self.trust.copies()),
            "tone": 100 * share,
            "speed": heard.fastest,
            "authors": heard.reach,
        }

    def _tell(self, moment: float, episode: Episode, rare: float) -> list[Alert]:
        if moment - episode.until > self.bounds.calm:
            self.episode = None
            return [Alert("over", moment, episode.since, episode.copy())] if episode.told else []
        resting = self.spoke is not None and moment - self.spoke < self.bounds.rest
        if (
            resting
            or episode.extra < self.bounds.floor
            or rare < max(self.bounds.every, _GREW * episode.told)
        ):
            return []
        what = "grew" if episode.told else "began"
        self.spoke, episode.told = moment, rare
        return [Alert(what, moment, episode.since, episode.copy())]

    def _silence(self, moment: float, volume: Reading) -> list[Alert]:
        if not volume.missed:
            since, self.quiet_since = self.quiet_since, None
            hushed, self.hushed = self.hushed, False
            return [Alert("back", moment, since)] if hushed and since is not None else []
        if self.quiet_since is None:
            self.quiet_since = moment
        if self.hushed or volume.hush < self.bounds.every or volume.missed < self.bounds.floor:
            return []
        self.hushed = True
        return [Alert("silent", moment, self.quiet_since, None, volume.missed)]

    def judge(self, verdict: Verdict, episode: Episode) -> None:
        """Learn from what a person said that an episode was."""
        self.trust = self.trust.after(verdict, episode.shares(self.trust), episode.copied)
        if verdict in (Verdict.REAL, Verdict.FALSE):
            return
        for kind, detector in self.detectors.items():
            detector.forget(episode.since, episode.until)
            if verdict is Verdict.WEEKLY:
                detector.rhythm.expect(episode.row_of(kind))

    def kept(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Watch:
        """As it was kept."""
        return cls(
            **{
                **kept,
                "bounds": Bounds(**kept["bounds"]),
                "trust": Trust(**kept["trust"]),
                "detectors": {kind: Detector.of(each) for kind, each in kept["detectors"].items()},
                "episode": Episode.of(kept["episode"]) if kept["episode"] else None,
            }
        )
