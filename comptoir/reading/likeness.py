"""Likeness: which texts are near-copies of each other, as in a storm where hundreds say almost the same.

A text is laid bare (no addresses, names, prefixes, trailing tags, case, accents or punctuation) and cut into shingles,
runs of five characters. Two texts are as like as their shingles are: Jaccard's measure, |A ∩ B| / |A ∪ B|. To find
candidates without comparing all with all, a text gets `BANDS` hashes that near-copies are likely to share. They are
the same in every process and at every time, so that they can be stored and looked up.

The bands are of min-hashes by one permutation: Li, Owen, Zhang, "One Permutation Hashing", NIPS 2012; what an empty
bin borrows is Shrivastava and Li's, "Densifying One Permutation Hashing", ICML 2014.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from struct import pack
from zlib import crc32

from comptoir.reading.folding import fold

BANDS = 8
"""Hashes a text. The chance to share one is 99.7 % with a likeness of 0.8, 66 % with 0.5, 6 % with 0.2."""

ALIKE = 0.5
"""From this likeness on two texts are near-copies: one flight number instead of another, in a message of nine words."""

_ROWS = 3
_BINS = BANDS * _ROWS
_SPAN = 5
_LONGEST = 2000
_COMPARED = 8
_BARE = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@[\w.-]+(?:@[\w.-]+)?|^\W*rt\b(?=\s*[@:])")
_TRAILING = re.compile(r"(?:\s*#\w+)+\W*$")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a text is stored to find its near-copies: signed 64-bit numbers, as a bigint and a bigint[] hold them.

    `exact` is the same for texts that are the same once laid bare. `bands` are `BANDS` numbers; texts that share one
    are candidates, which `alike` confirms.
    """

    exact: int
    bands: tuple[int, ...]


def fingerprint(text: str) -> Likeness | None:
    """The likeness of a text, or None where nothing is left of it once laid bare (addresses, names, emoji alone)."""
    bare = _bare(text)
    if not bare:
        return None
    least = _least(bare)
    bands = tuple(
        _signed(pack(f"<B{_ROWS}Q", band, *least[band * _ROWS : (band + 1) * _ROWS])) for band in range(BANDS)
    )
    return Likeness(_signed(bare.encode()), bands)


def alike(a_text: str, b_text: str) -> float:
    """How like two texts are, from 0 to 1: the share of all their shingles that both have. 0 where one has none."""
    return share(shingles(a_text), shingles(b_text))


def shingles(text: str) -> frozenset[str]:
    """What a text is compared by: cut once where it is compared with many."""
    return _shingles(_bare(text))


def share(a: frozenset[str], b: frozenset[str]) -> float:
    """How like two texts are by their shingles: see `alike`."""
    both = len(a & b)
    return both / (len(a) + len(b) - both) if both else 0.0


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """The texts of a batch gathered by likeness: positions, each in one cluster, biggest first, then in order.

    A text that is like no other is a cluster of its own. A cluster is held together by its neighbours: its first and
    its last text may be less alike than `ALIKE`.
    """
    firsts: dict[int, int] = {}
    same: dict[int, list[int]] = {}
    shelves: dict[int, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        found = fingerprint(text)
        if found is None:
            same[at] = [at]
        elif (first := firsts.setdefault(found.exact, at)) != at:
            same[first].append(at)
        else:
            same[at] = [at]
            for band in found.bands:
                shelves[band].append(at)
    roots = _joined(texts, shelves)
    gathered: dict[int, list[int]] = defaultdict(list)
    for first, copies in same.items():
        gathered[_root(roots, first)] += copies
    return sorted(map(sorted, gathered.values()), key=lambda each: (-len(each), each[0]))


def _joined(texts: Sequence[str], shelves: dict[int, list[int]]) -> dict[int, int]:
    """Texts of one shelf that are alike, joined: each position that follows another, with the one it follows.

    A text is compared with the last few clusters of its shelf, not with all: in a storm a shelf holds thousands.
    """
    roots: dict[int, int] = {}
    cut: dict[int, frozenset[str]] = {}

    def of(at: int) -> frozenset[str]:
        if at not in cut:
            cut[at] = shingles(texts[at])
        return cut[at]

    for shelf in shelves.values():
        seen: list[int] = []
        for at in shelf:
            for other in reversed(seen[-_COMPARED:]):
                mine, its = _root(roots, at), _root(roots, other)
                if mine == its:
                    break
                if share(of(at), of(other)) >= ALIKE:
                    roots[max(mine, its)] = min(mine, its)
                    break
            else:
                seen.append(at)
    return roots


def _root(roots: dict[int, int], at: int) -> int:
    while (above := roots.get(at, at)) != at:
        roots[at] = roots.get(above, above)
        at = above
    return at


def _bare(text: str) -> str:
    """What is compared of a text: its folded words with one space between, numbers kept."""
    without = _BARE.sub(" ", fold(text[:_LONGEST]))
    body = _TRAILING.sub("", without)
    return " ".join(_WORD.findall(body) or _WORD.findall(without))


def _shingles(bare: str) -> frozenset[str]:
    if not bare:
        return frozenset()
    return frozenset(bare[at : at + _SPAN] for at in range(max(1, len(bare) - _SPAN + 1)))


def _least(bare: str) -> list[int]:
    """The least hash in each of `_BINS` bins, 64 bits each; a bin without any borrows from the next that has one."""
    said = bare.encode()
    least: dict[int, int] = {}
    for at in range(max(1, len(said) - _SPAN + 1)):
        # CRC alone is linear: bits of like shingles would fall alike. The multiplication (Knuth's) spreads them.
        mixed = crc32(said[at : at + _SPAN]) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        place = mixed % _BINS
        if mixed < least.get(place, 1 << 64):
            least[place] = mixed
    filled = []
    for place in range(_BINS):
        step = 0
        while (found := least.get((place + step) % _BINS)) is None:
            step += 1
        filled.append((found + step * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
    return filled


def _signed(said: bytes) -> int:
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "little", signed=True)
