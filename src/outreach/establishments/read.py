"""Any list of establishments → the checked table: CSV, workbook, classic FINESS or FINESS+."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from outreach.errors import InputError
from outreach.establishments.delimited import read_delimited
from outreach.establishments.encoding import decode, undo_double_encoding
from outreach.establishments.finess_classic import is_classic, read_classic
from outreach.establishments.finess_plus import is_plus, read_plus
from outreach.establishments.headers import find_header
from outreach.establishments.reading import Reading
from outreach.establishments.refusal import Refusal
from outreach.establishments.sheet import Sheet
from outreach.establishments.table import build_table
from outreach.establishments.workbook import is_workbook, read_workbook

# 300 MB of text is a million establishments; more is not a list of one federation.
_MOST_BYTES = 400 * 2**20

__all__ = ["Reading", "Refusal", "read_establishments", "read_sheets"]


def read_establishments(
    path: Path,
    *,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    sheet: str | None = None,
    separator: str | None = None,
    activities: Path | None = None,
) -> Reading:
    """Read a list of establishments.

    Args:
        path: .csv, .txt, .xlsx, .xls, .ods, a classic FINESS file, or FINESS+ (.json, .json.gz).
        columns: ours → theirs, where a person says otherwise than what is recognised; several names
            are joined by a space; "" means that the list has no such column.
        sheet: the sheet of a workbook; None takes the one that looks most like a list.
        separator: of a CSV; None finds it.
        activities: the FINESS+ activities file, for capacities.

    Returns:
        A Reading. Its table has columns.TABLE. Rows of the list that are not blank are either in
        the table or in ``refused``, each with row, column, value, reason and remedy.

    Raises:
        InputError: the file is missing, empty, unreadable, without header or place, or gives one
            identifier to several rows.
    """
    head = list_head(path)
    if is_classic(head):
        return read_classic(path)
    if is_plus(head):
        return read_plus(path, activities)
    sheets, notes = read_sheets(path, head, sheet=sheet, separator=separator)
    chosen = choose_sheet(sheets, path.name, columns)
    if len(sheets) > 1:
        others = ", ".join(f'"{other.name}"' for other in sheets if other is not chosen)
        notes.append(f'sheet "{chosen.name}" read, not {others}; --sheet reads another')
    reading = build_table(chosen, find_header(chosen, path.name, columns), path.name)
    return replace(reading, notes=tuple(notes))


def read_sheets(
    path: Path, head: bytes, *, sheet: str | None = None, separator: str | None = None
) -> tuple[list[Sheet], list[str]]:
    """Read a workbook or a CSV into rows of cells, and say how it was read."""
    if is_workbook(head):
        sheets = read_workbook(path, sheet)
        if not sheets:
            raise InputError(f"{path.name} has no cell filled; export the list again.")
        return sheets, [f'workbook, {len(sheets)} sheet(s) with cells: "{sheets[0].name}"…']
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(f"{path.name} is larger than 400 MB; cut it in several lists.")
    text, encoding = decode(path.read_bytes(), path.name)
    notes: list[str] = []
    repaired = undo_double_encoding(text)
    if repaired != text:
        notes.append("accents were encoded twice (Ã© for é) and were put back")
    found, separator = read_delimited(repaired, path.name, separator)
    shown = {"\t": "tab", ";": "semicolon", ",": "comma"}.get(separator, separator)
    return [found], [f"CSV, {encoding}, separator: {shown}", *notes]


def choose_sheet(
    sheets: Sequence[Sheet], file: str, columns: Mapping[str, str | Sequence[str]] | None
) -> Sheet:
    """Take the sheet whose header names most of our columns, then the longer one.

    Raises:
        InputError: no sheet has a header; the first one's fault is told.
    """
    best: tuple[int, int] = (0, 0)
    chosen: Sheet | None = None
    problems: list[InputError] = []
    for sheet in sheets:
        try:
            header = find_header(sheet, file, columns)
        except InputError as error:
            problems.append(error)
            continue
        value = (len(header.columns), len(sheet.rows))
        if chosen is None or value > best:
            best, chosen = value, sheet
    if chosen is None:
        raise problems[0]
    return chosen


def list_head(path: Path) -> bytes:
    """Give the first bytes of a list, unpacked if it is a packed FINESS+ file.

    Raises:
        InputError: missing, empty, unreadable, or packed and something else.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; name the file of the list in it.")
    try:
        with path.open("rb") as file:
            head = file.read(2000)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path, "rb") as unpacked:
                head = unpacked.read(2000)
            if not is_plus(head):
                raise InputError(f"{path.name} is packed (gzip); unpack it first.")
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; check the name.") from error
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}.") from error
    if not head:
        raise InputError(f"{path.name} is empty; export the list again from the spreadsheet.")
    return head
