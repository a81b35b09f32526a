"""Tables that people bring: read as text, whatever they are, and refused plainly where they are too much."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from comptoir.kernel.sheets import BOM, csv_rows
from comptoir.publishing.tables_in import FILE_MOST, FORMULA, ROWS_MOST, Unreadable, sheets_of


def workbook(*sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def code_of(content: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        sheets_of(content)
    return raised.value.code


@pytest.mark.parametrize(
    "content",
    [
        "texte;canaux\nÉté, enfin;moi\n".encode(),
        'texte,canaux\r\n"Été, enfin",moi\r\n'.encode(),
        "\ufefftexte\tcanaux\nÉté, enfin\tmoi".encode(),
        "texte;canaux\nÉté, enfin;moi\n".encode("cp1252"),
        "texte;canaux\nÉté, enfin;moi\n".encode("utf-16"),
    ],
)
def test_csv_as_spreadsheets_of_every_country_save_it(content: bytes) -> None:
    (sheet,) = sheets_of(content)
    assert (sheet.head, sheet.rows) == (("texte", "canaux"), [(2, ("Été, enfin", "moi"))])


def test_what_we_write_we_read() -> None:
    rows = [["text", "channels"], ["-5 °C\ntoday", "@maison"], ["=1+1 is two", "x"]]
    (sheet,) = sheets_of((BOM + csv_rows(rows)).encode())
    assert [cells for _line, cells in sheet.rows] == [tuple(each) for each in rows[1:]]


def test_cells_of_spreadsheets_as_they_are_written() -> None:
    row = ["Hi", date(2026, 12, 24), time(18, 30), datetime(2026, 12, 24, 18), 12, 1.5, True, None, "=1+1"]
    one, two = sheets_of(workbook([[], ["a"] * 9, [], row], [["b"], ["c"]], [["only a head"]]))
    assert one.head_line == 2
    assert one.rows == [
        (4, ("Hi", "2026-12-24", "18:30", "2026-12-24 18:00", "12", "1.5", "True", "", FORMULA))
    ]
    assert (one.name, two.name, two.rows) == ("Sheet 1", "Sheet 2", [(2, ("c",))])


def test_what_is_too_much_is_refused() -> None:
    assert code_of(b"x" * (FILE_MOST + 1)) == "too_large"
    many = b"text,channels\n" + b"a,b\n" * (ROWS_MOST + 1)
    assert code_of(many) == "too_many_rows"
    assert code_of(workbook([["a"]] * 600, [["a"]] * 600)) == "too_many_rows"
    assert code_of(b"a," * 200 + b"\n" + b"b," * 200 + b"c") == "too_many_columns"
    assert code_of(workbook([["a"] * 101, ["b"] * 101])) == "too_many_columns"
    assert code_of(workbook(*[[["a"], ["b"]]] * 21)) == "too_many_sheets"
    assert (
        code_of(packed(**{"[Content_Types]_dot_xml": b"", "xl__a_dot_xml": b"0" * 61_000_000})) == "too_much"
    )


def test_a_million_rows_are_not_read() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _n in range(ROWS_MOST * 3):
        sheet.append(["a", "b"])
    out = io.BytesIO()
    book.save(out)
    assert code_of(out.getvalue()) == "too_many_rows"


def test_a_cell_at_the_far_end_takes_no_memory() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"], sheet["A2"], sheet["XFD1048576"] = "text", "Hello", "far"
    out = io.BytesIO()
    book.save(out)
    (found,) = sheets_of(out.getvalue())
    assert found.rows == [(2, ("Hello",))]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"text,channels\n", "empty"),
        (b"\xd0\xcf\x11\xe0 old", "locked"),
        (b"PK\x03\x04 broken", "damaged"),
        (packed(a=b"b"), "not_table"),
        (packed(**{"[Content_Types]_dot_xml": b"<x"}), "damaged"),
        (b"%PDF-1.7\x00\x01", "not_table"),
    ],
    ids=["nothing", "head_alone", "old_book", "torn", "packed", "no_book", "pdf"],
)
def test_what_is_no_table_is_said_to_be_none(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_entities_that_grow_are_not_followed() -> None:
    grown = b"<!DOCTYPE x [<!ENTITY a '" + b"a" * 100 + b"'>"
    for each in range(10):
        grown += f"<!ENTITY {chr(98 + each)} '{f'&{chr(97 + each)};' * 10}'>".encode()
    grown += (
        b"]><sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>&k;</t></si></sst>"
    )
    whole = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["a"], ["b"]]))) as before,
        zipfile.ZipFile(whole, "w") as after,
    ):
        for name in before.namelist():
            after.writestr(name, grown if name.endswith("sheet1.xml") else before.read(name))
    assert code_of(whole.getvalue()) == "too_much"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_are_refused(content: bytes) -> None:
    try:
        found = sheets_of(content)
    except Unreadable:
        return
    assert all(each.rows for each in found)


@given(st.integers(0, 4_000), st.integers(0, 255))
def test_a_spreadsheet_with_a_wrong_byte_is_read_or_refused(at: int, byte: int) -> None:
    content = bytearray(SMALL)
    content[at % len(content)] = byte
    with contextlib.suppress(Unreadable):
        sheets_of(bytes(content))


SMALL = workbook([["text", "channels"], ["Hello", "me"], [date(2026, 1, 1), 1.5]])
