"""Tables that somebody brings: CSV and spreadsheets, read as text, within bounds, nothing in them computed."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

FILE_MOST = 5_000_000
"""Bytes of a file as it is brought."""
PARTS_MOST = 2_000
UNPACKED_MOST = 60_000_000
"""Bytes of a spreadsheet as it is inside: a small file may be packed from very much."""
SHEETS_MOST = 20
ROWS_MOST = 1_000
"""Rows of all sheets together, without their heads."""
COLUMNS_MOST = 100
CELL_MOST = 20_000
BLANK_MOST = 5_000
"""Empty rows in a row after which a sheet is taken to be over."""
FORMULA = "\x01"
"""What a cell holds in which a formula stands: nobody could write it."""
_KEPT_FROM_RUNNING = ("'=", "'+", "'-", "'@")
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATORS = (";", ",", "\t")


class Unreadable(Exception):
    """The file cannot be taken. `code`:

    too_large, too_much (inside), too_many_rows, too_many_columns, too_many_sheets, locked (an old format, or a
    password), not_table, damaged, empty.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: `head` are its columns, `rows` what is below, each with the number that a spreadsheet shows for it."""

    name: str
    head: tuple[str, ...]
    head_line: int = 1
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"name": self.name, "head": self.head, "line": self.head_line, "rows": self.rows}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Sheet:
        """As it was kept."""
        rows = [(line, tuple(cells)) for line, cells in kept["rows"]]
        return cls(kept["name"], tuple(kept["head"]), kept["line"], rows)


def sheets_of(content: bytes) -> list[Sheet]:
    """The tables in a file, those without a row left out. Unreadable."""
    if len(content) > FILE_MOST:
        raise Unreadable("too_large")
    if content.startswith(_OLD):
        raise Unreadable("locked")
    found = _of_workbook(content) if content.startswith(_ZIP) else [_of_csv(content)]
    found = [each for each in found if each.rows]
    if not found:
        raise Unreadable("empty")
    if sum(len(each.rows) for each in found) > ROWS_MOST:
        raise Unreadable("too_many_rows")
    return found


def _of_csv(content: bytes) -> Sheet:
    text = _decoded(content)
    if "\x00" in text:
        raise Unreadable("not_table")
    try:
        return _sheet("", _with_lines(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))))
    except csv.Error as error:
        raise Unreadable("damaged") from error


def _separator(text: str) -> str:
    """The one that makes most columns of the head: spreadsheets write that of their country."""
    head = text.lstrip().splitlines()[:1]
    heads = [(len(next(csv.reader(head, delimiter=each), [])), each) for each in _SEPARATORS]
    return max(heads, key=lambda each: each[0])[1]


def _with_lines(reader: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """Each row with its number as a spreadsheet shows it: a cell may hold several lines of the file."""
    yield from enumerate(reader, 1)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets in western Europe save as plain CSV.
        return content.decode("cp1252", "replace")


def _of_workbook(content: bytes) -> list[Sheet]:
    _weigh(content)
    # Read where a workbook comes: every process would carry it otherwise.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        if len(book.worksheets) > SHEETS_MOST:
            raise Unreadable("too_many_sheets")
        return [_sheet(each.title, _cells(each)) for each in book.worksheets if each.sheet_state == "visible"]
    except (InvalidFileException, *_DAMAGED) as error:
        raise Unreadable("damaged") from error


_DAMAGED = (
    zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, AttributeError,
    IndexError, EOFError, OverflowError, NotImplementedError, RuntimeError, zlib.error,
)  # fmt: skip
"""What the library raises for files that are none of its own, or that somebody made by hand."""


def _weigh(content: bytes) -> None:
    """See how much a file holds before it is read: what is packed never gives more than it declares, and what could
    grow as it is read (a document type with entities) is in no table."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if any(each.flag_bits & 1 for each in parts):
                raise Unreadable("locked")
            if len(parts) > PARTS_MOST or sum(each.file_size for each in parts) > UNPACKED_MOST:
                raise Unreadable("too_much")
            if not any(each.filename == "[Content_Types].xml" for each in parts):
                raise Unreadable("not_table")
            if any(_grows(packed.read(each)) for each in parts):
                raise Unreadable("too_much")
    except _DAMAGED as error:
        raise Unreadable("damaged") from error


def _grows(part: bytes) -> bool:
    # Spreadsheets are written in UTF-8; in UTF-16 the word would not be seen.
    return b"<!DOCTYPE" in part or part.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"))


def _cells(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    rows = sheet.iter_rows(max_col=COLUMNS_MOST + 1)
    for line, row in enumerate(rows, 1):
        yield line, [FORMULA if each.data_type == "f" else each.value for each in row]


def _sheet(name: str, rows: Iterable[tuple[int, Sequence[Any]]]) -> Sheet:
    """The first row that says anything is the head."""
    found: Sheet | None = None
    blank = 0
    for line, cells in rows:
        said = _trimmed([_said(each) for each in cells])
        if not said:
            blank += 1
            if blank > BLANK_MOST:
                break
            continue
        blank = 0
        if len(said) > COLUMNS_MOST:
            raise Unreadable("too_many_columns")
        if found is None:
            found = Sheet(name[:100], said, line)
        elif len(found.rows) >= ROWS_MOST:
            raise Unreadable("too_many_rows")
        else:
            found.rows.append((line, said))
    return found or Sheet(name[:100], ())


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _said(value: Any) -> str:
    """What a cell says, as somebody would write it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    text = str(value).replace("\x00", "").replace("\r\n", "\n").strip(" \t").rstrip()
    if text != FORMULA and text.startswith("=") and len(text) > 1:
        return FORMULA
    # An apostrophe keeps spreadsheets from taking "@name" for a formula: it is none of the text.
    return text[text[:2] in _KEPT_FROM_RUNNING : CELL_MOST + 1]
