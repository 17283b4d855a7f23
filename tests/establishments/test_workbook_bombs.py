"""Tests that a hostile workbook is refused with its reason, and that a great honest one is read."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from outreach.errors import InputError
from outreach.establishments.read import read_establishments

SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
DEEP = 600_000


def spoilt(path: Path, part: str, content: bytes) -> None:
    """A real workbook in which one part is replaced."""
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole) as workbook:
        workbook.add_worksheet("A").write(0, 0, "Nom")
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(
                entry.filename, content if entry.filename == part else old.read(entry.filename)
            )


def zip_bomb(path: Path) -> None:
    """A part that unpacks to 310 MiB from 300 kB."""
    spoilt(path, SHEET, b"0" * (310 * 2**20))


def password(path: Path) -> None:
    """The container that a spreadsheet writes around a protected workbook."""
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )


def doctype(path: Path) -> None:
    """A document type with an entity."""
    spoilt(path, "xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')


def far_cell(path: Path) -> None:
    """5 kB that ask for 11 million cells: below the limits of rows and columns."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("A")
        sheet.write(0, 0, "Nom")
        sheet.write(1_048_575, 10, "x")


def deep_nesting(path: Path) -> None:
    """Elements in elements, 600 000 deep."""
    spoilt(path, SHEET, HEAD + b"<a>" * DEEP + b"</a>" * DEEP + b"</sheetData></worksheet>")


def repeated_rows(path: Path) -> None:
    """1 kB of OpenDocument that says "a million times this row of 20 cells"."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        '<table:table table:name="A"><table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell office:value-type="string" table:number-columns-repeated="20">'
        "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (zip_bomb, "would unpack to 310 MiB"),
        (password, "protected by a password"),
        (doctype, "document type"),
        (far_cell, "a cell far below or right of the list"),
        (deep_nesting, "has no cell filled"),
        (repeated_rows, "a cell far below or right of the list"),
    ],
)
def test_a_hostile_workbook_is_refused(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    """Each of six bombs is refused with a message that says what is wrong with it."""
    path = tmp_path / ("bomb.ods" if make is repeated_rows else "bomb.xlsx")
    make(path)

    with pytest.raises(InputError, match=said):
        read_establishments(path)


def test_a_list_that_begins_below_and_right_keeps_its_row_numbers(tmp_path: Path) -> None:
    """Rows are numbered as the spreadsheet shows them; merged cells hold for all their rows."""
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("A")
        sheet.write_row("C4", ["Association", "Nom", "CP", "Ville"])
        sheet.merge_range("C6:C7", "Sauvegarde")
        sheet.write_row("D6", ["IME", "01500", "Ambérieu"])
        sheet.write_row("D7", ["SESSAD", "01000", "Bourg"])
        sheet.write_row("D9", ["Foyer", "69002", "Lyon"])

    table = read_establishments(path).table

    assert table["source_row"].tolist() == [6, 7, 9]
    assert table["organisation"].tolist() == ["Sauvegarde", "Sauvegarde", ""]


@pytest.mark.slow  # writes and reads a million rows: half a minute
def test_a_million_rows_are_read(tmp_path: Path) -> None:
    """A tall honest workbook is within the limits."""
    path = tmp_path / "tall.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("A")
        sheet.write_row(0, 0, ["Nom", "CP"])
        for at in range(1, 1_000_001):
            sheet.write_row(at, 0, ["Foyer", "01500"])

    assert read_establishments(path).received == 1_000_000
