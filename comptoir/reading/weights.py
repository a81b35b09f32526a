"""Weights: a small linear model in files of the package, read where they lie.

The file is mapped, not loaded: what a process touches is shared with every other process that touches it, and an
installation that guesses nothing pays nothing. Each model is a table of signed bytes; a feature finds its row by a
hash that is the same in every process (CRC-32), so no vocabulary is kept. Beside the table there may be known words,
by their whole hash: each with weights of its own, so that many of them do not crowd the rows of the others.
"""

import json
import mmap
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Weights:
    """A model as it lies in its file.

    `labels` are the languages it knows. A hash is cut to `bits` bits, by `mask`. `scales` are what one step of a
    weight is worth in logits, one for all or one for each label. `rows` are the weights, signed bytes, row by row.
    `bias` are logits beside the weights, for each label where there are any.
    """

    labels: tuple[str, ...]
    bits: int
    mask: int
    scales: tuple[float, ...]
    bias: tuple[tuple[float, ...], ...]
    rows: memoryview


@dataclass(frozen=True, slots=True)
class Known:
    """The known words of one language: `hashes` in order, and of each two `values`, signed bytes worth `scale`."""

    hashes: memoryview
    values: memoryview
    scale: float

    def of(self, hashed: int) -> tuple[float, float]:
        """What the word with this hash is worth, in logits; nothing where it is not known."""
        at = bisect_left(self.hashes, hashed)
        if at == len(self.hashes) or self.hashes[at] != hashed:
            return 0.0, 0.0
        return self.values[2 * at] * self.scale, self.values[2 * at + 1] * self.scale


@cache
def weights(name: str) -> Weights:
    """The model of that name: its file is opened on the first call, and only then."""
    head, body = _mapped(f"{name}.weights")
    return Weights(
        labels=tuple(head["labels"]),
        bits=head["bits"],
        mask=(1 << head["bits"]) - 1,
        scales=tuple(head["scales"]),
        bias=tuple(map(tuple, head["bias"])),
        rows=body.cast("b"),
    )


@cache
def known(name: str) -> dict[str, Known]:
    """The known words of the model of that name, by language."""
    head, body = _mapped(f"{name}.words")
    found, start = {}, 0
    for label, size, scale in zip(head["labels"], head["sizes"], head["scales"], strict=True):
        middle, end = start + 4 * size, start + 6 * size
        found[label] = Known(body[start:middle].cast("I"), body[middle:end].cast("b"), scale)
        start = end
    return found


@cache
def floats(name: str) -> tuple[dict[str, Any], list[float]]:
    """A small model of plain numbers: what its head says of them, and all of them."""
    head, body = _mapped(f"{name}.weights")
    return head, array("f", bytes(body)).tolist()


def _mapped(name: str) -> tuple[dict[str, Any], memoryview]:
    """A first line in JSON, and what follows it, mapped."""
    with Path(__file__).with_name(name).open("rb") as file:
        head = json.loads(file.readline())
        return head, memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))[file.tell() :]
