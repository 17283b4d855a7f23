"""Tables written for spreadsheets: CSV that Excel opens in France, XLSX with text cells.

A cell typed by somebody else may start a formula; here every cell is data.
"""

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outreach.errors import OutreachError
from outreach.files import DAMAGED_ZIP, write_file

_PLAIN_PHONE = re.compile(r"\+[0-9 .()-]+")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
_FORMULA_SIGNS = frozenset(_FORMULA_STARTS)

# xlsxwriter numbers the texts of a workbook in the order of writing: the first header comes first.
_MOST_HEADER = 100_000
_TEXTS = re.compile(r"<si><t[^>]*>([^<]*)</t></si>")

Cell = str | int | float | None


def guard(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula.

    A text that already starts with an apostrophe gets one more, so that unguard() gives back
    exactly what was there. Plain phone numbers (+33 1 …) stay as they are.
    """
    if text.startswith(_FORMULA_STARTS) and not _PLAIN_PHONE.fullmatch(text):
        return "'" + text
    return text


def unguard(text: str) -> str:
    """Undo guard()."""
    if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS):
        return text[1:]
    return text


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """Make a CSV text for people: ``;`` between cells, guarded, None as an empty cell."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return lines.getvalue()


def columns_text(columns: Sequence[Sequence[Cell]]) -> str:
    """Make the lines of a CSV text for people out of columns of equal length, without a header."""
    lines = io.StringIO()
    guarded = [
        [guard(value) if isinstance(value, str) and value[:1] in _FORMULA_SIGNS else value for value in column]
        for column in columns
    ]  # fmt: skip
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerows(zip(*guarded, strict=True))
    return lines.getvalue()


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    """Write a CSV for people: UTF-8 with BOM, ``;``, guarded cells, whole or not at all."""
    write_file(path, "\ufeff" + csv_text(columns, rows))


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One sheet of a workbook.

    Attributes:
        name: at most 31 characters.
        columns: the header, and the order of the cells.
        rows: one mapping a row; a column that a row lacks is an empty cell.
        choices: row number (0 = first data row) → column → values for a drop-down list.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Cell]]
    choices: Mapping[int, Mapping[str, Sequence[str]]] = field(default_factory=dict)


def check_replaceable(path: Path, columns: Sequence[str]) -> None:
    """Refuse to write a table over a file that does not start as that table does.

    A member list given as the output by a slip is not lost. Ask before the work, not after it.
    What ends in .xlsx is read as a workbook, everything else as CSV.

    Raises:
        OutreachError: a folder or another file stands at ``path``.
    """
    try:
        if not path.exists() or (path.is_file() and path.stat().st_size == 0):
            return
        ours = (
            _starts_workbook(path, columns)
            if path.suffix.lower() == ".xlsx"
            else _starts_csv(path, columns)
        )
    except OSError:
        ours = False
    if not ours:
        raise OutreachError(
            f"{path} exists and was not written by outreach; give another name or move it away."
        )


def _starts_csv(path: Path, columns: Sequence[str]) -> bool:
    start = ("\ufeff" + csv_text(columns, ())).encode("utf-8")
    with path.open("rb") as file:
        return file.read(len(start)) == start


def _starts_workbook(path: Path, columns: Sequence[str]) -> bool:
    """Tell whether write_xlsx() wrote it: the first texts are its header, one for each column.

    Saved again by a spreadsheet program, a workbook of ours is a person's: refused where that
    program orders texts in another way.
    """
    try:
        with zipfile.ZipFile(path) as workbook, workbook.open("xl/sharedStrings.xml") as texts:
            start = texts.read(_MOST_HEADER).decode("utf-8", errors="replace")
    except (KeyError, *DAMAGED_ZIP):
        return False
    found = [html.unescape(text) for text in _TEXTS.findall(start)[: len(columns)]]
    return found == list(columns)


def write_xlsx(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Cell]],
    *,
    sheet: str = "outreach",
    choices: Mapping[int, Mapping[str, Sequence[str]]] | None = None,
) -> None:
    """Write a workbook of one sheet, whole or not at all: see Worksheet."""
    write_workbook(path, [Worksheet(sheet, columns, tuple(rows), choices or {})])


def write_workbook(path: Path, sheets: Iterable[Worksheet]) -> None:
    """Write the workbook that xlsx_bytes() makes, whole or not at all."""
    write_file(path, xlsx_bytes(sheets))


def xlsx_bytes(sheets: Iterable[Worksheet]) -> bytes:
    """Make a workbook: text stays text (leading zeros, ``=…``), numbers stay numbers.

    Args:
        sheets: in their order.
    """
    import xlsxwriter  # 60 ms to import, needed by few commands

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = workbook.add_format({"bold": True})
    text = workbook.add_format({"num_format": "@"})
    for sheet in sheets:
        _fill(workbook.add_worksheet(sheet.name[:31]), sheet, bold, text)
    workbook.close()
    return buffer.getvalue()


def _fill(page: Any, sheet: Worksheet, bold: Any, text: Any) -> None:
    for x, column in enumerate(sheet.columns):
        page.write_string(0, x, column, bold)
    widths = [len(column) for column in sheet.columns]
    for y, row in enumerate(sheet.rows, start=1):
        for x, column in enumerate(sheet.columns):
            value = row.get(column)
            if isinstance(value, str):
                page.write_string(y, x, value, text)
            elif value is not None:
                page.write_number(y, x, value)
            widths[x] = max(widths[x], len(str(value or "")))
        for column, values in sheet.choices.get(y - 1, {}).items():
            x = sheet.columns.index(column)
            page.data_validation(y, x, y, x, {"validate": "list", "source": list(values)})
    for x, width in enumerate(widths):
        page.set_column(x, x, min(width + 2, 60))
    page.freeze_panes(1, 0)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return guard(value) if isinstance(value, str) else str(value)
