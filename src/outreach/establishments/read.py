"""Any list of establishments → the checked table: CSV, workbook, classic FINESS or FINESS+."""

import gc
import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import pandas as pd

from outreach.errors import InputError
from outreach.establishments.delimited import read_delimited
from outreach.establishments.encoding import read_lines
from outreach.establishments.finess_classic import is_classic, read_classic
from outreach.establishments.finess_plus import is_plus, read_plus
from outreach.establishments.headers import Header, find_header
from outreach.establishments.identity import Identity, repeated_sirets
from outreach.establishments.reading import Reading
from outreach.establishments.refusal import Refusal
from outreach.establishments.rows import Rows
from outreach.establishments.sheet import Record, Sheet
from outreach.establishments.table import build_table
from outreach.establishments.workbook import is_workbook, read_workbook

# A part takes some 100 MB while it is read and matched; smaller ones cost more time than they save.
ROWS_OF_A_PART = 25_000

__all__ = ["Reading", "Refusal", "read_establishments", "read_parts", "read_sheets"]


def read_establishments(
    path: Path,
    *,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    sheet: str | None = None,
    separator: str | None = None,
    activities: Path | None = None,
) -> Reading:
    """Read a whole list of establishments.

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
    parts = list(
        read_parts(path, columns=columns, sheet=sheet, separator=separator, activities=activities)
    )
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        table=pd.concat([part.table for part in parts], ignore_index=True),
        refused=tuple(chain.from_iterable(part.refused for part in parts)),
        repairs=tuple(chain.from_iterable(part.repairs for part in parts)),
        received=sum(part.received for part in parts),
        repeated=tuple(chain.from_iterable(part.repeated for part in parts)),
    )


def read_parts(
    path: Path,
    *,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    sheet: str | None = None,
    separator: str | None = None,
    activities: Path | None = None,
    size: int = ROWS_OF_A_PART,
) -> Iterator[Reading]:
    """Read a list part by part, so that a million rows need the memory of one part.

    Args, errors: as read_establishments; an identifier that stands twice is told after the last part.
        size: rows of a part. A FINESS file is one part.

    Returns:
        At least one Reading; together they hold what read_establishments gives, in its order.
    """
    head = list_head(path)
    if is_classic(head):
        yield read_classic(path)
        return
    if is_plus(head):
        yield read_plus(path, activities)
        return
    sheets, notes = read_sheets(path, head, sheet=sheet, separator=separator)
    chosen = choose_sheet(sheets, path.name, columns)
    if len(sheets) > 1:
        others = ", ".join(f'"{other.name}"' for other in sheets if other is not chosen)
        notes.append(f'sheet "{chosen.name}" read, not {others}; --sheet reads another')
    header = find_header(chosen, path.name, columns)

    def once_more() -> Iterator[Record]:
        again, _ = read_sheets(path, head, sheet=chosen.name or None, separator=separator)
        return _below(again[0], header)

    for reading in _tables(chosen, header, path.name, size, once_more):
        yield replace(reading, notes=tuple(notes))


def _tables(
    sheet: Sheet, header: Header, file: str, size: int, once_more: Callable[[], Iterator[Record]]
) -> Iterator[Reading]:
    """Build the tables of a sheet, ``size`` rows each; ``once_more`` gives all its rows again."""
    records = _below(sheet, header)
    part, following = _take(records, size), _take(records, size)
    # A SIRET may come back in the last row of a list of several parts.
    whole = once_more() if following and "siret" in header.columns else part
    identity = Identity(file, repeated_sirets(whole, header))
    received = 0
    while part or not received:
        with _without_collector():
            reading = build_table(Rows(part, header, sheet.name, file), identity)
        received += reading.received
        if not received and not following:
            raise InputError(f"{file} has a header and no row under it; export the list again.")
        yield reading
        part, following = following, _take(records, size)
    identity.check()


def _take(records: Iterator[Record], size: int) -> list[Record]:
    with _without_collector():
        return list(islice(records, size))


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep Python's collector away: rows of text hold no cycles, and walking them again and again took a third of the time of reading (measured 2026-11)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _below(sheet: Sheet, header: Header) -> Iterator[Record]:
    """What stands under the header, and what could not be cut in cells anywhere."""
    rows = 0
    for record in sheet.records():
        if isinstance(record, Refusal):
            yield record
        else:
            if rows > header.position:
                yield record
            rows += 1


def read_sheets(
    path: Path, head: bytes, *, sheet: str | None = None, separator: str | None = None
) -> tuple[list[Sheet], list[str]]:
    """Open a workbook or a CSV as rows of cells, and say how it is read."""
    if is_workbook(head):
        sheets = read_workbook(path, sheet)
        if not sheets:
            raise InputError(f"{path.name} has no cell filled; export the list again.")
        return sheets, [f"workbook, sheets: {', '.join(one.name for one in sheets)}"]
    lines, encoding, repaired = read_lines(path)
    notes = ["accents were encoded twice (Ã© for é) and were put back"] if repaired else []
    found, separator = read_delimited(lines, path.name, separator)
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
        value = (len(header.columns), sheet.length)
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
        raise InputError(
            f"{path} cannot be read: {reason}; make it readable for yourself, or export it again."
        ) from error
    if not head:
        raise InputError(f"{path.name} is empty; export the list again from the spreadsheet.")
    return head
