"""A table of a series, `timestamp,value`, with a score beside each row: what the detector says of it, online."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import ceil, isfinite

from comptoir.reading.spikes.detector import Detector

COLUMNS = ("timestamp", "value")
SCORED = (*COLUMNS, "anomaly_score")

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class BadRow(Exception):
    """A line that cannot be read: which one (from 1 on, as editors count), what is wrong, and with which words.

    `code` is `header`, `row`, `columns`, `timestamp` or `value`.
    """

    def __init__(self, line: int, code: str, words: str = "") -> None:
        super().__init__(f"line {line}: {code}: {words}")
        self.line, self.code, self.words = line, code, words


def scored(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The rows of a table, header included, each with its score: a row that was read is given before the next is.

    Moments without a zone are taken as they stand. One before its forerunner's, as when clocks are put back, is no
    fault. A score is rounded up to a tenth, so that whatever is told of is above 0.5: finer, it would pretend.
    """
    read = _rows(lines)
    _line, header = next(read, (1, []))
    if [each.strip("\ufeff \t").lower() for each in header] != [*COLUMNS]:
        raise BadRow(1, "header", ",".join(header))
    yield SCORED
    detector = Detector()
    for line, row in read:
        if len(row) != len(COLUMNS):
            raise BadRow(line, "columns", str(len(row)))
        score = detector.feed(_moment(row[0], line), _value(row[1], line)).score
        yield row[0], row[1], f"{ceil(score * 10) / 10:.1f}" if score else "0"


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it ends on; blank ones are left out."""
    rows = csv.reader(lines)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise BadRow(rows.line_num, "row", str(error)) from None
        if row is None:
            return
        if row:
            yield rows.line_num, row


def _moment(words: str, line: int) -> float:
    try:
        moment = datetime.fromisoformat(words.strip())
    except ValueError:
        raise BadRow(line, "timestamp", words) from None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _BEGINNING).total_seconds()


def _value(words: str, line: int) -> float:
    try:
        value = float(words)
    except ValueError:
        raise BadRow(line, "value", words) from None
    if not isfinite(value):
        raise BadRow(line, "value", words)
    return value
