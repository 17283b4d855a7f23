"""Tables written for spreadsheets: CSV that Excel opens in France, XLSX with text cells.

A cell typed by somebody else may start a formula; here every cell is data.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from outreach.errors import OutreachError
from outreach.files import write_file

_PLAIN_PHONE = re.compile(r"\+[0-9 .()-]+")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")

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


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    """Write a CSV for people: UTF-8 with BOM, ``;``, guarded cells, whole or not at all."""
    write_file(path, "\ufeff" + csv_text(columns, rows))


def check_replaceable(path: Path, columns: Sequence[str]) -> None:
    """Refuse to write a table over a file that does not start as that table does.

    A member list given as the output by a slip is not lost. Ask before the work, not after it.

    Raises:
        OutreachError: a folder or another file stands at ``path``.
    """
    start = ("\ufeff" + csv_text(columns, ())).encode("utf-8")
    try:
        if not path.exists() or (path.is_file() and path.stat().st_size == 0):
            return
        with path.open("rb") as file:
            ours = file.read(len(start)) == start
    except OSError:
        ours = False
    if not ours:
        raise OutreachError(
            f"{path} exists and was not written by outreach; give another name or move it away."
        )


def write_xlsx(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Cell]],
    *,
    sheet: str = "outreach",
    choices: Mapping[int, Mapping[str, Sequence[str]]] | None = None,
) -> None:
    """Write a workbook: text stays text (leading zeros, ``=…``), numbers stay numbers.

    Args:
        path: where; written beside, then renamed.
        columns: the header, and the order of the cells.
        rows: one mapping a row; a column that a row lacks is an empty cell.
        sheet: the name of the sheet, at most 31 characters.
        choices: row number (0 = first data row) → column → values for a drop-down list.
    """
    import xlsxwriter  # 60 ms to import, needed by few commands

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = workbook.add_worksheet(sheet[:31])
    bold = workbook.add_format({"bold": True})
    text = workbook.add_format({"num_format": "@"})
    for x, column in enumerate(columns):
        page.write_string(0, x, column, bold)
    widths = [len(column) for column in columns]
    for y, row in enumerate(rows, start=1):
        for x, column in enumerate(columns):
            value = row.get(column)
            if isinstance(value, str):
                page.write_string(y, x, value, text)
            elif value is not None:
                page.write_number(y, x, value)
            widths[x] = max(widths[x], len(str(value or "")))
        for column, values in (choices or {}).get(y - 1, {}).items():
            page.data_validation(
                y,
                columns.index(column),
                y,
                columns.index(column),
                {"validate": "list", "source": list(values)},
            )
    for x, width in enumerate(widths):
        page.set_column(x, x, min(width + 2, 60))
    page.freeze_panes(1, 0)
    workbook.close()
    write_file(path, buffer.getvalue())


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return guard(value) if isinstance(value, str) else str(value)
