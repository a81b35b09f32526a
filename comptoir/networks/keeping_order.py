"""Abilities of networks where order can be kept: deciding about messages, blocking people, reporting both. Connectors
import them from `networks.connector`, which is the whole contract.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from comptoir.networks.values import Activity, Actor, Ground, Verdict


class Moderates(ABC):
    """Can decide what others see of a message in a place that is the brand's own (comments on its site)."""

    verdicts: ClassVar[tuple[Verdict, ...]]

    @abstractmethod
    def moderate(self, remote_id: str, verdict: Verdict) -> None:
        """Carry the verdict out; that it stands already is success. Refused when the message is gone."""


class Blocks(ABC):
    """Can keep somebody from reaching the account."""

    block_means: ClassVar[str]
    """What follows from it on this network: an English msgid, translated where it is shown."""

    @property
    def hides_earlier(self) -> bool:
        """Whether what somebody blocked said before looks as if it were gone: then `recheck` is not asked for it."""
        return False

    @abstractmethod
    def block(self, who: Actor, key: str, at: datetime) -> None:
        """Block somebody; twice is once. `key` and `at` stay the same for every try. Refused("person_gone")."""

    @abstractmethod
    def unblock(self, who: Actor) -> None:
        """Let them again, also where the block was made in the network's own app; who is not blocked is as good."""


class Reports(ABC):
    """Can bring a message, or an account, before those who keep order on the network. Nobody takes that back."""

    report_words: ClassVar[int] = 1_000
    """How many letters may stand beside the ground."""

    @abstractmethod
    def grounds(self) -> Sequence[Ground]:
        """The network's own reasons, from the class or the settings: nobody is asked for them. None where this one
        server takes no reports."""

    @abstractmethod
    def report(self, who: Actor, message: Activity | None, ground: str, words: str) -> str:
        """Report a message, or the account where it is None; the number that the network gives it.

        `Unanswered` wherever it may have been taken: a report is never made again by itself.
        """
