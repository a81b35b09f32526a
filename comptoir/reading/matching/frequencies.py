"""How common words are, learnt from the messages that pass."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

MESSAGES_MOST = 20_000
"""After so many messages all counts are halved: what was common last month weighs less than what is now."""
LEAST_SORTED = 3


class Frequencies:
    """In what share of the messages each word is met. `learnt`: from how many that is known, all in all."""

    def __init__(self) -> None:
        self.learnt = 0
        self._met = Counter[str]()
        self._messages = 0
        self._sorted: list[str] = []
        self._sorted_at = 0

    def learn(self, words: Iterable[str]) -> None:
        """Count the words of a message, each once."""
        self._met.update(words)
        self._messages += 1
        self.learnt += 1
        if self._messages >= MESSAGES_MOST:
            self._messages //= 2
            self._met = Counter({word: count // 2 for word, count in self._met.items() if count > 1})
            self._sorted_at = 0

    def of(self, words: Iterable[str]) -> float:
        """About the share of messages that hold one of these; "fibr*" is any word that begins so."""
        met = 0.0
        for word in words:
            met += 0.5 + (self._beginning(word[:-1]) if word[-1] == "*" else self._met[word])
        return met / (self._messages + 1)

    def _beginning(self, head: str) -> int:
        """How often words that begin so were met. The rare ones are left out."""
        if self._messages > 2 * self._sorted_at:
            self._sorted = sorted(word for word, count in self._met.items() if count >= LEAST_SORTED)
            self._sorted_at = self._messages
        first = bisect_left(self._sorted, head)
        last = bisect_left(self._sorted, head + "\U0010ffff", first)
        return sum(self._met[word] for word in self._sorted[first:last])
