"""The process that opens a workbook for establishments.workbook, within its limits.

Writes JSON lines: {"sheet": name}, then [row number, cells] for each row; or {"error": …} alone.
"""

import datetime as dt
import json
import sys
from typing import Any

from outreach.establishments.workbook import MOST_COLUMNS, MOST_ROWS

_GIBIBYTE = 2**30


def limit_memory() -> None:
    """Hold this process to 1 GiB where the system can; elsewhere the time limit remains."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_GIBIBYTE, _GIBIBYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, wanted: str) -> None:
    """Write the sheets of a workbook to the standard output."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        names = [
            item.name
            for item in workbook.sheets_metadata
            if item.typ == python_calamine.SheetTypeEnum.WorkSheet
            and (item.visible == python_calamine.SheetVisibleEnum.Visible or item.name == wanted)
        ]
    except python_calamine.PasswordError:
        _error("is protected by a password; remove it and save the workbook again.")
        return
    except (python_calamine.CalamineError, OSError) as error:
        _error(f"is a damaged workbook ({error}); save it again from the spreadsheet.")
        return
    if wanted:
        if wanted not in names:
            listed = ", ".join(f'"{name}"' for name in names)
            _error(f'has no sheet "{wanted}"; its sheets are {listed}.')
            return
        names = [wanted]
    for name in names:
        _write_sheet(workbook.get_sheet_by_name(name))


def _write_sheet(sheet: Any) -> None:
    if sheet.end is None:
        return
    if sheet.end[0] >= MOST_ROWS or sheet.end[1] >= MOST_COLUMNS:
        _error(
            f'has a sheet "{sheet.name}" of {sheet.end[0] + 1} rows × {sheet.end[1] + 1} columns; '
            f"at most {MOST_ROWS} × {MOST_COLUMNS} are read: delete the empty rows and columns."
        )
        return
    sys.stdout.write(json.dumps({"sheet": sheet.name}) + "\n")
    top, left = sheet.start
    rows = [[_text(value) for value in row] for row in sheet.to_python()]
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        _spread(rows, first_row - top, last_row - top, first_column - left, last_column - left)
    for offset, row in enumerate(rows):
        sys.stdout.write(json.dumps([top + offset + 1, row]) + "\n")


def _spread(rows: list[list[str]], first: int, last: int, left: int, right: int) -> None:
    """Copy a merged value down its rows. Not across: a title over ten columns is one title."""
    if first < 0 or left < 0 or last == first or right != left:
        return
    for row in rows[first + 1 : last + 1]:
        row[left] = rows[first][left]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


def _error(message: str) -> None:
    sys.stdout.write(json.dumps({"error": message}) + "\n")


if __name__ == "__main__":
    limit_memory()
    main(sys.argv[1], sys.argv[2])
