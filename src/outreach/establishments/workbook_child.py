"""The process that opens a workbook for establishments.workbook, within its limits.

Writes JSON lines: {"sheet": name}, then [row number, cells] for each row that is not blank; or {"error": …} alone.
"""

import datetime as dt
import json
import sys
from typing import Any

from outreach.establishments.workbook import MOST_COLUMNS, MOST_ROWS


def limit_memory(most: int) -> None:
    """Hold this process to so many bytes where the system can; elsewhere the time limit remains."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
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
    merged = _merged_down(sheet, top, left)
    running: dict[int, tuple[int, str]] = {}
    # Row by row: all at once, a sheet of a million rows at the limit of memory hung for ever.
    for at, values in enumerate(sheet.iter_rows()):
        row = [_text(value) for value in values]
        for column, (last, value) in running.items():
            if at <= last:
                row[column] = value
        for column, last in merged.get(at, ()):
            running[column] = (last, row[column])
        if any(row):
            sys.stdout.write(json.dumps([at + 1, row]) + "\n")


def _merged_down(sheet: Any, top: int, left: int) -> dict[int, list[tuple[int, int]]]:
    """First row → (place in the row, last row) of cells merged down one column.

    Not across: a title over ten columns is one title.
    """
    merged: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, last_column) in sheet.merged_cell_ranges or ():
        if first >= top and column >= left and column == last_column <= sheet.end[1]:
            merged.setdefault(first, []).append((column - left, last))
    return merged


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
    limit_memory(int(sys.argv[3]))
    main(sys.argv[1], sys.argv[2])
