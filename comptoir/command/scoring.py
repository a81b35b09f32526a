"""`comptoir evaluate spikes`: what the detector of spikes says of a series, row by row."""

from __future__ import annotations

import csv
import sys

from comptoir.command import saying
from comptoir.reading.spikes.table import BadRow, scored

_SHOWN = 60


def score_spikes(source: str, target: str) -> int:
    """Copy the rows of a table with the score of each. The target is there when it is whole, not before."""
    _ = saying.translated()
    try:
        # Bytes that are no text are handed on: the row they stand in is then named as any that cannot be read.
        with (
            open(source, encoding="utf-8", errors="surrogateescape", newline="") as lines,
            saying.whole(target) as file,
        ):
            csv.writer(file, lineterminator="\n").writerows(scored(lines))
    except BadRow as error:
        said = _("{file}, line {number}: {why}")
        print(said.format(file=source, number=error.line, why=_sentence(error)), file=sys.stderr)
        return 1
    except OSError as error:
        saying.refused(error)
        return 1
    return 0


def _sentence(error: BadRow) -> str:
    _ = saying.translated()
    words = error.words[:_SHOWN].encode(errors="replace").decode()
    if error.code == "header":
        return _("the first line has to be {header}").format(header="timestamp,value")
    if error.code == "columns":
        return _("two columns are needed, a time and a number")
    if error.code == "timestamp":
        return _("“{words}” is no time; one is written {example}").format(
            words=words, example="2026-03-02 14:05:00"
        )
    if error.code == "value":
        return _("“{words}” is no number").format(words=words)
    return _("this is no row of a table: {why}").format(why=words)
