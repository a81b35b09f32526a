"""The words, pairs, runs and marks that a table learns from, and no others.

What fewer than five texts say is left out, and so are numbers; @names and addresses are marks before they come here.
The tables hold hashes; what they were made of stands in `training/vocabularies`, and a test holds both together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import scipy.sparse as sp

from comptoir.reading.features import MARK, PAIR, RUN, START, WORD, hashed, pair, runs

LEAST = 5
FOLDER = Path(__file__).with_name("vocabularies")
_NUMBER = re.compile(r"\d")
_STAND_INS = {"0", "!0", "#0"}


def found(said: Sequence[str], mask: int) -> Iterator[tuple[str, int, int]]:
    """What an utterance has, each with its row and how much it counts; a run is "~run", a pair has a blank."""
    before, last = START, "^"
    for token in said:
        whole = hashed(token)
        yield token, whole & mask, MARK if token[0] == "#" else WORD
        if token[0] not in "#!":
            yield from (
                (f"~{run}", crc32(run.encode("utf-8", "replace"), 1) & mask, RUN) for run in runs(token)
            )
        yield f"{last} {token}", pair(before, whole) & mask, PAIR
        before, last = whole, token


def allowed(said: Iterable[Sequence[str]]) -> set[str]:
    """What enough of the texts have, and is no number."""
    texts = Counter(name for each in said for name in {name for name, _row, _counts in found(each, 0)})
    return {name for name, times in texts.items() if times >= LEAST and is_plain(name)}


def is_plain(name: str) -> bool:
    """Whether something may stand in a vocabulary: no digit in it, save where it stands for any number."""
    return (
        not any(_NUMBER.search(part) and part not in _STAND_INS for part in name.split(" ")) or name == "~_0_"
    )


def matrix(said: Sequence[Sequence[str]], vocabulary: set[str], bits: int) -> sp.csr_matrix:
    """One row a text: how much of each row of the table it finds, over the root of its length.

    What is not in the vocabulary counts where it falls on a row that is, as it does when the table is read.
    """
    mask = (1 << bits) - 1
    known = rows_of(vocabulary, mask)
    rows, values, starts = list[int](), list[float](), [0]
    for each in said:
        seen = [(row, counts) for _name, row, counts in found(each, mask) if row in known]
        rows += [row for row, _ in seen]
        values += [counts / WORD / np.sqrt(max(1, len(each))) for _, counts in seen]
        starts.append(len(rows))
    return sp.csr_matrix((values, rows, starts), shape=(len(said), mask + 1))


def rows_of(vocabulary: Iterable[str], mask: int) -> set[int]:
    """The rows of a table that a vocabulary has something to say for."""
    return {row_of(name) & mask for name in vocabulary}


def row_of(name: str) -> int:
    """The whole hash of something in a vocabulary."""
    if name[0] == "~":
        return crc32(name[1:].encode("utf-8", "replace"), 1)
    before, blank, token = name.partition(" ")
    if not blank:
        return hashed(name)
    return pair(START if before == "^" else hashed(before), hashed(token))


def write(name: str, vocabulary: set[str]) -> None:
    """Note what a table was made of."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.txt").write_text("".join(f"{each}\n" for each in sorted(vocabulary)))
